"""Every query of the rows of a batch while they lie beside the tables that people use."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, LiteralString
from uuid import UUID

from psycopg import AsyncConnection, sql
from psycopg.rows import class_row

from ringdesk.features.customers.imports.batches import CUSTOMER_COLUMNS, IDENTITY_COLUMNS, NULL, Batch
from ringdesk.features.customers.imports.mapping import ATTRIBUTE
from ringdesk.features.customers.imports.recognition import KeyedRow
from ringdesk.features.customers.imports.rows import more_columns
from ringdesk.features.customers.models import PHONE_SLOTS, CustomerRecord, IdentityRow
from ringdesk.features.customers.privacy.traces import Trace
from ringdesk.features.customers.rules import UNKNOWN
from ringdesk.kit.db import UnitOfWork

STAGING: LiteralString = """
create temp table staged_customer (
    line bigint, id uuid, kind text, first_name text, last_name text, company_name text, display_name text, sort_name text, addresses jsonb,
    preferred_language text, attributes jsonb, external_id text, search_text text, phone_1 text, phone_2 text, phone_3 text, phone_4 text,
    phone_5 text, email text, city text, whole_name text, said_kind text, consent jsonb not null default '{}', address_places jsonb
) on commit delete rows;
create temp table staged_identity (
    line bigint, id uuid, customer_id uuid, kind text, raw text, normalised text, position int, attribute text
) on commit delete rows"""
SEEN: LiteralString = """
create temp table seen_value (
    kind text collate "C", value text collate "C", card uuid, primary key (kind, value, card)
)"""
"""What a check has met so far in the file, instead of writing it: key values (kind `key`), external ids, and addresses."""
_INTO_CUSTOMER: LiteralString = """
insert into customer (id, kind, first_name, last_name, company_name, display_name, sort_name, addresses, preferred_language, attributes,
                      external_id, search_text, phone_1, phone_2, phone_3, phone_4, phone_5, email, city, consent)
select id, kind, first_name, last_name, company_name, display_name, sort_name, addresses, preferred_language, attributes, external_id,
       search_text, phone_1, phone_2, phone_3, phone_4, phone_5, email, city, consent
from staged_customer order by line"""
_INTO_IDENTITY: LiteralString = """
insert into customer_identity (id, customer_id, kind, raw, normalised, position, attribute)
select id, customer_id, kind, raw, normalised, position, attribute from staged_identity i"""


CREATED_ADDRESSES = sql.SQL("(select s.customer_id, s.normalised from staged_identity s join customer c on c.id = s.customer_id)")
"""The new addresses of the customers that a batch created or changed, as (customer_id, normalised)."""


async def prepare(conn: AsyncConnection[Any], key: str | None, *, check: bool) -> None:
    """Make the temporary tables of this connection, and what finds customers by the key."""
    await conn.execute(STAGING)
    if check:
        await conn.execute(SEEN)
    await conn.commit()
    if key:
        await _index_key(conn, key)


async def stage(uow: UnitOfWork, batch: Batch, mapping: Mapping[str, str]) -> None:
    """COPY a batch, read by this mapping, beside the tables that people use."""
    for table, columns, data in (
        ("staged_customer", CUSTOMER_COLUMNS + more_columns(mapping), batch.customers),
        ("staged_identity", IDENTITY_COLUMNS, batch.identities),
    ):
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        statement = sql.SQL("copy {} ({}) from stdin with (null {})").format(sql.Identifier(table), names, sql.Literal(NULL))
        async with uow.conn.cursor().copy(statement) as copy:
            await copy.write(data)


async def make_comparable(uow: UnitOfWork) -> None:
    """Gather statistics: without those of a new temporary table the planner reads whole indexes for 15,000 values."""
    await uow.run("analyze staged_customer (line, external_id), staged_identity (line, kind, normalised)")


# A number that lost its + (spreadsheets drop it) is the same, as for a call that comes in (docs/adr/0005).
_NUMBERS = sql.SQL("""
    select line, normalised as value from staged_identity where kind = 'phone'
    union all
    select line, case when left(normalised, 1) = '+' then substr(normalised, 2) else '+' || normalised end
    from staged_identity where kind = 'phone' and length(normalised) > 10""")


def _values(key: str) -> sql.Composable:
    """The key values of the staged rows, as (line, value)."""
    if key == "phone":
        return _NUMBERS
    if key == "email":
        return sql.SQL("select line, normalised as value from staged_identity where kind = 'email'")
    if key == "external_id":
        return sql.SQL("select line, external_id as value from staged_customer where external_id is not null")
    name = key.removeprefix(ATTRIBUTE)
    return sql.SQL("select line, {0} as value from staged_customer where {0} is not null").format(_key_value("attributes", name))


def _key_value(column: LiteralString, name: str) -> sql.Composable:
    """What two values of an attribute are compared by: of a sensitive one its blind index."""
    return sql.SQL("coalesce({0} -> {1} ->> 'index', {0} ->> {1})").format(sql.SQL(column), name)


def _holders(key: str) -> sql.Composable:
    """Joins key values `k` to the customers in use `c` who surely have them."""
    if key in ("phone", "email"):
        return sql.SQL(
            "join customer_identity i on i.kind = {} and i.normalised = k.value and i.confidence = 'known'"
            " join customer c on c.id = i.customer_id and c.archived_at is null"
        ).format(key)
    if key == "external_id":
        return sql.SQL("join customer c on c.external_id = k.value and c.archived_at is null")
    name = key.removeprefix(ATTRIBUTE)
    return sql.SQL("join customer c on {} = k.value and c.archived_at is null").format(_key_value("c.attributes", name))


async def _index_key(conn: AsyncConnection[Any], key: str) -> None:
    """Make the index by which customers are found by an attribute, unless it is there; others go on writing meanwhile.

    It stays: whoever imports by this key will do so again.
    """
    if not key.startswith(ATTRIBUTE):
        return
    name = key.removeprefix(ATTRIBUTE)
    index = sql.Identifier(f"customer_by_key_{name}")
    await conn.commit()
    await conn.set_autocommit(True)
    try:
        cursor = await conn.execute("select indisvalid from pg_index where indexrelid = to_regclass(%s)", [f"customer_by_key_{name}"])
        found = await cursor.fetchone()
        if found and not found[0]:
            # Its making was broken off.
            await conn.execute(sql.SQL("drop index concurrently {}").format(index))
        if not found or not found[0]:
            await conn.execute(
                sql.SQL("create index concurrently {0} on customer (({1})) where {1} is not null").format(
                    index, _key_value("attributes", name)
                )
            )
    finally:
        await conn.set_autocommit(False)


async def keyed_rows(uow: UnitOfWork, key: str, *, seen: bool) -> list[KeyedRow]:
    """The staged rows whose key value somebody has: a customer, another row of the batch, or (`seen`) an earlier one of the file."""
    earlier = sql.SQL(
        "union select k.line, s.card, true from keys k join seen_value s on s.kind = 'key' and s.value = k.value" if seen else ""
    )
    cursor = uow.conn.cursor(row_factory=class_row(KeyedRow))
    await cursor.execute(
        sql.SQL("""
            with keys as materialized (select distinct line, value from ({values}) v),
            held as materialized (select k.line, c.id as card, false as in_file from keys k {holders} {earlier}),
            cards as (select line, array_agg(distinct card) as cards, bool_or(in_file) as in_file from held group by line),
            twice as (select distinct line from (select line, count(*) over (partition by value) as uses from keys) u where uses > 1),
            found as (select line from cards union select line from twice)
            select s.line, s.id, v.values, coalesce(c.cards, '{{}}') as cards, coalesce(c.in_file, false) as in_file
            from found f join staged_customer s on s.line = f.line
            join (select line, array_agg(value order by value) as values from keys group by line) v on v.line = f.line
            left join cards c on c.line = f.line
            order by s.line""").format(values=_values(key), holders=_holders(key), earlier=earlier)
    )
    return await cursor.fetchall()


async def count_without_key(uow: UnitOfWork, key: str) -> int:
    """How many staged rows lack the key."""
    query = sql.SQL("select count(*) from staged_customer s where not exists (select from ({}) v where v.line = s.line)")
    return int(await uow.value(query.format(_values(key))))


class StagedRecord(CustomerRecord, kw_only=True):
    """A staged row as the customer that it would be."""

    line: int
    whole_name: str | None
    said_kind: str | None
    address_places: tuple[int, ...] | None


async def staged_rows(uow: UnitOfWork, lines: Collection[int]) -> list[StagedRecord]:
    """These staged rows, in their order."""
    return await uow.all(
        StagedRecord,
        """select s.line, s.whole_name, s.said_kind, s.id, 0::bigint as number, 0 as version, s.kind, s.first_name, s.last_name,
                  s.company_name, s.display_name, s.phone_1, s.phone_2, s.phone_3, s.phone_4, s.phone_5, s.email, s.addresses,
                  s.preferred_language, s.consent, s.address_places, s.attributes, s.external_id, now() as created_at, now() as updated_at,
                  null::timestamptz as archived_at, null::timestamptz as last_contact_at, null::text as last_contact_channel,
                  null::text as last_contact_agent, coalesce(i.identities, '[]') as identities
           from staged_customer s
           left join (select line, jsonb_agg(jsonb_build_object('id', id, 'kind', kind, 'value', raw, 'normalised', normalised,
                             'confidence', 'known', 'position', position, 'attribute', attribute) order by kind, position) as identities
                      from staged_identity where line = any(%(lines)s) group by line) i on i.line = s.line
           where s.line = any(%(lines)s) order by s.line""",
        {"lines": list(lines)},
    )


async def unstage(uow: UnitOfWork, lines: Collection[int]) -> None:
    """Take these rows out: they make no customer."""
    await uow.run("delete from staged_identity where line = any(%s)", [list(lines)])
    await uow.run("delete from staged_customer where line = any(%s)", [list(lines)])


async def stage_identities(uow: UnitOfWork, rows: Sequence[tuple[UUID, IdentityRow]]) -> None:
    """Put new addresses of known customers beside those of the new ones, where others hear of them."""
    await uow.run(
        """insert into staged_identity (line, id, customer_id, kind, raw, normalised, position)
           select 0, * from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::int[])""",
        [
            [row.id for _, row in rows],
            [customer_id for customer_id, _ in rows],
            [row.kind for _, row in rows],
            [row.raw for _, row in rows],
            [row.normalised for _, row in rows],
            [row.position for _, row in rows],
        ],
    )


_HELD = sql.SQL("""
    select s.line, s.raw, c.id as holder from staged_identity s
    join customer_identity i on i.kind = s.kind and i.normalised = s.normalised and i.confidence = 'known'
    join customer c on c.id = i.customer_id and c.archived_at is null""")
_SEEN_ADDRESSES = sql.SQL("""
    union all select s.line, s.raw, v.card from staged_identity s join seen_value v on v.kind = s.kind and v.value = s.normalised""")
_SHARED = sql.SQL("""
    select distinct on (line) line, raw from (
        select line, raw, null as holder from (
            select line, raw, row_number() over (partition by kind, normalised order by line) as place from staged_identity) s
        where place > 1
        union all {held} {earlier}) found
    order by line""")
_SHARED_WITH_OTHERS = sql.SQL("""
    select distinct on (s.line) s.line, s.raw
    from (select * from unnest(%s::bigint[], %s::uuid[]) as o(line, card)) o join ({held}) s on s.line = o.line
    where s.holder <> o.card order by s.line""").format(held=_HELD)
_TAKEN = sql.SQL("""
    select line, external_id from (
        select line, id, external_id, row_number() over (partition by external_id order by line) as place
        from staged_customer where external_id is not null) s
    where place > 1 or exists (select from customer c where c.external_id = s.external_id) {earlier}
    order by line""")
_SEEN_IDS = sql.SQL("""
    or exists (select from seen_value v where v.kind = 'external_id' and v.value = s.external_id and v.card <> s.id)""")
_NOTHING = sql.SQL("")


async def shared(uow: UnitOfWork, *, seen: bool) -> list[tuple[int, str]]:
    """The staged rows with an address of a customer or of an earlier row: line, and one such address as typed."""
    cursor = await uow.conn.execute(_SHARED.format(held=_HELD, earlier=_SEEN_ADDRESSES if seen else _NOTHING))
    return await cursor.fetchall()


async def shared_with_others(uow: UnitOfWork, cards: Sequence[tuple[int, UUID]]) -> list[tuple[int, str]]:
    """Those of these rows with an address of another customer than the one that each is about: line, and one such address as typed."""
    cursor = await uow.conn.execute(_SHARED_WITH_OTHERS, [[line for line, _ in cards], [card for _, card in cards]])
    return await cursor.fetchall()


async def external_ids_taken(uow: UnitOfWork, *, seen: bool) -> list[tuple[int, str]]:
    """The staged rows with an external id that a customer or an earlier row has."""
    cursor = await uow.conn.execute(_TAKEN.format(earlier=_SEEN_IDS if seen else _NOTHING))
    return await cursor.fetchall()


async def external_id_holders(uow: UnitOfWork, ids: Collection[str]) -> dict[str, UUID]:
    """Who has these external ids."""
    cursor = await uow.conn.execute("select external_id, id from customer where external_id = any(%s)", [list(ids)])
    return dict(await cursor.fetchall())


async def lacking(uow: UnitOfWork, keys: Collection[str]) -> list[tuple[int, str]]:
    """The staged rows without a value of one of these attributes: line, and the key of one."""
    cursor = await uow.conn.execute(
        """select distinct on (s.line) s.line, k.key from staged_customer s, unnest(%s::text[]) with ordinality as k(key, place)
           where not jsonb_exists(s.attributes, k.key) order by s.line, k.place""",
        [list(keys)],
    )
    return await cursor.fetchall()


async def unnamed(uow: UnitOfWork) -> list[int]:
    """The staged rows that say nobody: no name, number or e-mail address."""
    return await uow.values("select line from staged_customer where display_name = %s order by line", [UNKNOWN])


FURTHER_SLOTS = frozenset(f"phone_{slot}" for slot in PHONE_SLOTS[1:])
"""What a file must fill for a new customer to have a number but no first one."""


async def put_first_number_first(uow: UnitOfWork) -> None:
    """A new card without a phone 1 has the first number of its row there: it is what lists show and what is dialled first."""
    # Those of known customers have been taken out: their cards keep each number in its field.
    await uow.run(
        """update staged_identity i set position = 1 from staged_customer s
           where s.phone_1 is null and i.line = s.line and i.kind = 'phone' and i.attribute is null
           and i.position = case when s.phone_2 is not null then 2 when s.phone_3 is not null then 3
                                 when s.phone_4 is not null then 4 when s.phone_5 is not null then 5 end"""
    )
    await uow.run(
        """update staged_customer set phone_1 = coalesce(phone_2, phone_3, phone_4, phone_5), phone_2 = null,
                  phone_3 = case when phone_2 is not null then phone_3 end,
                  phone_4 = case when coalesce(phone_2, phone_3) is not null then phone_4 end,
                  phone_5 = case when coalesce(phone_2, phone_3, phone_4) is not null then phone_5 end
           where phone_1 is null and coalesce(phone_2, phone_3, phone_4, phone_5) is not null"""
    )


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


async def remember(uow: UnitOfWork, key: str | None, cards: Sequence[tuple[int, UUID]], *, addresses: bool, external_ids: bool) -> None:
    """Keep what later rows are compared with: key values with the customers that `cards` says, else with those of their rows."""
    if key:
        await uow.run(
            sql.SQL("""
                insert into seen_value
                select 'key', v.value, coalesce(c.card, s.id)
                from ({values}) v join staged_customer s on s.line = v.line
                left join unnest(%s::bigint[], %s::uuid[]) as c(line, card) on c.line = v.line
                on conflict do nothing""").format(values=_values(key)),
            [[line for line, _ in cards], [card for _, card in cards]],
        )
    if addresses:
        await uow.run("insert into seen_value select kind, normalised, customer_id from staged_identity on conflict do nothing")
    if external_ids:
        await uow.run(
            "insert into seen_value select 'external_id', external_id, id from staged_customer where external_id is not null"
            " on conflict do nothing"
        )


async def lines_about(uow: UnitOfWork, who: Trace) -> list[int]:
    """The staged rows that can be about nobody but this customer: an address of theirs alone, their external id, or a shared address and
    their name.
    """
    return await uow.values(
        """select line from staged_identity where normalised = any(%(own)s)
           union select line from staged_customer where external_id = %(external_id)s
           union select i.line from staged_identity i join staged_customer c on c.line = i.line
                 where i.normalised = any(%(shared)s) and fold(c.display_name) = fold(%(name)s)""",
        {"own": who.own, "external_id": who.external_id, "shared": who.shared, "name": who.name},
    )
