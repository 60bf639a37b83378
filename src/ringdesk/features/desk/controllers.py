"""HTTP of the desk: parse, call, answer."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from ringdesk.features.desk import byhand, changes, service, taking
from ringdesk.features.desk.schemas import (
    CallView,
    Cti,
    DeskSettings,
    EndDeskInteraction,
    FinishCall,
    NewDeskInteraction,
    OpenCustomer,
    Snapshot,
)
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
        self,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        request: PersonRequest,
        activity_id: FromPath[UUID],
        data: JSONBody[FinishCall],
    ) -> None:
        """End the wrap-up time of a call, with its outcome if you give one.

        The required fields of its field set must have values then, unless the time has as good as run out.
        A note without an outcome is kept as a comment on the leg.
        """
        await service.finish_call(db, request.user, activity_id, data, region=settings.default_region)

    @delete("/calls/{activity_id:uuid}/request", opt={"right": "desk:use"})
    async def discard_request(self, db: NamedDependency[Database], request: PersonRequest, activity_id: FromPath[UUID]) -> None:
        """Discard the request that was opened for this conversation by itself, as long as nobody wrote into it: it never happened."""
        await taking.discard_request(db, request.user, activity_id)

    @delete("/calls/{activity_id:uuid}/proposal", opt={"right": "desk:use"})
    async def decline_proposal(self, db: NamedDependency[Database], request: PersonRequest, activity_id: FromPath[UUID]) -> None:
        """This conversation is not about the request that is proposed. To say that it is, choose it: PATCH /interactions/{id}."""
        await taking.decline_proposal(db, request.user, activity_id)

    @post("/interactions", opt={"right": "desk:use", "part": "journey"})
    async def begin(
        self, db: NamedDependency[Database], settings: NamedDependency[Settings], request: PersonRequest, data: JSONBody[NewDeskInteraction]
    ) -> CallView:
        """Get in touch with a customer: a conversation that you handle and end yourself. For a call you dial at your telephone."""
        return await byhand.begin(db, request.user, data, region=settings.default_region)

    @post("/interactions/{interaction_id:uuid}/accept", status_code=200, opt={"right": "desk:use", "part": "journey"})
    async def accept(
        self, db: NamedDependency[Database], settings: NamedDependency[Settings], request: PersonRequest, interaction_id: FromPath[UUID]
    ) -> CallView:
        """Take a chat, an e-mail or another digital conversation that goes on now."""
        return await byhand.accept(db, request.user, interaction_id, region=settings.default_region)

    @post("/calls/{activity_id:uuid}/end", status_code=204, opt={"right": "desk:use"})
    async def end(
        self, db: NamedDependency[Database], request: PersonRequest, activity_id: FromPath[UUID], data: JSONBody[EndDeskInteraction]
    ) -> None:
        """End a conversation that you began or accepted here; its wrap-up time begins."""
        await byhand.end(db, request.user, activity_id, data)


class CardChangesController(Controller):
    """What was done to a card."""

    path = "/customers/{customer_id:uuid}/changes"
    tags = ("interactions",)

    @get(opt={"right": "interactions:read", "part": "journey"})
    async def changes(
        self,
        db: NamedDependency[Database],
        customer_id: FromPath[UUID],
        cursor: FromQuery[UUID | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    ) -> changes.Changes:
        """Edits, merges and interactions that changed hands, newest first: which fields, when and by whom, without their values."""
        return await changes.of_customer(db, customer_id, before=cursor, limit=limit)
