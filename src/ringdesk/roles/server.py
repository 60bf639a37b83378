"""The HTTP server of the web role."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from ringdesk.kit.eventlog import Bus


class WebServer(uvicorn.Server):
    """uvicorn, stopped by its role instead of by signals of its own, and not kept from stopping by open event streams."""

    def __init__(self, config: uvicorn.Config, bus: Bus) -> None:
        super().__init__(config)
        self._bus = bus

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the role."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the event streams, which never end by themselves, then everything else; clients resume elsewhere or later."""
        await self._bus.stop()
        await super().shutdown(sockets)
