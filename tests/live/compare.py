"""A call as Ringdesk tells it, beside the same call as Asterisk wrote it down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from ringdesk.features.telephony.history import CallHistory
from tests.support.asterisk.truth import TrueCall

# Ringdesk is told by AMI when a telephone rings; CEL says when its channel was made. Both stamp with the PBX's clock.
TOLERANCE: Final = timedelta(milliseconds=100)


@dataclass(frozen=True, slots=True)
class ToldPart:
    """One activity; `who` is the agent's extension, or `ivr`."""

    who: str
    call_type: str | None
    outcome: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    duration: timedelta | None


@dataclass(frozen=True, slots=True)
class ToldCall:
    """One interaction."""

    direction: str
    ani: str | None
    dnis: str | None
    queue: str | None
    result: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    duration: timedelta | None
    parts: tuple[ToldPart, ...]


def from_history(history: CallHistory) -> ToldCall:
    """What the rules made of the facts."""
    return ToldCall(
        direction=history.direction,
        ani=history.ani,
        dnis=history.dnis,
        queue=history.queue,
        result=history.result,
        started_at=history.started_at,
        answered_at=history.answered_at,
        ended_at=history.ended_at,
        duration=history.duration,
        parts=tuple(
            ToldPart(
                who=part.extension or part.kind,
                call_type=part.call_type,
                outcome=part.outcome,
                started_at=part.started_at,
                answered_at=part.answered_at,
                ended_at=part.ended_at,
                duration=part.duration,
            )
            for part in history.parts
        ),
    )


def from_journey(interaction: Mapping[str, Any]) -> ToldCall:
    """What the API says is stored (an interaction of `GET /customers/{id}/journey`)."""
    activities = [activity for activity in interaction["activities"] if activity["kind"] in ("ivr", "agent")]
    return ToldCall(
        direction=interaction["direction"],
        ani=interaction["ani"],
        dnis=interaction["dnis"],
        queue=interaction["queue"],
        result=interaction["result"],
        started_at=datetime.fromisoformat(interaction["started_at"]),
        answered_at=_time(interaction["answered_at"]),
        ended_at=_time(interaction["ended_at"]),
        duration=_span(interaction["duration_s"]),
        parts=tuple(
            ToldPart(
                who=activity["extension"] or activity["kind"],
                call_type=activity["call_type"],
                outcome=activity["outcome"],
                started_at=datetime.fromisoformat(activity["started_at"]),
                answered_at=_time(activity["answered_at"]),
                ended_at=_time(activity["ended_at"]),
                duration=_span(activity["duration_s"]),
            )
            for activity in activities
        ),
    )


def differences(told: ToldCall, truth: TrueCall) -> list[str]:
    """Everything in which what is told departs from CEL; times by more than the tolerance."""
    return list(_differences(told, truth))


def _differences(told: ToldCall, truth: TrueCall) -> Iterator[str]:
    yield from _unequal("direction", told.direction, "inbound")
    yield from _unequal("number", told.ani, truth.number)
    yield from _unequal("dialled", told.dnis, truth.dialled)
    yield from _unequal("queue", told.queue, truth.queue)
    yield from _unequal("result", told.result, truth.result)
    yield from _apart("start", told.started_at, truth.started_at)
    yield from _apart("answer", told.answered_at, truth.answered_at)
    yield from _apart("end", told.ended_at, truth.ended_at)
    yield from _longer("call", told.duration, truth.ended_at - truth.started_at)
    # By name: telephones that ring at the same moment have no order. What has one shows in the times.
    parts = sorted(told.parts, key=lambda part: (part.who, part.started_at))
    legs = sorted(truth.legs, key=lambda leg: (leg.agent or leg.kind, leg.started_at))
    names = [leg.agent or leg.kind for leg in legs]
    yield from _unequal("parts", [part.who for part in parts], names)
    for part, leg, name in zip(parts, legs, names, strict=False):
        yield from _unequal(f"call type of {name}", part.call_type, leg.call_type)
        yield from _unequal(f"outcome of {name}", part.outcome, leg.outcome)
        # Between the making of the channel, which is all that CEL knows, and the first ring by the phone's own account.
        if _seconds_off(part.started_at, leg.started_at, leg.rang_at or leg.started_at) > TOLERANCE.total_seconds():
            yield from _apart(f"start of {name}", part.started_at, leg.rang_at or leg.started_at)
        yield from _apart(f"answer of {name}", part.answered_at, leg.answered_at)
        yield from _apart(f"end of {name}", part.ended_at, leg.ended_at)
        yield from _longer(name, part.duration, leg.ended_at - leg.answered_at if leg.answered_at is not None else 0.0)


def _unequal(what: str, told: object, true: object) -> Iterator[str]:
    if told != true:
        yield f"{what}: {told!r}, by CEL {true!r}"


def _apart(what: str, told: datetime | None, true: float | None) -> Iterator[str]:
    moment = datetime.fromtimestamp(true, UTC) if true is not None else None
    if told is None or moment is None:
        yield from _unequal(what, told, moment)
    elif abs(told - moment) > TOLERANCE:
        yield f"{what}: {told}, by CEL {moment}"


def _seconds_off(told: datetime, earliest: float, latest: float) -> float:
    moment = told.timestamp()
    return max(earliest - moment, moment - latest, 0.0)


def _longer(what: str, told: timedelta | None, seconds: float) -> Iterator[str]:
    if told is None or abs(told - timedelta(seconds=seconds)) > TOLERANCE:
        yield f"duration of {what}: {told}, by CEL {seconds:.3f} s"


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _span(seconds: float | None) -> timedelta | None:
    return timedelta(seconds=seconds) if seconds is not None else None
