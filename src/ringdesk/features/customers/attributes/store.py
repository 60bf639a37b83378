"""Every query of attributes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from ringdesk.features.customers.attributes.schemas import Attribute, IndexState
from ringdesk.kit.db import Answer, UnitOfWork
from ringdesk.kit.definitions import StoredValue

# Values are compared with a new type in bites that keep the memory small.
BITE = 5_000


async def hold(uow: UnitOfWork) -> None:
    """Let nobody else change attributes, nor write values of them, until the commit."""
    await uow.send("select pg_advisory_xact_lock(7206)")


async def hold_values(uow: UnitOfWork) -> None:
    """Let nobody change attributes until the commit; others may write values meanwhile."""
    await uow.send("select pg_advisory_xact_lock_shared(7206)")


class _Row(msgspec.Struct):
    id: UUID
    key: str
    label: str
    type: Any
    required: bool
    help: str
    privacy: str
    hidden_at: datetime | None
    index: Any
    conversion: Any


async def ask_for_all(uow: UnitOfWork) -> Answer[_Row]:
    """Ask for every attribute: the shown ones in the order of the card, then the hidden ones, last hidden first."""
    return await uow.ask(
        _Row,
        "select id, key, label, type, required, help, privacy, hidden_at,"
        " jsonb_build_object('searchable', searchable, 'sortable', sortable, 'state', index_state, 'progress', index_progress,"
        "                    'detail', index_detail) as index,"
        " case when conversion_progress is null then '{}' else jsonb_build_object('state', 'running', 'progress', conversion_progress) end"
        " as conversion from attribute"
        " order by hidden_at is not null, hidden_at desc, place, id",
    )


async def every(uow: UnitOfWork) -> list[Attribute]:
    """The rows of `ask_for_all`."""
    return [msgspec.convert(msgspec.structs.asdict(row), Attribute) for row in await (await ask_for_all(uow)).all()]


async def add(uow: UnitOfWork, attribute: Attribute) -> None:
    """Write a new attribute behind the others."""
    await uow.run(
        "insert into attribute (id, key, label, type, required, help, privacy, searchable, sortable, index_state, place)"
        " values (%(id)s, %(key)s, %(label)s, %(type)s, %(required)s, %(help)s, %(privacy)s, %(searchable)s, %(sortable)s, %(state)s,"
        "         (select coalesce(max(place), 0) + 1 from attribute))",
        _values(attribute),
    )


async def put(uow: UnitOfWork, attribute: Attribute) -> None:
    """Write a changed attribute."""
    await uow.run(
        "update attribute set label = %(label)s, type = %(type)s, required = %(required)s, help = %(help)s, privacy = %(privacy)s,"
        " hidden_at = %(hidden_at)s, searchable = %(searchable)s, sortable = %(sortable)s, index_state = %(state)s,"
        " index_progress = %(progress)s, index_detail = %(detail)s where id = %(id)s",
        _values(attribute),
    )


async def put_index_state(uow: UnitOfWork, attribute_id: UUID, state: IndexState, progress: int, detail: str | None) -> bool:
    """Write how far the index of an attribute is; whether that was news."""
    changed = await uow.run(
        "update attribute set index_state = %s, index_progress = %s, index_detail = %s"
        " where id = %s and (index_state, index_progress, index_detail) is distinct from (%s, %s, %s)",
        [state, progress, detail, attribute_id, state, progress, detail],
    )
    return changed > 0


async def place(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
    """Put attributes into this order."""
    await uow.run(
        "update attribute a set place = n.place from unnest(%s::uuid[]) with ordinality as n(id, place) where a.id = n.id", [list(ids)]
    )


async def values_after(uow: UnitOfWork, key: str, after: UUID) -> list[StoredValue]:
    """The next BITE values of an attribute, in the order of the customers' ids."""
    return await uow.all(
        StoredValue,
        "select id, display_name as name, attributes -> %s as value from customer"
        " where jsonb_exists(attributes, %s) and id > %s order by id limit %s",
        [key, key, after, BITE],
    )


async def put_values(uow: UnitOfWork, key: str, values: Sequence[tuple[UUID, Any]]) -> None:
    """Write values of an attribute anew."""
    await uow.send(
        "update customer c set attributes = jsonb_set(c.attributes, array[%s], n.value)"
        " from unnest(%s::uuid[], %s::jsonb[]) as n(id, value) where c.id = n.id",
        [key, [customer_id for customer_id, _ in values], [msgspec.json.encode(value).decode() for _, value in values]],
    )


async def begin_conversion(uow: UnitOfWork, attribute_id: UUID) -> None:
    """The stored values are to be encrypted, or decrypted, from the first card on."""
    await uow.send(
        "update attribute set conversion_progress = 0, conversion_at = jsonb_build_object('since', now()) where id = %s", [attribute_id]
    )


class ConversionRow(msgspec.Struct, frozen=True):
    """A conversion that is under way: `at` is how far its walk came, by the table that it walks over."""

    key: str
    at: dict[str, Any]
    progress: int


async def conversion(uow: UnitOfWork, attribute_id: UUID) -> ConversionRow | None:
    """The conversion of this attribute, held; None when there is none or another process is at it."""
    return await uow.one(
        ConversionRow,
        "select key, conversion_at as at, conversion_progress as progress from attribute"
        " where id = %s and conversion_progress is not null for update skip locked",
        [attribute_id],
    )


async def converting(uow: UnitOfWork) -> list[UUID]:
    """The attributes whose values are being converted."""
    return await uow.values("select id from attribute where conversion_progress is not null")


async def put_conversion(uow: UnitOfWork, attribute_id: UUID, at: dict[str, Any] | None, progress: int | None) -> None:
    """Write how far a conversion is; None: it is done."""
    await uow.send(
        "update attribute set conversion_progress = %s, conversion_at = %s where id = %s",
        [progress, None if at is None else Jsonb(at), attribute_id],
    )


def _values(attribute: Attribute) -> dict[str, Any]:
    flat = msgspec.structs.asdict(attribute) | msgspec.structs.asdict(attribute.index)
    return {name: value for name, value in flat.items() if name not in ("index", "conversion")} | {
        "type": Jsonb(msgspec.to_builtins(attribute.type))
    }
