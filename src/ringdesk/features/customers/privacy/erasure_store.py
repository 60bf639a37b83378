"""Every query of erasures: what of a customer lies in the tables of customers, and what trails say of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import sql
from psycopg.types.json import Jsonb

from ringdesk.features.customers.privacy.errors import CustomerGone
from ringdesk.features.customers.privacy.schemas import Tombstone
from ringdesk.kit.db import UnitOfWork

JOB = "customers.finish_erasure"
# Erasures hold it alone, batches of imports beside each other.
_LOCK = 7209

_STONE: LiteralString = "select id, customer_id, number, ids, at, by_name, reason, counts, finished_at from customer_erasure"


async def tombstone_of(uow: UnitOfWork, customer_id: UUID) -> Tombstone | None:
    """The erasure of the customer that this id meant."""
    return await uow.one(Tombstone, _STONE + " where ids @> array[%s::uuid] limit 1", [customer_id])


async def raise_if_erased(uow: UnitOfWork, customer_id: UUID) -> None:
    """Raises CustomerGone with the tombstone when this id meant a customer who was erased."""
    if stone := await tombstone_of(uow, customer_id):
        raise CustomerGone(
            f"Customer no. {stone.number} was erased on {stone.at:%Y-%m-%d} by {stone.by_name}. Nothing about them is kept.",
            extra={"erasure": stone},
        )


async def tombstone(uow: UnitOfWork, erasure_id: UUID) -> Tombstone | None:
    """One erasure."""
    return await uow.one(Tombstone, _STONE + " where id = %s", [erasure_id])


async def hold_alone(uow: UnitOfWork) -> None:
    """Wait for the batches that imports are writing, and let none begin before the commit."""
    await uow.run("select pg_advisory_xact_lock(%s)", [_LOCK])


async def hold_off(uow: UnitOfWork) -> None:
    """Let no customer be erased before the commit."""
    await uow.run("select pg_advisory_xact_lock_shared(%s)", [_LOCK])


async def traces_since(uow: UnitOfWork, begun: datetime) -> list[str]:
    """What is kept of those who were erased after this moment."""
    return await uow.values(
        "select t.sealed from customer_erasure_trace t join customer_erasure e on e.id = t.erasure_id where e.at >= %s order by e.id",
        [begun],
    )


async def add(uow: UnitOfWork, stone: Tombstone, by_id: UUID | None, sealed_trace: str) -> None:
    """Set the stone, and keep what trails and files are still to be searched for."""
    await uow.send(
        "insert into customer_erasure (id, customer_id, number, ids, at, by_id, by_name, reason, counts)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [stone.id, stone.customer_id, stone.number, stone.ids, stone.at, by_id, stone.by_name, stone.reason, Jsonb(stone.counts)],
    )
    await uow.send("insert into customer_erasure_trace (erasure_id, sealed) values (%s, %s)", [stone.id, sealed_trace])


class TraceRow(Struct, frozen=True):
    """What an erasure still looks for, and how far it is, by table."""

    erasure_id: UUID
    sealed: str
    at: dict[str, Any]


async def trace(uow: UnitOfWork, erasure_id: UUID) -> TraceRow | None:
    """The search of this erasure, held; None when it is over or another process is at it."""
    return await uow.one(
        TraceRow, "select erasure_id, sealed, at from customer_erasure_trace where erasure_id = %s for update skip locked", [erasure_id]
    )


async def unfinished(uow: UnitOfWork) -> list[UUID]:
    """The erasures that are still searching."""
    return await uow.values("select erasure_id from customer_erasure_trace")


async def put_trace(uow: UnitOfWork, erasure_id: UUID, at: dict[str, Any]) -> None:
    """Write how far a search is."""
    await uow.send("update customer_erasure_trace set at = %s where erasure_id = %s", [Jsonb(at), erasure_id])


async def finish(uow: UnitOfWork, erasure_id: UUID, at: datetime) -> None:
    """The search is over: what it looked for is forgotten."""
    await uow.send("delete from customer_erasure_trace where erasure_id = %s", [erasure_id])
    await uow.send("update customer_erasure set finished_at = %s where id = %s", [at, erasure_id])


async def cluster(uow: UnitOfWork, customer_id: UUID) -> list[UUID]:
    """Every id that means this card."""
    return [
        customer_id,
        *await uow.values("select old_id from customer_alias where customer_id = %s order by old_id", [customer_id]),
    ]


async def addresses(uow: UnitOfWork, customer_id: UUID) -> list[tuple[str, str, str, bool]]:
    """The identities of a card: kind, as typed, normalised, and whether another card has it too."""
    cursor = await uow.conn.execute(
        "select kind, raw, normalised, exists (select from customer_identity o where o.kind = i.kind and o.normalised = i.normalised"
        " and o.customer_id <> i.customer_id) from customer_identity i where customer_id = %s",
        [customer_id],
    )
    return await cursor.fetchall()


# What names a customer in the tables of customers and their journals and doesn't go with the row of the card.
_JOURNALS: dict[LiteralString, LiteralString] = {
    # A merge that was undone has the other card in its journal, too: its undo is done with, so nothing is lost of that one.
    "customer_merge": "survivor_id = any(%(ids)s) or duplicate_id = any(%(ids)s)",
    "bulk_edit_item": "customer_id = any(%(ids)s)",
    "import_change": "customer_id = any(%(ids)s)",
    "import_kept": "customer_id = any(%(ids)s)",
    "duplicate_pending": "customer_id = any(%(ids)s)",
    "customer_alias": "customer_id = any(%(ids)s)",
    "customer_identity": "customer_id = any(%(ids)s)",
    "customer_contact": "customer_id = any(%(ids)s)",
    "customer": "id = any(%(ids)s)",
}


async def merges(uow: UnitOfWork, ids: Sequence[UUID]) -> list[UUID]:
    """The merges in which these cards had a part."""
    return await uow.values(
        "select id from customer_merge where survivor_id = any(%(ids)s) or duplicate_id = any(%(ids)s)", {"ids": list(ids)}
    )


async def erase_cards(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[str, int]:
    """Delete the cards and everything in the tables of customers that is theirs; how many rows of which table."""
    counts: dict[str, int] = {}
    for table, named in _JOURNALS.items():
        query = sql.SQL("delete from {} where {}").format(sql.Identifier(table), sql.SQL(named))
        counts[table] = await uow.run(query, {"ids": list(ids)})
    return counts


async def empty_audit(uow: UnitOfWork, ids: Collection[UUID]) -> int:
    """Take the values out of the trail of these things; who did what when stays."""
    return await uow.run(
        "update audit_entry set before = null, after = null where entity = any(%s) and entity_id = any(%s)"
        " and (before is not null or after is not null) and action <> 'customer.erased'",
        [["customer", "interaction", "activity", "request"], [str(one) for one in ids]],
    )


# Rows that one transaction looks through.
STRETCH = 5_000
_UUIDS = sql.SQL("regexp_matches({}, '[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}', 'g')")


class Looked(Struct, frozen=True):
    """A stretch that was looked through: where it ended (None: at the end), and how many rows were changed."""

    last: str | None
    changed: int


def _mentions(document: sql.Composable, ids: Collection[UUID], patterns: Sequence[str]) -> sql.Composable:
    """That a text names one of these ids, or has one of these LIKE patterns in it."""
    named = sql.SQL("exists (select from {} m where m[1] = any({}::text[]))").format(_UUIDS.format(document), [str(one) for one in ids])
    return sql.SQL("({} or {} like any({}::text[]))").format(named, document, list(patterns)) if patterns else named


async def look_through(
    uow: UnitOfWork,
    *,
    table: LiteralString,
    key: LiteralString,
    text: sql.Composable,
    act: LiteralString,
    after: str | None,
    ids: Collection[UUID],
    patterns: Sequence[str],
    beside: LiteralString = "true",
) -> Looked:
    """Do `act` (from its verb to WHERE) to those of the next STRETCH rows, in the order of `key`, whose `text` names one of these."""
    parts = {"table": sql.Identifier(table), "key": sql.Identifier(key)}
    beyond = sql.SQL("{key} > {after}").format(after=after, **parts) if after is not None else sql.SQL("true")
    last = await uow.value(
        sql.SQL("select {key}::text from {table} where {beyond} order by {key} offset {skip} limit 1").format(
            beyond=beyond, skip=STRETCH - 1, **parts
        )
    )
    upto = sql.SQL("{key} <= {last}").format(last=last, **parts) if last is not None else sql.SQL("true")
    changed = await uow.run(
        sql.SQL("{act} where {beyond} and {upto} and {beside} and {mentions}").format(
            act=sql.SQL(act), beyond=beyond, upto=upto, beside=sql.SQL(beside), mentions=_mentions(text, ids, patterns)
        )
    )
    return Looked(last, changed)


class ImportFile(Struct, frozen=True):
    """An import whose files may hold rows of a customer. `source`: a file of somebody's own that it reads."""

    id: UUID
    state: str
    source: str | None
    encoding: str
    delimiter: str
    sheet: str | None


async def imports_at_rest(uow: UnitOfWork) -> list[ImportFile]:
    """Every import that nobody is at, nor will be before the commit; those forget the rows that they showed."""
    await uow.run(
        """update import set format = format - 'sample', checked = checked - 'sample'
           where state not in ('checking', 'running', 'undoing') and (format ? 'sample' or checked ? 'sample')"""
    )
    return await uow.all(
        ImportFile,
        """select id, state, options ->> 'source' as source, format ->> 'encoding' as encoding, format ->> 'delimiter' as delimiter,
                  format ->> 'sheet' as sheet
           from import where state not in ('checking', 'running', 'undoing') order by id for update""",
    )


async def imports_under_way(uow: UnitOfWork, before: UUID) -> bool:
    """Whether an import that was begun before this erasure is being carried out, checked or undone."""
    query = """select exists (select from import i, customer_erasure e
                   where e.id = %s and i.created_at <= e.at and i.state in ('checking', 'running', 'undoing'))"""
    return bool(await uow.value(query, [before]))


async def forget_source(uow: UnitOfWork, import_id: UUID) -> None:
    """An import doesn't go on with the file of somebody's own."""
    await uow.send("update import set options = options - 'source' where id = %s", [import_id])


async def forget_refused(uow: UnitOfWork, import_id: UUID) -> None:
    """The file of the rows that an import refused is gone."""
    await uow.send("update import set refused_bytes = 0 where id = %s", [import_id])


async def blank_questions(uow: UnitOfWork, patterns: Sequence[str]) -> int:
    """Views and bulk edits that ask for the customer by an address or the whole name ask for nothing any more."""
    if not patterns:
        return 0
    changed = await uow.run("update list_view set query = '' where query ilike any(%s)", [list(patterns)])
    return changed + await uow.run("update bulk_edit set query = null where query ilike any(%s)", [list(patterns)])


def as_counts(found: dict[str, int]) -> dict[str, int]:
    """Only what was there."""
    return msgspec.convert({table: rows for table, rows in found.items() if rows}, dict[str, int])
