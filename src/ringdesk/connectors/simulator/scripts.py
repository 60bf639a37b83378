"""The calls that the simulator knows, as data: what the telephone system says, and how long after the step before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from ringdesk.features.telephony.facts import (
    CallEnded,
    CallerHungUp,
    CallFact,
    CallStarted,
    CallTransferred,
    IvrStarted,
    LegAnswered,
    LegEnded,
    LegHeld,
    LegResumed,
    LegRinging,
    QueueEntered,
    QueueLeft,
)

CallerKind: TypeAlias = Literal["known", "unknown", "shared"]
Role: TypeAlias = Literal["agent", "colleague"]
Seconds: TypeAlias = tuple[float, float]
"""A wait, drawn evenly between the two."""

AT_ONCE: Seconds = (0.05, 0.15)
MENU: Seconds = (2.0, 4.0)
WAITING: Seconds = (0.5, 2.0)
# People pick up after two or three rings, and a demo should not keep its viewer waiting for the end of a call.
PICKING_UP: Seconds = (4.0, 8.0)
TALKING: Seconds = (10.0, 40.0)
SHORT_TALK: Seconds = (8.0, 15.0)
GIVING_UP: Seconds = (6.0, 12.0)
RINGING_OUT: Seconds = (15.0, 20.0)


@dataclass(frozen=True)
class Step:
    """After a wait the telephone system says this fact; `role`: of whose telephone; `more`: further fields of it."""

    after: Seconds
    fact: type[CallFact]
    role: Role | None = None
    more: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Script:
    """One kind of call. `weight`: how often it is drawn. It is played at the agent who pops; a colleague may come first."""

    name: str
    weight: int
    caller: CallerKind
    steps: tuple[Step, ...]
    queue: str = "Support"

    @property
    def needs_colleague(self) -> bool:
        """Whether a second telephone takes part."""
        return any(step.role == "colleague" for step in self.steps)


_ARRIVES = (Step((0, 0), CallStarted), Step(AT_ONCE, IvrStarted), Step(MENU, QueueEntered))
_STRAIGHT = (Step((0, 0), CallStarted), Step(AT_ONCE, QueueEntered))
_RINGS = (Step(WAITING, LegRinging, "agent"),)
_TAKEN = (Step(PICKING_UP, LegAnswered, "agent"), Step(AT_ONCE, QueueLeft))
_OVER = (Step(TALKING, CallerHungUp), Step(AT_ONCE, LegEnded, "agent"), Step(AT_ONCE, CallEnded))

KNOWN = Script("inbound_known", 40, "known", (*_ARRIVES, *_RINGS, *_TAKEN, *_OVER))
UNKNOWN = Script("inbound_unknown", 15, "unknown", (*_STRAIGHT, *_RINGS, *_TAKEN, *_OVER), queue="Sales")
SHARED = Script("shared_number", 15, "shared", (*_STRAIGHT, *_RINGS, *_TAKEN, *_OVER))
HELD = Script(
    "inbound_held",
    8,
    "known",
    (*_STRAIGHT, *_RINGS, *_TAKEN, Step(SHORT_TALK, LegHeld, "agent"), Step(PICKING_UP, LegResumed, "agent"), *_OVER),
    queue="Billing",
)
TRANSFERRED = Script(
    "transferred",
    12,
    "known",
    (
        *_STRAIGHT,
        Step(WAITING, LegRinging, "colleague"),
        Step(PICKING_UP, LegAnswered, "colleague"),
        Step(AT_ONCE, QueueLeft),
        Step(SHORT_TALK, CallTransferred, "colleague", {"kind": "blind"}),
        Step(AT_ONCE, LegEnded, "colleague"),
        Step(AT_ONCE, LegRinging, "agent"),
        Step(PICKING_UP, LegAnswered, "agent"),
        *_OVER,
    ),
)
ABANDONED = Script(
    "abandoned",
    8,
    "known",
    (
        *_ARRIVES,
        *_RINGS,
        Step(GIVING_UP, CallerHungUp),
        Step(AT_ONCE, LegEnded, "agent", {"outcome": "cancelled"}),
        Step(AT_ONCE, QueueLeft),
        Step(AT_ONCE, CallEnded),
    ),
)
RING_NO_ANSWER = Script(
    "ring_no_answer",
    4,
    "known",
    (
        *_STRAIGHT,
        *_RINGS,
        Step(RINGING_OUT, LegEnded, "agent", {"outcome": "no_answer"}),
        # Nobody else is there: the queue lets the caller go with an announcement.
        Step(GIVING_UP, QueueLeft),
        Step(AT_ONCE, CallEnded),
    ),
)
IVR_ONLY = Script(
    "ivr_only",
    4,
    "known",
    (Step((0, 0), CallStarted), Step(AT_ONCE, IvrStarted), Step(SHORT_TALK, CallerHungUp), Step(AT_ONCE, CallEnded)),
)

SCRIPTS: tuple[Script, ...] = (KNOWN, UNKNOWN, SHARED, TRANSFERRED, HELD, ABANDONED, RING_NO_ANSWER, IVR_ONLY)
OPENING: tuple[Script, ...] = (KNOWN, UNKNOWN, SHARED, TRANSFERRED, ABANDONED)
"""Who watches a demo sees each kind once before chance takes over."""
