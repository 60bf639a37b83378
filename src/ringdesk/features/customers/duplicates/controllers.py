"""HTTP of duplicates: parse, call, answer."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from ringdesk.features.customers.controllers import CustomerFields
from ringdesk.features.customers.duplicates import service
from ringdesk.features.customers.duplicates.schemas import Duplicates, PairPage
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings

PersonRequest = Request[Actor, Any, Any]


class DuplicateController(Controller):
    """Cards that may be one customer's (product.md 1.8)."""

    tags = ("customers",)

    @get("/customers/{customer_id:uuid}/duplicates", opt={"right": "customers:read", "part": "merging"})
    async def of_card(self, db: NamedDependency[Database], customer_id: FromPath[UUID]) -> Duplicates:
        """The probable duplicates of a card with the reasons, the surest first, and those who were said to be somebody else."""
        return await service.of_card(db, customer_id)

    @post("/customer-duplicates/check", status_code=200, opt={"right": "customers:read"})
    async def check(self, db: NamedDependency[Database], settings: NamedDependency[Settings], data: CustomerFields) -> Duplicates:
        """Who looks like a card with these fields: to be asked while one is written. Nothing is stored, invalid fields don't matter."""
        return await service.of_fields(db, data, region=settings.default_region)

    @get("/customer-duplicates", opt={"right": "customers:read", "part": "merging"})
    async def queue(
        self,
        db: NamedDependency[Database],
        cursor: Annotated[str | None, QueryParameter(max_length=100)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    ) -> PairPage:
        """The review queue: probable duplicates over the whole base, the surest first."""
        return await service.queue(db, cursor, limit)

    @put(
        "/customers/{customer_id:uuid}/not-duplicates/{other_id:uuid}", status_code=204, opt={"right": "customers:write", "part": "merging"}
    )
    async def dismiss(
        self, request: PersonRequest, db: NamedDependency[Database], customer_id: FromPath[UUID], other_id: FromPath[UUID]
    ) -> None:
        """These two are not one customer: they are not proposed again."""
        await service.dismiss(db, request.user, customer_id, other_id)

    @delete("/customers/{customer_id:uuid}/not-duplicates/{other_id:uuid}", opt={"right": "customers:write", "part": "merging"})
    async def allow(
        self, request: PersonRequest, db: NamedDependency[Database], customer_id: FromPath[UUID], other_id: FromPath[UUID]
    ) -> None:
        """Take that back."""
        await service.allow(db, request.user, customer_id, other_id)
