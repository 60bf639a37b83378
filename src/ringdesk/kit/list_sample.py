"""A few texts of a searched column, by which a search tells what is common from what is rare. docs/subsystems/lists.md.

PostgreSQL keeps no statistics of the parts of a text: it expects a hundred rows of any fragment, be it in none of them or in all.
"""

import time
from typing import Any, LiteralString

from psycopg import sql

from ringdesk.kit.db import UnitOfWork

TEXTS = 1_000
"""Enough to see what one text in three hundred has; read in some 5 ms."""
FROM_ROWS = 10_000
"""Rows below which nothing is looked at: whatever the database does with so few is quick."""
KEPT_S = 600.0
"""What is common in a base changes over weeks; a base that is being filled is seen ten minutes later."""

_kept: dict[Any, tuple[float, tuple[str, ...]]] = {}


def forget() -> None:
    """Drop what is known: for tests and benches."""
    _kept.clear()


async def texts_of(uow: UnitOfWork, table: LiteralString, column: LiteralString) -> tuple[str, ...]:
    """Some of the texts in a column, from all over its table; none of a small table."""
    key = (uow.conn.info.dsn, table, column)
    until, texts = _kept.get(key, (0.0, ()))
    if time.monotonic() >= until:
        texts = await _read(uow, table, column)
        _kept[key] = (time.monotonic() + KEPT_S, texts)
    return texts


async def _read(uow: UnitOfWork, table: LiteralString, column: LiteralString) -> tuple[str, ...]:
    rows = int(await uow.value("select greatest(reltuples, 0) from pg_class where oid = %s::regclass", [table]))
    if rows < FROM_ROWS:
        return ()
    # Twice as much as is wanted: whole pages are drawn, each with a probability.
    share = min(100.0, 200.0 * TEXTS / rows)
    statement = sql.SQL("select {} from {} tablesample system ({}) limit {}").format(
        sql.Identifier(column), sql.Identifier(table), share, TEXTS
    )
    return tuple(await uow.values(statement))
