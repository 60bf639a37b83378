"""What views publish."""

from msgspec import Struct

from ringdesk.kit.problems import FieldErrors
from ringdesk.kit.signals import Signal


class SavingView(Struct, frozen=True):
    """A view of the list `name` is about to keep this question; whoever knows the list notes what it may not keep in `errors`."""

    name: str
    query: str
    errors: FieldErrors


saving: Signal[SavingView] = Signal()
