"""Every query of imports."""

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from psycopg import AsyncConnection, sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from ringdesk.features.customers.imports.batches import CUSTOMER_COLUMNS, IDENTITY_COLUMNS, NULL, Batch
from ringdesk.features.customers.imports.schemas import ImportRow, ImportState
from ringdesk.kit.db import UnitOfWork

SHOWN = 100
# Of the one class of advisory locks that two integers name (kit's single keys are of another): 7202 is imports.
_LOCK_CLASS = 7202

STAGING: LiteralString = """
create temp table staged_customer (
    line bigint, id uuid, kind text, first_name text, last_name text, company_name text, display_name text, sort_name text, addresses jsonb,
    preferred_language text, attributes jsonb, external_id text, search_text text, phone_1 text, phone_2 text, phone_3 text, phone_4 text,
    phone_5 text, email text, city text
) on commit delete rows;
create temp table staged_identity (
    line bigint, id uuid, customer_id uuid, kind text, raw text, normalised text, position int, attribute text
) on commit delete rows"""
_INTO_CUSTOMER: LiteralString = """
insert into customer (id, kind, first_name, last_name, company_name, display_name, sort_name, addresses, preferred_language, attributes,
                      external_id, search_text, phone_1, phone_2, phone_3, phone_4, phone_5, email, city)
select id, kind, first_name, last_name, company_name, display_name, sort_name, addresses, preferred_language, attributes, external_id,
       search_text, phone_1, phone_2, phone_3, phone_4, phone_5, email, city
from staged_customer order by line"""
_INTO_IDENTITY: LiteralString = """
insert into customer_identity (id, customer_id, kind, raw, normalised, position, attribute)
select id, customer_id, kind, raw, normalised, position, attribute from staged_identity i"""


CREATED_ADDRESSES = sql.SQL("(select s.customer_id, s.normalised from staged_identity s join customer c on c.id = s.customer_id)")
"""The addresses of the customers that a batch created, as (customer_id, normalised)."""


async def insert(uow: UnitOfWork, row: ImportRow, user_id: UUID | None) -> None:
    """Write a new import."""
    await uow.run(
        """insert into import (id, file_name, state, format, mapping, options, total_rows, user_id, user_name, created_at)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
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


async def newest(uow: UnitOfWork) -> list[ImportRow]:
    """The newest imports first."""
    return await _rows(uow.conn, "select * from import order by created_at desc, id desc limit %s", [SHOWN])


async def set_running(uow: UnitOfWork, import_id: UUID, mapping: dict[str, str]) -> ImportRow:
    """Start, or go on with, an import."""
    return await _one(
        uow.conn,
        """update import set state = 'running', mapping = %s, detail = null, finished_at = null, started_at = coalesce(started_at, now())
            where id = %s returning *""",
        [Jsonb(mapping), import_id],
    )


async def set_stopped(uow: UnitOfWork, import_id: UUID, state: ImportState, detail: str | None) -> ImportRow:
    """End an import for now (cancelled, failed) or for good (done, which also forgets the sample)."""
    return await _one(
        uow.conn,
        """update import set state = %(state)s, detail = %(detail)s, finished_at = now(),
                   total_rows = case when %(state)s = 'done' then read else total_rows end,
                   format = case when %(state)s = 'done' then format - 'sample' else format end
            where id = %(id)s returning *""",
        {"state": state, "detail": detail, "id": import_id},
    )


async def running(uow: UnitOfWork) -> list[UUID]:
    """The imports that are under way, or were when their process died."""
    return await uow.values("select id from import where state = 'running' order by created_at")


async def count(uow: UnitOfWork, import_id: UUID, *, batch: Batch, created: int, refused_bytes: int) -> ImportRow:
    """Add a batch to the counts. A cancel that came meanwhile stays."""
    return await _one(
        uow.conn,
        """update import set read = read + %(read)s, created = created + %(created)s, ignored = ignored + %(ignored)s,
                   refused = refused + %(refused)s, refused_bytes = %(refused_bytes)s, total_rows = greatest(total_rows, read + %(read)s)
            where id = %(id)s returning *""",
        {
            "id": import_id,
            "read": batch.read,
            "created": created,
            "ignored": batch.ignored,
            "refused": batch.read - batch.ignored - created,
            "refused_bytes": refused_bytes,
        },
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


async def stage(uow: UnitOfWork, batch: Batch) -> None:
    """COPY a batch beside the tables that people use."""
    for table, columns, data in (
        ("staged_customer", CUSTOMER_COLUMNS, batch.customers),
        ("staged_identity", IDENTITY_COLUMNS, batch.identities),
    ):
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        statement = sql.SQL("copy {} ({}) from stdin with (null {})").format(sql.Identifier(table), names, sql.Literal(NULL))
        async with uow.conn.cursor().copy(statement) as copy:
            await copy.write(data)


async def unstage_shared(uow: UnitOfWork) -> list[tuple[int, str]]:
    """Take out the staged rows with an address of another customer or an earlier row; their lines and one such address as typed."""
    # A new temporary table has no statistics, without which the planner reads the whole number index for 15,000 addresses.
    await uow.run("analyze staged_identity")
    cursor = await uow.conn.execute(
        """with shared as materialized (
               select distinct on (line) line, raw from (
                   select line, raw from (select line, raw, row_number() over (partition by kind, normalised order by line) as place
                                          from staged_identity) s where place > 1
                   union all
                   select s.line, s.raw from staged_identity s
                   join customer_identity i on i.kind = s.kind and i.normalised = s.normalised and i.confidence = 'known'
                   join customer c on c.id = i.customer_id and c.archived_at is null
               ) found order by line
           ), gone as (
               delete from staged_identity s using shared where s.line = shared.line
           )
           delete from staged_customer s using shared where s.line = shared.line returning s.line, shared.raw"""
    )
    return await cursor.fetchall()


async def create_staged(uow: UnitOfWork, *, count: int, keyed: bool) -> list[tuple[int, str]]:
    """Make customers of the `count` staged rows; line and external id of those whose external id the base or an earlier row has."""
    if not keyed:
        await uow.run(_INTO_CUSTOMER)
        await uow.run(_INTO_IDENTITY)
        return []
    if await uow.run(_INTO_CUSTOMER + " on conflict (external_id) do nothing") == count:
        await uow.run(_INTO_IDENTITY)
        return []
    await uow.run(_INTO_IDENTITY + " where exists (select from customer c where c.id = i.customer_id)")
    cursor = await uow.conn.execute(
        "select line, external_id from staged_customer s where not exists (select from customer c where c.id = s.id) order by line"
    )
    return await cursor.fetchall()


async def _one(conn: AsyncConnection[Any], query: LiteralString, params: Any) -> ImportRow:
    (row,) = await _rows(conn, query, params)
    return row


async def _rows(conn: AsyncConnection[Any], query: LiteralString, params: Sequence[Any] | dict[str, Any]) -> list[ImportRow]:
    cursor = conn.cursor(row_factory=dict_row)
    await cursor.execute(query, params)
    return [msgspec.convert(row, ImportRow) for row in await cursor.fetchall()]
