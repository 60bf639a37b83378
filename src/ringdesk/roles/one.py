"""One role in this process: what it opens, what it runs, how it stops."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

import structlog

from ringdesk.kit.crypto import open_vault
from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import Bus
from ringdesk.kit.jobs import JobContext
from ringdesk.kit.settings import Settings

log = structlog.get_logger(__name__)

# Answers that are under way at a stop get this long; then their connections are cut.
GRACE_S = 3
# No screen waits for a role without one: what happens on a busy switchboard is read a few times a second instead of each by itself.
NEWS_READ_EVERY_S = 0.2


def run(role: str, settings: Settings, dsn: str, *, listening: socket.socket | None = None, tied_to_parent: bool = False) -> None:
    """Run the role until SIGTERM or SIGINT, or, `tied_to_parent`, until the parent's end of our standard input closes."""
    import uvloop

    runner = {"web": _web, "worker": _worker, "telephony": _telephony}[role]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        loop.run(_until_told(runner(settings, dsn, listening), tied_to_parent=tied_to_parent))


async def _until_told(work: Coroutine[Any, Any, None], *, tied_to_parent: bool) -> None:
    task = asyncio.create_task(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    if tied_to_parent:
        # The parent never writes after the first line: to read something means that it has gone.
        loop.add_reader(sys.stdin.fileno(), task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _web(settings: Settings, dsn: str, listening: socket.socket | None) -> None:
    import uvicorn

    from ringdesk.roles.server import WebServer
    from ringdesk.web.app import create_app
    from ringdesk.web.events import follow

    db = Database(dsn, size=settings.pool_size)
    bus = Bus(db, follow)
    config = uvicorn.Config(
        create_app(settings, db, bus=bus),
        loop="none",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_S,
        # Agents' browsers keep a connection for their next click; proxies usually drop theirs after 60 s.
        timeout_keep_alive=75,
        backlog=1024,
    )
    server = WebServer(config, bus)
    serving = asyncio.create_task(server.serve([listening or listen(settings)]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving


def listen(settings: Settings) -> socket.socket:
    """The listening socket. Raises OSError when the port is taken or the address is not ours."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((settings.host, settings.port))
    except OSError:
        found.close()
        raise
    found.listen(1024)
    found.set_inheritable(True)
    return found


async def _worker(settings: Settings, dsn: str, _listening: socket.socket | None) -> None:
    from ringdesk.roles.worker import work

    async with AsyncExitStack() as stack:
        await work(await _context(settings, dsn, stack))


async def _telephony(settings: Settings, dsn: str, _listening: socket.socket | None) -> None:
    from ringdesk.roles.telephony import connect

    async with AsyncExitStack() as stack:
        await connect(await _context(settings, dsn, stack))


async def _context(settings: Settings, dsn: str, stack: AsyncExitStack) -> JobContext:
    vault = open_vault(settings)
    db = Database(dsn, size=settings.pool_size, vault=vault)
    stack.push_async_callback(db.close)
    await db.open()
    bus = Bus(db, pause=NEWS_READ_EVERY_S)
    stack.push_async_callback(bus.stop)
    await bus.start()
    log.info("role_ready", pid=os.getpid())
    return JobContext(db, settings, bus, vault)
