"""What merging publishes: facts for other features, and entries of the event log."""

from uuid import UUID

from msgspec import Struct

from ringdesk.features.customers.merging.schemas import CustomerMerged, CustomerUnmerged
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.signals import Signal


class CardsMerged(Struct, frozen=True):
    """Everything of `duplicate_id` is `survivor_id`'s now. `region` is where numbers are read."""

    survivor_id: UUID
    duplicate_id: UUID
    region: str


class CardsParted(Struct, frozen=True):
    """A merge was undone: `duplicate_id` is a card again. `changed` names the tables of which rows were changed since the merge."""

    survivor_id: UUID
    duplicate_id: UUID
    region: str
    changed: frozenset[str]


merged: Signal[CardsMerged] = Signal()
parted: Signal[CardsParted] = Signal()


def log_merged(uow: UnitOfWork, payload: CustomerMerged) -> None:
    """Log that two cards are one."""
    uow.log_event("customer.merged", _topics(payload.customer.id, payload.merged.id), payload)


def log_unmerged(uow: UnitOfWork, payload: CustomerUnmerged) -> None:
    """Log that one card is two again."""
    uow.log_event("customer.unmerged", _topics(payload.customer.id, payload.restored.id), payload)


def _topics(survivor: UUID, other: UUID) -> list[str]:
    return [f"customer:{survivor}", f"customer:{other}", "customers"]
