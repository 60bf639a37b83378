"""The histories written by hand are true to the captures: every value stands in the line that it names."""

from datetime import datetime, timedelta

import pytest

from tests.support import captures
from tests.support.captures import Claim

CLAIMS = [(name, claim) for name in captures.NAMES for claim in captures.claims(name)]


@pytest.mark.parametrize("name", captures.NAMES)
def test_a_capture_has_an_expected_history(name: str) -> None:
    interaction, parts = captures.expected(name)
    assert interaction["external_id"]
    assert parts


@pytest.mark.parametrize(("name", "claim"), CLAIMS, ids=[f"{name[:2]} {claim.place}" for name, claim in CLAIMS])
def test_a_value_stands_in_its_line_or_says_why(name: str, claim: Claim) -> None:
    line = captures.lines(name)[claim.line]
    assert line
    if claim.why is None:
        assert str(claim.value) in line, f"{claim.value} is not in line {claim.line}: {line}"


@pytest.mark.parametrize("name", captures.NAMES)
def test_durations_follow_from_the_times(name: str) -> None:
    interaction, parts = captures.expected(name)
    assert interaction["duration"] == _between(interaction, "started_at", "ended_at")
    for part in parts:
        talked = _between(part, "answered_at", "ended_at") if part["answered_at"] else timedelta()
        assert part["duration"] == talked


def _between(table: captures.Values, start: str, end: str) -> timedelta:
    began, ended = table[start], table[end]
    assert isinstance(began, datetime)
    assert isinstance(ended, datetime)
    return ended - began
