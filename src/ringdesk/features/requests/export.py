"""What the list of requests shows as a CSV file, streamed (product.md 2.6)."""

from collections.abc import AsyncIterator, Callable, Sequence

from ringdesk.features import audit
from ringdesk.features.people import Actor
from ringdesk.features.requests import definition_store, listing, store
from ringdesk.features.requests.schemas import Request, RequestField
from ringdesk.kit.csv_file import csv_file
from ringdesk.kit.db import Database
from ringdesk.kit.definitions import cell_of
from ringdesk.kit.listing import ListQuery, ListSpec, count_all, every_row

Cells = list[tuple[str, Callable[[Request], str]]]


async def begin(db: Database, actor: Actor, parameters: Sequence[tuple[str, str]], *, region: str) -> tuple[ListSpec, ListQuery, Cells]:
    """Check what is asked for and note in the trail who took how many, before the first of them leaves.

    Raises InvalidFields naming every parameter that can't be used.
    """
    async with db.transaction() as uow:
        schema = await definition_store.schema(uow)
        spec = listing.spec(schema, region)
        query = listing.asked(parameters, spec, actor.id)
        asked = {"query": dict(parameters), "rows": await count_all(uow, spec, query)}
        await audit.write(uow, actor, "requests.exported", "requests", None, after=asked)
    return spec, query, _CELLS + [_field(one) for one in schema.fields]


def lines(db: Database, spec: ListSpec, query: ListQuery, cells: Cells) -> AsyncIterator[bytes]:
    """The file bit by bit, as of one moment."""
    return csv_file(db, Request, every_row(store.COLUMNS, spec, query), cells)


def _field(one: RequestField) -> tuple[str, Callable[[Request], str]]:
    return f"fields.{one.key}", lambda request: cell_of(one.type, request.fields.get(one.key))


_CELLS: Cells = [
    ("number", lambda request: f"REQ-{request.number}"),
    ("title", lambda request: request.title),
    ("type", lambda request: request.type),
    ("status", lambda request: request.status),
    ("priority", lambda request: request.priority),
    ("customer_name", lambda request: request.customer_name),
    ("customer_id", lambda request: str(request.customer_id)),
    ("owner_name", lambda request: request.owner_name or ""),
    ("due_on", lambda request: request.due_on.isoformat() if request.due_on else ""),
    ("description", lambda request: request.description),
    ("created_at", lambda request: request.created_at.isoformat(timespec="seconds")),
    ("created_by", lambda request: request.created_by),
    ("updated_at", lambda request: request.updated_at.isoformat(timespec="seconds")),
    ("closed_at", lambda request: request.closed_at.isoformat(timespec="seconds") if request.closed_at else ""),
    ("closed_by", lambda request: request.closed_by or ""),
    ("closing_reason", lambda request: request.closing_reason),
]
