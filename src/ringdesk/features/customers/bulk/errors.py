"""What can go wrong with a bulk edit as a whole."""

from typing import ClassVar

from ringdesk.kit.problems import NotFound, Problem


class BulkEditNotFound(NotFound):
    """No bulk edit has this id."""

    slug: ClassVar[str] = "bulk_edit_not_found"
    title: ClassVar[str] = "There is no such bulk edit"


class WrongState(Problem):
    """The bulk edit is in a state that doesn't allow this."""

    slug: ClassVar[str] = "bulk_edit_state"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "The bulk edit cannot do that now"


class NothingSelected(Problem):
    """The selection has no customers in it, or more than one edit takes."""

    slug: ClassVar[str] = "selection"
    status: ClassVar[int] = 422
    title: ClassVar[str] = "These customers cannot be edited at once"
