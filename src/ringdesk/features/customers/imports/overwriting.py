"""What a row does to the customer that it is about, field by field (product.md 1.7). Pure."""

from collections.abc import Collection, Mapping
from typing import Any, Literal

from msgspec import Struct, convert, structs, to_builtins

from ringdesk.features.customers.imports import addresses, consents
from ringdesk.features.customers.imports.addresses import ADDRESS_PARTS, FURTHER_PARTS, chosen
from ringdesk.features.customers.imports.consents import CONSENT, CONSENT_FIELDS
from ringdesk.features.customers.imports.mapping import ATTRIBUTE, FULL_NAME
from ringdesk.features.customers.imports.schemas import OnDuplicate
from ringdesk.features.customers.models import PHONE_SLOTS, Draft, Reach
from ringdesk.features.customers.schemas import Address, CustomerKind

_PLAIN = ("first_name", "last_name", "company_name", "email", "preferred_language", "external_id")
_SLOT = {f"phone_{slot}": slot for slot in PHONE_SLOTS}
_ADDRESSES = frozenset({*ADDRESS_PARTS, *FURTHER_PARTS})


class FurtherReach(Struct, frozen=True):
    """An address of a row for which the card has no field."""

    kind: Literal["phone", "email"]
    reach: Reach


class Row(Struct, frozen=True):
    """A row as it was read. `name` is the whole name where a column has it, `kind` the kind where the row says one.

    `places` says which addresses the row gives, 1 the primary one; none: that one, if any.
    """

    draft: Draft
    name: str | None = None
    kind: CustomerKind | None = None
    further: tuple[FurtherReach, ...] = ()
    places: tuple[int, ...] = ()


def overwritten(base: Draft, row: Row, fields: frozenset[str], action: OnDuplicate) -> Draft:
    """The card after the row. `fields` are those that the mapping fills; all others stay.

    update: what the row says overwrites. replace: every mapped field becomes what the row says, also nothing. fill: only what the card
    lacks is taken. A number that the card has stays at its place, unless `replace` puts it at another. `attribute_reaches` are those
    of the base: the caller derives them anew.
    """
    if action == "ignore":
        return base
    values: dict[str, Any] = {}
    kind = row.kind if row.kind and action != "fill" else base.kind
    values["kind"] = kind
    for field in _PLAIN:
        if field in fields:
            values[field] = chosen(getattr(base, field), getattr(row.draft, field), action)
    if FULL_NAME in fields:
        values |= _named(base, row, kind, fields, action)
    values["phones"] = _numbers(base, row.draft, fields, action)
    if not _ADDRESSES.isdisjoint(fields):
        given = dict(zip(row.places or (1,), row.draft.addresses, strict=False))
        values["addresses"] = addresses.overwritten(base.addresses, given, fields, action)
    if not fields.isdisjoint(CONSENT_FIELDS):
        values["consent"] = consents.overwritten(base.consent, row.draft.consent, fields, action)
    values["attributes"] = _attributes(base, row.draft, fields, action)
    return structs.replace(base, **values)


def _named(base: Draft, row: Row, kind: CustomerKind, fields: frozenset[str], action: OnDuplicate) -> dict[str, Any]:
    if kind == "company" and "company_name" not in fields:
        return {"company_name": chosen(base.company_name, row.name or "", action)}
    had = base.first_name or base.last_name
    if chosen(had, row.name or "", action) == had:
        return {}
    return {"first_name": row.draft.first_name, "last_name": row.draft.last_name}


def _numbers(base: Draft, given: Draft, fields: frozenset[str], action: OnDuplicate) -> dict[int, Reach]:
    phones = dict(base.phones)
    for field, slot in _SLOT.items():
        if field not in fields:
            continue
        number = given.phones.get(slot)
        if number is None:
            if action == "replace":
                phones.pop(slot, None)
            continue
        elsewhere = [other for other, had in phones.items() if had.normalised == number.normalised and other != slot]
        if action == "replace":
            for other in elsewhere:
                del phones[other]
        elif elsewhere or (action == "fill" and slot in phones):
            continue
        phones[slot] = number
    return dict(sorted(phones.items()))


def _attributes(base: Draft, given: Draft, fields: frozenset[str], action: OnDuplicate) -> dict[str, object]:
    values = dict(base.attributes)
    for field in fields:
        if not field.startswith(ATTRIBUTE):
            continue
        key = field[len(ATTRIBUTE) :]
        new = given.attributes.get(key)
        if new is None:
            if action == "replace":
                values.pop(key, None)
        elif action != "fill" or key not in values:
            values[key] = new
    return values


# What an import changed, kept so that it can be undone field by field.


def parts_of(draft: Draft) -> dict[str, Any]:
    """The fields of a draft by their names in errors and audit, each as it can be put back; those that are empty are left out."""
    parts: dict[str, Any] = {"kind": draft.kind}
    parts |= {field: value for field in _PLAIN if (value := getattr(draft, field))}
    parts |= {f"phone_{slot}": reach for slot, reach in draft.phones.items()}
    if draft.addresses:
        # A list, as it comes back from the journal.
        parts["addresses"] = list(draft.addresses)
    parts |= {CONSENT + channel: agreed for channel, agreed in draft.consent.items()}
    parts |= {ATTRIBUTE + key: value for key, value in draft.attributes.items()}
    return to_builtins(parts)


def difference(before: Draft, after: Draft) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parts that differ, as they were and as they are; None where there was or is nothing."""
    was, now = parts_of(before), parts_of(after)
    names = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    return {name: was.get(name) for name in names}, {name: now.get(name) for name in names}


def put_back(
    current: Draft, before: Mapping[str, Any], after: Mapping[str, Any], *, taken: Collection[str] = ()
) -> tuple[Draft, list[str]]:
    """The card with every part that still is what `after` says as `before` had it, and the names of those that are something else.

    `taken` are parts that can't be put back because others have them now. So can't a number that the card has elsewhere meanwhile.
    """
    now = parts_of(current)
    kept = [name for name in before if now.get(name) != after.get(name) or name in taken]
    back = {name: value for name, value in before.items() if name not in kept}
    phones = {slot: reach for slot, reach in current.phones.items() if f"phone_{slot}" not in back}
    held = {reach.normalised for reach in phones.values()}
    for name, slot in _SLOT.items():
        if not (value := back.get(name)):
            continue
        reach = convert(value, Reach)
        if reach.normalised in held:
            kept.append(name)
            if slot in current.phones and current.phones[slot].normalised not in held:
                phones[slot] = current.phones[slot]
        else:
            phones[slot] = reach
            held.add(reach.normalised)
    values: dict[str, Any] = {"phones": dict(sorted(phones.items()))}
    for name in back:
        if name in _PLAIN or name == "kind":
            empty = None if name in ("email", "preferred_language", "external_id") else ""
            value = back[name] if back[name] is not None else empty
            values[name] = convert(value, Reach) if name == "email" and value else value
    if "addresses" in back:
        values["addresses"] = convert(back["addresses"] or (), tuple[Address, ...])
    attributes = _with_parts(current.attributes, back, ATTRIBUTE)
    consent = _with_parts(current.consent, back, CONSENT)
    return structs.replace(current, attributes=attributes, consent=consent, **values), kept


def _with_parts(current: Mapping[str, Any], back: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """The members of a field, with those that `back` names as they were; None where there was none."""
    parts = {name[len(prefix) :]: value for name, value in back.items() if name.startswith(prefix)}
    return {key: value for key, value in {**current, **parts}.items() if value is not None}
