"""Who uses the server: kernel file locks, which a killed process gives back by itself."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

NAMES = ("control.lock", "lease.lock", "guard.lock")


def prepare(folder: Path) -> None:
    """Makes the lock files. Nothing else does: a guard must not put files into a folder that is just being removed."""
    for name in NAMES:
        os.close(os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


@contextlib.contextmanager
def control(folder: Path) -> Iterator[None]:
    """Only one process at a time starts or stops the server of this folder; waits for its turn."""
    fd = _open(folder / "control.lock")
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


class Lease:
    """One user's claim on the running server, held from `take` to `give_back` or the death of the process.

    A child made by fork shares the claim until it ends or executes another program.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lease.lock"
        self._fd: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds its claim."""
        return self._fd is not None

    def take(self) -> None:
        """Claims the server; call it while holding `control`."""
        if self._fd is None:
            self._fd = _open(self._path)
            fcntl.flock(self._fd, fcntl.LOCK_SH)

    def give_back(self) -> None:
        """Ends the claim; call it while holding `control`."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def nobody_holds_a_lease(folder: Path) -> bool:
    """Whether no process uses the server now; the answer holds as long as the caller keeps `control`."""
    fd = _open(folder / "lease.lock")
    try:
        return _try(fd)
    finally:
        os.close(fd)


def take_guard_duty(folder: Path) -> int | None:
    """Makes this process the one guard of the folder until it ends; None when there is one already."""
    fd = _open(folder / "guard.lock")
    if _try(fd):
        return fd
    os.close(fd)
    return None


def has_guard(folder: Path) -> bool:
    """Whether a guard is alive."""
    fd = take_guard_duty(folder)
    if fd is None:
        return True
    os.close(fd)
    return False


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CLOEXEC)


def _try(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
