"""Files of other programs go in as they are: with the programs' own columns, encodings and oddities, and without an edit by hand.

Columns: Excel writes what people typed, in the encodings of its "CSV", "CSV UTF-8" and "Unicode Text" (tab, UTF-16). Outlook: the header
of "Export to a file, Comma Separated Values" (Outlook 2016 to 365). Google Contacts: the header of "Export, Google CSV" since 2024
(First Name ... Labels, E-mail 1 - Label ...) and before (Name, Given Name ...). Salesforce: the labels of a contact report, and the field
names of Data Loader. HubSpot: the labels of "Export view", CSV.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ringdesk.features.customers import service as customers
from ringdesk.features.customers.imports import engine, service
from ringdesk.features.customers.schemas import Customer
from tests.features.customers.imports.conftest import Base

OUTLOOK = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business Street 2,Business Street 3,"
    "Business City,Business State,Business Postal Code,Business Country/Region,Home Street,Home Street 2,Home Street 3,Home City,"
    "Home State,Home Postal Code,Home Country/Region,Other Street,Other Street 2,Other Street 3,Other City,Other State,Other Postal Code,"
    "Other Country/Region,Assistant's Phone,Business Fax,Business Phone,Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,"
    "Home Phone,Home Phone 2,ISDN,Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Radio Phone,TTY/TDD Phone,Telex,Account,"
    "Anniversary,Assistant's Name,Billing Information,Birthday,Business Address PO Box,"
    "Categories,Children,Directory Server,E-mail Address,E-mail Type,"
    "E-mail Display Name,E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name,E-mail 3 Address,E-mail 3 Type,E-mail 3 Display Name,Gender,"
    "Government ID Number,Hobby,Home Address PO Box,Initials,Internet Free Busy,Keywords,Language,Location,Manager's Name,Mileage,Notes,"
    "Office Location,Organizational ID Number,Other Address PO Box,Priority,Private,Profession,Referred By,Sensitivity,Spouse,User 1,"
    "User 2,User 3,User 4,Web Page"
)
GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As,"
    "Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Address 1 - Label,"
    "Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,"
    "Address 1 - Country,Address 1 - Extended Address,Website 1 - Label,Website 1 - Value"
)
OLD_GOOGLE = (
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Name Prefix,Name Suffix,Nickname,Birthday,Notes,Language,Photo,Group Membership,"
    "E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,Address 1 - Street,Address 1 - City,"
    "Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Organization 1 - Name"
)
SALESFORCE_REPORT = (
    "Salutation,First Name,Last Name,Title,Account Name,Mailing Street,Mailing City,Mailing State/Province,Mailing Zip/Postal Code,"
    "Mailing Country,Phone,Fax,Mobile,Email,Account Owner,Contact ID"
)
SALESFORCE_LOADER = (
    "Id,AccountId,LastName,FirstName,Salutation,MailingStreet,MailingCity,MailingState,MailingPostalCode,MailingCountry,Phone,MobilePhone,"
    "HomePhone,Email,Department,OwnerId,CreatedDate"
)
HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Additional email addresses,Phone Number,Mobile Phone Number,Street Address,City,State/Region,"
    "Postal Code,Country/Region,Company Name,Preferred language,Contact owner,Lead Status,Create Date,Last Activity Date"
)


def table(header: str, *rows: dict[str, str], delimiter: str = ",", end: str = "\r\n") -> str:
    """A file with this header and these cells; every value is quoted, as Outlook and Salesforce do."""
    names = header.split(",")
    assert all(set(row) <= set(names) for row in rows)

    def lines() -> Iterator[str]:
        yield delimiter.join(names)
        for row in rows:
            yield delimiter.join('"' + row.get(name, "").replace('"', '""') + '"' for name in names)

    return end.join([*lines(), ""])


def write(base: Base, name: str, content: bytes) -> Path:
    path = base.folder / name
    path.write_bytes(content)
    return path


async def bring(base: Base, content: bytes, name: str) -> Customer:
    """The one customer of a file, brought in with what was guessed."""
    path = write(base, name, content)
    begun = await service.register_file(base.db, base.settings, path, user_name="Ada")
    row = await engine.run(base.db, base.settings.data_dir, begun.id)
    assert row is not None
    assert (row.state, row.created, row.refused) == ("done", 1, 0), await base.refused(row)
    [card] = (await base.cards()).values()
    return card


def assert_is_asa(card: Customer, *, phones: list[str | None], address: tuple[str, str, str, str, str]) -> None:
    assert (card.first_name, card.last_name, card.email) == ("Åsa", "Öberg", "asa@example.com")
    assert [card.phone_1, card.phone_2, card.phone_3][: len(phones)] == phones
    [one] = card.addresses
    assert (one.street, one.postcode, one.city, one.region, one.country) == address


ASA = {"First Name": "Åsa", "Last Name": "Öberg"}


async def test_outlook(base: Base) -> None:
    row = ASA | {
        "Company": "Öbergs Rör AB",
        "Business Street": "Storgatan 1\r\n2 tr",
        "Business City": "Umeå",
        "Business Postal Code": "903 25",
        "Business Country/Region": "Sweden",
        "Business Phone": "+46 (90) 12 34 56",
        "Home Phone": "090-65 43 21 00",
        "Mobile Phone": "+46 70 174 06 05",
        "E-mail Address": "asa@example.com",
        "E-mail Type": "SMTP",
        "E-mail 2 Address": "asa@home.example",
        "Notes": 'Said "call after six",\r\nthen left',
        "Birthday": "0/0/00",
        "Priority": "Normal",
        "Private": "False",
        "Sensitivity": "Normal",
    }
    # Outlook writes in the encoding of the machine.
    card = await bring(base, table(OUTLOOK, row).encode("windows-1252"), "contacts.csv")
    assert_is_asa(
        card,
        phones=["+46 (90) 12 34 56", "090-65 43 21 00", "+46 70 174 06 05"],
        address=("Storgatan 1 2 tr", "903 25", "Umeå", "", "Sweden"),
    )
    assert (card.company_name, card.kind) == ("Öbergs Rör AB", "person")
    assert [one.value for one in card.identities if one.kind == "email"] == ["asa@example.com", "asa@home.example"]


async def test_google_contacts(base: Base) -> None:
    row = ASA | {
        "Organization Name": "Öbergs Rör AB",
        "Labels": "Kunder ::: * myContacts",
        "E-mail 1 - Label": "* Work",
        "E-mail 1 - Value": "asa@example.com ::: asa@home.example",
        "Phone 1 - Label": "Mobile",
        "Phone 1 - Value": "+46 70 174 06 05 ::: +46 90 12 34 56",
        "Address 1 - Formatted": "Storgatan 1\n903 25 Umeå\nSE",
        "Address 1 - Street": "Storgatan 1",
        "Address 1 - City": "Umeå",
        "Address 1 - Postal Code": "903 25",
        "Address 1 - Country": "SE",
        "Notes": "first line\nsecond line",
    }
    card = await bring(base, table(GOOGLE, row, end="\n").encode(), "contacts.csv")
    assert_is_asa(card, phones=["+46 70 174 06 05", "+46 90 12 34 56"], address=("Storgatan 1", "903 25", "Umeå", "", "SE"))
    assert [one.value for one in card.identities if one.kind == "email"] == ["asa@example.com", "asa@home.example"]


async def test_google_contacts_of_before_2024(base: Base) -> None:
    row = {
        "Name": "Åsa Öberg",
        "Given Name": "Åsa",
        "Family Name": "Öberg",
        "Group Membership": "* myContacts",
        "E-mail 1 - Type": "*",
        "E-mail 1 - Value": "asa@example.com",
        "Phone 1 - Value": "+46 70 174 06 05",
        "Phone 2 - Value": "+46701740605",
        "Address 1 - Street": "Storgatan 1",
        "Address 1 - City": "Umeå",
    }
    card = await bring(base, table(OLD_GOOGLE, row).encode("utf-16"), "google.csv")
    assert_is_asa(card, phones=["+46 70 174 06 05", None], address=("Storgatan 1", "", "Umeå", "", ""))


async def test_a_salesforce_report(base: Base) -> None:
    row = ASA | {
        "Account Name": "Öbergs Rör AB",
        "Mailing Street": "Storgatan 1",
        "Mailing City": "Umeå",
        "Mailing State/Province": "Västerbotten",
        "Mailing Zip/Postal Code": "903 25",
        "Mailing Country": "SE",
        "Phone": "+46 90 12 34 56",
        "Mobile": "+46 70 174 06 05",
        "Email": "asa@example.com",
        "Contact ID": "0035g00000AbCdE",
    }
    card = await bring(base, table(SALESFORCE_REPORT, row).encode("latin-1"), "report1700000000000.csv")
    address = ("Storgatan 1", "903 25", "Umeå", "Västerbotten", "SE")
    assert_is_asa(card, phones=["+46 90 12 34 56", "+46 70 174 06 05"], address=address)
    assert card.external_id == "0035g00000AbCdE"


async def test_salesforce_data_loader(base: Base) -> None:
    row = {
        "Id": "0035g00000AbCdEAAX",
        "AccountId": "0015g00000XyZ",
        "LastName": "Öberg",
        "FirstName": "Åsa",
        "MailingStreet": "Storgatan 1\nc/o Ek",
        "MailingCity": "Umeå",
        "MailingState": "Västerbotten",
        "MailingPostalCode": "903 25",
        "MailingCountry": "Sweden",
        "Phone": "+46 90 12 34 56",
        "MobilePhone": "+46 70 174 06 05",
        "Email": "asa@example.com",
    }
    card = await bring(base, table(SALESFORCE_LOADER, row, end="\n").encode(), "contacts.csv")
    address = ("Storgatan 1 c/o Ek", "903 25", "Umeå", "Västerbotten", "Sweden")
    assert_is_asa(card, phones=["+46 90 12 34 56", "+46 70 174 06 05"], address=address)
    assert card.external_id == "0035g00000AbCdEAAX"


async def test_hubspot(base: Base) -> None:
    row = ASA | {
        "Record ID": "7151",
        "Email": "asa@example.com",
        "Additional email addresses": "asa@home.example;asa@old.example",
        "Phone Number": "+46 90 12 34 56",
        "Mobile Phone Number": "+46701740605",
        "Street Address": "Storgatan 1",
        "City": "Umeå",
        "Postal Code": "903 25",
        "Country/Region": "Sweden",
        "Company Name": "Öbergs Rör AB",
        "Preferred language": "sv",
        "Create Date": "2024-03-12 09:14",
    }
    card = await bring(base, b"\xef\xbb\xbf" + table(HUBSPOT, row, end="\n").encode(), "hubspot-crm-exports-all-contacts.csv")
    assert_is_asa(card, phones=["+46 90 12 34 56", "+46701740605"], address=("Storgatan 1", "903 25", "Umeå", "", "Sweden"))
    assert (card.external_id, card.preferred_language) == ("7151", "sv")
    assert len([one for one in card.identities if one.kind == "email"]) == 3


SWEDISH = (
    "Förnamn;Efternamn;Mobil;E-post;Gatuadress;Postnr;Ort;;;\r\n"
    "Åsa;Öberg;+46701740605;asa@example.com;Storgatan 1;903 25;Umeå;;;\r\n;;;;;;;;;\r\n"
)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(SWEDISH.encode("windows-1252"), id="CSV of a Swedish Excel: semicolons, Windows-1252, empty columns and rows"),
        pytest.param(SWEDISH.encode("utf-8-sig"), id="CSV UTF-8: with a mark"),
        pytest.param(SWEDISH.replace(";", "\t").encode("utf-16"), id="Unicode Text: tabs, UTF-16"),
        pytest.param(("sep=;\r\n" + SWEDISH).encode("utf-8"), id="with Excel's note on the delimiter"),
        pytest.param(SWEDISH.replace("+46701740605", "46701740605.0").encode(), id="a number that a program made a decimal one"),
    ],
)
async def test_excel(base: Base, content: bytes) -> None:
    path = write(base, "kunder.csv", content)
    begun = await service.register_file(base.db, base.settings, path, user_name="Ada")
    row = await engine.run(base.db, base.settings.data_dir, begun.id)
    assert row
    assert (row.created, row.refused) == (1, 0), await base.refused(row)
    [card] = (await base.cards()).values()
    async with base.db.transaction() as uow:
        [match] = await customers.find_by_phone(uow, "+46 70 174 06 05", "GB")
    assert (match.customer.id, match.confidence) == (card.id, "known")
    assert (card.display_name, card.addresses[0].city) == ("Åsa Öberg", "Umeå")


@pytest.mark.parametrize("number", ["4.42E+11", "4,42E+11", "4.67017E+10", "4.42079460018E+11"])
async def test_a_number_of_which_excel_kept_only_the_first_digits_is_refused_with_the_remedy(base: Base, number: str) -> None:
    row = await base.bring(f"Name;Phone;ID\nÅsa;{number};\nEva;4001;{number}\n")
    assert (row.created, row.refused) == (0, 2)
    refused = await base.refused(row)
    assert refused.count("The spreadsheet rounded this number; its last digits are not in the file. Format the column as text there") == 2
    assert await base.value("select count(*) from customer_identity") == 0
