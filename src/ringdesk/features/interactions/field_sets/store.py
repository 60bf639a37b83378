"""Every query of field sets and of the values that activities hold."""

from collections.abc import Sequence
from typing import Any, get_args
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from ringdesk.features.interactions.field_sets.schemas import ActivityField, FieldSet, FieldSets
from ringdesk.features.interactions.schemas import Channel
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.definitions import StoredValue
from ringdesk.kit.field_pools import FieldPool, FormField

CHANNELS: tuple[Channel, ...] = get_args(Channel)


async def hold(uow: UnitOfWork) -> None:
    """Let nobody else change field sets, nor write values, until the commit."""
    await uow.send("select pg_advisory_xact_lock(7218)")


async def hold_values(uow: UnitOfWork) -> None:
    """Let nobody change field sets until the commit; others may write values meanwhile."""
    await uow.send("select pg_advisory_xact_lock_shared(7218)")


class _Member(msgspec.Struct):
    channel: Channel
    field: str
    required: bool


async def every(uow: UnitOfWork) -> FieldSets:
    """Every field set and every field."""
    members = await uow.all(_Member, "select channel, field, required from field_set_field order by channel, place")
    sets = {channel: FieldSet(channel=channel, fields=[]) for channel in CHANNELS}
    for one in members:
        sets[one.channel].fields.append(FormField(one.field, one.required))
    return FieldSets(list(sets.values()), await FIELDS.every(uow))


async def put_set(uow: UnitOfWork, changed: FieldSet) -> None:
    """The fields of a channel are these, in this order."""
    await uow.run("delete from field_set_field where channel = %s", [changed.channel])
    await uow.run(
        "insert into field_set_field (channel, field, required, place)"
        " select %s, n.field, n.required, n.place from unnest(%s::text[], %s::bool[]) with ordinality as n(field, required, place)",
        [changed.channel, [one.key for one in changed.fields], [one.required for one in changed.fields]],
    )


async def put_activity_fields(uow: UnitOfWork, activity_id: UUID, values: dict[str, Any]) -> None:
    """The fields of an activity hold these values."""
    await uow.send("update activity set fields = %s where id = %s", [Jsonb(values), activity_id])


async def told_fields(uow: UnitOfWork, activity_id: UUID) -> dict[str, Any]:
    """What another system told of the fields of an activity last."""
    return await uow.value("select told_fields from activity where id = %s", [activity_id]) or {}


async def put_told_fields(uow: UnitOfWork, activity_id: UUID, values: dict[str, Any]) -> None:
    """Remember what another system told."""
    await uow.send("update activity set told_fields = told_fields || %s where id = %s", [Jsonb(values), activity_id])


async def values_after(uow: UnitOfWork, key: str, after: UUID, limit: int) -> list[StoredValue]:
    """The next `limit` values of a field, in the order of the activities' ids, each called by its interaction's customer and time."""
    return await uow.all(
        StoredValue,
        """
        select a.id, concat_ws(', ', coalesce(c.display_name, i.ani), to_char(a.started_at, 'YYYY-MM-DD HH24:MI')) as name,
               a.fields -> %(key)s as value
        from (select id, interaction_id, started_at, fields from activity where fields <> '{}' and jsonb_exists(fields, %(key)s)
              and id > %(after)s order by id limit %(limit)s) a
        left join interaction i on i.id = a.interaction_id left join customer c on c.id = i.customer_id order by a.id
        """,
        {"key": key, "after": after, "limit": limit},
    )


async def put_values(uow: UnitOfWork, key: str, values: Sequence[tuple[UUID, Any]]) -> None:
    """Write values of a field anew; what other systems told of it before was of the old type."""
    await uow.send(
        "update activity a set fields = jsonb_set(a.fields, array[%s], n.value), told_fields = a.told_fields - %s"
        " from unnest(%s::uuid[], %s::jsonb[]) as n(id, value) where a.id = n.id",
        [key, key, [row_id for row_id, _ in values], [msgspec.json.encode(value).decode() for _, value in values]],
    )


FIELDS = FieldPool(ActivityField, "activity_field", values_after=values_after, put_values=put_values)
"""The fields that channels share."""
