"""The recorded calls and the histories written by hand for them (`tests/captures/README.md`)."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from ringdesk.features.telephony.history import CallHistory, Part

FOLDER = Path(__file__).parent.parent / "captures"
NAMES = sorted(path.name.removesuffix(".raw.txt") for path in FOLDER.glob("*.raw.txt"))
SOURCE = "pbx"
"""The connection key that the tests give the recorded Asterisk."""

Values = dict[str, object]


@dataclass(frozen=True)
class Claim:
    """One value of an expected history, with the line that it comes from."""

    place: str
    value: object
    line: int
    why: str | None


def raw(name: str) -> bytes:
    """Every byte of a capture."""
    return (FOLDER / f"{name}.raw.txt").read_bytes()


def lines(name: str) -> list[str]:
    """The lines of a capture, for counting from 1: add an empty one in front."""
    return ["", *raw(name).decode().split("\r\n")]


def claims(name: str) -> Iterator[Claim]:
    """Every value that the expected history of a capture states."""
    stated = _stated(name)
    tables: list[tuple[str, dict[str, Any]]] = [("interaction", stated["interaction"])]
    tables += [(f"part {number}", part) for number, part in enumerate(stated["part"], 1)]
    for place, table in tables:
        for key, (value, line, *why) in table.items():
            yield Claim(f"{place} {key}", value, line, why[0] if why else None)


def expected(name: str) -> tuple[Values, list[Values]]:
    """The interaction and the parts that a capture must give, with times and durations as such."""
    stated = _stated(name)
    return _values(stated["interaction"]), [_values(part) for part in stated["part"]]


def told(history: CallHistory) -> tuple[Values, list[Values]]:
    """A history in the same shape as `expected`."""
    keys = ("external_id", "direction", "ani", "dnis", "caller_name", "queue", "started_at", "answered_at", "ended_at", "duration")
    interaction: Values = {key: getattr(history, key) for key in (*keys, "type", "state", "result")}
    return interaction, [_told_part(part) for part in history.parts]


def _told_part(part: Part) -> Values:
    keys = ("kind", "extension", "call_type", "started_at", "answered_at", "ended_at", "duration", "outcome")
    return {key: getattr(part, key) for key in keys}


def _stated(name: str) -> dict[str, Any]:
    with (FOLDER / "expected" / f"{name}.toml").open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)


def _values(table: dict[str, Any]) -> Values:
    return {key: _value(key, value[0]) for key, value in table.items()}


def _value(key: str, value: object) -> object:
    if value == "-":
        return None
    if key.endswith("_at"):
        seconds, _, micro = str(value).partition(".")
        return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(micro))
    if key == "duration":
        return timedelta(microseconds=int(Decimal(str(value)) * 1_000_000))
    return value
