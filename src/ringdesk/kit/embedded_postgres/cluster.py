"""One cluster on disk: made, started and stopped. Everything here is called while holding `locks.control`."""

import errno
import getpass
import hashlib
import os
import select
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from . import account as accounts
from . import binaries, config, locks
from .account import Account
from .binaries import Binaries
from .errors import DataDirInUse, DataDirNotWritable, DiskFull, EmbeddedPostgresError, OtherMajorVersion, ServerDidNotStart

# A new cluster takes 60 MB; a start needs two segments of write-ahead log.
FREE_FOR_NEW = 128 * config.MIB
FREE_FOR_START = 32 * config.MIB
# Making a cluster takes 1-2 s; a slow disk may take a minute; beyond three something hangs.
INITDB_TIMEOUT_S = 180
# Replaying the log after a crash is bounded by max_wal_size (2 GB): minutes on a slow disk.
START_TIMEOUT_S = 300
# After `kill -9` of the postmaster its children end by themselves within moments; until then a new one is refused.
LEFTOVERS_TIMEOUT_S = 20.0
STOP_TIMEOUT_S = 60
# The path of a unix socket has at most 107 bytes on Linux, 103 elsewhere.
SOCKET_PATH_LIMIT = 103


@dataclass(frozen=True, slots=True)
class Running:
    """What a live server's postmaster.pid says."""

    pid: int
    socket_dir: str


class Cluster:
    """The folder `<data dir>/postgres`: cluster/ (the data), run/ (the socket), log/, bin/ (copied programs)."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir.absolute()
        self.folder = self.data_dir / "postgres"
        self.data = self.folder / "cluster"
        self.log_dir = self.folder / "log"
        self.durable = durable
        self._account: Account | None = None

    @property
    def account(self) -> Account:
        """Who runs the server."""
        if self._account is None:
            self._account = accounts.choose(self.data)
        return self._account

    @property
    def socket_dir(self) -> Path:
        """Where the socket is: beside the data, or in a short private folder when that path is too long."""
        beside = self.folder / "run"
        if len(os.fsencode(beside)) + len(f"/.s.PGSQL.{config.PORT}") <= SOCKET_PATH_LIMIT:
            return beside
        # Not TMPDIR: every process that shares the server must come to the same folder. `_private_folder` refuses a foreign one.
        short = "/run" if os.geteuid() == 0 else "/tmp"  # noqa: S108  (checked for owner and mode, see above)
        return Path(short) / f"ringdesk-{hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]}"

    @property
    def dsn(self) -> str:
        """The connection string of the server's database."""
        return self.dsn_of(config.DATABASE)

    def dsn_of(self, database: str) -> str:
        """The connection string of another database of this server."""
        host = str(self.socket_dir).replace("%", "%25").replace("&", "%26").replace(" ", "%20").replace("+", "%2B")
        return f"postgresql://{config.ROLE}@/{database}?host={host}&port={config.PORT}"

    def prepare_folders(self) -> None:
        """Makes the folders. Errors: DataDirNotWritable, DiskFull, DataDirInUse (the data dir is itself somebody's cluster)."""
        if (self.data_dir / "PG_VERSION").exists():
            raise DataDirInUse(self.data_dir, "the folder is a PostgreSQL cluster that ringdesk did not make")
        with self._disk_errors():
            private = 0o700 if os.geteuid() != 0 else 0o711
            self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o755)
            self.folder.mkdir(exist_ok=True, mode=private)
            if os.geteuid() == 0:
                # The server's account must pass through these two to its data; it can't list them.
                for path in (self.data_dir, self.folder):
                    path.chmod(stat.S_IMODE(path.stat().st_mode) | 0o111)
            if not os.access(self.folder, os.W_OK | os.X_OK):
                raise DataDirNotWritable(self.folder, "no permission to write into it")
            self._private_folder(self.log_dir)
            locks.prepare(self.folder)
        if not self.account.may_enter(self.folder):
            detail = (
                f"the account {self.account.name}, which runs the server because we are root, may not enter one of the folders above it"
            )
            raise DataDirNotWritable(self.data_dir, detail)

    def running(self) -> Running | None:
        """The live server of this cluster, ours or not; None when there is none (also when only a stale pid file is left)."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
            pid = int(lines[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        except PermissionError as error:
            raise DataDirNotWritable(self.data, "it belongs to another account") from error
        if not _is_postmaster(pid, self.data):
            return None
        return Running(pid, lines[4] if len(lines) > 4 else "")

    def running_ours(self) -> Running | None:
        """The live server when it is ours. Error: DataDirInUse when somebody else started one on our data."""
        found = self.running()
        if found and found.socket_dir not in {"", str(self.socket_dir)}:
            raise DataDirInUse(self.data, f"process {found.pid} serves it at {found.socket_dir}")
        return found

    def boot(self) -> None:
        """Makes the cluster when there is none, and starts its server.

        Errors: NoBinaries, BinariesDoNotRun, OtherMajorVersion, DiskFull, DataDirNotWritable, ServerDidNotStart.
        """
        with self._disk_errors():
            programs = binaries.find(self.account, self.folder / "bin")
            self._need_space(FREE_FOR_START if self.data.exists() else FREE_FOR_NEW)
            if not self.data.exists():
                self._initdb(programs)
            self._check_version(programs)
            self._private_folder(self.socket_dir)
            users = list(dict.fromkeys((self.account.name, getpass.getuser() if self.account.is_me else "root")))
            settings = config.server_settings(config.memory_bytes(), durable=self.durable)
            for path in config.write_configuration(self.data, settings, users):
                self.account.own(path)
            self._start(programs)

    def halt(self) -> None:
        """Stops the server, cleanly if it can within STOP_TIMEOUT_S, and waits for its end."""
        found = self.running_ours()
        if found is None:
            return
        with suppress(ProcessLookupError):
            watched = os.pidfd_open(found.pid)
            try:
                # Fast shutdown: open transactions are rolled back, everything committed is flushed.
                os.kill(found.pid, signal.SIGINT)
                if not wait_for_end(watched, STOP_TIMEOUT_S):
                    # Immediate shutdown: recovery at the next start.
                    os.kill(found.pid, signal.SIGQUIT)
                    wait_for_end(watched, STOP_TIMEOUT_S)
            finally:
                os.close(watched)
        if self.socket_dir.parent != self.folder:
            with suppress(OSError):  # Only tidying up: an empty folder left behind is used again.
                self.socket_dir.rmdir()

    def _initdb(self, programs: Binaries) -> None:
        fresh = self.folder / "cluster.new"  # Renamed when whole: an interrupted initdb leaves no half cluster.
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self.account.own(fresh)
        command = [
            programs.program("initdb"),
            "-D",
            str(fresh),
            "-U",
            config.ROLE,
            "-E",
            "UTF8",
            "--locale-provider=libc",
            "--locale=C.UTF-8",
        ]
        command += ["-k", "--auth=peer", "--no-instructions"] + ([] if self.durable else ["--no-sync"])
        done = self.account.run(command, timeout=INITDB_TIMEOUT_S)
        if done.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise self._diagnose(done.stderr or done.stdout)
        fresh.rename(self.data)

    def _check_version(self, programs: Binaries) -> None:
        try:
            data_major = int((self.data / "PG_VERSION").read_text(encoding="ascii").strip())
        except (FileNotFoundError, ValueError) as error:
            raise ServerDidNotStart(self.folder, f"{self.data} holds no PostgreSQL cluster") from error
        if data_major != programs.major:
            raise OtherMajorVersion(
                self.data, data_major=data_major, server_major=programs.major, fitting_bin_dir=binaries.fitting(data_major)
            )

    def _start(self, programs: Binaries) -> None:
        # Its process is known to be gone; left in place, a new process with the same number would block the start.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        command = [programs.program("pg_ctl"), "start", "-D", str(self.data), "-w", "-s", "-t", str(START_TIMEOUT_S)]
        command += ["-o", f"-k '{self.socket_dir}'"]
        seen = {path: path.stat().st_size for path in self.log_dir.glob("server-*.log")}
        give_up = time.monotonic() + LEFTOVERS_TIMEOUT_S
        while True:
            done = self.account.run(command, timeout=START_TIMEOUT_S + 30, inherit_output_to=self.log_dir / "start.log")
            if done.returncode == 0:
                return
            if "is still in use" not in done.stdout or time.monotonic() > give_up:
                raise self._diagnose(done.stdout + self._logged_since(seen))
            time.sleep(0.2)

    def _diagnose(self, said: str) -> EmbeddedPostgresError:
        last_words = " / ".join(line.strip() for line in said.strip().splitlines() if line.strip())[-600:]
        if "No space left on device" in said or "Disk quota exceeded" in said:
            return DiskFull(self.data, last_words)
        if "Permission denied" in said or "Read-only file system" in said:
            return DataDirNotWritable(self.data, last_words)
        return ServerDidNotStart(self.folder, last_words)

    def _logged_since(self, seen: dict[Path, int]) -> str:
        """What the server wrote to its own log since those sizes were taken."""
        return "".join(
            path.read_text(encoding="utf-8", errors="replace")[seen.get(path, 0) :] for path in self.log_dir.glob("server-*.log")
        )

    def _need_space(self, needed: int) -> None:
        disk = os.statvfs(self.folder)
        free = disk.f_bavail * disk.f_frsize
        if free < needed:
            raise DiskFull(self.data, f"{free // config.MIB} MB are free, {needed // config.MIB} MB are needed to start")

    def _private_folder(self, path: Path) -> None:
        """Makes a folder that only the server's account (and root) can use; refuses one that somebody else put there."""
        try:
            path.mkdir(mode=0o700)
            self.account.own(path)
        except FileExistsError:
            state = path.lstat()
            if not stat.S_ISDIR(state.st_mode) or state.st_uid not in {self.account.uid, os.geteuid()}:
                raise DataDirNotWritable(path, "it is not a folder of ours") from None
            self.account.own(path)
            path.chmod(0o700)

    @contextmanager
    def _disk_errors(self) -> Iterator[None]:
        """Turns what the operating system says about our own writes into the errors of this package."""
        try:
            yield
        except subprocess.TimeoutExpired as error:
            raise ServerDidNotStart(self.folder, f"{Path(error.cmd[0]).name} took longer than {error.timeout:.0f} s") from error
        except OSError as error:
            where = Path(error.filename) if isinstance(error.filename, str) else self.data_dir
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise DiskFull(where, error.strerror or str(error)) from error
            raise DataDirNotWritable(where, error.strerror or str(error)) from error


def wait_for_end(pidfd: int, timeout_s: float) -> bool:
    """Waits until the process behind a pidfd has ended; False when it still lives after `timeout_s`."""
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(timeout_s * 1000))


def _is_postmaster(pid: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL server working in this folder (a reused process number is not)."""
    process = Path("/proc") / str(pid)
    try:
        state = (process / "stat").read_text(encoding="utf-8", errors="replace")
        name, after = state[state.index("(") + 1 : state.rindex(")")], state[state.rindex(")") + 2 :]
        if name not in {"postgres", "postmaster"} or after.startswith(("Z", "X")):
            return False
        return (process / "cwd").samefile(data)
    except FileNotFoundError:
        return False
    except PermissionError:
        return True
