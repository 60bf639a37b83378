"""Types of counted and measured values."""

import re
from decimal import Decimal
from typing import Any, ClassVar

from ringdesk.kit.fields.base import FieldType, Refusal, is_empty, plain_text

GREATEST = 2**53 - 1
"""The greatest whole number that every JSON reader keeps (RFC 8259, 6)."""
WHOLE_DIGITS, PLACES = 15, 6
"""Digits of a decimal before and after its point: a trillion of money to the millionth."""
_DECIMAL = re.compile(rf"[+-]?\d{{1,{WHOLE_DIGITS}}}(?:[.,]\d{{1,{PLACES}}})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,16}", re.ASCII)
_CLOCK = re.compile(r"(?:(\d{1,5}):)?(\d{1,2}):(\d{2})", re.ASCII)
LONGEST_S = 99_999 * 3600 + 3599
"""The longest duration in seconds: 99,999 hours."""


class Integer(FieldType, frozen=True, tag="integer"):
    """A whole number; `positive` takes none below 1."""

    widget: ClassVar[str] = "number"
    positive: bool = False

    def parse(self, value: object, region: str) -> int | None:
        """See FieldType."""
        if is_empty(value):
            return None
        number = _whole(value)
        if abs(number) > GREATEST:
            raise Refusal("out_of_range", f"Write a number from {-GREATEST} to {GREATEST}.")
        if self.positive and number < 1:
            raise Refusal("not_positive", "Write a whole number greater than zero.")
        return number

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["integer", "null"], "minimum": 1 if self.positive else -GREATEST, "maximum": GREATEST}


class DecimalNumber(FieldType, frozen=True, tag="decimal"):
    """A number with a fraction, kept exactly: as text in JSON, since JSON readers round numbers."""

    widget: ClassVar[str] = "decimal"

    def parse(self, value: object, region: str) -> Decimal | None:
        """See FieldType."""
        if is_empty(value):
            return None
        text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else plain_text(value, 40)
        if not _DECIMAL.fullmatch(text):
            raise Refusal("not_a_number", f"Write a number with at most {WHOLE_DIGITS} digits before the point and {PLACES} after it.")
        number = Decimal(text.replace(",", ".")).normalize()
        return number or Decimal(0)

    def stored(self, value: Decimal) -> str:
        """See FieldType."""
        return f"{value:f}"

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["string", "number", "null"], "examples": ["1249.5"]}


class Duration(FieldType, frozen=True, tag="duration"):
    """A length of time in whole seconds, written H:MM:SS."""

    widget: ClassVar[str] = "duration"

    def parse(self, value: object, region: str) -> int | None:
        """See FieldType."""
        if is_empty(value):
            return None
        if isinstance(value, str):
            seconds = _seconds(value.strip())
        elif isinstance(value, int) and not isinstance(value, bool):
            seconds = value
        else:
            seconds = None
        if seconds is None or not 0 <= seconds <= LONGEST_S:
            raise Refusal("not_a_duration", "Write hours, minutes and seconds, such as 1:05:00, or a number of seconds up to 99,999 hours.")
        return seconds

    def text(self, value: int) -> str:
        """See FieldType."""
        minutes, seconds = divmod(value, 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["integer", "string", "null"], "examples": [3900, "1:05:00"]}


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return int(value)
    raise Refusal("not_a_whole_number", "Write a whole number in digits, without blanks or points.")


def _seconds(text: str) -> int | None:
    if _INTEGER.fullmatch(text):
        return int(text)
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    if minutes > 59 or seconds > 59:
        return None
    return hours * 3600 + minutes * 60 + seconds
