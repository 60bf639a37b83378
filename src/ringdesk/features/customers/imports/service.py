"""Use cases of imports: take a file, start, go on, cancel, show (product.md 1.7)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import msgspec

from ringdesk.features import audit
from ringdesk.features.customers.attributes.schemas import Attribute
from ringdesk.features.customers.imports import jobs, journal, store
from ringdesk.features.customers.imports.detect import Format, detect
from ringdesk.features.customers.imports.engine import TOPICS, Files, shown_attributes
from ringdesk.features.customers.imports.errors import BadMapping, ImportNotFound, NoRefusedRows, UnusableFile, WrongState
from ringdesk.features.customers.imports.mapping import check, guess
from ringdesk.features.customers.imports.recognition import check_key
from ringdesk.features.customers.imports.rows import hide, secret_places
from ringdesk.features.customers.imports.schemas import (
    FileFormat,
    Import,
    ImportChanged,
    ImportChoices,
    ImportRow,
    Imports,
    KeptCustomers,
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
_CAN_START = ("uploaded", "checked", "cancelled", "failed")


class Choices(msgspec.Struct, frozen=True):
    """What an upload asks for: `mapping` as JSON {header: field}; None where nothing is said."""

    mapping: str | None = None
    key: str | None = None
    on_duplicate: str | None = None


async def upload(
    db: Database, settings: Settings, actor: Actor, *, file_name: str, pieces: AsyncIterator[bytes], choices: Choices, start: bool
) -> Import:
    """Keep an uploaded file and find out what it is; with `start` begin at once.

    Without a mapping the header names decide. Raises UnusableFile, BadMapping, UnusableKey.
    """
    asked = _mapping_from_json(choices.mapping) if choices.mapping else None
    import_id = new_id()
    path = Files(settings.data_dir).upload(import_id)
    try:
        await _keep(pieces, path)
        how = await asyncio.to_thread(detect, path)
        async with db.transaction() as uow:
            attributes = await shown_attributes(uow)
            chosen = asked if asked is not None else guess(how.headers, attributes, sample=how.sample)
            if start or asked is not None or choices.key:
                chosen = check(chosen, how.headers, attributes, key=choices.key)
            action = check_key(choices.key, choices.on_duplicate, chosen, attributes)
            row = _new_row(import_id, file_name, how, chosen, _options(settings), user_name=actor.name)
            row = msgspec.structs.replace(_sample_hidden(row, attributes), key=choices.key, on_duplicate=action)
            await store.insert(uow, row, actor.id)
            if start:
                row = await _start(uow, actor, row)
            else:
                uow.log_event("import.changed", TOPICS[:1], ImportChanged(progress_of(row)))
        return import_of(row)
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise


async def register_file(
    db: Database,
    settings: Settings,
    path: Path,
    *,
    user_name: str,
    key: str | None = None,
    on_duplicate: str | None = None,
) -> Import:
    """An import of a file that lies on this machine and stays there, to be run by the caller.

    Raises UnusableFile, BadMapping, UnusableKey.
    """
    how = await asyncio.to_thread(detect, path)
    async with db.transaction() as uow:
        attributes = await shown_attributes(uow)
        mapping = check(guess(how.headers, attributes, sample=how.sample), how.headers, attributes, key=key)
        action = check_key(key, on_duplicate, mapping, attributes)
        row = row_of(path, how, mapping, settings, user_name=user_name)
        await store.insert(uow, msgspec.structs.replace(row, key=key, on_duplicate=action), None)
        await audit.write(uow, None, "import.started", "import", row.id, after={"file_name": row.file_name})
        return import_of(await store.set_running(uow, row.id))


async def newest(db: Database) -> Imports:
    """The newest imports."""
    async with db.transaction() as uow:
        return Imports([import_of(row) for row in await store.newest(uow)])


async def get(db: Database, import_id: UUID) -> Import:
    """One import. Raises ImportNotFound."""
    async with db.transaction() as uow:
        return import_of(await _found(uow, import_id))


async def start(db: Database, settings: Settings, actor: Actor, import_id: UUID, choices: ImportChoices | None) -> Import:
    """Start an import, or go on with one that was cancelled or failed. Raises ImportNotFound, WrongState, BadMapping, UnusableKey."""
    async with db.transaction() as uow:
        row = await _held(uow, import_id)
        if row.state not in _CAN_START:
            raise WrongState(f"This import is {row.state}; only one that is uploaded, checked, cancelled or failed can be started.")
        if row.undo:
            raise WrongState("This import is half undone. Go on with the undo; then upload the file again.")
        chosen = await _choose(uow, settings, row, choices)
        if row.read and (chosen.mapping, chosen.key, chosen.on_duplicate) != (row.mapping, row.key, row.on_duplicate):
            raise WrongState(f"{row.read:,} rows were read with the present choices. To make others, upload the file again.")
        return import_of(await _start(uow, actor, chosen))


async def check_rows(db: Database, settings: Settings, actor: Actor, import_id: UUID, choices: ImportChoices | None) -> Import:
    """Find out what a run would do with every row, without writing any (product.md 1.7, dry run).

    Raises ImportNotFound, WrongState, BadMapping, UnusableKey.
    """
    async with db.transaction() as uow:
        row = await _held(uow, import_id)
        if row.state not in _CAN_START or row.read:
            done = f"{row.read:,} of its rows are read already" if row.read else f"it is {row.state}"
            raise WrongState(f"Only an import that has not begun can be checked; {done}.")
        await _choose(uow, settings, row, choices)
        row = await store.set_checking(uow, import_id, new_id())
        await jobs.queue(uow, row.id)
        uow.log_event("import.changed", TOPICS[:1], ImportChanged(progress_of(row)))
    return import_of(row)


async def _choose(uow: UnitOfWork, settings: Settings, row: ImportRow, choices: ImportChoices | None) -> ImportRow:
    """Write what was chosen, checked. Raises WrongState when the file is gone, BadMapping, UnusableKey."""
    path = Path(row.options.source) if row.options.source else Files(settings.data_dir).upload(row.id)
    if not path.is_file():
        raise WrongState("The file of this import is no longer there. Upload it again.")
    asked = choices or ImportChoices()
    key = row.key if asked.key is msgspec.UNSET else asked.key
    action = row.on_duplicate if asked.on_duplicate is msgspec.UNSET else asked.on_duplicate
    attributes = await shown_attributes(uow)
    mapping = check(asked.mapping if asked.mapping is not None else row.mapping, row.format.headers, attributes, key=key)
    action = check_key(key, action if key else None, mapping, attributes)
    chosen = msgspec.structs.replace(row, mapping=mapping, key=key, on_duplicate=action)
    chosen = _sample_hidden(chosen, attributes)
    await store.choose(uow, chosen)
    return chosen


def _sample_hidden(row: ImportRow, attributes: list[Attribute]) -> ImportRow:
    """The import with the sample rows as they may be kept: what is for sensitive attributes is masked."""
    places = secret_places(row.format.headers, row.mapping, attributes)
    sample = [hide(cells, places) for cells in row.format.sample]
    return msgspec.structs.replace(row, format=msgspec.structs.replace(row.format, sample=sample))


async def cancel(db: Database, actor: Actor, import_id: UUID) -> Import:
    """Stop an import after the batch that it is writing; what is written stays. A check that is stopped leaves the import as it was.

    Raises ImportNotFound, WrongState.
    """
    async with db.transaction() as uow:
        row = await _held(uow, import_id)
        if row.state not in ("uploaded", "checking", "checked", "running"):
            raise WrongState(f"This import is {row.state} already; there is nothing to cancel.")
        if row.state == "checking":
            row = await store.set_uploaded(uow, import_id)
        else:
            row = await store.set_stopped(uow, import_id, "cancelled", f"Cancelled by {actor.name}.")
            await audit.write(uow, actor, "import.cancelled", "import", row.id, after={"read": row.read, "created": row.created})
        uow.log_event("import.changed", TOPICS[:1], ImportChanged(progress_of(row)))
    return import_of(row)


async def undo(db: Database, actor: Actor, import_id: UUID) -> Import:
    """Take back what an import did, but for what people changed since. Raises ImportNotFound, WrongState."""
    async with db.transaction() as uow:
        row = await _held(uow, import_id)
        if row.state not in ("done", "cancelled", "failed"):
            raise WrongState(f"This import is {row.state}; only one that has ended can be undone.")
        if not row.created and not row.updated:
            raise WrongState("This import changed nothing, so there is nothing to undo.")
        row = await store.set_undoing(uow, import_id, actor.name)
        await audit.write(uow, actor, "import.undo_started", "import", row.id, after={"created": row.created, "updated": row.updated})
        await jobs.queue(uow, row.id)
        uow.log_event("import.changed", TOPICS[:1], ImportChanged(progress_of(row)))
    return import_of(row)


async def kept(db: Database, import_id: UUID, after: int, limit: int) -> KeptCustomers:
    """What an undo kept, by the customers' numbers. Raises ImportNotFound."""
    async with db.transaction() as uow:
        await _found(uow, import_id)
        found = await journal.kept_after(uow, import_id, after, limit + 1)
    page = found[:limit]
    return KeptCustomers(page, page[-1].number if len(found) > limit else None)


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
    row = await store.set_running(uow, row.id)
    await audit.write(
        uow,
        actor,
        "import.continued" if going_on else "import.started",
        "import",
        row.id,
        after={"file_name": row.file_name, "mapping": row.mapping, "key": row.key, "on_duplicate": row.on_duplicate},
    )
    await jobs.queue(uow, row.id)
    uow.log_event("import.changed", TOPICS[:1], ImportChanged(progress_of(row)))
    return row


async def _held(uow: UnitOfWork, import_id: UUID) -> ImportRow:
    row = await store.read_for_change(uow, import_id)
    if row is None:
        raise _not_found(import_id)
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


def row_of(path: Path, how: Format, mapping: dict[str, str], settings: Settings, *, user_name: str) -> ImportRow:
    """An import of a file that lies on this machine and stays there."""
    options = _options(settings, source=str(path.resolve()))
    return _new_row(new_id(), path.name, msgspec.structs.replace(how, sample=[]), mapping, options, user_name=user_name)


def _new_row(import_id: UUID, file_name: str, how: Format, mapping: dict[str, str], options: Options, *, user_name: str) -> ImportRow:
    return ImportRow(
        id=import_id,
        file_name=file_name,
        state="uploaded",
        format=FileFormat(how.encoding, how.delimiter, how.headers, how.sample, how.sheet),
        mapping=mapping,
        options=options,
        total_rows=how.rows,
        read=0,
        created=0,
        updated=0,
        ignored=0,
        refused=0,
        refused_bytes=0,
        detail=None,
        user_name=user_name,
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
