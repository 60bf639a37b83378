"""What can go wrong with attributes."""

from typing import ClassVar

from ringdesk.kit.problems import Problem


class TooManyAttributes(Problem):
    """As many attributes as a card can show are shown (product.md 1.2)."""

    slug: ClassVar[str] = "too_many_attributes"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "The card is full"
