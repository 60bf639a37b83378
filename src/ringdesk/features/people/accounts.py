"""Use cases of administrators: the accounts of people."""

from collections.abc import Collection
from uuid import UUID

import msgspec
from msgspec import UNSET

from ringdesk.features.people import passwords, store, teams
from ringdesk.features.people.errors import LastAdministrator
from ringdesk.features.people.events import Change, SignedOut, account_changed, changed, parts_changed, signed_out
from ringdesk.features.people.models import Actor, User
from ringdesk.features.people.names import checked_name
from ringdesk.features.people.rights import ROLES
from ringdesk.features.people.schemas import Account, AccountPatch, NewAccount, TeamRef
from ringdesk.features.people.service import session_topic, shown_parts
from ringdesk.kit.clock import now
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import FieldError, FieldErrors, Forbidden, NotFound


async def every(db: Database) -> list[Account]:
    """Every account, by name."""
    async with db.transaction() as uow:
        return [_account(user) for user in await store.users(uow)]


async def create_user(
    db: Database,
    *,
    email: str,
    name: str,
    roles: list[str],
    password: str,
    extension: str | None = None,
    team: str | None = None,
    language: str = "en",
) -> UUID:
    """Make an account (the command's way); a team that does not exist is made. Raises InvalidFields with everything that is wrong."""
    raw = {"email": email, "name": name, "roles": list(dict.fromkeys(roles)), "password": password, "language": language}
    raw |= {key: value for key, value in (("extension", extension), ("team", team)) if value}
    errors = FieldErrors()
    for field in msgspec.structs.fields(NewAccount):
        try:
            if field.name in raw:
                msgspec.convert(raw[field.name], field.type)
        except msgspec.ValidationError:
            errors.add(field.name, "invalid", _EXPECTED[field.name])
    errors.raise_if_any()
    return (await create(db, None, msgspec.convert(raw, NewAccount))).id


_EXPECTED = {
    "email": "Give an e-mail address, such as aiko@example.com.",
    "name": "Give the person's name (up to 200 characters).",
    "roles": f"Give at least one role; the roles are {', '.join(ROLES)}.",
    "password": f"A password has {passwords.SHORTEST} to {passwords.LONGEST} characters.",
    "extension": "An extension has 1 to 15 digits.",
    "team": "A team's name has up to 200 characters.",
    "language": "The languages are en, sv and ja.",
}


async def create(db: Database, actor: Actor | None, new: NewAccount) -> Account:
    """Make an account. Raises InvalidFields with everything that is wrong."""
    _mind_key(actor, new.roles)
    errors = FieldErrors()
    email, name = new.email.strip(), checked_name("name", new.name, errors)
    if "@" not in email[1:-1] or not email.isprintable() or any(character.isspace() for character in email):
        errors.add("email", "invalid_format", _EXPECTED["email"])
    errors.raise_if_any()
    password_hash = await passwords.hash_in_thread(new.password)
    async with db.transaction() as uow:
        await store.lock_users(uow)
        if await store.user_by_email(uow, email):
            errors.add("email", "taken", "Somebody has this e-mail address already.")
        await _check_extension(uow, new.extension, None, errors)
        errors.raise_if_any()
        team = await teams.named(uow, actor, new.team) if new.team else None
        user = User(
            id=new_id(),
            email=email,
            name=name,
            roles=sorted(set(new.roles)),
            team_id=team.id if team else None,
            team_name=team.name if team else None,
            extension=new.extension,
            cti_enabled=new.cti_enabled,
            language=new.language,
            active=True,
            password_hash=password_hash,
            created_at=now(),
            switched_off=list(team.switched_off) if team else [],
        )
        await store.add_user(uow, user)
        await changed.send(uow, Change(actor=actor, action="account.created", entity="account", entity_id=user.id, after=_account(user)))
        account_changed(uow, _account(user), shown_parts(user.roles, user.switched_off))
    return _account(user)


async def change(db: Database, actor: Actor, user_id: UUID, patch: AccountPatch) -> Account:
    """Change an account. Raises NotFound, InvalidFields, LastAdministrator.

    New roles, a new password and switching off end every session: what an open desktop may do follows at once. Whoever is signed out,
    or has no telephone any more, is logged out of it.
    """
    errors = FieldErrors()
    _mind_key(actor, patch.roles if patch.roles is not UNSET else [])
    name = checked_name("name", patch.name, errors) if patch.name is not UNSET else UNSET
    errors.raise_if_any()
    password_hash = UNSET if patch.password is UNSET else await passwords.hash_in_thread(patch.password)
    async with db.transaction() as uow:
        await store.lock_users(uow)
        before = await store.user_by_id(uow, user_id)
        if before is None:
            raise NotFound("There is no such account.")
        _mind_key(actor, before.roles)
        asked = {
            field: value for field in ("extension", "cti_enabled", "language", "active") if (value := getattr(patch, field)) is not UNSET
        }
        if name is not UNSET:
            asked["name"] = name
        if patch.roles is not UNSET:
            asked["roles"] = sorted(set(patch.roles))
        if password_hash is not UNSET:
            asked["password_hash"] = password_hash
        if patch.team is not UNSET:
            team = await teams.named(uow, actor, patch.team) if patch.team else None
            asked |= {
                "team_id": team.id if team else None,
                "team_name": team.name if team else None,
                "switched_off": team.switched_off if team else [],
            }
        after = msgspec.structs.replace(before, **asked)
        if after.active:
            # Also of one who comes back: meanwhile somebody else may sit at that telephone.
            await _check_extension(uow, after.extension, user_id, errors)
        errors.raise_if_any()
        if (
            _administers(before)
            and not _administers(after)
            and not any(_administers(user) for user in await store.users(uow) if user.id != user_id)
        ):
            detail = "Make somebody else an administrator first."
            field = "roles" if after.active else "active"
            raise LastAdministrator(detail, errors=[FieldError(field, "last_administrator", detail)])
        if after != before:
            await _write(uow, actor, before, after)
    return _account(after)


async def _write(uow: UnitOfWork, actor: Actor, before: User, after: User) -> None:
    await store.change_user(uow, after)
    signed_out_everywhere = (before.roles, before.password_hash, before.active) != (after.roles, after.password_hash, after.active)
    if signed_out_everywhere:
        for token_hash in await store.end_sessions_of(uow, after.id):
            uow.log_event("session.ended", [session_topic(token_hash)], {})
    if signed_out_everywhere or (before.extension, before.cti_enabled) != (after.extension, after.cti_enabled):
        await signed_out.send(uow, SignedOut(after.id))
    if _account(before) != _account(after):
        shown = {"before": _account(before), "after": _account(after)}
        await changed.send(uow, Change(actor=actor, action="account.changed", entity="account", entity_id=after.id, **shown))
    if before.password_hash != after.password_hash:
        await changed.send(uow, Change(actor=actor, action="account.password_set", entity="account", entity_id=after.id))
    parts = shown_parts(after.roles, after.switched_off)
    if parts != shown_parts(before.roles, before.switched_off):
        parts_changed(uow, f"desk:{after.id}")
    account_changed(uow, _account(after), parts)


async def _check_extension(uow: UnitOfWork, extension: str | None, own: UUID | None, errors: FieldErrors) -> None:
    if extension and any(user.active and user.extension == extension and user.id != own for user in await store.users(uow)):
        errors.add("extension", "taken", "Somebody has this extension already.")


def _mind_key(actor: Actor | None, roles: Collection[str]) -> None:
    """Raises Forbidden for a program that would make or become an administrator: nobody gives what they don't have."""
    if actor and actor.kind == "key" and "administrator" in roles:
        raise Forbidden("A key can neither make administrators nor change them; an administrator can.")


def _administers(user: User) -> bool:
    return user.active and "administrator" in user.roles


def _account(user: User) -> Account:
    return Account(
        id=user.id,
        email=user.email,
        name=user.name,
        roles=user.roles,
        team=TeamRef(user.team_id, user.team_name) if user.team_id and user.team_name else None,
        extension=user.extension,
        cti_enabled=user.cti_enabled,
        language=user.language,
        active=user.active,
        created_at=user.created_at,
    )
