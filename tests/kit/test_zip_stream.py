"""A ZIP archive that is sent while it is made."""

import io
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from ringdesk.kit.zip_stream import Entry, zip_stream

AT = datetime(2026, 11, 3, 10, 12, 30, tzinfo=UTC)
PIECE = 64 * 1024


async def pieces(*contents: bytes) -> AsyncIterator[bytes]:
    for content in contents:
        yield content


async def test_what_comes_out_is_what_went_in() -> None:
    entries = [
        Entry("page 1.html", AT, pieces("<p>Åsa".encode(), b"</p>"), packed=True),
        Entry("recordings/山田.wav", AT, pieces(b"RIFF", b"\x00" * 100_000)),
        Entry("empty.wav", AT, pieces()),
    ]
    archive = zipfile.ZipFile(io.BytesIO(b"".join([piece async for piece in zip_stream(entries)])))
    assert archive.testzip() is None
    assert archive.read("page 1.html").decode() == "<p>Åsa</p>"
    assert archive.read("recordings/山田.wav") == b"RIFF" + b"\x00" * 100_000
    assert archive.read("empty.wav") == b""
    assert archive.getinfo("empty.wav").date_time == (2026, 11, 3, 10, 12, 30)


async def test_no_more_than_a_piece_is_held_however_long_a_file_is() -> None:
    async def long() -> AsyncIterator[bytes]:
        for _ in range(500):
            yield b"s" * PIECE

    largest = total = 0
    async for piece in zip_stream([Entry("long.wav", AT, long())]):
        largest, total = max(largest, len(piece)), total + len(piece)
    assert total > 500 * PIECE
    assert largest < 2 * PIECE
