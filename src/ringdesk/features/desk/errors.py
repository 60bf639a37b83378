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


class NoRequestToDiscard(Problem):
    """No request was opened by itself for this call (product.md 4.4)."""

    slug: ClassVar[str] = "no_request_to_discard"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "There is no request to discard"


class CannotAccept(Problem):
    """Only what goes on now on a digital channel is accepted at the desk."""

    slug: ClassVar[str] = "cannot_accept"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "This conversation cannot be accepted"


class NotByHand(Problem):
    """A telephone system tells of the end of this call."""

    slug: ClassVar[str] = "not_by_hand"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "This call ends at the telephone"
