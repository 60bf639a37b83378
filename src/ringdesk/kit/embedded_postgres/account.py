"""The account that runs the server: ourselves, or an unprivileged one when we are root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .errors import NoUnprivilegedAccount

# Our own account first; `postgres` comes with Debian's package; `nobody` is everywhere.
PREFERRED = ("ringdesk", "postgres")
LAST_RESORT = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """Runs commands as one operating-system user, with an environment that no caller's settings leak into."""

    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        """Whether this is the account that this process runs as."""
        return self.uid == os.geteuid()

    def run(self, command: list[str], *, timeout: float, inherit_output_to: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Runs to the end and returns the exit status with both outputs; `timeout` in seconds.

        A command that leaves a daemon behind (pg_ctl start) needs `inherit_output_to`: with pipes we would wait for the daemon's end.
        Errors: subprocess.TimeoutExpired, OSError when it can't be executed at all.
        """
        out = subprocess.PIPE if inherit_output_to is None else os.open(inherit_output_to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.PIPE if inherit_output_to is None else subprocess.STDOUT,
                cwd="/",
                env=self._environment(),
                text=True,
                errors="replace",
                umask=0o077,
                timeout=timeout,
                check=False,
                user=None if self.is_me else self.uid,
                group=None if self.is_me else self.gid,
                extra_groups=None if self.is_me else [self.gid],
            )
        finally:
            if inherit_output_to is not None:
                os.close(out)
        if inherit_output_to is not None:
            done.stdout = inherit_output_to.read_text(encoding="utf-8", errors="replace")
        return done

    def may_run(self, program: Path) -> bool:
        """Whether this account can reach and execute the file, asked of the kernel as that account."""
        return self._test("-x", program)

    def may_enter(self, folder: Path) -> bool:
        """Whether this account can reach the folder."""
        return self._test("-x", folder)

    def own(self, path: Path) -> None:
        """Gives the file or folder to this account (only root has to, and can)."""
        if not self.is_me:
            os.chown(path, self.uid, self.gid)

    def _test(self, what: str, path: Path) -> bool:
        if self.is_me:
            return os.access(path, os.X_OK)
        return self.run(["/usr/bin/test", what, str(path)], timeout=30).returncode == 0

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        return {"PATH": os.defpath} | kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent"}


def choose(cluster: Path) -> Account:
    """The account for this cluster: ourselves; as root the owner of existing data, else the best of those that exist.

    Error: NoUnprivilegedAccount.
    """
    me = os.geteuid()
    if me != 0:
        return Account(_name_of(me), me, os.getegid())
    if cluster.is_dir() and (owner := cluster.stat()).st_uid != 0:
        return Account(_name_of(owner.st_uid), owner.st_uid, owner.st_gid)
    for name in PREFERRED:
        if found := _look_up(name):
            return found
    if maker := shutil.which("useradd"):
        made = subprocess.run(
            [maker, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", PREFERRED[0]], capture_output=True, check=False
        )
        if made.returncode == 0 and (found := _look_up(PREFERRED[0])):
            return found
    if found := _look_up(LAST_RESORT):
        return found
    raise NoUnprivilegedAccount(f"none of {', '.join((*PREFERRED, LAST_RESORT))} exists and none could be made")


def _look_up(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
