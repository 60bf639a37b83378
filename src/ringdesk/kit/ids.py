"""Keys of rows: UUID version 7 (RFC 9562, 5.7), so that a key is also a time and new rows land side by side in an index."""

import os
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

_lock = threading.Lock()
_last = 0


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
    return _compose(int(at.timestamp() * 1000) << 12, 0)


def id_at(at: datetime) -> UUID:
    """A new id whose time is `at` (for rows that happened earlier than they are written, such as imported history)."""
    fraction = int.from_bytes(os.urandom(2)) >> 4
    return _compose(int(at.timestamp() * 1000) << 12 | fraction, int.from_bytes(os.urandom(8)) & ((1 << 62) - 1))


def id_time(value: UUID) -> datetime:
    """When the row of this id was made, aware, to the millisecond."""
    return datetime.fromtimestamp((value.int >> 80) / 1000, UTC)


def _compose(stamp: int, tail: int) -> UUID:
    return UUID(int=(stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | tail)
