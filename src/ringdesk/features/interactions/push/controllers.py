"""HTTP of pushed interactions: parse, call, answer."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ringdesk.features.interactions.push import service
from ringdesk.features.interactions.push.schemas import (
    Pushed,
    PushedActivities,
    PushedAll,
    PushedInteraction,
    PushedInteractions,
    StandaloneActivity,
)
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings

PersonRequest = Request[Actor, Any, Any]


class PushController(Controller):
    """What other systems bring."""

    path = "/interactions"
    tags = ("interactions",)

    @post(opt={"right": "interactions:push"})
    async def push(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        data: JSONBody[PushedInteraction],
    ) -> Response[Pushed]:
        """Store a conversation of another system with its messages, legs and IVR runs: 201 the first time, 200 from then on.

        The same `source` and `external_id` is the same interaction: told again it changes what is told, and adds what is new. Its customer
        is found by `address`; a new address on a digital channel makes a card.
        """
        return _answer(await service.push(db, request.user, data, region=settings.default_region))

    @post("/bulk", status_code=200, opt={"right": "interactions:push"})
    async def push_all(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        data: JSONBody[PushedInteractions],
    ) -> PushedAll:
        """Up to 500 at once, each as if it came alone; the answer says what became of each."""
        return PushedAll(await service.push_all(db, request.user, data.items, region=settings.default_region))

    @post("/{interaction_id:uuid}/activities", status_code=200, opt={"right": "interactions:push"})
    async def add_activities(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        interaction_id: FromPath[UUID],
        data: JSONBody[PushedActivities],
    ) -> Pushed:
        """Add messages, legs or IVR runs to an interaction; told again, they change."""
        return await service.add_activities(db, request.user, interaction_id, data, region=settings.default_region)


class PushAloneController(Controller):
    """Activities that belong to no conversation."""

    path = "/activities"
    tags = ("interactions",)

    @post(opt={"right": "interactions:push"})
    async def push(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        data: JSONBody[StandaloneActivity],
    ) -> Response[Pushed]:
        """Store one activity that stands alone in its customer's journey: 201 the first time, 200 from then on.

        It moves by itself to a request or to another customer (POST /interactions/{id}/move, with the `id` of the answer). Once other
        activities are added to it, it is a conversation.
        """
        return _answer(await service.push_alone(db, request.user, data, region=settings.default_region))


def _answer(pushed: Pushed) -> Response[Pushed]:
    return Response(pushed, status_code=201 if pushed.status == "created" else 200)
