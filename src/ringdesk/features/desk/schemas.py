"""The agent's desk on the wire: calls, open customers, CTI state (product.md 4.1, 4.5, 5.2)."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from ringdesk.features.customers import CustomerSummary
from ringdesk.features.interactions import Channel, RequestTag, WrapUpCode
from ringdesk.features.people import Me

CallState = Literal["ringing", "talking", "hold", "wrap_up"]
CloseReason = Literal["answered_elsewhere", "missed", "ended", "finished"]


class Candidate(Struct, frozen=True):
    """A customer that a call may belong to, and why (`reason`: a code of the matching)."""

    customer: CustomerSummary
    last_contact_at: datetime | None
    last_agent: str | None
    reason: str


class Note(Struct, frozen=True):
    """What the agent who handed the call over wrote last."""

    agent_name: str
    text: str


class CallView(Struct, frozen=True):
    """A leg at this agent, from ringing to the end of its wrap-up time.

    Without `customer`: `candidates` to choose from, or, when there are none, a form to fill in (product.md 4.5). `by_hand`: its agent ends
    it at the desk. `proposed_request`: the channel's policy asks whether it is about this one; `unused_request`: one that the policy opened
    and nobody wrote into, offered for discarding while it is wrapped up (product.md 4.4).
    """

    activity_id: UUID
    interaction_id: UUID
    state: CallState
    since: datetime
    direction: str
    call_type: str | None
    ani: str | None
    dnis: str | None
    queue: str | None
    caller_name: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    wrap_up_until: datetime | None
    customer: CustomerSummary | None
    candidates: list[Candidate]
    request: RequestTag | None
    note_from: Note | None
    channel: Channel = "voice"
    by_hand: bool = False
    proposed_request: RequestTag | None = None
    unused_request: RequestTag | None = None


class OpenCustomer(Struct, frozen=True):
    """A customer open on the desk, since when, and whether a call or the agent opened it."""

    customer: CustomerSummary
    opened_at: datetime
    by: Literal["pop", "choice"]


class Cti(Struct, frozen=True):
    """Whether the agent takes calls here; what the agent does on the telephone follows from the calls."""

    logged_in: bool
    state: Literal["logged_out", "ready"]
    since: datetime | None


class DeskSettings(Struct, frozen=True):
    """What the desktop needs to know of this installation."""

    default_region: str
    pop_at: Literal["ringing", "answer"]


class Snapshot(Struct):
    """Everything that the desk shows at log position `position`; events after it keep it current."""

    position: int
    user: Me
    cti: Cti
    calls: list[CallView]
    open: list[OpenCustomer]
    previous: list[CustomerSummary]
    wrap_up_codes: list[WrapUpCode]
    settings: DeskSettings


class CallChanged(Struct):
    """Payload of call.changed: the whole call as it now is."""

    call: CallView


class CallClosed(Struct):
    """Payload of call.closed: the call leaves the call bar."""

    activity_id: UUID
    interaction_id: UUID
    reason: CloseReason


class CustomerOpened(Struct):
    """Payload of desk.customer_opened."""

    open: OpenCustomer


class CustomerRemoved(Struct, frozen=True):
    """Payload of desk.customer_removed: a card that an undone import had made."""

    customer_id: UUID


class CustomerClosed(Struct):
    """Payload of desk.customer_closed."""

    customer: CustomerSummary


class CustomersChanged(Struct):
    """Payload of desk.customers_changed: the customers on this desk as they are now, after two cards became one or one became two."""

    open: list[OpenCustomer]
    previous: list[CustomerSummary]


class CtiChanged(Struct):
    """Payload of cti.changed."""

    cti: Cti


class FinishCall(Struct, forbid_unknown_fields=True):
    """The end of a wrap-up; the outcome may come with it, and fields of the leg (key to value, null clears).

    A `note` goes with the outcome `code`; without one it becomes a comment on the leg.
    """

    code: Annotated[str, Meta(min_length=1, max_length=50)] | None = None
    note: Annotated[str, Meta(max_length=10_000)] | None = None
    fields: dict[str, Any] = {}


class NewDeskInteraction(Struct, forbid_unknown_fields=True, kw_only=True):
    """A conversation that the agent begins with a customer, on whatever channel; `address` is where the customer is reached on it.

    `request_id`: what it is about.
    """

    customer_id: UUID
    channel: Channel
    address: Annotated[str, Meta(max_length=200)] | None = None
    request_id: UUID | None = None


class EndDeskInteraction(Struct, forbid_unknown_fields=True):
    """The end of a conversation that the agent began or accepted at the desk; `reached`: whether the customer was."""

    reached: bool = True
