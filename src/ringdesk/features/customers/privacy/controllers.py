"""HTTP of privacy: parse, call, answer."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ringdesk.features.customers.privacy import revealing
from ringdesk.features.customers.privacy.schemas import FieldClasses, Reveal, Revealed
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database

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
