"""Every query of privacy but those of an erasure (erasure_store.py): what lies in journals and trails, read and written in stretches."""

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

from msgspec import Struct
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from ringdesk.kit.db import UnitOfWork

# Rows of a trail that one transaction looks through: some megabytes, a few hundred milliseconds.
STRETCH = 5_000


class Walk(Struct, frozen=True, kw_only=True):
    """A table that is walked over in the order of its key (column to type); `documents` are its JSON columns."""

    table: LiteralString
    key: dict[LiteralString, LiteralString]
    documents: tuple[LiteralString, ...]


class Row(Struct, frozen=True):
    """One row: its key as text, and its documents."""

    key: list[str]
    documents: dict[str, Any]


async def stretch(uow: UnitOfWork, walk: Walk, after: Sequence[str] | None, patterns: Sequence[str]) -> tuple[list[Row], list[str] | None]:
    """Of the next STRETCH rows those in which one of the LIKE patterns is found, and the key of the last one looked at (None: the end)."""
    names = sql.SQL(", ").join(map(sql.Identifier, walk.key))
    beyond = sql.SQL("true")
    if after is not None:
        given = sql.SQL(", ").join(
            sql.SQL("{}::{}").format(text, sql.SQL(kind)) for text, kind in zip(after, walk.key.values(), strict=True)
        )
        beyond = sql.SQL("({}) > ({})").format(names, given)
    as_text = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in walk.key)
    part = sql.SQL("from {} where {} order by {}").format(sql.Identifier(walk.table), beyond, names)
    last = await uow.value(sql.SQL("select array[{}] {} offset {} limit 1").format(as_text, part, STRETCH - 1))
    found = sql.SQL(" or ").join(sql.SQL("{}::text like any({})").format(sql.Identifier(name), list(patterns)) for name in walk.documents)
    cursor = uow.conn.cursor(row_factory=dict_row)
    await cursor.execute(
        sql.SQL("select array[{}] as row_key, {} from (select * {} limit {}) s where {}").format(
            as_text, sql.SQL(", ").join(map(sql.Identifier, walk.documents)), part, STRETCH, found
        )
    )
    rows = [Row(row.pop("row_key"), row) for row in await cursor.fetchall()]
    return rows, last


async def put(uow: UnitOfWork, walk: Walk, row: Row) -> None:
    """Write the documents of a row anew."""
    sets = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in row.documents)
    where = sql.SQL(" and ").join(sql.SQL("{} = %s::{}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in walk.key.items())
    values = [None if value is None else Jsonb(value) for value in row.documents.values()]
    await uow.send(sql.SQL("update {} set {} where {}").format(sql.Identifier(walk.table), sets, where), [*values, *row.key])


async def put_converted(uow: UnitOfWork, key: str, cards: Sequence[tuple[UUID, Any, str]]) -> None:
    """Write a value of these cards anew, and what quick search finds them by. Versions stay: no field says anything else than before."""
    await uow.send(
        "update customer c set attributes = jsonb_set(c.attributes, array[%s], n.value), search_text = n.text"
        " from unnest(%s::uuid[], %s::jsonb[], %s::text[]) as n(id, value, text) where c.id = n.id",
        [key, [card for card, _, _ in cards], [Jsonb(value) for _, value, _ in cards], [text for _, _, text in cards]],
    )


async def count_with(uow: UnitOfWork, key: str, upto: UUID) -> tuple[int, int]:
    """How many cards have a value of this attribute up to this id, and in all."""
    cursor = await uow.conn.execute(
        "select count(*) filter (where id <= %s), count(*) from customer where jsonb_exists(attributes, %s)", [upto, key]
    )
    row = await cursor.fetchone()
    assert row is not None
    return row[0], row[1]


async def forget_merged_identities(uow: UnitOfWork, key: str) -> None:
    """Merges forget the addresses that an attribute brought: their undo derives those of a card from its values."""
    await uow.send(
        "delete from customer_merge_row where part = 'customer_identity' and %s in (before ->> 'attribute', after ->> 'attribute')", [key]
    )
