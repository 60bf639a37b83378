"""Rows of users, teams, sessions and keys, and the actor of a request."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts: a signed-in person or a program with a key. `id` is the person's; `key_id` the key's; one of them is None."""

    id: UUID | None
    name: str
    kind: Literal["user", "key"]
    rights: frozenset[str]
    roles: frozenset[str] = frozenset()
    key_id: UUID | None = None
    session: str | None = None
    """Names the session in events and logs; nobody can sign in with it."""
    team_id: UUID | None = None
    team_name: str | None = None
    extension: str | None = None
    language: str = "en"
    switched_off: frozenset[str] = frozenset()
    """The parts of the desktop that this person's team does without (rights.PARTS)."""


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person's account, with the name of the team."""

    id: UUID
    email: str
    name: str
    roles: list[str]
    team_id: UUID | None
    team_name: str | None
    extension: str | None
    cti_enabled: bool
    language: str
    active: bool
    password_hash: str | None
    created_at: datetime
    switched_off: list[str] = []
    """What the team has switched off."""


class SessionUser(msgspec.Struct, frozen=True, kw_only=True):
    """What a session's token says: whose it is, and whether it was seen lately."""

    id: UUID
    name: str
    roles: list[str]
    team_id: UUID | None
    team_name: str | None
    extension: str | None
    language: str
    stale: bool
    switched_off: list[str]


class KeyRow(msgspec.Struct, frozen=True, kw_only=True):
    """An API key without its secret."""

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
