"""What can go wrong with attributes."""

from typing import ClassVar

from ringdesk.kit.problems import Problem


class TooManyAttributes(Problem):
    """As many attributes as a card can show are shown (product.md 1.2)."""

    slug: ClassVar[str] = "too_many_attributes"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "The card is full"


class ValuesDoNotFit(Problem):
    """Stored values are none of the new type; `misfits` counts them, `sample` shows some (product.md 1.2)."""

    slug: ClassVar[str] = "values_do_not_fit"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "Some stored values do not fit the new type"
