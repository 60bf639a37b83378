"""What is known of one call: a set of registers that facts fill, in any order and however often they come.

Every register merges by a rule that does not care about order or repetition (the earliest told time, the latest
queue, the most telling outcome, the union of times), so `merge` is commutative, associative and idempotent. That is
all the idempotency there is: no sequence numbers, no list of facts already seen. `Call` is stored as JSON between facts.
"""

from datetime import datetime
from typing import TypeVar

import msgspec

from ringdesk.features.telephony import facts as f
from ringdesk.features.telephony.history import Transfer


class Moment(msgspec.Struct, frozen=True, order=True, array_like=True):
    """A time with its quality. Ordered so that a told time comes before every inferred one, then earlier before later."""

    inferred: bool
    at: datetime


class Word(msgspec.Struct, frozen=True, order=True, array_like=True):
    """Something said, and when; ordered like `Moment`."""

    inferred: bool
    at: datetime
    text: str


class Leg(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of one agent's leg."""

    extension: Word | None = None
    call_type: f.CallType | None = None
    offered: Moment | None = None
    ringing: Moment | None = None
    until_answered: bool = False
    answered: Moment | None = None
    ended: Moment | None = None
    outcome: f.LegOutcome | None = None
    holds: tuple[datetime, ...] = ()
    resumes: tuple[datetime, ...] = ()


class Call(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of one call. Read it with `rules.history`; store it with `msgspec.json`."""

    source: str
    call_id: str
    first_seen: Moment
    last_seen: datetime
    direction: Word | None = None
    ani: Word | None = None
    dnis: Word | None = None
    caller_name: Word | None = None
    started: Moment | None = None
    ivr: Moment | None = None
    queue: Word | None = None
    queue_entered: Moment | None = None
    queue_left: datetime | None = None
    caller_hung_up: Moment | None = None
    remote_answered: Moment | None = None
    remote_ended: Moment | None = None
    remote_outcome: f.RemoteOutcome | None = None
    ended: Moment | None = None
    transfers: tuple[Transfer, ...] = ()
    legs: dict[str, Leg] = {}


# The later in the list, the more it tells: a telephone that rang out is also "cancelled" by the hang-up that follows,
# and a refusal or a fault may come with a mere "no answer".
_OUTCOMES: tuple[f.LegOutcome, ...] = ("cancelled", "no_answer", "failed", "busy", "rejected", "answered")
_REMOTE_OUTCOMES: tuple[f.RemoteOutcome, ...] = ("failed", "no_answer", "busy")
# A consult that becomes a transfer or conference changes type and stays one leg (product.md 3.11).
_CALL_TYPES: tuple[f.CallType, ...] = ("inbound", "outbound", "consult", "transfer", "conference")

_Ordered = TypeVar("_Ordered", Moment, Word, datetime)
_Named = TypeVar("_Named", bound=str)


def _first(a: _Ordered | None, b: _Ordered | None) -> _Ordered | None:
    if a is None or b is None:
        return a or b
    return min(a, b)


def _last(a: datetime | None, b: datetime | None) -> datetime | None:
    if a is None or b is None:
        return a or b
    return max(a, b)


def _latest_word(a: Word | None, b: Word | None) -> Word | None:
    if a is None or b is None:
        return a or b
    return max(a, b, key=lambda word: (not word.inferred, word.at, word.text))


def _higher(ranks: tuple[_Named, ...], a: _Named | None, b: _Named | None) -> _Named | None:
    if a is None or b is None:
        return a or b
    return max(a, b, key=ranks.index)


def _union(a: tuple[datetime, ...], b: tuple[datetime, ...]) -> tuple[datetime, ...]:
    return tuple(sorted({*a, *b})) if a and b else a or b


def merge_legs(a: Leg, b: Leg) -> Leg:
    """All that either knows of the same leg."""
    return Leg(
        extension=_first(a.extension, b.extension),
        call_type=_higher(_CALL_TYPES, a.call_type, b.call_type),
        offered=_first(a.offered, b.offered),
        ringing=_first(a.ringing, b.ringing),
        until_answered=a.until_answered or b.until_answered,
        answered=_first(a.answered, b.answered),
        ended=_first(a.ended, b.ended),
        outcome=_higher(_OUTCOMES, a.outcome, b.outcome),
        holds=_union(a.holds, b.holds),
        resumes=_union(a.resumes, b.resumes),
    )


def merge(a: Call, b: Call) -> Call:
    """All that either knows of the same call. Raises ValueError if they are two different calls."""
    if (a.source, a.call_id) != (b.source, b.call_id):
        raise ValueError(f"{b.source} {b.call_id} is not the call {a.source} {a.call_id}")
    legs = dict(a.legs)
    for leg_id, leg in b.legs.items():
        legs[leg_id] = merge_legs(legs[leg_id], leg) if leg_id in legs else leg
    return Call(
        source=a.source,
        call_id=a.call_id,
        first_seen=min(a.first_seen, b.first_seen),
        last_seen=max(a.last_seen, b.last_seen),
        direction=_first(a.direction, b.direction),
        ani=_first(a.ani, b.ani),
        dnis=_first(a.dnis, b.dnis),
        caller_name=_first(a.caller_name, b.caller_name),
        started=_first(a.started, b.started),
        ivr=_first(a.ivr, b.ivr),
        queue=_latest_word(a.queue, b.queue),
        queue_entered=_first(a.queue_entered, b.queue_entered),
        queue_left=_last(a.queue_left, b.queue_left),
        caller_hung_up=_first(a.caller_hung_up, b.caller_hung_up),
        remote_answered=_first(a.remote_answered, b.remote_answered),
        remote_ended=_first(a.remote_ended, b.remote_ended),
        remote_outcome=_higher(_REMOTE_OUTCOMES, a.remote_outcome, b.remote_outcome),
        ended=_first(a.ended, b.ended),
        transfers=tuple(sorted({*a.transfers, *b.transfers})) if b.transfers else a.transfers,
        legs={leg_id: legs[leg_id] for leg_id in sorted(legs)},
    )


def _leg_of(fact: f.LegFact, moment: Moment) -> Leg:
    extension = Word(fact.inferred, fact.at, fact.extension) if fact.extension else None
    match fact:
        case f.LegOffered():
            return Leg(extension=extension, offered=moment, call_type=fact.call_type)
        case f.LegRinging():
            return Leg(extension=extension, ringing=moment, until_answered=fact.until_answered)
        case f.LegAnswered():
            return Leg(extension=extension, answered=moment)
        case f.LegHeld():
            return Leg(extension=extension, holds=(fact.at,))
        case f.LegResumed():
            return Leg(extension=extension, resumes=(fact.at,))
        case f.LegEnded():
            return Leg(extension=extension, ended=moment, outcome=fact.outcome)


def _transfer_of(fact: f.CallTransferred) -> Transfer:
    return Transfer(
        at=fact.at,
        kind=fact.kind,
        from_leg_id=fact.leg_id or "",
        to_extension=fact.to_extension or "",
        to_leg_id=fact.to_leg_id or "",
    )


# Facts that say no more than when.
_MOMENT_OF: dict[type[f.CallFact], str] = {
    f.IvrStarted: "ivr",
    f.CallerHungUp: "caller_hung_up",
    f.RemoteAnswered: "remote_answered",
    f.CallEnded: "ended",
}


def call_of(fact: f.CallFact) -> Call:
    """The call as one fact alone knows it."""
    moment = Moment(fact.inferred, fact.at)

    def word(text: str | None) -> Word | None:
        return Word(fact.inferred, fact.at, text) if text else None

    def known(**registers: object) -> Call:
        return msgspec.structs.replace(Call(source=fact.source, call_id=fact.call_id, first_seen=moment, last_seen=fact.at), **registers)

    match fact:
        case f.CallStarted():
            return known(
                started=moment, direction=word(fact.direction), ani=word(fact.ani), dnis=word(fact.dnis), caller_name=word(fact.caller_name)
            )
        case f.CallerIdentified():
            return known(ani=word(fact.ani), dnis=word(fact.dnis), caller_name=word(fact.caller_name))
        case f.QueueEntered():
            return known(queue=word(fact.queue), queue_entered=moment)
        case f.QueueLeft():
            return known(queue_left=fact.at)
        case f.RemoteEnded():
            return known(remote_ended=moment, remote_outcome=fact.outcome)
        case f.CallTransferred():
            return known(transfers=(_transfer_of(fact),))
        case f.IvrStarted() | f.CallerHungUp() | f.RemoteAnswered() | f.CallEnded():
            return known(**{_MOMENT_OF[type(fact)]: moment})
        case _:
            return known(legs={fact.leg_id: _leg_of(fact, moment)})
