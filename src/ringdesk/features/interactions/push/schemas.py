"""Pushed interactions on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from ringdesk.features.interactions.schemas import CallType, Channel, Direction
from ringdesk.kit.problems import FieldError

Source = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_-]*$")]
"""The system that brings it, a name that it always uses: `webchat`, `old-crm`."""
ExternalId = Annotated[str, Meta(min_length=1, max_length=200)]
Line = Annotated[str, Meta(max_length=200)]
Result = Literal["answered", "abandoned", "not_accepted", "ivr_only", "busy", "no_answer", "failed"]


class PushedActivity(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One part of an interaction: a message, an agent's leg, an IVR run. `external_id` is its id in the source, within the interaction.

    `agent_email` is a colleague's address; `agent_name` names somebody who has no account. `fields`: values by the keys of the field set of
    its channel; null clears. What people wrote into a field since it was told stands.
    """

    external_id: ExternalId
    started_at: datetime
    kind: Literal["message", "agent", "ivr"] = "message"
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    call_type: CallType | None = None
    agent_email: Line | None = None
    agent_name: Line | None = None
    media_type: Channel | None = None
    text: Annotated[str, Meta(max_length=20_000)] | None = None
    outcome: Line | None = None
    tags: list[str] = []
    fields: dict[str, Any] = {}


class PushedInteraction(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A conversation that another system had. Told again (same `source` and `external_id`) it changes what is told and adds what is new.

    `address` is the customer's number, e-mail address or handle, `our_address` the centre's; `customer_id` says whose it is where that is
    known. Without `ended_at` it goes on.
    """

    source: Source
    external_id: ExternalId
    channel: Channel
    started_at: datetime
    direction: Direction = "inbound"
    customer_id: UUID | None = None
    address: Line | None = None
    name: Line | None = None
    our_address: Line | None = None
    queue: Line | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    result: Result | None = None
    request_id: UUID | None = None
    activities: Annotated[list[PushedActivity], Meta(max_length=500)] = []


class StandaloneActivity(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One activity that belongs to no conversation: an order, a parcel's arrival, a form that was sent, a letter.

    Told again (same `source` and `external_id`) it changes. Its `channel` is its media type, too. Members as in PushedInteraction (whose it
    is and what it is about) and PushedActivity (what it is).
    """

    source: Source
    external_id: ExternalId
    started_at: datetime
    channel: Channel = "event"
    direction: Direction = "inbound"
    customer_id: UUID | None = None
    address: Line | None = None
    name: Line | None = None
    our_address: Line | None = None
    request_id: UUID | None = None
    kind: Literal["message", "agent", "ivr"] = "message"
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    call_type: CallType | None = None
    agent_email: Line | None = None
    agent_name: Line | None = None
    text: Annotated[str, Meta(max_length=20_000)] | None = None
    outcome: Line | None = None
    tags: list[str] = []
    fields: dict[str, Any] = {}


class PushedActivities(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Activities that belong to an interaction which is known by its id."""

    source: Source
    activities: Annotated[list[PushedActivity], Meta(min_length=1, max_length=500)]


class PushedInteractions(Struct, frozen=True, forbid_unknown_fields=True):
    """Many at once; each is stored by itself."""

    items: Annotated[list[PushedInteraction], Meta(min_length=1, max_length=500)]


class Pushed(Struct, frozen=True, kw_only=True):
    """What became of a pushed interaction: `id` is its own. `activities`: their ids by the external ones; `errors`: why it was refused."""

    external_id: str
    status: Literal["created", "changed", "unchanged", "refused"]
    id: UUID | None = None
    customer_id: UUID | None = None
    candidates: list[UUID] = []
    activities: dict[str, UUID] = {}
    errors: list[FieldError] = []


class PushedAll(Struct, frozen=True):
    """What became of each, in their order."""

    items: list[Pushed]
