"""The columns of a list and what they can be filtered by: each operator is a function from a value to a condition (product.md 1.6)."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct
from psycopg import sql

from ringdesk.kit.folding import fold

MOST_VALUES = 200
"""Values of one `in`."""
_GREATEST_NUMBER = 2**63 - 1
# Three letters or digits, or fewer where the fragment itself shows that a word begins or ends there (pg_trgm pads words with blanks).
_HAS_TRIGRAM = re.compile(r"[^\W_]{3}|[\W_][^\W_]|[^\W_]{2}[\W_]")
# What stands before a word in names, numbers and mail addresses; in other scripts than the Latin one only the first and the last of these.
_BEFORE_WORDS = " @.+-"
IN_MOST = 0.3
"""A fragment that more of the texts have than this is not looked for in the index: reading where it is takes longer than looking at what
else was asked for leaves."""
LONGEST_LOOKED_FOR = 6
"""Characters of a fragment that an index is asked for; the rest is seen in the few texts that have those. Each further one is another list
of rows to read, and four trigrams are rare together."""

Kind = Literal["text", "number", "instant", "choice", "phone", "flags", "own"]
"""What is compared how. `own`: the column brings all its operators."""
Condition = Callable[[str], sql.Composable]
"""The condition that a checked value makes; ValueError, with what to write instead, for a value that can't be compared."""


class Apart(Struct, frozen=True, kw_only=True):
    """Where else the rows of a list that have a value in a column are found in its order, with less to read: while nothing but what the
    list hides narrows it. `key` is what the list's key is there; `order` what that order is there, None: what it is in the list itself,
    whose `source` then names this one.
    """

    source: sql.Composable
    key: sql.Composable
    conditions: tuple[sql.Composable, ...]
    order: sql.Composable | None = None


class Searched(Struct, frozen=True):
    """A folded, trigram-indexed column, and some of the texts in it: by them what is common is told from what is rare."""

    column: sql.Composable
    texts: tuple[str, ...] = ()

    def looked_for(self, folded: str) -> str | None:
        """The part of a fragment to look for in the index: the rarest of it; None: nearly every text has it."""
        if not self.texts:
            return folded
        ends = range(LONGEST_LOOKED_FOR, len(folded) + 1)
        parts = [part for end in ends if _HAS_TRIGRAM.search(part := folded[end - LONGEST_LOOKED_FOR : end])] or [folded]
        found = {folded[at : at + 3]: 0 for at in range(len(folded) - 2)}
        for text in self.texts:
            for trigram in found:
                found[trigram] += trigram in text
        # The lists of rows that the index would read.
        part = min(parts, key=lambda part: sum(found[part[at : at + 3]] for at in range(len(part) - 2)))
        return None if sum(part in text for text in self.texts) > IN_MOST * len(self.texts) else part


class Column(Struct, frozen=True, kw_only=True):
    """One column of a list.

    `value` is what filters compare, `order` what the list sorts by (None: not sortable; it needs an index (order, key)). `filled` says in
    SQL whether the row has a value: rows without one come last both ways. None: every row has one. `found_in` holds this
    value among others, with blanks between them: text filters look there first. `operators` adds to, or replaces,
    those of the kind. `not_sorted` and `not_filtered` refuse that for now and say what to do about it. `apart`: see there.
    """

    key: str
    kind: Kind
    value: sql.Composable
    order: sql.Composable | None = None
    filled: sql.Composable | None = None
    options: tuple[str, ...] = ()
    found_in: Searched | None = None
    operators: Mapping[str, Condition] = {}
    not_sorted: str | None = None
    not_filtered: str | None = None
    apart: Apart | None = None


def operators_of(column: Column) -> dict[str, Condition]:
    """The operators that a column takes, by their word on the wire."""
    found = _OPERATORS[column.kind](column)
    if filled := column.filled:
        found["empty"] = lambda text: sql.SQL("not ({})").format(filled) if _true(text) else filled
    return found | dict(column.operators)


def _text_operators(column: Column) -> dict[str, Condition]:
    # Compared byte by byte, as indexes on it are: no locale then comes between a text and what begins with it.
    value = sql.SQL('fold({}) collate "C"').format(column.value)

    def begins(folded: str) -> sql.Composable | None:
        return _begins(column.found_in, folded) if column.found_in and folded[:1].isalnum() else None

    def eq(text: str) -> sql.Composable:
        return _with_index(column, begins(fold(text)), sql.SQL("{} = {}").format(value, fold(text)))

    def starts(text: str) -> sql.Composable:
        start = fold(text)
        return _with_index(column, begins(start), begins_with(value, start))

    def part(text: str) -> sql.Composable:
        folded = fold(text)
        part = column.found_in.looked_for(folded) if column.found_in and _HAS_TRIGRAM.search(folded) else None
        found = _like(column.found_in.column, f"%{escape_like(part)}%") if column.found_in and part else None
        return _with_index(column, found, sql.SQL("strpos({}, {}) > 0").format(value, folded))

    return {
        "eq": eq,
        "ne": lambda text: sql.SQL("{} is distinct from {}").format(value, fold(text)),
        "contains": part,
        "starts": starts,
        "in": either(eq),
    }


def _number_operators(column: Column) -> dict[str, Condition]:
    return compared(column.value, _whole_number)


def _instant_operators(column: Column) -> dict[str, Condition]:
    def span(text: str) -> tuple[datetime, datetime]:
        return span_of(text)

    return {
        "eq": lambda text: sql.SQL("{0} >= {1} and {0} < {2}").format(column.value, *span(text)),
        "gte": lambda text: sql.SQL("{} >= {}").format(column.value, span(text)[0]),
        "lte": lambda text: sql.SQL("{} < {}").format(column.value, span(text)[1]),
    }


def _choice_operators(column: Column) -> dict[str, Condition]:
    def option(text: str) -> str:
        if text not in column.options:
            raise ValueError(f"Choose one of: {', '.join(column.options)}.")
        return text

    return {
        "eq": lambda text: sql.SQL("{} = {}").format(column.value, option(text)),
        "ne": lambda text: sql.SQL("{} is distinct from {}").format(column.value, option(text)),
        "in": lambda text: any_of([sql.SQL("{} = {}").format(column.value, option(item)) for item in items_of(text)]),
    }


_OPERATORS: dict[Kind, Callable[[Column], dict[str, Condition]]] = {
    "text": _text_operators,
    "number": _number_operators,
    "instant": _instant_operators,
    "choice": _choice_operators,
    # What numbers and flags are compared with is known only to the list itself: it brings its operators.
    "phone": lambda _: {},
    "flags": lambda _: {},
    "own": lambda _: {},
}


def escape_like(text: str) -> str:
    """`text` as a literal part of a LIKE pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def contains(searched: Searched, folded: str) -> sql.Composable:
    """That a text has this folded fragment in it. One LIKE each: LIKE ALL (array) misses the trigram index."""
    has_it = sql.SQL("strpos({}, {}) > 0").format(searched.column, folded)
    # For a pattern without a whole trigram PostgreSQL reads all of a trigram index, ten times the work of reading the table.
    part = searched.looked_for(folded) if _HAS_TRIGRAM.search(folded) else None
    if part is None:
        return has_it
    found = _like(searched.column, f"%{escape_like(part)}%")
    return found if part == folded else sql.SQL("({} and {})").format(found, has_it)


def mentions(searched: Searched, folded: str) -> sql.Composable:
    """What quick search means by a fragment: anywhere in the text; one or two characters only where a word begins.

    The beginning of a word is a trigram with its blanks, so the index finds even a single letter.
    """
    if not _is_short(folded):
        return contains(searched, folded)
    if folded.isascii():
        # One look into the index; of other characters PostgreSQL makes no trigrams here, and would read all of it.
        return sql.SQL("{} ~ {}").format(searched.column, f"(^|[{_BEFORE_WORDS}]){folded}")
    return any_of([_like(searched.column, f"{folded}%"), *(_like(searched.column, f"%{mark}{folded}%") for mark in _marks(folded))])


def mentioned(text: str, folded: str) -> bool:
    """Whether `mentions` holds for a text."""
    if not _is_short(folded):
        return folded in text
    return text.startswith(folded) or any(f"{mark}{folded}" in text for mark in _marks(folded))


def _is_short(folded: str) -> bool:
    return len(folded) <= 2 and folded.isalnum()


def _marks(folded: str) -> str:
    return _BEFORE_WORDS if folded.isascii() else _BEFORE_WORDS[0] + _BEFORE_WORDS[-1]


def _begins(searched: Searched, folded: str) -> sql.Composable | None:
    """That a value of its own begins with this text in a column that holds several with blanks between them; None: nearly all do."""
    if searched.looked_for(folded) is None:
        return None
    start = escape_like(folded)
    return any_of([_like(searched.column, f"{start}%"), _like(searched.column, f"% {start}%")])


def _with_index(column: Column, found: sql.Composable | None, condition: sql.Composable) -> sql.Composable:
    """The condition beside what it implies and what lets the planner use an index: where else the text is, and that there is a value."""
    parts = [part for part in (column.filled, found, condition) if part]
    return sql.SQL("({})").format(sql.SQL(" and ").join(parts))


def _like(value: sql.Composable, pattern: str) -> sql.Composable:
    return sql.SQL("{} like {}").format(value, pattern)


def begins_with(value: sql.Composable, start: str) -> sql.Composable:
    """That a value begins with this text, as a range, which an index on it can walk.

    `value` has the collation "C": its order of bytes is that of characters, and U+10FFFF is the last of them.
    """
    return sql.SQL("({0} >= {1} and {0} < {2})").format(value, start, start + "\U0010ffff")


def reference(key: str, value: sql.Composable, *, empties: bool = False) -> Column:
    """A column that holds the id of something; `empties`: rows may have none."""

    def eq(text: str) -> sql.Composable:
        try:
            return sql.SQL("{} = {}").format(value, UUID(text.strip()))
        except ValueError:
            raise ValueError("Write the id.") from None

    return Column(
        key=key,
        kind="own",
        value=value,
        filled=sql.SQL("{} is not null").format(value) if empties else None,
        operators={"eq": eq, "in": either(eq)},
    )


def any_of(conditions: list[sql.Composable]) -> sql.Composable:
    """That one of these holds."""
    return sql.SQL("({})").format(sql.SQL(" or ").join(conditions))


def either(eq: Condition) -> Condition:
    """The operator `in` of what has `eq`: that one of several values with commas between them is equal."""
    return lambda text: any_of([eq(item) for item in items_of(text)])


def exactly(key: str, value: sql.Composable, *, filled: sql.Composable | None = None) -> Column:
    """A column of words that programs give, compared as they are; `value` has the collation "C"."""

    def eq(text: str) -> sql.Composable:
        return sql.SQL("{} = {}").format(value, text.strip())

    return Column(
        key=key,
        kind="own",
        value=value,
        filled=filled,
        operators={"eq": eq, "starts": lambda text: begins_with(value, text.strip()), "in": either(eq)},
    )


def items_of(text: str) -> list[str]:
    """The values of an `in`. Raises ValueError when there are none, or too many."""
    items = [item.strip() for item in text.split(",") if item.strip()]
    if not 1 <= len(items) <= MOST_VALUES:
        raise ValueError(f"Give 1 to {MOST_VALUES} values with commas between them.")
    return items


def compared(value: sql.Composable, read: Callable[[str], object]) -> dict[str, Condition]:
    """The operators of values that have an order: `read` makes what is compared of a text, or raises ValueError."""

    def compare(operator: sql.SQL) -> Condition:
        return lambda text: sql.SQL("{} {} {}").format(value, operator, sql.Literal(read(text)))

    return {
        "eq": compare(sql.SQL("=")),
        "ne": compare(sql.SQL("is distinct from")),
        "gte": compare(sql.SQL(">=")),
        "lte": compare(sql.SQL("<=")),
        "in": lambda text: any_of([sql.SQL("{} = {}").format(value, sql.Literal(read(item))) for item in items_of(text)]),
    }


def _true(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("Write true or false.")
    return text == "true"


def _whole_number(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise ValueError("Write a whole number.") from None
    if abs(number) > _GREATEST_NUMBER:
        raise ValueError("This number is too large.")
    return number


def span_of(text: str) -> tuple[datetime, datetime]:
    """A day (UTC) or an instant as [first moment, first moment after]."""
    try:
        if len(text) == 10:
            start = datetime.combine(date.fromisoformat(text), time(), UTC)
            return start, start + timedelta(days=1)
        at = datetime.fromisoformat(text)
        # PostgreSQL knows no zones sixteen hours away, which the standard allows.
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        return at, at + timedelta(microseconds=1)
    except (ValueError, OverflowError):
        raise ValueError("Write a date or a time, such as 2026-11-22 or 2026-11-22T09:30:00Z.") from None
