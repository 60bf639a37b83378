"""What of interactions moves when two cards become one, and back (docs/adr/0015)."""

from ringdesk.features import customers
from ringdesk.features.interactions import store
from ringdesk.kit.db import UnitOfWork

customers.moves_with_customer(
    customers.Moved(table="interaction", counted="interactions", hold="state = 'in_progress'"),
    customers.Listed(table="interaction", column="candidates"),
)


@customers.cards_parted.subscribe
async def follow_contacts(uow: UnitOfWork, fact: customers.CardsParted) -> None:
    """One card is two again: when somebody was in touch since the merge, the last contact of each is that of its own interactions."""
    if "customer_contact" in fact.changed:
        for card in (fact.survivor_id, fact.duplicate_id):
            if contact := await store.last_contact(uow, card):
                await customers.set_last_contact(uow, card, contact, None)
