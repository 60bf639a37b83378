"""HTTP of the desk: parse, call, answer."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ringdesk.features.desk import service
from ringdesk.features.desk.schemas import Cti, DeskSettings, FinishCall, OpenCustomer, Snapshot
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings

PersonRequest = Request[Actor, Any, Any]


class DeskController(Controller):
    """The signed-in person's desk."""

    path = "/desk"
    tags = ("desk",)

    @get("/snapshot", opt={"right": "desk:use"})
    async def snapshot(self, db: NamedDependency[Database], settings: NamedDependency[Settings], request: PersonRequest) -> Snapshot:
        """The desk now; follow it with GET /events?after=`position`."""
        return await service.snapshot(db, request.user, DeskSettings(settings.default_region, settings.pop_at))

    @post("/cti/login", status_code=200, opt={"right": "desk:use"})
    async def log_in(self, db: NamedDependency[Database], request: PersonRequest) -> Cti:
        """Log in to CTI: calls to your extension pop here."""
        return await service.log_in_to_cti(db, request.user)

    @post("/cti/logout", status_code=200, opt={"right": "desk:use"})
    async def log_out(self, db: NamedDependency[Database], request: PersonRequest) -> Cti:
        """Log out of CTI."""
        return await service.log_out_of_cti(db, request.user)

    @post("/customers/{customer_id:uuid}/open", status_code=200, opt={"right": "desk:use"})
    async def open_customer(self, db: NamedDependency[Database], request: PersonRequest, customer_id: FromPath[UUID]) -> OpenCustomer:
        """Open a customer on your desk."""
        return await service.open_by_choice(db, request.user, customer_id)

    @post("/customers/{customer_id:uuid}/close", status_code=204, opt={"right": "desk:use"})
    async def close_customer(self, db: NamedDependency[Database], request: PersonRequest, customer_id: FromPath[UUID]) -> None:
        """Close a customer; it becomes the first of your previous ones."""
        await service.close_customer(db, request.user, customer_id)

    @post("/calls/{activity_id:uuid}/finish", status_code=204, opt={"right": "desk:use"})
    async def finish_call(
        self, db: NamedDependency[Database], request: PersonRequest, activity_id: FromPath[UUID], data: JSONBody[FinishCall]
    ) -> None:
        """End the wrap-up time of a call, with its outcome if you give one."""
        await service.finish_call(db, request.user, activity_id, data)
