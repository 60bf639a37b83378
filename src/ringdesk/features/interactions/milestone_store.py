"""What the journey asks of requests: when each was opened and closed."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from ringdesk.features.interactions.schemas import RequestMilestone, RequestTag
from ringdesk.features.interactions.store import JourneyFilter
from ringdesk.kit.db import UnitOfWork


class _Row(Struct, frozen=True):
    kind: Literal["opened", "closed"]
    at: datetime
    by_name: str
    id: UUID
    number: int
    title: str
    status: Literal["active", "closed"]


async def milestones(
    uow: UnitOfWork, customer_id: UUID, wanted: JourneyFilter, *, since: datetime | None, before: datetime | None, limit: int
) -> list[RequestMilestone]:
    """The openings and closings in [`since`, `before`), newest first: at most `limit`, and those of the last one's very millisecond.

    A request has no channel and no tags, and is no interaction: narrowed by those, a journey has none. It is an agent's who owns, opened or
    closed it.
    """
    if wanted.channel or wanted.tag or wanted.interaction_id:
        return []
    rows = await uow.all(
        _Row,
        """
        with known as (select id, number, title, status, owner_id, created_at, created_by, closed_at, closed_by from request
                       where customer_id = %(customer)s and (%(request)s::uuid is null or id = %(request)s)),
        told as (
            select 'opened' as kind, created_at as at, created_by as by_name, known.* from known
            union all
            select 'closed', closed_at, coalesce(closed_by, ''), known.* from known where status = 'closed')
        select kind, at, by_name, id, number, title, status from told
        where (%(since)s::timestamptz is null or at >= %(since)s) and (%(before)s::timestamptz is null or at < %(before)s)
          and (%(from)s::timestamptz is null or at >= %(from)s) and (%(to)s::timestamptz is null or at < %(to)s)
          and (%(agent)s::uuid is null or owner_id = %(agent)s or by_name = (select name from app_user where id = %(agent)s))
        order by date_trunc('milliseconds', at) desc fetch first %(limit)s rows with ties
        """,
        {
            "customer": customer_id,
            "request": wanted.request_id,
            "since": since,
            "before": before,
            "from": wanted.since,
            "to": wanted.until,
            "agent": wanted.agent_id,
            "limit": limit,
        },
    )
    rows.sort(key=lambda row: (row.at, row.kind), reverse=True)
    return [
        RequestMilestone(kind=row.kind, at=row.at, by_name=row.by_name, request=RequestTag(row.id, row.number, row.title, row.status))
        for row in rows
    ]
