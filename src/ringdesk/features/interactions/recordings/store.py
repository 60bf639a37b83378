"""Every query of recordings."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from ringdesk.kit.db import UnitOfWork


class StoredRecording(Struct, frozen=True, kw_only=True):
    """An uploaded recording; `file` is the name of its file in the data directory."""

    id: UUID
    interaction_id: UUID
    activity_id: UUID | None
    name: str
    media_type: str
    size: int
    file: str
    created_at: datetime
    created_by: str


class SourceRow(Struct, frozen=True):
    """A source with its template."""

    source: str
    template: str
    active: bool


async def of_interaction(uow: UnitOfWork, interaction_id: UUID) -> list[StoredRecording]:
    """The uploaded recordings of an interaction, the oldest first."""
    return await of_interactions(uow, [interaction_id])


async def of_interactions(uow: UnitOfWork, interaction_ids: Sequence[UUID]) -> list[StoredRecording]:
    """The uploaded recordings of these interactions, the oldest first."""
    return await uow.all(
        StoredRecording,
        "select id, interaction_id, activity_id, name, media_type, size, file, created_at, created_by from recording"
        " where interaction_id = any(%s) order by id",
        [list(interaction_ids)],
    )


async def add(uow: UnitOfWork, row: StoredRecording) -> None:
    """Write a new recording."""
    await uow.run(
        "insert into recording (id, interaction_id, activity_id, name, media_type, size, file, created_at, created_by)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            row.id,
            row.interaction_id,
            row.activity_id,
            row.name,
            row.media_type,
            row.size,
            row.file,
            row.created_at,
            row.created_by,
        ],
    )


async def remove(uow: UnitOfWork, recording_id: UUID) -> None:
    """Take out a recording."""
    await uow.run("delete from recording where id = %s", [recording_id])


async def remove_of(uow: UnitOfWork, interaction_ids: Sequence[UUID]) -> list[str]:
    """Take out every recording of these interactions; the names of their files."""
    return await uow.values("delete from recording where interaction_id = any(%s) returning file", [list(interaction_ids)])


async def known_files(uow: UnitOfWork, files: Sequence[str]) -> set[str]:
    """Those of these files that a recording has."""
    return set(await uow.values("select file from recording where file = any(%s)", [list(files)]))


async def sources(uow: UnitOfWork) -> list[SourceRow]:
    """Every source with a template, by name."""
    return await uow.all(SourceRow, "select source, template, active from recording_source order by source")


async def template_of(uow: UnitOfWork, source: str) -> str | None:
    """The active template of a source."""
    return await uow.value("select template from recording_source where source = %s and active", [source])


async def hold_sources(uow: UnitOfWork) -> None:
    """Let nobody else change templates until the commit."""
    await uow.send("lock table recording_source in share row exclusive mode")


async def put_source(uow: UnitOfWork, row: SourceRow) -> None:
    """Write a new or changed template."""
    await uow.run(
        "insert into recording_source (source, template, active) values (%s, %s, %s)"
        " on conflict (source) do update set template = excluded.template, active = excluded.active",
        [row.source, row.template, row.active],
    )


async def drop_source(uow: UnitOfWork, source: str) -> None:
    """Take out a template."""
    await uow.run("delete from recording_source where source = %s", [source])


async def lately_told(uow: UnitOfWork, sample: int) -> list[str]:
    """The sources of the newest interactions, so many of them looked at."""
    return await uow.values(
        "select distinct source from (select source from interaction order by id desc limit %s) newest order by source", [sample]
    )
