"""What became of a call: the interaction and its parts, as `rules.history` works them out from the facts."""

from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import msgspec

from ringdesk.features.telephony.facts import CallType, Direction, LegOutcome, TransferKind

CallResult: TypeAlias = Literal["answered", "abandoned", "not_accepted", "ivr_only", "busy", "no_answer", "failed"]
InteractionType: TypeAlias = Literal["agent", "ivr"]
CallState: TypeAlias = Literal["in_progress", "ended"]
PartKind: TypeAlias = Literal["ivr", "agent"]
PartState: TypeAlias = Literal["offered", "ringing", "talking", "hold", "ended"]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One activity of a call (product.md 3.3).

    `key` is stable for the life of the call and unique in it (`ivr`, or `leg:` and the provider's leg id), so that
    a row written for it once is found again. An agent's part starts when the telephone begins to ring. `duration`
    is answer to end, zero if unanswered, None while the part lasts; `held` is the time on hold within it.
    """

    key: str
    kind: PartKind
    leg_id: str | None = None
    extension: str | None = None
    call_type: CallType | None = None
    state: PartState
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    duration: timedelta | None = None
    outcome: LegOutcome | None = None
    held: timedelta = timedelta()


class Transfer(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A hand-over of the call from one agent's leg to an extension."""

    at: datetime
    kind: TransferKind
    from_leg_id: str = ""
    to_extension: str = ""
    to_leg_id: str = ""


class CallHistory(msgspec.Struct, frozen=True, kw_only=True):
    """One call as an interaction (product.md 3.2).

    `answered_at` is when an agent (inbound) or the customer (outbound) took the call: the IVR's own answer does not
    count. `ended_at` is the end of the last leg and `duration` runs from first contact to it. `gap` says that a
    time in here was worked out after the link to the telephone system had been down, not told by it.
    """

    source: str
    external_id: str
    direction: Direction
    ani: str | None
    dnis: str | None
    queue: str | None
    caller_name: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    duration: timedelta | None
    type: InteractionType
    state: CallState
    result: CallResult | None
    gap: bool
    parts: tuple[Part, ...]
    transfers: tuple[Transfer, ...] = ()
