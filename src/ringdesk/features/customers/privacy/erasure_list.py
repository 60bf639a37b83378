"""The list of erasures: its columns, filters and search, and the same as CSV."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence

from psycopg import sql

from ringdesk.features import audit
from ringdesk.features.customers.privacy.schemas import Tombstone
from ringdesk.features.people import Actor
from ringdesk.kit.csv_file import csv_file
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.folding import fold
from ringdesk.kit.list_filters import Column, Searched, any_of, mentions
from ringdesk.kit.listing import ListQuery, ListSpec, Page, count_all, every_row, fetch, parse

COLUMNS = sql.SQL("e.id, e.customer_id, e.number, e.ids, e.at, e.by_name, e.reason, e.counts, e.finished_at")
_ID = sql.SQL("e.id")
# Erasures are asked for one by one: hundreds a year. They are found and sorted without indexes of their own.
_WORDS = [Searched(sql.SQL("fold(e.by_name)")), Searched(sql.SQL("fold(e.reason)"))]


def _search(q: str) -> list[sql.Composable]:
    number = sql.SQL("e.number::text = {}")
    return [any_of([number.format(part), *(mentions(text, part) for text in _WORDS)]) for part in dict.fromkeys(fold(q).split())]


def _text(key: str, value: sql.SQL) -> Column:
    return Column(key=key, kind="text", value=value, order=sql.SQL('sort_key({}) collate "C"').format(value))


_COLUMNS = (
    Column(key="at", kind="instant", value=sql.SQL("e.at"), order=sql.SQL("e.at")),
    Column(key="number", kind="number", value=sql.SQL("e.number"), order=sql.SQL("e.number")),
    _text("by_name", sql.SQL("e.by_name")),
    _text("reason", sql.SQL("e.reason")),
    Column(
        key="finished_at",
        kind="instant",
        value=sql.SQL("e.finished_at"),
        order=sql.SQL("e.finished_at"),
        filled=sql.SQL("e.finished_at is not null"),
    ),
)
SPEC = ListSpec(
    columns={column.key: column for column in _COLUMNS},
    source=sql.SQL("customer_erasure e"),
    key=_ID,
    default_sort="-at",
    search=_search,
)


async def page(uow: UnitOfWork, parameters: Iterable[tuple[str, str]]) -> Page[Tombstone]:
    """The page that an address line asks for. Raises InvalidFields naming what can't be used."""
    return await fetch(uow, Tombstone, COLUMNS, SPEC, parse(parameters, SPEC))


async def begin_export(db: Database, actor: Actor, parameters: Sequence[tuple[str, str]]) -> ListQuery:
    """Check what is asked for, and note who took how many before the first of them leaves. Raises InvalidFields."""
    query = parse(parameters, SPEC)
    async with db.transaction() as uow:
        asked = {"query": dict(parameters), "rows": await count_all(uow, SPEC, query)}
        await audit.write(uow, actor, "erasures.exported", "erasures", None, after=asked)
    return query


def lines(db: Database, query: ListQuery) -> AsyncIterator[bytes]:
    """The file bit by bit, as of one moment."""
    return csv_file(db, Tombstone, every_row(COLUMNS, SPEC, query), _CELLS)


_CELLS: tuple[tuple[str, Callable[[Tombstone], str]], ...] = (
    ("id", lambda one: str(one.id)),
    ("at", lambda one: one.at.isoformat(timespec="seconds")),
    ("number", lambda one: str(one.number)),
    ("ids", lambda one: " ".join(map(str, one.ids))),
    ("by_name", lambda one: one.by_name),
    ("reason", lambda one: one.reason),
    ("finished_at", lambda one: one.finished_at.isoformat(timespec="seconds") if one.finished_at else ""),
)
