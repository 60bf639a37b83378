"""What is written to the trail has words in every language of the desktop."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
# The action and the kind of what it was done to, as `audit.write` is called: names, not put together.
_WRITTEN = re.compile(r'audit\.write\((?:[^()]|\([^()]*\))*?"([a-z_]+)\.([a-z_]+)",\s*"([a-z_]+)"')


def written() -> set[tuple[str, str]]:
    """(kind, verb) of every action in the code."""
    return {
        (found[1], found[2]) for file in (ROOT / "src/ringdesk/features").rglob("*.py") for found in _WRITTEN.finditer(file.read_text())
    }


def words(language: str) -> Any:
    return json.loads((ROOT / f"desktop/src/i18n/{language}.json").read_text())["audit"]


def test_there_are_actions_to_check() -> None:
    assert {("customer", "erased"), ("import", "started"), ("recording", "listened"), ("request", "closed")} <= written()


@pytest.mark.parametrize("language", ["en", "sv", "ja"])
def test_every_action_has_words(language: str) -> None:
    known = words(language)
    missing = [
        f"{kind}.{verb}"
        for kind, verb in sorted(written())
        if f"{kind}_{verb}" not in known["actions"] and not (verb in known["verbs"] and kind in known["kinds"])
    ]
    assert missing == []
