"""What Asterisk itself wrote down about its calls: CEL (every event) and CDR (billing records).

The readers know nothing of Ringdesk.  Times are seconds since the epoch, to the microsecond.
"""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from tests.support.asterisk.config import CDR_FIELDS, CEL_FIELDS
from tests.support.asterisk.server import Asterisk

_T = TypeVar("_T")

# Asterisk writes a record within milliseconds of the event.
WAIT_S: Final = 10.0
# How often the files are looked at; nothing tells when a line was added.
_LOOK_AGAIN_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class CelEvent:
    """One channel event."""

    kind: str
    """CHAN_START, ANSWER, BRIDGE_ENTER, BLINDTRANSFER, HANGUP, LINKEDID_END, ..."""
    at: float
    channel: str
    """Channel name, e.g. ``PJSIP/1001-00000001``."""
    uniqueid: str
    linkedid: str
    """The same for all channels of a call; the unique id of its first channel."""
    number: str
    name: str
    extension: str
    context: str
    application: str
    data: str
    extra: dict[str, Any] = field(hash=False)

    @property
    def endpoint(self) -> str:
        """``1001`` for the channel ``PJSIP/1001-00000001``."""
        return self.channel.partition("/")[2].rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class CdrRecord:
    """One billing record: a pair of channels and how it went."""

    number: str
    dialled: str
    channel: str
    destination: str
    started_at: float
    answered_at: float | None
    ended_at: float
    disposition: str
    """ANSWERED, NO ANSWER, BUSY, FAILED or CONGESTION."""
    linkedid: str


def read_cel(path: Path) -> list[CelEvent]:
    """All events so far, in the order in which Asterisk wrote them."""
    return [
        CelEvent(
            **{key: row[key] for key in CEL_FIELDS if key not in ("at", "extra")},
            at=float(row["at"]),
            extra=json.loads(row["extra"] or "{}"),
        )
        for row in _rows(path, list(CEL_FIELDS))
    ]


def read_cdr(path: Path) -> list[CdrRecord]:
    """All billing records so far."""
    times = ("started_at", "answered_at", "ended_at")
    return [
        CdrRecord(
            **{key: row[key] for key in CDR_FIELDS if key not in times},
            started_at=float(row["started_at"]),
            # Zero stands for "never".
            answered_at=float(row["answered_at"]) or None,
            ended_at=float(row["ended_at"]),
        )
        for row in _rows(path, list(CDR_FIELDS))
    ]


async def finished_cel(pbx: Asterisk, number: str) -> list[CelEvent]:
    """The events of the last call from ``number``, once Asterisk has closed its books on it.

    Raises:
        TimeoutError: there is no such call, or it is still going on.
    """

    def finished() -> list[CelEvent] | None:
        events = read_cel(pbx.layout.cel_file)
        first = [e for e in events if e.kind == "CHAN_START" and e.number == number]
        calls = [e.linkedid for e in first if e.uniqueid == e.linkedid]
        if not calls:
            return None
        call = [e for e in events if e.linkedid == calls[-1]]
        return call if any(e.kind == "LINKEDID_END" for e in call) else None

    return await _eventually(finished)


async def finished_cdr(pbx: Asterisk, linkedid: str, *, at_least: int = 1) -> list[CdrRecord]:
    """The billing records of one call, once ``at_least`` as many are there.

    Raises:
        TimeoutError: they did not come.
    """

    def finished() -> list[CdrRecord] | None:
        records = [r for r in read_cdr(pbx.layout.cdr_file) if r.linkedid == linkedid]
        return records if len(records) >= at_least else None

    return await _eventually(finished)


async def _eventually(look: Callable[[], _T | None]) -> _T:
    async with asyncio.timeout(WAIT_S):
        while True:
            found = look()
            if found is not None:
                return found
            await asyncio.sleep(_LOOK_AGAIN_S)


def _rows(path: Path, columns: list[str]) -> list[dict[str, str]]:
    if not path.exists():
        return []
    # The last line may be half written.
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]
    return [dict(zip(columns, row, strict=True)) for row in csv.reader(lines)]
