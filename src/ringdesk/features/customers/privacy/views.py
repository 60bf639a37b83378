"""What a saved view of customers may not keep."""

from urllib.parse import parse_qsl

from ringdesk.features import lists
from ringdesk.features.customers import listing
from ringdesk.features.customers.attributes import store as attributes
from ringdesk.kit.db import UnitOfWork


@lists.saving.subscribe
async def refuse_secrets(uow: UnitOfWork, fact: lists.SavingView) -> None:
    """A value of a sensitive field would lie in the view in clear."""
    if fact.name != "customers" or listing.ATTRIBUTE not in fact.query:
        return
    asked = parse_qsl(fact.query, keep_blank_values=True)
    if listing.without_secrets(asked, await attributes.every(uow)) != asked:
        why = "A view can't keep what a sensitive field is compared with. Take that filter off and save the view without it."
        fact.errors.add("query", "sensitive", why)
