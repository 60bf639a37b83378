"""The audit trail as a CSV file, streamed."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import msgspec

from ringdesk.features.audit import listing, store
from ringdesk.features.audit.schemas import AuditEntry
from ringdesk.features.people import Actor
from ringdesk.kit.csv_file import csv_file
from ringdesk.kit.db import Database
from ringdesk.kit.listing import ListQuery, count_all, every_row


async def begin(db: Database, actor: Actor, parameters: Sequence[tuple[str, str]]) -> ListQuery:
    """Check what is asked for and note who took how many entries, before the first of them leaves.

    Raises InvalidFields naming every parameter that can't be used.
    """
    query = listing.asked(parameters)
    async with db.transaction() as uow:
        asked = {"query": dict(parameters), "rows": await count_all(uow, listing.SPEC, query)}
        await store.write(uow, actor, "audit.exported", "audit", None, after=asked)
    return query


def lines(db: Database, query: ListQuery) -> AsyncIterator[bytes]:
    """The file bit by bit, as of one moment."""
    return csv_file(db, AuditEntry, every_row(listing.COLUMNS, listing.SPEC, query), _CELLS)


def _json(value: Any) -> str:
    return "" if value is None else msgspec.json.encode(value).decode()


_CELLS: tuple[tuple[str, Callable[[AuditEntry], str]], ...] = (
    ("at", lambda entry: entry.at.isoformat(timespec="milliseconds")),
    ("actor", lambda entry: entry.actor),
    ("actor_id", lambda entry: str(entry.actor_id or "")),
    ("action", lambda entry: entry.action),
    ("entity", lambda entry: entry.entity),
    ("entity_id", lambda entry: entry.entity_id or ""),
    ("name", lambda entry: entry.name or ""),
    ("before", lambda entry: _json(entry.before)),
    ("after", lambda entry: _json(entry.after)),
)
