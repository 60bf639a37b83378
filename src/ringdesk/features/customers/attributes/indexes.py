"""The indexes and orders by which the customer list searches and sorts attributes: which there must be, and making them so.

docs/subsystems/lists.md.

An index is named after what it is on: a field of another type wants another index, and what no field wants any more is dropped. Bringing
the database in line can therefore be tried again at any time, whatever was cut or failed before.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
import structlog
from msgspec import Struct, structs
from psycopg import sql

from ringdesk.features.customers.attributes import orders, store
from ringdesk.features.customers.attributes.schemas import Attribute, IndexProgress, IndexState
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.list_fields import Held, OrderKind, order_kind, search_index, sort_index

log = structlog.get_logger(__name__)

PREFIX = "customer_attribute_"
# One process at a time makes and drops indexes: two at once wait for each other until PostgreSQL ends one of them.
LOCK = 7216
# How often progress is looked at and told: what a bar needs to be seen moving.
LOOK_S = 0.5
_SHOWN = sql.SQL("archived_at is null")


class Index(Struct, frozen=True):
    """One index that there must be, and for which attribute; `on` is its definition."""

    name: str
    on: str
    attribute_id: UUID


class Order(Struct, frozen=True):
    """One order in the table of orders that there must be, and for which attribute: by the value under `key`, as its `kind` is ordered."""

    key: str
    kind: OrderKind
    attribute_id: UUID

    @property
    def column(self) -> str:
        """What the list calls it."""
        return f"attributes.{self.key}"

    @property
    def name(self) -> str:
        """Like that of an index, other than that of any other one: values that are ordered in another way are another order."""
        return f"{self.column} {self.kind}"


def wanted(attributes: Sequence[Attribute]) -> list[Index | Order]:
    """The indexes and orders of these attributes: none for hidden ones and those that nobody marked."""
    found: dict[str, Index | Order] = {}
    for one in attributes:
        if one.hidden_at is not None:
            continue
        held = Held(column=sql.SQL("attributes"), name=one.key)
        key = sql.SQL("id")
        kinds = (
            sort_index(one.type, held, key=key, shown=_SHOWN) if one.index.sortable else None,
            search_index(one.type, held, key=key, shown=_SHOWN) if one.index.searchable else None,
        )
        for on in filter(None, kinds):
            text = on.as_string(None)
            name = PREFIX + sha256(text.encode()).hexdigest()[:20]
            found.setdefault(name, Index(name, text, one.id))
        if one.index.sortable:
            order = Order(one.key, order_kind(one.type), one.id)
            found[order.name] = order
    return list(found.values())


def state_of(one: Attribute, present: dict[str, bool]) -> IndexState:
    """How far the indexes of an attribute are, given those that the database has and whether they are whole."""
    if not (one.index.searchable or one.index.sortable) or one.hidden_at is not None:
        return "none"
    return "ready" if all(present.get(index.name) for index in wanted([one])) else "building"


async def present(uow: UnitOfWork) -> dict[str, bool]:
    """The indexes and orders of attributes that the database has, each with whether it is whole."""
    cursor = await uow.conn.execute(
        "select c.relname, i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid"
        " where i.indrelid = 'customer'::regclass and starts_with(c.relname, %s)"
        " union all select name || ' ' || kind, filled from customer_order_column where kind <> 'address'",
        [PREFIX],
    )
    return dict(await cursor.fetchall())


async def are_right(uow: UnitOfWork) -> bool:
    """Whether the database has the indexes that the attributes want, all whole and no others, and the attributes say so."""
    attributes, there = await store.every(uow), await present(uow)
    return there == {one.name: True for one in wanted(attributes)} and all(one.index.state == state_of(one, there) for one in attributes)


async def bring_in_line(db: Database) -> None:
    """Make the missing indexes without keeping anybody from working, drop the others, and tell how far it is.

    Raises psycopg.Error when one can't be made: its attributes then say why, and the next try mends what this one left.
    """
    async with await psycopg.AsyncConnection.connect(db.dsn, autocommit=True) as conn:
        held = await (await conn.execute("select pg_try_advisory_lock(%s)", [LOCK])).fetchone()
        if not held or not held[0]:
            # Whoever has it looks once more when it is done.
            return
        while step := await _next_step(db):
            drop, make = step
            if drop and drop.startswith(PREFIX):
                await conn.execute(sql.SQL("drop index concurrently if exists {}").format(sql.Identifier(drop)))
            elif drop:
                await orders.drop(conn, drop.rpartition(" ")[0])
            if make:
                await _make(db, conn, make)


async def _next_step(db: Database) -> tuple[str | None, Index | Order | None] | None:
    """What to drop and what to make; None when everything is as it should be, and said so."""
    async with db.transaction() as uow:
        there = await present(uow)
        attributes = await store.every(uow)
        there_must_be = wanted(attributes)
        names = {one.name for one in there_must_be}
        for name, whole in there.items():
            if name not in names or not whole:
                return name, None
        for one in attributes:
            state = state_of(one, there)
            if state != "building" and (one.index.state, one.index.detail) != (state, None):
                await _tell(uow, one, state, 100 if state == "ready" else 0, None)
        missing = next((one for one in there_must_be if one.name not in there), None)
        return (None, missing) if missing else None


async def _make(db: Database, conn: psycopg.AsyncConnection[Any], one: Index | Order) -> None:
    log.info("attribute_index_begun", index=one.name, attribute_id=str(one.attribute_id))
    try:
        if isinstance(one, Order):
            async for share in orders.make(conn, one.column, one.kind, one.key):
                await _say(db, one, "building", share, None)
        else:
            await _make_index(db, conn, one)
    except psycopg.Error as problem:
        why = str(problem).strip().splitlines()[0] if str(problem).strip() else type(problem).__name__
        log.warning("attribute_index_failed", index=one.name, why=why)
        with suppress(psycopg.OperationalError):
            await _say(db, one, "failed", 0, why)
        raise


async def _make_index(db: Database, conn: psycopg.AsyncConnection[Any], index: Index) -> None:
    watcher = asyncio.create_task(_watch(db, index, conn.info.backend_pid))
    try:
        # Names are ours, and the rest was put together from literals.
        await conn.execute(f"create index concurrently {index.name} on customer {index.on}".encode())
    finally:
        watcher.cancel()
        with suppress(asyncio.CancelledError):
            await watcher


# What share of the work is done when a phase of CREATE INDEX CONCURRENTLY begins, and when it ends: the table is read twice.
_PHASES = {
    "building index": (0, 55),
    "index validation: scanning index": (60, 65),
    "index validation: sorting tuples": (65, 65),
    "index validation: scanning table": (65, 98),
}


def percent(phase: str, blocks_done: int, blocks_total: int) -> int:
    """How much of an index is made, 0 to 99, from a line of pg_stat_progress_create_index."""
    begin, end = next((share for name, share in _PHASES.items() if phase.startswith(name)), (98, 98) if "validation" in phase else (0, 0))
    return begin + (end - begin) * blocks_done // blocks_total if blocks_total else begin


async def _watch(db: Database, index: Index, backend: int) -> None:
    """Tell how far the index is until cancelled."""
    furthest = 0
    while True:
        await asyncio.sleep(LOOK_S)
        async with db.transaction() as uow:
            cursor = await uow.conn.execute(
                "select phase, coalesce(blocks_done, 0), coalesce(blocks_total, 0) from pg_stat_progress_create_index where pid = %s",
                [backend],
            )
            line = await cursor.fetchone()
        if line and (now := percent(*line)) > furthest:
            furthest = now
            await _say(db, index, "building", now, None)


async def _say(db: Database, index: Index | Order, state: IndexState, progress: int, detail: str | None) -> None:
    async with db.transaction() as uow:
        for one in await store.every(uow):
            if one.id == index.attribute_id:
                await _tell(uow, one, state, progress, detail)


async def _tell(uow: UnitOfWork, one: Attribute, state: IndexState, progress: int, detail: str | None) -> None:
    if await store.put_index_state(uow, one.id, state, progress, detail):
        told = structs.replace(one.index, state=state, progress=progress, detail=detail)
        uow.log_event("schema.index_progress", ["schema"], IndexProgress(one.id, told))
