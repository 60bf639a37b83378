"""What customers publish: facts for other features, and entries of the event log."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec import Struct, field
from psycopg import sql

from ringdesk.features.customers.schemas import Customer, CustomerChange
from ringdesk.features.people import Actor
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.signals import Signal


class Created(Struct, frozen=True):
    """A card was created. `addresses` are all forms in which a channel may name its identities; `link_interaction` it was created for."""

    customer_id: UUID
    addresses: list[str]
    actor: Actor | None
    link_interaction: UUID | None = None


class Reachable(Struct, frozen=True):
    """An existing card got new confirmed addresses, in all the forms in which a channel may name them (product.md 4.5)."""

    customer_id: UUID
    addresses: list[str]
    actor: Actor | None


class Imported(Struct, frozen=True):
    """A file brought cards. `addresses` is a relation of their confirmed addresses, (customer_id, normalised), in this transaction."""

    addresses: sql.Composable


class Rewritten(Struct, frozen=True):
    """Many cards change at once. Whoever shows some of them adds those to `shown`: they are told of one by one."""

    customer_ids: Sequence[UUID]
    shown: set[UUID] = field(default_factory=set[UUID])


class Releasing(Struct, frozen=True):
    """These customers are to be removed if nobody but their own import brought them in touch with anything: what is theirs by that alone
    is given back.
    """

    customer_ids: Sequence[UUID]


class Removed(Struct, frozen=True):
    """These customers are about to be removed, with everything that is theirs alone."""

    customer_ids: Sequence[UUID]


class ChangedInBulk(Struct, frozen=True):
    """Many cards changed at once, without an event for each: whoever shows some of them elsewhere than in lists tells of those."""

    customer_ids: list[UUID]
    changed: list[str]
    by_name: str


class HandedFile(Struct, frozen=True):
    """A file that is handed over with a customer's data: its name beside the page, its time, and its bytes, given the data directory."""

    name: str
    at: datetime
    read: Callable[[Path], AsyncIterator[bytes]]


class HandingOver(Struct, frozen=True):
    """Everything about a customer is put together for that customer: each feature adds its `sections`, by name, and its `files`.

    `customer_ids` mean the customer. An entry that has a file says its name as `file`.
    """

    customer_ids: Sequence[UUID]
    sections: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    files: list[HandedFile] = field(default_factory=list[HandedFile])


class Erasing(Struct, frozen=True):
    """A customer is erased: whoever keeps something about `customer_ids` erases it now, or refuses by raising a Problem.

    `addresses` are those that nobody else has, in the forms in which a channel names them. `rows` takes the ids of what was erased or
    emptied, which trails may name; `counts` how many rows of which table.
    """

    customer_ids: Sequence[UUID]
    addresses: Sequence[str]
    rows: set[UUID] = field(default_factory=set[UUID])
    counts: dict[str, int] = field(default_factory=dict[str, int])

    def count(self, table: str, rows: int) -> None:
        """So many rows of this table are erased or emptied."""
        self.counts[table] = self.counts.get(table, 0) + rows


handing_over: Signal[HandingOver] = Signal()
erasing: Signal[Erasing] = Signal()
changed_in_bulk: Signal[ChangedInBulk] = Signal()
created: Signal[Created] = Signal()
imported: Signal[Imported] = Signal()
reachable: Signal[Reachable] = Signal()
rewritten: Signal[Rewritten] = Signal()
releasing: Signal[Releasing] = Signal()
removed: Signal[Removed] = Signal()


def log_created(uow: UnitOfWork, customer: Customer, *, changed: Sequence[str], by_name: str) -> None:
    """Log that a card was made; `changed` are the fields it was made with."""
    _log(uow, "customer.created", customer, changed, by_name)


def log_changed(uow: UnitOfWork, customer: Customer, *, changed: Sequence[str], by_name: str) -> None:
    """Log that fields of a card changed."""
    _log(uow, "customer.changed", customer, changed, by_name)


def log_archived(uow: UnitOfWork, customer: Customer, *, by_name: str) -> None:
    """Log that a card was archived."""
    _log(uow, "customer.archived", customer, ["archived_at"], by_name)


def _log(uow: UnitOfWork, kind: str, customer: Customer, changed: Sequence[str], by_name: str) -> None:
    uow.log_event(kind, [f"customer:{customer.id}", "customers"], CustomerChange(customer, list(changed), by_name))
