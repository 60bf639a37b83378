"""CSV that leaves us: safe to open in a spreadsheet, written row by row."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import TypeVar

from litestar.response import Stream
from psycopg import sql
from psycopg.rows import class_row

from ringdesk.kit import clock
from ringdesk.kit.db import Database

R = TypeVar("R")

ROWS = 1_000
"""Rows that are read and sent at a time: a few hundred kilobytes."""
_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
_NUMBER_CHARACTERS = frozenset("0123456789 ().-")


def csv_line(cells: Sequence[str], delimiter: str) -> str:
    """One line of CSV that a spreadsheet doesn't run: a cell that would begin a formula gets Excel's mark of text before it."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerow([harmless(cell) for cell in cells])
    return buffer.getvalue()


def harmless(cell: str) -> str:
    """The cell without its power to be a formula (OWASP, CSV injection). A plain telephone number keeps its + : it calls no function."""
    if cell[:1] in _FORMULA_STARTS and cell and not set(cell[1:]) <= _NUMBER_CHARACTERS:
        return "'" + cell
    return cell


def whole_list(parameters: Iterable[tuple[str, str]], *own: str) -> list[tuple[str, str]]:
    """What an address line asks of a list, without its page and without the parameters that are the file's `own`."""
    return [(name, value) for name, value in parameters if name not in {"page", "page_size", *own}]


def csv_answer(what: str, lines: AsyncIterator[bytes]) -> Stream:
    """The answer that a browser saves under the name of `what` and the day."""
    return Stream(
        lines,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{what}-{clock.now():%Y-%m-%d}.csv"'},
    )


async def csv_file(
    db: Database, kind: type[R], statement: sql.Composed, columns: Sequence[tuple[str, Callable[[R], str]]]
) -> AsyncIterator[bytes]:
    """What a statement gives as a file, bit by bit, as of one moment: UTF-8 with the mark by which Excel knows it.

    `columns`: each heading, and how its cell is written for a row, which is read as a `kind`.
    """
    yield b"\xef\xbb\xbf" + csv_line([heading for heading, _ in columns], ",").encode()
    async with db.bulk() as uow, uow.conn.cursor(name="export", row_factory=class_row(kind)) as cursor:
        await cursor.execute(statement)
        while rows := await cursor.fetchmany(ROWS):
            yield "".join(csv_line([cell(row) for _, cell in columns], ",") for row in rows).encode()
