"""HTTP of the audit trail."""

from typing import Annotated, Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Stream

from ringdesk.features.audit import export, listing
from ringdesk.features.audit.schemas import AuditPage
from ringdesk.features.people import Actor
from ringdesk.kit.csv_file import csv_answer, whole_list
from ringdesk.kit.db import Database

PersonRequest = Request[Actor, Any, Any]


class AuditController(Controller):
    """Who changed or read what."""

    path = "/audit"
    tags = ("audit",)

    @get(opt={"right": "audit:read"})
    async def read(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        q: Annotated[
            str | None, QueryParameter(description="Names of people or keys, beginnings of actions, or ids; all must be found.")
        ] = None,
        sort: Annotated[str | None, QueryParameter(description="at or -at, the default: newest first.")] = None,
        page: Annotated[str | None, QueryParameter(description="From 1.")] = None,
        page_size: Annotated[str | None, QueryParameter(description="1 to 200, default 50.")] = None,
    ) -> AuditPage:
        """The trail, newest first. Filters are further parameters of the form `field.operator=value`.

        `entity.eq=customer` (account, wrap_up_code, ...), `entity_id.eq=ID`, `actor_id.eq=ID`, `action.starts=customer.`,
        `at.gte=2026-11-01`, `at.lte=2026-11-30`.
        """
        async with db.transaction() as uow:
            found = await listing.page(uow, request.query_params.multi_items())
        return AuditPage(found.items, found.page, found.page_size, found.total, found.total_is_estimate)

    @get("/export.csv", opt={"right": "audit:read"}, media_type="text/csv")
    async def export(self, request: PersonRequest, db: NamedDependency[Database]) -> Stream:
        """What the list shows as CSV, with the values before and after as JSON: `q`, `sort` and filters as for the list."""
        query = await export.begin(db, request.user, whole_list(request.query_params.multi_items()))
        return csv_answer("audit", export.lines(db, query))
