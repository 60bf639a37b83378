"""Probable duplicates on the wire (product.md 1.8)."""

from uuid import UUID

from msgspec import Struct

from ringdesk.features.customers.duplicates.rules import Reason
from ringdesk.features.customers.schemas import CustomerSummary


class Duplicate(Struct, frozen=True):
    """A customer who may be the same; `score` in percent, `reasons` with the strongest first."""

    customer: CustomerSummary
    score: int
    reasons: list[Reason]


class Duplicates(Struct, frozen=True):
    """Those who may be the same as one card, the surest first; `dismissed` are those of whom somebody said that they are not."""

    items: list[Duplicate]
    dismissed: list[CustomerSummary]


class Pair(Struct, frozen=True):
    """Two cards that are probably one customer's; the older one first."""

    first: CustomerSummary
    second: CustomerSummary
    score: int
    reasons: list[Reason]


class PairPage(Struct, frozen=True):
    """One page of the review queue, the surest first; go on with `cursor` = `next_cursor`. `waiting`: cards not looked at yet."""

    items: list[Pair]
    next_cursor: str | None
    total: int
    waiting: int


class DuplicatesChanged(Struct, frozen=True):
    """Payload of duplicates.changed: what may be the same as these customers was worked out anew, or decided by somebody."""

    customer_ids: list[UUID]
