"""Every query of bulk edits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from psycopg import sql
from psycopg.types.json import Jsonb

from ringdesk.features.customers.bulk.schemas import BulkEdit, BulkState, LeftAlone
from ringdesk.kit.db import UnitOfWork

SHOWN = 30
_READ: LiteralString = "select * from bulk_edit where id = %s"


class Item(msgspec.Struct):
    """One customer of a bulk edit: what the edit changed, once it has."""

    place: int
    customer_id: UUID
    was: Any
    became: Any


class Outcome(msgspec.Struct):
    """What became of one customer."""

    place: int
    outcome: str
    was: dict[str, Any] | None = None
    became: dict[str, Any] | None = None


async def insert(uow: UnitOfWork, edit: BulkEdit) -> None:
    """Write a new bulk edit, as yet of nobody."""
    await uow.run(
        "insert into bulk_edit (id, state, query, change, total, user_id, user_name, created_at) values (%s, %s, %s, %s, 0, %s, %s, %s)",
        [edit.id, edit.state, edit.query, Jsonb(edit.change), edit.user_id, edit.user_name, edit.created_at],
    )


async def select_all(uow: UnitOfWork, edit_id: UUID, keys: sql.Composable, most: int) -> int:
    """Take the customers whom the statement `keys` finds now, at most `most`; how many they are."""
    return await uow.run(
        sql.SQL(
            "insert into bulk_edit_item (bulk_edit_id, place, customer_id)"
            " select {}, row_number() over (order by found.id), found.id from ({} limit {}) found(id)"
        ).format(edit_id, keys, most)
    )


async def set_total(uow: UnitOfWork, edit_id: UUID, total: int) -> BulkEdit:
    """Write how many customers there are."""
    return await _one(uow, "update bulk_edit set total = %s where id = %s returning *", [total, edit_id])


async def read(uow: UnitOfWork, edit_id: UUID, *, hold: bool = False) -> BulkEdit | None:
    """A bulk edit, or None; with `hold` nobody else changes it until the commit."""
    return await uow.one(BulkEdit, _READ + " for update" if hold else _READ, [edit_id])


async def newest(uow: UnitOfWork) -> list[BulkEdit]:
    """The newest ones that were begun."""
    return await uow.all(BulkEdit, "select * from bulk_edit where state <> 'prepared' order by created_at desc, id desc limit %s", [SHOWN])


async def set_state(uow: UnitOfWork, edit_id: UUID, state: BulkState, detail: str | None = None) -> BulkEdit:
    """Begin, end or undo."""
    return await _one(
        uow,
        """update bulk_edit set state = %(state)s, detail = %(detail)s,
                   started_at = case when %(state)s = 'running' then now() else started_at end,
                   finished_at = case when %(state)s in ('running', 'undoing') then null else now() end
            where id = %(id)s returning *""",
        {"id": edit_id, "state": state, "detail": detail},
    )


async def under_way(uow: UnitOfWork) -> list[UUID]:
    """Those that run, or ran when their process died."""
    return await uow.values("select id from bulk_edit where state in ('running', 'undoing') order by created_at")


async def forget_prepared(uow: UnitOfWork, before: datetime) -> int:
    """Delete what was prepared before then and never begun."""
    return await uow.run("delete from bulk_edit where state = 'prepared' and created_at < %s", [before])


async def next_items(uow: UnitOfWork, edit_id: UUID, limit: int) -> list[Item]:
    """The next customers that the edit has not dealt with."""
    return await uow.all(
        Item,
        "select place, customer_id, was, became from bulk_edit_item where bulk_edit_id = %s and outcome is null order by place limit %s",
        [edit_id, limit],
    )


async def next_to_undo(uow: UnitOfWork, edit_id: UUID, limit: int) -> list[Item]:
    """The next changed customers that the undo has not dealt with."""
    return await uow.all(
        Item,
        "select place, customer_id, was, became from bulk_edit_item"
        " where bulk_edit_id = %s and outcome = 'changed' and undone is null order by place limit %s",
        [edit_id, limit],
    )


async def put_outcomes(uow: UnitOfWork, edit_id: UUID, outcomes: Sequence[Outcome]) -> BulkEdit:
    """Note what became of some customers, and count them."""
    await uow.send(
        "update bulk_edit_item i set outcome = n.outcome, was = n.was, became = n.became"
        " from unnest(%s::int[], %s::text[], %s::jsonb[], %s::jsonb[]) as n(place, outcome, was, became)"
        " where i.bulk_edit_id = %s and i.place = n.place",
        [
            [one.place for one in outcomes],
            [one.outcome for one in outcomes],
            [_json(one.was) for one in outcomes],
            [_json(one.became) for one in outcomes],
            edit_id,
        ],
    )
    counts = {name: sum(one.outcome == name for one in outcomes) for name in ("changed", "unchanged", "gone", "refused")}
    return await _one(
        uow,
        """update bulk_edit set done = done + %(done)s, changed = changed + %(changed)s, unchanged = unchanged + %(unchanged)s,
                   gone = gone + %(gone)s, refused = refused + %(refused)s where id = %(id)s returning *""",
        counts | {"done": len(outcomes), "id": edit_id},
    )


async def put_undone(uow: UnitOfWork, edit_id: UUID, outcomes: Sequence[tuple[int, bool, dict[str, Any]]]) -> BulkEdit:
    """Note of some customers (by place) whether something went back, and what stayed; and count them."""
    await uow.send(
        "update bulk_edit_item i set undone = n.undone, kept = n.kept"
        " from unnest(%s::int[], %s::bool[], %s::jsonb[]) as n(place, undone, kept)"
        " where i.bulk_edit_id = %s and i.place = n.place",
        [
            [place for place, _, _ in outcomes],
            [undone for _, undone, _ in outcomes],
            [_json(kept or None) for _, _, kept in outcomes],
            edit_id,
        ],
    )
    return await _one(
        uow,
        "update bulk_edit set undone = undone + %s, kept = kept + %s where id = %s returning *",
        [sum(undone for _, undone, _ in outcomes), sum(bool(kept) for _, _, kept in outcomes), edit_id],
    )


class Left(LeftAlone, frozen=True, kw_only=True):
    """A customer of whom something was kept, at its place."""

    place: int


async def left_alone(uow: UnitOfWork, edit_id: UUID, after: int, limit: int) -> list[Left]:
    """The customers of whom the undo kept something, behind a place."""
    return await uow.all(
        Left,
        "select i.place, i.customer_id, c.number, c.display_name, i.kept from bulk_edit_item i join customer c on c.id = i.customer_id"
        " where i.bulk_edit_id = %s and i.kept is not null and i.place > %s order by i.place limit %s",
        [edit_id, after, limit],
    )


async def try_lock(uow: UnitOfWork, edit_id: UUID) -> bool:
    """Whether nobody else is at a batch of this edit; held until the commit."""
    return bool(await uow.value("select pg_try_advisory_xact_lock(7218, hashtext(%s))", [str(edit_id)]))


def _json(value: dict[str, Any] | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


async def _one(uow: UnitOfWork, query: LiteralString, params: Any) -> BulkEdit:
    found = await uow.one(BulkEdit, query, params)
    assert found is not None
    return found
