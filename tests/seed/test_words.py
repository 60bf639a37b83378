"""The made-up numbers and names: right in form, and nobody's."""

from random import Random

import phonenumbers
import pytest

from ringdesk.seed.words import Country, countries

# Kept for fiction by a regulator, so that a plan may well call them valid.
FICTION = ("+44", "+46", "+49", "+33", "+1")


@pytest.mark.parametrize("country", countries(), ids=lambda country: country.code)
def test_every_number_has_the_form_of_its_country(country: Country) -> None:
    for seed in range(300):
        for text in (country.landline(Random(seed)), country.mobile(Random(seed))):
            number = phonenumbers.parse(text)
            assert phonenumbers.is_possible_number(number), text
            assert phonenumbers.region_code_for_country_code(number.country_code or 0) == country.code
            assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == "+" + "".join(
                c for c in text if c.isdecimal()
            )


@pytest.mark.parametrize("country", [c for c in countries() if not c.landlines[0].startswith(FICTION)], ids=lambda country: country.code)
def test_where_nothing_is_kept_for_fiction_the_plan_gives_the_number_to_nobody(country: Country) -> None:
    for seed in range(300):
        for text in (country.landline(Random(seed)), country.mobile(Random(seed))):
            assert not phonenumbers.is_valid_number(phonenumbers.parse(text)), text


def test_the_numbers_kept_for_fiction_are_those_that_the_regulators_name() -> None:
    kept = {
        "GB": (
            *("+442079460", "+441614960", "+441214960", "+441134960", "+441414960", "+442920180", "+441174960", "+441314960"),
            *("+442896496", "+441914980", "+441632960", "+447700900"),
        ),
        "SE": ("+468465004", "+463139006", "+464062804", "+469803192", "+467017406"),
        "DE": ("+493023125", "+496990009", "+494066969", "+492214710", "+498999998", "+4917139200", "+49176040690"),
        "FR": ("+3319900", "+3326191", "+3335301", "+3346571", "+3353649", "+3363998"),
    }
    for country in countries():
        for pattern in country.landlines + country.mobiles:
            digits = pattern.replace(" ", "")
            if country.code in kept:
                assert digits.startswith(kept[country.code]), pattern
            if country.code == "US":
                assert "55501" in digits.replace("-", ""), pattern


def test_there_are_ten_countries_and_nine_languages() -> None:
    assert {country.code for country in countries()} == {"AE", "BR", "DE", "FR", "GB", "IN", "JP", "PL", "SE", "US"}
    assert len({country.language for country in countries()}) == 9
