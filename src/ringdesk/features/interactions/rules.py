"""Decisions about wrap-ups; pure."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from msgspec import Struct


class LegWrapUp(Struct, frozen=True):
    """An answered agent leg as the inheritance of wrap-ups sees it.

    `finished`: its wrap-up time is over. `own_code`: the last outcome that was applied to it, if any.
    """

    leg_id: UUID
    started_at: datetime
    finished: bool
    own_code: str | None
    inherited_code: str | None = None


def inherited_codes(legs: Iterable[LegWrapUp]) -> dict[UUID, str | None]:
    """The outcome that each leg must carry as inherited; None: it must carry none (product.md 3.4).

    A leg whose wrap-up time ended without an outcome of its own takes that of the nearest earlier leg that has one.
    """
    wanted: dict[UUID, str | None] = {}
    nearest: str | None = None
    for leg in sorted(legs, key=lambda leg: (leg.started_at, leg.leg_id)):
        wanted[leg.leg_id] = nearest if leg.finished and leg.own_code is None else None
        nearest = leg.own_code or nearest
    return wanted
