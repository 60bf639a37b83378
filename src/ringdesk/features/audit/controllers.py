"""HTTP of the audit trail."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from ringdesk.features.audit import store
from ringdesk.features.audit.schemas import AuditPage
from ringdesk.kit.db import Database


class AuditController(Controller):
    """Who changed what."""

    path = "/audit"
    tags = ("audit",)

    @get(opt={"right": "audit:read"})
    async def read(
        self,
        db: NamedDependency[Database],
        entity: Annotated[str | None, QueryParameter(max_length=50)] = None,
        entity_id: Annotated[str | None, QueryParameter(max_length=100)] = None,
        actor: FromQuery[UUID | None] = None,
        action: Annotated[str | None, QueryParameter(max_length=100)] = None,
        since: Annotated[datetime | None, QueryParameter(name="from")] = None,
        until: Annotated[datetime | None, QueryParameter(name="to")] = None,
        cursor: FromQuery[UUID | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    ) -> AuditPage:
        """Newest first, narrowed by what was changed (`entity`: customer, account, wrap_up_code, ...), by whom, how and when.

        `to` is exclusive.
        """
        wanted = store.AuditFilter(
            entity=entity, entity_id=entity_id, actor_id=actor, action=action, since=since, until=until, before=cursor
        )
        async with db.transaction() as uow:
            found = await store.entries(uow, wanted, limit + 1)
        page = found[:limit]
        return AuditPage(page, str(page[-1].id) if len(found) > limit else None)
