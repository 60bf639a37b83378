"""Merges on the wire (product.md 1.8)."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct, field

from ringdesk.features.customers.schemas import Customer, CustomerKind


class MergeRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Which card goes into the one in the address, based on which version of it (null: whatever it is now), and whose value a field takes.

    `choices`: field (`first_name`, `phone_2`, `attributes.KEY`) to `this` (the card in the address) or `other`; `addresses` and
    `consent` also `both`, which they are unless chosen. Other fields keep this card's value, and take the other's where it has none.
    """

    other_id: UUID
    other_version: int | None = None
    choices: dict[str, Literal["this", "other", "both"]] = field(default_factory=dict[str, Literal["this", "other", "both"]])


class MergedCard(Struct, frozen=True):
    """A card that went into another one."""

    id: UUID
    number: int
    display_name: str
    kind: CustomerKind


class Merge(Struct, frozen=True):
    """One merge in the journal. `moved`: how many of each thing went along (`interactions`, `identities`, ...).

    `undo`: whether it can be taken back now (`possible`), was (`undone`), or waits for a later merge to be taken back first (`later`).
    """

    id: UUID
    at: datetime
    by_name: str
    survivor_id: UUID
    card: MergedCard
    moved: dict[str, int]
    undone_at: datetime | None
    undone_by: str | None
    undo: Literal["possible", "undone", "later"]


class Merges(Struct, frozen=True):
    """The merges that made a card what it is, newest first."""

    items: list[Merge]


class Preview(Struct, frozen=True):
    """What a merge would give: the one card, and how much would go along from the other."""

    customer: Customer
    moves: dict[str, int]


class Merged(Struct, frozen=True):
    """A merge that was carried out: its id (to undo it), and the one card."""

    merge: Merge
    customer: Customer


class LeftOut(Struct, frozen=True):
    """A value that could not come back, and why."""

    field: str
    value: str
    reason: str


class Unmerged(Struct, frozen=True):
    """A merge that was undone: both cards. `kept` are fields of the one that people changed since, which therefore stay as they are."""

    merge: Merge
    customer: Customer
    restored: Customer
    kept: list[str]
    left_out: list[LeftOut]


class CustomerMerged(Struct, frozen=True):
    """Payload of customer.merged: `customer` is the one card now; whoever shows `merged` shows it instead."""

    merge_id: UUID
    customer: Customer
    merged: MergedCard
    by_name: str


class CustomerUnmerged(Struct, frozen=True):
    """Payload of customer.unmerged: `restored` is a card of its own again."""

    merge_id: UUID
    customer: Customer
    restored: Customer
    by_name: str
