"""Every query of what an import did, kept so that it can be undone: the customers it made, batch by batch, and the fields it changed."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct, convert
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from ringdesk.features.customers.imports.schemas import KeptCustomer, KeptReason
from ringdesk.features.customers.schemas import Identity
from ringdesk.kit.db import UnitOfWork

# What the audit trail notes of a merge beside the fields: for people it is one thing that was done to the card.
_OF_MERGING = ["merge_id", "merged", "moved", "other"]
# Tables that go with a customer, or say nothing of its use.
_ITS_OWN = (
    "customer_identity",
    "customer_order",
    "desk_customer",
    "duplicate_card",
    "duplicate_pair",
    "import_change",
    "import_kept",
    "not_duplicate",
)


IMPORTED, UNDONE = "customer.imported", "customer.import_undone"
"""What the audit trail of a customer calls a change by an import, and one by its undo."""
_BY_IMPORTS = (IMPORTED, UNDONE)


class Created(Struct, frozen=True):
    """Customers that one batch made."""

    place: int
    created: list[UUID]


class Change(Struct, frozen=True, kw_only=True):
    """What one batch changed of a customer: parts as they were and as it left them, its version afterwards.

    `added` are the addresses that it got besides its fields, `unconfirmed` those that were so before. `created_here`: whether the same
    import had made the customer.
    """

    place: int
    customer_id: UUID
    created_here: bool
    version: int
    before: dict[str, Any]
    after: dict[str, Any]
    added: set[UUID]
    unconfirmed: list[Identity]


class Kept(Struct, frozen=True):
    """A customer of whom an undo keeps something."""

    customer_id: UUID
    reason: KeptReason
    fields: list[str]
    by_name: str


async def add_created(uow: UnitOfWork, import_id: UUID, place: int) -> None:
    """Note the customers that the staged rows have become."""
    await uow.run(
        """insert into import_batch (import_id, place, created, first_id, last_id)
           select %s, %s, created, created[1], created[cardinality(created)]
           from (select array_agg(c.id order by c.id) as created from staged_customer s join customer c on c.id = s.id) made
           where created is not null""",
        [import_id, place],
    )


async def made_here(uow: UnitOfWork, import_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Those of these customers that the import has made."""
    return set(
        await uow.values(
            """select w.id from unnest(%s::uuid[]) as w(id)
               join import_batch b on b.import_id = %s and w.id between b.first_id and b.last_id and w.id = any(b.created)""",
            [list(ids), import_id],
        )
    )


async def add_changes(uow: UnitOfWork, import_id: UUID, changes: Sequence[Change]) -> None:
    """Note what a batch changed."""
    await uow.run(
        """insert into import_change (import_id, place, customer_id, created_here, version, before, after, added, unconfirmed)
           select %s, * from unnest(%s::bigint[], %s::uuid[], %s::bool[], %s::int[], %s::jsonb[], %s::jsonb[], %s::jsonb[], %s::jsonb[])""",
        [
            import_id,
            [one.place for one in changes],
            [one.customer_id for one in changes],
            [one.created_here for one in changes],
            [one.version for one in changes],
            [Jsonb(one.before) for one in changes],
            [Jsonb(one.after) for one in changes],
            [Jsonb(list(one.added)) for one in changes],
            [Jsonb(one.unconfirmed) for one in changes],
        ],
    )


async def last_changes(uow: UnitOfWork, import_id: UUID, limit: int) -> list[Change]:
    """The last changes of customers that the import had not made itself."""
    cursor = uow.conn.cursor(row_factory=dict_row)
    await cursor.execute(
        """select place, customer_id, created_here, version, before, after, added, unconfirmed from import_change
           where import_id = %s and not created_here order by place desc, customer_id limit %s""",
        [import_id, limit],
    )
    return [convert(row, Change) for row in await cursor.fetchall()]


async def forget_changes(uow: UnitOfWork, import_id: UUID, changes: Sequence[Change]) -> None:
    """These are undone."""
    await uow.run(
        """delete from import_change c using unnest(%s::bigint[], %s::uuid[]) as u(place, customer_id)
           where c.import_id = %s and c.place = u.place and c.customer_id = u.customer_id""",
        [[one.place for one in changes], [one.customer_id for one in changes], import_id],
    )


async def last_created(uow: UnitOfWork, import_id: UUID, limit: int) -> Created | None:
    """The last customers that the import made, of one batch, at most `limit`; None when there are none left."""
    return await uow.one(
        Created,
        """select place, created[greatest(1, cardinality(created) - %s + 1):] as created from import_batch
           where import_id = %s order by place desc limit 1""",
        [limit, import_id],
    )


async def forget_created(uow: UnitOfWork, import_id: UUID, made: Created) -> None:
    """These are undone."""
    rest = await uow.value(
        """update import_batch set created = created[:cardinality(created) - %s] where import_id = %s and place = %s
           returning cardinality(created)""",
        [len(made.created), import_id, made.place],
    )
    if not rest:
        await uow.run("delete from import_batch where import_id = %s and place = %s", [import_id, made.place])


async def forget(uow: UnitOfWork, import_id: UUID) -> None:
    """All of it is undone."""
    await uow.run("delete from import_change where import_id = %s", [import_id])
    await uow.run("delete from import_batch where import_id = %s", [import_id])


async def hold(uow: UnitOfWork, ids: Collection[UUID]) -> list[UUID]:
    """Hold these customers until the commit; those that are still there."""
    return await uow.values("select id from customer where id = any(%s) order by id for update", [list(ids)])


async def changed_since(uow: UnitOfWork, import_id: UUID, ids: Collection[UUID]) -> list[UUID]:
    """Those of these customers, made by the import, whose card was changed after the import left it."""
    return await uow.values(
        """select c.id from customer c
           left join (select customer_id, max(version) as version from import_change where import_id = %s and customer_id = any(%s)
                      group by customer_id) l on l.customer_id = c.id
           where c.id = any(%s) and c.version <> coalesce(l.version, 1)""",
        [import_id, list(ids), list(ids)],
    )


# What a customer gets by its addresses alone, when calls came from them before the import.
BY_ADDRESS = ("interaction", "customer_contact")


async def in_use(uow: UnitOfWork, ids: Collection[UUID], *, but: Collection[str] = ()) -> list[UUID]:
    """Those of these customers that something else has come to refer to: a conversation, a request, an address from a call.

    Tables of `but` don't count.
    """
    cursor = await uow.conn.execute(
        """select r.relname, a.attname from pg_constraint f
           join pg_class r on r.oid = f.conrelid join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
           where f.contype = 'f' and f.confrelid = 'customer'::regclass and f.conparentid = 0 and r.relname <> all(%s)
           order by 1, 2""",
        [[*_ITS_OWN, *but]],
    )
    wanted: list[sql.Composable] = [
        sql.SQL("select {0} as id from {1} where {0} = any(%(ids)s)").format(sql.Identifier(column), sql.Identifier(table))
        for table, column in await cursor.fetchall()
    ]
    wanted.append(sql.SQL("select customer_id as id from customer_identity where customer_id = any(%(ids)s) and confidence = 'maybe'"))
    query = sql.SQL("select distinct id from ({}) used").format(sql.SQL(" union all ").join(wanted))
    return await uow.values(query, {"ids": list(ids)})


async def remove(uow: UnitOfWork, ids: Collection[UUID]) -> None:
    """Remove customers with everything that is theirs alone."""
    await uow.run("delete from customer where id = any(%s)", [list(ids)])


async def who_changed(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, tuple[list[str], str]]:
    """The fields that people changed of these customers, and who did so last. What imports did is left out."""
    cursor = await uow.conn.execute(
        """select entity_id::uuid, array_agg(distinct case when field = any(%s) then 'merged' else field end),
                  (array_agg(actor order by e.id desc))[1]
           from audit_entry e, lateral jsonb_object_keys(case jsonb_typeof(e.after) when 'object' then e.after else '{}' end) as field
           where entity = 'customer' and entity_id = any(%s) and action <> all(%s) group by 1""",
        [_OF_MERGING, [str(one) for one in ids], list(_BY_IMPORTS)],
    )
    return {customer_id: (fields, name) for customer_id, fields, name in await cursor.fetchall()}


async def keep(uow: UnitOfWork, import_id: UUID, kept: Sequence[Kept]) -> None:
    """List what an undo keeps."""
    await uow.run(
        """insert into import_kept (import_id, customer_id, reason, fields, by_name)
           select %s, k.id, k.reason, array(select jsonb_array_elements_text(k.fields)), k.by_name
           from unnest(%s::uuid[], %s::text[], %s::jsonb[], %s::text[]) as k(id, reason, fields, by_name)
           on conflict (import_id, customer_id) do update
           set fields = (select array_agg(distinct f) from unnest(import_kept.fields || excluded.fields) as f)""",
        [
            import_id,
            [one.customer_id for one in kept],
            [one.reason for one in kept],
            [Jsonb(one.fields) for one in kept],
            [one.by_name for one in kept],
        ],
    )


async def kept_after(uow: UnitOfWork, import_id: UUID, number: int, limit: int) -> list[KeptCustomer]:
    """What an undo kept, of customers with a larger number than this, by number."""
    return await uow.all(
        KeptCustomer,
        """select c.id, c.number, c.display_name, k.reason, coalesce(k.fields, '{}') as fields, k.by_name
           from import_kept k join customer c on c.id = k.customer_id
           where k.import_id = %s and c.number > %s order by c.number limit %s""",
        [import_id, number, limit],
    )


async def count_kept(uow: UnitOfWork, import_id: UUID) -> int:
    """Of how many customers an undo kept something."""
    return int(await uow.value("select count(*) from import_kept where import_id = %s", [import_id]))


async def forget_customer(uow: UnitOfWork, customer_id: UUID) -> None:
    """Nothing that an import did to this customer can be undone any more."""
    await uow.run("delete from import_change where customer_id = %s", [customer_id])
    await uow.run("delete from import_kept where customer_id = %s", [customer_id])
