"""Records of a delimited text file, one at a time, with their line; nothing that a file holds makes it stop or fill the memory."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from msgspec import Struct

# A line of a customer file has some hundred characters; a longer one than this is no row (a binary file, a lost line end).
LONGEST_LINE = 1 << 17
# A quote that is never closed would swallow the rest of the file: after this many lines it is taken for a stray one.
MOST_LINES_OF_A_RECORD = 50
_UNCLOSED = "A quotation mark is opened and never closed in this row. Close it or remove it."
# csv's own limit, which it applies to a field; ours on lines is met first.
csv.field_size_limit(LONGEST_LINE * (MOST_LINES_OF_A_RECORD + 1))


class Record(Struct):
    """One record and its cells; `fault` when it can't be read as cells.

    `line` counts as a spreadsheet does, so that people find the row there: the header is 1, a blank line is one, and a row whose cells have
    line breaks is one too.
    """

    line: int
    cells: list[str]
    fault: str = ""


class _Stray(Exception):
    """The record has too many lines."""


class _Lines:
    """Lines of the file for csv.reader, remembering those of the record that it is at."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._again: list[str] = []
        self.taken: list[str] = []
        self.ended = False
        """Whether a record asked for more lines than the file has."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._file.readline(LONGEST_LINE)
        if not line:
            self.ended = True
            raise StopIteration
        if len(self.taken) >= MOST_LINES_OF_A_RECORD:
            self._again.append(line)
            raise _Stray
        self.taken.append(line)
        return line

    def give_back_all_but_first(self) -> None:
        """Read again, as records of their own, the lines that a stray quote had taken."""
        self.ended = False
        self._again += reversed(self.taken[1:])

    def skip_rest(self, line: str) -> None:
        """Go to the end of a line that is too long to keep."""
        while line and not line.endswith(("\n", "\r")):
            line = self._file.readline(LONGEST_LINE)


def records(path: Path, encoding: str, delimiter: str) -> Iterator[Record]:
    """Every record that has anything in it, the header first. Bytes that are no text of the encoding become U+FFFD."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = _Lines(file)
        rows = csv.reader(lines, delimiter=delimiter)
        row = 0
        while True:
            lines.taken.clear()
            row += 1
            try:
                cells = next(rows)
            except StopIteration:
                return
            except _Stray:
                lines.give_back_all_but_first()
                yield Record(
                    row,
                    _split(lines.taken[0], delimiter),
                    _UNCLOSED,
                )
                # The old reader is in the middle of a field.
                rows = csv.reader(lines, delimiter=delimiter)
                continue
            except csv.Error as error:
                yield Record(row, _split(lines.taken[0] if lines.taken else "", delimiter), f"The row can't be read: {error}.")
                rows = csv.reader(lines, delimiter=delimiter)
                continue
            taken = lines.taken
            if len(taken[-1]) >= LONGEST_LINE and not taken[-1].endswith(("\n", "\r")):
                lines.skip_rest(taken[-1])
                fault = f"The row has more than {LONGEST_LINE:,} characters in one line. Check that its line ends are right."
                yield Record(row, [cells[0][:100] if cells else ""], fault)
                rows = csv.reader(lines, delimiter=delimiter)
                continue
            if lines.ended and _open_quote(taken):
                lines.give_back_all_but_first()
                yield Record(row, _split(taken[0], delimiter), _UNCLOSED)
                rows = csv.reader(lines, delimiter=delimiter)
                continue
            if cells and not (len(cells) == 1 and not cells[0].strip()):
                if row == 1 and len(cells) <= 2 and cells[0].lower().startswith("sep="):
                    row = 0
                    continue  # Excel's note on the delimiter, neither a header nor shown as a row
                yield Record(row, cells)


def _open_quote(lines: list[str]) -> bool:
    return sum(line.count('"') for line in lines) % 2 == 1


def _split(line: str, delimiter: str) -> list[str]:
    return line.rstrip("\r\n").split(delimiter)
