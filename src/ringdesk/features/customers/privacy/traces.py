"""What tells an erased customer apart from everybody else, and where it is found. Pure. docs/subsystems/privacy.md."""

from collections.abc import Iterable
from uuid import UUID

from msgspec import Struct

from ringdesk.kit.folding import fold


class Trace(Struct, frozen=True):
    """What trails and files are searched for: ids, texts that tell this customer apart, and the last digits of numbers.

    `own` are the addresses that nobody else has, in every form, `shared` those that others have too; with one of these and this `name`
    it is the customer. Imports that run meanwhile are compared by them and by `external_id`.
    """

    ids: list[UUID]
    texts: list[str]
    numbers: list[str]
    own: list[str] = []
    shared: list[str] = []
    name: str = ""
    external_id: str | None = None


def names(cells: Iterable[str], trace: Trace) -> bool:
    """Whether a row of a file is about the customer."""
    row = fold(" ".join(cells))
    if any(fold(text) in row for text in trace.texts):
        return True
    digits = "".join(filter(str.isdigit, row)) if trace.numbers else ""
    return any(number in digits for number in trace.numbers)
