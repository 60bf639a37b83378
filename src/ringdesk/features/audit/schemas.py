"""The audit trail on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct


class AuditEntry(Struct, frozen=True, kw_only=True):
    """Who (`actor`; null `actor_id`: the system) did what (`action`: `wrap_up_code.changed`) to which thing.

    `name` is what the thing is called now, null where it has none or is gone.
    `entity_id` is the id, or the key of what has none; null: the kind as a whole, such as its order. `before` and `after` hold its values.
    """

    id: UUID
    at: datetime
    actor_id: UUID | None
    actor: str
    action: str
    entity: str
    entity_id: str | None
    name: str | None
    before: Any
    after: Any


class AuditPage(Struct, frozen=True):
    """One page of the trail."""

    items: list[AuditEntry]
    page: int
    page_size: int
    total: int
    total_is_estimate: bool
