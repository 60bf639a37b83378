"""Whether the base holds sealed values at all: most hold none, and a look-up for a ringing call asks no more than it has to."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

from ringdesk.kit.crypto import Vault
from ringdesk.kit.db import Database, UnitOfWork

# That there are none is believed so long. Where another process makes the first attribute sensitive, calls of the next second are looked
# up by clear values only; here it is known at once.
NONE_FOR_S = 1.0

_none_until: WeakKeyDictionary[Vault, float] = WeakKeyDictionary()


async def may_hold_sealed(uow: UnitOfWork) -> bool:
    """Whether a value may be sealed: an attribute is sensitive, or its values are being opened."""
    if time.monotonic() < _none_until.get(uow.vault, 0.0):
        return False
    asked_at = time.monotonic()
    held = await uow.value("select exists (select from attribute where privacy = 'sensitive' or conversion_progress is not null)")
    if not held:
        _none_until[uow.vault] = asked_at + NONE_FOR_S
    return held


@asynccontextmanager
async def seen_anew(db: Database) -> AsyncIterator[None]:
    """Attributes change in this block: afterwards the database is asked again."""
    try:
        yield
    finally:
        if db.vault:
            _none_until.pop(db.vault, None)
