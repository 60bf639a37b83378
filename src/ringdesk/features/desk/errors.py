"""What can go wrong on the desk."""

from typing import ClassVar

from ringdesk.kit.problems import Problem


class CtiNotAllowed(Problem):
    """Only users with CTI enabled and an extension take calls (product.md 5.2)."""

    slug: ClassVar[str] = "cti_not_allowed"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "You cannot log in to CTI"


class CallNotInWrapUp(Problem):
    """The leg is not in its wrap-up time at this agent."""

    slug: ClassVar[str] = "call_not_in_wrap_up"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "This call is not in wrap-up"
