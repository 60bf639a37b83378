"""HTTP of privacy: parse, call, answer."""

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Stream

from ringdesk.features.customers.privacy import erasing, erasure_list, handing_over, revealing
from ringdesk.features.customers.privacy.schemas import (
    EraseRequest,
    ExportRequest,
    FieldClasses,
    Reveal,
    Revealed,
    Tombstone,
    Tombstones,
)
from ringdesk.features.customers.privacy.words import Language
from ringdesk.features.people import Actor
from ringdesk.kit.csv_file import csv_answer, whole_list
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings

PersonRequest = Request[Actor, Any, Any]


class PrivacyController(Controller):
    """What of customers is personal or sensitive."""

    path = "/customer-fields"
    tags = ("privacy",)

    @get(opt={"right": "customers:read"})
    async def classes(self, db: NamedDependency[Database]) -> FieldClasses:
        """Every field of the card and its class: plain, personal, or sensitive (encrypted and masked)."""
        return await revealing.classes(db)


class PersonController(Controller):
    """What may be seen, taken along and erased of one customer."""

    path = "/customers/{customer_id:uuid}"
    tags = ("privacy",)

    @post("/reveal", status_code=200, opt={"right": "customers:read_sensitive"})
    async def reveal(
        self, request: PersonRequest, db: NamedDependency[Database], customer_id: FromPath[UUID], data: JSONBody[Reveal]
    ) -> Revealed:
        """One sensitive value in clear. It is noted who saw it and why."""
        return await revealing.reveal(db, request.user, customer_id, data)

    @post("/hand-over", status_code=200, opt={"right": "customers:hand_over"}, media_type="application/json")
    async def hand_over(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        customer_id: FromPath[UUID],
        data: JSONBody[ExportRequest],
        form: Annotated[Literal["json", "html", "zip"], QueryParameter(name="format")] = "json",
        language: FromQuery[Language] = "en",
    ) -> Response[bytes] | Stream:
        """Everything kept about this customer, to be handed to them: JSON, HTML to be read and printed, or a ZIP of both and recordings.

        `language` is that of the page. Recordings that another system keeps are named by their address.
        """
        found = await handing_over.collect(db, request.user, customer_id, data.reason)
        name = f"customer-{found.dossier.customer['number']}.{form}"
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        if form == "zip":
            # Named twice: a stream is otherwise called what the route is said to answer.
            headers["content-type"] = "application/zip"
            return Stream(handing_over.as_zip(found, settings.data_dir, language), media_type="application/zip", headers=headers)
        html = form == "html"
        content = handing_over.as_html(found.dossier, language) if html else handing_over.as_json(found.dossier)
        return Response(content, media_type="text/html" if html else "application/json", headers=headers)

    @post("/erase", status_code=200, opt={"right": "customers:erase"})
    async def erase(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        customer_id: FromPath[UUID],
        data: JSONBody[EraseRequest],
    ) -> Tombstone:
        """Erase this customer for good, with everything kept about them. There is no way back; old ids answer 410 with the tombstone."""
        return await erasing.erase(db, request.user, customer_id, data, region=settings.default_region)


class ErasureController(Controller):
    """What stays of erased customers."""

    path = "/customer-erasures"
    tags = ("privacy",)

    @get(opt={"right": "customers:erase"})
    async def every(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        q: Annotated[
            str | None, QueryParameter(description="Words of the reason, names of people, or a number; all must be found.")
        ] = None,
        sort: Annotated[
            str | None, QueryParameter(description="at, number, by_name, reason, finished_at; - before it for downwards.")
        ] = None,
        page: Annotated[str | None, QueryParameter(description="From 1.")] = None,
        page_size: Annotated[str | None, QueryParameter(description="1 to 200, default 50.")] = None,
    ) -> Tombstones:
        """Erasures, newest first; whether trails and files were searched to the end, too.

        Filters are further parameters of the form `field.operator=value`: `at.gte=2026-11-01`, `number.eq=1042`, `finished_at.empty=true`.
        """
        async with db.transaction() as uow:
            found = await erasure_list.page(uow, request.query_params.multi_items())
        return Tombstones(found.items, found.page, found.page_size, found.total, found.total_is_estimate)

    @get("/export.csv", opt={"right": "customers:erase"}, media_type="text/csv")
    async def export(self, request: PersonRequest, db: NamedDependency[Database]) -> Stream:
        """What the list shows as CSV, with the ids that meant each customer, to be kept outside (backups hold who was erased since)."""
        query = await erasure_list.begin_export(db, request.user, whole_list(request.query_params.multi_items()))
        return csv_answer("erasures", erasure_list.lines(db, query))

    @get("/{erasure_id:uuid}", opt={"right": "customers:erase"})
    async def one(self, db: NamedDependency[Database], erasure_id: FromPath[UUID]) -> Tombstone:
        """One erasure."""
        return await erasing.tombstone(db, erasure_id)
