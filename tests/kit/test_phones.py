"""Telephone numbers: the forms of product.md 1.3, the complaints of other products' users, and that both paths agree."""

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ringdesk.kit import phones
from ringdesk.kit.phones import PhoneError, national_digits, national_display, normalise, variants

REGIONS = [
    "GB",
    "US",
    "SE",
    "JP",
    "DE",
    "FR",
    "BR",
    "MX",
    "IN",
    "PL",
    "NO",
    "IT",
    "AR",
    "ES",
    "HU",
    "RU",
    "AU",
    "FK",
    "CN",
    "AT",
    "KZ",
    "IS",
]


@pytest.mark.parametrize(
    ("raw", "region", "expected"),
    [
        ("+442079460018", "SE", "+442079460018"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("(020) 7946-0018", "GB", "+442079460018"),
        ("020/7946.0018", "GB", "+442079460018"),
        ("0044 20 7946 0018", "SE", "+442079460018"),
        ("+44 (0)20 7946 0018", "SE", "+442079460018"),
        ("442079460018", "GB", "+442079460018"),
        ("2079460018", "GB", "+442079460018"),
        ("  020 7946 0018 \t", "GB", "+442079460018"),
        ("+442079460018\u00a0", "GB", "+442079460018"),
        ("０２０ ７９４６ ００１８", "GB", "+442079460018"),
        ("＋４４ ２０ ７９４６ ００１８", "JP", "+442079460018"),
        ("tel:+44-20-7946-0018", "US", "+442079460018"),
        ("011 44 20 7946 0018", "US", "+442079460018"),
        ("0044 20 7946 0018", "US", "+442079460018"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("1-202-555-0123", "US", "+12025550123"),
        ("555-0123", "US", "5550123"),
        ("0033 1 42 68 53 00", "FR", "+33142685300"),
        ("+33 1 42 68 53 00", "FR", "+33142685300"),
        ("030/1234567", "DE", "+49301234567"),
        ("08-123 456 78", "SE", "+46812345678"),
        ("03-1234-5678", "JP", "+81312345678"),
        ("090-1234-5678", "JP", "+819012345678"),
        ("010 44 20 7946 0018", "JP", "+442079460018"),
        ("(11) 98765-4321", "BR", "+5511987654321"),
        ("(11) 8765-4321", "BR", "+551187654321"),
        ("+52 1 55 1234 5678", "GB", "+525512345678"),
        ("22 12 34 56", "NO", "+4722123456"),
        ("06 1234 5678", "IT", "+390612345678"),
        ("112", "GB", "112"),
        ("4001", "DE", "4001"),
        ("70012", "GB", "70012"),
        ("+15550100", "GB", "+15550100"),
    ],
)
def test_every_usual_form_of_a_number_is_the_same_number(raw: str, region: str, expected: str) -> None:
    assert normalise(raw, region).normalised == expected


@pytest.mark.parametrize("tail", ["x12", " ext. 12", "#12", ";ext=12", " ext 12", "ext12", " extension 12", " Ext:12", "ｘ１２", " 内線12"])
def test_a_trailing_extension_is_set_aside(tail: str) -> None:
    phone = normalise("+442079460018" + tail, "GB")
    assert (phone.normalised, phone.extension) == ("+442079460018", "12")


@pytest.mark.parametrize(
    ("raw", "code", "remedy"),
    [
        ("", "empty", "Enter"),
        ("   ", "empty", "Enter"),
        ("12", "too_few_digits", "at least 3"),
        ("+1", "too_few_digits", "at least 3"),
        ("1234567890123456", "too_many_digits", "at most 15"),
        ("+1234567890123456", "too_many_digits", "at most 15"),
        ("020 7946 0018" + " " * 10 + "000000", "too_long", "at most 28"),
        ("call me", "letters", "remove “call me”"),
        ("020 7946 OO18", "letters", "remove “OO”"),
        ("020 7946 0018; 020 7946", "unusable_characters", "Remove “;”"),
        ("44+20", "unusable_characters", "Remove “+”"),
        ("ada@example.com", "letters", "remove"),
        ("+999 123 456", "unknown_country", "after the +"),
        ("+0 20 7946 0018", "unknown_country", "after the +"),
    ],
)
def test_what_is_no_number_is_refused_with_the_remedy(raw: str, code: str, remedy: str) -> None:
    with pytest.raises(PhoneError) as refused:
        normalise(raw, "GB")
    assert refused.value.code == code
    assert remedy in refused.value.message


def test_an_unknown_region_is_named() -> None:
    with pytest.raises(ValueError, match="'XX' is no region"):
        normalise("020 7946 0018", "XX")


def test_the_country_of_a_number() -> None:
    assert normalise("+442079460018", "US").country == "GB"
    assert normalise("+12042345678", "US").country == "CA"
    assert normalise("4001", "US").country is None
    assert normalise("+80012345678", "US").country is None


@pytest.mark.parametrize(
    ("stored", "called_with", "region"),
    [
        ("(11) 8765-4321", "+55 11 98765-4321", "BR"),
        ("(11) 98765-4321", "+55 11 8765-4321", "BR"),
        ("+52 1 55 1234 5678", "+525512345678", "MX"),
        ("+525512345678", "0052 1 55 1234 5678", "GB"),
        ("+54 9 11 2345 6789", "+54 11 2345 6789", "AR"),
        ("442079460018", "+442079460018", "SE"),
        ("+442079460018", "442079460018", "SE"),
        ("020 7946 0018", "+44 20 7946 0018 ", "GB"),
        ("020 7946 0018", "0044 20 7946 0018 x 3", "GB"),
        ("112", "112", "GB"),
    ],
)
def test_a_look_up_tries_the_form_under_which_the_card_holds_the_number(stored: str, called_with: str, region: str) -> None:
    tried = variants(called_with, region)
    assert normalise(stored, region).normalised in tried
    assert tried[0] == normalise(called_with, region).normalised
    assert len(tried) <= 5


def test_a_look_up_of_nonsense_finds_nobody() -> None:
    assert variants("anonymous", "GB") == []
    assert variants("", "GB") == []


def test_numbers_are_shown_as_people_at_home_write_them() -> None:
    assert national_display("+442079460018", "GB") == "020 7946 0018"
    assert national_display("+442079460018", "SE") == "+44 20 7946 0018"
    assert national_display("4001", "GB") == "4001"
    # Of no known form: with what is dialled before it at home.
    assert national_display("+44705551010", "GB") == "0705551010"
    assert national_digits("+442079460018") == "02079460018"
    assert national_digits("+12025550123") == "2025550123"
    assert national_digits("4001") == "4001"


def examples_of(region: str) -> list[str]:
    kinds = [phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.TOLL_FREE]
    found = [phonenumbers.example_number_for_type(region, kind) for kind in kinds]
    return [phonenumbers.format_number(number, shape) for number in found if number for shape in (0, 1, 2)]


EXAMPLES = {region: examples_of(region) for region in REGIONS}
CODES = [
    "",
    "0",
    "00",
    "+",
    "011",
    "010",
    "1",
    "44",
    "46",
    "49",
    "81",
    "55",
    "52",
    "521",
    "549",
    "+44",
    "+440",
    "0044",
    "+1",
    "+46",
    "+49",
    "+81",
    "+55",
]
digit_text = st.text("0123456789", min_size=0, max_size=17)


@st.composite
def near_numbers(draw: st.DrawFn) -> str:
    """Numbers that exist, some of their digits changed, and bare digits behind every kind of prefix."""
    if draw(st.booleans()):
        return draw(st.sampled_from(CODES)) + draw(digit_text)
    text = draw(st.sampled_from(EXAMPLES[draw(st.sampled_from(REGIONS))]))
    at = draw(st.integers(0, len(text) - 1))
    return draw(st.sampled_from([text, text[:at] + draw(st.sampled_from(["", "0", "9", "12"])) + text[at + 1 :], "00" + text.lstrip("+")]))


def outcome(raw: str, region: str, *, quick: bool) -> str:
    try:
        if quick:
            return normalise(raw, region).normalised
        return phones._careful.__wrapped__(raw.strip(), region).normalised
    except PhoneError as refused:
        return refused.code


@settings(max_examples=2_000, deadline=None)
@given(raw=near_numbers(), region=st.sampled_from(REGIONS))
@example(raw="00770012345678", region="JP")
@example(raw="07700900123", region="GB")
@example(raw="13000000", region="US")
def test_the_fast_path_gives_what_the_slow_one_gives(raw: str, region: str) -> None:
    assert outcome(raw, region, quick=True) == outcome(raw, region, quick=False)


@settings(max_examples=500, deadline=None)
@given(raw=st.text(max_size=30), region=st.sampled_from(REGIONS))
def test_any_text_is_a_number_or_refused_and_a_normalised_number_stays_itself(raw: str, region: str) -> None:
    try:
        phone = normalise(raw, region)
    except PhoneError:
        assert variants(raw, region) == []
        return
    assert 3 <= len(phone.normalised.removeprefix("+")) <= 15
    if phone.normalised.startswith("+"):
        assert normalise(phone.normalised, region).normalised == phone.normalised


@pytest.mark.parametrize("region", REGIONS)
def test_what_the_country_itself_calls_an_example_takes_its_e164_form(region: str) -> None:
    for text in EXAMPLES[region]:
        number = phonenumbers.parse(text, region)
        assert normalise(text, region).normalised == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def test_usual_numbers_take_the_fast_path() -> None:
    usual = [
        "+44 20 7946 {:04}",
        "020 7946 {:04}",
        "0044 20 7946 {:04}",
        "(020) 7946-{:04}",
        "+44 (0)20 7946 {:04}",
        "070-123 {:04}",
        "{:04}",
    ]
    phones._careful.cache_clear()
    for shape in usual:
        for n in range(0, 10_000, 997):
            normalise(shape.format(n), "SE" if shape.startswith("070") else "GB")
    assert phones._careful.cache_info().misses == 0
