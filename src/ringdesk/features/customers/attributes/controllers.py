"""HTTP of attributes: parse, call, answer."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ringdesk.features.customers.attributes import service
from ringdesk.features.customers.attributes.schemas import Attribute, AttributeOrder, AttributePatch, Attributes, NewAttribute
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings

PersonRequest = Request[Actor, Any, Any]


class AttributeController(Controller):
    """The fields that administrators add to the card."""

    path = "/customer-attributes"
    tags = ("customers",)

    @get(opt={"right": "customers:read"})
    async def every(self, db: NamedDependency[Database]) -> Attributes:
        """The shown attributes in the order of the card, then the hidden ones."""
        return await service.every(db)

    @post(opt={"right": "customers:define"})
    async def add(self, request: PersonRequest, db: NamedDependency[Database], data: JSONBody[NewAttribute]) -> Attribute:
        """Add one; at most 50 are shown. Values are set by PATCH of a customer: `{"attributes": {"key": value}}`."""
        return await service.add(db, request.user, data)

    @put("/order", opt={"right": "customers:define"})
    async def order(self, request: PersonRequest, db: NamedDependency[Database], data: JSONBody[AttributeOrder]) -> Attributes:
        """Put the shown ones into an order, which rules the card."""
        return await service.order(db, request.user, data.ids)

    @patch("/{attribute_id:uuid}", opt={"right": "customers:define"})
    async def change(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        attribute_id: FromPath[UUID],
        data: JSONBody[AttributePatch],
    ) -> Attribute:
        """Change one. A type that stored values don't fit is refused with their number and a sample; nothing is lost."""
        return await service.change(db, request.user, attribute_id, data, region=settings.default_region)

    @delete("/{attribute_id:uuid}", status_code=200, opt={"right": "customers:define"})
    async def hide(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        attribute_id: FromPath[UUID],
    ) -> Attribute:
        """Take one off the card. Its values are kept, and it can be restored."""
        return await service.hide(db, request.user, attribute_id, region=settings.default_region)

    @post("/{attribute_id:uuid}/restore", status_code=200, opt={"right": "customers:define"})
    async def restore(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        attribute_id: FromPath[UUID],
    ) -> Attribute:
        """Show a hidden one again."""
        return await service.restore(db, request.user, attribute_id, region=settings.default_region)
