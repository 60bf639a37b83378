"""Which identities the fields of a card make, and who matches an address how surely."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.features.customers import identity_rules as rules
from ringdesk.features.customers.models import Draft, IdentityRow, Reach
from ringdesk.features.customers.schemas import Confidence, CustomerSummary, Identity, IdentityKind, Match, MatchReason
from ringdesk.kit.phones import variants

MOBILE = Reach("070-174 06 05", "+46701740605")
OFFICE = Reach("+44 20 7946 0018", "+442079460018")
MAIL = Reach("Asa@Example.com", "asa@example.com")


def identity(reach: Reach, position: int, *, kind: IdentityKind = "phone", confidence: Confidence = "known") -> Identity:
    return Identity(uuid4(), kind, reach.raw, reach.normalised, confidence, position)


def match(customer: UUID, confidence: Confidence, reason: MatchReason) -> Match:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    summary = CustomerSummary(customer, 1001, "Åsa Berg", "person", None, None, None, None, None, 1, at)
    return Match(summary, confidence, reason, None, None)


class TestPhoneForms:
    @pytest.mark.parametrize(
        ("caller", "region", "sure"),
        [
            ("+46701740605", "SE", {"+46701740605", "46701740605"}),
            # Brazil's ninth digit, Mexico's 1, Argentina's 9: the same line before and after the change.
            ("+5511987654321", "BR", {"+5511987654321", "+551187654321", "5511987654321"}),
            ("+5215512345678", "MX", {"+525512345678", "+5215512345678", "525512345678"}),
            ("+541123456789", "AR", {"+541123456789", "+5491123456789", "541123456789"}),
            # A trunk that leaves the + out.
            ("46701740605", "GB", {"46701740605", "+46701740605"}),
            ("201", "SE", {"201"}),
        ],
    )
    def test_tell_sure_forms_from_doubtful_ones(self, caller: str, region: str, sure: set[str]) -> None:
        forms = rules.phone_forms(variants(caller, region))
        assert forms
        assert set(forms.sure) == sure

    def test_have_no_tail_when_the_number_is_short(self) -> None:
        forms = rules.phone_forms(["12345678"])
        assert forms
        assert forms.tail is None

    def test_have_the_last_nine_digits_as_tail(self) -> None:
        forms = rules.phone_forms(["+46701740605"])
        assert forms
        assert forms.tail == "701740605"

    def test_are_none_for_what_is_no_number(self) -> None:
        assert rules.phone_forms(variants("anonymous", "SE")) is None


class TestPlan:
    def test_of_a_new_card_has_a_row_for_each_field_at_its_place(self) -> None:
        rows = rules.identity_rows(Draft(phones={1: MOBILE, 4: OFFICE}, email=MAIL), uuid4)
        assert [(row.kind, row.position, row.raw) for row in rows] == [
            ("phone", 1, MOBILE.raw),
            ("phone", 4, OFFICE.raw),
            ("email", 1, MAIL.raw),
        ]

    def test_leaves_what_stays_alone(self) -> None:
        present = [identity(MOBILE, 1), identity(MAIL, 1, kind="email")]
        plan = rules.plan_identities(present, Draft(phones={1: MOBILE}, email=MAIL), uuid4)
        assert plan == rules.IdentityPlan([], [], [], [])

    def test_keeps_the_id_of_a_number_that_moves(self) -> None:
        had = identity(MOBILE, 1)
        plan = rules.plan_identities([had], Draft(phones={3: MOBILE}), uuid4)
        assert plan.keep == [IdentityRow(had.id, "phone", MOBILE.raw, MOBILE.normalised, 3)]
        assert plan.remove == plan.new == []

    def test_removes_what_a_field_no_longer_shows_but_nothing_behind(self) -> None:
        shown, behind, seen = identity(MOBILE, 1), identity(OFFICE, 6), identity(Reach("112", "112"), 7, confidence="maybe")
        plan = rules.plan_identities([shown, behind, seen], Draft(), uuid4)
        assert plan.remove == [shown.id]
        assert plan.further == [OFFICE, Reach("112", "112")]

    def test_confirms_an_unconfirmed_number_that_a_field_now_names(self) -> None:
        seen = identity(Reach("+46701740605", "+46701740605"), 6, confidence="maybe")
        plan = rules.plan_identities([seen], Draft(phones={1: MOBILE}), uuid4)
        assert plan.keep == [IdentityRow(seen.id, "phone", MOBILE.raw, MOBILE.normalised, 1, "known")]
        assert len(plan.new) == 1
        assert plan.remove == plan.further == []

    @given(
        st.dictionaries(st.integers(1, 5), st.sampled_from("abcdef"), max_size=5),
        st.dictionaries(st.integers(1, 5), st.sampled_from("abcdef"), max_size=5),
    )
    def test_brings_any_card_to_any_fields(self, before: dict[int, str], after: dict[int, str]) -> None:
        def unique(slots: dict[int, str]) -> dict[int, Reach]:
            return {slot: Reach(text, text) for text, slot in {text: slot for slot, text in slots.items()}.items()}

        present = [identity(reach, slot) for slot, reach in unique(before).items()]
        plan = rules.plan_identities(present, Draft(phones=unique(after)), uuid4)
        result = {one.id: (one.normalised, one.position) for one in present if one.id not in plan.remove}
        result |= {row.id: (row.normalised, row.position) for row in plan.keep}
        assert sorted(result.values()) == sorted((reach.normalised, slot) for slot, reach in unique(after).items())


class TestPlacing:
    def test_a_number_takes_the_first_free_field(self) -> None:
        draft = rules.with_identity(Draft(phones={1: MOBILE, 3: MOBILE}), "phone", OFFICE)
        assert draft
        assert draft.phones[2] == OFFICE

    def test_a_sixth_number_goes_behind_the_fields(self) -> None:
        full = Draft(phones=dict.fromkeys(range(1, 6), MOBILE))
        assert rules.with_identity(full, "phone", OFFICE) is None
        assert rules.behind([identity(MOBILE, 5), identity(MOBILE, 8)], "phone", OFFICE, uuid4).position == 9

    def test_an_unconfirmed_number_keeps_its_id_when_it_is_confirmed_behind_the_fields(self) -> None:
        seen = identity(OFFICE, 7, confidence="maybe")
        assert rules.behind([seen], "phone", OFFICE, uuid4) == IdentityRow(seen.id, "phone", OFFICE.raw, OFFICE.normalised, 7, "known")

    def test_a_second_mail_address_goes_behind_the_first(self) -> None:
        assert rules.with_identity(Draft(email=MAIL), "email", Reach("b@c.se", "b@c.se")) is None
        assert rules.behind([identity(MAIL, 1, kind="email")], "email", Reach("b@c.se", "b@c.se"), uuid4).position == 2

    def test_removing_clears_the_field_that_shows_it(self) -> None:
        draft = Draft(phones={1: MOBILE, 2: OFFICE}, email=MAIL)
        assert rules.without_identity(draft, identity(OFFICE, 2)).phones == {1: MOBILE}
        assert rules.without_identity(draft, identity(MAIL, 1, kind="email")).email is None
        assert rules.without_identity(draft, identity(OFFICE, 6)) == draft


class TestBestMatches:
    def test_has_each_customer_once_in_the_order_given(self) -> None:
        asa, bo = uuid4(), uuid4()
        found = [match(asa, "maybe", "unconfirmed_address"), match(bo, "known", "same_address"), match(asa, "known", "same_address")]
        assert rules.best_matches(found) == [match(asa, "known", "same_address"), match(bo, "known", "same_address")]


def test_addresses_are_known_in_the_forms_that_channels_use() -> None:
    rows = [IdentityRow(uuid4(), "phone", MOBILE.raw, MOBILE.normalised, 1), IdentityRow(uuid4(), "email", MAIL.raw, MAIL.normalised, 1)]
    forms = rules.all_forms(rows, "SE")
    assert {"+46701740605", "0701740605", "46701740605", "0046701740605", "070-174 06 05", "asa@example.com"} <= set(forms)


def test_only_addresses_that_a_change_brings_are_checked_for_sharing() -> None:
    before = Draft(phones={1: MOBILE}, email=MAIL)
    assert rules.new_addresses(Draft(phones={1: OFFICE, 2: MOBILE}, email=MAIL), before) == ([OFFICE.normalised], [])
    assert rules.new_addresses(before, None) == ([MOBILE.normalised], [MAIL.normalised])


@pytest.mark.parametrize("withheld", ["anonymous", "", "unknown", "+"])
def test_a_withheld_number_is_no_address(withheld: str) -> None:
    assert rules.reach_of("phone", withheld, "SE") == (None, [])
