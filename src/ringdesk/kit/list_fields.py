"""Values of the field types (product.md 12) as columns of a list: what each type is filtered by, sorted by, and found by which index.

The values lie in one jsonb column of the row, by the key of their definition. Whatever lies there, no expression here fails on it: an index
on it then never keeps a row from being written.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct
from psycopg import sql

from ringdesk.kit.fields import (
    Bool,
    Choice,
    Date,
    DateTime,
    DecimalNumber,
    Duration,
    FieldType,
    Integer,
    MultipleChoice,
    Phone,
    Refusal,
    TimeOfDay,
)
from ringdesk.kit.list_filters import Apart, Column, Condition, Kind, Searched, any_of, compared, items_of, span_of

SORTED_CHARACTERS = 100
"""Characters by which texts are put in order: a longer key doesn't fit an index (2,700 bytes), and nobody reads farther to compare."""


class Held(Struct, frozen=True, kw_only=True):
    """Where the values of one definition lie: `column` (jsonb) under `name`."""

    column: sql.Composable
    name: str

    @property
    def json(self) -> sql.Composable:
        """The value as jsonb; null where there is none."""
        return sql.SQL("({} -> {})").format(self.column, self.name)

    @property
    def text(self) -> sql.Composable:
        """The value as text."""
        return sql.SQL("({} ->> {})").format(self.column, self.name)

    @property
    def filled(self) -> sql.Composable:
        """That there is one."""
        return sql.SQL("({} ->> {}) is not null").format(self.column, self.name)


def field_column(
    key: str,
    kind: FieldType,
    held: Held,
    *,
    region: str,
    operators: Mapping[str, Condition] | None = None,
    not_sorted: str | None = None,
    not_filtered: str | None = None,
    apart: Apart | None = None,
) -> Column:
    """The column `key` of values of this type. `region` (ISO 3166) reads what is compared with; `operators` add to those of the type."""
    value = _value(kind, held)
    found = {word: _where_filled(word, one, held) for word, one in _operators(kind, held, value, region).items()} | dict(operators or {})
    return Column(
        key=key,
        kind=_kind(kind),
        value=value,
        order=_order(kind, held),
        filled=held.filled,
        options=kind.options if isinstance(kind, Choice) else (),
        found_in=Searched(_folded(held)) if _kind(kind) == "text" else None,
        operators=found,
        not_sorted=not_sorted,
        not_filtered=not_filtered,
        apart=apart,
    )


def sort_index(kind: FieldType, held: Held, *, key: sql.Composable, shown: sql.Composable) -> sql.Composable:
    """What an index that sorts by these values is on, from USING to WHERE. `shown` is what the list hides nothing of."""
    return sql.SQL("using btree (({}), {}) where {} and {}").format(_order(kind, held), key, shown, held.filled)


def search_index(kind: FieldType, held: Held, *, key: sql.Composable, shown: sql.Composable) -> sql.Composable | None:
    """What an index that finds these values is on; None where numbers are found by their identities."""
    if isinstance(kind, Phone):
        return None
    if isinstance(kind, MultipleChoice):
        return sql.SQL("using gin ({} jsonb_path_ops) where {}").format(held.json, held.filled)
    if _kind(kind) == "text":
        return sql.SQL("using gin ({} gin_trgm_ops) where {}").format(_folded(held), held.filled)
    return sql.SQL("using btree (({}), {}) where {} and {}").format(_value(kind, held), key, shown, held.filled)


def _where_filled(word: str, operator: Condition, held: Held) -> Condition:
    """The operator, saying what it implies: without that no index on the rows with a value is used."""
    if word in ("ne", "lacks"):
        return operator
    return lambda text: sql.SQL("({} and {})").format(held.filled, operator(text))


def _folded(held: Held) -> sql.Composable:
    return sql.SQL("fold({})").format(held.text)


def _kind(kind: FieldType) -> Kind:
    if isinstance(kind, Choice):
        return "choice"
    if isinstance(kind, Integer | Duration | DecimalNumber | Bool | MultipleChoice | Date | TimeOfDay | DateTime | Phone):
        return "own"
    return "text"


def _value(kind: FieldType, held: Held) -> sql.Composable:
    if isinstance(kind, Integer | Duration | DecimalNumber):
        return sql.SQL("json_number({})").format(held.json)
    if isinstance(kind, Date | TimeOfDay | DateTime | Bool):
        # As they are stored, the order of the texts is that of the values.
        return sql.SQL('{} collate "C"').format(held.text)
    return held.json if isinstance(kind, MultipleChoice) else held.text


OrderKind = Literal["number", "plain", "text"]
"""How values are put in order: as numbers, byte by byte as they are stored, or as people order words."""


def order_kind(kind: FieldType) -> OrderKind:
    """How values of this type are put in order."""
    if isinstance(kind, Integer | Duration | DecimalNumber):
        return "number"
    return "plain" if isinstance(kind, Date | TimeOfDay | DateTime | Bool) else "text"


def _order(kind: FieldType, held: Held) -> sql.Composable:
    if order_kind(kind) != "text":
        return _value(kind, held)
    return sql.SQL('left(sort_key({}), {}) collate "C"').format(held.text, SORTED_CHARACTERS)


def _operators(kind: FieldType, held: Held, value: sql.Composable, region: str) -> Mapping[str, Condition]:
    def read(text: str) -> Any:
        try:
            kept = kind.parse(text, region)
        except Refusal as refusal:
            raise ValueError(refusal.message) from None
        if kept is None:
            raise ValueError("Write what to compare with.")
        return kept

    match kind:
        case Integer() | Duration() | DecimalNumber():
            return compared(value, read)
        case Date() | TimeOfDay():
            return compared(value, lambda text: kind.stored(read(text)))
        case DateTime():
            return _moments(kind, value)
        case Bool():
            return {"eq": lambda text: sql.SQL("{} = {}").format(value, "true" if read(text) else "false")}
        case MultipleChoice():
            return _several(kind, held, read)
        case _:
            return {}


def _moments(kind: DateTime, value: sql.Composable) -> Mapping[str, Condition]:
    def bounds(text: str) -> tuple[str, str]:
        start, end = span_of(text)
        return kind.stored(_whole(start)), kind.stored(_whole(end))

    return {
        # To the second, as moments are kept: what comes after the last one of a day is the first one of the next.
        "eq": lambda text: (
            sql.SQL("({0} >= {1} and {0} < {2})").format(value, *bounds(text))
            if len(text) == 10
            else sql.SQL("{} = {}").format(value, bounds(text)[0])
        ),
        "gte": lambda text: sql.SQL("{} >= {}").format(value, bounds(text)[0]),
        "lte": lambda text: (
            sql.SQL("{} < {}").format(value, bounds(text)[1]) if len(text) == 10 else sql.SQL("{} <= {}").format(value, bounds(text)[0])
        ),
    }


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def _several(kind: MultipleChoice, held: Held, read: Any) -> Mapping[str, Condition]:
    def chosen(text: str) -> sql.Composable:
        return any_of([_has(held, option) for item in items_of(text) for option in read(item)])

    return {
        "contains": chosen,
        "lacks": lambda text: sql.SQL("not coalesce({}, false)").format(chosen(text)),
    }


def _has(held: Held, option: str) -> sql.Composable:
    return sql.SQL("{} @> {}::jsonb").format(held.json, msgspec.json.encode([option]).decode())
