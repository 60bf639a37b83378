"""What attributes may be, and which values a card takes for them; pure (product.md 1.2)."""

import re
from collections.abc import Mapping
from typing import Literal, cast

from ringdesk.features.customers.attributes.schemas import Attribute
from ringdesk.features.customers.models import AttributeReach
from ringdesk.kit.definitions import KEY, KEY_LIMIT
from ringdesk.kit.fields import AnyType, Choice, Email, FieldType, MultipleChoice, Phone, Reach, Refusal, checked_line, stored_form
from ringdesk.kit.folding import fold
from ringdesk.kit.problems import FieldErrors

MOST_SHOWN = 50
MOST_OPTIONS = 200
"""Options of a choice: more is a table of its own, and nobody reads so long a list."""
LABEL_LIMIT, HELP_LIMIT, OPTION_LIMIT = 100, 500, 100
_NO_KEY = re.compile(r"[^a-z0-9]+")

Definitions = Mapping[str, Attribute]
"""The shown attributes by key, in the order of the card."""


def key_of(label: str) -> str:
    """A key made of a label; "attribute" where the label has no letters of the Latin alphabet."""
    key = _NO_KEY.sub("_", fold(label)).strip("_")[:KEY_LIMIT].rstrip("_")
    return key if KEY.fullmatch(key) else f"attribute_{key}"[:KEY_LIMIT].rstrip("_")


def free_key(label: str, taken: set[str]) -> str:
    """A key for this label that no attribute has."""
    key = key_of(label)
    number = 2
    free = key
    while free in taken:
        free = f"{key[:36]}_{number}"
        number += 1
    return free


def checked_label(value: str, errors: FieldErrors) -> str:
    """`value` as the name of a field."""
    before = len(errors.items)
    label = checked_line("label", value, LABEL_LIMIT, errors)
    if not label and len(errors.items) == before:
        errors.add("label", "required", "Write what the field is called.")
    return label


def checked_type(kind: AnyType, errors: FieldErrors) -> AnyType:
    """`kind` with its options cleaned."""
    if not isinstance(kind, Choice | MultipleChoice):
        return kind
    options: list[str] = []
    for place, option in enumerate(kind.options):
        line = checked_line(f"type.options[{place}]", option, OPTION_LIMIT, errors)
        if ";" in line:
            errors.add(f"type.options[{place}]", "semicolon", "An option can't hold a semicolon: files have it between options.")
        elif line and line.casefold() in {known.casefold() for known in options}:
            errors.add(f"type.options[{place}]", "repeated", f"“{line}” stands twice.")
        elif line:
            options.append(line)
    if not options:
        errors.add("type.options", "required", "Give at least one option.")
    elif len(options) > MOST_OPTIONS:
        errors.add("type.options", "too_many", f"A choice has at most {MOST_OPTIONS} options; this has {len(options)}.")
    return Choice(options=tuple(options)) if isinstance(kind, Choice) else MultipleChoice(options=tuple(options))


def collect_values(
    given: object, definitions: Definitions, *, base: Mapping[str, object] | None, region: str, errors: FieldErrors
) -> dict[str, object]:
    """The stored values of a card after `given` (attribute key to value, null clears) on top of `base`; None: a new card.

    A new card needs every required attribute; an edit only can't clear one, so that cards from before it was required stay editable.
    """
    values = dict(base or {})
    if given is not None and not isinstance(given, dict):
        errors.add("attributes", "not_an_object", "Give an object of attribute key and value.")
        return values
    for key, value in cast("dict[str, object]", given or {}).items():
        definition = definitions.get(key)
        if definition is None:
            errors.add(f"attributes.{key}", "unknown_attribute", f"No attribute has the key “{key}”. {_known(definitions)}")
            continue
        try:
            stored = stored_form(definition.type, value, region)
        except Refusal as refusal:
            errors.add(f"attributes.{key}{refusal.field}", refusal.code, refusal.message)
            continue
        if stored is not None:
            values[key] = stored
        elif definition.required and base is not None:
            errors.add(f"attributes.{key}", "required", f"“{definition.label}” is needed.")
        else:
            values.pop(key, None)
    if base is None:
        for key, definition in definitions.items():
            if definition.required and key not in values and not any(item.field == f"attributes.{key}" for item in errors.items):
                errors.add(f"attributes.{key}", "required", f"“{definition.label}” is needed.")
    return values


def reaches(values: Mapping[str, object], definitions: Definitions, region: str) -> tuple[AttributeReach, ...]:
    """The addresses among stored values (product.md 1.2)."""
    return tuple(
        AttributeReach(key, kind, reach)
        for key, definition in definitions.items()
        if (kind := reach_kind(definition.type)) and key in values and (reach := _reach(definition.type, values[key], region))
    )


def reach_kind(kind: AnyType) -> Literal["phone", "email"] | None:
    """Which kind of identity the values of this type are; None: of none."""
    return "phone" if isinstance(kind, Phone) else "email" if isinstance(kind, Email) else None


def _reach(kind: FieldType, value: object, region: str) -> Reach | None:
    try:
        return kind.parse(value, region)
    except Refusal:
        # It was one when it was stored; where the deployment reads numbers anew it may be none, and then nobody is found by it.
        return None


def _known(definitions: Definitions) -> str:
    return f"Attributes are {', '.join(definitions)}." if definitions else "An administrator can add attributes."
