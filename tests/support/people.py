"""The people of the tests: Ada the administrator, Sven the supervisor, Aiko and Bilal the agents."""

import secrets
from functools import cache
from hashlib import sha256
from uuid import UUID

import httpx
import msgspec

from ringdesk.features.people import passwords, store
from ringdesk.features.people.models import User
from ringdesk.features.people.schemas import Team
from ringdesk.kit.clock import now
from ringdesk.kit.db import Database
from ringdesk.kit.ids import new_id

PASSWORD = "a quiet room with a view"
COOKIE = "ringdesk_session"


class People(msgspec.Struct, frozen=True):
    """Their accounts; all of them are in the team North, with the extensions 2001 (Aiko), 2002 (Bilal) and 2003 (Sven)."""

    ada: User
    sven: User
    aiko: User
    bilal: User
    team_id: UUID


@cache
def _password_hash() -> str:
    return passwords.hash_password(PASSWORD)


async def add_people(db: Database) -> People:
    """Make the four accounts; their password is PASSWORD."""
    team = Team(id=new_id(), name="North", people=0)

    def user(name: str, role: str, extension: str | None) -> User:
        return User(
            id=new_id(),
            email=f"{name.lower()}@example.com",
            name=name,
            roles=[role],
            team_id=team.id,
            team_name=team.name,
            extension=extension,
            cti_enabled=True,
            language="en",
            active=True,
            password_hash=_password_hash(),
            created_at=now(),
        )

    people = People(
        ada=user("Ada", "administrator", None),
        sven=user("Sven", "supervisor", "2003"),
        aiko=user("Aiko", "agent", "2001"),
        bilal=user("Bilal", "agent", "2002"),
        team_id=team.id,
    )
    async with db.transaction() as uow:
        await store.add_team(uow, team)
        for person in (people.ada, people.sven, people.aiko, people.bilal):
            await store.add_user(uow, person)
    return people


async def sign_in(db: Database, client: httpx.AsyncClient, user: User) -> httpx.AsyncClient:
    """Give the client a session of this user, without the time that a password takes."""
    token = secrets.token_urlsafe(32)
    async with db.transaction() as uow:
        await store.add_session(uow, token_hash=sha256(token.encode()).digest(), user_id=user.id, hours=1, address="127.0.0.1")
    client.cookies.set(COOKIE, token)
    return client
