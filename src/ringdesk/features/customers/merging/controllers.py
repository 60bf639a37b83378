"""HTTP of merging: parse, call, answer."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ringdesk.features.customers.merging import service
from ringdesk.features.customers.merging.schemas import Merged, MergeRequest, Merges, Preview, Unmerged
from ringdesk.features.customers.merging.undo import undo
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings
from ringdesk.kit.versions import IfMatch, version_of

PersonRequest = Request[Actor, Any, Any]


class MergeController(Controller):
    """Two cards of one customer become one (product.md 1.8)."""

    path = "/customers/{customer_id:uuid}"
    tags = ("customers",)

    @post("/merge", status_code=200, opt={"right": "customers:write", "part": "merging"})
    async def merge(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        customer_id: FromPath[UUID],
        data: JSONBody[MergeRequest],
        if_match: IfMatch = None,
    ) -> Merged:
        """Merge another card into this one. The other's id means this card from then on; the merge can be undone."""
        return await service.merge(db, request.user, customer_id, data, version=version_of(if_match), region=settings.default_region)

    @post("/merge/preview", status_code=200, opt={"right": "customers:read", "part": "merging"})
    async def preview(
        self,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        customer_id: FromPath[UUID],
        data: JSONBody[MergeRequest],
    ) -> Preview:
        """The card that the merge would give, and how much would move to it. Nothing is changed."""
        return await service.preview(db, customer_id, data, region=settings.default_region)

    @get("/merges", opt={"right": "customers:read", "part": "merging"})
    async def merges(self, db: NamedDependency[Database], customer_id: FromPath[UUID]) -> Merges:
        """The merges that made this card what it is, newest first, the undone ones too."""
        return await service.merges(db, customer_id)


class UndoController(Controller):
    """The way back."""

    path = "/customer-merges/{merge_id:uuid}"
    tags = ("customers",)

    @post("/undo", status_code=200, opt={"right": "customers:write", "part": "merging"})
    async def undo(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        merge_id: FromPath[UUID],
    ) -> Unmerged:
        """Make two cards of one again. What came since the merge, and what was edited since, stays."""
        return await undo(db, request.user, merge_id, region=settings.default_region)
