"""Carries an import out: batch by batch, each one transaction with one event. docs/subsystems/import.md.

The connection is the import's own: it holds the lock that makes the run the only one, and the temporary tables of its batches.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import structlog
from psycopg.errors import LockNotAvailable

from ringdesk.features import audit
from ringdesk.features.customers.attributes import service as attributes
from ringdesk.features.customers.attributes.schemas import Attribute
from ringdesk.features.customers.events import Imported, imported
from ringdesk.features.customers.imports import erasures, settling, staging, store, undoing
from ringdesk.features.customers.imports.batches import Batch, Plan, Refused, refused_line
from ringdesk.features.customers.imports.errors import UnusableFile
from ringdesk.features.customers.imports.rows import secret_places
from ringdesk.features.customers.imports.schemas import CheckCounts, Checked, ImportChanged, ImportRow, RefusedRow, progress_of
from ringdesk.features.customers.imports.source import ReaderFailed, read_batches
from ringdesk.kit.crypto import Vault
from ringdesk.kit.csv_file import csv_line
from ringdesk.kit.db import Database, UnitOfWork

log = structlog.get_logger(__name__)

# A run that was cancelled ends with its batch, within a second or two; who goes on with the import waits so long for it.
LOCK_WAIT_MS = 15_000
# Refused rows that are shown before anything is written; the file of refused rows has all of them.
SHOWN_REFUSED = 20
_SHOWN_CHARACTERS = 200
TOPICS = ["imports", "customers"]

Watch = Callable[[ImportRow], None]


class AttributesChanged(Exception):
    """The rows were read for other attributes than the card has now."""


class _Stopped(Exception):
    """Somebody stopped the check, or began another one."""


class Files:
    """Where the files of imports lie: below the data directory, which every machine that runs imports has to share."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "uploads"

    def upload(self, import_id: UUID) -> Path:
        """The file as it was uploaded; removed when its import is done."""
        return self.folder / f"{import_id}.csv"

    def refused(self, import_id: UUID) -> Path:
        """The refused rows."""
        return self.folder / f"{import_id}.refused.csv"


async def run(db: Database, data_dir: Path, import_id: UUID, *, watch: Watch | None = None) -> ImportRow | None:
    """Bring the import to an end: done, cancelled, or failed with the reason in `detail`; None when another process is at it.

    `watch` hears of every batch. Raises psycopg.OperationalError when the database goes away: the import stays `running`, and the
    next call goes on after the last committed batch.
    """
    async with await psycopg.AsyncConnection.connect(db.dsn) as conn:
        try:
            await store.take_lock(conn, import_id, wait_ms=LOCK_WAIT_MS)
        except LockNotAvailable:
            log.info("import_runs_elsewhere", import_id=str(import_id))
            return None
        row = await store.read(UnitOfWork(conn), import_id)
        # What was read holds nothing up.
        await conn.commit()
        if row is None or row.state not in ("checking", "running", "undoing"):
            return row
        files = Files(data_dir)
        try:
            if row.state == "undoing":
                row = await _undo(conn, row, db.vault, watch)
            else:
                await staging.prepare(conn, row.key, check=row.state == "checking")
                row = await (_check if row.state == "checking" else _write_batches)(conn, row, files, db.vault, watch)
        except _Stopped:
            await conn.rollback()
            return await store.read(UnitOfWork(conn), import_id)
        except (ReaderFailed, AttributesChanged, UnusableFile, OSError, psycopg.DataError, psycopg.IntegrityError) as error:
            await conn.rollback()
            log.exception("import_failed", import_id=str(import_id))
            return await stop(conn, import_id, "failed", _why(error), db.vault)
    if row.state in ("done", "undone") and row.options.source is None:
        files.upload(import_id).unlink(missing_ok=True)
    return row


async def _undo(conn: psycopg.AsyncConnection[Any], row: ImportRow, vault: Vault | None, watch: Watch | None) -> ImportRow:
    """Undo bite by bite, each one transaction with its events; what is left of the journal is what is left to do."""
    while True:
        async with _transaction(conn, vault) as uow:
            definitions = {one.key: one for one in await shown_attributes(uow)}
            await erasures.since(uow, row.created_at)
            undone = await undoing.bite(uow, row, definitions)
            if undone is None:
                break
            row = await store.put_undo(uow, row.id, undone)
            uow.log_event("import.changed", TOPICS, ImportChanged(progress_of(row)))
        if watch:
            watch(row)
    return await stop(conn, row.id, "undone", None, vault)


async def _check(conn: psycopg.AsyncConnection[Any], row: ImportRow, files: "Files", vault: Vault | None, watch: Watch | None) -> ImportRow:
    """Look at every row without writing one: counts, and the file of those that would be refused."""
    how = row.format
    refused = await asyncio.to_thread(RefusedRows, files.refused(row.id), how.headers, how.delimiter)
    checked = Checked(run=row.checked.run) if row.checked else None
    async with _transaction(conn, vault) as uow:
        plan = plan_of(row, files, await shown_attributes(uow), vault, check=True)
    async with aclosing(read_batches(plan)) as found:
        async for batch in found:
            async with _transaction(conn, vault) as uow:
                assert checked is not None
                counts, rows = await look_at(uow, plan, batch, refuse_shared=row.options.refuse_shared)
                size = await asyncio.to_thread(refused.append, rows) if rows else refused.size
                sample = [*checked.sample, *map(_shown, rows[: SHOWN_REFUSED - len(checked.sample)])]
                checked = Checked(run=checked.run, counts=checked.counts + counts, sample=sample)
                written = await store.put_checked(uow, row.id, checked, size)
                if written is None:
                    raise _Stopped
                row = written
                uow.log_event("import.changed", TOPICS[:1], ImportChanged(progress_of(row)))
            if watch:
                watch(row)
    return await stop(conn, row.id, "checked", None, vault)


async def look_at(uow: UnitOfWork, plan: Plan, batch: Batch, *, refuse_shared: bool) -> tuple[CheckCounts, list[Refused]]:
    """What a run would do with a batch, on the connection of a check: counts, and the rows it would refuse."""
    if not batch.accepted:
        counts = CheckCounts(read=batch.read, ignored=batch.ignored, refused=len(batch.refused))
        return counts, batch.refused
    await staging.stage(uow, batch, plan.mapping)
    found = await settling.look(uow, plan, refuse_shared=refuse_shared, seen=True)
    without_key = await staging.count_without_key(uow, plan.key) if plan.key else 0
    late = [Refused(line, batch.originals[line], [reason]) for line, reason in found.refused.items()]
    ignoring = plan.on_duplicate == "ignore"
    await staging.unstage(uow, [*found.refused, *([one.row.line for one in found.known] if ignoring else [])])
    await staging.remember(
        uow,
        plan.key,
        settling.lines_of(found.known),
        addresses=refuse_shared,
        external_ids="external_id" in plan.mapping.values(),
    )
    known = len(found.known)
    in_file = sum(one.in_file for one in found.known)
    counts = CheckCounts(
        read=batch.read,
        created=batch.accepted - known - len(late),
        updated=0 if ignoring else known,
        ignored=batch.ignored + (known if ignoring else 0),
        refused=len(batch.refused) + len(late),
        in_base=known - in_file,
        in_file=in_file,
        without_key=without_key,
    )
    return counts, sorted([*batch.refused, *late], key=lambda one: one.line)


def _shown(row: Refused) -> RefusedRow:
    # The row is kept as jsonb, which has no NUL.
    cells = [cell[:_SHOWN_CHARACTERS].replace("\x00", "\ufffd") for cell in row.cells]
    return RefusedRow(row.line, cells, " ".join(row.reasons)[: 10 * _SHOWN_CHARACTERS].replace("\x00", "\ufffd"))


async def _write_batches(
    conn: psycopg.AsyncConnection[Any], row: ImportRow, files: "Files", vault: Vault | None, watch: Watch | None
) -> ImportRow:
    how = row.format
    refused = await asyncio.to_thread(RefusedRows, files.refused(row.id), how.headers, how.delimiter, row.refused_bytes)
    async with _transaction(conn, vault) as uow:
        plan = plan_of(row, files, await shown_attributes(uow), vault)
    # Closed at once when the run ends early: the reading process ends with it.
    async with aclosing(read_batches(plan)) as found:
        async for batch in found:
            row = await _write(conn, row, plan, batch, refused, vault)
            if watch:
                watch(row)
            if row.state != "running":
                return row
    return await stop(conn, row.id, "done", None, vault)


async def _write(
    conn: psycopg.AsyncConnection[Any], row: ImportRow, plan: Plan, batch: Batch, refused: "RefusedRows", vault: Vault | None
) -> ImportRow:
    async with _transaction(conn, vault) as uow:
        if await shown_attributes(uow) != plan.attributes:
            raise AttributesChanged("An administrator changed the fields of the card meanwhile.")
        erased = await erasures.since(uow, row.created_at)
        written = settling.Written(0, 0, 0, {})
        gone: list[int] = []
        if batch.accepted:
            await staging.stage(uow, batch, plan.mapping)
            if erased and (gone := await erasures.staged_of(uow, erased)):
                await staging.unstage(uow, gone)
            written = await settling.settle(uow, row, plan, batch.accepted - len(gone))
            await imported.send(uow, Imported(staging.CREATED_ADDRESSES))
        late = [Refused(line, batch.originals[line], [reason]) for line, reason in written.refused.items()]
        left_out = [erasures.blank(line, len(plan.headers)) for line in gone]
        rows = sorted([*erasures.without_content([*batch.refused, *late], erased), *left_out], key=lambda one: one.line)
        size = await asyncio.to_thread(refused.append, rows) if rows else refused.size
        counts = store.Counts(
            read=batch.read,
            created=written.created,
            updated=written.updated,
            ignored=batch.ignored + written.ignored,
            refused=len(rows),
        )
        row = await store.count(uow, row.id, counts, refused_bytes=size)
        uow.log_event("import.changed", TOPICS, ImportChanged(progress_of(row)))
    return row


async def stop(conn: psycopg.AsyncConnection[Any], import_id: UUID, state: Any, detail: str | None, vault: Vault | None) -> ImportRow:
    """End the import with this state and tell."""
    async with _transaction(conn, vault) as uow:
        row = await store.read_for_change(uow, import_id)
        assert row is not None
        # A cancel between the last batch and here came in time.
        if row.state in ("checking", "running", "undoing"):
            row = await store.set_stopped(uow, import_id, state, detail)
            progress = progress_of(row)
            uow.log_event("import.changed", TOPICS, ImportChanged(progress))
            # A check changes nothing.
            await erasures.go_on(uow)
            if state != "checked":
                await audit.write(uow, None, f"import.{state}", "import", row.id, after=progress)
    return row


@asynccontextmanager
async def _transaction(conn: psycopg.AsyncConnection[Any], vault: Vault | None) -> AsyncIterator[UnitOfWork]:
    uow = UnitOfWork(conn, vault)
    try:
        yield uow
        await uow.finish()
    except BaseException:
        if not conn.closed:
            await conn.rollback()
        raise


async def shown_attributes(uow: UnitOfWork) -> list[Attribute]:
    """The attributes that a card has, held as they are until the commit."""
    return list((await attributes.definitions(uow)).values())


def plan_of(row: ImportRow, files: Files, attributes: list[Attribute], vault: Vault | None, *, check: bool = False) -> Plan:
    """How to read the file of an import: for a check whole, else from the first row that no committed batch holds."""
    path = row.options.source or str(files.upload(row.id))
    how = row.format
    secret = secret_places(how.headers, row.mapping, attributes)
    late = row.options.refuse_shared or row.key is not None or "external_id" in row.mapping.values()
    return Plan(
        path,
        how.encoding,
        how.delimiter,
        how.headers,
        row.mapping,
        row.options.region,
        attributes,
        skip=0 if check else row.read,
        keep_originals=late,
        key=row.key,
        on_duplicate=row.on_duplicate,
        sheet=how.sheet,
        keys=vault.keys if vault and secret else (),
    )


class RefusedRows:
    """The file of refused rows (UTF-8 with mark, as Excel wants it): the columns of the upload, then line and reason."""

    def __init__(self, path: Path, headers: list[str], delimiter: str, size: int = 0) -> None:
        """Opens it, cut back to the `size` in bytes that committed batches wrote."""
        self._path = path
        self._delimiter = delimiter
        self._width = len(headers)
        self._header = csv_line([*headers, "line", "reason"], delimiter)
        self.size = size
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists():
            # Shorter than was written down: its cells were masked, and the process died before it said so.
            self.size = min(self.size, path.stat().st_size)
            with path.open("r+b") as file:
                file.truncate(self.size)

    def append(self, rows: list[Refused]) -> int:
        """Add rows; the length of the file after them, in bytes."""
        text = "".join(refused_line(row, self._width, self._delimiter) for row in rows)
        if self.size == 0:
            text = "\ufeff" + self._header + text
        if self.size == 0:
            # Customers' data: readable by this user only.
            self._path.touch(mode=0o600)
        with self._path.open("ab") as file:
            # What a rolled-back batch left behind is not ours.
            file.truncate(self.size)
            file.write(text.encode("utf-8", "replace"))
            self.size = file.tell()
        return self.size


def _why(error: Exception) -> str:
    what = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return f"{what} What was imported until then stays; start the import again to go on after it."
