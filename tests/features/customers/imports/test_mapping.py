"""Which column fills which field."""

import pytest

from ringdesk.features.customers.imports.errors import BadMapping
from ringdesk.features.customers.imports.mapping import check, guess

SWEDISH = "Förnamn,Efternamn,Mobil,Telefon,E-post,Gatuadress,Postnr,Ort,Språk,Kundnummer"
JAPANESE = "姓,名,会社名,電話番号,携帯電話,メールアドレス,郵便番号,都道府県,市区町村,住所"
OUTLOOK = (
    "First Name,Middle Name,Last Name,Company,Business Street,Business City,Business State,Business Postal Code,"
    "Business Country/Region,Business Phone,Home Phone,Mobile Phone,E-mail Address,E-mail 2 Address,Language"
)
GOOGLE = (
    "Name,Given Name,Family Name,Nickname,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,"
    "Address 1 - Street,Address 1 - City,Address 1 - Postal Code,Organization 1 - Name"
)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("first_name,last_name,phone_1,phone_3,email,city,external_id", "first_name,last_name,phone_1,phone_3,email,city,external_id"),
        (SWEDISH, "first_name,last_name,phone_1,phone_2,email,street,postcode,city,preferred_language,external_id"),
        (
            "Vorname,Nachname,Firma,Straße,PLZ,Ort,Handy,Telefon,E-Mail-Adresse",
            "first_name,last_name,company_name,street,postcode,city,phone_1,phone_2,email",
        ),
        (JAPANESE, "last_name,first_name,company_name,phone_1,phone_2,email,postcode,region,city,street"),
        ("氏名,ＴＥＬ,メール", "name,phone_1,email"),
        ("Name,Phone,E-mail", "name,phone_1,email"),
        ("PHONE NUMBER,Full_Name", "phone_1,name"),
        ("Phone 2,Phone,Note", "phone_2,phone_1,"),
        (
            OUTLOOK,
            "first_name,,last_name,company_name,street,city,region,postcode,country,phone_1,phone_2,phone_3,email,email_2,preferred_language",
        ),
        (GOOGLE, ",first_name,last_name,,,email,,phone_1,,phone_2,street,city,postcode,company_name"),
    ],
)
def test_header_names_of_several_languages_and_programs_are_understood(headers: str, expected: str) -> None:
    names = headers.split(",")
    assert [guess(names).get(name, "") for name in names] == expected.split(",")


OUTLOOK_ADDRESSES = (
    "Business Street,Business Street 2,Business City,Business Postal Code,Home Street,Home City,Home Country/Region,Other Street,Other City"
)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (OUTLOOK_ADDRESSES, "street,,city,postcode,street_2,city_2,country_2,street_3,city_3"),
        (
            "Address 2 - Street,Address 2 - City,Address 1 - Street,Address 1 - City,Address 3 - Street,Address 3 - Postal Code",
            "street_2,city_2,street,city,street_3,postcode_3",
        ),
        ("MailingStreet,MailingCity,OtherStreet,OtherPostalCode,OtherCountry", "street,city,street_2,postcode_2,country_2"),
        ("street,city,street_2,country_3", "street,city,street_2,country_3"),
        ("Gatuadress; företag,Ort; företag,Gatuadress; hem,Postnummer; hem,Ort; hem", "street,city,street_2,postcode_2,city_2"),
        ("番地 (会社),市区町村 (会社),番地 (自宅),郵便番号 (自宅)", "street,city,street_2,postcode_2"),
        ("Straße privat,Ort privat,Straße geschäftlich,PLZ geschäftlich", "street,city,street_2,postcode_2"),
        # The nameless one is the primary one, wherever it stands.
        ("Home Street,Home City,Street,City", "street_2,city_2,street,city"),
        # A second line is no second address, and what belongs to no address is taken only where there is none.
        ("Address 1,Address 2,City,Zip", "street,,city,postcode"),
        ("Street,Street 2,City", "street,,city"),
        ("Business Country,Home City,Home Street", ",city,street"),
        ("Country,Business City,Business Street", "country,city,street"),
        ("Business Country", "country"),
        # A fourth address has no columns.
        (
            "Street,City,Home Street,Home City,Work Street,Work City,Other Street,Other City",
            "street,city,street_2,city_2,street_3,city_3,,",
        ),
    ],
)
def test_columns_that_go_together_make_one_address(headers: str, expected: str) -> None:
    names = [name.replace(";", ",") for name in headers.split(",")]
    assert [guess(names).get(name, "") for name in names] == expected.split(",")


@pytest.mark.parametrize(
    ("header", "channel"),
    [
        ("consent.email", "email"),
        ("Marketing consent e-mail", "email"),
        ("Email opt-in", "email"),
        ("Accepts SMS Marketing", "sms"),
        ("Consent to marketing by phone", "voice"),
        ("Samtycke till marknadsföring via e-post", "email"),
        ("Einwilligung Telefon", "voice"),
        ("メール配信の同意", "email"),
        ("SMS同意", "sms"),
        # These say the contrary, something else, or not of which channel.
        ("Email opt-out", None),
        ("Opted out of email", None),
        ("Email consent date", None),
        ("Consent", None),
        ("Marketing email", None),
        ("Consent e-mail and SMS", None),
    ],
)
def test_consent_is_known_by_its_channel(header: str, channel: str | None) -> None:
    assert guess(["Name", header]).get(header) == (channel and f"consent.{channel}")


def test_a_sixth_number_column_is_left_for_a_person_to_decide() -> None:
    names = ["Phone", "Mobile", "Home Phone", "Work Phone", "Tel", "Landline"]
    assert list(guess(names).values()) == [f"phone_{slot}" for slot in range(1, 6)]


def test_columns_without_numbers_in_the_first_rows_come_behind_those_with_some() -> None:
    headers = ["Name", "Home Phone", "Business Phone", "Mobile Phone"]
    sample = [["Åsa", "", "020 7946 0001", "07700 900001"], ["Nils", " ", "", "07700 900002"]]
    found = guess(headers, sample=sample)
    assert [found[name] for name in headers[1:]] == ["phone_3", "phone_1", "phone_2"]
    # A number in the name says more than what is in the column.
    assert guess(["Phone 1", "Phone 2"], sample=[["", "07700 900001"]]) == {"Phone 1": "phone_1", "Phone 2": "phone_2"}


def test_a_checked_mapping_has_the_order_of_the_file_and_no_empty_fields() -> None:
    assert list(check({"B": "phone_1", "A": "email", "C": ""}, ["A", "B", "C"]).items()) == [("A", "email"), ("B", "phone_1")]


def test_everything_wrong_with_a_mapping_is_said_at_once() -> None:
    with pytest.raises(BadMapping) as refused:
        check({"A": "phone_1", "B": "phone_1", "C": "shoe_size", "D": "email"}, ["A", "B", "C"])
    assert [(error.field, error.code) for error in refused.value.errors] == [
        ("mapping.B", "repeated_field"),
        ("mapping.C", "unknown_field"),
        ("mapping.D", "unknown_column"),
    ]


def test_a_whole_name_and_a_first_name_exclude_each_other() -> None:
    with pytest.raises(BadMapping, match="Map one or the other"):
        check({"A": "name", "B": "first_name"}, ["A", "B"])


@pytest.mark.parametrize("mapping", [{}, {"A": "city"}, {"A": ""}])
def test_a_mapping_that_says_nobody_is_refused_with_the_columns(mapping: dict[str, str]) -> None:
    with pytest.raises(BadMapping, match="The columns are: A, B") as refused:
        check(mapping, ["A", "B"])
    assert refused.value.errors[0].code == "no_usable_column"
