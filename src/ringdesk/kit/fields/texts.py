"""Types of written values."""

from typing import Any, ClassVar

from ringdesk.kit.fields.base import FieldType, Refusal, paragraphs, plain_text

MAX_TEXT = 1_000
"""Characters of one line (product.md 12)."""
MAX_LONG_TEXT = 20_000
"""Characters of a long text: some eight printed pages; longer documents are files."""


class Text(FieldType, frozen=True, tag="text"):
    """One line of text."""

    widget: ClassVar[str] = "line"
    limit: int = MAX_TEXT

    def parse(self, value: object, region: str) -> str | None:
        """See FieldType."""
        return plain_text(value, self.limit) or None

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["string", "null"], "maxLength": self.limit}


class LongText(FieldType, frozen=True, tag="long_text"):
    """Text of several lines."""

    widget: ClassVar[str] = "paragraphs"

    def parse(self, value: object, region: str) -> str | None:
        """See FieldType."""
        return paragraphs(value, MAX_LONG_TEXT) or None

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["string", "null"], "maxLength": MAX_LONG_TEXT}


class _Alphanumeric(FieldType, frozen=True):
    widget: ClassVar[str] = "line"
    most: ClassVar[int]

    def parse(self, value: object, region: str) -> str | None:
        """See FieldType."""
        line = plain_text(value, self.most)
        wrong = next((char for char in line if not char.isalnum()), None)
        if wrong is not None:
            raise Refusal("not_alphanumeric", f"Only letters and digits fit here; remove “{wrong}”.")
        return line or None

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["string", "null"], "maxLength": self.most}


class Alphanumeric15(_Alphanumeric, frozen=True, tag="alphanumeric_15"):
    """Up to 15 letters and digits."""

    most: ClassVar[int] = 15


class Alphanumeric50(_Alphanumeric, frozen=True, tag="alphanumeric_50"):
    """Up to 50 letters and digits."""

    most: ClassVar[int] = 50
