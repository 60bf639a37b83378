"""A small process beside the server: it restarts one that dies in use, and stops one whose last user died without a word.

Run by `EmbeddedPostgres.start` as `python -m ringdesk.kit.embedded_postgres.guard DATA_DIR durable|fast`.
It imports nothing but the standard library, to stay small.
"""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from . import locks
from .cluster import Cluster, wait_for_end
from .errors import EmbeddedPostgresError

# How long a server may outlive its last user, and how often a guard wakes. The server's own death is seen at once.
LOOK_EVERY_S = 1.0


def watch(cluster: Cluster) -> None:
    """Guards until nobody uses the server any more; returns at once when another guard is on duty."""
    with locks.control(cluster.folder):
        duty = locks.take_guard_duty(cluster.folder)
    if duty is None:
        return
    while True:
        with locks.control(cluster.folder):
            if locks.nobody_holds_a_lease(cluster.folder):
                cluster.halt()
                os.close(duty)  # Still inside `control`: whoever starts next sees that there is no guard.
                return
            _revive(cluster)
        _sleep_until_death(cluster)


def _revive(cluster: Cluster) -> None:
    if cluster.running_ours() is not None:
        return
    _note("the server is gone while in use: starting it again")
    try:
        cluster.boot()
    except EmbeddedPostgresError as error:
        _note(str(error))


def _note(what: str) -> None:
    """Into log/guard.log, which is our standard output."""
    sys.stdout.write(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {what}\n")
    sys.stdout.flush()


def _sleep_until_death(cluster: Cluster) -> None:
    found = cluster.running()
    if found is not None:
        with suppress(ProcessLookupError):
            watched = os.pidfd_open(found.pid)
            try:
                wait_for_end(watched, LOOK_EVERY_S)
            finally:
                os.close(watched)
            return
    time.sleep(LOOK_EVERY_S)


def main() -> None:
    """Leaves the starter at once and guards in the background."""
    if os.fork():
        os._exit(0)
    # The folder may be removed under us, by a test or by a user who wants it gone: then there is nothing left to guard.
    with suppress(FileNotFoundError):
        watch(Cluster(Path(sys.argv[1]), durable=sys.argv[2] == "durable"))


if __name__ == "__main__":
    main()
