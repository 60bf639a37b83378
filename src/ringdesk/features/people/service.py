"""Use cases of people: sign in and out, who is who, accounts."""

import re
import secrets
from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
import structlog

from ringdesk.features.people import passwords, store
from ringdesk.features.people.errors import TooManyAttempts, WrongCredentials
from ringdesk.features.people.events import SignedOut, preference_changed, signed_out
from ringdesk.features.people.models import Actor, SessionUser, User
from ringdesk.features.people.rights import PARTS, Part, rights_of, without_parts
from ringdesk.features.people.schemas import Colleague, Login, Me, TeamRef
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.problems import FieldErrors, Unauthenticated

log = structlog.get_logger(__name__)

# A shift is eight hours: a desk that nobody touched for so long was left. A day is the most that one sign-in is good for.
SESSION_IDLE_HOURS = 8.0
SESSION_HOURS = 24.0
# Ten guesses a quarter of an hour find no password that is worth the name; a person who mistypes gets there.
ATTEMPTS_PER_ACCOUNT = 10
# A whole office may sit behind one address; successes are not counted.
ATTEMPTS_PER_ADDRESS = 100
ATTEMPT_WINDOW_S = 900.0
# A saved list view with every column is some 4 KB; a desktop keeps a few dozen things.
LONGEST_PREFERENCE = 64 * 1024
MOST_PREFERENCES = 200
_PREFERENCE_KEY = re.compile(r"[a-z0-9._-]{1,64}")


def session_label(token_hash: bytes) -> str:
    """Names a session in events and logs without being of use to anybody."""
    return token_hash[:8].hex()


def session_topic(token_hash: bytes) -> str:
    """The topic on which the end of this session is told."""
    return f"session:{session_label(token_hash)}"


async def sign_in(db: Database, login: Login, *, address: str) -> tuple[str, Me]:
    """Start a session; its token (shown this once) and its user.

    Raises WrongCredentials and TooManyAttempts. Every attempt is counted before the password is looked at, so that
    attempts in parallel don't get more guesses; a success forgives them.
    """
    account_key = "login:account:" + sha256(login.email.strip().lower().encode()).hexdigest()
    address_key = f"login:address:{address}"
    async with db.transaction() as uow:
        by_account, account_wait = await store.count_attempt(uow, account_key, window_seconds=ATTEMPT_WINDOW_S)
        by_address, address_wait = await store.count_attempt(uow, address_key, window_seconds=ATTEMPT_WINDOW_S)
        user = await store.user_by_email(uow, login.email.strip())
    if by_account > ATTEMPTS_PER_ACCOUNT or by_address > ATTEMPTS_PER_ADDRESS:
        wait = (
            int(max(account_wait if by_account > ATTEMPTS_PER_ACCOUNT else 0, address_wait if by_address > ATTEMPTS_PER_ADDRESS else 0)) + 1
        )
        log.warning("sign_in_locked", account=account_key[-12:], address=address, wait_s=wait)
        raise TooManyAttempts(f"Try again in {-(-wait // 60)} minutes, or ask an administrator.", extra={"retry_after": wait})
    if not await passwords.fits(login.password, user.password_hash if user and user.active else None) or user is None:
        log.warning("sign_in_failed", account=account_key[-12:], address=address)
        raise WrongCredentials("Check both and try again.")
    token = secrets.token_urlsafe(32)
    if user.password_hash and passwords.outdated(user.password_hash):
        user = msgspec.structs.replace(user, password_hash=await passwords.hash_in_thread(login.password))
    async with db.transaction() as uow:
        await store.keep_password(uow, user)
        await store.forgive(uow, account=account_key, address=address_key)
        await store.add_session(uow, token_hash=_hash(token), user_id=user.id, hours=SESSION_HOURS, address=address)
        return token, await _me(uow, user)


async def sign_out(db: Database, token: str) -> None:
    """End the session and its streams, in every process. A token that is not one of a session changes nothing."""
    token_hash = _hash(token)
    async with db.transaction() as uow:
        user_id = await store.end_session(uow, token_hash)
        if user_id:
            uow.log_event("session.ended", [session_topic(token_hash)], {})
            await signed_out.send(uow, SignedOut(user_id))


async def actor_of_session(db: Database, token: str) -> Actor | None:
    """Who this token belongs to, or None."""
    token_hash = _hash(token)
    async with db.single() as uow:
        user = await store.session_user(uow, token_hash, idle_hours=SESSION_IDLE_HOURS)
        if user is None:
            return None
        if user.stale:
            await store.touch_session(uow, token_hash)
    return _actor(user, session_label(token_hash))


async def me(db: Database, actor: Actor) -> Me:
    """The signed-in person, with preferences. Raises Unauthenticated for a program, which is no person."""
    async with db.transaction() as uow:
        return await me_within(uow, actor)


async def me_within(uow: UnitOfWork, actor: Actor) -> Me:
    """Like `me`, inside a transaction of the caller."""
    user = await store.user_by_id(uow, actor.id) if actor.id else None
    if user is None:
        raise Unauthenticated("A key is no person: sign in with e-mail and password.")
    return await _me(uow, user)


async def set_preference(db: Database, actor: Actor, key: str, value: Any) -> None:
    """Remember something for the person's desktop. Raises InvalidFields for a key or value that is too much."""
    errors = FieldErrors()
    if not _PREFERENCE_KEY.fullmatch(key):
        errors.add("key", "invalid_format", "A key has 1 to 64 characters: a-z, 0-9, dot, dash, underscore.")
    if len(msgspec.json.encode(value)) > LONGEST_PREFERENCE:
        errors.add("value", "too_long", f"A preference takes at most {LONGEST_PREFERENCE // 1024} KB.")
    errors.raise_if_any()
    if actor.id is None:
        raise Unauthenticated("A key is no person: sign in with e-mail and password.")
    async with db.transaction() as uow:
        if not await store.set_preference(uow, actor.id, key, value, most=MOST_PREFERENCES):
            errors.add("key", "too_many", f"At most {MOST_PREFERENCES} preferences are remembered for one person.")
        errors.raise_if_any()
        preference_changed(uow, actor.id, key, value)


async def colleagues(db: Database) -> list[Colleague]:
    """The active users, by name."""
    async with db.transaction() as uow:
        found = await store.users(uow)
    return [
        Colleague(id=user.id, name=user.name, extension=user.extension, team=_team(user.team_id, user.team_name))
        for user in found
        if user.active
    ]


async def _me(uow: UnitOfWork, user: User) -> Me:
    return Me(
        id=user.id,
        name=user.name,
        email=user.email,
        roles=user.roles,
        extension=user.extension,
        cti_enabled=user.cti_enabled,
        team=_team(user.team_id, user.team_name),
        language=user.language,
        switched_off=shown_parts(user.roles, user.switched_off),
        preferences=await store.preferences(uow, user.id),
    )


def _team(team_id: UUID | None, name: str | None) -> TeamRef | None:
    return TeamRef(team_id, name) if team_id and name else None


def _actor(user: SessionUser, session: str) -> Actor:
    return Actor(
        id=user.id,
        name=user.name,
        kind="user",
        rights=rights_of(user.roles),
        roles=frozenset(user.roles),
        session=session,
        team_id=user.team_id,
        team_name=user.team_name,
        extension=user.extension,
        language=user.language,
        switched_off=without_parts(user.roles, user.switched_off),
    )


def shown_parts(roles: Iterable[str], switched_off: Iterable[str]) -> list[Part]:
    """The parts that somebody works without, in one order."""
    without = without_parts(roles, switched_off)
    return [part for part in PARTS if part in without]


def _hash(token: str) -> bytes:
    # A plain digest will do: a token is 256 random bits, nobody can guess its way back.
    return sha256(token.encode()).digest()
