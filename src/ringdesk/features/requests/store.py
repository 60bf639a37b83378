"""Every query of requests."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from psycopg import sql
from psycopg.types.json import Jsonb

from ringdesk.features.requests.rules import Content
from ringdesk.features.requests.schemas import Request
from ringdesk.kit.db import UnitOfWork

SOURCE = sql.SQL("request r join customer c on c.id = r.customer_id left join app_user u on u.id = r.owner_id")
COLUMNS = sql.SQL(
    "r.id, r.number, r.version, r.customer_id, c.display_name as customer_name, r.type, r.title, r.description, r.status, r.owner_id,"
    " u.name as owner_name, r.due_on, r.priority, r.closing_reason, r.fields, r.created_at, r.created_by, r.updated_at, r.closed_at,"
    " r.closed_by"
)


async def get(uow: UnitOfWork, request_id: UUID) -> Request | None:
    """One request."""
    return await uow.one(Request, sql.SQL("select {} from {} where r.id = %s").format(COLUMNS, SOURCE), [request_id])


async def get_for_change(uow: UnitOfWork, request_id: UUID) -> Request | None:
    """Like `get`, held against changes by others until the commit."""
    return await uow.one(Request, sql.SQL("select {} from {} where r.id = %s for update of r").format(COLUMNS, SOURCE), [request_id])


async def of_customer(uow: UnitOfWork, customer_id: UUID, limit: int) -> list[Request]:
    """The requests of a customer, the active ones first, then the newest."""
    query = sql.SQL("select {} from {} where r.customer_id = %s order by r.status, r.id desc limit %s").format(COLUMNS, SOURCE)
    return await uow.all(Request, query, [customer_id, limit])


async def count_of_customer(uow: UnitOfWork, customer_id: UUID) -> int:
    """How many requests a customer has."""
    return await uow.value("select count(*) from request where customer_id = %s", [customer_id])


class NewRow(msgspec.Struct, frozen=True, kw_only=True):
    """A request about to be written."""

    id: UUID
    number: int
    customer_id: UUID
    content: Content
    search_text: str
    opened_in: UUID | None
    created_by: str


async def next_number(uow: UnitOfWork) -> int:
    """A number that no request has. One that is never used leaves a gap."""
    return await uow.value("select nextval('request_number')")


async def insert(uow: UnitOfWork, row: NewRow) -> None:
    """Write a new request."""
    content = row.content
    await uow.run(
        """
        insert into request (id, number, customer_id, type, title, description, owner_id, due_on, priority, fields, search_text,
                             opened_in, created_by)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [
            row.id,
            row.number,
            row.customer_id,
            content.type,
            content.title,
            content.description,
            content.owner_id,
            content.due_on,
            content.priority,
            Jsonb(content.fields),
            row.search_text,
            row.opened_in,
            row.created_by,
        ],
    )


async def put(uow: UnitOfWork, request_id: UUID, content: Content, search_text: str) -> None:
    """Write what an edit changed."""
    await uow.run(
        """
        update request set type = %s, title = %s, description = %s, owner_id = %s, due_on = %s, priority = %s, fields = %s,
               search_text = %s, version = version + 1, updated_at = now(), touched_at = now() where id = %s
        """,
        [
            content.type,
            content.title,
            content.description,
            content.owner_id,
            content.due_on,
            content.priority,
            Jsonb(content.fields),
            search_text,
            request_id,
        ],
    )


async def close(uow: UnitOfWork, request_id: UUID, *, reason: str, by: str, at: datetime) -> None:
    """A request is done."""
    await uow.run(
        "update request set status = 'closed', closing_reason = %s, closed_by = %s, closed_at = %s, version = version + 1,"
        " updated_at = now() where id = %s",
        [reason, by, at, request_id],
    )


async def reopen(uow: UnitOfWork, request_id: UUID) -> None:
    """A request goes on."""
    await uow.run(
        "update request set status = 'active', closing_reason = '', closed_by = null, closed_at = null, version = version + 1,"
        " updated_at = now(), touched_at = now() where id = %s",
        [request_id],
    )


async def touch(uow: UnitOfWork, request_id: UUID) -> None:
    """Something happened to one of its activities."""
    await uow.send("update request set touched_at = now() where id = %s", [request_id])


async def give_to(uow: UnitOfWork, request_id: UUID, customer_id: UUID) -> None:
    """A request is another customer's."""
    await uow.run("update request set customer_id = %s, version = version + 1, updated_at = now() where id = %s", [customer_id, request_id])


async def is_in_progress(uow: UnitOfWork, request_id: UUID) -> bool:
    """Whether one of its interactions goes on now."""
    return await uow.value(
        "select exists (select from interaction where request_id = %s and state = 'in_progress')",
        [request_id],
    )


async def belongs_to_one(uow: UnitOfWork, request_id: UUID, interaction_id: UUID) -> bool:
    """Whether an active request was opened in this interaction and has no other."""
    return await uow.value(
        """
        select exists (select from request where id = %(request)s and opened_in = %(interaction)s and status = 'active')
           and not exists (select from interaction where request_id = %(request)s and id <> %(interaction)s)
        """,
        {"request": request_id, "interaction": interaction_id},
    )


_IDLE = sql.SQL(
    """
    from request r join request_type t on t.key = r.type,
         lateral (select %(at)s::timestamptz - make_interval(days => t.close_after_days) as since) limits
    where r.status = 'active' and t.close_after_days > 0 and r.touched_at < limits.since
      and not exists (select from interaction i where i.request_id = r.id and (
          i.state = 'in_progress' or i.ended_at >= limits.since or i.started_at >= limits.since
          or exists (select from activity a where a.interaction_id = i.id and a.id >= i.id
                     and greatest(a.started_at, a.answered_at, a.ended_at, a.finished_at) >= limits.since)))
    """
)
"""Active requests to which nothing happened for the days of their type, and of which nobody talks now (product.md 2.4).

What a telephone system says of a call stands in the times of its activities; what people do to them touches the request.
"""


async def idle(uow: UnitOfWork, at: datetime, limit: int) -> list[UUID]:
    """Requests that are idle at `at`, the longest first, at most `limit`."""
    query = sql.SQL("select r.id {} order by r.touched_at limit %(limit)s").format(_IDLE)
    return await uow.values(query, {"at": at, "limit": limit})


async def is_idle(uow: UnitOfWork, request_id: UUID, at: datetime) -> bool:
    """Whether this request is idle at `at`."""
    query = sql.SQL("select exists (select {} and r.id = %(id)s)").format(_IDLE)
    return await uow.value(query, {"at": at, "id": request_id})


async def known_owner(uow: UnitOfWork, user_id: UUID) -> bool:
    """Whether a request can be given to this person."""
    return await uow.value("select exists (select from app_user where id = %s and active)", [user_id])


async def customers_of(uow: UnitOfWork, request_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The customer of each of these requests."""
    cursor = await uow.conn.execute("select id, customer_id from request where id = any(%s)", [list(request_ids)])
    return dict(await cursor.fetchall())
