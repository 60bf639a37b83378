"""Types of values by which somebody can be reached."""

import re
from typing import Any, ClassVar
from urllib.parse import urlsplit

from msgspec import Struct

from ringdesk.kit.fields.base import TURNING, FieldType, Refusal, is_empty, plain_text
from ringdesk.kit.phones import PhoneError, normalise

MAX_PHONE = 28
"""Characters of a number as typed (product.md 1.3)."""
MAX_EMAIL = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
MAX_URL = 2_000
"""Characters of an address of the web: what every browser and server takes."""
# What mail servers take in practice: no quoted local parts, no bare addresses; the domain has a dot (RFC 5321, 4.1.2, narrowed).
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_](?:[\w-]{0,61}[^\W_])?")


class Reach(Struct, frozen=True):
    """An address as it was typed, and as it is compared."""

    raw: str
    normalised: str


class _Address(FieldType, frozen=True):
    def stored(self, value: Reach) -> str:
        """See FieldType."""
        return value.raw


class Phone(_Address, frozen=True, tag="phone"):
    """A telephone number."""

    widget: ClassVar[str] = "phone"

    def parse(self, value: object, region: str) -> Reach | None:
        """See FieldType."""
        if is_empty(value):
            return None
        if not isinstance(value, str):
            raise Refusal("invalid_phone", "A telephone number is text, such as “+46 70 123 45 67”.")
        raw = value.translate(TURNING).strip()
        try:
            return Reach(raw, normalise(raw, region).normalised)
        except PhoneError as error:
            raise Refusal("invalid_phone", error.message) from None

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["string", "null"], "maxLength": MAX_PHONE, "examples": ["+46 70 123 45 67"]}


class Email(_Address, frozen=True, tag="email"):
    """An e-mail address."""

    widget: ClassVar[str] = "email"

    def parse(self, value: object, region: str) -> Reach | None:
        """See FieldType."""
        if is_empty(value):
            return None
        line = plain_text(value, MAX_EMAIL)
        if not _EMAIL.fullmatch(line):
            raise Refusal("invalid_email", "Write an e-mail address such as “name@example.com”.")
        return Reach(line, line.lower())

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["string", "null"], "maxLength": MAX_EMAIL, "examples": ["name@example.com"]}


class Url(FieldType, frozen=True, tag="url"):
    """An address of the web: http or https."""

    widget: ClassVar[str] = "url"

    def parse(self, value: object, region: str) -> str | None:
        """See FieldType."""
        if is_empty(value):
            return None
        line = plain_text(value, MAX_URL)
        try:
            parts = urlsplit(line)
            usable = parts.scheme in ("http", "https") and parts.hostname and " " not in line
        except ValueError:
            usable = False
        if not usable:
            raise Refusal("invalid_url", "Write a web address that begins with http:// or https://, such as “https://example.com/order/1”.")
        return line

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["string", "null"], "format": "uri", "maxLength": MAX_URL}
