"""Entries of the audit trail."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import sql

from ringdesk.features.audit.schemas import AuditEntry
from ringdesk.features.people import Actor, Change, changed
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.ids import new_id
from ringdesk.kit.telemetry import current_request_id


async def write(
    uow: UnitOfWork, actor: Actor | None, action: str, entity: str, entity_id: UUID | str | None, before: Any = None, after: Any = None
) -> None:
    """Note a change: `action` ("customer.changed") by `actor` (None: the system) to what `entity_id` (an id, or the key of what has none)
    names among the kind `entity`; None: to the kind as a whole, such as its order.

    `before` and `after` are Structs or plain data, None where there is none. Queued; it commits with the change itself.
    """
    await uow.send(
        "insert into audit_entry (id, actor_id, actor, action, entity, entity_id, before, after, request_id)"
        " values (%s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s)",
        [
            new_id(),
            (actor.id or actor.key_id) if actor else None,
            actor.name if actor else "Ringdesk",
            action,
            entity,
            str(entity_id) if entity_id else None,
            _json(before),
            _json(after),
            current_request_id(),
        ],
    )


@changed.subscribe
async def write_change(uow: UnitOfWork, change: Change) -> None:
    """Note what administrators do with accounts and keys."""
    await write(uow, change.actor, change.action, change.entity, change.entity_id, change.before, change.after)


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What of the trail is asked for; `before` is the id after which the page goes on (older ones)."""

    entity: str | None = None
    entity_id: str | None = None
    actor_id: UUID | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: UUID | None = None


# What a customer was under another id, before two cards became one, is their history too (docs/adr/0015).
_CLAUSES = {
    "entity": sql.SQL("entity = %(entity)s"),
    "entity_id": sql.SQL(
        "entity_id = any(array(select %(entity_id)s::text union all"
        " select old_id::text from customer_alias where customer_id = %(as_card)s::uuid))"
    ),
    "actor_id": sql.SQL("actor_id = %(actor_id)s"),
    "action": sql.SQL("action = %(action)s"),
    "since": sql.SQL("at >= %(since)s"),
    "until": sql.SQL("at < %(until)s"),
    "before": sql.SQL("id < %(before)s"),
}


async def entries(uow: UnitOfWork, wanted: AuditFilter, limit: int) -> list[AuditEntry]:
    """The entries that match, newest first, at most `limit`."""
    params = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value is not None}
    clauses = [clause for name, clause in _CLAUSES.items() if name in params]
    query = sql.SQL("select id, at, actor_id, actor, action, entity, entity_id, before, after from audit_entry where {} {}").format(
        sql.SQL(" and ").join([sql.SQL("true"), *clauses]), sql.SQL("order by id desc limit %(limit)s")
    )
    return await uow.all(AuditEntry, query, {**params, "limit": limit, "as_card": _as_id(wanted.entity_id)})


def _as_id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
