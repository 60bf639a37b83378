"""HTTP of views: parse, call, answer."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from ringdesk.features.lists import service
from ringdesk.features.lists.schemas import NewView, View, ViewPatch, Views
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database

PersonRequest = Request[Actor, Any, Any]
_RIGHT = {"right": "lists:use"}


class ViewController(Controller):
    """Saved and shared views of lists."""

    path = "/views"
    tags = ("lists",)

    @get(opt=_RIGHT)
    async def every(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        of: Annotated[str, QueryParameter(name="list", max_length=40, description="Which list, such as customers.")] = "customers",
    ) -> Views:
        """One's own views of a list, and those of one's team."""
        return await service.every(db, request.user, of)

    @post(opt=_RIGHT)
    async def save(self, request: PersonRequest, db: NamedDependency[Database], data: JSONBody[NewView]) -> View:
        """Save what a list shows under a name; with `team_id` for a team, which supervisors and administrators may do."""
        return await service.save(db, request.user, data)

    @patch("/{view_id:uuid}", opt=_RIGHT)
    async def change(
        self, request: PersonRequest, db: NamedDependency[Database], view_id: FromPath[UUID], data: JSONBody[ViewPatch]
    ) -> View:
        """Rename a view, save something else under its name, share it, or take it back."""
        return await service.change(db, request.user, view_id, data)

    @delete("/{view_id:uuid}", opt=_RIGHT)
    async def remove(self, request: PersonRequest, db: NamedDependency[Database], view_id: FromPath[UUID]) -> None:
        """Delete a view."""
        await service.remove(db, request.user, view_id)
