"""Decisions about customers: what a card is called, how it is ordered and found, which identities its fields make. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from ringdesk.features.customers.models import PHONE_SLOTS, Draft, Reach
from ringdesk.features.customers.schemas import Address, CustomerKind
from ringdesk.kit.folding import fold, is_cjk, sort_key

UNKNOWN = "Unknown customer"
_NO_DIGITS = re.compile(r"\D+")


class Derived(Struct, frozen=True):
    """What the row of a customer keeps beside its fields, so that lists sort and search without looking elsewhere."""

    display_name: str
    sort_name: str
    search_text: str
    city: str | None


def display_name(draft: Draft) -> str:
    """What a card is called: the name, else the e-mail, else a phone, else "Unknown customer" (product.md 1.1)."""
    return (
        name_of(draft.kind, draft.first_name, draft.last_name, draft.company_name)
        or (draft.email.raw if draft.email else "")
        or next((draft.phones[slot].raw for slot in PHONE_SLOTS if slot in draft.phones), "")
        or UNKNOWN
    )


def name_of(kind: CustomerKind, first_name: str, last_name: str, company_name: str) -> str:
    """The name in the order in which it is written: family name first in Japanese and Chinese script; "" without any."""
    parts = (last_name, first_name) if is_cjk(first_name + last_name) else (first_name, last_name)
    person = " ".join(part for part in parts if part)
    return (company_name or person) if kind == "company" else (person or company_name)


def derive(draft: Draft, further: Iterable[Reach] = ()) -> Derived:
    """Everything that follows from the fields; `further` are the card's identities that no field shows."""
    name = display_name(draft)
    return Derived(name, sort_key(name), search_text(draft, further), primary_city(draft.addresses))


def search_text(draft: Draft, further: Iterable[Reach] = ()) -> str:
    """What quick search looks into: names, numbers and e-mail addresses, folded (product.md 1.6)."""
    names = (draft.first_name, draft.last_name, draft.company_name)
    words = [fold(name) for name in names if name]
    if is_cjk(draft.first_name + draft.last_name):
        # Written without a blank between them as often as with one.
        words.append(fold(draft.last_name + draft.first_name))
    in_attributes = (one.reach for one in draft.attribute_reaches)
    reaches = [*draft.phones.values(), *([draft.email] if draft.email else []), *in_attributes, *further]
    for reach in reaches:
        words += searchable(reach)
    return " ".join(dict.fromkeys(words))


def searchable(reach: Reach) -> list[str]:
    """The forms in which an address is found: normalised, and the digits as typed where they differ (070... beside +4670...)."""
    if not reach.normalised.lstrip("+").isdigit():
        return [fold(reach.normalised)]
    digits = digits_of(reach.raw if reach.raw.isascii() else fold(reach.raw))
    return [reach.normalised] if digits in reach.normalised else [reach.normalised, digits]


_NUMBER_PART = re.compile(r"[+(]?[\d()/.\-]*\d[\d()/.\-]*")


def search_fragments(q: str) -> list[str]:
    """What must all be found for a quick search: words, and numbers however they are grouped (`070-174 06 05` is one fragment)."""
    fragments: list[str] = []
    number = ""
    for word in fold(q).split():
        if _NUMBER_PART.fullmatch(word):
            number += word
            continue
        fragments += [searched_digits(number)] if number else []
        number = ""
        fragments.append(word)
    fragments += [searched_digits(number)] if number else []
    return list(dict.fromkeys(fragments))


def searched_digits(text: str) -> str:
    """The digits of a number, or of part of one, that every way of writing it has: no +, no 00, no trunk 0; "" without digits."""
    digits = digits_of(text)
    without_prefix = digits.removeprefix("00") if digits.startswith("00") else digits.removeprefix("0")
    # Of a short fragment the 0 may be all there is to look for.
    return without_prefix if len(without_prefix) >= 3 and not text.strip().startswith("+") else digits


def digits_of(text: str) -> str:
    """The digits of a number however it was written."""
    return _NO_DIGITS.sub("", text)


def primary_city(addresses: Iterable[Address]) -> str | None:
    """The city of the primary address, or None."""
    return next((address.city for address in addresses if address.primary and address.city), None)


def field_values(draft: Draft) -> dict[str, Any]:
    """The fields of a draft by their names in errors (`attributes.KEY`), in the order of the card."""
    return {
        "kind": draft.kind,
        "first_name": draft.first_name,
        "last_name": draft.last_name,
        "company_name": draft.company_name,
        **{f"phone_{slot}": draft.phones[slot].raw if slot in draft.phones else None for slot in PHONE_SLOTS},
        "email": draft.email.raw if draft.email else None,
        "addresses": list(draft.addresses),
        "preferred_language": draft.preferred_language,
        "consent": draft.consent,
        **{f"attributes.{key}": value for key, value in draft.attributes.items()},
        "external_id": draft.external_id,
    }


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The fields whose value differs, in the order of the card; beside {} those that hold something."""
    if not before:
        return [name for name, value in after.items() if value not in (None, "", [], {})]
    return [name for name in {**after, **before} if before.get(name) != after.get(name)]
