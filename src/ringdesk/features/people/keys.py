"""Use cases of API keys: made, used, revoked."""

import secrets
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import msgspec

from ringdesk.features.people import store
from ringdesk.features.people.events import Change, changed
from ringdesk.features.people.models import Actor, KeyRow
from ringdesk.features.people.rights import SCOPES, rights_of_scopes
from ringdesk.features.people.schemas import ApiKey, MadeApiKey
from ringdesk.kit.clock import now
from ringdesk.kit.db import Database
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import FieldErrors, Forbidden, NotFound

# Tells a secret scanner, and a person who finds one, what it is.
_MARK = "rdk_"


async def every(db: Database) -> list[ApiKey]:
    """Every key, newest first, revoked ones too."""
    async with db.transaction() as uow:
        return [_wire(key) for key in await store.keys(uow)]


async def create(db: Database, actor: Actor | None, *, name: str, scopes: list[str]) -> MadeApiKey:
    """Make a key. Only its digest is stored, so that what is returned can't be had again. Raises InvalidFields,
    Forbidden."""
    if actor and actor.kind == "key" and (more := sorted(set(scopes) & set(SCOPES) - actor.rights)):
        raise Forbidden(f"A key can't give another one what it lacks: {', '.join(more)}.")
    errors = FieldErrors()
    if not name.strip():
        errors.add("name", "required", "Say what the key is for.")
    if not scopes:
        errors.add("scopes", "required", f"Give at least one scope: {', '.join(SCOPES)}.")
    for scope in dict.fromkeys(scopes):
        if scope not in SCOPES:
            errors.add("scopes", "invalid_choice", f"{scope!r} is no scope; the scopes are {', '.join(SCOPES)}.")
    errors.raise_if_any()
    secret = _MARK + secrets.token_urlsafe(32)
    key = KeyRow(
        id=new_id(),
        name=name.strip(),
        prefix=secret[:10],
        scopes=sorted(set(scopes)),
        created_at=now(),
        last_used_at=None,
        revoked_at=None,
    )
    async with db.transaction() as uow:
        if not await store.add_key(uow, key, _digest(secret)):
            errors.add("name", "taken", "There is a key of this name already, perhaps a revoked one; choose another name.")
        errors.raise_if_any()
        await changed.send(uow, Change(actor=actor, action="api_key.created", entity="api_key", entity_id=key.id, after=_wire(key)))
    return MadeApiKey(key=secret, api_key=_wire(key))


async def revoke(db: Database, actor: Actor, key_id: UUID) -> None:
    """Let nobody in with this key again, and end its event streams. Raises NotFound. A second time changes nothing."""
    async with db.transaction() as uow:
        key = await store.key_by_id(uow, key_id)
        if key is None:
            raise NotFound("There is no such key.")
        if key.revoked_at is None:
            await store.revoke_key(uow, key_id)
            uow.log_event("session.ended", [f"key:{key_id}"], {})
            await changed.send(uow, Change(actor=actor, action="api_key.revoked", entity="api_key", entity_id=key_id, before=_wire(key)))


# When a key was last used is kept to the minute: a write for every request would cost more than the request.
USE_NOTED_EVERY = timedelta(minutes=1)


async def actor_of_key(db: Database, secret: str) -> Actor | None:
    """The program that this key belongs to, or None."""
    async with db.single() as uow:
        key = await store.key_by_hash(uow, _digest(secret))
        if key is None:
            return None
        if key.last_used_at is None or now() - key.last_used_at > USE_NOTED_EVERY:
            await store.touch_key(uow, key.id)
    return Actor(id=None, key_id=key.id, name=key.name, kind="key", roles=frozenset({"integration"}), rights=rights_of_scopes(key.scopes))


def _digest(secret: str) -> bytes:
    # A plain digest will do: a key is 256 random bits, nobody can guess its way back.
    return sha256(secret.encode()).digest()


def _wire(key: KeyRow) -> ApiKey:
    return msgspec.convert(key, ApiKey, from_attributes=True)
