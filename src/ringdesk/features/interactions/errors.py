"""What can go wrong with interactions."""

from typing import ClassVar

from ringdesk.kit.problems import Problem


class AlreadyLinked(Problem):
    """The interaction got its customer meanwhile."""

    slug: ClassVar[str] = "already_linked"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "This call has its customer already"


class WrapUpNotYours(Problem):
    """An agent gives outcomes to their own legs only."""

    slug: ClassVar[str] = "wrap_up_not_yours"
    status: ClassVar[int] = 403
    title: ClassVar[str] = "This leg belongs to another agent"
