"""An import that was begun before a customer was erased doesn't bring that customer back (product.md 1.9, docs/subsystems/privacy.md).

An erasure and a batch never overlap. As long as an import of before the erasure isn't at its end, what the erased customer was known by is
kept, encrypted, and each batch is compared with it.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from ringdesk.features.customers.attributes import jobs as attribute_jobs
from ringdesk.features.customers.attributes import store as attributes
from ringdesk.features.customers.imports import staging
from ringdesk.features.customers.imports.batches import Refused
from ringdesk.features.customers.privacy import erasure_store
from ringdesk.features.customers.privacy.traces import Trace, names
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.jobs import defer
from ringdesk.kit.sealed import MASK

LEFT_OUT = "This customer was erased while the import was under way, so the row is left out."


async def since(uow: UnitOfWork, begun: datetime) -> list[Trace]:
    """Whoever was erased since an import was begun; until the commit nobody else is."""
    await erasure_store.hold_off(uow)
    sealed = await erasure_store.traces_since(uow, begun)
    return [msgspec.json.decode(uow.vault.decrypt(one.encode()), type=Trace) for one in sealed]


async def staged_of(uow: UnitOfWork, erased: Sequence[Trace]) -> list[int]:
    """The lines of the staged rows that are about one of these."""
    lines = {line for one in erased for line in await staging.lines_about(uow, one)}
    return sorted(lines)


def without_content(rows: Sequence[Refused], erased: Sequence[Trace]) -> list[Refused]:
    """Refused rows as they may be kept: of those about one of these only the line is left."""
    return [blank(row.line, len(row.cells)) if any(names(row.cells, one) for one in erased) else row for row in rows]


def blank(line: int, width: int) -> Refused:
    """A row that is left out."""
    return Refused(line, [MASK] * width, [LEFT_OUT])


async def go_on(uow: UnitOfWork) -> None:
    """Have what waits for the end of an import look into its files: erasures, and fields that became sensitive."""
    for erasure_id in await erasure_store.unfinished(uow):
        await defer(uow, erasure_store.JOB, lock=f"erasure:{erasure_id}", arguments={"erasure_id": str(erasure_id)})
    for attribute_id in await attributes.converting(uow):
        await attribute_jobs.queue_conversion(uow, attribute_id)
