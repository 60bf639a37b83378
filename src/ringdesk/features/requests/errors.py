"""What can go wrong with requests."""

from typing import ClassVar

from ringdesk.kit.problems import Problem


class StaleRequest(Problem):
    """Somebody changed the request since the editor read it; `current` is the request as it is now."""

    slug: ClassVar[str] = "stale_request"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "The request was changed meanwhile"


class RequestClosed(Problem):
    """A closed request takes no edit, no new link and no move (product.md 2.4)."""

    slug: ClassVar[str] = "request_closed"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "The request is closed"


class RequestInUse(Problem):
    """A request stays active while one of its interactions is in progress (product.md 2.4)."""

    slug: ClassVar[str] = "request_in_use"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "The request is being talked about"


class RequestUsed(Problem):
    """Only a request that nobody wrote into can be discarded (product.md 4.4)."""

    slug: ClassVar[str] = "request_used"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "The request is in use"


class ChoiceStands(Problem):
    """Another choice counts more than this one: a supervisor's change, or that of a later leg (product.md 2.5)."""

    slug: ClassVar[str] = "choice_stands"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "Another choice stands"


class LastType(Problem):
    """At least one type of requests must exist (product.md 2.1)."""

    slug: ClassVar[str] = "last_type"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "One type must stay"


class MovedSince(Problem):
    """A move can't be undone any more, because the interaction went on from where it had put it."""

    slug: ClassVar[str] = "moved_since"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "The interaction was moved again"
