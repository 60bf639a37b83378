"""Every query of request types and their fields."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from ringdesk.features.requests.schemas import RequestField, RequestSchema, RequestType
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.definitions import StoredValue
from ringdesk.kit.field_pools import FieldPool, FormField


async def hold(uow: UnitOfWork) -> None:
    """Let nobody else change types and fields, nor write requests, until the commit."""
    await uow.send("select pg_advisory_xact_lock(7207)")


async def hold_values(uow: UnitOfWork) -> None:
    """Let nobody change types and fields until the commit; others may write requests meanwhile."""
    await uow.send("select pg_advisory_xact_lock_shared(7207)")


class _TypeRow(msgspec.Struct):
    key: str
    label: str
    close_after_days: int
    fields: Any
    hidden_at: datetime | None


async def schema(uow: UnitOfWork) -> RequestSchema:
    """Every type and every field, those out of use last."""
    types = await uow.ask(
        _TypeRow,
        """
        select t.key, t.label, t.close_after_days, t.hidden_at,
               coalesce((select jsonb_agg(jsonb_build_object('key', f.field, 'required', f.required) order by f.place)
                         from request_type_field f where f.type = t.key), '[]') as fields
        from request_type t order by t.hidden_at is not null, t.hidden_at desc, t.place, t.key
        """,
    )
    fields = await FIELDS.every(uow)
    return RequestSchema([msgspec.convert(msgspec.structs.asdict(row), RequestType) for row in await types.all()], fields)


async def add_type(uow: UnitOfWork, kind: RequestType) -> None:
    """Write a new type behind the others."""
    await uow.run(
        "insert into request_type (key, label, close_after_days, place)"
        " values (%s, %s, %s, (select coalesce(max(place), 0) + 1 from request_type))",
        [kind.key, kind.label, kind.close_after_days],
    )
    await put_fields_of(uow, kind.key, kind.fields)


async def put_type(uow: UnitOfWork, kind: RequestType) -> None:
    """Write a changed type, its fields too."""
    await uow.run(
        "update request_type set label = %s, close_after_days = %s, hidden_at = %s where key = %s",
        [kind.label, kind.close_after_days, kind.hidden_at, kind.key],
    )
    await put_fields_of(uow, kind.key, kind.fields)


async def put_fields_of(uow: UnitOfWork, kind: str, fields: Sequence[FormField]) -> None:
    """The fields of a type are these, in this order."""
    await uow.run("delete from request_type_field where type = %s", [kind])
    await uow.run(
        "insert into request_type_field (type, field, required, place)"
        " select %s, n.field, n.required, n.place from unnest(%s::text[], %s::bool[]) with ordinality as n(field, required, place)",
        [kind, [one.key for one in fields], [one.required for one in fields]],
    )


async def place_types(uow: UnitOfWork, keys: Sequence[str]) -> None:
    """Put types into this order."""
    await uow.run(
        "update request_type t set place = n.place from unnest(%s::text[]) with ordinality as n(key, place) where t.key = n.key",
        [list(keys)],
    )


async def values_after(uow: UnitOfWork, key: str, after: UUID, limit: int) -> list[StoredValue]:
    """The next `limit` values of a field, in the order of the requests' ids."""
    return await uow.all(
        StoredValue,
        "select id, 'REQ-' || number || ' ' || title as name, fields -> %s as value from request"
        " where jsonb_exists(fields, %s) and id > %s order by id limit %s",
        [key, key, after, limit],
    )


async def put_values(uow: UnitOfWork, key: str, values: Sequence[tuple[UUID, Any]]) -> None:
    """Write values of a field anew."""
    await uow.send(
        "update request r set fields = jsonb_set(r.fields, array[%s], n.value)"
        " from unnest(%s::uuid[], %s::jsonb[]) as n(id, value) where r.id = n.id",
        [key, [request_id for request_id, _ in values], [msgspec.json.encode(value).decode() for _, value in values]],
    )


FIELDS = FieldPool(RequestField, "request_field", values_after=values_after, put_values=put_values)
"""The fields that types of requests share."""
