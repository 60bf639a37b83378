"""What can go wrong with attributes."""

from typing import ClassVar

from ringdesk.kit.problems import Problem


class TooManyAttributes(Problem):
    """As many attributes as a card can show are shown (product.md 1.2)."""

    slug: ClassVar[str] = "too_many_attributes"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "The card is full"


class ConversionRunning(Problem):
    """The stored values of this attribute are being encrypted or decrypted."""

    slug: ClassVar[str] = "conversion_running"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "The values are being converted"
