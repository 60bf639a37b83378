"""Getting Asterisk: from the right archive, whole or not at all, and with a word of advice where it cannot be got."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.asterisk import fetch
from tests.support.asterisk.fetch import FetchError, debian_mirror, fetch_asterisk, pick_mirror

DEBIAN = """\
http://packages.example.org/tools/ stable Example
http://mirror.example.org/debian-security/ bookworm-security Debian
http://mirror.example.org/debian/ bookworm-updates Debian
http://mirror.example.org/debian/ bookworm Debian
"""
NEVER_UPDATED = """\
http://packages.example.org/apt/ nodistro $(ORIGIN)
http://mirror.example.org/debian-security/ trixie-security $(ORIGIN)
http://mirror.example.org/debian/ trixie $(ORIGIN)
"""
UBUNTU = """\
http://mirror.example.org/ubuntu/ noble Ubuntu
http://mirror.example.org/ubuntu/ noble-updates Ubuntu
"""


@pytest.mark.parametrize("listing", [DEBIAN, NEVER_UPDATED], ids=["updated", "never-updated"])
def test_the_mirror_is_the_debian_archive_that_apt_uses(listing: str) -> None:
    assert pick_mirror(listing) == "http://mirror.example.org/debian"


def test_a_machine_without_a_debian_archive_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RINGDESK_DEBIAN_MIRROR", raising=False)
    monkeypatch.setattr(fetch, "_run", lambda *_, **__: UBUNTU)
    with pytest.raises(FetchError, match=r"RINGDESK_DEBIAN_MIRROR.*debian-archive-keyring"):
        debian_mirror()
    monkeypatch.setenv("RINGDESK_DEBIAN_MIRROR", "http://mirror.example.org/debian")
    assert debian_mirror() == "http://mirror.example.org/debian"


def test_a_fetch_that_fails_is_tried_again_and_leaves_nothing_that_looks_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[Path] = []

    def breaks_off(part: Path, _mirror: str) -> str:
        tries.append(part)
        (part / "usr").mkdir()
        raise FetchError("the line broke")

    monkeypatch.setenv("RINGDESK_DEBIAN_MIRROR", "http://mirror.example.org/debian")
    monkeypatch.setattr(fetch, "_unpack", breaks_off)
    monkeypatch.setattr(fetch, "_require_tools", lambda: None)
    with pytest.raises(FetchError, match="the line broke"):
        fetch_asterisk(tmp_path)
    assert len(tries) == fetch.ATTEMPTS
    assert [entry.name for entry in tmp_path.iterdir()] == ["asterisk-sid.lock"]


def test_what_a_killed_fetch_left_is_cleared_and_another_major_version_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "asterisk-sid.part-killed").mkdir()
    (tmp_path / "asterisk-sid").mkdir()
    monkeypatch.setenv("RINGDESK_DEBIAN_MIRROR", "http://mirror.example.org/debian")
    monkeypatch.setattr(fetch, "_unpack", lambda _part, _mirror: "Asterisk 23.1.0")
    monkeypatch.setattr(fetch, "_require_tools", lambda: None)
    with pytest.raises(FetchError, match=r"now carries Asterisk 23\.1\.0"):
        fetch_asterisk(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["asterisk-sid.lock"]
