"""Imports on the wire and in their table (product.md 1.7)."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType, field

ImportState = Literal["uploaded", "checking", "checked", "running", "done", "cancelled", "failed", "undoing", "undone"]
OnDuplicate = Literal["ignore", "update", "replace", "fill"]
"""What becomes of a row whose customer is known: nothing; what it says overwrites; every mapped field becomes what it says, also nothing;
only what the card lacks is taken."""
KeptReason = Literal["changed", "in_use"]


class CheckCounts(Struct, frozen=True, kw_only=True):
    """What a run would do with the rows that were looked at so far. read = created + updated + ignored + refused, always.

    `in_base` rows are about a customer that is known, `in_file` rows about one that an earlier row of the file is about; they are among
    the updated and the ignored ones. `without_key` rows lack the key, so that nobody is recognised by them.
    """

    read: int = 0
    created: int = 0
    updated: int = 0
    ignored: int = 0
    refused: int = 0
    in_base: int = 0
    in_file: int = 0
    without_key: int = 0

    def __add__(self, other: "CheckCounts") -> "CheckCounts":
        """The counts of both."""
        return CheckCounts(**{name: getattr(self, name) + getattr(other, name) for name in CheckCounts.__struct_fields__})


class UndoCounts(Struct, frozen=True, kw_only=True):
    """What an undo did so far: customers removed, customers who got their values back, and those of whom something was kept.

    `gone` are those that the import made and that were merged into another card, or erased, before the undo.
    """

    removed: int = 0
    restored: int = 0
    kept: int = 0
    gone: int = 0
    by_name: str = ""


class RefusedRow(Struct, frozen=True):
    """A row that would be refused, and why."""

    line: int
    cells: list[str]
    reason: str


class Progress(Struct, frozen=True, kw_only=True):
    """How far an import is. read = created + updated + ignored + refused, always; `total_rows` is an estimate until it is done.

    `check` counts what a run would do, `undo` what was undone. Payload of import.changed, which leaves out what may be personal.
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
    key: str | None
    on_duplicate: OnDuplicate
    check: CheckCounts | None
    undo: UndoCounts | None


class Import(Progress, frozen=True, kw_only=True):
    """An import with its columns: `mapping` is {header: field}, `sample` the first rows until the import is done.

    `sheet` is the one that is read of a workbook. `refused_sample` has the first rows that the check refused, until the run begins.
    """

    headers: list[str]
    mapping: dict[str, str]
    sample: list[list[str]]
    encoding: str
    delimiter: str
    sheet: str | None
    refused_sample: list[RefusedRow]
    created_at: datetime
    user_name: str


class Imports(Struct, frozen=True):
    """The newest imports, at most 100."""

    items: list[Import]


class ImportChoices(Struct, frozen=True, forbid_unknown_fields=True):
    """How the rows are to be read: absent members stay as they are.

    `mapping` is {header: field}. `key` is the field by which a row is recognised as a customer that is known: phone, email, external_id or
    attributes.KEY; null: by none, so that every row is a new customer. `on_duplicate` says what becomes of such a row.
    """

    mapping: dict[str, str] | None = None
    key: str | UnsetType | None = UNSET
    on_duplicate: OnDuplicate | UnsetType = UNSET


class KeptCustomer(Struct, frozen=True, kw_only=True):
    """A customer of whom an undo kept something: `fields` that were `changed` since, last by `by_name`, or the whole card, `in_use`.

    The field `merged` says that another card went into this one.
    """

    id: UUID
    number: int
    display_name: str
    reason: KeptReason
    fields: list[str]
    by_name: str


class KeptCustomers(Struct, frozen=True):
    """One page of what an undo kept, by number; go on with `after` = `next_after`."""

    items: list[KeptCustomer]
    next_after: int | None


class ImportChanged(Struct, frozen=True):
    """Payload of import.changed."""

    import_: Progress = field(name="import")


class FileFormat(Struct, frozen=True):
    """Column `format` of an import: how its file is read."""

    encoding: str
    delimiter: str
    headers: list[str]
    sample: list[list[str]] = field(default_factory=list[list[str]])
    sheet: str | None = None


class Checked(Struct, frozen=True, kw_only=True):
    """Column `checked` of an import: `run` tells one check from the next."""

    run: UUID
    counts: CheckCounts = CheckCounts()
    sample: list[RefusedRow] = field(default_factory=list[RefusedRow])


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
    user_id: UUID | None = None
    user_name: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    key: str | None = None
    on_duplicate: OnDuplicate = "ignore"
    checked: Checked | None = None
    undo: UndoCounts | None = None

    @property
    def check(self) -> CheckCounts | None:
        """What the check counted so far."""
        return self.checked.counts if self.checked else None


def progress_of(row: ImportRow) -> Progress:
    """What everybody hears of an import."""
    return Progress(**{name: getattr(row, name) for name in Progress.__struct_fields__})


def import_of(row: ImportRow) -> Import:
    """An import as the API shows it."""
    own = {name: getattr(row, name) for name in Import.__struct_fields__ if name in ImportRow.__struct_fields__}
    how = row.format
    return Import(
        **own,
        check=row.check,
        headers=how.headers,
        sample=how.sample,
        encoding=how.encoding,
        delimiter=how.delimiter,
        sheet=how.sheet,
        refused_sample=row.checked.sample if row.checked else [],
    )
