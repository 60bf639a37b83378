"""What people publish inside their transactions."""

from typing import Any
from uuid import UUID

import msgspec

from ringdesk.features.people.models import Actor
from ringdesk.kit.signals import Signal


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Something about an account or a key has changed. `before` and `after` hold no secret."""

    actor: Actor | None
    action: str
    entity: str
    entity_id: UUID
    before: Any = None
    after: Any = None


class SignedOut(msgspec.Struct, frozen=True):
    """A person ended their own session."""

    user_id: UUID


changed: Signal[Change] = Signal()
signed_out: Signal[SignedOut] = Signal()
