"""What a card is called, how it is ordered and found, what changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.features.customers import rules
from ringdesk.features.customers.models import Draft, Reach
from ringdesk.features.customers.schemas import Address
from ringdesk.kit.folding import fold
from ringdesk.kit.list_filters import escape_like

MOBILE = Reach("070-174 06 05", "+46701740605")
OFFICE = Reach("+44 20 7946 0018", "+442079460018")
MAIL = Reach("Asa.Berg@Example.com", "asa.berg@example.com")


class TestDisplayName:
    def test_is_first_and_last_name_of_a_person(self) -> None:
        assert rules.display_name(Draft(first_name="Åsa", last_name="Berg", company_name="Berg AB", email=MAIL)) == "Åsa Berg"

    def test_is_the_company_name_of_a_company_even_with_a_contact(self) -> None:
        assert rules.display_name(Draft(kind="company", first_name="Åsa", company_name="Berg AB")) == "Berg AB"

    def test_puts_the_family_name_first_in_japanese_script(self) -> None:
        assert rules.display_name(Draft(first_name="太郎", last_name="山田")) == "山田 太郎"

    def test_of_a_person_without_a_name_is_their_company(self) -> None:
        assert rules.display_name(Draft(company_name="Berg AB", email=MAIL)) == "Berg AB"

    def test_of_a_company_without_a_name_is_its_contact(self) -> None:
        assert rules.display_name(Draft(kind="company", last_name="Berg")) == "Berg"

    def test_falls_back_to_e_mail_then_phone_then_unknown(self) -> None:
        assert rules.display_name(Draft(email=MAIL, phones={1: MOBILE})) == "Asa.Berg@Example.com"
        assert rules.display_name(Draft(phones={4: OFFICE, 2: MOBILE})) == "070-174 06 05"
        assert rules.display_name(Draft()) == "Unknown customer"


class TestSearchText:
    def test_holds_names_folded_and_numbers_in_both_forms(self) -> None:
        text = rules.search_text(Draft(first_name="Åsa", last_name="Berg", phones={1: MOBILE}, email=MAIL))
        assert text == "asa berg +46701740605 0701740605 asa.berg@example.com"

    def test_leaves_out_typed_digits_that_the_normalised_form_holds(self) -> None:
        assert rules.search_text(Draft(phones={1: OFFICE})) == "+442079460018"

    def test_holds_identities_that_no_field_shows(self) -> None:
        assert "+442079460018" in rules.search_text(Draft(first_name="Åsa"), [OFFICE])

    def test_finds_a_japanese_name_with_and_without_its_blank(self) -> None:
        text = rules.search_text(Draft(first_name="太郎", last_name="山田"))
        assert all(part in text for part in ("山田", "太郎", "山田太郎"))

    def test_says_nothing_twice(self) -> None:
        assert rules.search_text(Draft(first_name="Berg", last_name="Berg", company_name="berg")) == "berg"


class TestSearchFragments:
    @pytest.mark.parametrize(
        ("q", "fragments"),
        [
            ("", []),
            ("   ", []),
            ("Åsa berg", ["asa", "berg"]),
            ("berg BERG", ["berg"]),
            ("070-174 06 05", ["701740605"]),
            ("070/174 06 05", ["701740605"]),
            ("(070) 174", ["70174"]),
            ("+46 70 174 06 05", ["46701740605"]),
            ("0046701740605", ["46701740605"]),
            ("asa 070 174", ["asa", "70174"]),
            ("070 asa 174", ["070", "asa", "174"]),
            ("05", ["05"]),
            ("asa.berg@ex", ["asa.berg@ex"]),
            ("山田", ["山田"]),
            ("ヤマダ", ["やまだ"]),
            ("--", ["--"]),
        ],
    )
    def test_are_words_and_whole_numbers(self, q: str, fragments: list[str]) -> None:
        assert rules.search_fragments(q) == fragments

    @pytest.mark.parametrize(
        "typed", ["070-174 06 05", "0701740605", "+46701740605", "0046 70 174 06 05", "46701740605", "+46 (0)70-174", "174 06"]
    )
    def test_find_a_number_however_both_were_written(self, typed: str) -> None:
        (fragment,) = rules.search_fragments(typed.replace("(0)", ""))
        for raw in ("070-174 06 05", "+46 70 174 06 05", "0046701740605"):
            assert fragment in rules.search_text(Draft(phones={1: Reach(raw, "+46701740605")}))

    @given(st.text(max_size=60))
    def test_take_any_text(self, q: str) -> None:
        for fragment in rules.search_fragments(q):
            assert fragment
            assert fragment == fold(fragment)
            assert escape_like(fragment).replace("\\", "") or "\\" in fragment

    @given(st.text(alphabet="aåbÖ山田タ. -", max_size=12).map(str.strip))
    def test_find_every_word_of_a_name(self, name: str) -> None:
        text = rules.search_text(Draft(last_name=name))
        assert all(fragment in text for fragment in rules.search_fragments(name))


class TestDerived:
    def test_has_the_city_of_the_primary_address(self) -> None:
        addresses = (Address(city="Umeå"), Address(city="Luleå", primary=True))
        assert rules.derive(Draft(addresses=addresses)).city == "Luleå"

    def test_has_no_city_without_an_address(self) -> None:
        assert rules.derive(Draft()).city is None

    def test_orders_by_the_displayed_name(self) -> None:
        assert rules.derive(Draft(first_name="Åsa", last_name="Berg")).sort_name == "{sa berg"


class TestChangedFields:
    def test_of_a_new_card_are_those_that_hold_something(self) -> None:
        values = rules.field_values(Draft(first_name="Åsa", phones={2: MOBILE}, consent={"email": False}))
        assert rules.changed_fields({}, values) == ["kind", "first_name", "phone_2", "consent"]

    def test_of_an_edit_are_those_that_differ_also_cleared_ones(self) -> None:
        before = rules.field_values(Draft(first_name="Åsa", email=MAIL))
        after = rules.field_values(Draft(first_name="Åsa", phones={1: MOBILE}))
        assert rules.changed_fields(before, after) == ["phone_1", "email"]

    def test_an_attribute_is_a_field_of_its_own(self) -> None:
        before = rules.field_values(Draft(attributes={"colour": "red", "size": 4, "gone": True}))
        after = rules.field_values(Draft(attributes={"colour": "blue", "size": 4, "new": "x"}))
        assert rules.changed_fields(before, after) == ["attributes.colour", "attributes.new", "attributes.gone"]
