"""What kind of text file was uploaded: encoding, delimiter, header and first rows (product.md 1.7). Reads a file once, in pieces."""

import codecs
import re
from pathlib import Path

from msgspec import Struct

from ringdesk.features.customers.imports.errors import UnusableFile
from ringdesk.features.customers.imports.reading import Record, records
from ringdesk.features.customers.imports.workbook import WORKBOOK, first_sheet

DELIMITERS = (",", ";", "\t", "|")
PIECE = 1 << 20
# Enough rows to see which delimiter divides them alike; the first five are shown beside the mapping.
SNIFFED_ROWS = 30
SAMPLE_ROWS = 5
MOST_COLUMNS = 200

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZIP = b"PK\x03\x04"
_KNOWN_BINARIES = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook, or one with a password"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
# Bytes to which Windows-1252 gives no character: a file that has one is Latin-1.
_NOT_IN_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# In Western text these are dashes and quotes, rare beside letters; in Shift JIS they begin most characters.
_SHIFT_JIS_LEADS = re.compile(rb"[\x81-\x9f]")
_HIGH = re.compile(rb"[\x80-\xff]")
_WORD = re.compile(r"\w")


class Format(Struct, frozen=True):
    """How a file is read. `headers` are unique; `sample` has the first rows, as long as the header."""

    encoding: str
    delimiter: str
    headers: list[str]
    sample: list[list[str]]
    rows: int
    """Roughly how many records follow the header: line ends outside quotes. Exact for a well-formed file without blank lines."""
    sheet: str | None = None
    """The sheet of a workbook that is read."""


def detect(path: Path) -> Format:
    """Look at the file. Raises UnusableFile for what is empty, binary, without rows, or no table."""
    with path.open("rb") as file:
        head = file.read(PIECE)
    if not head.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise UnusableFile("empty_file", "The file is empty. Choose a CSV file with a header line and at least one row.")
    if head.startswith(_ZIP):
        sheet = first_sheet(path, SNIFFED_ROWS + 1)
        return _format(WORKBOOK, ",", sheet.first, sheet.rows, sheet.name)
    for magic, what in _KNOWN_BINARIES:
        if head.startswith(magic):
            raise UnusableFile("not_text", f"The file is {what}. Save it as CSV (UTF-8) and choose that file.")
    encoding = detect_encoding(path, head)
    delimiter, rows = _detect_table(path, encoding)
    return _format(encoding, delimiter, rows, max(1, count_line_ends(path, encoding) - 1), None)


def _format(encoding: str, delimiter: str, rows: list[Record], count: int, sheet: str | None) -> Format:
    if not rows or not any(_WORD.search(cell) for cell in rows[0].cells):
        raise UnusableFile("no_header", "The first line has no column names. Put a header line above the rows.")
    # Before anything is done with each of them.
    if (columns := width_of(rows[0].cells)) > MOST_COLUMNS:
        raise UnusableFile("too_many_columns", f"The file has {columns} columns; at most {MOST_COLUMNS} can be read. Remove some.")
    headers = name_columns(rows)
    if len(rows) < 2:
        raise UnusableFile("no_rows", "The file has a header line but no rows below it. Choose a file with at least one row.")
    width = len(headers)
    sample = [[_storable(cell) for cell in (row.cells + [""] * width)[:width]] for row in rows[1 : SAMPLE_ROWS + 1]]
    return Format(encoding, delimiter, headers, sample, count, sheet)


def detect_encoding(path: Path, head: bytes) -> str:
    """The encoding's name for Python: by its mark, by the zeros of UTF-16, by being valid UTF-8, else Shift JIS or Windows-1252."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    pairs = len(head) // 2
    if pairs and (zeros := head.count(b"\x00")):
        even, odd = head[0::2].count(b"\x00"), head[1::2].count(b"\x00")
        if zeros > pairs * 0.2 and max(even, odd) > zeros * 0.95:
            return "utf-16-be" if even > odd else "utf-16-le"
        if zeros > len(head) * 0.001:
            raise UnusableFile("not_text", "The file is no text but binary data. Save the table as CSV (UTF-8) and choose that file.")
    if _mostly_utf8(path):
        return "utf-8"
    return _eight_bit(head)


def _mostly_utf8(path: Path) -> bool:
    """Valid UTF-8, or with so few broken places that only their rows are to be refused."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = good = 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            text = decoder.decode(piece)
            if not text.isascii():
                now_broken = text.count("\ufffd")
                broken += now_broken
                good += len(text) - len(text.encode("ascii", "ignore")) - now_broken
            if broken > 100 and broken > good:
                return False
    broken += decoder.decode(b"", final=True).count("\ufffd")
    return broken == 0 or good > broken * 20


def _eight_bit(head: bytes) -> str:
    high = len(_HIGH.findall(head))
    if high and len(_SHIFT_JIS_LEADS.findall(head)) > high * 0.2:
        try:
            codecs.getincrementaldecoder("cp932")().decode(head)
        except UnicodeDecodeError:
            pass
        else:
            return "cp932"
    return "latin-1" if _NOT_IN_1252.search(head) else "cp1252"


def _detect_table(path: Path, encoding: str) -> tuple[str, list[Record]]:
    """The delimiter that divides the first rows most alike and most finely, and those rows."""
    best: tuple[tuple[float, int], str, list[Record]] | None = None
    for delimiter in DELIMITERS:
        rows: list[Record] = []
        for record in records(path, encoding, delimiter):
            rows.append(record)
            if len(rows) > SNIFFED_ROWS:
                break
        if not rows:
            continue
        widths = [width_of(row.cells) for row in rows]
        alike = sum(width == widths[0] for width in widths) / len(widths)
        score = (alike, widths[0]) if widths[0] > 1 else (0.0, 0)
        # The header decides more than the rows below it: a delimiter that is absent there is none.
        if best is None or (score[1] > 1, *score) > (best[0][1] > 1, *best[0]):
            best = (score, delimiter, rows)
    return (best[1], best[2]) if best else (",", [])


def width_of(cells: list[str]) -> int:
    """The number of cells up to the last one that isn't blank."""
    width = len(cells)
    while width and not cells[width - 1].strip():
        width -= 1
    return width


def name_columns(rows: list[Record]) -> list[str]:
    """Unique names for the columns; empty columns at the end are left out, others without a name are called by their number."""
    header = [_storable(cell.strip()) for cell in rows[0].cells]
    width = max(width_of(row.cells) for row in rows) if len(rows) > 1 else 0
    width = max(width_of(header), min(width, len(header)))
    names: list[str] = []
    for place, cell in enumerate(header[:width], 1):
        name = plain = " ".join(cell.split())[:100] or f"Column {place}"
        count = 1
        while name in names:
            count += 1
            name = f"{plain} ({count})"
        names.append(name)
    return names


def _storable(cell: str) -> str:
    """The cell as jsonb can hold it: without NUL, and no longer than a person looks at."""
    return cell[:500].replace("\x00", "\ufffd")


def count_line_ends(path: Path, encoding: str) -> int:
    """Line ends outside quotes, and 1 for a last line without one."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    counts = {"\n": 0, "\r": 0}
    quoted = False
    last = ""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            text = decoder.decode(piece)
            quoted = _count_outside_quotes(text, counts, quoted)
            last = text[-1:] or last
    return (counts["\n"] or counts["\r"]) + (last not in "\r\n")


def _count_outside_quotes(text: str, counts: dict[str, int], quoted: bool) -> bool:
    parts = text.split('"') if '"' in text else [text]
    for end in counts:
        counts[end] += sum(part.count(end) for part in parts[int(quoted) :: 2])
    return quoted ^ (len(parts) % 2 == 0)
