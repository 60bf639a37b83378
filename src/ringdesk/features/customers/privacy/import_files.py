"""Files of imports from before a field became sensitive: refused rows get masks, uploads go (product.md 1.9, docs/adr/0017)."""

import asyncio
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

from ringdesk.features import audit
from ringdesk.features.customers.attributes import sealing
from ringdesk.features.customers.attributes.schemas import Attribute
from ringdesk.features.customers.imports import store as imports
from ringdesk.features.customers.imports.engine import TOPICS, Files
from ringdesk.features.customers.imports.rows import secret_places, shortened
from ringdesk.features.customers.imports.schemas import ImportChanged, ImportRow, progress_of
from ringdesk.features.customers.imports.tables import table
from ringdesk.features.customers.privacy import erasure_store
from ringdesk.kit.csv_file import csv_line
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.sealed import MASK

# Behind the columns of the upload the file of refused rows has these.
_LINE_AND_REASON = 2


async def hide(uow: UnitOfWork, files: Files, one: Attribute, since: datetime) -> bool:
    """Take the values of a field that is sensitive `since` then out of the files of imports; False while one of before is under way."""
    await erasure_store.imports_at_rest(uow)
    for row in await imports.at_rest_filling(uow, sealing.PREFIX + one.key):
        places = secret_places(row.format.headers, row.mapping, [one])
        size = await asyncio.to_thread(mask_refused, files.refused(row.id), row.format.delimiter, places)
        if size is not None and size != row.refused_bytes:
            await imports.put_refused_bytes(uow, row.id, size)
        if row.created_at < since and row.state not in ("done", "undone"):
            await _remove_upload(uow, files, row, one)
    return not await imports.under_way_filling(uow, sealing.PREFIX + one.key, since)


async def _remove_upload(uow: UnitOfWork, files: Files, row: ImportRow, one: Attribute) -> None:
    path = files.upload(row.id)
    if not await asyncio.to_thread(path.is_file):
        return
    detail = f"“{one.label}” became sensitive, so this file, which held values of it in clear, was removed. Upload it again."
    if row.read:
        detail += f" {row.read:,} of its rows are dealt with: undo this import first, or choose a key, so that nobody is there twice."
    stopped = await imports.set_stopped(uow, row.id, "cancelled", detail)
    await audit.write(uow, None, "import.file_removed", "import", row.id, after={"attribute": one.key})
    uow.log_event("import.changed", TOPICS[:1], ImportChanged(progress_of(stopped)))
    # Last: what stops before this is done again.
    await asyncio.to_thread(path.unlink, missing_ok=True)


def mask_refused(path: Path, delimiter: str, places: Collection[int]) -> int | None:
    """Mask the cells in these places of a file of refused rows, also where the reason repeats them; its size, None where there is none."""
    if not path.is_file():
        return None
    anew = path.with_suffix(".new")
    anew.touch(mode=0o600)
    with anew.open("wb") as out:
        for line in _masked_lines(path, delimiter, places):
            out.write(line.encode("utf-8", "replace"))
    anew.replace(path)
    return path.stat().st_size


def _masked_lines(path: Path, delimiter: str, places: Collection[int]) -> Iterator[str]:
    begin = "\ufeff"
    for number, record in enumerate(table(path, "utf-8-sig", delimiter, None)):
        cells, tail = record.cells[:-_LINE_AND_REASON], record.cells[-_LINE_AND_REASON:]
        if number:
            for place in places:
                if place < len(cells) and cells[place].strip():
                    for text in (cells[place], cells[place].removeprefix("'")):
                        tail[-1] = tail[-1].replace(f"“{shortened(text)}”", f"“{MASK}”")
                    cells[place] = MASK
        yield begin + csv_line([*cells, *tail], delimiter)
        begin = ""
