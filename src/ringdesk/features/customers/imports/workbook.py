"""Rows of an Excel workbook (.xlsx), one at a time, as people see them; what a hostile one holds neither fills the memory nor runs.

Formulas are never calculated: what Excel stored as their result counts. A cell that has none, or shows an error, refuses its row when
its column is mapped (`rows.py`): nobody can know what stands there.
"""

import re
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta
from itertools import repeat
from pathlib import Path
from typing import Any

from msgspec import Struct

from ringdesk.features.customers.imports.errors import UnusableFile
from ringdesk.features.customers.imports.reading import LONGEST_LINE, Record

WORKBOOK = "xlsx"
"""What stands in place of an encoding."""
NO_RESULT = "\ufdd0"
"""A cell whose formula has no stored result. No text has this character (Unicode, 23.7)."""
SHOWS_ERROR = "\ufdd1"
"""Before the error that a cell shows."""

# A full sheet of a million rows has some 500 MB of XML; its texts are held in memory while it is read.
MOST_XML = 2 << 30
MOST_TEXTS = 192 << 20
MOST_PARTS = 2_000
# Sheets of customers shrink to a tenth or a thirtieth; a part that shrinks beyond this was made to burst.
MOST_RATIO = 250
_SMALL_PART = 16 << 20
MOST_CELLS = 256
MOST_ROWS = 1 << 20
_PIECE = 1 << 20
_ROW, _FORMULA = re.compile(rb"<(?:\w+:)?row[ >/]"), re.compile(rb"<(?:\w+:)?f[ >/]")
_ZEROS = re.compile(r"0{2,}")
# More digits than a number of a spreadsheet holds: the last ones are not those that were typed.
_LARGEST_EXACT = 10**15


class Sheet(Struct, frozen=True):
    """A sheet with its first rows; `rows` is about how many it has."""

    name: str
    first: list[Record]
    rows: int


def first_sheet(path: Path, most: int) -> Sheet:
    """The first visible sheet that has anything in it, with its first `most` rows. Raises UnusableFile."""
    _refuse_bombs(path)
    with _opened(path, results=True) as book:
        names: list[str] = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for name in names:
        first: list[Record] = []
        with closing(sheet_records(path, name)) as rows:
            for row in rows:
                first.append(row)
                if len(first) >= most:
                    break
        if first:
            return Sheet(name, first, _scan(path, name)[0])
    raise UnusableFile("empty_file", "No sheet of this workbook has a row. Choose another file.")


def sheet_records(path: Path, name: str | None) -> Generator[Record]:
    """Every row of the sheet that has anything in it, the header first; lines are the sheet's own. Raises UnusableFile."""
    _refuse_bombs(path)
    with_formulas = _scan(path, name)[1]
    try:
        with _opened(path, results=True) as book:
            if with_formulas:
                with _opened(path, results=False) as beside:
                    yield from _records(_rows(book, name), _rows(beside, name))
            else:
                yield from _records(_rows(book, name), repeat(()))
    except UnusableFile:
        raise
    except _BROKEN as error:
        raise UnusableFile("broken_workbook", f"The workbook is damaged ({error}). Open it in Excel and save it anew.") from error


# What openpyxl raises for parts that are not what they say; it has no error of its own for them.
_BROKEN = (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, EOFError, OverflowError)


def _records(rows: Iterator[tuple[Any, ...]], formulas: Iterator[tuple[Any, ...]]) -> Iterator[Record]:
    for line, (row, beside) in enumerate(zip(rows, formulas, strict=False), 1):
        if line > MOST_ROWS:
            raise UnusableFile("broken_workbook", f"The sheet says that it has more than {MOST_ROWS:,} rows, which none has. Save it anew.")
        if len(row) > MOST_CELLS and any(cell.value is not None for cell in row[MOST_CELLS:]):
            yield Record(line, [], f"The row has more than {MOST_CELLS} cells. Remove the columns that are not needed.")
            continue
        cells = [_text(cell) for cell in row[:MOST_CELLS]]
        for place, cell in enumerate(beside[:MOST_CELLS]):
            if cell.data_type == "f" and place < len(cells) and row[place].value is None:
                cells[place] = NO_RESULT
        while cells and not cells[-1].strip():
            cells.pop()
        if sum(map(len, cells)) > LONGEST_LINE:
            yield Record(line, [cell[:100] for cell in cells], f"The row has more than {LONGEST_LINE:,} characters. Shorten it.")
        elif cells:
            yield Record(line, cells)


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return SHOWS_ERROR + value if cell.data_type == "e" else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value, cell.number_format or "")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(value)


def number_text(value: float, number_format: str) -> str:
    """A number as people see it: leading zeros that the format adds, no decimal part that isn't there, all digits of a long one."""
    whole = int(value) if abs(value) != float("inf") and value == value and value == int(value) else None
    if whole is None:
        return f"{value:.15g}"
    if abs(whole) >= _LARGEST_EXACT:
        return f"{value:.14E}"
    if whole >= 0 and _ZEROS.fullmatch(number_format):
        return str(whole).zfill(len(number_format))
    return str(whole)


def _rows(book: Any, name: str | None) -> Iterator[tuple[Any, ...]]:
    sheet = book[name] if name else book.worksheets[0]
    # What the file says of its size is often wrong.
    sheet.reset_dimensions()
    return sheet.iter_rows()


@contextmanager
def _opened(path: Path, *, results: bool) -> Iterator[Any]:
    # Imported here: only workbooks need it, and every process that imports files would wait for it.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    # Opened by us: openpyxl refuses a name that doesn't end in .xlsx.
    with path.open("rb") as file:
        try:
            book = load_workbook(file, read_only=True, data_only=results, keep_links=False)
        except (*_BROKEN, InvalidFileException) as error:
            raise UnusableFile("broken_workbook", f"The workbook can't be read ({error}). Open it in Excel and save it anew.") from error
        try:
            yield book
        finally:
            book.close()


def _scan(path: Path, name: str | None) -> tuple[int, bool]:
    """About how many rows the sheet has, and whether it has formulas."""
    with _opened(path, results=True) as book:
        sheet = book[name] if name else book.worksheets[0]
        # The one way to the sheet's own XML.
        part: str = sheet._worksheet_path
    rows, formulas, tail = 0, False, b""
    with zipfile.ZipFile(path) as archive, archive.open(part.removeprefix("/")) as file:
        while piece := file.read(_PIECE):
            text = tail + piece
            rows += len(_ROW.findall(text))
            formulas = formulas or _FORMULA.search(text) is not None
            # Long enough for a tag that is cut in two, too short for a whole one to be counted twice.
            tail = text[text.rfind(b"<") :] if b">" not in text[text.rfind(b"<") :] else b""
            tail = tail[:64]
    return max(0, rows - 1), formulas


def _refuse_bombs(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if not any(part.filename == "xl/workbook.xml" for part in parts):
                raise UnusableFile(
                    "not_text", "The file is a zip file, but no Excel workbook. Save the table as .xlsx or CSV and choose that."
                )
            texts = sum(part.file_size for part in parts if "sharedstrings" in part.filename.lower())
            total = sum(part.file_size for part in parts)
            bursting = any(part.file_size > _SMALL_PART and part.file_size > part.compress_size * MOST_RATIO for part in parts)
            if len(parts) > MOST_PARTS or total > MOST_XML or texts > MOST_TEXTS or bursting:
                raise UnusableFile(
                    "too_large", "The workbook is too large when unpacked. Save the sheet as CSV (UTF-8) and choose that file."
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as file:
                        if b"<!DOCTYPE" in file.read(4096).replace(b"\x00", b""):
                            raise UnusableFile(
                                "broken_workbook", "The workbook holds what no program puts into one. Save it anew in Excel."
                            )
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError) as error:
        raise UnusableFile("broken_workbook", f"The workbook can't be read ({error}). Open it in Excel and save it anew.") from error
