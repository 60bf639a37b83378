"""Which customer a row is about: the key that is compared, and what several rows and customers with one key mean (product.md 1.7). Pure."""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Literal
from uuid import UUID

from msgspec import Struct

from ringdesk.features.customers.attributes.schemas import Attribute
from ringdesk.features.customers.imports.errors import UnusableKey
from ringdesk.features.customers.imports.mapping import ATTRIBUTE
from ringdesk.features.customers.imports.schemas import OnDuplicate
from ringdesk.kit.fields import Alphanumeric15, Alphanumeric50, Email, Integer, Phone, Text

ACTIONS: tuple[OnDuplicate, ...] = ("ignore", "update", "replace", "fill")
_FIELDS = ("phone", "email", "external_id")
_COMPARABLE = (Text, Alphanumeric15, Alphanumeric50, Integer)

Outcome = Literal["new", "known", "ambiguous"]


class KeyedRow(Struct, frozen=True):
    """A row with its key values; `id` is what a customer made of it would be called, `cards` are the customers known by its values.

    `in_file`: whether one of `cards` is known by an earlier row of the file.
    """

    line: int
    id: UUID
    values: list[str]
    cards: list[UUID]
    in_file: bool = False


class Recognised(Struct, frozen=True):
    """What a row is: a new customer, a known one, or about several, which can't be decided. `cards` are they."""

    row: KeyedRow
    outcome: Outcome
    cards: list[UUID]
    in_file: bool

    @property
    def card(self) -> UUID:
        """The one customer of a new or known row."""
        return self.cards[0]


def check_key(key: str | None, on_duplicate: str | None, mapping: Mapping[str, str], attributes: Sequence[Attribute]) -> OnDuplicate:
    """What to do with duplicates by this key, `ignore` unless said. Raises UnusableKey.

    Without a key every row makes a new customer, and there are no duplicates to do something with.
    """
    action = _action(on_duplicate)
    if key is None:
        if on_duplicate is not None:
            raise UnusableKey("key", "required", f"Say by which key a duplicate is recognised: {_choices(attributes)}.")
        return "ignore"
    filled = set(mapping.values())
    if key in _FIELDS:
        if not any(field == key or field.startswith(f"{key}_") for field in filled):
            raise UnusableKey("key", "not_mapped", f"No column is mapped to {key}, the key. Map one, or choose another key.")
        return action
    one = next((one for one in attributes if ATTRIBUTE + one.key == key), None)
    if one is None:
        raise UnusableKey("key", "not_an_option", f"There is no key “{key}”. Keys are {_choices(attributes)}.")
    if isinstance(one.type, Phone | Email):
        kind = "phone" if isinstance(one.type, Phone) else "email"
        raise UnusableKey("key", "not_an_option", f"Choose {kind} as the key: it finds the values of “{one.label}” too.")
    if not isinstance(one.type, _COMPARABLE):
        raise UnusableKey(
            "key", "not_an_option", f"“{one.label}” tells nobody apart. Choose a text or a whole number: {_choices(attributes)}."
        )
    if key not in filled:
        raise UnusableKey("key", "not_mapped", f"No column is mapped to “{one.label}”, the key. Map one, or choose another key.")
    return action


def _action(value: str | None) -> OnDuplicate:
    for action in ACTIONS:
        if value in (action, None):
            return action
    raise UnusableKey("on_duplicate", "not_an_option", f"Choose one of: {', '.join(ACTIONS)}.")


def _choices(attributes: Sequence[Attribute]) -> str:
    return ", ".join([*_FIELDS, *(ATTRIBUTE + one.key for one in attributes if isinstance(one.type, _COMPARABLE))])


def recognise(rows: Iterable[KeyedRow], action: OnDuplicate, unfit: Container[int] = ()) -> list[Recognised]:
    """Every row in its order, as if each had been written before the next was looked at; those of `unfit` lines can't become customers.

    A row about several customers changes none: nothing is overwritten because a number exists (product.md 1.4).
    """
    known: dict[str, set[UUID]] = {}
    found: list[Recognised] = []
    for row in rows:
        earlier = set[UUID]().union(*(known.get(value, ()) for value in row.values))
        cards = sorted(earlier.union(row.cards))
        outcome: Outcome = "new" if not cards else "known" if len(cards) == 1 else "ambiguous"
        cards = cards or [row.id]
        found.append(Recognised(row, outcome, cards, row.in_file or bool(earlier)))
        # What is not written finds nobody.
        if (outcome == "new" and row.line not in unfit) or (outcome == "known" and action != "ignore"):
            for value in row.values:
                known.setdefault(value, set()).add(cards[0])
    return found
