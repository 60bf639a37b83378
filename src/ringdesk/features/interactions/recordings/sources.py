"""Use cases of recording sources: an administrator says where other systems keep their recordings."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from msgspec import structs

from ringdesk.features import audit
from ringdesk.features.interactions.recordings import rules, store
from ringdesk.features.interactions.recordings.schemas import (
    NewRecordingSource,
    RecordingSource,
    RecordingSourcePatch,
    RecordingSources,
    RecordingSourcesChanged,
)
from ringdesk.features.interactions.schemas import Activity, Interaction
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.definitions import given
from ringdesk.kit.problems import FieldErrors, NotFound

# Enough to meet every system that is in use now; the newest lie side by side in the key's index.
SAMPLE = 1_000
_STARTED = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_LEG = Activity(
    id=UUID("019349d0-0000-7000-8000-000000000002"),
    interaction_id=UUID("019349d0-0000-7000-8000-000000000001"),
    kind="agent",
    call_type="inbound",
    agent_id=UUID("019349d0-0000-7000-8000-000000000003"),
    agent_name="Aiko",
    team_name="North",
    extension="2001",
    started_at=_STARTED,
    answered_at=_STARTED + timedelta(seconds=8),
    ended_at=_STARTED + timedelta(minutes=3),
    duration_s=172.0,
    outcome="answered",
)
_CALL = Interaction(
    id=_LEG.interaction_id,
    customer_id=None,
    candidates=[],
    channel="voice",
    direction="inbound",
    ani="+442079460958",
    dnis="+442079460000",
    queue="support",
    caller_name=None,
    started_at=_STARTED,
    answered_at=_LEG.answered_at,
    ended_at=_LEG.ended_at,
    duration_s=180.0,
    type="agent",
    state="ended",
    result="answered",
    source="pbx",
    external_id="1763803800.42",
)


async def every(db: Database) -> RecordingSources:
    """Every source with a template, and the sources that interactions came from lately."""
    async with db.transaction() as uow:
        return RecordingSources([_shown(row) for row in await store.sources(uow)], await store.lately_told(uow, SAMPLE))


async def add(db: Database, actor: Actor, new: NewRecordingSource) -> RecordingSource:
    """Say where a source keeps its recordings. Raises InvalidFields with every error."""
    async with db.transaction() as uow:
        await store.hold_sources(uow)
        errors = FieldErrors()
        rules.check_template(new.template, errors)
        if any(one.source == new.source for one in await store.sources(uow)):
            errors.add("source", "taken", f"“{new.source}” has a template already; change that one.")
        errors.raise_if_any()
        return await _put(uow, actor, "created", None, store.SourceRow(new.source, new.template, new.active))


async def change(db: Database, actor: Actor, source: str, patch: RecordingSourcePatch) -> RecordingSource:
    """Change a template. Raises NotFound, InvalidFields."""
    async with db.transaction() as uow:
        await store.hold_sources(uow)
        before = await _found(uow, source)
        after = structs.replace(before, **given(patch))
        errors = FieldErrors()
        rules.check_template(after.template, errors)
        errors.raise_if_any()
        return await _put(uow, actor, "changed", before, after) if after != before else _shown(before)


async def remove(db: Database, actor: Actor, source: str) -> None:
    """Take out a template; the recordings stay where they are and no longer show. Raises NotFound."""
    async with db.transaction() as uow:
        await store.hold_sources(uow)
        before = await _found(uow, source)
        await store.drop_source(uow, source)
        await audit.write(uow, actor, "recording_source.removed", "recording_source", source, before, None)
        await _tell(uow)


async def _put(uow: UnitOfWork, actor: Actor, what: str, before: store.SourceRow | None, after: store.SourceRow) -> RecordingSource:
    await store.put_source(uow, after)
    await audit.write(uow, actor, f"recording_source.{what}", "recording_source", after.source, before, after)
    await _tell(uow)
    return _shown(after)


async def _tell(uow: UnitOfWork) -> None:
    items = [_shown(row) for row in await store.sources(uow)]
    uow.log_event("recording_sources.changed", ["recording_sources"], RecordingSourcesChanged(items))


async def _found(uow: UnitOfWork, source: str) -> store.SourceRow:
    for one in await store.sources(uow):
        if one.source == source:
            return one
    raise NotFound("This source has no template.")


def _shown(row: store.SourceRow) -> RecordingSource:
    return RecordingSource(
        source=row.source, template=row.template, active=row.active, example=rules.address(row.template, _CALL, _LEG) or ""
    )
