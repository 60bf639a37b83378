"""What requests hand over of a customer, and erase (product.md 1.9)."""

from ringdesk.features import customers, interactions
from ringdesk.features.requests import privacy_store as store
from ringdesk.kit.db import UnitOfWork


@customers.handing_over.subscribe
async def hand_over(uow: UnitOfWork, fact: customers.HandingOver) -> None:
    """The customer's requests, and the moves of their conversations."""
    fact.sections["requests"] = await store.whole(uow, fact.customer_ids)
    fact.sections["moves"] = await store.moves(uow, fact.customer_ids)


@interactions.erasing_interactions.subscribe
async def erase(uow: UnitOfWork, fact: interactions.ErasingInteractions) -> None:
    """Requests go whole: they are what the customer wanted, in their words. So do choices and moves, which give reasons."""
    fact.fact.rows.update(await store.of_customers(uow, fact.fact.customer_ids))
    for table, rows in (await store.erase(uow, fact.fact.customer_ids, fact.ids)).items():
        fact.fact.count(table, rows)
