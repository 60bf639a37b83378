"""Every check of the repository with its time, one after the other or beside the next: `make test` (all) and `make lint` (those that run
nothing).

    check.py [--only GROUP_OR_NAME ...]

Goes on after a failure, so that one run tells everything; the exit status is 1 when anything failed.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from setup import DESKTOP, PYTHON, ROOT, VENV, find_node

BIN = VENV / "bin"


@dataclass(frozen=True)
class Check:
    """One command of one group."""

    group: str
    name: str
    command: list[str]
    folder: Path = ROOT
    environment: dict[str, str] | None = None
    beside: bool = False
    """Runs while the next one does; what it prints follows."""


def checks() -> Iterator[Check]:
    """All of them, quick ones first."""
    yield Check("lint", "ruff", [str(BIN / "ruff"), "check", "--quiet", "."])
    yield Check("lint", "format", [str(BIN / "ruff"), "format", "--quiet", "--check", "."])
    yield Check("lint", "types", [str(BIN / "basedpyright"), "--level", "error"])
    yield Check("lint", "layers", [str(BIN / "lint-imports"), "--no-cache"])
    yield Check("lint", "own-rules", [str(PYTHON), "scripts/lint_own.py"])
    if (DESKTOP / "package.json").is_file():
        node = find_node()
        for group, name, script in (
            ("lint", "desktop-types", "typecheck"),
            ("lint", "desktop-lint", "lint"),
            ("test", "desktop-test", "test"),
        ):
            yield Check(group, name, [*node.npm, "run", "--silent", script], DESKTOP, node.environment())
    pytest = [str(BIN / "pytest"), "-q", "--durations=5"]
    # Neither of these two keeps both cores busy.
    oldest = [str(PYTHON), "scripts/with_oldest_postgres.py", *pytest, "-m", "database and not e2e and not live and not once"]
    yield Check("test", "pytest-oldest-postgres", oldest, beside=True)
    yield Check("test", "pytest", [*pytest, "-m", "not live and not e2e"])
    # Browsers, Asterisk and telephones share two cores with what they test: they run when nothing else does.
    yield Check("test", "pytest-browser", [*pytest, "-m", "e2e"])
    yield Check("test", "pytest-live", [*pytest, "-m", "live"])


@dataclass(frozen=True)
class Running:
    """A check that has begun; `output`: where it prints, None: here."""

    check: Check
    process: subprocess.Popen[bytes]
    begun: float
    output: Path | None = None

    def result(self) -> tuple[str, bool, float]:
        """Its name, whether it went well, and its seconds, once it has ended."""
        status = self.process.wait()
        seconds = time.monotonic() - self.begun
        if self.output:
            print(f"\n── {self.check.name}\n{self.output.read_text(errors='replace')}", flush=True)
        return self.check.name, status == 0, seconds


def begin(check: Check, folder: Path) -> Running:
    """Start a check; one that runs beside another prints into `folder`."""
    environment = check.environment or dict(os.environ)
    if check.beside:
        output = folder / check.name
        with output.open("wb") as file:
            process = subprocess.Popen(check.command, cwd=check.folder, env=environment, stdout=file, stderr=subprocess.STDOUT)
        return Running(check, process, time.monotonic(), output)
    print(f"\n── {check.name}", flush=True)
    return Running(check, subprocess.Popen(check.command, cwd=check.folder, env=environment), time.monotonic())


def main() -> int:
    """Runs the chosen checks and sums up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[], help="groups (lint, test) or names")
    only = set(parser.parse_args().only)
    results: list[tuple[str, bool, float]] = []
    beside: list[Running] = []
    with TemporaryDirectory() as folder:
        for check in checks():
            if only and not only & {check.group, check.name}:
                continue
            running = begin(check, Path(folder))
            if check.beside:
                beside.append(running)
                continue
            results.append(running.result())
            results += [one.result() for one in beside]
            beside = []
        results += [one.result() for one in beside]
    print("\n" + "\n".join(f"{'ok  ' if good else 'FAIL'} {seconds:7.1f} s  {name}" for name, good, seconds in results))
    return 0 if results and all(good for _, good, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
