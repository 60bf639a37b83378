"""`ringdesk serve`: one role in this process, or all of them in a tree."""

import errno
import http.client
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

from ringdesk.kit.settings import Settings
from ringdesk.roles.database import database
from ringdesk.roles.tree import Tree

# The web role answers within a second; when it has not after a minute something is wrong, and the log says what.
READY_TIMEOUT_S = 60.0


class CannotListen(OSError):
    """The address to listen at can't be had."""


def serve_one(role: str, settings: Settings) -> None:
    """Run one role until a signal."""
    from ringdesk.roles import one

    listening = _listen(settings) if role == "web" else None
    with database(settings) as dsn:
        one.run(role, settings, dsn, listening=listening)


def serve_all(settings: Settings, *, on_ready: Callable[[], None], prepare: Callable[[str], None] | None = None) -> None:
    """Run all roles until SIGINT or SIGTERM.

    `prepare(dsn)` is called when the database is there and before anything uses it, `on_ready` when the first request can be served.
    """
    tree = Tree(settings, _listen(settings))

    def stop(_number: int, _frame: object) -> None:
        tree.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    # The database outlives the roles.
    with ExitStack() as stack:
        try:
            dsn = tree.start(lambda: _prepared(stack.enter_context(database(settings)), prepare))
            threading.Thread(target=_announce, args=(settings, tree, on_ready), daemon=True, name="announce").start()
            tree.run(dsn)
        finally:
            tree.end()


def _prepared(dsn: str, prepare: Callable[[str], None] | None) -> str:
    if prepare:
        prepare(dsn)
    return dsn


def _announce(settings: Settings, tree: Tree, on_ready: Callable[[], None]) -> None:
    give_up = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < give_up and not tree.stopping:
        if _ready(settings):
            on_ready()
            return
        time.sleep(0.05)


def _ready(settings: Settings) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  (compared with, not listened at)
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _listen(settings: Settings) -> socket.socket:
    from ringdesk.roles.one import listen

    try:
        return listen(settings)
    except OSError as problem:
        where = f"{settings.host}:{settings.port}"
        if problem.errno == errno.EADDRINUSE:
            raise CannotListen(f"something listens at {where} already; choose another port with --port.") from problem
        if problem.errno == errno.EACCES:
            raise CannotListen(f"this account may not listen at {where}; choose a port above 1023 with --port.") from problem
        raise CannotListen(f"cannot listen at {where}: {os.strerror(problem.errno or 0)}.") from problem
