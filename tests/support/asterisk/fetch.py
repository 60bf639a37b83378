"""Get a runnable Asterisk 22 into the repository's cache folder, without installing anything.

Debian's stable releases carry no Asterisk; its unstable suite ("sid") does.  The packages are
downloaded with a private apt configuration (own lists, own status, own cache), unpacked side by
side with their libraries, and run through their own loader, so that the system stays untouched
and any user can do it.

Run by hand:  ``python -m tests.support.asterisk.fetch``
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SUITE: Final = "sid"
MAJOR: Final = 22
MIRROR_VARIABLE: Final = "RINGDESK_DEBIAN_MIRROR"
KEYRING: Final = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
CACHE: Final = Path(__file__).resolve().parents[3] / ".cache"

# A mirror hiccup lasts seconds; each attempt takes about 25 s on a good line.
ATTEMPTS: Final = 3
# 80 MB in all: a line too slow for this is too slow for the test suite.
COMMAND_TIMEOUT_S: Final = 300.0

_MARKER: Final = ".complete"
_SUITES: Final = re.compile(r"sid|unstable|testing|stable|oldstable|bullseye|bookworm|trixie|forky|duke")


class FetchError(RuntimeError):
    """Asterisk could not be fetched; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class AsteriskTree:
    """An unpacked Asterisk: where its program, loader, libraries, modules and data lie."""

    root: Path

    @property
    def program(self) -> Path:
        return self.root / "usr/sbin/asterisk"

    @property
    def data(self) -> Path:
        return self.root / "usr/share/asterisk"

    @property
    def loader(self) -> Path:
        return _only(self.root, "usr/lib*/ld-linux-*.so.*")

    @property
    def libraries(self) -> Path:
        return _only(self.root, "usr/lib/*/libc.so.6").parent

    @property
    def modules(self) -> Path:
        return _only(self.root, "usr/lib/*/asterisk/modules")

    def command(self, *arguments: str) -> list[str]:
        """The command line that runs Asterisk on the libraries that came with it."""
        path = f"{self.libraries}:{self.root / 'usr/lib'}"
        return [str(self.loader), "--library-path", path, str(self.program), *arguments]

    def version(self) -> str:
        """What ``asterisk -V`` prints, e.g. ``Asterisk 22.10.1``."""
        return _run(self.command("-V"), what="asterisk -V").strip()


def fetch_asterisk(cache: Path = CACHE) -> AsteriskTree:
    """Return the cached Asterisk, fetching it first if it is not there (about 25 s, 270 MB).

    Processes that ask at the same time wait for the first one.  A fetch that was interrupted
    leaves nothing that looks complete.

    Raises:
        FetchError: no Debian mirror is known, a needed tool or the archive keyring is missing,
            the download failed, or the suite has moved on to another major version.
    """
    home = cache / f"asterisk-{SUITE}"
    tree = AsteriskTree(home)
    if (home / _MARKER).is_file():
        return tree
    cache.mkdir(parents=True, exist_ok=True)
    with _locked(cache / f"asterisk-{SUITE}.lock"):
        if (home / _MARKER).is_file():
            return tree
        for leftover in cache.glob(f"asterisk-{SUITE}.part-*"):
            shutil.rmtree(leftover)
        if home.exists():
            shutil.rmtree(home)
        _fetch_into(home, debian_mirror())
        return tree


def debian_mirror() -> str:
    """The Debian mirror to use: ``RINGDESK_DEBIAN_MIRROR``, else the one this machine's apt uses.

    Raises:
        FetchError: apt is missing, or none of its sources is a Debian archive (as on Ubuntu).
    """
    if named := os.environ.get(MIRROR_VARIABLE):
        return named
    if shutil.which("apt-get") is None:
        raise FetchError(
            "The live tests run Debian's Asterisk package, and this machine has no apt-get. Run them on Debian (a container will do)."
        )
    listing = _run(
        [
            "apt-get",
            "indextargets",
            "--format",
            "$(REPO_URI) $(RELEASE) $(ORIGIN)",
            "Created-By: Packages",
        ],
        what="apt-get indextargets",
    )
    mirror = pick_mirror(listing)
    if mirror is None:
        raise FetchError(
            "None of this machine's apt sources is a Debian archive, and Asterisk 22 comes from "
            f"Debian's suite {SUITE}. Set {MIRROR_VARIABLE} to the address of a Debian mirror "
            "(the one that ends in /debian) and install the package debian-archive-keyring."
        )
    return mirror


def pick_mirror(listing: str) -> str | None:
    """Choose the Debian archive out of ``apt-get indextargets`` lines ``uri release origin``.

    The origin is known only after ``apt-get update``; before that apt prints the unfilled
    placeholder, and the release name decides.  Security archives do not carry the suite.
    """
    for line in listing.splitlines():
        uri, _, rest = line.partition(" ")
        release, _, origin = rest.partition(" ")
        known = origin == "Debian" or origin in ("", "$(ORIGIN)")
        if known and uri.startswith(("http://", "https://")) and _SUITES.fullmatch(release):
            return uri.rstrip("/")
    return None


def _fetch_into(home: Path, mirror: str) -> None:
    _require_tools()
    failure: FetchError | None = None
    for _ in range(ATTEMPTS):
        part = Path(tempfile.mkdtemp(prefix=f"{home.name}.part-", dir=home.parent))
        try:
            version = _unpack(part, mirror)
        except FetchError as error:
            failure = error
            shutil.rmtree(part)
            continue
        if not version.startswith(f"Asterisk {MAJOR}."):
            shutil.rmtree(part)
            raise FetchError(
                f"Debian's suite {SUITE} now carries {version}; the live tests are written for "
                f"Asterisk {MAJOR}. Try them on the new version and raise MAJOR in {__file__}."
            )
        (part / _MARKER).write_text(version + "\n", encoding="utf-8")
        # mkdtemp makes folders private; another user of the same checkout may run the tests too.
        part.chmod(0o755)
        part.rename(home)
        return
    assert failure is not None
    raise failure


def _require_tools() -> None:
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise FetchError(f"The live tests need {tool}; this machine has none.")
    if not KEYRING.is_file():
        raise FetchError(f"{KEYRING} is missing, so Debian's signatures cannot be checked. Install the package debian-archive-keyring.")


def _unpack(part: Path, mirror: str) -> str:
    """Download and unpack into ``part``; return the version that the program reports."""
    with tempfile.TemporaryDirectory(prefix="apt-", dir=part) as name:
        apt = Path(name)
        environment = os.environ | {"APT_CONFIG": str(_apt_configuration(apt, mirror))}
        _run(["apt-get", "-q", "update"], what="apt-get update", environment=environment)
        _run(
            ["apt-get", "-q", "-y", "install", "--download-only", "asterisk"],
            what="apt-get install --download-only asterisk",
            environment=environment,
        )
        for package in sorted((apt / "cache/archives").glob("*.deb")):
            _run(["dpkg-deb", "-x", str(package), str(part)], what=f"unpacking {package.name}")
    tree = AsteriskTree(part)
    _tidy_sounds(tree)
    return tree.version()


def _apt_configuration(apt: Path, mirror: str) -> Path:
    for folder in ("lists/partial", "cache/archives/partial"):
        (apt / folder).mkdir(parents=True)
    (apt / "status").touch()
    sources = apt / "sources.list"
    sources.write_text(f"deb [signed-by={KEYRING}] {mirror} {SUITE} main\n", encoding="utf-8")
    configuration = apt / "apt.conf"
    # Proxies, timeouts and certificates of this machine's own apt apply here too; its hooks,
    # sources and preferences must not.
    configuration.write_text(
        _run(["apt-config", "dump", "Acquire"], what="apt-config dump")
        + f"""
Dir::Etc::sourcelist "{sources}";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "{apt / "lists"}";
Dir::State::status "{apt / "status"}";
Dir::State::extended_states "{apt / "extended_states"}";
Dir::Cache "{apt / "cache"}";
Dir::Log "{apt}";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "1";
""",
        encoding="utf-8",
    )
    return configuration


def _tidy_sounds(tree: AsteriskTree) -> None:
    """Drop links out of the tree and give the English prompts the name Asterisk looks for."""
    sounds = tree.data / "sounds"
    for entry in sounds.iterdir():
        if entry.is_symlink():
            entry.unlink()
    voice = _only(sounds, "en_US_*")
    (sounds / "en").symlink_to(voice.name)


def _run(command: list[str], *, what: str, environment: dict[str, str] | None = None) -> str:
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FetchError(f"{what} took longer than {COMMAND_TIMEOUT_S:.0f} s.") from error
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise FetchError(f"{what} failed with code {done.returncode}:\n{tail}")
    return done.stdout


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if not found:
        raise FetchError(f"The unpacked Asterisk lacks {pattern} below {folder}.")
    return found[0]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main() -> int:
    try:
        tree = fetch_asterisk()
    except FetchError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{tree.version()} in {tree.root}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
