"""What fields take, what they make of it, and what they say when they can't."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.features.customers.fields import EDITABLE, READ_ONLY, check, check_identity, collect
from ringdesk.features.customers.models import Draft, Reach
from ringdesk.features.customers.schemas import Address, Customer
from ringdesk.kit.problems import FieldErrors, InvalidFields


def codes(values: dict[str, Any], *, base: Draft | None = None) -> dict[str, str]:
    """The code of every field that is refused."""
    errors = FieldErrors()
    collect(values, region="SE", errors=errors, base=base)
    return {error.field: error.code for error in errors.items}


def test_a_draft_keeps_what_was_typed_beside_what_is_compared() -> None:
    draft = check({"phone_2": " 070-174 06 05 ", "email": " Asa@Example.COM "}, region="SE")
    assert draft.phones == {2: Reach("070-174 06 05", "+46701740605")}
    assert draft.email == Reach("Asa@Example.COM", "asa@example.com")


def test_invisible_marks_that_turn_the_direction_are_dropped() -> None:
    draft = check({"first_name": "\u202eÅsa\u202c", "last_name": "\u05db\u05d4\u05df", "phone_1": "\u202a070-174 06 05\u202c"}, region="SE")
    assert (draft.first_name, draft.last_name) == ("Åsa", "\u05db\u05d4\u05df")
    assert draft.phones[1].raw == "070-174 06 05"


def test_numbers_are_read_in_the_region_of_the_deployment() -> None:
    assert check({"phone_1": "020 7946 0018"}, region="GB").phones[1].normalised == "+442079460018"


def test_every_wrong_field_is_named_at_once() -> None:
    wrong = {
        "kind": "robot",
        "first_name": 7,
        "last_name": "x" * 101,
        "company_name": "two\nlines",
        "phone_1": "12",
        "phone_2": 12345,
        "phone_3": "call me",
        "phone_4": "1" * 29,
        "email": "nobody",
        "addresses": [{"city": 1, "planet": "Mars"}, "Umeå", {"primary": "yes"}],
        "preferred_language": "swedish!",
        "consent": {"fax": True, "email": "yes"},
        "attributes": {"shoe_size": 43},
        "number": 5,
        "nickname": "Å",
    }
    assert codes(wrong) == {
        "kind": "not_an_option",
        "first_name": "not_text",
        "last_name": "too_long",
        "company_name": "control_characters",
        "phone_1": "invalid_phone",
        "phone_2": "invalid_phone",
        "phone_3": "invalid_phone",
        "phone_4": "invalid_phone",
        "email": "invalid_email",
        "addresses[0].city": "not_text",
        "addresses[0].planet": "unknown_field",
        "addresses[1]": "not_an_object",
        "addresses[2].primary": "not_a_bool",
        "preferred_language": "invalid_language",
        "consent.fax": "unknown_channel",
        "consent.email": "not_a_bool",
        "attributes.shoe_size": "unknown_field",
        "number": "read_only",
        "nickname": "unknown_field",
    }


def test_a_refusal_says_what_to_do() -> None:
    with pytest.raises(InvalidFields) as refused:
        check({"phone_1": "1" * 29, "nickname": "Å"}, region="SE")
    messages = [error.message for error in refused.value.errors]
    assert messages[0] == "A telephone number has at most 28 characters; this has 29. Shorten it."
    assert "Fields are kind, first_name" in messages[1]
    assert refused.value.detail == "Correct these fields and send the request again: phone_1, nickname."


@pytest.mark.parametrize("empty", [None, "", "   "])
def test_null_and_blank_clear_a_field(empty: str | None) -> None:
    full = check(
        {"first_name": "Åsa", "phone_1": "0701740605", "email": "a@b.se", "preferred_language": "sv", "external_id": "7"}, region="SE"
    )
    cleared = check(dict.fromkeys(("first_name", "phone_1", "email", "preferred_language", "external_id"), empty), region="SE", base=full)
    assert cleared == Draft()


def test_absent_fields_stay() -> None:
    full = check({"first_name": "Åsa", "phone_1": "0701740605", "phone_3": "112"}, region="SE")
    assert check({"phone_3": "113"}, region="SE", base=full) == check(
        {"first_name": "Åsa", "phone_1": "0701740605", "phone_3": "113"}, region="SE"
    )


def test_a_card_holds_a_number_once() -> None:
    assert codes({"phone_1": "0701740605", "phone_4": "+46 70 174 06 05"}) == {"phone_4": "repeated"}


def test_of_an_edit_the_edited_field_is_named_when_a_number_repeats() -> None:
    base = check({"phone_2": "0701740605"}, region="SE")
    assert codes({"phone_1": "0046701740605"}, base=base) == {"phone_1": "repeated"}


def test_numbers_can_change_places() -> None:
    base = check({"phone_1": "0701740605", "phone_2": "112"}, region="SE")
    assert check({"phone_1": "112", "phone_2": "0701740605"}, region="SE", base=base).phones[1].raw == "112"


class TestAddresses:
    def test_the_first_one_is_primary_unless_another_says_so(self) -> None:
        draft = check({"addresses": [{"city": "Umeå"}, {"city": "Luleå"}]}, region="SE")
        assert draft.addresses == (Address(city="Umeå", primary=True), Address(city="Luleå"))

    def test_only_one_is_primary(self) -> None:
        assert codes({"addresses": [{"city": "Umeå", "primary": True}, {"city": "Luleå", "primary": True}]}) == {
            "addresses": "several_primary"
        }

    def test_empty_ones_are_left_out(self) -> None:
        draft = check({"addresses": [{"city": " ", "primary": True}, {"city": "Luleå"}]}, region="SE")
        assert draft.addresses == (Address(city="Luleå", primary=True),)

    def test_each_has_its_five_parts(self) -> None:
        parts = {"street": "Storgatan 4", "city": "Umeå", "region": "Västerbotten", "postcode": "903 26", "country": "SE"}
        assert check({"addresses": [parts]}, region="SE").addresses == (Address(**parts, primary=True),)

    def test_country_codes_are_upper_case(self) -> None:
        assert check({"addresses": [{"country": "se"}]}, region="SE").addresses[0].country == "SE"

    def test_there_is_a_most(self) -> None:
        assert codes({"addresses": [{"city": "Umeå"}] * 21}) == {"addresses": "too_many"}


@pytest.mark.parametrize(
    ("typed", "kept"), [("SV", "sv"), ("en_gb", "en-GB"), ("ZH-hant-tw", "zh-Hant-TW"), ("es-419", "es-419"), ("tok", "tok")]
)
def test_languages_are_written_one_way(typed: str, kept: str) -> None:
    assert check({"preferred_language": typed}, region="SE").preferred_language == kept


@pytest.mark.parametrize("address", ["a@b.se", "a.b+tag@sub.example.co.uk", "å.öberg@räksmörgås.se", "o'neill@example.com"])
def test_usual_mail_addresses_are_taken(address: str) -> None:
    assert check({"email": address}, region="SE").email == Reach(address, address.lower())


@pytest.mark.parametrize(
    "address", ["a", "a@b", "@b.se", "a b@c.se", "a@b..se", "a@-b.se", "a@b.se,c@d.se", "<a@b.se>", "a@b.se\n"[:-1] + " c"]
)
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    assert codes({"email": address}) == {"email": "invalid_email"}


def test_an_external_id_may_come_as_a_number() -> None:
    assert check({"external_id": 4711}, region="SE").external_id == "4711"


def test_an_identity_by_itself_is_checked_like_the_field() -> None:
    assert check_identity("social", " @Asa ", region="SE") == Reach("@Asa", "@asa")
    with pytest.raises(InvalidFields) as refused:
        check_identity("phone", "12", region="SE")
    assert [error.field for error in refused.value.errors] == ["value"]
    with pytest.raises(InvalidFields):
        check_identity("chat", " ", region="SE")


def test_every_field_on_the_wire_is_either_set_by_people_or_by_ringdesk() -> None:
    assert set(Customer.__struct_fields__) == set(EDITABLE) | READ_ONLY


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*EDITABLE, "bogus", "number"]), JSON, max_size=8))
def test_any_json_is_taken_or_refused_field_by_field(values: dict[str, Any]) -> None:
    errors = FieldErrors()
    draft = collect(values, region="SE", errors=errors)
    assert all(error.field.split(".")[0].split("[")[0] in values for error in errors.items)
    assert check({}, region="SE", base=draft) == draft
