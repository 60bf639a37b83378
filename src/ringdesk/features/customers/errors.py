"""What can go wrong with customers."""

from typing import ClassVar

from ringdesk.kit.problems import Problem


class StaleCustomer(Problem):
    """Somebody changed the card since the editor read it; `current` is the card as it is now (product.md 1.5)."""

    slug: ClassVar[str] = "stale_customer"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "The customer was changed meanwhile"


class SharedAddress(Problem):
    """Another customer has this number or e-mail, and the deployment asks first or refuses it; `duplicates` are they (product.md 1.4)."""

    slug: ClassVar[str] = "shared_address"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "Another customer has this number or e-mail"
