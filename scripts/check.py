"""Every check of the repository, one after the other, with its time: `make test` (all) and `make lint` (those that run nothing).

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
    yield Check("test", "pytest", [*pytest, "-m", "not live"])
    oldest = [str(PYTHON), "scripts/with_oldest_postgres.py"]
    yield Check("test", "pytest-oldest-postgres", [*oldest, *pytest, "-m", "database and not e2e and not live and not once"])
    # Asterisk, the telephones and the browsers share two cores with what they test: they run when nothing else does.
    yield Check("test", "pytest-live", [*pytest, "-m", "live"])


def main() -> int:
    """Runs the chosen checks and sums up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[], help="groups (lint, test) or names")
    only = set(parser.parse_args().only)
    results: list[tuple[str, bool, float]] = []
    for check in checks():
        if only and not only & {check.group, check.name}:
            continue
        print(f"\n── {check.name}", flush=True)
        begun = time.monotonic()
        done = subprocess.run(check.command, cwd=check.folder, env=check.environment or dict(os.environ), check=False)
        results.append((check.name, done.returncode == 0, time.monotonic() - begun))
    print("\n" + "\n".join(f"{'ok  ' if good else 'FAIL'} {seconds:7.1f} s  {name}" for name, good, seconds in results))
    return 0 if results and all(good for _, good, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
