"""Rows of the database as wire Structs and as drafts."""

from collections.abc import Collection
from typing import Any

import msgspec
from msgspec import structs

from ringdesk.features.customers.attributes import rules as attribute_rules
from ringdesk.features.customers.attributes.rules import Definitions
from ringdesk.features.customers.models import PHONE_SLOTS, CustomerRecord, Draft, IdentityRow, MatchRecord, Reach
from ringdesk.features.customers.rules import primary_city
from ringdesk.features.customers.schemas import Address, Customer, CustomerRow, CustomerSummary, Identity, LastContact, Match
from ringdesk.kit.sealed import masked

_SAME = tuple(name for name in CustomerRow.__struct_fields__ if name not in ("addresses", "last_contact"))


def row_of(record: CustomerRecord) -> CustomerRow:
    """A record as a line of the list."""
    return CustomerRow(**_fields(record))


def row_without_card(record: CustomerRecord) -> CustomerRow:
    """A record as a line of the list for a team without the card: what tells customers apart (docs/adr/0019)."""
    city = primary_city(_addresses(record))
    return structs.replace(
        row_of(record),
        phone_2=None,
        phone_3=None,
        phone_4=None,
        phone_5=None,
        addresses=[Address(city=city, primary=True)] if city else [],
        consent={},
        attributes={},
        external_id=None,
    )


def customer_of(record: CustomerRecord) -> Customer:
    """A record with its identities as a whole card."""
    return Customer(**_fields(record), identities=identities_of(record))


def identities_of(record: CustomerRecord) -> list[Identity]:
    """The identities of a record."""
    return msgspec.convert(record.identities, list[Identity], strict=False)


def as_stored(row: IdentityRow) -> Identity:
    """An identity just written, as reading it back would give it."""
    return Identity(row.id, row.kind, row.raw, row.normalised, row.confidence, row.position, row.attribute)


def draft_of(record: CustomerRecord) -> Draft:
    """The editable fields of a record with its identities: the base of an edit."""
    from_phones = {
        one.position: Reach(one.value, one.normalised)
        for one in identities_of(record)
        if one.kind == "phone" and one.confidence == "known" and one.position in PHONE_SLOTS
    }
    emails = [one for one in identities_of(record) if one.kind == "email" and one.confidence == "known" and one.position == 1]
    return Draft(
        kind=record.kind,
        first_name=record.first_name,
        last_name=record.last_name,
        company_name=record.company_name,
        phones=dict(sorted(from_phones.items())),
        email=Reach(emails[0].value, emails[0].normalised) if emails else None,
        addresses=tuple(_addresses(record)),
        preferred_language=record.preferred_language,
        consent=record.consent,
        attributes=record.attributes,
        external_id=record.external_id,
    )


def whole_draft(record: CustomerRecord, definitions: Definitions, region: str) -> Draft:
    """The base of an edit, with the addresses among its attributes."""
    return with_reaches(draft_of(record), definitions, region)


def with_reaches(draft: Draft, definitions: Definitions, region: str) -> Draft:
    """The draft with the addresses among its attributes as they are now."""
    return structs.replace(draft, attribute_reaches=attribute_rules.reaches(draft.attributes, definitions, region))


def match_of(record: MatchRecord, sure: Collection[str]) -> Match:
    """A row of a look-up on the wire; `sure` are the normalised forms that mean the address asked for without doubt."""
    summary = CustomerSummary(
        record.id,
        record.number,
        record.display_name,
        record.kind,
        record.phone_1,
        record.email,
        record.city,
        record.preferred_language,
        record.last_contact_at,
        record.version,
        record.created_at,
    )
    if record.normalised not in sure:
        return Match(summary, "maybe", "similar_number", record.last_contact_at, record.last_contact_agent)
    reason = "same_address" if record.confidence == "known" else "unconfirmed_address"
    return Match(summary, record.confidence, reason, record.last_contact_at, record.last_contact_agent)


def _fields(record: CustomerRecord) -> dict[str, Any]:
    fields = {name: getattr(record, name) for name in _SAME}
    fields["attributes"] = masked(record.attributes)
    fields["addresses"] = _addresses(record)
    fields["last_contact"] = (
        LastContact(record.last_contact_at, record.last_contact_channel or "voice", record.last_contact_agent)
        if record.last_contact_at
        else None
    )
    return fields


def _addresses(record: CustomerRecord) -> list[Address]:
    return msgspec.convert(record.addresses, list[Address])
