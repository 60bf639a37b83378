"""What the desk has to say when a customer is erased (product.md 1.9)."""

from ringdesk.features import customers, interactions
from ringdesk.features.desk import store
from ringdesk.kit.db import UnitOfWork


@interactions.erasing_interactions.subscribe
async def refuse_while_on_desks(uow: UnitOfWork, fact: interactions.ErasingInteractions) -> None:
    """A call of theirs is still being wrapped up. Raises CallInProgress."""
    if await store.any_on_desks(uow, fact.ids):
        raise customers.CallInProgress(
            "A call of this customer is still on an agent's desk. Wait until its wrap-up is finished, and try again."
        )
