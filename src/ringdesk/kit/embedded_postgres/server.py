"""The embedded server as its users see it: start, connect, stop."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from . import locks
from .cluster import Cluster
from .errors import EmbeddedPostgresError, ServerDidNotStart

# How long `start` waits for a server that another process has started but that is still recovering.
PATIENCE_S = 60.0


class EmbeddedPostgres:
    """A PostgreSQL server of our own in `<data_dir>/postgres`, shared by all processes that start it with the same folder.

    The first `start` starts it; the last `stop`, or the death of its last user, stops it; while somebody uses it, it is restarted
    when it dies. It can be reached by a unix socket only, by this user and root. All methods block; call them in a thread from
    async code. One object is one claim: use one per process, or several, each with its own start and stop.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        """`durable=False` gives up crash safety for speed: for tests, never for data that matter."""
        self._cluster = Cluster(data_dir, durable=durable)
        self._lease = locks.Lease(self._cluster.folder)

    @property
    def dsn(self) -> str:
        """The connection string: `postgresql://ringdesk@/ringdesk?host=...`, for libpq, psycopg and SQLAlchemy alike."""
        return self._cluster.dsn

    def dsn_of(self, database: str) -> str:
        """The connection string of another database of this server, such as one of a test."""
        return self._cluster.dsn_of(database)

    def start(self) -> str:
        """Starts the server, or joins the running one, and returns `dsn`; a second call changes nothing.

        Makes and checks the database on the way. Takes 1-2 s for a new folder, 0.2 s for an existing one, 0.02 s to join.
        Errors: a subclass of EmbeddedPostgresError that says what to do.
        """
        cluster = self._cluster
        if self._lease.held:
            return cluster.dsn
        cluster.prepare_folders()
        with locks.control(cluster.folder):
            guard = None if locks.has_guard(cluster.folder) else self._spawn_guard()
            self._lease.take()
            try:
                if cluster.running_ours() is None:
                    cluster.boot()
                self._open_database()
            except BaseException:
                self._leave()
                raise
            finally:
                if guard is not None:
                    guard.wait()
        return cluster.dsn

    def stop(self) -> None:
        """Gives the claim back, and stops the server when nobody else has one; a second call changes nothing."""
        if self._lease.held:
            try:
                with locks.control(self._cluster.folder):
                    self._leave()
            except FileNotFoundError:
                # Somebody removed the folder under us; PostgreSQL notices that by itself and ends.
                self._lease.give_back()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _leave(self) -> None:
        self._lease.give_back()
        if locks.nobody_holds_a_lease(self._cluster.folder):
            with suppress(EmbeddedPostgresError):  # Not ours after all: then it isn't ours to stop.
                self._cluster.halt()

    def _open_database(self) -> None:
        # Imported here: the guard uses this package too, and must stay small.
        from psycopg import OperationalError

        from .config import DATABASE
        from .database import open_for_business

        cluster = self._cluster
        try:
            open_for_business(cluster.dsn, admin_dsn=cluster.dsn_of("postgres"), database=DATABASE, patience_s=PATIENCE_S)
        except OperationalError as error:
            raise ServerDidNotStart(cluster.folder, str(error)) from error

    def _spawn_guard(self) -> subprocess.Popen[bytes]:
        """Starts the guard, which leaves us at once and then waits for `control`, which we hold."""
        package_root = Path(__file__).parents[3]
        command = [sys.executable, "-m", "ringdesk.kit.embedded_postgres.guard", str(self._cluster.data_dir)]
        command.append("durable" if self._cluster.durable else "fast")
        with (self._cluster.log_dir / "guard.log").open("w", encoding="utf-8") as log:
            return subprocess.Popen(
                command,
                cwd="/",
                env={**os.environ, "PYTHONPATH": str(package_root)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the terminal must not end it before its users.
            )
