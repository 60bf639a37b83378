"""Every query of imports."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from ringdesk.features.customers.imports.schemas import Checked, ImportRow, ImportState, UndoCounts
from ringdesk.kit.db import UnitOfWork

SHOWN = 100
# Of the one class of advisory locks that two integers name (kit's single keys are of another): 7202 is imports.
_LOCK_CLASS = 7202


async def insert(uow: UnitOfWork, row: ImportRow, user_id: UUID | None) -> None:
    """Write a new import."""
    await uow.run(
        """insert into import (id, file_name, state, format, mapping, options, total_rows, user_id, user_name, created_at, key,
                              on_duplicate)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [
            row.id,
            row.file_name,
            row.state,
            Jsonb(row.format),
            Jsonb(row.mapping),
            Jsonb(row.options),
            row.total_rows,
            user_id,
            row.user_name,
            row.created_at,
            row.key,
            row.on_duplicate,
        ],
    )


async def read(uow: UnitOfWork, import_id: UUID) -> ImportRow | None:
    """The import, or None."""
    found = await _rows(uow.conn, "select * from import where id = %s", [import_id])
    return found[0] if found else None


async def read_for_change(uow: UnitOfWork, import_id: UUID) -> ImportRow | None:
    """Like `read`, holding the row until the transaction ends."""
    found = await _rows(uow.conn, "select * from import where id = %s for update", [import_id])
    return found[0] if found else None


async def at_rest_filling(uow: UnitOfWork, field: str) -> list[ImportRow]:
    """The imports with a column for this field that nobody is at, oldest first; held until the transaction ends."""
    query = """select * from import where state not in ('checking', 'running', 'undoing')
                   and exists (select from jsonb_each_text(mapping) as m(header, field) where m.field = %s)
               order by created_at, id for update"""
    return await _rows(uow.conn, query, [field])


async def under_way_filling(uow: UnitOfWork, field: str, before: datetime) -> bool:
    """Whether an import from before this moment with a column for this field is being carried out, checked or undone."""
    query = """select exists (select from import where state in ('checking', 'running', 'undoing') and created_at < %s
                   and exists (select from jsonb_each_text(mapping) as m(header, field) where m.field = %s))"""
    return bool(await uow.value(query, [before, field]))


async def put_refused_bytes(uow: UnitOfWork, import_id: UUID, size: int) -> None:
    """The file of refused rows has another length."""
    await uow.send("update import set refused_bytes = %s where id = %s", [size, import_id])


async def newest(uow: UnitOfWork) -> list[ImportRow]:
    """The newest imports first."""
    return await _rows(uow.conn, "select * from import order by created_at desc, id desc limit %s", [SHOWN])


async def choose(uow: UnitOfWork, row: ImportRow) -> None:
    """Write how the rows are to be read."""
    await uow.run(
        "update import set mapping = %s, key = %s, on_duplicate = %s, format = %s where id = %s",
        [Jsonb(row.mapping), row.key, row.on_duplicate, Jsonb(row.format), row.id],
    )


async def set_checking(uow: UnitOfWork, import_id: UUID, run: UUID) -> ImportRow:
    """Begin to check; what an earlier check found is forgotten."""
    return await _one(
        uow.conn,
        """update import set state = 'checking', checked = %s, detail = null, finished_at = null, started_at = null, refused_bytes = 0
            where id = %s returning *""",
        [Jsonb(Checked(run=run)), import_id],
    )


async def put_checked(uow: UnitOfWork, import_id: UUID, checked: Checked, refused_bytes: int) -> ImportRow | None:
    """Write how far a check is; None when it was stopped, or another one was begun."""
    found = await _rows(
        uow.conn,
        """update import set checked = %(checked)s, refused_bytes = %(refused_bytes)s
            where id = %(id)s and state = 'checking' and checked ->> 'run' = %(run)s returning *""",
        {"checked": Jsonb(checked), "refused_bytes": refused_bytes, "id": import_id, "run": str(checked.run)},
    )
    return found[0] if found else None


async def set_uploaded(uow: UnitOfWork, import_id: UUID) -> ImportRow:
    """A check was stopped: the import is what it was before it."""
    return await _one(
        uow.conn, "update import set state = 'uploaded', checked = null, refused_bytes = 0 where id = %s returning *", [import_id]
    )


async def set_running(uow: UnitOfWork, import_id: UUID) -> ImportRow:
    """Start, or go on with, an import. The rows that its check refused are forgotten."""
    return await _one(
        uow.conn,
        """update import set state = 'running', detail = null, finished_at = null, started_at = coalesce(started_at, now()),
                   refused_bytes = case when read = 0 then 0 else refused_bytes end, checked = null
            where id = %s returning *""",
        [import_id],
    )


async def set_undoing(uow: UnitOfWork, import_id: UUID, by_name: str) -> ImportRow:
    """Begin to undo an import, or go on with it."""
    return await _one(
        uow.conn,
        "update import set state = 'undoing', detail = null, finished_at = null, undo = coalesce(undo, %s) where id = %s returning *",
        [Jsonb(UndoCounts(by_name=by_name)), import_id],
    )


async def put_undo(uow: UnitOfWork, import_id: UUID, undo: UndoCounts) -> ImportRow:
    """Write how far an undo is."""
    return await _one(uow.conn, "update import set undo = %s where id = %s returning *", [Jsonb(undo), import_id])


async def set_stopped(uow: UnitOfWork, import_id: UUID, state: ImportState, detail: str | None) -> ImportRow:
    """End what an import is at for now (checked, cancelled, failed) or for good (done and undone, which also forget the sample)."""
    return await _one(
        uow.conn,
        """update import set state = %(state)s, detail = %(detail)s, finished_at = now(),
                   total_rows = case when %(state)s = 'done' then read else total_rows end,
                   format = case when %(state)s in ('done', 'undone') then format - 'sample' else format end
            where id = %(id)s returning *""",
        {"state": state, "detail": detail, "id": import_id},
    )


async def running(uow: UnitOfWork) -> list[UUID]:
    """The imports that are under way, or were when their process died."""
    return await uow.values("select id from import where state in ('checking', 'running', 'undoing') order by created_at")


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the rows of one batch."""

    read: int
    created: int
    updated: int
    ignored: int
    refused: int


async def count(uow: UnitOfWork, import_id: UUID, counts: Counts, *, refused_bytes: int) -> ImportRow:
    """Add a batch to the counts. A cancel that came meanwhile stays."""
    return await _one(
        uow.conn,
        """update import set read = read + %(read)s, created = created + %(created)s, updated = updated + %(updated)s,
                   ignored = ignored + %(ignored)s, refused = refused + %(refused)s, refused_bytes = %(refused_bytes)s,
                   total_rows = greatest(total_rows, read + %(read)s)
            where id = %(id)s returning *""",
        {"id": import_id, "refused_bytes": refused_bytes} | msgspec.structs.asdict(counts),
    )


async def take_lock(conn: AsyncConnection[Any], import_id: UUID, *, wait_ms: int) -> None:
    """Hold the import until the connection ends. Raises psycopg's LockNotAvailable when another process keeps it beyond `wait_ms`."""
    await conn.execute("select set_config('lock_timeout', %s, false)", [str(wait_ms)])
    await conn.execute("select pg_advisory_lock(%s, hashtext(%s))", [_LOCK_CLASS, str(import_id)])
    await conn.execute("set lock_timeout = 0")
    await conn.commit()


async def is_free(uow: UnitOfWork, import_id: UUID) -> bool:
    """Whether no process carries out this import now."""
    return bool(await uow.value("select pg_try_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_CLASS, str(import_id)]))


async def _one(conn: AsyncConnection[Any], query: LiteralString, params: Any) -> ImportRow:
    (row,) = await _rows(conn, query, params)
    return row


async def _rows(conn: AsyncConnection[Any], query: LiteralString, params: Sequence[Any] | dict[str, Any]) -> list[ImportRow]:
    cursor = conn.cursor(row_factory=dict_row)
    await cursor.execute(query, params)
    return [msgspec.convert(row, ImportRow) for row in await cursor.fetchall()]
