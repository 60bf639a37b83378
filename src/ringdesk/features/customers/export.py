"""What the customer list shows as a CSV file: its columns, order and filters, streamed (product.md 1.6)."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ringdesk.features import audit
from ringdesk.features.customers import listing, store
from ringdesk.features.customers.attributes import store as attributes
from ringdesk.features.customers.attributes.schemas import Attribute
from ringdesk.features.customers.field_types import CHANNELS
from ringdesk.features.customers.imports.addresses import FURTHER_PLACES, place_and_part
from ringdesk.features.customers.imports.consents import CONSENT, CONSENT_FIELDS
from ringdesk.features.customers.models import CustomerRecord
from ringdesk.features.people import Actor
from ringdesk.kit.csv_file import csv_file
from ringdesk.kit.db import Database
from ringdesk.kit.definitions import cell_of
from ringdesk.kit.fields import Bool
from ringdesk.kit.listing import ListQuery, ListSpec, count_all, every_row
from ringdesk.kit.problems import FieldErrors
from ringdesk.kit.sealed import MASK, masked

MOST_COLUMNS = 200
Cell = Callable[[CustomerRecord], str]

_ADDRESSES = tuple(
    part if place == 1 else f"{part}_{place}"
    for place in (1, *FURTHER_PLACES)
    for part in ("street", "postcode", "city", "region", "country")
)
# What the screen shows in one column and a file needs several for, to be read back as it was.
_SEVERAL = {"addresses": _ADDRESSES, "consent": CONSENT_FIELDS}

# A heading that our import, and people, read as what it is: a “number” alone would be taken for a telephone's.
_HEADINGS = {"number": "ringdesk_number", "display_name": "display_name"}


async def begin(
    db: Database, actor: Actor, parameters: Sequence[tuple[str, str]], columns: str, *, region: str
) -> tuple[ListSpec, ListQuery, list[tuple[str, Cell]]]:
    """Check what is asked for and note in the trail who took how many rows of what, before the first of them leaves.

    Raises InvalidFields naming every column and parameter that can't be used.
    """
    async with db.transaction() as uow:
        known = [one for one in await attributes.every(uow) if one.hidden_at is None]
        chosen = _chosen(columns, known)
        spec, query = await listing.asked(uow, parameters, region, listing.reader_of(actor))
        rows = await count_all(uow, spec, query)
        asked = {"columns": [name for name, _ in chosen], "query": dict(listing.without_secrets(parameters, known)), "rows": rows}
        await audit.write(uow, actor, "customers.exported", "customers", None, after=asked)
    return spec, query, chosen


def lines(db: Database, spec: ListSpec, query: ListQuery, chosen: Sequence[tuple[str, Cell]]) -> AsyncIterator[bytes]:
    """The file bit by bit, as of one moment."""
    named = [(_HEADINGS.get(name, name), cell) for name, cell in chosen]
    return csv_file(db, CustomerRecord, every_row(store.COLUMNS, spec, query), named)


def _chosen(columns: str, known: Sequence[Attribute]) -> list[tuple[str, Cell]]:
    cells = _cells(known)
    asked = [name.strip() for name in columns.split(",") if name.strip()]
    names = list(dict.fromkeys(column for name in asked for column in _SEVERAL.get(name, (name,))))
    errors = FieldErrors()
    for name in names:
        if name not in cells:
            errors.add("columns", "unknown_field", f"There is no column “{name}”. Columns are {', '.join([*cells, *_SEVERAL])}.")
    if len(names) > MOST_COLUMNS or not names:
        errors.add("columns", "required", f"Name 1 to {MOST_COLUMNS} columns with commas between them.")
    errors.raise_if_any()
    return [(name, cells[name]) for name in names]


def _cells(known: Sequence[Attribute]) -> Mapping[str, Cell]:
    """How each column is written: as the import reads it (the same laws as for field types: docs/recipes/field.md)."""
    plain = (
        *("kind", "first_name", "last_name", "company_name", "phone_1", "phone_2", "phone_3", "phone_4", "phone_5", "email"),
        *("preferred_language", "external_id", "number", "display_name", "created_at", "updated_at", "archived_at", "last_contact_at"),
        *("last_contact_channel", "last_contact_agent"),
    )
    found: dict[str, Cell] = {name: _plain(name) for name in plain}
    found |= {name: _address(name) for name in _ADDRESSES}
    found |= {CONSENT + channel: _consent(channel) for channel in CHANNELS}
    return found | {listing.ATTRIBUTE + one.key: _attribute(one) for one in known}


def _plain(name: str) -> Cell:
    def cell(record: CustomerRecord) -> str:
        value: Any = getattr(record, name)
        if value is None:
            return ""
        return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)

    return cell


def _address(name: str) -> Cell:
    place, part = place_and_part(name)

    def cell(record: CustomerRecord) -> str:
        if place == 1:
            of = [address for address in record.addresses if address.get("primary")]
        else:
            of = [address for address in record.addresses if not address.get("primary")][place - 2 : place - 1]
        return str(of[0].get(part) or "") if of else ""

    return cell


def _consent(channel: str) -> Cell:
    kind = Bool()

    def cell(record: CustomerRecord) -> str:
        agreed = record.consent.get(channel)
        return "" if agreed is None else kind.text(agreed)

    return cell


def _attribute(one: Attribute) -> Cell:
    def cell(record: CustomerRecord) -> str:
        stored = masked(record.attributes.get(one.key))
        if one.privacy == "sensitive" or stored == MASK:
            # Masked too while its class was changed a moment ago, and it is not opened yet.
            return MASK if stored is not None else ""
        return cell_of(one.type, stored)

    return cell
