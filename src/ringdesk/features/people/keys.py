"""Use cases of API keys: made, used, revoked."""

import secrets
import time
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
# A program may send hundreds of requests a second with one key. A key that another process revokes works here for this much longer
# at most; one that this process revokes works no longer at all.
KNOWN_FOR_S = 1.0
# More keys than this in one second: begin anew rather than grow.
MOST_KNOWN = 1_000


class KeyRing:
    """Whose key is whose, remembered for a moment."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[bytes, tuple[float, Actor]] = {}

    async def actor_of(self, secret: str) -> Actor | None:
        """The program that this key belongs to, or None."""
        digest = _digest(secret)
        until, actor = self._known.get(digest, (0.0, None))
        if actor and time.monotonic() < until:
            return actor
        asked_at = time.monotonic()
        actor = await _actor_of(self._db, digest)
        if actor:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[digest] = (asked_at + KNOWN_FOR_S, actor)
        return actor

    def forget(self, key_id: UUID) -> None:
        """Ask the database again about this key: it was revoked."""
        self._known = {digest: known for digest, known in self._known.items() if known[1].key_id != key_id}


async def _actor_of(db: Database, digest: bytes) -> Actor | None:
    async with db.single() as uow:
        key = await store.key_by_hash(uow, digest)
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
