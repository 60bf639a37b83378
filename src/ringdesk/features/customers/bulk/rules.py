"""What a bulk edit may change, and what that makes of one card. Pure (product.md 1.6)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from msgspec import Struct, structs

from ringdesk.features.customers.attributes import rules as attribute_rules
from ringdesk.features.customers.attributes import sealing
from ringdesk.features.customers.attributes.rules import Definitions
from ringdesk.features.customers.fields import EDITABLE
from ringdesk.features.customers.models import Draft
from ringdesk.kit.crypto import Vault
from ringdesk.kit.definitions import collect_values
from ringdesk.kit.fields import Bool, Refusal, Refusals
from ringdesk.kit.problems import FieldErrors

PLAIN = ("kind", "company_name", "preferred_language")
"""Fields that many cards can have alike: names, numbers and addresses belong to one."""
ARCHIVED = "archived"
_MERGED = ("consent", "attributes")


class Card(Struct, frozen=True):
    """What a bulk edit sees of a card."""

    draft: Draft
    archived_at: datetime | None


def checked(change: Mapping[str, Any], definitions: Definitions, region: str, vault: Vault | None = None) -> dict[str, Any]:
    """The change as it is kept: by the names that fields have in the trail (`consent.email`, `attributes.tier`), null for what is cleared.

    Raises InvalidFields with every error. `region` (ISO 3166) reads what depends on it; `vault` seals values of sensitive attributes.
    """
    errors = FieldErrors()
    found: dict[str, Any] = {}
    for name, value in change.items():
        if name == ARCHIVED:
            found[name] = _read(f"change.{name}", Bool().parse, value, region, errors)
            if found[name] is None:
                errors.add(f"change.{name}", "required", "Write true to archive, false to bring back.")
        elif name in PLAIN:
            field = EDITABLE[name]
            found[name] = _read(f"change.{name}", field.parse, value, region, errors)
        elif name in _MERGED and not isinstance(value, dict):
            errors.add(f"change.{name}", "not_an_object", "Give an object of name and value.")
        elif name == "consent":
            found |= _consent(cast("dict[str, Any]", value), errors)
        elif name == "attributes":
            found |= _attributes(cast("dict[str, Any]", value), definitions, region, errors, vault)
        else:
            allowed = ", ".join((*PLAIN, *_MERGED, ARCHIVED))
            errors.add(f"change.{name}", "unknown_field", f"“{name}” can't be changed of many at once. Fields are {allowed}.")
    if not found and not errors.items:
        errors.add("change", "required", "Name at least one field to change.")
    errors.raise_if_any()
    return found


def current(card: Card, names: Mapping[str, Any]) -> dict[str, Any]:
    """What a card has in these fields; null where it has nothing."""
    found: dict[str, Any] = {}
    for name in names:
        if name == ARCHIVED:
            found[name] = card.archived_at is not None
        elif name in PLAIN:
            found[name] = getattr(card.draft, name)
        elif name.startswith("consent."):
            found[name] = card.draft.consent.get(name.removeprefix("consent."))
        else:
            found[name] = card.draft.attributes.get(name.removeprefix("attributes."))
    return found


def different(now: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `wanted` that are otherwise now, with the value they are to have."""
    return {name: value for name, value in wanted.items() if name not in now or now[name] != value}


def with_values(card: Card, values: Mapping[str, Any], at: datetime) -> Card:
    """The card with these values; `at` is when it was archived, if that is what they say."""
    plain = {name: value for name, value in values.items() if name in PLAIN}
    consent = _merged(card.draft.consent, values, "consent.")
    attributes = _merged(card.draft.attributes, values, "attributes.")
    archived_at = (at if values[ARCHIVED] else None) if ARCHIVED in values else card.archived_at
    return Card(structs.replace(card.draft, consent=consent, attributes=attributes, **plain), archived_at)


def _merged(base: Mapping[str, Any], values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    merged = dict(base)
    for name, value in values.items():
        if name.startswith(prefix):
            key = name.removeprefix(prefix)
            if value is None:
                merged.pop(key, None)
            else:
                merged[key] = value
    return merged


def to_undo(now: Mapping[str, Any], was: Mapping[str, Any], became: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What goes back to what it was, and what stays because it is no more what the edit made it."""
    back = {name: was[name] for name, value in became.items() if now.get(name) == value}
    kept = {name: now.get(name) for name in became if name not in back and now.get(name) != was[name]}
    return back, kept


def _consent(value: dict[str, Any], errors: FieldErrors) -> dict[str, Any]:
    given = {channel: agreed for channel, agreed in value.items() if agreed is not None}
    before = len(errors.items)
    _read("change.consent", EDITABLE["consent"].parse, given, "", errors)
    if len(errors.items) > before:
        return {}
    return {f"consent.{channel}": agreed for channel, agreed in value.items()}


def _attributes(value: dict[str, Any], definitions: Definitions, region: str, errors: FieldErrors, vault: Vault | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    below = _Below(errors)
    value = cast("dict[str, Any]", sealing.without_masks(value, definitions, {}, under="attributes", errors=below))
    checked_values = collect_values(value, definitions, under="attributes", base={}, region=region, errors=below)
    checked_values = sealing.sealed_values(checked_values, definitions, vault, region)
    for key in value:
        definition = definitions.get(key)
        if definition is None:
            continue
        if key in checked_values and attribute_rules.reach_kind(definition.type):
            errors.add(f"change.attributes.{key}", "not_alike", f"“{definition.label}” is an address: it belongs to one customer.")
        found[f"attributes.{key}"] = checked_values.get(key)
    return found


class _Below(FieldErrors):
    """Notes errors of a card as errors of the change."""

    def __init__(self, errors: FieldErrors) -> None:
        super().__init__()
        self.items = errors.items

    def add(self, field: str, code: str, message: str) -> None:
        """See FieldErrors."""
        super().add(f"change.{field}", code, message)


def _read(name: str, parse: Any, value: object, region: str, errors: FieldErrors) -> Any:
    try:
        return parse(value, region)
    except Refusal as refusal:
        errors.add(name + refusal.field, refusal.code, refusal.message)
    except Refusals as refusals:
        for refusal in refusals.items:
            errors.add(name + refusal.field, refusal.code, refusal.message)
    return None
