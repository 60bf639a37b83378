"""Keys that are times."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ringdesk.kit.clock import now
from ringdesk.kit.ids import first_id_at, id_at, id_time, new_id

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  (the strategy adds the zone itself)


def test_new_ids_are_version_7_and_each_is_greater_than_the_last() -> None:
    ids = [new_id() for _ in range(10_000)]
    assert ids == sorted(set(ids))
    assert all((value.version, value.variant) == (7, UUID(int=0x8 << 60).variant) for value in ids)


def test_a_new_id_tells_when_it_was_made() -> None:
    assert abs(id_time(new_id()) - now()) < timedelta(seconds=1)


@given(MOMENTS)
def test_the_time_of_an_id_is_kept_to_the_millisecond(at: datetime) -> None:
    assert abs(id_time(id_at(at)) - at) < timedelta(milliseconds=1)
    assert id_at(at).version == 7


@given(MOMENTS, MOMENTS)
def test_a_range_of_time_is_a_range_of_ids(one: datetime, other: datetime) -> None:
    early, late = sorted([one, other])
    assert first_id_at(early) <= id_at(early)
    if late - early > timedelta(milliseconds=1):
        assert id_at(early) < first_id_at(late)
