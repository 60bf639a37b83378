"""What becomes of desks when two cards become one, and when one becomes two (docs/adr/0015)."""

from collections.abc import Sequence
from uuid import UUID

from ringdesk.features import customers
from ringdesk.features.desk import events, service, store
from ringdesk.kit.db import UnitOfWork

customers.moves_with_customer(customers.Folded(table="desk_customer", key=("user_id", "customer_id"), fold=store.fold_customer))


@customers.cards_merged.subscribe
async def follow_merge(uow: UnitOfWork, fact: customers.CardsMerged) -> None:
    """Every desk shows the one card where it had the other."""
    await _tell_desks(uow, [fact.survivor_id], fact.region)


@customers.cards_parted.subscribe
async def follow_parting(uow: UnitOfWork, fact: customers.CardsParted) -> None:
    """Every desk shows the cards that it had before."""
    both = [fact.survivor_id, fact.duplicate_id]
    for user_id in await store.desks_with(uow, both):
        await store.forget_surplus(uow, user_id)
    await _tell_desks(uow, both, fact.region)


async def _tell_desks(uow: UnitOfWork, cards: Sequence[UUID], region: str) -> None:
    for user_id in await store.desks_with(uow, cards):
        events.customers_changed(uow, user_id, await service.customers_on(uow, user_id))
    for call in await store.calls_with(uow, cards):
        if shown := await service.view(uow, call, region):
            events.call_changed(uow, call.user_id, shown)
