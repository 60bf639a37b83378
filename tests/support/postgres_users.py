"""Folders and processes for the tests of the embedded server."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
_USER_OF_THE_SERVER = """
import sys
from pathlib import Path
from ringdesk.kit.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
server.start()
print("ready", flush=True)
sys.stdin.read()
server.stop()
"""


@contextmanager
def folder_open_to_others(prefix: str = "ringdesk-test-") -> Iterator[Path]:
    """A new folder that other accounts can pass through (pytest's own is closed to the account that runs root's server)."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Process:
    """Another ringdesk process that uses the server of a folder."""

    def __init__(self, data_dir: Path) -> None:
        command = [sys.executable, "-c", _USER_OF_THE_SERVER, str(data_dir)]
        env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)

    def wait_until_ready(self) -> None:
        """Returns when it has started or joined the server."""
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def leave(self) -> None:
        """Lets it stop as it should."""
        self._process.communicate(timeout=60)
        assert self._process.returncode == 0

    def kill(self) -> None:
        """Ends it without a chance to say goodbye."""
        self._process.kill()
        self._process.communicate(timeout=60)


def copy_of_programs(bin_dir: Path, target: Path) -> Path:
    """The installation that has this bin folder, copied below `target`; the copied bin folder."""
    package = bin_dir.parent.parent
    shutil.copytree(package, target / package.name, symlinks=True)
    libs = package.parent / f"{package.name}.libs"
    if libs.is_dir():
        shutil.copytree(libs, target / libs.name)
    return target / package.name / bin_dir.parent.name / "bin"
