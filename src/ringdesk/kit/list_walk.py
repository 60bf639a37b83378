"""Pages of a list that is too long to be sorted: each is an ordered walk of an index from a mark near it. docs/subsystems/lists.md.

Marks are rows whose place in the order is known, every EVERY rows; they are found in one walk over the whole list and kept for a while.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from msgspec import Struct
from psycopg import sql

from ringdesk.kit.db import UnitOfWork

EVERY = 1_000
"""Rows between two marks: passing over so many costs some 3 ms, a million rows make a thousand marks."""
PROBED = 5_000
"""Rows that are walked past in search of the first page: some 8 ms."""
FURTHER = 25_000
"""Rows that are walked past if those before promise that it is worth while: some 25 ms. What fewer than two in a thousand of them meet, an
index finds, in about as long."""
KEPT_S = 60.0
"""How long marks are trusted. Rows that come or go meanwhile shift the far pages by as many; a minute keeps that to what changes while
somebody reads, and spares a walk for each page turned."""
# What is expected of the rows further on must be this much more than is wanted: expectations vary.
_SURPLUS = 1.5
MOST_KEPT = 64
"""Orders whose marks are kept by one process: at a million rows each takes some 300 kB."""

Term = tuple[sql.Composable, bool]
"""What is ordered by, and whether descending."""


class Stretch(Struct, frozen=True, kw_only=True):
    """Rows in one order: those of `source` that meet every condition, by `terms`, the last of which is the unique key."""

    source: sql.Composable
    conditions: tuple[sql.Composable, ...]
    terms: tuple[Term, ...]
    passed: "Stretch | None" = None
    """The same rows in the same order, read from less: what marks are looked for in. None: this itself."""


class Marks(Struct):
    """Known places of a stretch: `rows[n]` are the values of the terms in row (n + 1) * EVERY, as text, which PostgreSQL reads as the type
    of what it is compared with. `length` counts every row.
    """

    rows: list[tuple[str | None, ...]]
    length: int
    found_at: float


_kept: OrderedDict[str, Marks] = OrderedDict()
_finding: dict[str, asyncio.Lock] = {}


def forget() -> None:
    """Drop every mark that is kept: for tests and benches."""
    _kept.clear()


def all_of(conditions: Sequence[sql.Composable]) -> sql.Composable:
    """That every one of these holds."""
    return sql.SQL(" and ").join(conditions) if conditions else sql.SQL("true")


def ordered_by(terms: Sequence[Term]) -> sql.Composed:
    """What follows ORDER BY."""
    return sql.SQL(", ").join(directed(*term) for term in terms)


def directed(expression: sql.Composable, descending: bool) -> sql.Composable:
    """One term of an order."""
    return sql.Composed([expression, sql.SQL(" desc" if descending else "")])


async def rows_at(uow: UnitOfWork, kind: type[Any], columns: sql.Composable, stretch: Stretch, skip: int, limit: int) -> list[Any]:
    """Rows skip + 1 to skip + limit of a stretch, each as a `kind`."""
    if skip == 0:
        return await uow.all(kind, _first(columns, stretch, limit))
    if skip < EVERY:
        return await uow.all(kind, _after_some(columns, stretch, (), skip, limit))
    marks = await _marks(uow, stretch)
    nearest = min(skip // EVERY, len(marks.rows))
    begin = (beyond((stretch.passed or stretch).terms, marks.rows[nearest - 1]),) if nearest else ()
    return await uow.all(kind, _after_some(columns, stretch, begin, skip - nearest * EVERY, limit))


async def first_that_match(
    uow: UnitOfWork, kind: type[Any], columns: sql.Composable, stretch: Stretch, asked: Sequence[sql.Composable], *, skip: int, limit: int
) -> list[Any] | None:
    """Rows skip + 1 to skip + limit of those in a stretch that meet what was `asked`, if its first rows have so many: PROBED, or FURTHER if
    the first ones let expect it.

    None: they have fewer, or the stretch is no longer than that. What many rows meet is found by walking past a few; what few meet, by an
    index of its own, which reads all that meet it.
    """
    rows = await _that_match_within(PROBED, uow, kind, columns, stretch, asked, skip=skip, limit=limit)
    if rows and len(rows) < limit and (skip + len(rows)) * FURTHER >= _SURPLUS * (skip + limit) * PROBED:
        rows = await _that_match_within(FURTHER, uow, kind, columns, stretch, asked, skip=skip, limit=limit)
    return rows if rows and len(rows) == limit else None


async def _that_match_within(
    most: int,
    uow: UnitOfWork,
    kind: type[Any],
    columns: sql.Composable,
    stretch: Stretch,
    asked: Sequence[sql.Composable],
    *,
    skip: int,
    limit: int,
) -> list[Any] | None:
    passed = stretch.passed or stretch
    bound = sql.SQL("select {} from {} where {} order by {} limit 1 offset {}").format(
        _values(passed), passed.source, all_of(passed.conditions), ordered_by(passed.terms), most
    )
    cursor = await uow.conn.execute(bound)
    last = await cursor.fetchone()
    if last is None or None in last or len({descending for _, descending in passed.terms}) > 1:
        return None
    near = sql.SQL("({}) {}= ({})").format(
        sql.SQL(", ").join(expression for expression, _ in passed.terms),
        sql.SQL(">" if passed.terms[0][1] else "<"),
        sql.SQL(", ").join(map(sql.Literal, last)),
    )
    # By a bitmap every row that matches would be read first.
    await uow.send("set local enable_bitmapscan = off")
    rows = await uow.all(
        kind,
        sql.SQL("select {} from {} where {} order by {} limit {} offset {}").format(
            columns, stretch.source, all_of((*stretch.conditions, near, *asked)), ordered_by(stretch.terms), limit, skip
        ),
    )
    await uow.send("set local enable_bitmapscan = on")
    return rows


async def length_of(uow: UnitOfWork, stretch: Stretch) -> int:
    """How many rows a stretch has."""
    return (await _marks(uow, stretch)).length


def beyond(terms: Sequence[Term], values: Sequence[str | None]) -> sql.Composable:
    """That a row comes after the one with these values of the terms."""
    if len({descending for _, descending in terms}) == 1 and None not in values:
        # A row comparison is what PostgreSQL walks an index of several columns with, also through a million equal first values.
        left = sql.SQL(", ").join(expression for expression, _ in terms)
        return sql.SQL("({}) {} ({})").format(left, _after(terms[0][1]), sql.SQL(", ").join(map(sql.Literal, values)))
    steps: list[sql.Composable] = []
    for place, ((expression, descending), value) in enumerate(zip(terms, values, strict=True)):
        same = [sql.SQL("{} is not distinct from {}").format(terms[before][0], sql.Literal(values[before])) for before in range(place)]
        further = sql.SQL("{} {} {}").format(expression, _after(descending), sql.Literal(value))
        steps.append(sql.SQL("({})").format(all_of([*same, further])))
    condition = sql.SQL("({})").format(sql.SQL(" or ").join(steps))
    expression, descending = terms[0]
    if values[0] is None:
        return condition
    # Said once more by itself, since no index is walked by the parts of an OR.
    return sql.SQL("{} {}= {} and {}").format(expression, _after(descending), sql.Literal(values[0]), condition)


def _after(descending: bool) -> sql.SQL:
    return sql.SQL("<" if descending else ">")


def _first(columns: sql.Composable, stretch: Stretch, limit: int) -> sql.Composed:
    return sql.SQL("select {} from {} where {} order by {} limit {}").format(
        columns, stretch.source, all_of(stretch.conditions), ordered_by(stretch.terms), limit
    )


def _after_some(columns: sql.Composable, stretch: Stretch, begin: Sequence[sql.Composable], skip: int, limit: int) -> sql.Composed:
    """Keys first, from what little they and their order are read of: rows that are passed over are not looked at."""
    passed = stretch.passed or stretch
    names = _names(passed)
    order = sql.SQL(", ").join(
        directed(sql.Composed([sql.SQL("page."), name]), descending) for name, (_, descending) in zip(names, passed.terms, strict=True)
    )
    return sql.SQL(
        "select {columns} from (select {values} from {passed} where {conditions} order by {terms} limit {limit} offset {skip}) page"
        " join {source} on {key} = page.{last} order by {order}"
    ).format(
        columns=columns,
        values=_values(passed),
        passed=passed.source,
        conditions=all_of((*passed.conditions, *begin)),
        terms=ordered_by(passed.terms),
        limit=limit,
        skip=skip,
        source=stretch.source,
        key=stretch.terms[-1][0],
        last=names[-1],
        order=order,
    )


def _names(stretch: Stretch) -> list[sql.Identifier]:
    # In the order of the alphabet too: marks come back so.
    return [sql.Identifier(f"o{place:02}") for place in range(len(stretch.terms))]


def _values(stretch: Stretch) -> sql.Composable:
    return sql.SQL(", ").join(
        sql.SQL("{} as {}").format(expression, name) for name, (expression, _) in zip(_names(stretch), stretch.terms, strict=True)
    )


async def _marks(uow: UnitOfWork, stretch: Stretch) -> Marks:
    name = f"{uow.conn.info.host}:{uow.conn.info.port}/{uow.conn.info.dbname} {_passing(stretch).as_string(uow.conn)}"
    async with _one_at_a_time(name):
        known = _kept.get(name)
        if known and time.monotonic() - known.found_at < KEPT_S:
            _kept.move_to_end(name)
            return known
        found = _kept[name] = await _find(uow, stretch)
        _kept.move_to_end(name)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
        return found


@asynccontextmanager
async def _one_at_a_time(name: str) -> AsyncIterator[None]:
    """Who asks for marks that somebody is looking for waits for them."""
    lock = _finding.setdefault(name, asyncio.Lock())
    try:
        async with lock:
            yield
    finally:
        if not lock.locked():
            _finding.pop(name, None)


async def _find(uow: UnitOfWork, stretch: Stretch) -> Marks:
    query = _passing(stretch).as_string(uow.conn)
    cursor = await uow.conn.execute("select place, mark from marks_of(%s, %s)", [query, EVERY])
    *found, (length, _) = await cursor.fetchall()
    return Marks([tuple(mark) for _, mark in found], int(length), time.monotonic())


def _passing(stretch: Stretch) -> sql.Composed:
    """The walk over the whole stretch."""
    passed = stretch.passed or stretch
    return sql.SQL("select {} from {} where {} order by {}").format(
        _values(passed), passed.source, all_of(passed.conditions), ordered_by(passed.terms)
    )
