"""Views on the wire and in the event log."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from ringdesk.features.people import TeamRef

ListName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}(?![\s\S])", description="The list that it is a view of, such as customers.")]
ViewName = Annotated[str, Meta(min_length=1, max_length=80)]
# The longest address that browsers and proxies surely take has 8,000 characters.
QueryText = Annotated[str, Meta(max_length=6_000)]


class ColumnLayout(Struct, frozen=True, forbid_unknown_fields=True):
    """One column of a list as somebody wants it; `width` in px, null: as it comes."""

    key: Annotated[str, Meta(min_length=1, max_length=80)]
    width: Annotated[int, Meta(ge=20, le=4_000)] | None = None
    hidden: bool = False


class Layout(Struct, frozen=True, forbid_unknown_fields=True):
    """The columns in their order."""

    columns: Annotated[list[ColumnLayout], Meta(max_length=200)]


class View(Struct, frozen=True, kw_only=True):
    """A saved view: search, filters and order as an address line has them (`query`), and the columns, null where it leaves them alone.

    `team`: everybody in it may use the view; null: it is its owner's alone.
    """

    id: UUID
    list: str
    name: str
    query: str
    layout: Layout | None
    owner_id: UUID
    owner_name: str
    team: TeamRef | None
    updated_at: datetime


class Views(Struct, frozen=True):
    """One's own views and those of one's team (supervisors and administrators: of every team), by name."""

    items: list[View]


class NewView(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A view to save; with `team_id` it is shared, which supervisors and administrators may do."""

    list: ListName
    name: ViewName
    query: QueryText = ""
    layout: Layout | None = None
    team_id: UUID | None = None


class ViewPatch(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What changes of a view; `team_id` null takes it back from the team."""

    name: ViewName | UnsetType = UNSET
    query: QueryText | UnsetType = UNSET
    layout: Layout | UnsetType | None = UNSET
    team_id: UUID | UnsetType | None = UNSET


class ViewChanged(Struct, frozen=True):
    """Payload of view.changed: the view as it is now, to everybody who may use it."""

    view: View


class ViewRemoved(Struct, frozen=True):
    """Payload of view.removed: it was deleted, or is shared with a team no more; `kept_by`: its owner still has it."""

    id: UUID
    kept_by: UUID | None = None
