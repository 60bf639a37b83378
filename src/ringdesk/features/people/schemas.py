"""What people, teams and keys look like on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ringdesk.features.people.rights import Part


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
    switched_off: list[Part] = []
    """The parts of the desktop that this person works without."""
    preferences: dict[str, Any]


class Session(msgspec.Struct, frozen=True):
    """Who is signed in."""

    user: Me


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request to sign in."""

    email: Annotated[str, Meta(min_length=1, max_length=320)]
    password: Annotated[str, Meta(min_length=1, max_length=256)]


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person's account, as administrators see it."""

    id: UUID
    email: str
    name: str
    roles: list[str]
    team: TeamRef | None
    extension: str | None
    cti_enabled: bool
    language: str
    active: bool
    created_at: datetime


class Accounts(msgspec.Struct, frozen=True):
    """Every account, by name."""

    items: list[Account]


Name = Annotated[str, Meta(min_length=1, max_length=200)]
RoleName = Literal["agent", "supervisor", "administrator"]
Roles = Annotated[list[RoleName], Meta(min_length=1, max_length=10)]
Extension = Annotated[str, Meta(pattern=r"^[0-9*#]{1,15}(?![\s\S])", description="An extension has 1 to 15 digits, * or #.")]
Language = Literal["en", "sv", "ja"]
Password = Annotated[str, Meta(min_length=10, max_length=256)]


class NewAccount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account to be made; a team that does not exist is made too."""

    email: Annotated[str, Meta(min_length=3, max_length=320)]
    name: Name
    roles: Roles
    password: Password
    team: Name | None = None
    extension: Extension | None = None
    cti_enabled: bool = True
    language: Language = "en"


class AccountPatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes of an account; null takes a team or an extension away."""

    name: Name | UnsetType = UNSET
    roles: Roles | UnsetType = UNSET
    password: Password | UnsetType = UNSET
    team: Name | UnsetType | None = UNSET
    extension: Extension | UnsetType | None = UNSET
    cti_enabled: bool | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of a program, without what it takes to use it; `prefix` is how it begins."""

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class ApiKeys(msgspec.Struct, frozen=True):
    """Every key, newest first."""

    items: list[ApiKey]


class NewApiKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key to be made."""

    name: Name
    scopes: Annotated[list[str], Meta(min_length=1, max_length=50)]


class MadeApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A new key; `key` is shown this once and can't be had again."""

    key: str
    api_key: ApiKey


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    """Another user, as everybody may see them."""

    id: UUID
    name: str
    extension: str | None
    team: TeamRef | None


class Colleagues(msgspec.Struct, frozen=True):
    """The active users."""

    items: list[Colleague]


SwitchedOff = Annotated[list[Part], Meta(max_length=20)]
WrapUpSeconds = Annotated[int, Meta(ge=0, le=3600)]


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """A team: how long its wrap-up time lasts at most (0: none), and how many accounts are in it, those switched off too.

    `switched_off`: the parts of the desktop that its agents work without.
    """

    id: UUID
    name: str
    wrap_up_seconds: int = 120
    people: int
    switched_off: list[Part] = []


class Teams(msgspec.Struct, frozen=True):
    """The teams, by name."""

    items: list[Team]


class NewTeam(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A team to be made."""

    name: Name
    wrap_up_seconds: WrapUpSeconds = 120
    switched_off: SwitchedOff = []


class TeamPatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes of a team; a new wrap-up time is that of calls which end from now on."""

    name: Name | UnsetType = UNSET
    wrap_up_seconds: WrapUpSeconds | UnsetType = UNSET
    switched_off: SwitchedOff | UnsetType = UNSET


class TeamsChanged(msgspec.Struct, frozen=True):
    """Payload of teams.changed: every team, by name."""

    teams: list[Team]


class AccountChanged(msgspec.Struct, frozen=True):
    """Payload of account.changed."""

    account: Account


class UserChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of desk.user_changed: what an administrator can change while the person works."""

    name: str
    extension: str | None
    cti_enabled: bool
    team: TeamRef | None
    language: str
    switched_off: list[Part] = []


class PreferenceChanged(msgspec.Struct, frozen=True):
    """Payload of desk.preference_changed: what the desktop remembers under this key now."""

    key: str
    value: Any
