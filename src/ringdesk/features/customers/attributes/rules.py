"""What attributes may be, and which values a card takes for them; pure (product.md 1.2)."""

from collections.abc import Mapping
from typing import Literal

from ringdesk.features.customers.attributes.schemas import Attribute, ListIndex, Privacy
from ringdesk.features.customers.models import AttributeReach
from ringdesk.kit.fields import AnyType, Email, FieldType, Phone, Reach, Refusal
from ringdesk.kit.problems import FieldErrors

MOST_SHOWN = 50

Definitions = Mapping[str, Attribute]
"""The shown attributes by key, in the order of the card."""


def index_after(known: ListIndex, *, searchable: bool, sortable: bool, anew: bool = False) -> ListIndex:
    """What an attribute that is marked so says of its index; `anew`: those there are serve it no more."""
    if not (searchable or sortable):
        return ListIndex()
    more = (searchable and not known.searchable) or (sortable and not known.sortable)
    if anew or more or known.state == "none":
        return ListIndex(searchable=searchable, sortable=sortable, state="building")
    return ListIndex(searchable=searchable, sortable=sortable, state=known.state, progress=known.progress, detail=known.detail)


def reaches(values: Mapping[str, object], definitions: Definitions, region: str) -> tuple[AttributeReach, ...]:
    """The addresses among stored values (product.md 1.2). Sensitive ones are none: they are found by their blind index (docs/adr/0017)."""
    return tuple(
        AttributeReach(key, kind, reach)
        for key, definition in definitions.items()
        if definition.privacy != "sensitive"
        and (kind := reach_kind(definition.type))
        and key in values
        and (reach := _reach(definition.type, values[key], region))
    )


def check_marks(privacy: Privacy, *, searchable: bool, sortable: bool, errors: FieldErrors) -> None:
    """Notes what the list can't do with a sensitive attribute: its index would hold the values in clear."""
    if privacy != "sensitive":
        return
    if sortable:
        errors.add("sortable", "sensitive", "Encrypted values have no order: a sensitive field can't be sorted by.")
    if searchable:
        errors.add("searchable", "sensitive", "Parts of encrypted values can't be found. The whole value always can; take the mark off.")


def reach_kind(kind: AnyType) -> Literal["phone", "email"] | None:
    """Which kind of identity the values of this type are; None: of none."""
    return "phone" if isinstance(kind, Phone) else "email" if isinstance(kind, Email) else None


def _reach(kind: FieldType, value: object, region: str) -> Reach | None:
    try:
        return kind.parse(value, region)
    except Refusal:
        # It was one when it was stored; where the deployment reads numbers anew it may be none, and then nobody is found by it.
        return None
