"""What interactions hand over of a customer, and erase (product.md 1.9)."""

from typing import Any

from msgspec import Struct

from ringdesk.features import customers
from ringdesk.features.interactions import privacy_store as store
from ringdesk.features.interactions.recordings import recordings_handed_over, remove_of
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.signals import Signal


class ErasingInteractions(Struct, frozen=True):
    """These interactions of an erased customer are about to lose everything that is personal; whoever keeps more about them erases it."""

    fact: customers.Erasing
    ids: list[Any]


erasing_interactions: Signal[ErasingInteractions] = Signal()


@customers.handing_over.subscribe
async def hand_over(uow: UnitOfWork, fact: customers.HandingOver) -> None:
    """The customer's conversations, with their parts, outcomes, tags and comments."""
    entries = await store.whole(uow, fact.customer_ids)
    await recordings_handed_over(uow, fact, entries)
    fact.sections["interactions"] = entries


@customers.erasing.subscribe
async def erase(uow: UnitOfWork, fact: customers.Erasing) -> None:
    """That a conversation of such a length took place stays; who it was with and what was said goes.

    So do unknown ones from addresses that were this customer's alone. Raises CallInProgress.
    """
    if await store.in_progress(uow, fact.customer_ids):
        raise customers.CallInProgress(
            "End the conversation that is going on with this customer, or link it to whom it belongs, and try again."
        )
    ids = [*await store.of_customers(uow, fact.customer_ids), *await store.unknown_from(uow, fact.addresses, fact.customer_ids)]
    await erasing_interactions.send(uow, ErasingInteractions(fact, ids))
    fact.count("recording", await remove_of(uow, ids))
    for table, rows in (await store.empty(uow, ids)).items():
        fact.count(table, rows)
    fact.rows.update(ids)
    fact.rows.update(await store.activities(uow, ids))
    await store.forget_candidates(uow, fact.customer_ids)
