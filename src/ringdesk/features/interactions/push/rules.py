"""What a pushed interaction is, and what a second telling changes; pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import UNSET, Struct, structs

from ringdesk.features.interactions.push.schemas import PushedActivity, PushedInteraction, StandaloneActivity
from ringdesk.features.interactions.rules import checked_tags
from ringdesk.features.interactions.schemas import Activity, Interaction
from ringdesk.kit.problems import FieldErrors

# Clocks differ, and history may be told later; a time outside of this is a mistake of whoever wrote it.
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
FURTHEST_AHEAD = timedelta(days=1)


class Agent(Struct, frozen=True):
    """A colleague by whose e-mail address an activity was told."""

    id: UUID
    name: str
    team_name: str | None
    extension: str | None


def check(pushed: PushedInteraction, now: datetime, errors: FieldErrors) -> None:
    """Note every time that can't be and every tag that can't be one."""
    _check_times("", pushed.started_at, pushed.answered_at, pushed.ended_at, now, errors)
    check_activities(pushed.activities, now, errors)


def check_activities(activities: Sequence[PushedActivity], now: datetime, errors: FieldErrors) -> None:
    """Like `check`, for activities by themselves."""
    seen: set[str] = set()
    for place, one in enumerate(activities):
        under = f"activities[{place}]."
        _check_times(under, one.started_at, one.answered_at, one.ended_at, now, errors)
        if one.external_id in seen:
            errors.add(f"{under}external_id", "repeated", f"“{one.external_id}” stands twice.")
        seen.add(one.external_id)
        wrong = FieldErrors()
        checked_tags(one.tags, wrong)
        for error in wrong.items:
            errors.add(under + error.field, error.code, error.message)


def alone(told: StandaloneActivity) -> PushedInteraction:
    """The interaction of an activity that stands alone: it holds nothing else, and is over with it."""
    said = structs.asdict(told) | {"ended_at": told.ended_at or told.started_at, "media_type": told.channel}
    part = PushedActivity(**_members(PushedActivity, said))
    return PushedInteraction(**_members(PushedInteraction, said | {"activities": [part]}))


def _members(kind: type[Struct], said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in kind.__struct_fields__ if name in said}


def interaction_of(
    pushed: PushedInteraction, interaction_id: UUID, before: Interaction | None, legs: Sequence[PushedActivity], ani: str | None
) -> Interaction:
    """The interaction after a telling; what it does not say stays as it was. `legs`: every activity told so far, as far as it matters."""
    ended = pushed.ended_at or (before.ended_at if before else None)
    digital = pushed.channel not in ("voice", "video")
    offered = any(one.kind == "agent" for one in legs)
    told = Interaction(
        id=interaction_id,
        customer_id=None,
        candidates=[],
        channel=pushed.channel,
        direction=pushed.direction,
        ani=ani,
        dnis=pushed.our_address,
        queue=pushed.queue,
        caller_name=pushed.name,
        started_at=pushed.started_at,
        answered_at=pushed.answered_at,
        ended_at=ended,
        duration_s=max(0.0, (ended - pushed.started_at).total_seconds()) if ended else None,
        # product.md 3.2: `agent` if any leg was offered to an agent, and always on digital channels.
        type="agent" if digital or offered or (before is not None and before.type == "agent") else "ivr",
        state="ended" if ended else "in_progress",
        result=pushed.result,
        source=pushed.source,
        external_id=pushed.external_id,
    )
    if before is None:
        return told
    kept = {
        name: getattr(before, name)
        for name in ("ani", "dnis", "queue", "caller_name", "answered_at", "result")
        if getattr(told, name) is None
    }
    return structs.replace(
        told,
        **kept,
        customer_id=before.customer_id,
        candidates=before.candidates,
        standalone=before.standalone,
        request_id=before.request_id,
        request=before.request,
    )


def activity_of(
    pushed: PushedActivity, activity_id: UUID, interaction: Interaction, before: Activity | None, agents: Mapping[str, Agent]
) -> Activity:
    """The activity after a telling; what it does not say stays as it was."""
    agent = agents.get(pushed.agent_email.strip().lower()) if pushed.agent_email else None
    ended = pushed.ended_at or (pushed.started_at if pushed.kind == "message" else None) or (before.ended_at if before else None)
    answered = pushed.answered_at or (before.answered_at if before else None)
    talked_from = answered if pushed.kind == "agent" else pushed.started_at
    return Activity(
        id=activity_id,
        interaction_id=interaction.id,
        kind=pushed.kind,
        call_type=pushed.call_type or (before.call_type if before else None),
        agent_id=agent.id if agent else before.agent_id if before else None,
        agent_name=agent.name if agent else pushed.agent_name or (before.agent_name if before else None),
        team_name=agent.team_name if agent else before.team_name if before else None,
        extension=agent.extension if agent and pushed.kind == "agent" else before.extension if before else None,
        started_at=pushed.started_at,
        answered_at=answered,
        ended_at=ended,
        # Answer to end; 0 if it was never answered (product.md 3.3).
        duration_s=(max(0.0, (ended - talked_from).total_seconds()) if talked_from else 0.0) if ended else None,
        outcome=pushed.outcome or (before.outcome if before else None),
        media_type=pushed.media_type or (before.media_type if before else interaction.channel),
        text=pushed.text if pushed.text is not None else before.text if before else None,
        tags=UNSET,
    )


def told_anew(told: Mapping[str, object], last: Mapping[str, object], held: Mapping[str, object]) -> dict[str, object]:
    """Which of the told values change a field: those that are other than the `last` told, where what is `held` is what was told.

    Told again, a value changes nothing; where people wrote something else, that stands (product.md 3.10).
    """
    return {key: value for key, value in told.items() if last.get(key) != value and held.get(key) in (None, last.get(key))}


def _check_times(
    under: str, started: datetime, answered: datetime | None, ended: datetime | None, now: datetime, errors: FieldErrors
) -> None:
    for name, at in (("started_at", started), ("answered_at", answered), ("ended_at", ended)):
        if at is None:
            continue
        if at.tzinfo is None:
            errors.add(under + name, "no_zone", "Say the zone, such as 2026-11-22T10:30:00Z.")
        elif not OLDEST <= at <= now + FURTHEST_AHEAD:
            errors.add(under + name, "not_in_range", "This must lie between the year 2000 and tomorrow.")
        elif at < started and started.tzinfo is not None:
            errors.add(under + name, "before_start", "This lies before started_at.")
