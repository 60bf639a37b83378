"""Privacy on the wire (product.md 1.9)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from ringdesk.features.customers.attributes.schemas import Privacy

Reason = Annotated[str, Meta(min_length=1, max_length=200)]


class FieldClass(Struct, frozen=True):
    """A field of the card and its class. `attribute`: administrators chose it; the class of other fields is fixed."""

    field: str
    privacy: Privacy
    attribute: bool


class FieldClasses(Struct, frozen=True):
    """Every field of the card, in its order."""

    items: list[FieldClass]


class Reveal(Struct, frozen=True, forbid_unknown_fields=True):
    """Which masked value somebody needs to see (`attributes.KEY`), and why."""

    field: Annotated[str, Meta(max_length=100)]
    reason: Reason


class Revealed(Struct, frozen=True):
    """A sensitive value in clear. Who shows it takes it off the screen after `hide_after_s` seconds."""

    field: str
    value: Any
    hide_after_s: int


class ExportRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Why everything about a customer is handed over."""

    reason: Reason


class EraseRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Erase a customer for good. `confirm` is the customer's number, typed as a confirmation."""

    reason: Reason
    confirm: int


class Tombstone(Struct, frozen=True, kw_only=True):
    """What stays of an erased customer. `ids` are the ids that meant it; `finished_at` null: trails and files are being searched still.

    `counts`: rows that were erased or emptied, by table.
    """

    id: UUID
    customer_id: UUID
    number: int
    ids: list[UUID]
    at: datetime
    by_name: str
    reason: str
    counts: dict[str, int]
    finished_at: datetime | None


class Tombstones(Struct, frozen=True):
    """One page of the erasures."""

    items: list[Tombstone]
    page: int
    page_size: int
    total: int
    total_is_estimate: bool


class ErasureSearched(Struct, frozen=True):
    """Payload of customer.erasure_searched: what the erased customer was named in has been searched, to the end."""

    erasure_id: UUID


class CustomerErased(Struct, frozen=True):
    """Payload of customer.erased: whoever shows one of `ids` shows it no more."""

    erasure_id: UUID
    ids: list[UUID]
    by_name: str
