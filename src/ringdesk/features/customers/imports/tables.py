"""The rows of a file, whatever kind of file it is."""

from collections.abc import Iterator
from pathlib import Path

from ringdesk.features.customers.imports.reading import Record, records
from ringdesk.features.customers.imports.workbook import WORKBOOK, sheet_records


def table(path: Path, encoding: str, delimiter: str, sheet: str | None) -> Iterator[Record]:
    """Every record that has anything in it, the header first."""
    if encoding == WORKBOOK:
        return sheet_records(path, sheet)
    return records(path, encoding, delimiter)
