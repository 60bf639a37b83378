"""Bulk edits on the wire and in the event log."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct, field

BulkState = Literal["prepared", "running", "done", "cancelled", "failed", "undoing", "undone"]


class NewBulkEdit(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to change, and of whom: either `ids`, or everybody whom a `query` finds (the list's address line, without page).

    `change` has fields of a card as a PATCH takes them: kind, company_name, preferred_language, consent (only the channels named),
    attributes (only the keys named), and archived (true or false). Null and blank clear.
    """

    change: dict[str, Any]
    ids: Annotated[list[UUID], Meta(min_length=1, max_length=10_000)] | None = None
    query: Annotated[str, Meta(max_length=6_000)] | None = None


class BulkEdit(Struct, frozen=True, kw_only=True):
    """A bulk edit and how far it is. `prepared`: `total` customers were found, and nothing was changed yet.

    `done` of them are dealt with: `changed`, `unchanged` (they had the values already), `gone` (no longer there), `refused` (the card can't
    take the change). After an undo `undone` have their earlier values back, and `kept` have one that somebody changed since.
    """

    id: UUID
    state: BulkState
    query: str | None
    change: dict[str, Any]
    total: int
    done: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    refused: int = 0
    undone: int = 0
    kept: int = 0
    detail: str | None = None
    user_id: UUID | None = None
    user_name: str = ""
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None


class BulkEdits(Struct, frozen=True):
    """The newest bulk edits."""

    items: list[BulkEdit]


class LeftAlone(Struct, frozen=True, kw_only=True):
    """A customer of whom the undo kept something: the fields that somebody changed since, as they are now."""

    customer_id: UUID
    number: int
    display_name: str
    kept: dict[str, Any]


class LeftAlonePage(Struct, frozen=True):
    """Some of them, in the order of the list; go on with `after` = `next`."""

    items: list[LeftAlone]
    next: int | None


class BulkEditChanged(Struct, frozen=True):
    """Payload of bulk_edit.changed: how far it is, and the customers that this batch changed, whom screens load anew."""

    bulk_edit: BulkEdit
    customer_ids: list[UUID] = field(default_factory=list[UUID])
