"""HTTP of field sets: parse, call, answer."""

from typing import Any

from litestar import Controller, Request, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ringdesk.features.interactions.field_sets import service
from ringdesk.features.interactions.field_sets.schemas import ActivityField, FieldSet, FieldSetPatch, FieldSets
from ringdesk.features.interactions.schemas import Channel
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database
from ringdesk.kit.field_pools import NewPoolField, PoolFieldPatch
from ringdesk.kit.settings import Settings

PersonRequest = Request[Actor, Any, Any]


class FieldSetController(Controller):
    """Which fields the activities of a channel show."""

    path = "/field-sets"
    tags = ("interactions",)

    @get(opt={"right": "interactions:read"})
    async def every(self, db: NamedDependency[Database]) -> FieldSets:
        """The field set of every channel in its order, and every field; those out of use last."""
        return await service.every(db)

    @put("/{channel:str}", opt={"right": "interactions:define"})
    async def change(
        self, db: NamedDependency[Database], request: PersonRequest, channel: FromPath[Channel], data: JSONBody[FieldSetPatch]
    ) -> FieldSet:
        """Say which fields activities of this channel show, in which order, and which of them are needed. Values of others are kept."""
        return await service.change_set(db, request.user, channel, data)


class ActivityFieldController(Controller):
    """The fields that field sets share."""

    path = "/activity-fields"
    tags = ("interactions",)

    @post(opt={"right": "interactions:define"})
    async def add(self, request: PersonRequest, db: NamedDependency[Database], data: JSONBody[NewPoolField]) -> ActivityField:
        """Add a field; a PUT of field sets makes activities show it."""
        return await service.add_field(db, request.user, data)

    @patch("/{key:str}", opt={"right": "interactions:define"})
    async def change(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        key: FromPath[str],
        data: JSONBody[PoolFieldPatch],
    ) -> ActivityField:
        """Change it on all its channels. A type of value that stored ones don't fit is refused with their number and a sample."""
        return await service.change_field(db, request.user, key, data, region=settings.default_region)

    @delete("/{key:str}", status_code=200, opt={"right": "interactions:define"})
    async def hide(self, request: PersonRequest, db: NamedDependency[Database], key: FromPath[str]) -> ActivityField:
        """Take it out of use on all its channels; its values are kept, and it can be restored."""
        return await service.hide_field(db, request.user, key)

    @post("/{key:str}/restore", status_code=200, opt={"right": "interactions:define"})
    async def restore(self, request: PersonRequest, db: NamedDependency[Database], key: FromPath[str]) -> ActivityField:
        """Bring it back to the channels that had it."""
        return await service.restore_field(db, request.user, key)
