"""Every query of merging. Tables and columns come from the declarations in references.py, never from outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import sql
from psycopg.types.json import Jsonb

from ringdesk.features.customers.merging.references import Folded, Listed, Moved
from ringdesk.features.customers.models import IdentityRow
from ringdesk.kit.db import UnitOfWork

Image = dict[str, Any]


async def begin(uow: UnitOfWork) -> None:
    """Rows as JSON name times in UTC, whatever the server's zone: images of two transactions can then be compared."""
    await uow.send("set local timezone = 'UTC'")
    # The plans of these statements hang on how much one customer has.
    await uow.send("set local plan_cache_mode = force_custom_plan")


async def resolve(uow: UnitOfWork, customer_id: UUID) -> UUID:
    """The card that this id means today; the id itself when it never changed."""
    return await uow.value("select current_customer(%s)", [customer_id])


async def hold_rows(uow: UnitOfWork, part: Moved, customer_id: UUID) -> None:
    """Hold those of the customer's rows that others hold first, in the order of their keys."""
    if part.hold is None:
        return
    query = sql.SQL("select count(*) from (select from {table} where {column} = %s and {hold} order by {key} for update) held").format(
        **_names(part), hold=sql.SQL(part.hold)
    )
    await uow.value(query, [customer_id])


async def count_rows(uow: UnitOfWork, part: Moved, customer_id: UUID) -> int:
    """How many rows would move."""
    return await uow.value(sql.SQL("select count(*) from {table} where {column} = %s").format(**_names(part)), [customer_id])


async def move(uow: UnitOfWork, merge_id: UUID, part: Moved, *, source: UUID, target: UUID) -> int:
    """Give the rows of one customer to another and note their keys; how many."""
    query = sql.SQL("""
        with moved as (update {table} set {column} = %(target)s where {column} = %(source)s returning {key} as key),
        noted as (insert into customer_merge_moved (merge_id, part, keys)
                  select %(merge)s, %(part)s, array_agg(key) from moved having count(*) > 0)
        select count(*) from moved""").format(**_names(part))
    return await uow.value(query, {"merge": merge_id, "part": _part(part), "source": source, "target": target})


async def move_back(uow: UnitOfWork, merge_id: UUID, part: Moved, *, source: UUID, target: UUID) -> int:
    """Give back the noted rows that are still where the merge put them; how many."""
    query = sql.SQL("""
        with noted as materialized (
            select unnest(keys) as key from customer_merge_moved where merge_id = %(merge)s and part = %(part)s)
        update {table} set {column} = %(source)s from noted where {table}.{key} = noted.key and {column} = %(target)s""").format(
        **_names(part)
    )
    return await uow.run(query, {"merge": merge_id, "part": _part(part), "source": source, "target": target})


async def rename_in_lists(uow: UnitOfWork, merge_id: UUID, part: Listed, *, source: UUID, target: UUID) -> None:
    """Name the one customer where lists name the other, once, and note both states."""
    query = sql.SQL("""
        with had as (select {key} as key, {column} as ids from {table} where {column} <> '{{}}' and {column} @> array[%(source)s::uuid]),
        changed as (
            update {table} set {column} = array(
                select id from (
                    select distinct on (id) id, place
                    from unnest(array_replace(h.ids, %(source)s, %(target)s)) with ordinality as o(id, place) order by id, place
                ) once order by place)
            from had h where {table}.{key} = h.key returning h.key, h.ids, {table}.{column} as now)
        insert into customer_merge_row (merge_id, part, key, before, after)
        select %(merge)s, %(part)s, jsonb_build_object('key', key), jsonb_build_object('ids', ids), jsonb_build_object('ids', now)
        from changed
        """).format(**_names(part))
    await uow.send(query, {"merge": merge_id, "part": _part(part), "source": source, "target": target})


async def name_again_in_lists(uow: UnitOfWork, merge_id: UUID, part: Listed) -> None:
    """Put the noted lists back that are as the merge left them."""
    query = sql.SQL("""
        update {table} set {column} = array(select jsonb_array_elements_text(r.before->'ids')::uuid)
        from customer_merge_row r where r.merge_id = %(merge)s and r.part = %(part)s and {table}.{key} = (r.key->>'key')::uuid
          and to_jsonb({table}.{column}) = r.after->'ids'""").format(**_names(part))
    await uow.send(query, {"merge": merge_id, "part": _part(part)})


async def rows(uow: UnitOfWork, part: Folded, customers: Sequence[UUID]) -> dict[str, tuple[Image, Image]]:
    """The rows that name one of these customers, as (key, whole row) by the text of their key."""
    named = sql.SQL(" or ").join(sql.SQL("t.{} = any(%(ids)s)").format(sql.Identifier(column)) for column in part.columns)
    query = sql.SQL("select {key}::text, {key}, to_jsonb(t) from {table} t where {named}").format(
        key=_key(part), table=sql.Identifier(part.table), named=named
    )
    cursor = await uow.conn.execute(query, {"ids": list(customers)})
    return {text: (key, image) for text, key, image in await cursor.fetchall()}


async def note_rows(
    uow: UnitOfWork, merge_id: UUID, part: str, before: Mapping[str, tuple[Image, Image]], after: Mapping[str, tuple[Image, Image]]
) -> None:
    """Note both states of the rows that differ."""
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    if not changed:
        return
    states = [[pair.get(key) for key in changed] for pair in (before, after)]
    keys = [Jsonb((one or other or ({}, {}))[0]) for one, other in zip(*states, strict=True)]
    images = [[Jsonb(one[1]) if one else None for one in state] for state in states]
    await uow.send(
        "insert into customer_merge_row (merge_id, part, key, before, after)"
        " select %s, %s, * from unnest(%s::jsonb[], %s::jsonb[], %s::jsonb[])",
        [merge_id, part, keys, *images],
    )


class NotedRow(Struct, frozen=True):
    """A row of the journal: `name` is its key as text."""

    name: str
    key: Image
    before: Image | None
    after: Image | None


async def noted_rows(uow: UnitOfWork, merge_id: UUID, part: str) -> list[NotedRow]:
    """What a merge noted of one table."""
    return await uow.all(
        NotedRow,
        "select key::text as name, key, before, after from customer_merge_row where merge_id = %s and part = %s order by key",
        [merge_id, part],
    )


async def remove_rows(uow: UnitOfWork, part: Folded, customers: Sequence[UUID], keys: Sequence[Image]) -> None:
    """Remove rows of these customers by their keys."""
    if keys:
        query = sql.SQL("delete from {table} t where ({named}) and {key} = any(%(keys)s::jsonb[])").format(
            table=sql.Identifier(part.table),
            named=sql.SQL(" or ").join(sql.SQL("t.{} = any(%(ids)s)").format(sql.Identifier(column)) for column in part.columns),
            key=_key(part),
        )
        await uow.send(query, {"ids": list(customers), "keys": [Jsonb(key) for key in keys]})


async def write_rows(uow: UnitOfWork, table: str, images: Sequence[Image]) -> None:
    """Write rows as they were; columns that are gone since are left out, new ones take their defaults."""
    if not images:
        return
    known = await uow.values(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''", [table]
    )
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in known if name in images[0])
    query = sql.SQL("insert into {table} ({columns}) select {columns} from jsonb_populate_recordset(null::{table}, %s)").format(
        table=sql.Identifier(table), columns=columns
    )
    await uow.send(query, [Jsonb(list(images))])


async def card_image(uow: UnitOfWork, customer_id: UUID) -> Image:
    """The row of a card."""
    return await uow.value("select to_jsonb(c) from customer c where id = %s", [customer_id])


async def remove_card(uow: UnitOfWork, customer_id: UUID) -> None:
    """The row of a card goes; everything that names it has to be moved before."""
    await uow.run("delete from customer where id = %s", [customer_id])


async def add_alias(uow: UnitOfWork, *, old_id: UUID, customer_id: UUID) -> None:
    """From now on the old id means this card."""
    await uow.send("insert into customer_alias (old_id, customer_id) values (%s, %s)", [old_id, customer_id])


async def drop_alias(uow: UnitOfWork, old_id: UUID) -> None:
    """The id is a card of its own again."""
    await uow.send("delete from customer_alias where old_id = %s", [old_id])


async def old_ids(uow: UnitOfWork, customer_id: UUID) -> list[UUID]:
    """The ids that mean this card beside its own."""
    return await uow.values("select old_id from customer_alias where customer_id = %s order by old_id", [customer_id])


async def put_identities(uow: UnitOfWork, customer_id: UUID, rows: Sequence[IdentityRow]) -> None:
    """Write new or changed identities of a card, by id."""
    if rows:
        await uow.send(
            """insert into customer_identity as i (id, customer_id, kind, raw, normalised, confidence, position, attribute)
               select r.id, %(customer)s, r.kind, r.raw, r.normalised, r.confidence, r.position, r.attribute
               from jsonb_to_recordset(%(rows)s)
                    as r(id uuid, kind text, raw text, normalised text, confidence text, position int, attribute text)
               on conflict (id) do update set raw = excluded.raw, confidence = excluded.confidence, position = excluded.position,
                   attribute = excluded.attribute""",
            {"customer": customer_id, "rows": Jsonb(list(rows))},
        )


async def set_version(uow: UnitOfWork, customer_id: UUID, version: int) -> None:
    """Lift the version of a held card."""
    await uow.send("update customer set version = %s, updated_at = now() where id = %s", [version, customer_id])


async def set_derived(uow: UnitOfWork, customer_id: UUID, image: Image) -> None:
    """What quick search finds the card by, word for word as it was."""
    await uow.send("update customer set search_text = %s where id = %s", [image["search_text"], customer_id])


async def set_external_id(uow: UnitOfWork, customer_id: UUID, external_id: str) -> bool:
    """Give the card its external id unless another has it; whether it got it."""
    given = await uow.run(
        "update customer set external_id = %(key)s where id = %(id)s and not exists (select from customer where external_id = %(key)s)",
        {"key": external_id, "id": customer_id},
    )
    return given > 0


class MergeRow(Struct, frozen=True, kw_only=True):
    """A row of the journal; `was` and `became` are the drafts of the surviving card."""

    id: UUID
    survivor_id: UUID
    duplicate_id: UUID
    at: datetime
    by_name: str
    duplicate: Image
    before: Image
    after: Image
    was: Any
    became: Any
    moved: dict[str, int]
    undone_at: datetime | None = None
    undone_by: str | None = None


async def add_merge(uow: UnitOfWork, row: MergeRow) -> None:
    """Open the journal of a merge; what it moves is noted in it."""
    await uow.send(
        """insert into customer_merge (id, survivor_id, duplicate_id, at, by_name, duplicate, before, after, was, became, moved)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [
            row.id,
            row.survivor_id,
            row.duplicate_id,
            row.at,
            row.by_name,
            *(Jsonb(value) for value in (row.duplicate, row.before, row.after, row.was, row.became, row.moved)),
        ],
    )


async def close_journal(uow: UnitOfWork, merge_id: UUID, *, after: Image, moved: Mapping[str, int]) -> None:
    """Note what the merge made."""
    await uow.send("update customer_merge set after = %s, moved = %s where id = %s", [Jsonb(after), Jsonb(dict(moved)), merge_id])


async def merge_for_change(uow: UnitOfWork, merge_id: UUID) -> MergeRow | None:
    """A merge, held until the transaction ends."""
    return await uow.one(MergeRow, "select * from customer_merge where id = %s for update", [merge_id])


async def set_undone(uow: UnitOfWork, merge_id: UUID, at: datetime, by_name: str) -> None:
    """The merge was taken back."""
    await uow.send("update customer_merge set undone_at = %s, undone_by = %s where id = %s", [at, by_name, merge_id])


async def merge_of(uow: UnitOfWork, merge_id: UUID) -> MergeRow | None:
    """One merge."""
    return await uow.one(MergeRow, "select * from customer_merge where id = %s", [merge_id])


async def merge_away(uow: UnitOfWork, customer_id: UUID) -> UUID | None:
    """The merge by which this card went into another one and did not come back."""
    return await uow.value(
        "select id from customer_merge where duplicate_id = %s and undone_at is null order by id desc limit 1", [customer_id]
    )


async def merges_into(uow: UnitOfWork, customer_id: UUID, limit: int) -> list[MergeRow]:
    """The merges into this card and into those that it took in, newest first."""
    return await uow.all(
        MergeRow,
        """select m.* from customer_merge m where m.survivor_id = %(id)s
              or m.survivor_id in (select old_id from customer_alias where customer_id = %(id)s)
           order by m.id desc limit %(limit)s""",
        {"id": customer_id, "limit": limit},
    )


def _part(part: Moved | Listed) -> str:
    return f"{part.table}.{part.column}"


def list_part(part: Listed) -> str:
    """What the journal calls a column of ids."""
    return _part(part)


def _names(part: Moved | Listed) -> dict[str, sql.Composable]:
    return {"table": sql.Identifier(part.table), "column": sql.Identifier(part.column), "key": sql.Identifier(part.key)}


def _key(part: Folded) -> sql.Composable:
    pairs = sql.SQL(", ").join(sql.SQL("{}, t.{}").format(sql.Literal(name), sql.Identifier(name)) for name in part.key)
    return sql.SQL("jsonb_build_object({})").format(pairs)
