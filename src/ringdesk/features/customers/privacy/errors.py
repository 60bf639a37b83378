"""What can go wrong with privacy."""

from typing import ClassVar

from ringdesk.kit.problems import Problem


class CustomerGone(Problem):
    """The customer was erased; `erasure` says when, by whom and why (product.md 1.9)."""

    slug: ClassVar[str] = "customer_erased"
    status: ClassVar[int] = 410
    title: ClassVar[str] = "This customer was erased"


class CallInProgress(Problem):
    """A conversation with the customer is going on."""

    slug: ClassVar[str] = "call_in_progress"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "A conversation with this customer is going on"
