"""Types of dates and times."""

import re
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar

from ringdesk.kit.fields.base import FieldType, Refusal, is_empty, plain_text

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)


class Date(FieldType, frozen=True, tag="date"):
    """A day of the calendar."""

    widget: ClassVar[str] = "date"

    def parse(self, value: object, region: str) -> date | None:
        """See FieldType."""
        if is_empty(value):
            return None
        text = plain_text(value, 40)
        try:
            if _DATE.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise Refusal("not_a_date", "Write the date as year, month and day, such as 2026-11-22.")

    def stored(self, value: date) -> str:
        """See FieldType."""
        return value.isoformat()

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["string", "null"], "format": "date"}


class TimeOfDay(FieldType, frozen=True, tag="time"):
    """A time of the day, to the second."""

    widget: ClassVar[str] = "time"

    def parse(self, value: object, region: str) -> time | None:
        """See FieldType."""
        if is_empty(value):
            return None
        found = _TIME.fullmatch(plain_text(value, 40))
        if not found:
            raise Refusal("not_a_time", "Write the time as hours and minutes, such as 09:30.")
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return time(hours, minutes, seconds)

    def stored(self, value: time) -> str:
        """See FieldType."""
        return value.isoformat()

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["string", "null"], "examples": ["09:30"]}


class DateTime(FieldType, frozen=True, tag="date_time"):
    """A moment, to the second; kept in UTC."""

    widget: ClassVar[str] = "date_time"

    def parse(self, value: object, region: str) -> datetime | None:
        """See FieldType."""
        if is_empty(value):
            return None
        text = plain_text(value, 40)
        try:
            at = datetime.fromisoformat(text) if len(text) > 10 else None
            if at and at.tzinfo:
                return at.astimezone(UTC).replace(microsecond=0)
        except (ValueError, OverflowError):
            at = None
        if at:
            raise Refusal("no_time_zone", "Give the time with its offset from UTC, such as 2026-11-22T09:30:00Z.")
        raise Refusal("not_a_time", "Write date and time, such as 2026-11-22T09:30:00Z.")

    def stored(self, value: datetime) -> str:
        """See FieldType."""
        # Of one length always, so that the order of the texts is the order of the moments.
        return value.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["string", "null"], "format": "date-time"}
