"""HTTP of bulk edits: parse, call, answer."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from ringdesk.features.customers.bulk import service
from ringdesk.features.customers.bulk.schemas import BulkEdit, BulkEdits, LeftAlonePage, NewBulkEdit
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings

ActorRequest = Request[Actor, Any, Any]
_RIGHT = {"right": "customers:bulk_edit"}


class BulkEditController(Controller):
    """One change of many customers, and its undo."""

    path = "/bulk-edits"
    tags = ("customers",)

    @post(opt=_RIGHT)
    async def prepare(
        self, request: ActorRequest, db: NamedDependency[Database], settings: NamedDependency[Settings], data: JSONBody[NewBulkEdit]
    ) -> BulkEdit:
        """Find and count whom a change is for; `start` then changes exactly these."""
        return await service.prepare(db, request.user, data, region=settings.default_region)

    @get(opt=_RIGHT)
    async def newest(self, db: NamedDependency[Database]) -> BulkEdits:
        """The newest 30 that were begun."""
        return await service.newest(db)

    @get("/{edit_id:uuid}", opt=_RIGHT)
    async def one(self, db: NamedDependency[Database], edit_id: FromPath[UUID]) -> BulkEdit:
        """One of them and how far it is."""
        return await service.get(db, edit_id)

    @post("/{edit_id:uuid}/start", status_code=200, opt=_RIGHT)
    async def start(self, request: ActorRequest, db: NamedDependency[Database], edit_id: FromPath[UUID]) -> BulkEdit:
        """Change them, or go on after a cancel."""
        return await service.start(db, request.user, edit_id)

    @post("/{edit_id:uuid}/cancel", status_code=200, opt=_RIGHT)
    async def cancel(self, request: ActorRequest, db: NamedDependency[Database], edit_id: FromPath[UUID]) -> BulkEdit:
        """Stop; what is changed stays, and can be undone."""
        return await service.cancel(db, request.user, edit_id)

    @post("/{edit_id:uuid}/undo", status_code=200, opt=_RIGHT)
    async def undo(self, request: ActorRequest, db: NamedDependency[Database], edit_id: FromPath[UUID]) -> BulkEdit:
        """Give every changed card its earlier values back, but those that somebody changed since."""
        return await service.undo(db, request.user, edit_id)

    @get("/{edit_id:uuid}/kept", opt=_RIGHT)
    async def kept(
        self, db: NamedDependency[Database], edit_id: FromPath[UUID], after: Annotated[int, QueryParameter(ge=0, le=2**31 - 1)] = 0
    ) -> LeftAlonePage:
        """The customers of whom the undo kept something, and what."""
        return await service.left_alone(db, edit_id, after)
