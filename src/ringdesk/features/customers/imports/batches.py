"""A file as batches ready for COPY: reading, validation and rendering, on one core beside the database's. Pure but for reading the file.

What crosses to the writer is bytes, so that the process that serves people does no work per row.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from time import time_ns

import msgspec

from ringdesk.features.customers.attributes.schemas import Attribute
from ringdesk.features.customers.identity_rules import first_behind, identity_rows
from ringdesk.features.customers.imports.overwriting import Row
from ringdesk.features.customers.imports.reading import Record
from ringdesk.features.customers.imports.rows import NothingInRow, RowReader, RowRefused, more_columns
from ringdesk.features.customers.imports.schemas import OnDuplicate
from ringdesk.features.customers.imports.tables import table
from ringdesk.features.customers.imports.workbook import NO_RESULT, SHOWS_ERROR
from ringdesk.features.customers.models import IdentityRow
from ringdesk.features.customers.rules import derive
from ringdesk.kit.crypto import Vault
from ringdesk.kit.csv_file import csv_line
from ringdesk.kit.ids import new_id

# A transaction of 5,000 rows takes a third to half a second here: short enough for a cancel and for vacuum, long enough that
# commit and event cost nothing. The byte bound keeps a batch of odd, huge rows in memory.
BATCH_ROWS = 5_000
BATCH_CHARACTERS = 4 << 20
# The first batch is small: a wrong mapping shows in the counts at once.
FIRST_BATCH_ROWS = 500

NULL = "\x02"
"""COPY's marker of an absent value: no stored text can hold a control character."""
CUSTOMER_COLUMNS = (
    "line",
    "id",
    "kind",
    "first_name",
    "last_name",
    "company_name",
    "display_name",
    "sort_name",
    "addresses",
    "preferred_language",
    "attributes",
    "external_id",
    "search_text",
    "phone_1",
    "phone_2",
    "phone_3",
    "phone_4",
    "phone_5",
    "email",
    "city",
    "whole_name",
    "said_kind",
)
IDENTITY_COLUMNS = ("line", "id", "customer_id", "kind", "raw", "normalised", "position", "attribute")


class Plan(msgspec.Struct, frozen=True):
    """Everything that reading a file needs."""

    path: str
    encoding: str
    delimiter: str
    headers: list[str]
    mapping: dict[str, str]
    region: str
    attributes: list[Attribute] = msgspec.field(default_factory=list[Attribute])
    """Those that a card has."""
    skip: int = 0
    """Records that an earlier run has dealt with."""
    keep_originals: bool = False
    """Whether the accepted rows travel along as they were, because the database may still refuse some."""
    key: str | None = None
    on_duplicate: OnDuplicate = "ignore"
    sheet: str | None = None
    """Which one of a workbook."""
    keys: tuple[str, ...] = ()
    """Those of the installation, where a column fills a sensitive attribute: its values are sealed as they are read."""


class Refused(msgspec.Struct, array_like=True):
    """One refused row: where it begins in the file, its cells as they were, everything that is wrong with it."""

    line: int
    cells: list[str]
    reasons: list[str]


class Batch(msgspec.Struct, array_like=True):
    """Some rows of the file, counted and rendered; what COPY takes in text format, with NULL as the marker."""

    read: int
    ignored: int
    accepted: int
    customers: bytes
    identities: bytes
    refused: list[Refused]
    originals: dict[int, list[str]]
    """The cells of the accepted rows by line, if the plan asks for them."""


def batches(plan: Plan) -> Iterator[Batch]:
    """The batches of a file, in order. read = ignored + accepted + refused in each."""
    vault = Vault(list(plan.keys)) if plan.keys else None
    reader = RowReader(plan.headers, plan.mapping, plan.region, plan.attributes, key=plan.key, action=plan.on_duplicate, vault=vault)
    rows = table(Path(plan.path), plan.encoding, plan.delimiter, plan.sheet)
    next(rows, None)  # the header
    for _ in range(plan.skip):
        if next(rows, None) is None:
            break
    limit = min(FIRST_BATCH_ROWS, BATCH_ROWS)
    while (batch := _fill(rows, reader, plan, limit)).read:
        yield batch
        limit = BATCH_ROWS


def _fill(rows: Iterator[Record], reader: RowReader, plan: Plan, limit: int) -> Batch:
    rendering = Rendering(limit, more_columns(plan.mapping))
    refused: list[Refused] = []
    originals: dict[int, list[str]] = {}
    read = ignored = characters = 0
    for row in rows:
        read += 1
        characters += sum(map(len, row.cells))
        try:
            if row.fault:
                raise RowRefused([row.fault])
            rendering.add(row.line, reader.read(row.cells))
        except RowRefused as refusal:
            refused.append(Refused(row.line, reader.without_secrets(row.cells), refusal.reasons))
        except NothingInRow:
            ignored += 1
        else:
            if plan.keep_originals:
                originals[row.line] = reader.without_secrets(row.cells)
        if read >= limit or characters >= BATCH_CHARACTERS:
            break
    customers, identities = rendering.copy_text()
    return Batch(read, ignored, rendering.count, customers, identities, refused, originals)


class Rendering:
    """Drafts as the lines of two COPYs. A blank-free loop on purpose: this is most of what an import costs us."""

    def __init__(self, most: int, more: tuple[str, ...] = ()) -> None:
        """`more` are the columns behind CUSTOMER_COLUMNS (rows.more_columns)."""
        self._more = more
        self._customers: list[str] = []
        self._identities: list[str] = []
        self._ids = _ids(most)
        # Made when the first are used up.
        self._identity_ids = iter(())
        self.count = 0

    def add(self, line: int, row: Row) -> None:
        """Render one card and its identities."""
        draft = row.draft
        derived = derive(draft, [one.reach for one in row.further]) if row.further else derive(draft)
        number, key = str(line), next(self._ids)
        phones, email = draft.phones, draft.email
        raw = [phones[slot].raw if slot in phones else NULL for slot in (1, 2, 3, 4, 5)]
        self._customers.append(
            "\t".join(
                (
                    number,
                    key,
                    draft.kind,
                    draft.first_name,
                    draft.last_name,
                    draft.company_name,
                    derived.display_name,
                    derived.sort_name,
                    msgspec.json.encode(draft.addresses).decode() if draft.addresses else "[]",
                    draft.preferred_language or NULL,
                    msgspec.json.encode(draft.attributes).decode() if draft.attributes else "{}",
                    draft.external_id or NULL,
                    derived.search_text,
                    *raw,
                    email.raw if email else NULL,
                    derived.city or NULL,
                    row.name or NULL,
                    row.kind or NULL,
                    *(self._more and (msgspec.json.encode(draft.consent).decode(), msgspec.json.encode(row.places).decode())),
                )
            )
        )
        for slot, reach in phones.items():
            self._identities.append(f"{number}\t{self._identity_id()}\t{key}\tphone\t{reach.raw}\t{reach.normalised}\t{slot}\t{NULL}")
        if email:
            self._identities.append(f"{number}\t{self._identity_id()}\t{key}\temail\t{email.raw}\t{email.normalised}\t1\t{NULL}")
        if draft.attribute_reaches or row.further:
            self._add_behind(number, key, row)
        self.count += 1

    def _add_behind(self, number: str, key: str, row: Row) -> None:
        for one in identities_behind(row):
            place = f"{one.normalised}\t{one.position}\t{one.attribute or NULL}"
            self._identities.append(f"{number}\t{self._identity_id()}\t{key}\t{one.kind}\t{one.raw}\t{place}")

    def _identity_id(self) -> str:
        found = next(self._identity_ids, None)
        if found is None:
            self._identity_ids = _ids(BATCH_ROWS)
            found = next(self._identity_ids)
        return found

    def copy_text(self) -> tuple[bytes, bytes]:
        """Both buffers, with COPY's one special character that a value may hold."""
        return _escaped(self._customers), _escaped(self._identities)


def identities_behind(row: Row) -> list[IdentityRow]:
    """The addresses of a row that no field shows, each once: those of attributes, then further ones."""
    made = identity_rows(row.draft, new_id)
    held = {(one.kind, one.normalised) for one in made}
    behind = [one for one in made if one.attribute]
    for one in row.further:
        if (one.kind, one.reach.normalised) not in held:
            held.add((one.kind, one.reach.normalised))
            last = max([made_one.position for made_one in made if made_one.kind == one.kind] + [first_behind(one.kind) - 1])
            made.append(IdentityRow(new_id(), one.kind, one.reach.raw, one.reach.normalised, last + 1))
            behind.append(made[-1])
    return behind


def _escaped(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").replace("\\", "\\\\").encode() if lines else b""


_COUNTER = [f"7{place:03x}8" for place in range(4096)]
"""Version, 12 bits of counter, variant: what stands between the millisecond and the random digits of a UUID."""


def _ids(count: int) -> Iterator[str]:
    """Version 7 UUIDs as 32 hex digits, increasing, for rows made at one go (kit.ids makes one at a time, in many times the time)."""
    millisecond, chance = time_ns() // 1_000_000, os.urandom(8 * count).hex()
    for place in range(count):
        # A full counter borrows the next millisecond (RFC 9562, 6.2, method 1).
        yield f"{millisecond + (place >> 12):012x}{_COUNTER[place & 0xFFF]}{chance[place * 16 : place * 16 + 15]}"


def refused_line(row: Refused, width: int, delimiter: str) -> str:
    """A row of the file of refused rows: as many cells as the header (more when the row had more), line, reasons."""
    cells = [cell.lstrip(NO_RESULT + SHOWS_ERROR) for cell in row.cells]
    return csv_line([*cells, *[""] * (width - len(cells)), str(row.line), "; ".join(row.reasons)], delimiter)
