"""Imports on the wire and in their table (product.md 1.7)."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct, field

ImportState = Literal["uploaded", "running", "done", "cancelled", "failed"]


class Progress(Struct, frozen=True, kw_only=True):
    """How far an import is. read = created + updated + ignored + refused, always; `total_rows` is an estimate until it is done.

    Payload of import.changed, which leaves out what does not change and what may be personal.
    """

    id: UUID
    file_name: str
    state: ImportState
    total_rows: int | None
    read: int
    created: int
    updated: int
    ignored: int
    refused: int
    started_at: datetime | None
    finished_at: datetime | None
    detail: str | None


class Import(Progress, frozen=True, kw_only=True):
    """An import with its columns: `mapping` is {header: field}, `sample` the first rows until the import is done."""

    headers: list[str]
    mapping: dict[str, str]
    sample: list[list[str]]
    encoding: str
    delimiter: str
    created_at: datetime
    user_name: str


class Imports(Struct, frozen=True):
    """The newest imports, at most 100."""

    items: list[Import]


class StartImport(Struct, frozen=True):
    """A request to start an uploaded import, with another mapping if one is given, or to go on with a stopped one."""

    mapping: dict[str, str] | None = None


class ImportChanged(Struct, frozen=True):
    """Payload of import.changed."""

    import_: Progress = field(name="import")


class FileFormat(Struct, frozen=True):
    """Column `format` of an import: how its file is read."""

    encoding: str
    delimiter: str
    headers: list[str]
    sample: list[list[str]] = field(default_factory=list[list[str]])


class Options(Struct, frozen=True):
    """Column `options` of an import: the deployment's settings when it was begun.

    `refuse_shared` refuses rows whose number or e-mail another customer has (product.md 1.4; with `warn` there is nobody to ask, so they
    are taken). `source` is a file that was not uploaded (the command line's), left where it is.
    """

    region: str
    source: str | None = None
    refuse_shared: bool = False


class ImportRow(Struct, frozen=True, kw_only=True):
    """A row of `import`; the jsonb columns are decoded by `store`."""

    id: UUID
    file_name: str
    state: ImportState
    format: FileFormat
    mapping: dict[str, str]
    options: Options
    total_rows: int | None
    read: int
    created: int
    updated: int
    ignored: int
    refused: int
    refused_bytes: int
    detail: str | None
    user_name: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def progress_of(row: ImportRow) -> Progress:
    """What everybody hears of an import."""
    return Progress(**{name: getattr(row, name) for name in Progress.__struct_fields__})


def import_of(row: ImportRow) -> Import:
    """An import as the API shows it."""
    own = {name: getattr(row, name) for name in Import.__struct_fields__ if name in ImportRow.__struct_fields__}
    how = row.format
    return Import(**own, headers=how.headers, sample=how.sample, encoding=how.encoding, delimiter=how.delimiter)
