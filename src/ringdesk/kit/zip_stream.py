"""A ZIP archive that is sent while it is made: nothing of it is on disk, and no more of it in memory than one piece."""

import asyncio
import zipfile
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from datetime import datetime
from typing import IO, Any, cast

from msgspec import Struct


class Entry(Struct, frozen=True):
    """A file of the archive; `packed` where packing it makes it smaller, which it does text, not sound."""

    name: str
    at: datetime
    pieces: AsyncIterable[bytes]
    packed: bool = False


class _Sink:
    """What zipfile writes to: a file that can't be gone back in, emptied after every piece."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._at = 0

    def write(self, data: Any) -> int:
        self._held.append(bytes(data))
        self._at += len(self._held[-1])
        return len(self._held[-1])

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def seekable(self) -> bool:
        return False

    def taken(self) -> bytes:
        held, self._held = b"".join(self._held), []
        return held


async def zip_stream(entries: Sequence[Entry]) -> AsyncIterator[bytes]:
    """The archive, piece by piece (sizes beyond 4 GB as ZIP64)."""
    sink = _Sink()
    with zipfile.ZipFile(cast("IO[bytes]", sink), "w") as archive:  # it needs no more of a file than this
        for entry in entries:
            info = zipfile.ZipInfo(entry.name, entry.at.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED if entry.packed else zipfile.ZIP_STORED
            info.external_attr = 0o600 << 16
            with archive.open(info, "w", force_zip64=True) as out:
                async for piece in entry.pieces:
                    await asyncio.to_thread(out.write, piece)
                    yield sink.taken()
            yield sink.taken()
    yield sink.taken()
