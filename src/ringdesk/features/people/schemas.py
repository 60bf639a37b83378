"""What people, teams and keys look like on the wire."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta


class TeamRef(msgspec.Struct, frozen=True):
    """A team by id and name."""

    id: UUID
    name: str


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """The signed-in person."""

    id: UUID
    name: str
    email: str
    roles: list[str]
    extension: str | None
    cti_enabled: bool
    team: TeamRef | None
    language: str
    preferences: dict[str, Any]


class Session(msgspec.Struct, frozen=True):
    """Who is signed in."""

    user: Me


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request to sign in."""

    email: Annotated[str, Meta(min_length=1, max_length=320)]
    password: Annotated[str, Meta(min_length=1, max_length=256)]


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    """Another user, as everybody may see them."""

    id: UUID
    name: str
    extension: str | None
    team: TeamRef | None


class Colleagues(msgspec.Struct, frozen=True):
    """The active users."""

    items: list[Colleague]


class Teams(msgspec.Struct, frozen=True):
    """The teams."""

    items: list[TeamRef]
