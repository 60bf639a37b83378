"""What can go wrong with views."""

from typing import ClassVar

from ringdesk.kit.problems import Forbidden, Problem


class NotYoursToShare(Forbidden):
    """Supervisors share with their own team, administrators with any (product.md 0)."""

    slug: ClassVar[str] = "not_yours_to_share"
    title: ClassVar[str] = "You may not share this view"


class TooManyViews(Problem):
    """One person keeps as many views of a list as a menu can show."""

    slug: ClassVar[str] = "too_many_views"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "You have too many views"
