"""All roles as one process tree: started together, restarted one by one, stopped together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import structlog

from ringdesk.kit.settings import Settings
from ringdesk.roles import ROLES

log = structlog.get_logger(__name__)

# A role that dies at once again and again is started less and less often.
RESTART_AFTER_S = (0.1, 0.5, 2.0, 5.0)
# One that lived this long is healthy: its next death is a new story.
HEALTHY_AFTER_S = 60.0
# Longer than a role's own grace; then it is killed.
STOP_TIMEOUT_S = 10.0


class Tree:
    """The processes of all roles. Each child ends by itself when this process dies: its standard input closes."""

    def __init__(self, settings: Settings, listening: socket.socket) -> None:
        self._settings = settings
        self._listening = listening
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._born: dict[str, float] = {}
        self._deaths: dict[str, int] = {}
        self._stopping = threading.Event()

    @property
    def stopping(self) -> bool:
        """Whether it is about to end."""
        return self._stopping.is_set()

    def start(self, dsn_when_ready: Callable[[], str]) -> str:
        """Start every role; the connection string that they were given.

        The children load their code while `dsn_when_ready` starts the database.
        """
        for role in ROLES:
            self._spawn(role)
        dsn = dsn_when_ready()
        for child in self._children.values():
            _tell(child, dsn)
        return dsn

    def run(self, dsn: str) -> None:
        """Restart what dies, until `stop`."""
        while not self._stopping.wait(0.1):
            for role, child in list(self._children.items()):
                if child.poll() is not None and not self._stopping.is_set():
                    self._restart(role, child, dsn)

    def stop(self) -> None:
        """Ask `run` to return."""
        self._stopping.set()

    def end(self) -> None:
        """Stop every role and wait for it."""
        self._stopping.set()
        for child in self._children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        give_up = time.monotonic() + STOP_TIMEOUT_S
        for role, child in self._children.items():
            try:
                child.wait(max(give_up - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                log.warning("role_killed", role=role, pid=child.pid)
                child.kill()
                child.wait()
            if child.stdin:
                child.stdin.close()

    def pids(self) -> dict[str, int]:
        """The process of each role."""
        return {role: child.pid for role, child in self._children.items()}

    def _restart(self, role: str, child: subprocess.Popen[bytes], dsn: str) -> None:
        lived = time.monotonic() - self._born[role]
        deaths = self._deaths[role] = 1 if lived > HEALTHY_AFTER_S else self._deaths.get(role, 0) + 1
        pause = RESTART_AFTER_S[min(deaths, len(RESTART_AFTER_S)) - 1]
        log.error("role_died", role=role, pid=child.pid, exit_status=child.returncode, restart_after_s=pause)
        if child.stdin:
            child.stdin.close()
        if not self._stopping.wait(pause):
            _tell(self._spawn(role), dsn)

    def _spawn(self, role: str) -> subprocess.Popen[bytes]:
        settings = self._settings
        environ = os.environ | {
            "RINGDESK_DATA_DIR": str(settings.data_dir),
            "RINGDESK_HOST": settings.host,
            "RINGDESK_PORT": str(settings.port),
            "RINGDESK_LOG_LEVEL": settings.log_level,
        }
        passed: tuple[int, ...] = ()
        if role == "web":
            environ["RINGDESK_LISTENING_FD"] = str(self._listening.fileno())
            passed = (self._listening.fileno(),)
        child = subprocess.Popen(
            [sys.executable, "-m", "ringdesk.roles.child", role],
            stdin=subprocess.PIPE,
            env=environ,
            pass_fds=passed,
            # Ctrl-C in the terminal is for us; we stop the children in order.
            start_new_session=True,
        )
        self._children[role], self._born[role] = child, time.monotonic()
        return child


def _tell(child: subprocess.Popen[bytes], dsn: str) -> None:
    """Hand the child the address of its database; it goes on when it has read it."""
    try:
        if child.stdin:
            child.stdin.write(dsn.encode() + b"\n")
            child.stdin.flush()
    except BrokenPipeError:
        # It has died already; `run` sees that and starts another one.
        log.warning("role_died_early", pid=child.pid)
