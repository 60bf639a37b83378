"""Inheritance of wrap-ups (product.md 3.4)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ringdesk.features.interactions.rules import LegWrapUp, inherited_codes

START = datetime(2026, 11, 22, 10, tzinfo=UTC)


def leg(number: int, *, own: str | None = None, finished: bool = True) -> LegWrapUp:
    return LegWrapUp(UUID(int=number), START + timedelta(minutes=number), finished, own)


class TestInheritedCodes:
    def test_a_later_leg_without_outcome_takes_the_nearest_earlier_one(self) -> None:
        assert inherited_codes([leg(1, own="refund"), leg(2, own="billing"), leg(3)])[UUID(int=3)] == "billing"

    def test_a_leg_in_its_wrap_up_time_inherits_nothing_yet(self) -> None:
        assert inherited_codes([leg(1, own="refund"), leg(2, finished=False)])[UUID(int=2)] is None

    def test_an_own_outcome_replaces_the_inherited_one(self) -> None:
        assert inherited_codes([leg(1, own="refund"), leg(2, own="billing")]) == {UUID(int=1): None, UUID(int=2): None}

    def test_a_chain_of_legs_without_outcome_inherits_from_the_same_leg(self) -> None:
        assert inherited_codes([leg(1, own="refund"), leg(2), leg(3)])[UUID(int=3)] == "refund"

    def test_the_first_leg_has_nobody_to_inherit_from(self) -> None:
        assert inherited_codes([leg(1), leg(2, own="refund")])[UUID(int=1)] is None

    @given(st.lists(st.tuples(st.sampled_from([None, "a", "b"]), st.booleans()), max_size=6))
    def test_the_order_in_which_legs_are_read_does_not_matter(self, kinds: list[tuple[str | None, bool]]) -> None:
        legs = [leg(number, own=own, finished=finished) for number, (own, finished) in enumerate(kinds)]
        assert inherited_codes(legs) == inherited_codes(reversed(legs))
