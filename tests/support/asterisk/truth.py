"""What really happened in a call, worked out from Asterisk's CEL alone.

This is the yardstick for what Ringdesk stores, so it is written from product.md (3.1 to 3.3, 3.11) and from what CEL
means, and shares no code, no wording and no input with Ringdesk: CEL comes from a file, Ringdesk listens to other
events.  It covers calls that come in over the trunk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from tests.support.asterisk.config import AGENTS
from tests.support.asterisk.records import CelEvent

Outcome = Literal["answered", "no_answer", "busy", "rejected", "cancelled", "failed"]
Result = Literal["answered", "abandoned", "not_accepted", "ivr_only", "failed"]

# ITU-T Q.850 causes that a phone gives when it refuses; 26 is "answered elsewhere", said to phones that stop ringing.
_REFUSALS: Final[dict[int, Outcome]] = {17: "busy", 21: "rejected", 1: "failed", 34: "failed", 38: "failed"}
# A caller who goes away takes the ringing phones along: their ends lie milliseconds apart, whichever is written first.
_TOGETHER_S: Final = 0.5
# The half second of silence with which Answer() begins is no conversation with a machine.
_SHORTEST_IVR_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class TrueLeg:
    """One part of a call. Times are seconds since the epoch.

    CEL does not know when a telephone rings: `started_at` is when its channel was made, `rang_at` when the phone itself
    says that it began to ring. They are a few milliseconds apart unless the machine is busy.
    """

    kind: Literal["ivr", "agent"]
    agent: str | None
    call_type: Literal["inbound", "transfer"] | None
    started_at: float
    answered_at: float | None
    ended_at: float
    outcome: Outcome
    rang_at: float | None = None


@dataclass(frozen=True, slots=True)
class TrueCall:
    """One call that came in over the trunk, from its first ring to its last breath."""

    linkedid: str
    number: str
    name: str
    dialled: str
    queue: str | None
    started_at: float
    answered_at: float | None
    ended_at: float
    result: Result
    legs: tuple[TrueLeg, ...]


def true_call(events: list[CelEvent], *, rings: Sequence[tuple[str, float]] = ()) -> TrueCall:
    """Read one finished call; `rings` is which phone began to ring when (`Asterisk.rings`).

    Raises:
        ValueError: the events are not those of one finished call.
    """
    linkedids = {event.linkedid for event in events}
    if len(linkedids) != 1 or not any(event.kind == "LINKEDID_END" for event in events):
        raise ValueError(f"not one finished call: {sorted(linkedids)}")
    linkedid = linkedids.pop()
    caller = [event for event in events if event.uniqueid == linkedid]
    first = caller[0]
    hung_up = _last(caller, "HANGUP")
    assert hung_up is not None
    caller_left = hung_up.extra.get("hangupsource") == hung_up.channel

    agents: list[TrueLeg] = []
    for uniqueid in dict.fromkeys(event.uniqueid for event in events if event.endpoint in AGENTS):
        channel = [event for event in events if event.uniqueid == uniqueid]
        leg = _agent_leg(channel, earlier=agents, caller_gone=hung_up.at if caller_left else None)
        rang = [at for phone, at in rings if phone == leg.agent and leg.started_at <= at <= leg.ended_at]
        agents.append(replace(leg, rang_at=min(rang, default=None)))
    agents.sort(key=lambda leg: leg.started_at)

    queue = next((e for e in caller if e.kind == "APP_START" and e.application == "Queue"), None)
    ivr = _ivr_leg(caller, agents, queue.at if queue else None, hung_up.at)
    answers = [leg.answered_at for leg in agents if leg.answered_at is not None]
    return TrueCall(
        linkedid=linkedid,
        number=first.number,
        name=first.name,
        dialled=first.extension,
        queue=queue.data.split(",")[0] if queue else None,
        started_at=first.at,
        answered_at=min(answers, default=None),
        ended_at=max(hung_up.at, *(leg.ended_at for leg in agents)) if agents else hung_up.at,
        result=_result(agents, ivr, queue=queue, caller_left=caller_left, over_at=hung_up.at),
        legs=((ivr,) if ivr else ()) + tuple(agents),
    )


def check_consistent(call: TrueCall) -> None:
    """Refuse a yardstick that bends: legs within the call, one talking agent at a time.

    Raises:
        ValueError: CEL was misread.
    """
    for leg in call.legs:
        times = [call.started_at, leg.started_at, leg.answered_at or leg.started_at, leg.ended_at, call.ended_at]
        if times != sorted(times):
            raise ValueError(f"times out of order in {leg}")
    talks = sorted((leg.answered_at, leg.ended_at) for leg in call.legs if leg.kind == "agent" and leg.answered_at)
    for (_, ended), (answered, _) in pairwise(talks):
        if answered < ended - _TOGETHER_S:
            raise ValueError(f"two agents talked at once: {talks}")


def _agent_leg(channel: list[CelEvent], *, earlier: list[TrueLeg], caller_gone: float | None) -> TrueLeg:
    started, answer, hung_up = channel[0].at, _last(channel, "ANSWER"), _last(channel, "HANGUP")
    assert hung_up is not None
    cause = int(hung_up.extra.get("hangupcause", 0))
    outcome: Outcome
    if answer is not None:
        outcome = "answered"
    elif cause in _REFUSALS:
        outcome = _REFUSALS[cause]
    elif cause == 26 or (caller_gone is not None and abs(caller_gone - hung_up.at) < _TOGETHER_S):
        outcome = "cancelled"
    else:
        outcome = "no_answer"
    after_a_talk = any(leg.answered_at is not None and leg.answered_at < started for leg in earlier)
    return TrueLeg(
        kind="agent",
        agent=channel[0].endpoint,
        call_type="transfer" if after_a_talk else "inbound",
        started_at=started,
        answered_at=answer.at if answer else None,
        ended_at=hung_up.at,
        outcome=outcome,
    )


def _ivr_leg(caller: list[CelEvent], agents: list[TrueLeg], queued_at: float | None, over_at: float) -> TrueLeg | None:
    """From the PBX's own answer until the caller is handed on; none if an agent's answer was the first."""
    answer = next((event.at for event in caller if event.kind == "ANSWER"), None)
    onward = [leg.started_at for leg in agents] + ([queued_at] if queued_at else [])
    handed_on = min(onward, default=None)
    if answer is None or (handed_on is not None and handed_on - answer < _SHORTEST_IVR_S):
        return None
    return TrueLeg(
        kind="ivr",
        agent=None,
        call_type=None,
        started_at=answer,
        answered_at=answer,
        ended_at=handed_on or over_at,
        outcome="answered",
    )


def _result(agents: list[TrueLeg], ivr: TrueLeg | None, *, queue: CelEvent | None, caller_left: bool, over_at: float) -> Result:
    if any(leg.outcome == "answered" for leg in agents):
        return "answered"
    if agents or queue:
        still_waiting = queue is not None or any(over_at - leg.ended_at < _TOGETHER_S for leg in agents)
        return "abandoned" if caller_left and still_waiting else "not_accepted"
    if ivr:
        return "ivr_only"
    return "abandoned" if caller_left else "failed"


def _last(events: list[CelEvent], kind: str) -> CelEvent | None:
    return next((event for event in reversed(events) if event.kind == kind), None)
