"""What the list of interactions shows as a CSV file, streamed."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Any

from ringdesk.features import audit
from ringdesk.features.interactions import listing
from ringdesk.features.interactions.schemas import InteractionRow
from ringdesk.features.people import Actor
from ringdesk.kit.csv_file import csv_file
from ringdesk.kit.db import Database
from ringdesk.kit.listing import ListQuery, ListSpec, count_all, every_row

Cell = Callable[[InteractionRow], str]


async def begin(db: Database, actor: Actor, parameters: Sequence[tuple[str, str]], *, region: str) -> tuple[ListSpec, ListQuery]:
    """Check what is asked for and note in the trail who took how many, before the first of them leaves.

    Raises InvalidFields naming every parameter that can't be used.
    """
    async with db.transaction() as uow:
        spec, query = await listing.asked(uow, parameters, reader=actor.id, region=region)
        asked = {"query": dict(parameters), "rows": await count_all(uow, spec, query)}
        await audit.write(uow, actor, "interactions.exported", "interactions", None, after=asked)
    return spec, query


def lines(db: Database, spec: ListSpec, query: ListQuery) -> AsyncIterator[bytes]:
    """The file bit by bit, as of one moment."""
    return csv_file(db, InteractionRow, every_row(listing.COLUMNS, spec, query), _CELLS)


def _plain(name: str) -> tuple[str, Cell]:
    def cell(row: InteractionRow) -> str:
        value: Any = getattr(row, name)
        if isinstance(value, datetime):
            return value.isoformat(timespec="seconds")
        return "" if value is None else str(value)

    return name, cell


_CELLS: tuple[tuple[str, Cell], ...] = (
    *map(_plain, ("started_at", "channel", "direction", "ani", "dnis", "queue", "customer_name", "customer_id")),
    ("agents", lambda row: "; ".join(row.agents)),
    *map(_plain, ("type", "state", "result")),
    ("request", lambda row: f"REQ-{row.request_number}" if row.request_number else ""),
    *map(_plain, ("request_title", "duration_s", "wrap_up")),
    ("tags", lambda row: "; ".join(row.tags)),
    *map(_plain, ("answered_at", "ended_at", "source", "external_id", "id")),
)
