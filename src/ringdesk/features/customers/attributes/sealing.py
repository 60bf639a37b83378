"""Sensitive attributes: their values are sealed as soon as they are checked, and go on sealed from there (docs/adr/0017). Pure."""

from collections.abc import Mapping
from typing import Any, cast

from ringdesk.features.customers.attributes.rules import Definitions
from ringdesk.features.customers.attributes.schemas import Attribute
from ringdesk.kit.crypto import Vault
from ringdesk.kit.fields import Refusal, stored_form
from ringdesk.kit.problems import FieldErrors
from ringdesk.kit.sealed import MASK, Sealed, index_of, is_sealed, seal, unseal

PREFIX = "attributes."


def seal_value(vault: Vault, one: Attribute, stored: object, region: str) -> Sealed:
    """The stored value of a sensitive attribute as it lies in the database."""
    return seal(vault, one.type, PREFIX + one.key, stored, region)


def open_value(vault: Vault, key: str, value: object) -> Any:
    """A stored value in clear, whether it is sealed or not."""
    return unseal(vault, PREFIX + key, value) if is_sealed(value) else value


def index_for(vault: Vault, one: Attribute, text: str, region: str) -> str:
    """The blind index of what somebody searches for. Raises ValueError with what to write instead."""
    try:
        stored = stored_form(one.type, text, region)
    except Refusal as refusal:
        raise ValueError(refusal.message) from None
    if stored is None:
        raise ValueError("Write what to compare with.")
    return index_of(vault, one.type, PREFIX + one.key, stored, region)


def sealed_values(values: Mapping[str, object], definitions: Definitions, vault: Vault | None, region: str) -> dict[str, object]:
    """The values with those of sensitive attributes sealed; those that are so already stay. `vault` may be missing where none is new."""
    found = dict(values)
    for key, one in definitions.items():
        if one.privacy == "sensitive" and key in found and not is_sealed(found[key]):
            assert vault is not None, "a sensitive value can't be kept without the keys of the installation"
            found[key] = seal_value(vault, one, found[key], region)
    return found


def without_masks(
    given: object, definitions: Definitions, had: Mapping[str, object], *, under: str, errors: FieldErrors
) -> Mapping[str, object] | object:
    """What was given without the masks that somebody was shown and sent back: they leave the values behind them as they are."""
    if not isinstance(given, dict):
        return given
    values = dict(cast("dict[str, object]", given))
    for key, value in list(values.items()):
        one = definitions.get(key)
        if value == MASK and one is not None and one.privacy == "sensitive":
            del values[key]
            if key not in had:
                errors.add(f"{under}.{key}", "masked", "This is the mask of a hidden value. Write the value itself, or leave it out.")
    return values


def in_todays_form(values: Mapping[str, object], definitions: Definitions, vault: Vault, region: str) -> dict[str, object]:
    """Values that lay in a journal, sealed or open as their attributes are today."""
    found = dict(values)
    for key, one in definitions.items():
        if key in found:
            sealed = is_sealed(found[key])
            if sealed and one.privacy != "sensitive":
                found[key] = open_value(vault, key, found[key])
            elif not sealed and one.privacy == "sensitive":
                found[key] = seal_value(vault, one, found[key], region)
    return found
