"""What can go wrong with a merge."""

from typing import ClassVar

from ringdesk.kit.problems import Problem


class SameCustomer(Problem):
    """A card cannot be merged with itself, whatever its id was once."""

    slug: ClassVar[str] = "same_customer"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "These are one card"


class MergedMeanwhile(Problem):
    """The other card is part of a third one; `customer_id` is that."""

    slug: ClassVar[str] = "merged_meanwhile"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "The other card was merged meanwhile"


class CardArchived(Problem):
    """The card that would stay is archived: what moves to it would be hidden."""

    slug: ClassVar[str] = "card_archived"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "The card is archived"


class AlreadyUndone(Problem):
    """The merge was taken back before."""

    slug: ClassVar[str] = "already_undone"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "The merge was undone already"


class UndoLaterFirst(Problem):
    """The card went into another one since; `merge_id` is that merge, to be undone first."""

    slug: ClassVar[str] = "undo_later_first"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "A later merge has to be undone first"
