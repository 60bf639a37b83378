"""Use cases of people: sign in and out, who is who, accounts."""

import secrets
from hashlib import sha256
from uuid import UUID

from ringdesk.features.people import passwords, store
from ringdesk.features.people.errors import TooManyAttempts, WrongCredentials
from ringdesk.features.people.models import Actor, SessionUser, TeamRow, User
from ringdesk.features.people.rights import ROLES, rights_of
from ringdesk.features.people.schemas import Colleague, Login, Me, TeamRef
from ringdesk.kit.clock import now
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import FieldErrors, Unauthenticated

# A shift is eight hours: a desk that nobody touched for so long was left. A day is the most that one sign-in is good for.
SESSION_IDLE_HOURS = 8.0
SESSION_HOURS = 24.0
# Ten guesses a quarter of an hour find no password that is worth the name; a person who mistypes gets there.
ATTEMPTS_PER_ACCOUNT = 10
# A whole office may sit behind one address; successes are not counted.
ATTEMPTS_PER_ADDRESS = 100
ATTEMPT_WINDOW_S = 900.0


def session_label(token_hash: bytes) -> str:
    """Names a session in events and logs without being of use to anybody."""
    return token_hash[:8].hex()


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
        wait = int(max(account_wait if by_account > ATTEMPTS_PER_ACCOUNT else 0, address_wait if by_address > ATTEMPTS_PER_ADDRESS else 0)) + 1
        raise TooManyAttempts(f"Try again in {-(-wait // 60)} minutes, or ask an administrator.", extra={"retry_after": wait})
    if not await passwords.fits(login.password, user.password_hash if user and user.active else None) or user is None:
        raise WrongCredentials("Check both and try again.")
    token = secrets.token_urlsafe(32)
    async with db.transaction() as uow:
        await store.forgive(uow, account=account_key, address=address_key)
        await store.add_session(uow, token_hash=_hash(token), user_id=user.id, hours=SESSION_HOURS, address=address)
        return token, await _me(uow, user)


async def sign_out(db: Database, token: str) -> None:
    """End the session and its streams, in every process. A token that is not one of a session changes nothing."""
    token_hash = _hash(token)
    async with db.transaction() as uow:
        if await store.end_session(uow, token_hash):
            uow.log_event("session.ended", [f"session:{session_label(token_hash)}"], {})


async def actor_of_session(db: Database, token: str) -> Actor | None:
    """Who this token belongs to, or None."""
    token_hash = _hash(token)
    async with db.transaction() as uow:
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


async def colleagues(db: Database) -> list[Colleague]:
    """The active users, by name."""
    async with db.transaction() as uow:
        found = await store.users(uow)
    return [
        Colleague(id=user.id, name=user.name, extension=user.extension, team=_team(user.team_id, user.team_name)) for user in found if user.active
    ]


async def teams(db: Database) -> list[TeamRef]:
    """Every team, by name."""
    async with db.transaction() as uow:
        return [TeamRef(team.id, team.name) for team in await store.teams(uow)]


async def create_user(
    db: Database, *, email: str, name: str, roles: list[str], password: str, extension: str | None = None, team: str | None = None, language: str = "en"
) -> UUID:
    """Make an account; a team that does not exist is made. Raises InvalidFields with everything that is wrong."""
    errors = FieldErrors()
    email, name = email.strip(), name.strip()
    if "@" not in email[1:-1]:
        errors.add("email", "invalid_email", "Give an e-mail address, such as aiko@example.com.")
    if not name:
        errors.add("name", "required", "Give the person's name.")
    for role in roles:
        if role not in ROLES:
            errors.add("roles", "invalid_choice", f"{role!r} is no role; the roles are {', '.join(ROLES)}.")
    if not roles:
        errors.add("roles", "required", f"Give at least one role: {', '.join(ROLES)}.")
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        errors.add("password", "invalid_length", f"A password has {passwords.SHORTEST} to {passwords.LONGEST} characters.")
    errors.raise_if_any()
    password_hash = await passwords.hash_in_thread(password)
    async with db.transaction() as uow:
        if await store.user_by_email(uow, email):
            errors.add("email", "taken", "Somebody has this e-mail address already.")
        if extension and any(user.active and user.extension == extension for user in await store.users(uow)):
            errors.add("extension", "taken", "Somebody has this extension already.")
        errors.raise_if_any()
        team_id = await _team_named(uow, team) if team else None
        user = User(
            id=new_id(),
            email=email,
            name=name,
            roles=sorted(set(roles)),
            team_id=team_id,
            team_name=team,
            extension=extension or None,
            cti_enabled=True,
            language=language,
            active=True,
            password_hash=password_hash,
            created_at=now(),
        )
        await store.add_user(uow, user)
    return user.id


async def _team_named(uow: UnitOfWork, name: str) -> UUID:
    if team := await store.team_by_name(uow, name):
        return team.id
    made = TeamRow(id=new_id(), name=name, wrap_up_seconds=120)
    await store.add_team(uow, made)
    return made.id


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
    )


def _hash(token: str) -> bytes:
    # A plain digest will do: a token is 256 random bits, nobody can guess its way back.
    return sha256(token.encode()).digest()
