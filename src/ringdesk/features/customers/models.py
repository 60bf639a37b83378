"""Customers as they lie in the database, and the drafts that become rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, field

from ringdesk.features.customers.schemas import Address, Confidence, CustomerKind, IdentityKind
from ringdesk.kit.fields import Reach

PHONE_SLOTS = (1, 2, 3, 4, 5)
"""phone_1 to phone_5 are the identities of kind phone at these positions; further numbers lie behind them."""


class AttributeReach(Struct, frozen=True):
    """An address that is the value of an attribute."""

    key: str
    kind: IdentityKind
    reach: Reach


class Draft(Struct, frozen=True, kw_only=True):
    """The fields of a customer that people and imports set, all valid and normalised. Made by `rules.check`."""

    kind: CustomerKind = "person"
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    phones: dict[int, Reach] = field(default_factory=dict[int, Reach])
    """By slot, 1 to 5."""
    email: Reach | None = None
    addresses: tuple[Address, ...] = ()
    preferred_language: str | None = None
    consent: dict[str, bool] = field(default_factory=dict[str, bool])
    attributes: dict[str, object] = field(default_factory=dict[str, object])
    attribute_reaches: tuple[AttributeReach, ...] = ()
    """The addresses among the attributes that a card shows."""
    external_id: str | None = None


class CustomerRecord(Struct, kw_only=True):
    """A row of `customer`; `identities` is filled by the statements that ask for them."""

    id: UUID
    number: int
    version: int
    kind: CustomerKind
    first_name: str
    last_name: str
    company_name: str
    display_name: str
    phone_1: str | None
    phone_2: str | None
    phone_3: str | None
    phone_4: str | None
    phone_5: str | None
    email: str | None
    addresses: list[Any]
    preferred_language: str | None
    consent: dict[str, bool]
    attributes: dict[str, object]
    external_id: str | None
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    last_contact_at: datetime | None
    last_contact_channel: str | None
    last_contact_agent: str | None
    identities: list[Any] = field(default_factory=list[Any])


class MatchRecord(Struct, frozen=True):
    """A row of a look-up: the columns of a summary in their order, and the identity that matched."""

    id: UUID
    number: int
    display_name: str
    kind: CustomerKind
    phone_1: str | None
    email: str | None
    city: str | None
    preferred_language: str | None
    last_contact_at: datetime | None
    version: int
    created_at: datetime
    last_contact_agent: str | None
    normalised: str
    confidence: Confidence


class IdentityRow(Struct, frozen=True):
    """An identity as it is written."""

    id: UUID
    kind: IdentityKind
    raw: str
    normalised: str
    position: int
    confidence: Confidence = "known"
    attribute: str | None = None
    """The key of the attribute that brought it."""
