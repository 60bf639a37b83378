"""A bare Manager Interface client for the rig: sign in, send an action, wait for an event.

It shares nothing with Ringdesk's own connector, so that a fault there cannot hide itself here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

Message = dict[str, str]

# The PBX answers an action in milliseconds; the rest is for a machine with both cores busy.
ACTION_TIMEOUT_S: Final = 10.0
EVENT_TIMEOUT_S: Final = 20.0


class ManagerRefused(RuntimeError):
    """The PBX answered an action with an error."""


class ManagerWatch:
    """One signed-in Manager connection that keeps every event it saw."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.events: list[Message] = []
        self._reader = reader
        self._writer = writer
        self._next_id = 0
        self._news = asyncio.Condition()
        self._responses: dict[str, Message] = {}
        self._closed = False
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def connect(cls, *, port: int, user: str, secret: str) -> ManagerWatch:
        """Sign in.

        Raises:
            OSError: nobody listens on the port.
            ManagerRefused: somebody else's PBX, or a wrong secret.
        """
        # The largest message of a busy PBX is far below this; the default of 64 KiB is too near.
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        try:
            banner = await asyncio.wait_for(reader.readline(), ACTION_TIMEOUT_S)
            if not banner.startswith(b"Asterisk Call Manager/"):
                raise ManagerRefused(f"unexpected banner {banner!r}")
        except BaseException:
            writer.close()
            raise
        watch = cls(reader, writer)
        try:
            await watch.action("Login", Username=user, Secret=secret, Events="on")
        except BaseException:
            await watch.close()
            raise
        return watch

    @property
    def local_port(self) -> int:
        """The port from which this connection comes: tells it from others in security events."""
        return self._writer.get_extra_info("sockname")[1]

    async def action(self, name: str, **fields: str) -> Message:
        """Send one action and return its response.

        Raises:
            ManagerRefused: the response is an error, or the connection closed.
        """
        self._next_id += 1
        action_id = f"rig-{self._next_id}"
        lines = [f"Action: {name}", f"ActionID: {action_id}"]
        lines += [f"{key}: {value}" for key, value in fields.items()]
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        await self._writer.drain()
        async with asyncio.timeout(ACTION_TIMEOUT_S), self._news:
            await self._news.wait_for(lambda: action_id in self._responses or self._closed)
        response = self._responses.pop(action_id, {"Message": "the connection closed"})
        if response.get("Response") not in ("Success", "Goodbye"):
            raise ManagerRefused(f"{name}: {response.get('Message', response)}")
        return response

    async def event(
        self,
        name: str,
        *,
        where: Callable[[Message], bool] = lambda _: True,
        timeout_s: float = EVENT_TIMEOUT_S,
    ) -> Message:
        """Return the first event of this name (seen already or yet to come) that ``where`` accepts.

        Raises:
            TimeoutError: no such event came in time.
        """

        def found() -> Message | None:
            return next((e for e in self.events if e.get("Event") == name and where(e)), None)

        async with asyncio.timeout(timeout_s), self._news:
            await self._news.wait_for(lambda: found() is not None or self._closed)
        event = found()
        if event is None:
            raise TimeoutError(f"the Manager connection closed before {name} came")
        return event

    async def closed(self, *, timeout_s: float = EVENT_TIMEOUT_S) -> None:
        """Wait until the PBX has closed the connection."""
        async with asyncio.timeout(timeout_s), self._news:
            await self._news.wait_for(lambda: self._closed)

    async def close(self) -> None:
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading
        self._writer.close()
        # A PBX that was killed has reset the connection; there is nothing left to flush.
        with suppress(OSError):
            await self._writer.wait_closed()

    async def _read(self) -> None:
        try:
            while True:
                block = await self._reader.readuntil(b"\r\n\r\n")
                message = _parse(block.decode("utf-8", "replace"))
                async with self._news:
                    if "Event" in message:
                        self.events.append(message)
                    elif action_id := message.get("ActionID"):
                        self._responses[action_id] = message
                    self._news.notify_all()
        except (asyncio.IncompleteReadError, OSError):
            # The normal end: the PBX stopped or was killed.
            pass
        finally:
            self._closed = True
        async with self._news:
            self._news.notify_all()


def _parse(block: str) -> Message:
    """One value per key: the rig asks for no key that repeats."""
    message: Message = {}
    for line in block.split("\r\n"):
        key, separator, value = line.partition(":")
        if separator:
            message.setdefault(key, value.removeprefix(" "))
    return message
