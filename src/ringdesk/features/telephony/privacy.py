"""What telephony erases of a customer: what the telephone systems told of their calls (product.md 1.9)."""

from ringdesk.features import interactions
from ringdesk.features.telephony import store
from ringdesk.kit.db import UnitOfWork


@interactions.erasing_interactions.subscribe
async def forget_calls(uow: UnitOfWork, fact: interactions.ErasingInteractions) -> None:
    """The folded facts of ended calls hold the caller's number and name."""
    fact.fact.count("call", await store.forget_calls(uow, fact.ids))
