"""Which of several choices counts (product.md 2.5), against a plain reference."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ringdesk.features.requests.rules import Choice, standing

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
LEGS = [None, *((START + timedelta(minutes=place), UUID(int=place + 1)) for place in range(4))]
REQUESTS = [None, UUID(int=101), UUID(int=102), UUID(int=103)]

choices = st.lists(st.tuples(st.sampled_from(REQUESTS), st.sampled_from(LEGS), st.booleans()), max_size=8).map(
    lambda made: [Choice(UUID(int=place), *one) for place, one in enumerate(made)]
)


def expected(made: list[Choice]) -> UUID | None:
    """The rule word by word: a supervisor's last change; else leg by leg from the last started, its last choice, if it has one."""
    for choice in reversed(made):
        if choice.overriding:
            return choice.request_id
    for leg in [*reversed(LEGS[1:]), None]:
        said = [choice.request_id for choice in made if choice.leg == leg]
        if said and said[-1]:
            return said[-1]
    return None


@given(choices)
def test_the_last_leg_that_chose_wins_unless_a_supervisor_changed_it(made: list[Choice]) -> None:
    counting = standing(made)
    assert (counting.request_id if counting else None) == expected(made)
