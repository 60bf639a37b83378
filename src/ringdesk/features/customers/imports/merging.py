"""What becomes of the journal of imports when two cards become one (docs/adr/0014, 0015)."""

from uuid import UUID

from ringdesk.features.customers.imports import journal
from ringdesk.features.customers.merging import Folded, declare
from ringdesk.kit.db import UnitOfWork


async def forget_duplicate(uow: UnitOfWork, duplicate: UUID, survivor: UUID) -> None:
    """The merge is a change by people: what an import did to the card that goes is no longer the import's to undo."""
    del survivor
    await journal.forget_customer(uow, duplicate)


declare(
    Folded(table="import_change", key=("import_id", "place", "customer_id"), fold=forget_duplicate),
    Folded(table="import_kept", key=("import_id", "customer_id"), fold=forget_duplicate),
)
