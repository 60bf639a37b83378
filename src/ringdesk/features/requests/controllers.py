"""HTTP of requests: parse, call, answer."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post, put
from litestar import Request as HttpRequest
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from ringdesk.features.interactions import Channel
from ringdesk.features.people import Actor
from ringdesk.features.requests import definitions, export, listing, policies, service, tagging
from ringdesk.features.requests.schemas import (
    ChannelPolicy,
    Closing,
    CustomerRequests,
    Move,
    Moved,
    NewRequest,
    NewRequestType,
    Request,
    RequestField,
    RequestPage,
    RequestPatch,
    RequestPolicies,
    RequestPolicyPatch,
    RequestSchema,
    RequestType,
    RequestTypeOrder,
    RequestTypePatch,
    Tagging,
)
from ringdesk.kit.csv_file import csv_answer, whole_list
from ringdesk.kit.db import Database
from ringdesk.kit.field_pools import NewPoolField, PoolFieldPatch
from ringdesk.kit.settings import Settings
from ringdesk.kit.versions import IfMatch, etag, version_for_edit, version_of

PersonRequest = HttpRequest[Actor, Any, Any]


class RequestController(Controller):
    """Why customers called."""

    path = "/requests"
    tags = ("requests",)

    @get(opt={"right": "requests:read"})
    async def page(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        q: Annotated[str | None, QueryParameter(description="Words of the request or of its customer; all must be found.")] = None,
        sort: Annotated[str | None, QueryParameter(description="Columns with commas between them; - in front: descending.")] = None,
        page: Annotated[str | None, QueryParameter(description="From 1.")] = None,
        page_size: Annotated[str | None, QueryParameter(description="1 to 200, default 50.")] = None,
    ) -> RequestPage:
        """Requests, newest first unless sorted otherwise. Filters are further parameters of the form `field.operator=value`.

        `status.eq=active`, `owner_id.eq=me`, `overdue.eq=true`, `type.in=question,service_request`, `customer_id.eq=ID`,
        `fields.KEY.contains=4711` for a field of a type.
        """
        async with db.transaction() as uow:
            found = await listing.page(uow, request.query_params.multi_items(), request.user.id, region=settings.default_region)
        return RequestPage(found.items, found.page, found.page_size, found.total, found.total_is_estimate)

    @get("/export.csv", opt={"right": "requests:export"}, media_type="text/csv")
    async def export(self, request: PersonRequest, db: NamedDependency[Database], settings: NamedDependency[Settings]) -> Stream:
        """What the list shows as CSV, with every field of every type: `q`, `sort` and filters as for the list."""
        asked = whole_list(request.query_params.multi_items())
        spec, query, cells = await export.begin(db, request.user, asked, region=settings.default_region)
        return csv_answer("requests", export.lines(db, spec, query, cells))

    @post(opt={"right": "requests:write"})
    async def open_request(
        self, request: PersonRequest, db: NamedDependency[Database], settings: NamedDependency[Settings], data: JSONBody[NewRequest]
    ) -> Response[Request]:
        """A new request; with `interaction_id` that interaction is tagged with it."""
        opened = await tagging.open_request(db, request.user, data, region=settings.default_region)
        return Response(opened, status_code=201, headers={**etag(opened.version), "location": f"/api/v1/requests/{opened.id}"})

    @get("/{request_id:uuid}", opt={"right": "requests:read"})
    async def read(self, db: NamedDependency[Database], request_id: FromPath[UUID]) -> Response[Request]:
        """One request; its ETag is the version to send as If-Match with an edit."""
        return _answer(await service.read(db, request_id))

    @patch("/{request_id:uuid}", opt={"right": "requests:write"})
    async def edit(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        request_id: FromPath[UUID],
        data: JSONBody[RequestPatch],
        if_match: IfMatch = None,
    ) -> Response[Request]:
        """Change an active request. If-Match is required; a stale one answers 409 with the request as it is now in `current`."""
        version = version_for_edit(if_match)
        return _answer(await service.edit(db, request.user, request_id, data, version=version, region=settings.default_region))

    @post("/{request_id:uuid}/close", status_code=200, opt={"right": "requests:write"})
    async def close(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        request_id: FromPath[UUID],
        data: JSONBody[Closing | None] = None,
        if_match: IfMatch = None,
    ) -> Response[Request]:
        """The request is done. Refused while one of its interactions goes on."""
        reason = data.reason if data else ""
        return _answer(await service.close(db, request.user, request_id, reason=reason, version=version_of(if_match)))

    @post("/{request_id:uuid}/reopen", status_code=200, opt={"right": "requests:repair"})
    async def reopen(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        request_id: FromPath[UUID],
        data: JSONBody[Closing | None] = None,
        if_match: IfMatch = None,
    ) -> Response[Request]:
        """A closed request goes on."""
        reason = data.reason if data else ""
        return _answer(await service.reopen(db, request.user, request_id, reason=reason, version=version_of(if_match)))


class CustomerRequestsController(Controller):
    """The requests of a customer."""

    path = "/customers/{customer_id:uuid}/requests"
    tags = ("requests",)

    @get(opt={"right": "requests:read", "part": "journey"})
    async def of_customer(self, db: NamedDependency[Database], customer_id: FromPath[UUID]) -> CustomerRequests:
        """The active ones, then the closed ones, the newest first, at most 200; the list has them all."""
        return await service.of_customer(db, customer_id)


class MoveController(Controller):
    """Interactions that go to another request or customer."""

    path = "/interactions/{interaction_id:uuid}"
    tags = ("interactions",)

    @post("/move", status_code=200, opt={"right": "interactions:write", "part": "journey"})
    async def move(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        interaction_id: FromPath[UUID],
        data: JSONBody[Move],
    ) -> Moved:
        """Move it to a request, to a new one, to none, or to another customer, with all of its activities."""
        return await tagging.move(db, request.user, interaction_id, data, region=settings.default_region)

    @post("/moves/{move_id:uuid}/undo", status_code=200, opt={"right": "interactions:write", "part": "journey"})
    async def undo(
        self, request: PersonRequest, db: NamedDependency[Database], interaction_id: FromPath[UUID], move_id: FromPath[UUID]
    ) -> Moved:
        """Take a move back, unless the interaction went on from there."""
        return await tagging.undo(db, request.user, interaction_id, move_id)

    @get("/tagging", opt={"right": "interactions:read", "part": "journey"})
    async def history(self, db: NamedDependency[Database], interaction_id: FromPath[UUID]) -> Tagging:
        """How it came to its request and its customer: every choice, and every move."""
        return await tagging.history(db, interaction_id)


class RequestTypeController(Controller):
    """The types of requests."""

    path = "/request-types"
    tags = ("requests",)

    @get(opt={"right": "requests:read"})
    async def schema(self, db: NamedDependency[Database]) -> RequestSchema:
        """Every type in its order with its fields, and every field; those out of use last."""
        return await definitions.schema(db)

    @post(opt={"right": "requests:define"})
    async def add(self, request: PersonRequest, db: NamedDependency[Database], data: JSONBody[NewRequestType]) -> RequestType:
        """Add a type behind the others."""
        return await definitions.add_type(db, request.user, data)

    @put("/order", opt={"right": "requests:define"})
    async def order(self, request: PersonRequest, db: NamedDependency[Database], data: JSONBody[RequestTypeOrder]) -> RequestSchema:
        """Put the types in use into an order, in which agents see them; the first is proposed."""
        return await definitions.order_types(db, request.user, data.keys)

    @patch("/{key:str}", opt={"right": "requests:define"})
    async def change(
        self, request: PersonRequest, db: NamedDependency[Database], key: FromPath[str], data: JSONBody[RequestTypePatch]
    ) -> RequestType:
        """Change its name, its fields and their order, or after how many days it closes by itself."""
        return await definitions.change_type(db, request.user, key, data)

    @delete("/{key:str}", status_code=200, opt={"right": "requests:define"})
    async def hide(self, request: PersonRequest, db: NamedDependency[Database], key: FromPath[str]) -> RequestType:
        """Take it out of use; its requests stay, and it can be restored. One type must stay."""
        return await definitions.hide_type(db, request.user, key)

    @post("/{key:str}/restore", status_code=200, opt={"right": "requests:define"})
    async def restore(self, request: PersonRequest, db: NamedDependency[Database], key: FromPath[str]) -> RequestType:
        """Bring it back."""
        return await definitions.restore_type(db, request.user, key)


class RequestFieldController(Controller):
    """The fields that types of requests share."""

    path = "/request-fields"
    tags = ("requests",)

    @post(opt={"right": "requests:define"})
    async def add(self, request: PersonRequest, db: NamedDependency[Database], data: JSONBody[NewPoolField]) -> RequestField:
        """Add a field; a PATCH of types puts it on their forms."""
        return await definitions.add_field(db, request.user, data)

    @patch("/{key:str}", opt={"right": "requests:define"})
    async def change(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        key: FromPath[str],
        data: JSONBody[PoolFieldPatch],
    ) -> RequestField:
        """Change it in all its types. A type of value that stored ones don't fit is refused with their number and a sample."""
        return await definitions.change_field(db, request.user, key, data, region=settings.default_region)

    @delete("/{key:str}", status_code=200, opt={"right": "requests:define"})
    async def hide(self, request: PersonRequest, db: NamedDependency[Database], key: FromPath[str]) -> RequestField:
        """Take it out of use in all its types; its values are kept, and it can be restored."""
        return await definitions.hide_field(db, request.user, key)

    @post("/{key:str}/restore", status_code=200, opt={"right": "requests:define"})
    async def restore(self, request: PersonRequest, db: NamedDependency[Database], key: FromPath[str]) -> RequestField:
        """Bring it back to the types that had it."""
        return await definitions.restore_field(db, request.user, key)


class RequestPolicyController(Controller):
    """What channels do: to the request when an agent takes up a conversation, and with somebody whom nobody knows."""

    path = "/request-policies"
    tags = ("requests",)

    @get(opt={"right": "requests:read"})
    async def every(self, db: NamedDependency[Database]) -> RequestPolicies:
        """The policy of every channel."""
        return await policies.every(db)

    @patch("/{channel:str}", opt={"right": "requests:define"})
    async def change(
        self, request: PersonRequest, db: NamedDependency[Database], channel: FromPath[Channel], data: JSONBody[RequestPolicyPatch]
    ) -> ChannelPolicy:
        """Say what happens on this channel from now on."""
        return await policies.change(db, request.user, channel, data)


def _answer(request: Request) -> Response[Request]:
    return Response(request, headers=etag(request.version))
