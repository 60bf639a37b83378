"""Use cases of imports: take a file, start, go on, cancel, show (product.md 1.7)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import msgspec

from ringdesk.features import audit
from ringdesk.features.customers.imports import jobs, store
from ringdesk.features.customers.imports.detect import detect
from ringdesk.features.customers.imports.engine import TOPICS, Files, shown_attributes
from ringdesk.features.customers.imports.errors import BadMapping, ImportNotFound, NoRefusedRows, UnusableFile, WrongState
from ringdesk.features.customers.imports.mapping import check, guess
from ringdesk.features.customers.imports.schemas import (
    FileFormat,
    Import,
    ImportChanged,
    ImportRow,
    Imports,
    Options,
    import_of,
    progress_of,
)
from ringdesk.features.people import Actor
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import FieldError
from ringdesk.kit.settings import Settings

# A million customers take about 120 MB; four times that leaves room for many columns and stays far from filling a disk.
LARGEST_FILE = 512 * 1024 * 1024
_CAN_START = ("uploaded", "cancelled", "failed")


async def upload(
    db: Database, settings: Settings, actor: Actor, *, file_name: str, pieces: AsyncIterator[bytes], mapping: str | None, start: bool
) -> Import:
    """Keep an uploaded file and find out what it is; with `start` begin at once.

    `mapping` is JSON {header: field}; without it the header names decide. Raises UnusableFile, BadMapping.
    """
    asked = _mapping_from_json(mapping) if mapping else None
    import_id = new_id()
    path = Files(settings.data_dir).upload(import_id)
    try:
        await _keep(pieces, path)
        return await _register(db, actor, import_id, path, _options(settings), file_name=file_name, mapping=asked, start=start)
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise


async def register_file(db: Database, settings: Settings, path: Path, *, user_name: str) -> Import:
    """An import of a file that lies on this machine and stays there, to be run by the caller. Raises UnusableFile, BadMapping."""
    options = _options(settings, source=str(await asyncio.to_thread(path.resolve)))
    how = await asyncio.to_thread(detect, path)
    async with db.transaction() as uow:
        attributes = await shown_attributes(uow)
        mapping = check(guess(how.headers, attributes), how.headers, attributes)
        row = _new_row(new_id(), path.name, FileFormat(how.encoding, how.delimiter, how.headers), mapping, options)
        row = msgspec.structs.replace(row, total_rows=how.rows, user_name=user_name)
        await store.insert(uow, row, None)
        await audit.write(uow, None, "import.started", "import", row.id, after={"file_name": row.file_name})
        return import_of(await store.set_running(uow, row.id, row.mapping))


async def _register(
    db: Database,
    actor: Actor,
    import_id: UUID,
    path: Path,
    options: Options,
    *,
    file_name: str,
    mapping: dict[str, str] | None,
    start: bool,
) -> Import:
    how = await asyncio.to_thread(detect, path)
    async with db.transaction() as uow:
        attributes = await shown_attributes(uow)
        chosen = mapping if mapping is not None else guess(how.headers, attributes)
        if start or mapping is not None:
            chosen = check(chosen, how.headers, attributes)
        row = _new_row(import_id, file_name, FileFormat(how.encoding, how.delimiter, how.headers, how.sample), chosen, options)
        row = msgspec.structs.replace(row, total_rows=how.rows, user_name=actor.name)
        await store.insert(uow, row, actor.id)
        if start:
            row = await _start(uow, actor, row)
        else:
            uow.log_event("import.changed", TOPICS[:1], ImportChanged(progress_of(row)))
    return import_of(row)


async def newest(db: Database) -> Imports:
    """The newest imports."""
    async with db.transaction() as uow:
        return Imports([import_of(row) for row in await store.newest(uow)])


async def get(db: Database, import_id: UUID) -> Import:
    """One import. Raises ImportNotFound."""
    async with db.transaction() as uow:
        return import_of(await _found(uow, import_id))


async def start(db: Database, settings: Settings, actor: Actor, import_id: UUID, mapping: Mapping[str, str] | None) -> Import:
    """Start an uploaded import, or go on with one that was cancelled or failed. Raises ImportNotFound, WrongState, BadMapping."""
    async with db.transaction() as uow:
        row = await store.read_for_change(uow, import_id)
        if row is None:
            raise _not_found(import_id)
        if row.state not in _CAN_START:
            raise WrongState(f"This import is {row.state}; only one that is uploaded, cancelled or failed can be started.")
        if row.read and mapping is not None and dict(mapping) != row.mapping:
            raise WrongState(f"{row.read:,} rows were read with the present mapping. To use another, upload the file again.")
        path = Path(row.options.source) if row.options.source else Files(settings.data_dir).upload(import_id)
        if not path.is_file():
            raise WrongState("The file of this import is no longer there. Upload it again.")
        chosen = check(mapping if mapping is not None else row.mapping, row.format.headers, await shown_attributes(uow))
        return import_of(await _start(uow, actor, msgspec.structs.replace(row, mapping=chosen)))


async def cancel(db: Database, actor: Actor, import_id: UUID) -> Import:
    """Stop an import after the batch that it is writing; what is written stays. Raises ImportNotFound, WrongState."""
    async with db.transaction() as uow:
        row = await store.read_for_change(uow, import_id)
        if row is None:
            raise _not_found(import_id)
        if row.state not in ("uploaded", "running"):
            raise WrongState(f"This import is {row.state} already; there is nothing to cancel.")
        row = await store.set_stopped(uow, import_id, "cancelled", f"Cancelled by {actor.name}.")
        await audit.write(uow, actor, "import.cancelled", "import", row.id, after={"read": row.read, "created": row.created})
        uow.log_event("import.changed", TOPICS[:1], ImportChanged(progress_of(row)))
    return import_of(row)


async def abandon(db: Database, import_id: UUID) -> None:
    """Cancel an import that the command line was running; what is written stays."""
    async with db.transaction() as uow:
        row = await store.read_for_change(uow, import_id)
        if row and row.state == "running":
            row = await store.set_stopped(uow, import_id, "cancelled", "Interrupted at the command line.")
            await audit.write(uow, None, "import.cancelled", "import", row.id, after={"read": row.read, "created": row.created})
            uow.log_event("import.changed", TOPICS[:1], ImportChanged(progress_of(row)))


async def refused_file(db: Database, settings: Settings, import_id: UUID) -> tuple[str, Path]:
    """Name and place of the file of refused rows. Raises ImportNotFound, NoRefusedRows."""
    async with db.transaction() as uow:
        row = await _found(uow, import_id)
    path = Files(settings.data_dir).refused(import_id)
    if not row.refused_bytes or not path.is_file():
        raise NoRefusedRows("This import has refused no row, so there is no file of them.")
    return f"{Path(row.file_name).stem or 'import'} - refused rows.csv", path


async def _start(uow: UnitOfWork, actor: Actor, row: ImportRow) -> ImportRow:
    going_on = row.read > 0
    row = await store.set_running(uow, row.id, row.mapping)
    await audit.write(
        uow,
        actor,
        "import.continued" if going_on else "import.started",
        "import",
        row.id,
        after={"file_name": row.file_name, "mapping": row.mapping},
    )
    await jobs.queue(uow, row.id)
    uow.log_event("import.changed", TOPICS[:1], ImportChanged(progress_of(row)))
    return row


async def _found(uow: UnitOfWork, import_id: UUID) -> ImportRow:
    row = await store.read(uow, import_id)
    if row is None:
        raise _not_found(import_id)
    return row


def _not_found(import_id: UUID) -> ImportNotFound:
    return ImportNotFound(f"No import has the id {import_id}.")


def _options(settings: Settings, source: str | None = None) -> Options:
    return Options(settings.default_region, source, refuse_shared=settings.duplicates == "refuse")


def _new_row(import_id: UUID, file_name: str, how: FileFormat, mapping: dict[str, str], options: Options) -> ImportRow:
    return ImportRow(
        id=import_id,
        file_name=file_name,
        state="uploaded",
        format=how,
        mapping=mapping,
        options=options,
        total_rows=None,
        read=0,
        created=0,
        updated=0,
        ignored=0,
        refused=0,
        refused_bytes=0,
        detail=None,
        user_name="",
        created_at=clock.now(),
        started_at=None,
        finished_at=None,
    )


async def _keep(pieces: AsyncIterator[bytes], path: Path) -> None:
    """Write the upload down. Raises UnusableFile beyond LARGEST_FILE."""
    file = await asyncio.to_thread(_create, path)
    size = 0
    try:
        async for piece in pieces:
            size += len(piece)
            if size > LARGEST_FILE:
                raise UnusableFile("too_large", f"The file is larger than {LARGEST_FILE >> 20} MB. Divide it and import the parts.")
            await asyncio.to_thread(file.write, piece)
    finally:
        await asyncio.to_thread(file.close)


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Customers' data: readable by this user only.
    path.touch(mode=0o600, exist_ok=False)
    return path.open("wb")


def _mapping_from_json(text: str) -> dict[str, str]:
    try:
        return msgspec.json.decode(text, type=dict[str, str])
    except msgspec.DecodeError:
        message = "The mapping is not JSON of the form {“column”: “field”}."
        raise BadMapping(message, errors=[FieldError("mapping", "invalid_format", message)]) from None
