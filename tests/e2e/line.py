"""The network between a browser and the server, which can be cut and mended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_CHUNK = 65_536


class Line:
    """A relay to the server. While it is cut nobody is answered, and every connection is broken."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.url = ""

    async def mend(self) -> None:
        """Let connections through, at the same address as before."""
        own = int(self.url.rsplit(":", 1)[1]) if self.url else 0
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", own)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def cut(self) -> None:
        """Break every connection and refuse new ones."""
        assert self._server is not None
        self._server.close()
        for writer in self._open:
            writer.transport.abort()
        await self._server.wait_closed()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind_reader, behind_writer = await asyncio.open_connection("127.0.0.1", self._port)
        ends = {writer, behind_writer}
        self._open |= ends
        await asyncio.gather(_copy(reader, behind_writer), _copy(behind_reader, writer))
        self._open -= ends


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass  # One end is gone; the other one is told by the close below.
    finally:
        writer.close()


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[Line]:
    """A working line to the server at this address."""
    line = Line(int(url.rsplit(":", 1)[1]))
    await line.mend()
    yield line
    await line.cut()
