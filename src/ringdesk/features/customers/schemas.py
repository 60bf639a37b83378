"""Customers on the wire (product.md 1). What comes in is validated field by field against `fields.py`, so it has no Struct here."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct, field

CustomerKind = Literal["person", "company"]
IdentityKind = Literal["phone", "email", "chat", "social"]
Confidence = Literal["known", "maybe"]
MatchReason = Literal["same_address", "unconfirmed_address", "similar_number"]


class Address(Struct, frozen=True):
    """A postal address; exactly one of a customer's addresses is `primary`. `country` is an ISO 3166 code where one was given."""

    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    primary: bool = False


class Identity(Struct, frozen=True):
    """An address at which a customer is reached or recognised.

    `value` is what was typed, `normalised` what look-up compares (E.164 or the digits of a short number; e-mail in lower case).
    `maybe` identities were seen, not confirmed. Phones at `position` 1 to 5 are phone_1 to phone_5, the e-mail at 1 is the primary one.
    `attribute` is the key of the attribute that brought it.
    """

    id: UUID
    kind: IdentityKind
    value: str
    normalised: str
    confidence: Confidence
    position: int
    attribute: str | None = None


class LastContact(Struct, frozen=True):
    """When, how and with whom a customer was last in touch (product.md 1.10)."""

    at: datetime
    channel: str
    agent_name: str | None


class CustomerSummary(Struct, frozen=True):
    """What panels, pops and choosers show of a customer."""

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


class CustomerRow(Struct, frozen=True, kw_only=True):
    """A customer in a list: everything but the identities beyond phone_1 to phone_5 and the primary e-mail."""

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
    addresses: list[Address]
    preferred_language: str | None
    consent: dict[str, bool]
    attributes: dict[str, object]
    external_id: str | None
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    last_contact: LastContact | None


class Customer(CustomerRow, frozen=True, kw_only=True):
    """A whole customer card."""

    identities: list[Identity]


class CustomerPage(Struct, frozen=True):
    """One page of the customer list. `total` is exact up to 10,000, beyond that the planner's estimate (`total_is_estimate`)."""

    items: list[CustomerRow]
    page: int
    page_size: int
    total: int
    total_is_estimate: bool


class Match(Struct, frozen=True):
    """A customer to whom an address may belong. Only `known` matches may pop without being chosen (product.md 1.10).

    `reason`: same_address (confirmed), unconfirmed_address (seen in a call or message), similar_number (only the last nine digits agree).
    """

    customer: CustomerSummary
    confidence: Confidence
    reason: MatchReason
    last_contact_at: datetime | None
    last_agent: str | None


class LookupResult(Struct, frozen=True):
    """The customers to whom an address may belong, the most recently in touch first."""

    matches: list[Match]


class CustomerChange(Struct, frozen=True):
    """Payload of customer.created, customer.changed and customer.archived: the whole card, and the fields that changed."""

    customer: Customer
    changed: list[str] = field(default_factory=list)
    by_name: str = ""


class NewIdentity(Struct, frozen=True, forbid_unknown_fields=True):
    """An address to add to a card."""

    kind: IdentityKind
    value: str
