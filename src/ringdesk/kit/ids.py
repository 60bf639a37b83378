"""Keys of rows: UUID version 7 (RFC 9562, 5.7), so that a key is also a time and new rows land side by side in an index."""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

_lock = threading.Lock()
_last = 0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id() -> UUID:
    """A new version 7 UUID; within one process every id is greater than the one before it."""
    global _last
    # 48 bits of milliseconds and 12 bits of a fraction of them (RFC 9562, 6.2, method 3), kept monotonic.
    stamp = time.time_ns() * 4096 // 1_000_000
    with _lock:
        _last = stamp = max(stamp, _last + 1)
    return _compose(stamp, int.from_bytes(os.urandom(8)) & ((1 << 62) - 1))


def first_id_at(at: datetime) -> UUID:
    """The smallest id that a row made at `at` could have: the bound of time ranges over partitioned tables."""
    return _compose(_milliseconds(at) << 12, 0)


def id_at(at: datetime) -> UUID:
    """A new id whose time is `at` (for rows that happened earlier than they are written, such as imported history)."""
    fraction = int.from_bytes(os.urandom(2)) >> 4
    return _compose(_milliseconds(at) << 12 | fraction, int.from_bytes(os.urandom(8)) & ((1 << 62) - 1))


def id_after(parent: UUID, at: datetime) -> UUID:
    """Like `id_at`, but greater than `parent`: rows of a part are looked for from the key of their whole on."""
    found = id_at(at)
    return found if found > parent else id_at(id_time(parent) + timedelta(milliseconds=1))


def id_time(value: UUID) -> datetime:
    """When the row of this id was made, aware, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=value.int >> 80)


def _milliseconds(at: datetime) -> int:
    # A clock that was never set says 1970 or earlier; keys begin there.
    return max(0, (at - _EPOCH) // timedelta(milliseconds=1))


def _compose(stamp: int, tail: int) -> UUID:
    return UUID(int=(stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | tail)
