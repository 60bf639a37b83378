"""A running application behind a real HTTP server, for what only a server does: streams."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from litestar import Litestar

from ringdesk.kit.eventlog import Bus
from ringdesk.roles.server import WebServer
from tests.support.eventually import eventually


@asynccontextmanager
async def serving(app: Litestar) -> AsyncIterator[str]:
    """The base URL of a server of this application, whose lifespan somebody else runs."""
    bus: Bus = app.state["bus"]
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=1)
    server = _Quiet(config, bus)
    listening = socket.create_server(("127.0.0.1", 0))
    task = asyncio.create_task(server.serve([listening]))
    await eventually(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


class _Quiet(WebServer):
    """Leaves the bus alone: it serves the next test too."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await uvicorn.Server.shutdown(self, sockets)
