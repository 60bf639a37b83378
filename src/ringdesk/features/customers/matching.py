"""Whose call or message is it? Pure (product.md 4.5, 1.10)."""

from collections.abc import Sequence

from msgspec import Struct

from ringdesk.features.customers.schemas import CustomerSummary, Match


class Choice(Struct, frozen=True):
    """`customer` when there is no doubt; else those to choose from, most recently in touch first (none: an unknown caller)."""

    customer: CustomerSummary | None
    candidates: Sequence[Match] = ()


def choose(matches: Sequence[Match]) -> Choice:
    """One customer who surely has the number pops; several are offered; so are those of whom it is only supposed."""
    sure = [match for match in matches if match.confidence == "known"]
    if len(sure) == 1:
        return Choice(sure[0].customer)
    return Choice(None, sure or matches)


def name_in_parts(name: str) -> tuple[str, str]:
    """First and last name of a caller as far as the channel knows the name: its last word is the last name (product.md 4.5)."""
    words = name.split()
    return (" ".join(words[:-1])[:100], words[-1][:100]) if words else ("", "")
