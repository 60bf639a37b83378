"""Every query of the table in which attributes lie in their order (migration 0021): one row for each card that has a value."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import psycopg

from ringdesk.kit.list_fields import OrderKind

# Cards whose rows are written in one transaction: they are held meanwhile, some 30 ms.
BITE = 2_000
# Rows that are removed in one transaction.
REMOVED = 10_000
# How often it is looked whether those are done who began to write before.
LOOK_S = 0.1


async def make(conn: psycopg.AsyncConnection[Any], column: str, kind: OrderKind, key: str) -> AsyncIterator[int]:
    """Fill in an order, in bites of which each is a transaction of `conn`; yields how much of it is done, 0 to 99."""
    cursor = await conn.execute(
        "insert into customer_order_column (name, kind, key) values (%s, %s, %s) returning id, pg_current_xact_id()::text",
        [column, kind, key],
    )
    row = await cursor.fetchone()
    assert row
    column_id, began = row
    # From now on whoever writes a card writes its row. Those who began before may write a card without one: it has to be there to be seen.
    while True:
        if await _all_after(conn, began):
            break
        await asyncio.sleep(LOOK_S)
    cursor = await conn.execute("select greatest(reltuples, 1)::bigint from pg_class where oid = 'customer'::regclass")
    (expected,) = await cursor.fetchone() or (1,)
    last: UUID | None = UUID(int=0)
    bites = 0
    while last:
        cursor = await conn.execute("select fill_order(array[%s]::smallint[], %s, %s)", [column_id, last, BITE])
        (last,) = await cursor.fetchone() or (None,)
        bites += 1
        yield min(99, 100 * bites * BITE // max(expected, bites * BITE))
    await conn.execute("update customer_order_column set filled = true where id = %s", [column_id])


async def _all_after(conn: psycopg.AsyncConnection[Any], transaction: str) -> bool:
    """Whether every transaction that began before this one is over."""
    cursor = await conn.execute("select pg_snapshot_xmin(pg_current_snapshot()) > %s::xid8", [transaction])
    (over,) = await cursor.fetchone() or (False,)
    return bool(over)


async def drop(conn: psycopg.AsyncConnection[Any], column: str) -> None:
    """Forget an order, in bites: nobody who writes a card waits for more than one."""
    cursor = await conn.execute("delete from customer_order_column where name = %s returning id", [column])
    row = await cursor.fetchone()
    removed = REMOVED
    while row and removed:
        cursor = await conn.execute(
            "delete from customer_order where ctid = any(array(select ctid from customer_order where column_id = %s limit %s))",
            [row[0], REMOVED],
        )
        removed = cursor.rowcount
