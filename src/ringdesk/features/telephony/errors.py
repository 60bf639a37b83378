"""What can go wrong with telephony."""

from typing import ClassVar

from ringdesk.kit.problems import Problem


class UnknownExtension(Problem):
    """An event names an extension that no active user has (product.md 5.3)."""

    slug: ClassVar[str] = "unknown_extension"
    status: ClassVar[int] = 422
    title: ClassVar[str] = "Nobody has this extension"
