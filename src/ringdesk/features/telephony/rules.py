"""The call state machine: facts in, history out. No I/O, no clock (product.md 3.1-3.3, 3.11, 5.3, 5.5, 5.6).

    call = apply(stored_or_none, fact)      # for each fact of the call
    call = reconcile(call, resynced)        # for each open call of a source that was resynced
    history(call)                           # the interaction and its parts as they are now
    live_legs(call)                         # whose telephones ring or talk now

`apply` folds: any order and any repetition of the same facts gives the same `Call` (see `calls`), so late and repeated
events change nothing that they do not know better, and a call that ended stays ended.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from ringdesk.features.telephony.calls import Call, Leg, Moment, Word, call_of, merge, merge_legs
from ringdesk.features.telephony.facts import CallFact, CallType, Direction, LegOutcome, Resynced
from ringdesk.features.telephony.history import CallHistory, CallResult, Part, PartState

__all__ = ["Call", "apply", "apply_all", "history", "live_legs", "reconcile"]

# Answer() in a dialplan waits half a second for the sound path; a caller handed on sooner than this met no IVR.
SHORTEST_IVR = timedelta(seconds=1)
# A telephone system stamps the events of one hang-up some milliseconds apart and in any order.
ONE_HANGUP = timedelta(seconds=1)


def apply(call: Call | None, fact: CallFact) -> Call:
    """The call with one more fact; `None` begins it. Raises ValueError if the fact is another call's."""
    return call_of(fact) if call is None else merge(call, call_of(fact))


def apply_all(call: Call | None, facts: Iterable[CallFact]) -> Call | None:
    """`apply` for each of `facts`."""
    for fact in facts:
        call = apply(call, fact)
    return call


def reconcile(call: Call, resynced: Resynced) -> Call:
    """The call after its telephone system listed what runs (product.md 5.6).

    A call or leg that began before the list was made and is not in it is over; its end is marked as inferred, and a
    told end that still arrives takes its place. Raises ValueError if the list is another source's.
    """
    if resynced.source != call.source:
        raise ValueError(f"a list of {resynced.source} says nothing of a call of {call.source}")
    if call.ended or call.first_seen.at >= resynced.at:
        return call
    listed = next((live for live in resynced.live if live.call_id == call.call_id), None)
    if listed is None:
        gone = resynced.at
        if resynced.booted_at and resynced.booted_at >= call.last_seen:
            gone = min(gone, resynced.booted_at)
        return msgspec.structs.replace(call, ended=Moment(True, gone))
    over = Leg(ended=Moment(True, resynced.at))
    gone_legs = {
        leg_id: merge_legs(leg, over)
        for leg_id, leg in call.legs.items()
        if not leg.ended and leg_id not in listed.legs and min(_sights(leg)) < resynced.at
    }
    return msgspec.structs.replace(call, legs={**call.legs, **gone_legs}) if gone_legs else call


def live_legs(call: Call) -> tuple[Part, ...]:
    """The agents' parts that ring, talk or are on hold now, oldest first: whom to show the call to."""
    return tuple(part for part in history(call).parts if part.kind == "agent" and part.state in ("ringing", "talking", "hold"))


def history(call: Call) -> CallHistory:
    """The interaction and its parts as they are now.

    Parts are in the order in which they began. Times never run backwards: what is stamped after the end of its leg
    or call is taken to have happened at the end.
    """
    direction = _direction(call)
    started_at = _started_at(call)
    ended_at = _ended_at(call)
    legs = sorted((_leg_part(call, leg_id, direction) for leg_id in call.legs), key=lambda part: (part.started_at, part.key))
    ivr = _ivr_part(call) if direction == "inbound" else None
    answered_at = _answered_at(call, direction, legs)
    return CallHistory(
        source=call.source,
        external_id=call.call_id,
        direction=direction,
        ani=_text(call.ani),
        dnis=_text(call.dnis),
        queue=_text(call.queue),
        caller_name=_text(call.caller_name),
        started_at=started_at,
        answered_at=answered_at,
        ended_at=ended_at,
        duration=ended_at - started_at if ended_at else None,
        type="agent" if legs else "ivr",
        state="ended" if ended_at else "in_progress",
        result=_result(call, direction, answered_at, ended_at, ivr),
        gap=any(moment.inferred for moment in _moments(call)),
        parts=(ivr, *legs) if ivr else tuple(legs),
        transfers=call.transfers,
    )


def _text(word: Word | None) -> str | None:
    return word.text if word else None


def _direction(call: Call) -> Direction:
    return "outbound" if call.direction and call.direction.text == "outbound" else "inbound"


def _moments(call: Call) -> Iterator[Moment]:
    """The times that the history rests on."""
    for moment in (call.started, call.ended):
        if moment:
            yield moment
    for leg in call.legs.values():
        for moment in (leg.ringing or leg.offered, leg.answered, leg.ended):
            if moment:
                yield moment


def _earliest(*times: datetime | None) -> datetime | None:
    return min((at for at in times if at), default=None)


def _sights(leg: Leg) -> list[datetime]:
    return [moment.at for moment in (leg.offered, leg.ringing, leg.answered, leg.ended) if moment] + [*leg.holds, *leg.resumes]


def _started_at(call: Call) -> datetime:
    return min(call.started.at, call.first_seen.at) if call.started else call.first_seen.at


def _ended_at(call: Call) -> datetime | None:
    """The end of the last leg, once the call is over (product.md 3.2)."""
    if call.ended is None:
        return None
    told = [leg.ended.at for leg in call.legs.values() if leg.ended and not leg.ended.inferred]
    return max(_started_at(call), call.ended.at, *told)


def _within(call: Call, at: datetime | None) -> datetime | None:
    """`at`, or the nearest time at which the call was going on: what was inferred may lie outside of what was told."""
    if at is None:
        return None
    ended_at = _ended_at(call)
    return max(_started_at(call), min(at, ended_at) if ended_at else at)


def _call_type(call: Call, leg_id: str, direction: Direction) -> CallType:
    """Product.md 3.11: the first leg keeps the direction of the call; whoever comes after an answer was handed it."""
    leg = call.legs[leg_id]
    if leg.call_type == "consult" and any(transfer.to_leg_id == leg_id for transfer in call.transfers):
        return "transfer"
    if leg.call_type:
        return leg.call_type
    begun = min(_sights(leg))
    others = (other for other_id, other in call.legs.items() if other_id != leg_id)
    return "transfer" if any(other.answered and other.answered.at < begun for other in others) else direction


def _leg_part(call: Call, leg_id: str, direction: Direction) -> Part:
    leg = call.legs[leg_id]
    call_type = _call_type(call, leg_id, direction)
    ended_at = _within(call, leg.ended.at) if leg.ended else _stopped_at(call, leg) or _ended_at(call)
    rings = leg.ringing or leg.offered
    begun = _within(call, _earliest(rings.at if rings else min(_sights(leg)), leg.answered.at if leg.answered else None, ended_at))
    assert begun is not None
    # On an outbound leg the agent's telephone is up long before the customer answers: the talk begins with the customer.
    answer = call.remote_answered if call_type == "outbound" else leg.answered
    answered_at = _earliest(answer.at, ended_at) if answer else begun if leg.outcome == "answered" else None
    answered_at = max(begun, answered_at) if answered_at else None
    return Part(
        key=f"leg:{leg_id}",
        kind="agent",
        leg_id=leg_id,
        extension=_text(leg.extension),
        call_type=call_type,
        state=_state(leg, answered_at, ended_at),
        started_at=begun,
        answered_at=answered_at,
        ended_at=ended_at,
        duration=None if ended_at is None else ended_at - answered_at if answered_at else timedelta(),
        outcome="answered" if answered_at else _outcome(call, leg, call_type) if ended_at else None,
        held=_held(leg, ended_at),
    )


def _stopped_at(call: Call, leg: Leg) -> datetime | None:
    """When a telephone that rang along with others stopped, because one of them was answered (product.md 4.5, ring-all)."""
    if not leg.until_answered or leg.answered or leg.ringing is None:
        return None
    rang = leg.ringing.at
    return min((other.answered.at for other in call.legs.values() if other.answered and other.answered.at >= rang), default=None)


def _state(leg: Leg, answered_at: datetime | None, ended_at: datetime | None) -> PartState:
    if ended_at:
        return "ended"
    if answered_at:
        return "hold" if leg.holds and (not leg.resumes or leg.resumes[-1] < leg.holds[-1]) else "talking"
    return "ringing" if leg.ringing or leg.answered else "offered"


def _held(leg: Leg, ended_at: datetime | None) -> timedelta:
    """Time on hold up to the last thing known. A telephone may "resume" what it never held: that counts for nothing."""
    held, since = timedelta(), None
    for at, holds in sorted([(at, True) for at in leg.holds] + [(at, False) for at in leg.resumes]):
        if ended_at and at > ended_at:
            break
        if holds:
            since = since or at
        elif since:
            held, since = held + (at - since), None
    return held + (ended_at - since) if since and ended_at else held


def _outcome(call: Call, leg: Leg, call_type: CallType) -> LegOutcome:
    """Of an unanswered leg that is over."""
    if leg.outcome:
        return leg.outcome
    if call_type == "outbound":
        return call.remote_outcome or "cancelled"
    if leg.ended is None and call.ended and call.ended.inferred:
        return "cancelled"  # It vanished while nobody listened: nothing says that the agent let it ring.
    taken = any(other.answered for other in call.legs.values())
    return "cancelled" if taken or call.caller_hung_up else "no_answer"


def _ivr_part(call: Call) -> Part | None:
    """From when the telephone system took the call until it handed the caller on, if it did so before any agent."""
    if call.ivr is None:
        return None
    started_at = max(_started_at(call), call.ivr.at)
    onward = [min(sights) for leg in call.legs.values() if (sights := _sights(leg))]
    if call.queue_entered:
        onward.append(call.queue_entered.at)
    if onward and min(onward) - started_at < SHORTEST_IVR:
        return None
    ended_at = _earliest(*onward, _ended_at(call))
    started_at = min(started_at, ended_at) if ended_at else started_at
    return Part(
        key="ivr",
        kind="ivr",
        state="ended" if ended_at else "talking",
        started_at=started_at,
        answered_at=started_at,
        ended_at=ended_at,
        duration=ended_at - started_at if ended_at else None,
        outcome="answered",
    )


def _answered_at(call: Call, direction: Direction, legs: list[Part]) -> datetime | None:
    if direction == "outbound":
        return call.remote_answered.at if call.remote_answered else None
    return min((leg.answered_at for leg in legs if leg.answered_at), default=None)


def _result(
    call: Call, direction: Direction, answered_at: datetime | None, ended_at: datetime | None, ivr: Part | None
) -> CallResult | None:
    """Product.md 3.1. A call without a result is still in progress and unanswered."""
    if answered_at:
        return "answered"
    if ended_at is None:
        return None
    if direction == "outbound":
        return call.remote_outcome or ("no_answer" if call.remote_ended else "failed")
    if call.legs or call.queue:
        return "abandoned" if _left_waiting(call) else "not_accepted"
    if ivr:
        return "ivr_only"
    return "abandoned" if call.caller_hung_up else "failed"


def _left_waiting(call: Call) -> bool:
    """Whether the caller went away while waiting for an agent, rather than after all of them had failed to answer."""
    waits = [leg.ended.at if leg.ended else None for leg in call.legs.values()]
    if call.queue_entered:
        waits.append(call.queue_left if call.queue_left and call.queue_left >= call.queue_entered.at else None)
    if call.caller_hung_up is None:
        # Gone while nobody listened: whoever was still waiting then got no agent and was not refused one.
        return bool(call.ended and call.ended.inferred and None in waits)
    return any(until is None or call.caller_hung_up.at <= until + ONE_HANGUP for until in waits)
