"""One row: what becomes of it, and that a refusal names everything that is wrong."""

import pytest

from ringdesk.features.customers.imports.rows import NothingInRow, RowReader, RowRefused
from ringdesk.features.customers.models import Draft, Reach
from ringdesk.features.customers.schemas import Address
from ringdesk.kit.csv_file import csv_line, harmless

HEADERS = ["Name", "Company", "Kind", "Phone", "Mobile", "E-mail", "Street", "City", "Country", "Lang", "Ref", "Note"]
FIELDS = [
    "name",
    "company_name",
    "kind",
    "phone_1",
    "phone_2",
    "email",
    "street",
    "city",
    "country",
    "preferred_language",
    "external_id",
    "",
]
MAPPING = {header: field for header, field in zip(HEADERS, FIELDS, strict=True) if field}


def draft(region: str = "GB", **cells: str) -> Draft:
    return RowReader(HEADERS, MAPPING, region).draft([cells.get(header.replace("-", ""), "") for header in HEADERS])


def reasons(**cells: str) -> list[str]:
    with pytest.raises(RowRefused) as refused:
        draft(**cells)
    return refused.value.reasons


def test_a_row_becomes_a_card() -> None:
    card = draft(
        Name="Ada Lovelace",
        Phone="020 7946 0018",
        Mobile="+46 70 123 45 67",
        Email="Ada@Example.com",
        City="London",
        Country="gb",
        Lang="EN_gb",
        Ref="7",
    )
    assert card == Draft(
        first_name="Ada",
        last_name="Lovelace",
        phones={1: Reach("020 7946 0018", "+442079460018"), 2: Reach("+46 70 123 45 67", "+46701234567")},
        email=Reach("Ada@Example.com", "ada@example.com"),
        addresses=(Address(city="London", country="GB", primary=True),),
        preferred_language="en-GB",
        external_id="7",
    )


def test_everything_wrong_with_a_row_is_said_with_its_columns() -> None:
    assert reasons(Name="x" * 300, Kind="robot", Phone="call me", Mobile="1", Email="nobody", Lang="very good English") == [
        "Phone “call me”: A telephone number has digits only; remove “call me”.",
        "Mobile “1”: A telephone number has at least 3 digits; add the missing ones.",
        "Kind “robot”: Write “person” or “company”.",
        "E-mail “nobody”: Write an e-mail address such as “name@example.com”.",
        "Lang “very good English”: Write a language tag such as “sv”, “en-GB” or “zh-Hant” (BCP 47).",
        f"Name “{'x' * 59}…”: At most 200 characters fit; this has 300. Shorten it.",
    ]


def test_a_blank_row_is_nothing_and_a_row_without_anybody_is_refused() -> None:
    with pytest.raises(NothingInRow):
        draft()
    with pytest.raises(NothingInRow):
        draft(Name="  ", Note="\t")
    assert "No name, number or e-mail address" in reasons(Note="call back")[0]
    assert "No name, number or e-mail address" in reasons(City="London")[0]


def test_a_number_alone_is_a_customer() -> None:
    assert draft(Mobile="020 7946 0018").phones == {2: Reach("020 7946 0018", "+442079460018")}


def test_the_same_number_twice_in_a_row_is_kept_once() -> None:
    assert draft(Phone="020 7946 0018", Mobile="+442079460018").phones == {1: Reach("020 7946 0018", "+442079460018")}


def test_a_company_without_a_person_is_a_company() -> None:
    assert draft(Company="Ada & Co").kind == "company"
    assert draft(Company="Ada & Co", Name="Ada Lovelace").kind == "person"
    assert draft(Name="Ada & Co", Kind="Företag") == Draft(kind="company", company_name="Ada & Co")


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Ada Lovelace", "Ada", "Lovelace"),
        ("Lovelace, Ada", "Ada", "Lovelace"),
        ("Ada King Lovelace", "Ada King", "Lovelace"),
        ("Ada", "Ada", ""),
        ("山田 太郎", "太郎", "山田"),
    ],
)
def test_a_whole_name_is_divided_the_way_it_is_written(name: str, first: str, last: str) -> None:
    card = draft(Name=name)
    assert (card.first_name, card.last_name) == (first, last)


def test_line_breaks_in_a_value_become_blanks() -> None:
    assert draft(Name="Ada", Street="1 High Street\r\nFlat 2").addresses[0].street == "1 High Street Flat 2"
    assert draft(Phone="020\t7946 0018").phones[1].raw == "020 7946 0018"


def test_characters_lost_in_decoding_are_refused() -> None:
    assert "could not be read" in reasons(Name="G\ufffdran")[0]
    assert "could not be read" in reasons(Phone="020\ufffd7946")[0]


def test_a_nul_is_refused_not_stored() -> None:
    assert reasons(Name="A\x00da")


def test_excels_mark_of_text_before_a_number_is_no_part_of_it() -> None:
    assert draft(Phone="'+442079460018").phones[1] == Reach("+442079460018", "+442079460018")


def test_more_cells_than_the_header_has_are_refused_unless_blank() -> None:
    reader = RowReader(["Name", "Phone"], {"Name": "name", "Phone": "phone_1"}, "GB")
    assert reader.draft(["Ada", "020 7946 0018", "", " "]).first_name == "Ada"
    assert reader.draft(["Ada"]).first_name == "Ada"
    with pytest.raises(RowRefused, match="The row has 3 cells, the header 2"):
        reader.draft(["Lovelace", "Ada", "020 7946 0018"])


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\tx", "'\tx"),
        ("＝1+1", "'＝1+1"),
        ("+44 (0)20 7946-0018", "+44 (0)20 7946-0018"),
        ("Ada", "Ada"),
        ("", ""),
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_marked_as_text(cell: str, shown: str) -> None:
    assert harmless(cell) == shown


def test_a_line_of_refused_rows_can_be_read_again() -> None:
    assert csv_line(["a;b", 'say "x"', "1"], ";") == '"a;b";"say ""x""";1\r\n'
