"""Use cases of recordings: upload, list, listen, remove (product.md 3.8)."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import Struct

from ringdesk.features import audit
from ringdesk.features.interactions import store as interactions
from ringdesk.features.interactions.recordings import files, jobs, remote, rules, store
from ringdesk.features.interactions.recordings.errors import ListeningOver, NotYoursToHear, RangeNotThere, UnusableRecording
from ringdesk.features.interactions.recordings.events import recordings_changed
from ringdesk.features.interactions.recordings.schemas import Listening, Recording, Recordings
from ringdesk.features.interactions.schemas import Activity, Interaction
from ringdesk.features.people import Actor
from ringdesk.kit import clock
from ringdesk.kit.crypto import SecretUnreadable, Vault
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.fields import checked_line
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import FieldErrors, NotFound
from ringdesk.kit.settings import Settings

# A shift: a recording that was opened in the morning still plays before lunch, a kept address does not next week.
LEAVE_LASTS = timedelta(hours=8)
NAME_LIMIT = 200
LISTEN_PATH = "/api/v1/recordings/listen/"


class _Leave(Struct, frozen=True, kw_only=True):
    """What a ticket says: who may hear what until when."""

    recording: UUID
    interaction: UUID
    actor: UUID
    until: datetime


class Sound(Struct, kw_only=True):
    """A recording, or a part of it, on its way to a browser."""

    status: int
    headers: dict[str, str]
    pieces: AsyncIterator[bytes]


async def of_interaction(db: Database, interaction_id: UUID) -> Recordings:
    """The recordings of an interaction. Raises NotFound."""
    async with db.transaction() as uow:
        interaction, legs = await _whole(uow, interaction_id)
        return Recordings(await _every(uow, interaction, legs))


async def upload(
    db: Database,
    settings: Settings,
    actor: Actor,
    interaction_id: UUID,
    *,
    activity_id: UUID | None,
    file_name: str,
    pieces: AsyncIterator[bytes],
) -> Recording:
    """Keep a recording of an interaction, or of one of its legs. Raises NotFound, UnusableRecording."""
    async with db.transaction() as uow:
        _, legs = await _whole(uow, interaction_id)
        if activity_id and activity_id not in {leg.id for leg in legs}:
            raise UnusableRecording("unknown_activity", "The interaction has no such part.", field="activity_id")
    # Outside of any transaction: an upload takes as long as its line needs.
    file, media_type, size = await files.keep(settings.data_dir, pieces)
    try:
        async with db.transaction() as uow:
            row = store.StoredRecording(
                id=new_id(),
                interaction_id=interaction_id,
                activity_id=activity_id,
                name=checked_line("name", file_name.replace("\\", "/").rsplit("/", 1)[-1][:NAME_LIMIT], NAME_LIMIT, FieldErrors())
                or files.shown_name("", media_type),
                media_type=media_type,
                size=size,
                file=file,
                created_at=clock.now(),
                created_by=actor.name,
            )
            await interactions.hold(uow, interaction_id)
            await store.add(uow, row)
            after = {"name": row.name, "media_type": media_type, "size": size, "interaction_id": interaction_id, "activity_id": activity_id}
            await audit.write(uow, actor, "recording.added", "recording", row.id, None, after)
            await _tell(uow, interaction_id)
            return _shown(row)
    except BaseException:
        await files.drop(settings.data_dir, [file])
        raise


async def remove(db: Database, actor: Actor, interaction_id: UUID, recording_id: UUID) -> None:
    """Take out an uploaded recording with its file. Raises NotFound."""
    async with db.transaction() as uow:
        await interactions.hold(uow, interaction_id)
        found = [one for one in await store.of_interaction(uow, interaction_id) if one.id == recording_id]
        if not found:
            raise NotFound("The interaction has no such uploaded recording; what another system keeps is removed there.")
        [row] = found
        await store.remove(uow, recording_id)
        before = {"name": row.name, "media_type": row.media_type, "size": row.size, "interaction_id": interaction_id}
        await audit.write(uow, actor, "recording.removed", "recording", recording_id, before, None)
        await _tell(uow, interaction_id)
        await jobs.drop_later(uow, [row.file])


async def remove_of(uow: UnitOfWork, interaction_ids: Sequence[UUID]) -> int:
    """Take out every uploaded recording of these interactions, inside the caller's transaction; how many there were.

    Their files are deleted by the worker role once the transaction has committed. What another system keeps has to be erased there.
    """
    gone = await store.remove_of(uow, interaction_ids)
    await jobs.drop_later(uow, gone)
    return len(gone)


async def begin_listening(db: Database, vault: Vault, actor: Actor, interaction_id: UUID, recording_id: UUID) -> Listening:
    """Note in the trail that this person listens, and let them. Raises NotFound, NotYoursToHear."""
    async with db.transaction() as uow:
        interaction, legs = await _whole(uow, interaction_id)
        if not rules.may_listen(actor, (leg.agent_id for leg in legs)):
            raise NotYoursToHear("You were in no part of this conversation. Ask a supervisor to listen with you.")
        found = [one for one in await _every(uow, interaction, legs) if one.id == recording_id]
        if not found:
            raise NotFound("The interaction has no such recording; load its recordings again.")
        heard = {"name": found[0].name, "interaction_id": interaction_id, "activity_id": found[0].activity_id}
        await audit.write(uow, actor, "recording.listened", "recording", recording_id, None, heard)
    until = clock.now() + LEAVE_LASTS
    leave = _Leave(recording=recording_id, interaction=interaction_id, actor=_who(actor), until=until)
    return Listening(LISTEN_PATH + vault.encrypt(msgspec.json.encode(leave).decode()).decode(), until)


async def sound(db: Database, settings: Settings, vault: Vault, actor: Actor, ticket: str, *, wanted: str | None) -> Sound:
    """The recording that a ticket is for, or the part that the Range header `wanted` names.

    Raises ListeningOver, NotFound, RangeNotThere, RecordingUnavailable.
    """
    leave = _read(vault, ticket)
    if leave is None or leave.until <= clock.now() or leave.actor != _who(actor):
        raise ListeningOver("This leave to listen is over, or somebody else's. Start the recording from its interaction.")
    async with db.transaction() as uow:
        stored = [one for one in await store.of_interaction(uow, leave.interaction) if one.id == leave.recording]
        interaction, legs = await _whole(uow, leave.interaction)
        template = await store.template_of(uow, interaction.source)
    if stored:
        return _of_file(settings, stored[0], wanted)
    for leg_id, url in rules.links(template, interaction, legs) if template else []:
        if (leg_id or interaction.id) == leave.recording:
            fetched = await remote.fetch(url, wanted=wanted, inside=settings.recording_hosts.replace(",", " ").split())
            return Sound(status=fetched.status, headers=_disposed(fetched.headers, "recording"), pieces=fetched.pieces)
    raise NotFound("This recording was removed.")


def _of_file(settings: Settings, row: store.StoredRecording, wanted: str | None) -> Sound:
    path = files.path_of(settings.data_dir, row.file)
    if not path.is_file():
        raise NotFound("The file of this recording is missing; an operator can restore it from the backup of the data directory.")
    try:
        part = rules.part_of(wanted, row.size)
    except ValueError as problem:
        raise RangeNotThere(f"The recording has {row.size} bytes.", extra={"size": row.size}) from problem
    whole = rules.Part(0, row.size - 1)
    chosen = part or whole
    headers = {"content-type": row.media_type, "accept-ranges": "bytes", "content-length": str(chosen.last - chosen.first + 1)}
    if part:
        headers["content-range"] = f"bytes {part.first}-{part.last}/{row.size}"
    return Sound(status=206 if part else 200, headers=_disposed(headers, row.name), pieces=files.read(path, chosen))


def _disposed(headers: dict[str, str], name: str) -> dict[str, str]:
    return headers | {"content-disposition": f'inline; filename="{files.shown_name(name, headers["content-type"])}"'}


async def _whole(uow: UnitOfWork, interaction_id: UUID) -> tuple[Interaction, list[Activity]]:
    interaction = await interactions.get(uow, interaction_id)
    if interaction is None:
        raise NotFound("No interaction has this id.")
    return interaction, await interactions.activities_of(uow, [interaction])


async def _every(uow: UnitOfWork, interaction: Interaction, legs: Sequence[Activity]) -> list[Recording]:
    """Those that were uploaded, and those that the source keeps."""
    uploaded = [_shown(row) for row in await store.of_interaction(uow, interaction.id)]
    template = await store.template_of(uow, interaction.source)
    started = {leg.id: leg.started_at for leg in legs}
    kept = [
        Recording(
            id=leg_id or interaction.id,
            kind="link",
            interaction_id=interaction.id,
            activity_id=leg_id,
            name=interaction.source,
            media_type=None,
            size=None,
            created_at=started[leg_id] if leg_id else interaction.started_at,
        )
        for leg_id, _ in (rules.links(template, interaction, legs) if template else [])
    ]
    return kept + uploaded


async def _tell(uow: UnitOfWork, interaction_id: UUID) -> None:
    interaction, legs = await _whole(uow, interaction_id)
    recordings_changed(uow, interaction_id, interaction.customer_id, await _every(uow, interaction, legs))


def _shown(row: store.StoredRecording) -> Recording:
    return Recording(
        id=row.id,
        kind="file",
        interaction_id=row.interaction_id,
        activity_id=row.activity_id,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        created_at=row.created_at,
    )


def _who(actor: Actor) -> UUID:
    found = actor.id or actor.key_id
    assert found is not None
    return found


def _read(vault: Vault, ticket: str) -> _Leave | None:
    try:
        return msgspec.json.decode(vault.decrypt(ticket.encode()), type=_Leave)
    except (SecretUnreadable, msgspec.DecodeError):
        return None
