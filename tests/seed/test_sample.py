"""The sample customers and their history, before they are written anywhere."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from ringdesk.kit import phones
from ringdesk.kit.ids import id_time, new_id
from ringdesk.seed.customers import LONG_NAMES, Register, SampleCustomer
from ringdesk.seed.staff import CODES, Agent
from ringdesk.seed.stories import Archive, topics

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
AGENTS = [Agent(new_id(), name, "Support", str(1001 + i)) for i, name in enumerate(("Aiko", "Bilal", "Sven"))]


def _customers(count: int = 2000, seed: int = 1) -> list[SampleCustomer]:
    return list(Register(now=NOW, region="GB", seed=seed).customers(count))


@pytest.fixture(scope="module")
def sample() -> tuple[list[SampleCustomer], Archive]:
    """Two thousand customers with their history."""
    customers = _customers()
    archive = Archive(AGENTS, now=NOW, seed=1)
    for customer in customers:
        archive.write(customer)
    return customers, archive


def test_the_same_seed_makes_the_same_customers() -> None:
    def plain(customers: list[SampleCustomer]) -> list[object]:
        return [(c.row.id, c.row.display_name, c.row.phone_1, c.row.email, [i.id for i in c.identities]) for c in customers]

    assert plain(_customers(100)) == plain(_customers(100))
    assert plain(_customers(100)) != plain(_customers(100, seed=2))


def test_they_come_from_ten_countries_and_are_people_and_companies(sample: tuple[list[SampleCustomer], Archive]) -> None:
    customers, _ = sample
    assert len({c.row.addresses.obj[0].country for c in customers}) == 10
    kinds = Counter(c.row.kind for c in customers)
    assert 120 < kinds["company"] < 280
    assert kinds["person"] + kinds["company"] == 2000


def test_each_number_is_found_by_what_was_typed(sample: tuple[list[SampleCustomer], Archive]) -> None:
    customers, _ = sample
    for identity in (i for c in customers for i in c.identities if i.kind == "phone"):
        assert phones.normalise(identity.raw, "GB").normalised == identity.normalised


def test_some_households_share_a_number_and_most_do_not(sample: tuple[list[SampleCustomer], Archive]) -> None:
    customers, _ = sample
    holders = Counter(i.normalised for c in customers for i in c.identities if i.kind == "phone")
    shared = sum(1 for count in holders.values() if count > 1)
    assert 50 < shared < 200


def test_no_sample_customer_has_the_number_of_a_stranger_or_of_the_centre(sample: tuple[list[SampleCustomer], Archive]) -> None:
    customers, _ = sample
    assert not [i for c in customers for i in c.identities if i.normalised.startswith(("+44207946088", "+442079460000"))]


def test_mail_goes_to_nobody(sample: tuple[list[SampleCustomer], Archive]) -> None:
    customers, _ = sample
    addresses = [c.row.email for c in customers if c.row.email]
    assert {address.split("@")[1] for address in addresses} == {"example.com", "example.org", "example.net"}
    assert all(address.isascii() for address in addresses)


def test_names_of_sixty_characters_are_among_them(sample: tuple[list[SampleCustomer], Archive]) -> None:
    customers, _ = sample
    assert {len(f"{first} {last}") for _, first, last in LONG_NAMES} == {60}
    assert max(len(c.row.display_name) for c in customers) >= 60


def test_history_lies_in_the_two_years_before_now_in_its_own_order(sample: tuple[list[SampleCustomer], Archive]) -> None:
    _, archive = sample
    assert len(archive.interactions) > 5000
    for item in archive.interactions:
        assert NOW - timedelta(days=732) < item.started_at < NOW
        assert abs(id_time(item.id) - item.started_at) < timedelta(milliseconds=2)
    starts = {item.id: item.started_at for item in archive.interactions}
    for activity in archive.activities:
        assert activity.started_at >= starts[activity.interaction_id]
        assert activity.ended_at is None or activity.ended_at <= NOW


def test_results_agree_with_the_legs(sample: tuple[list[SampleCustomer], Archive]) -> None:
    _, archive = sample
    legs: dict[object, list[str]] = {}
    for activity in archive.activities:
        if activity.kind == "agent":
            legs.setdefault(activity.interaction_id, []).append(activity.outcome or "")
    voice = [item for item in archive.interactions if item.channel == "voice"]
    assert {item.result for item in voice} == {"answered", "abandoned", "not_accepted", "ivr_only", "no_answer"}
    for item in voice:
        assert ("answered" in legs.get(item.id, [])) == (item.result == "answered")
        assert (item.type == "agent") == bool(legs.get(item.id))
        assert (item.answered_at is not None) == (item.result == "answered")


def test_wrap_ups_have_a_leg_and_a_known_code(sample: tuple[list[SampleCustomer], Archive]) -> None:
    _, archive = sample
    legs = {activity.id for activity in archive.activities if activity.kind == "agent"}
    wrap_ups = [activity for activity in archive.activities if activity.kind == "wrap_up"]
    assert all(wrap_up.leg_id in legs and wrap_up.code in CODES for wrap_up in wrap_ups)
    assert any(wrap_up.inherited for wrap_up in wrap_ups)
    assert all(set(label) == {"en", "sv", "ja"} for label in CODES.values())


def test_remarks_are_in_the_language_of_the_customer(sample: tuple[list[SampleCustomer], Archive]) -> None:
    customers, archive = sample
    language = {c.id: c.language for c in customers}
    of_interaction = {item.id: item.customer_id for item in archive.interactions}
    japanese = [c.text for c in archive.comments if language.get(of_interaction[c.interaction_id] or new_id()) == "ja"]
    assert len(japanese) > 50
    assert all(any("぀" <= char <= "鿿" for char in text) for text in japanese)
    assert {len(topic.texts) for topic in topics()} == {9}


def test_the_card_knows_the_last_contact(sample: tuple[list[SampleCustomer], Archive]) -> None:
    customers, archive = sample
    last: dict[object, datetime] = {}
    for item in archive.interactions:
        last[item.customer_id] = max(item.started_at, last.get(item.customer_id, item.started_at))
    known = {c.id for c in customers}
    assert {one: contact.at for one, contact in archive.contacts.items()} == {one: at for one, at in last.items() if one in known}
