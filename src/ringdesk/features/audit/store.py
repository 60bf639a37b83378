"""How an entry of the audit trail is written."""

from typing import Any
from uuid import UUID

import msgspec

from ringdesk.features.people import Actor, Change, changed
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.ids import new_id
from ringdesk.kit.sealed import masked_json
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


def _json(value: Any) -> str | None:
    return None if value is None else masked_json(msgspec.json.encode(value)).decode()
