"""Consent to marketing and further addresses as columns of a file, in and out again (product.md 1.1, 1.6, 1.7)."""

from typing import Any

import httpx
import pytest

from ringdesk.features.customers.imports import service
from ringdesk.features.customers.schemas import Address
from ringdesk.kit.fields import Text
from tests.features.customers.imports.conftest import Base

ASA = (
    "Name,Phone,Street,City,Street 2,City 2,Postcode 2,Street_3,City_3,Consent e-mail,Consent SMS\n"
    "Åsa,4001,Storgatan 1,Umeå,Hamngatan 2,Luleå,972 31,Kyrkogatan 3,Piteå,yes,no\n"
)


def lines(addresses: list[Address]) -> list[str]:
    """Addresses as one reads them; the primary one is marked."""
    return [" ".join(filter(None, ("*" * one.primary, one.street, one.postcode, one.city))) for one in addresses]


async def test_a_new_card_has_every_address_and_consent_of_its_row(base: Base) -> None:
    await base.bring(ASA)
    card = await base.card("Åsa")
    assert lines(card.addresses) == ["* Storgatan 1 Umeå", "Hamngatan 2 972 31 Luleå", "Kyrkogatan 3 Piteå"]
    assert card.consent == {"email": True, "sms": False}


async def test_the_first_address_of_a_row_without_a_primary_one_is_it(base: Base) -> None:
    await base.bring("Name,City,Street 2,City 2,Street_3,City_3\nÅsa,,Hamngatan 2,Luleå,HAMNGATAN 2,luleå\n")
    assert lines((await base.card("Åsa")).addresses) == ["* Hamngatan 2 Luleå"]


ROW = "Name,Phone,City,Street_2,City_2,Postcode_2,City_3,Consent e-mail,Consent SMS,Consent chat\nÅsa,4001,Boden,Nygatan 9,,,,no,,yes\n"


@pytest.mark.parametrize(
    ("action", "addresses", "consent"),
    [
        ("ignore", ["* Storgatan 1 Umeå", "Hamngatan 2 972 31 Luleå", "Kyrkogatan 3 Piteå"], {"email": True, "sms": False}),
        (
            "update",
            ["* Storgatan 1 Boden", "Nygatan 9 972 31 Luleå", "Kyrkogatan 3 Piteå"],
            {"email": False, "sms": False, "chat": True},
        ),
        ("replace", ["* Storgatan 1 Boden", "Nygatan 9", "Kyrkogatan 3"], {"email": False, "chat": True}),
        (
            "fill",
            ["* Storgatan 1 Umeå", "Hamngatan 2 972 31 Luleå", "Kyrkogatan 3 Piteå"],
            {"email": True, "sms": False, "chat": True},
        ),
    ],
)
async def test_each_action_does_with_them_as_with_other_fields_and_undo_takes_it_back(
    base: Base, action: str, addresses: list[str], consent: dict[str, bool]
) -> None:
    await base.bring(ASA)
    before = await base.card("Åsa")
    row = await base.bring(ROW, key="phone", on_duplicate=action)
    after = await base.card("Åsa")
    assert (lines(after.addresses), after.consent) == (addresses, consent)
    if action != "ignore":
        await base.undo(row)
    undone = await base.card("Åsa")
    assert (undone.addresses, undone.consent) == (before.addresses, before.consent)


async def test_an_address_that_the_card_has_elsewhere_is_not_doubled(base: Base) -> None:
    await base.bring(ASA)
    text = "Phone,Street_2,City_2,Street_3,City_3\n4001,storgatan 1,UMEÅ,Nygatan 9,Boden\n"
    await base.bring(text, key="phone", on_duplicate="update")
    first = lines((await base.card("Åsa")).addresses)
    assert first == ["* Storgatan 1 Umeå", "Hamngatan 2 972 31 Luleå", "Nygatan 9 Boden"]
    await base.bring(text, key="phone", on_duplicate="fill")
    assert lines((await base.card("Åsa")).addresses) == first


async def test_addresses_beyond_the_third_stay_whatever_a_file_says(base: Base) -> None:
    await base.bring("Name,Phone\nÅsa,4001\n")
    card = await base.card("Åsa")
    await base.edit(card.id, addresses=[{"city": city} for city in ("Umeå", "Luleå", "Piteå", "Boden")])
    await base.bring("Phone,City,City_2,City_3\n4001,,,\n", key="phone", on_duplicate="replace")
    assert lines((await base.card("Åsa")).addresses) == ["* Boden"]


async def test_rows_of_one_batch_about_one_customer_add_up(base: Base) -> None:
    text = "Name,Phone,City,City_2,Street_2,Consent e-mail\nÅsa,4001,Umeå,,,yes\nÅsa,4001,,Luleå,Hamngatan 2,\nÅsa,4001,,,,no\n"
    await base.bring(text, key="phone", on_duplicate="update")
    card = await base.card("Åsa")
    assert (lines(card.addresses), card.consent) == (["* Umeå", "Hamngatan 2 Luleå"], {"email": False})


async def test_what_a_person_decided_since_survives_an_undo(base: Base) -> None:
    await base.bring(ASA)
    row = await base.bring("Phone,Consent e-mail,Consent SMS,Street_2,City_2\n4001,no,yes,A 1,B\n", key="phone", on_duplicate="update")
    card = await base.card("Åsa")
    await base.edit(card.id, consent={"email": True, "sms": True})
    await base.undo(row)
    card = await base.card("Åsa")
    # “Yes” to SMS is still what the import said, the e-mail is Aiko's.
    assert card.consent == {"email": True, "sms": False}
    assert lines(card.addresses)[1] == "Hamngatan 2 972 31 Luleå"
    kept = (await service.kept(base.db, row.id, 0, 10)).items
    assert [(one.fields, one.by_name) for one in kept] == [(["consent.email"], "Aiko")]


async def test_a_cell_that_is_neither_yes_nor_no_refuses_its_row(base: Base) -> None:
    await base.attribute("Note", Text())
    row = await base.bring("Name,Consent e-mail,City_2\nÅsa,perhaps,Umeå\nEva,JA,Umeå\nBo,いいえ,\nIda,FALSKT,\n")
    assert (row.created, row.refused) == (3, 1)
    assert "Consent e-mail “perhaps”: Write yes or no; leave the cell empty where nobody was asked." in await base.refused(row)
    assert {name: card.consent for name, card in (await base.cards()).items()} == {
        "Eva": {"email": True},
        "Bo": {"email": False},
        "Ida": {"email": False},
    }


async def test_an_export_is_read_back_to_the_same_addresses_and_consents(base: Base, as_sven: httpx.AsyncClient) -> None:
    await base.bring(ASA)
    before = await base.card("Åsa")
    asked: dict[str, Any] = {"columns": "display_name,phone_1,addresses,consent"}
    answer = await as_sven.get("/api/v1/customers/export.csv", params=asked)
    text = answer.content.decode("utf-8-sig")
    header = text.splitlines()[0].split(",")
    assert header[2:8] == ["street", "postcode", "city", "region", "country", "street_2"]
    assert header[-7:] == [f"consent.{channel}" for channel in ("voice", "email", "sms", "chat", "social", "video", "web")]
    await base.bring(text.replace("4001", "4002").replace("Åsa", "Eva"))
    copy = await base.card("Eva")
    assert (copy.addresses, copy.consent) == (before.addresses, before.consent)
    await base.bring(text, key="phone", on_duplicate="replace")
    assert await base.card("Åsa") == before
