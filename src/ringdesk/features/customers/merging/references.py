"""What names a customer, so that a merge takes it along: every feature declares its own tables here. docs/adr/0015.

`tests/features/customers/merging` reads the database's catalogue and fails until a new table is declared.
"""

from collections.abc import Awaitable, Callable
from typing import LiteralString
from uuid import UUID

from msgspec import Struct

from ringdesk.kit.db import UnitOfWork

Fold = Callable[[UnitOfWork, UUID, UUID], Awaitable[None]]
"""`fold(uow, duplicate, survivor)`: what is the duplicate's becomes the survivor's."""


class Moved(Struct, frozen=True, kw_only=True):
    """Rows that belong to one customer each and may be many (interactions, requests): the column is set, the keys (uuid) are noted.

    `counted` is what a preview calls them. `hold` is a condition: rows that other transactions hold before they touch the customer, so
    a merge takes them first too (all of a long history would take as long as moving it).
    """

    table: LiteralString
    column: LiteralString = "customer_id"
    key: LiteralString = "id"
    counted: str | None = None
    hold: LiteralString | None = None


class Listed(Struct, frozen=True, kw_only=True):
    """A column of ids (uuid[]) in which customers are named among others. It needs a GIN index where the column is not empty."""

    table: LiteralString
    column: LiteralString
    key: LiteralString = "id"


class Folded(Struct, frozen=True, kw_only=True):
    """A few rows of which both cards may have one that means the same: `fold` says what becomes of them.

    Both states of every row are noted, and taken back row by row. `columns` name customers, `key` tells rows apart.
    """

    table: LiteralString
    key: tuple[LiteralString, ...]
    fold: Fold
    columns: tuple[LiteralString, ...] = ("customer_id",)


Reference = Moved | Listed | Folded
_declared: dict[tuple[str, str], Reference] = {}


def declare(*references: Reference) -> None:
    """Say that a merge takes these along. Declaring twice counts once."""
    for one in references:
        _declared[one.table, one.columns[0] if isinstance(one, Folded) else one.column] = one


def declared() -> list[Reference]:
    """Everything that was declared, in that order."""
    return list(_declared.values())


def moved() -> list[Moved]:
    """Of that, what is moved row by row."""
    return [one for one in declared() if isinstance(one, Moved)]


def listed() -> list[Listed]:
    """Of that, the columns of ids."""
    return [one for one in declared() if isinstance(one, Listed)]


def folded() -> list[Folded]:
    """Of that, what is folded."""
    return [one for one in declared() if isinstance(one, Folded)]
