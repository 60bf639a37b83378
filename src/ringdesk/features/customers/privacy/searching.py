"""The second half of an erasure: what has no index by customer is searched, stretch by stretch, each one transaction.

How far it is stands with what it looks for, so that a killed process is gone on after.
"""

import asyncio
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import sql

from ringdesk.features.customers.imports.engine import Files
from ringdesk.features.customers.imports.errors import UnusableFile
from ringdesk.features.customers.imports.tables import table
from ringdesk.features.customers.privacy import erasure_store as store
from ringdesk.features.customers.privacy.erasing import patterns
from ringdesk.features.customers.privacy.schemas import ErasureSearched
from ringdesk.features.customers.privacy.traces import Trace, names
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork


class _Place(Struct, frozen=True):
    """A trail, and what is done to a row that names the customer."""

    table: LiteralString
    key: LiteralString
    text: LiteralString
    act: LiteralString
    beside: LiteralString = "true"


_PLACES = (
    # Positions of the log may have gaps: who resumes hears what is left, and customer.erased.
    _Place("event_log", "pos", "payload::text", "delete from event_log", "type <> 'customer.erased'"),
    _Place(
        "audit_entry",
        "id",
        "concat(before, ' ', after)",
        "update audit_entry set before = null, after = null",
        "(before is not null or after is not null) and action <> 'customer.erased'",
    ),
)


async def run(db: Database, data_dir: Path, erasure_id: UUID) -> None:
    """Bring the search of an erasure to its end, unless it is over or another process is at it."""
    while True:
        async with db.transaction() as uow:
            row = await store.trace(uow, erasure_id)
            if row is None:
                return
            trace = msgspec.json.decode(uow.vault.decrypt(row.sealed.encode()), type=Trace)
            at = await _step(uow, trace, row.at)
            if at is not None:
                await store.put_trace(uow, erasure_id, at)
                continue
            await _files(uow, Files(data_dir), trace)
            if await store.imports_under_way(uow, erasure_id):
                # Their rows are compared with the trace, and their files are looked into when they end: they queue this job then.
                return
            await store.blank_questions(uow, patterns(trace))
            await store.finish(uow, erasure_id, clock.now())
            uow.log_event("customer.erasure_searched", ["customers"], ErasureSearched(erasure_id))
            return


async def _step(uow: UnitOfWork, trace: Trace, at: dict[str, Any]) -> dict[str, Any] | None:
    """Look through the next stretch; how far it is then, None when every trail was looked through."""
    number: int = at.get("place", 0)
    if number >= len(_PLACES):
        return None
    place = _PLACES[number]
    looked = await store.look_through(
        uow,
        table=place.table,
        key=place.key,
        text=sql.SQL(place.text),
        act=place.act,
        beside=place.beside,
        after=at.get("last"),
        ids=trace.ids,
        patterns=patterns(trace),
    )
    return {"place": number, "last": looked.last} if looked.last else {"place": number + 1}


async def _files(uow: UnitOfWork, files: Files, trace: Trace) -> None:
    """Remove the files of imports in which the customer stands: the rows of others in them are on their cards, or were refused long ago."""
    for one in await store.imports_at_rest(uow):
        upload, refused = files.upload(one.id), files.refused(one.id)
        if await asyncio.to_thread(_is_in, upload, one.encoding, one.delimiter, one.sheet, trace):
            await asyncio.to_thread(upload.unlink, missing_ok=True)
        if (
            one.source
            and one.state not in ("done", "undone")
            and await asyncio.to_thread(_is_in, Path(one.source), one.encoding, one.delimiter, one.sheet, trace)
        ):
            # The file is somebody's own and stays; this import doesn't go on with it.
            await store.forget_source(uow, one.id)
        if await asyncio.to_thread(_is_in, refused, "utf-8-sig", one.delimiter, None, trace):
            await asyncio.to_thread(refused.unlink, missing_ok=True)
            await store.forget_refused(uow, one.id)


def _is_in(path: Path, encoding: str, delimiter: str, sheet: str | None, trace: Trace) -> bool:
    """Whether a row of the file is about the customer; a file that can't be read any more may be."""
    if not path.is_file():
        return False
    try:
        return any(names(record.cells, trace) for record in table(path, encoding, delimiter, sheet))
    except (UnusableFile, UnicodeError, LookupError, OSError):
        return True
