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
from ringdesk.features.customers.imports import store
from ringdesk.features.customers.imports.batches import Batch, Plan, Refused, csv_line
from ringdesk.features.customers.imports.schemas import ImportChanged, ImportRow, progress_of
from ringdesk.features.customers.imports.source import ReaderFailed, read_batches
from ringdesk.kit.db import Database, UnitOfWork

log = structlog.get_logger(__name__)

# A run that was cancelled ends with its batch, within a second or two; who goes on with the import waits so long for it.
LOCK_WAIT_MS = 15_000
TOPICS = ["imports", "customers"]

Watch = Callable[[ImportRow], None]


class AttributesChanged(Exception):
    """The rows were read for other attributes than the card has now."""


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
        if row is None or row.state != "running":
            return row
        await conn.execute(store.STAGING)
        await conn.commit()
        files = Files(data_dir)
        try:
            row = await _write_batches(conn, row, files, watch)
        except (ReaderFailed, AttributesChanged, OSError, psycopg.DataError, psycopg.IntegrityError) as error:
            await conn.rollback()
            log.exception("import_failed", import_id=str(import_id))
            return await stop(conn, import_id, "failed", _why(error))
    if row.state == "done" and row.options.source is None:
        files.upload(import_id).unlink(missing_ok=True)
    return row


async def _write_batches(conn: psycopg.AsyncConnection[Any], row: ImportRow, files: Files, watch: Watch | None) -> ImportRow:
    how = row.format
    refused = await asyncio.to_thread(RefusedRows, files.refused(row.id), how.headers, how.delimiter, row.refused_bytes)
    async with _transaction(conn) as uow:
        plan = plan_of(row, files, await shown_attributes(uow))
    # Closed at once when the run ends early: the reading process ends with it.
    async with aclosing(read_batches(plan)) as found:
        async for batch in found:
            row = await _write(conn, row, plan, batch, refused)
            if watch:
                watch(row)
            if row.state != "running":
                return row
    return await stop(conn, row.id, "done", None)


async def _write(conn: psycopg.AsyncConnection[Any], row: ImportRow, plan: Plan, batch: Batch, refused: "RefusedRows") -> ImportRow:
    async with _transaction(conn) as uow:
        if await shown_attributes(uow) != plan.attributes:
            raise AttributesChanged("An administrator changed the fields of the card meanwhile.")
        late = await _create(uow, row, batch) if batch.accepted else {}
        rows = [*batch.refused, *(refused.late(batch.originals[line], line, reason) for line, reason in late.items())]
        size = await asyncio.to_thread(refused.append, sorted(rows, key=lambda item: item.line)) if rows else refused.size
        row = await store.count(uow, row.id, batch=batch, created=batch.accepted - len(late), refused_bytes=size)
        uow.log_event("import.changed", TOPICS, ImportChanged(progress_of(row)))
    return row


async def _create(uow: UnitOfWork, row: ImportRow, batch: Batch) -> dict[int, str]:
    """Write the customers of a batch; line and reason of the rows that only the database could refuse."""
    await store.stage(uow, batch)
    shared = await store.unstage_shared(uow) if row.options.refuse_shared else []
    late = {
        line: f"“{raw}”: Another customer or an earlier row has this number or e-mail. Change that card instead." for line, raw in shared
    }
    taken = await store.create_staged(uow, count=batch.accepted - len(late), keyed="external_id" in row.mapping.values())
    await imported.send(uow, Imported(store.CREATED_ADDRESSES))
    for line, external_id in taken:
        late[line] = f"External id “{external_id}”: Another customer or an earlier row has it. Change it or leave the row out."
    return late


async def stop(conn: psycopg.AsyncConnection[Any], import_id: UUID, state: Any, detail: str | None) -> ImportRow:
    """End the import with this state and tell."""
    async with _transaction(conn) as uow:
        row = await store.read_for_change(uow, import_id)
        assert row is not None
        # A cancel between the last batch and here came in time.
        if row.state == "running":
            row = await store.set_stopped(uow, import_id, state, detail)
            progress = progress_of(row)
            uow.log_event("import.changed", TOPICS, ImportChanged(progress))
            await audit.write(uow, None, f"import.{state}", "import", row.id, after=progress)
    return row


@asynccontextmanager
async def _transaction(conn: psycopg.AsyncConnection[Any]) -> AsyncIterator[UnitOfWork]:
    uow = UnitOfWork(conn)
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


def plan_of(row: ImportRow, files: Files, attributes: list[Attribute]) -> Plan:
    """How to read the file of an import, from the first row that no committed batch holds."""
    path = row.options.source or str(files.upload(row.id))
    how = row.format
    late = row.options.refuse_shared or "external_id" in row.mapping.values()
    return Plan(
        path,
        how.encoding,
        how.delimiter,
        how.headers,
        row.mapping,
        row.options.region,
        attributes,
        skip=row.read,
        keep_originals=late,
    )


class RefusedRows:
    """The file of refused rows (UTF-8 with mark, as Excel wants it): the columns of the upload, then line and reason."""

    def __init__(self, path: Path, headers: list[str], delimiter: str, size: int = 0) -> None:
        """Opens it, cut back to the `size` in bytes that committed batches wrote."""
        self._path = path
        self._delimiter = delimiter
        self._header = csv_line([*headers, "line", "reason"], delimiter)
        self.size = size
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists():
            with path.open("r+b") as file:
                file.truncate(self.size)

    def append(self, rows: list[Refused]) -> int:
        """Add rows; the length of the file after them, in bytes."""
        text = "".join(row.text for row in rows)
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

    def late(self, original: str, line: int, reason: str) -> Refused:
        """A row that only the database could refuse."""
        return Refused(line, original + self._delimiter + csv_line([str(line), reason], self._delimiter))


def _why(error: Exception) -> str:
    what = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return f"{what} What was imported until then stays; start the import again to go on after it."
