"""The smallest HTTP that a bench needs: cheap clients, so that what is measured is the server."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

HOST = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Poster:
    """One kept connection that posts JSON and waits for the answer."""

    def __init__(self, port: int, path: str, key: str) -> None:
        self._port = port
        self._head = f"POST {path} HTTP/1.1\r\nhost: {HOST}:{port}\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer."""
        reader, writer = self._streams = self._streams or await asyncio.open_connection(HOST, self._port)
        writer.write(f"{self._head}content-length: {len(body)}\r\n\r\n".encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        return int(head.split(b" ", 2)[1]), await reader.readexactly(length)

    async def close(self) -> None:
        """Hang up."""
        if self._streams:
            await hang_up(self._streams[1])


async def listen(port: int, path: str, cookie: str, heard: Callable[[bytes], None]) -> asyncio.StreamWriter:
    """Subscribe to a stream of server-sent events; `heard` gets what arrives, as it arrives. Raises RuntimeError unless it is a 200."""
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(f"GET {path} HTTP/1.1\r\nhost: {HOST}:{port}\r\ncookie: {cookie}\r\naccept: text/event-stream\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise RuntimeError(f"the stream was refused: {head[:200]!r}")

    async def pump() -> None:
        while piece := await reader.read(65_536):
            heard(piece)

    task = asyncio.create_task(pump())
    _pumps.add(task)
    task.add_done_callback(_pumps.discard)
    return writer


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close a connection, whatever state it is in."""
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


_pumps: set[asyncio.Task[None]] = set()
