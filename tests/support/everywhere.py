"""Whether a text lies anywhere in the database: every column of every table that the catalogue knows of, as text."""

from collections.abc import Sequence

from psycopg import sql

from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.folding import fold


async def tables(uow: UnitOfWork) -> list[str]:
    """Every table with rows of its own, the job queue's too."""
    return await uow.values(
        "select c.oid::regclass::text from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
        " and not c.relispartition order by 1"
    )


async def found_anywhere(uow: UnitOfWork, texts: Sequence[str]) -> list[tuple[str, str]]:
    """The tables in which one of these texts stands, with the row: however it is written (folded, and without blanks, too)."""
    wanted = sorted({form for text in texts for form in (text, fold(text))})
    found: list[tuple[str, str]] = []
    for table in await tables(uow):
        rows = await uow.values(
            sql.SQL("select t::text from {} t where t::text like any(%s) or fold(t::text) like any(%s)").format(sql.Identifier(table)),
            [[f"%{text}%" for text in wanted]] * 2,
        )
        found += [(table, row) for row in rows]
    return found
