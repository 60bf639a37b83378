"""Requests, their types and fields, on the wire and in the event log (product.md 2)."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from ringdesk.features.interactions import Channel, Interaction, Unknown
from ringdesk.kit.field_pools import FormField, PoolField

Status = Literal["active", "closed"]
Priority = Literal["low", "normal", "high", "urgent"]

Days = Annotated[int, Meta(ge=0, le=3650)]
Reason = Annotated[str, Meta(max_length=1_000)]


class RequestField(PoolField, frozen=True, kw_only=True):
    """A field that request types can have; several may share it. `hidden_at`: it was taken out of use then; its values are kept."""


class RequestType(Struct, frozen=True, kw_only=True):
    """A kind of request with its fields in their order.

    `close_after_days`: an active request of this type closes by itself when nothing happened to it for so long; 0: never.
    """

    key: str
    label: str
    close_after_days: int
    fields: list[FormField]
    hidden_at: datetime | None


class RequestSchema(Struct, frozen=True):
    """Every type in its order and every field, those out of use last. Payload of schema.requests_changed, too."""

    types: list[RequestType]
    fields: list[RequestField]


class NewRequestType(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A type to add behind the others. Without a `key` it gets one made of its label."""

    label: str
    key: str | None = None
    close_after_days: Days = 5
    fields: list[FormField] = []


class RequestTypePatch(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to change; absent members stay. `fields` replaces all of them, in their order."""

    label: str | UnsetType = UNSET
    close_after_days: Days | UnsetType = UNSET
    fields: list[FormField] | UnsetType = UNSET


class RequestTypeOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """The types in use in their new order, all of them."""

    keys: list[str]


class Request(Struct, frozen=True, kw_only=True):
    """Why a customer called. `number` is what people say ("REQ-1042"); `fields` holds values by the keys of the type's fields.

    `closed_by` is null while it is active, and "" when it closed by itself.
    """

    id: UUID
    number: int
    version: int
    customer_id: UUID
    customer_name: str
    type: str
    title: str
    description: str
    status: Status
    owner_id: UUID | None
    owner_name: str | None
    due_on: date | None
    priority: Priority
    closing_reason: str
    fields: dict[str, Any]
    created_at: datetime
    created_by: str
    updated_at: datetime
    closed_at: datetime | None
    closed_by: str | None


class RequestPage(Struct):
    """One page of the list of requests."""

    items: list[Request]
    page: int
    page_size: int
    total: int
    total_is_estimate: bool


class CustomerRequests(Struct):
    """The requests of a customer: the active ones, then the closed ones, the newest first; at most 200 of `total`.

    `position` is the log position that they are current to.
    """

    position: int
    items: list[Request]
    total: int


class NewRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A request to open. With `interaction_id` that interaction is tagged with it; its customer is then the one.

    Without `owner_id` whoever opens it owns it; null: nobody.
    """

    type: str
    title: str
    customer_id: UUID | None = None
    interaction_id: UUID | None = None
    description: str = ""
    owner_id: UUID | UnsetType | None = UNSET
    due_on: date | None = None
    priority: Priority = "normal"
    fields: dict[str, Any] = {}


class RequestPatch(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to change; absent members stay. `fields`: values by key, null clears, absent ones stay."""

    type: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    owner_id: UUID | UnsetType | None = UNSET
    due_on: date | UnsetType | None = UNSET
    priority: Priority | UnsetType = UNSET
    fields: dict[str, Any] | UnsetType = UNSET


class Closing(Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is closed or opened again, if there is something to say."""

    reason: Reason = ""


class Move(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where an interaction goes (product.md 3.7).

    `request_id`: to this request (null: to none); `new_request`: to one that is opened for it; `customer_id`: to another customer.
    `reason` is needed to move into or out of a closed request, which supervisors may.
    """

    request_id: UUID | UnsetType | None = UNSET
    new_request: NewRequest | None = None
    customer_id: UUID | None = None
    reason: Reason = ""


class MoveRecord(Struct, frozen=True, kw_only=True):
    """A move that was made, and whether it was undone."""

    id: UUID
    interaction_id: UUID
    from_customer: UUID | None
    to_customer: UUID | None
    from_request: UUID | None
    to_request: UUID | None
    reason: str
    by_name: str
    at: datetime
    undone_at: datetime | None
    undone_by: str | None


class Moved(Struct):
    """The interaction as it is after a move, the move, and the request that was opened for it, if one was."""

    interaction: Interaction
    move: MoveRecord
    request: Request | None


class ChoiceRecord(Struct, frozen=True, kw_only=True):
    """Somebody chose a request for an interaction. `stands`: this choice is the one that counts (product.md 2.5)."""

    id: UUID
    leg_id: UUID | None
    request_id: UUID | None
    overriding: bool
    by_name: str
    reason: str
    at: datetime
    withdrawn_at: datetime | None
    stands: bool = False


class Tagging(Struct):
    """How an interaction came to its request and its customer: every choice and every move, the oldest first."""

    choices: list[ChoiceRecord]
    moves: list[MoveRecord]


class RequestChanged(Struct):
    """Payload of request.changed: the whole request as it now is; `changed` names the fields, `by_name` who did it ("": the system)."""

    request: Request
    changed: list[str]
    by_name: str


class RequestPolicy(Struct, frozen=True):
    """What happens to the request when an agent takes up a conversation on a channel (product.md 4.4).

    `open`: a new one is opened, of `type` (null: the first one in use); `propose`: the customer's latest active one is proposed.
    """

    channel: Channel
    action: Literal["none", "open", "propose"] = "none"
    type: str | None = None


class ChannelPolicy(RequestPolicy, frozen=True):
    """What a channel does. `unknown`: when somebody gets in touch whom nobody knows, the agent has a `form` to fill in, filled with what
    the channel tells, or there is a `card` at once (product.md 4.5).
    """

    unknown: Unknown = "form"


class RequestPolicies(Struct, frozen=True):
    """What every channel does. Payload of schema.request_policies_changed, too."""

    items: list[ChannelPolicy]


class RequestPolicyPatch(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to change; absent members stay."""

    action: Literal["none", "open", "propose"] | UnsetType = UNSET
    type: str | UnsetType | None = UNSET
    unknown: Unknown | UnsetType = UNSET


class RequestDiscarded(Struct, frozen=True):
    """Payload of request.discarded: the request never happened; `customer_id` is whose it would have been."""

    request_id: UUID
    customer_id: UUID
    by_name: str
