"""Telephony on the wire (product.md 5.3)."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

EventKind = Literal["ringing", "answered", "held", "resumed", "transferred", "leg_ended", "abandoned", "ended"]
Extension = Annotated[str, Meta(min_length=1, max_length=50)]


class TelephonyEvent(Struct, forbid_unknown_fields=True, kw_only=True):
    """What any telephone system may tell. The first two fields alone are enough for a screen pop.

    `event` is `ringing` unless said otherwise. With `call_id` the events of a call may come in any order and repeatedly;
    without it an event belongs to the running call of that number at that extension. `at` is when it happened (default: now).
    """

    caller_phone_number: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    call_agent_extension: Extension
    event: EventKind = "ringing"
    call_id: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    called_number: Annotated[str, Meta(max_length=40)] | None = None
    caller_name: Annotated[str, Meta(max_length=200)] | None = None
    queue: Annotated[str, Meta(max_length=100)] | None = None
    direction: Literal["inbound", "outbound"] | None = None
    to_extension: Extension | None = None
    at: datetime | None = None


class EventAccepted(Struct):
    """Where the event was stored, and the customers that the call belongs or may belong to."""

    interaction_id: UUID
    customer_ids: list[UUID]
