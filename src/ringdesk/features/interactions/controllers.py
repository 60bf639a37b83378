"""HTTP of interactions: parse, call, answer."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Stream

from ringdesk.features.interactions import codes, export, listing, service
from ringdesk.features.interactions.field_sets import service as field_sets
from ringdesk.features.interactions.schemas import (
    Activity,
    ActivityPatch,
    Channel,
    Comment,
    Interaction,
    InteractionPage,
    InteractionPatch,
    JourneyPage,
    NewComment,
    NewTags,
    NewWrapUp,
    NewWrapUpCode,
    Tags,
    WrapUpCode,
    WrapUpCodeOrder,
    WrapUpCodePatch,
    WrapUpCodes,
)
from ringdesk.features.interactions.store import JourneyFilter
from ringdesk.features.people import Actor
from ringdesk.kit.csv_file import csv_answer, whole_list
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings

PersonRequest = Request[Actor, Any, Any]


class JourneyController(Controller):
    """What a customer and the company talked about."""

    path = "/customers/{customer_id:uuid}/journey"
    tags = ("interactions",)

    @get(opt={"right": "interactions:read", "part": "journey"})
    async def journey(
        self,
        db: NamedDependency[Database],
        customer_id: FromPath[UUID],
        channel: FromQuery[Channel | None] = None,
        agent: FromQuery[UUID | None] = None,
        since: Annotated[datetime | None, QueryParameter(name="from")] = None,
        until: Annotated[datetime | None, QueryParameter(name="to")] = None,
        tag: Annotated[str | None, QueryParameter(max_length=50)] = None,
        request_id: Annotated[UUID | None, QueryParameter(name="request")] = None,
        interaction_id: Annotated[UUID | None, QueryParameter(name="interaction")] = None,
        cursor: FromQuery[UUID | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    ) -> JourneyPage:
        """Newest first; `from` and `to` bound the start (to is exclusive); go on with `cursor` = the last `next_cursor`.

        `interaction` narrows it to one.
        """
        wanted = JourneyFilter(
            channel=channel,
            agent_id=agent,
            since=since,
            until=until,
            tag=tag.strip() if tag else None,
            request_id=request_id,
            interaction_id=interaction_id,
            before=cursor,
        )
        return await service.journey(db, customer_id, wanted, limit)


class InteractionController(Controller):
    """Conversations, of all customers and one by one."""

    path = "/interactions"
    tags = ("interactions",)

    @get(opt={"right": "interactions:read", "part": "journey"})
    async def page(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        q: Annotated[
            str | None,
            QueryParameter(
                description="Words of the customer, beginnings of the number or of a tag, a request’s number; all must be found."
            ),
        ] = None,
        sort: Annotated[
            str | None,
            QueryParameter(description="started_at, ani, queue or duration_s, with commas between them; - in front: descending."),
        ] = None,
        page: Annotated[str | None, QueryParameter(description="From 1.")] = None,
        page_size: Annotated[str | None, QueryParameter(description="1 to 200, default 50.")] = None,
    ) -> InteractionPage:
        """Interactions of all customers, newest first unless sorted otherwise. Filters are further parameters `field.operator=value`.

        `started_at.gte=2026-11-01`, `channel.eq=voice`, `agent_id.eq=me`, `queue.eq=support`, `tag.eq=invoice`, `tag.starts=inv`,
        `ani.eq=020 7946 0958`, `wrap_up.eq=billing`, `request_number.eq=REQ-1042`, `customer_id.empty=true`, `duration_s.gte=10:00`.
        """
        async with db.transaction() as uow:
            found = await listing.page(uow, request.query_params.multi_items(), reader=request.user.id, region=settings.default_region)
        return InteractionPage(found.items, found.page, found.page_size, found.total, found.total_is_estimate)

    @get("/export.csv", opt={"right": "interactions:export", "part": "journey"}, media_type="text/csv")
    async def export(self, request: PersonRequest, db: NamedDependency[Database], settings: NamedDependency[Settings]) -> Stream:
        """What the list shows as CSV: `q`, `sort` and filters as for the list."""
        asked = whole_list(request.query_params.multi_items())
        spec, query = await export.begin(db, request.user, asked, region=settings.default_region)
        return csv_answer("interactions", export.lines(db, spec, query))

    @get("/{interaction_id:uuid}", opt={"right": "interactions:read", "part": "journey"})
    async def read(self, db: NamedDependency[Database], interaction_id: FromPath[UUID]) -> Interaction:
        """An interaction with its activities, wrap-ups and comments."""
        return await service.read(db, interaction_id)

    @patch("/{interaction_id:uuid}", opt={"right": "interactions:write"})
    async def edit(
        self, db: NamedDependency[Database], request: PersonRequest, interaction_id: FromPath[UUID], data: JSONBody[InteractionPatch]
    ) -> Interaction:
        """Link it to another customer, or choose the request that it is about, during the call or after it.

        Where several agents of one call choose different requests, that of the leg which started last counts: the answer says which.
        """
        return await service.edit(db, request.user, interaction_id, data)


class ActivityController(Controller):
    """One part of a conversation."""

    path = "/activities"
    tags = ("interactions",)

    @post("/{activity_id:uuid}/comments", opt={"right": "interactions:write", "part": "journey"})
    async def comment(
        self, db: NamedDependency[Database], request: PersonRequest, activity_id: FromPath[UUID], data: JSONBody[NewComment]
    ) -> Comment:
        """Add a comment; it cannot be changed afterwards."""
        return await service.comment(db, request.user, activity_id, data.text)

    @post("/{activity_id:uuid}/wrap-up", opt={"right": "interactions:write", "part": "journey"})
    async def wrap_up(
        self, db: NamedDependency[Database], request: PersonRequest, activity_id: FromPath[UUID], data: JSONBody[NewWrapUp]
    ) -> Activity:
        """Give a leg its outcome; the last one counts."""
        return await service.wrap_up(db, request.user, activity_id, data)

    @patch("/{activity_id:uuid}", opt={"right": "interactions:write", "part": "journey"})
    async def fill_in(
        self,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        request: PersonRequest,
        activity_id: FromPath[UUID],
        data: JSONBody[ActivityPatch],
    ) -> Activity:
        """Fill in the fields of its field set (GET /field-sets), during the call or later; others keep their values."""
        return await field_sets.fill_in(db, request.user, activity_id, data.fields, region=settings.default_region)

    @put("/{activity_id:uuid}/tags", opt={"right": "interactions:write", "part": "journey"})
    async def tag(
        self, db: NamedDependency[Database], request: PersonRequest, activity_id: FromPath[UUID], data: JSONBody[NewTags]
    ) -> Activity:
        """Give it these tags and no others: up to 50 characters each, each once."""
        return await service.set_tags(db, request.user, activity_id, data.tags)


class TagController(Controller):
    """The tags in use."""

    path = "/tags"
    tags = ("interactions",)

    @get(opt={"right": "interactions:read", "part": "journey"})
    async def propose(self, db: NamedDependency[Database], q: Annotated[str, QueryParameter(max_length=50)] = "") -> Tags:
        """The twenty most used tags that begin with `q`."""
        return await service.tags_in_use(db, q)


class WrapUpCodeController(Controller):
    """The outcomes to choose from."""

    path = "/wrap-up-codes"
    tags = ("interactions",)

    @get(opt={"right": "interactions:read"})
    async def list_codes(self, db: NamedDependency[Database], request: PersonRequest) -> WrapUpCodes:
        """Every code with the teams and channels that it is for; inactive ones are there to name old outcomes."""
        return await service.wrap_up_codes(db, request.user)

    @post(opt={"right": "interactions:define"})
    async def add(self, db: NamedDependency[Database], request: PersonRequest, data: JSONBody[NewWrapUpCode]) -> WrapUpCode:
        """Add a code for some teams and channels, or for all."""
        return await codes.add(db, request.user, data)

    @put(opt={"right": "interactions:define"})
    async def order(self, db: NamedDependency[Database], request: PersonRequest, data: JSONBody[WrapUpCodeOrder]) -> WrapUpCodes:
        """Put the codes into an order, which agents see."""
        return await codes.order(db, request.user, data)

    @patch("/{code:str}", opt={"right": "interactions:define"})
    async def change(
        self, db: NamedDependency[Database], request: PersonRequest, code: FromPath[str], data: JSONBody[WrapUpCodePatch]
    ) -> WrapUpCode:
        """Change its names, teams and channels, or make it inactive; it is never deleted, since outcomes hold it."""
        return await codes.change(db, request.user, code, data)
