"""Who is calling: every way of writing a number that users of such systems stumbled over (product.md 1.3, 1.10)."""

from datetime import UTC, datetime

import pytest

from ringdesk.features import customers
from ringdesk.features.customers import service
from ringdesk.features.customers.schemas import Match
from ringdesk.kit.db import Database
from tests.features.customers.conftest import AIKO, Make


async def find(db: Database, caller: str, region: str = "SE") -> list[Match]:
    async with db.transaction() as uow:
        return await customers.find_by_phone(uow, caller, region)


async def known(db: Database, caller: str, region: str = "SE") -> list[str]:
    """The names that may pop."""
    return [match.customer.display_name for match in await find(db, caller, region) if match.confidence == "known"]


STORED = [
    "070-174 06 05",
    "+46 (0)70 174 06 05",
    "0046701740605",
    "070/1740605",
    "(070) 174.06.05",
    "+46701740605 ",
    "070-174 06 05 ext. 12",
]
CALLING = [
    "0701740605",
    "+46701740605",
    "0046701740605",
    "0046 70 174 06 05",
    "46701740605",
    "070/174 06 05",
    "070-174-06-05",
    "(070) 174 06 05",
    "+46 (0) 70 174 06 05",
    "+46 70 174 06 05 ext 201",
    "0701740605#7",
    "tel:+46701740605",
    "  0701740605 ",
    "0701740605\t",
]


class TestFormats:
    @pytest.mark.parametrize("stored", STORED)
    async def test_every_form_of_a_number_finds_every_form_of_it(self, db: Database, make: Make, stored: str) -> None:
        await make(first_name="Åsa", phone_1=stored)
        assert [caller for caller in CALLING if await known(db, caller) != ["Åsa"]] == []

    async def test_00_and_plus_are_the_same_abroad(self, db: Database, make: Make) -> None:
        await make(first_name="Zoé", phone_1="0033 1 23 45 67 89")
        assert await known(db, "+33123456789") == ["Zoé"]
        assert await known(db, "0033123456789") == ["Zoé"]

    async def test_a_german_number_with_a_slash_is_found(self, db: Database) -> None:
        await service.create(db, AIKO, {"last_name": "Müller", "phone_1": "030/123456-78"}, region="DE")
        assert await known(db, "+493012345678", "DE") == ["Müller"]
        assert await known(db, "03012345678", "DE") == ["Müller"]

    @pytest.mark.parametrize(("stored", "caller"), [("+55 11 98765-4321", "+551187654321"), ("(11) 8765-4321", "+5511987654321")])
    async def test_brazilian_mobiles_are_found_with_and_without_their_ninth_digit(self, db: Database, stored: str, caller: str) -> None:
        await service.create(db, AIKO, {"first_name": "João", "phone_1": stored}, region="BR")
        assert await known(db, caller, "BR") == ["João"]

    @pytest.mark.parametrize(("stored", "caller"), [("+52 55 1234 5678", "+5215512345678"), ("+52 1 55 1234 5678", "+525512345678")])
    async def test_mexican_mobiles_are_found_with_and_without_the_1(self, db: Database, stored: str, caller: str) -> None:
        await service.create(db, AIKO, {"first_name": "Lucía", "phone_1": stored}, region="MX")
        assert await known(db, caller, "MX") == ["Lucía"]

    async def test_a_card_with_nothing_but_a_number_is_found(self, db: Database, make: Make) -> None:
        await make(phone_1="070-174 06 05")
        assert await known(db, "+46701740605") == ["070-174 06 05"]

    @pytest.mark.parametrize("field", ["phone_1", "phone_2", "phone_3", "phone_4", "phone_5"])
    async def test_every_number_of_a_card_is_found(self, db: Database, make: Make, field: str) -> None:
        await make(first_name="Åsa", **{field: "090-12 34 56"})
        assert await known(db, "+4690123456") == ["Åsa"]

    async def test_a_number_behind_the_fifth_is_found(self, db: Database, make: Make) -> None:
        asa = await make(first_name="Åsa", **{f"phone_{slot}": f"09012345{slot}" for slot in range(1, 6)})
        await service.add_identity(db, AIKO, asa.id, "phone", "08-12 34 56 78", version=None, region="SE")
        assert await known(db, "+46812345678") == ["Åsa"]

    async def test_extensions_are_found_as_they_are(self, db: Database, make: Make) -> None:
        await make(first_name="Åsa", phone_1="2017")
        assert await known(db, "2017") == ["Åsa"]
        assert await find(db, "201") == []

    @pytest.mark.parametrize("caller", ["", "anonymous", "sip:anonymous@anonymous.invalid", "+", "12", "9" * 40, "\x00", "%", "070%"])
    async def test_what_is_no_number_finds_nobody(self, db: Database, make: Make, caller: str) -> None:
        await make(first_name="Åsa", phone_1="0701740605")
        assert await find(db, caller) == []


class TestConfidence:
    async def test_the_last_nine_digits_give_candidates_only(self, db: Database, make: Make) -> None:
        await make(first_name="Åsa", phone_1="+46701740605")
        (match,) = await find(db, "+47701740605")
        assert (match.confidence, match.reason) == ("maybe", "similar_number")

    async def test_the_last_nine_digits_are_not_asked_when_the_number_is_known(self, db: Database, make: Make) -> None:
        await make(first_name="Åsa", phone_1="+46701740605")
        await make(first_name="Ola", phone_1="+47701740605")
        assert [match.customer.display_name for match in await find(db, "0701740605")] == ["Åsa"]

    async def test_fewer_digits_are_not_enough_for_a_candidate(self, db: Database, make: Make) -> None:
        await make(first_name="Åsa", phone_1="+46812345678")
        assert await find(db, "12345678") == []

    async def test_an_unconfirmed_number_leads_to_the_chooser(self, db: Database, make: Make) -> None:
        asa = await make(first_name="Åsa")
        async with db.transaction() as uow:
            await customers.add_unconfirmed_identity(uow, asa.id, "phone", "0701740605", region="SE")
        (match,) = await find(db, "0701740605")
        assert (match.confidence, match.reason) == ("maybe", "unconfirmed_address")

    async def test_a_confirmed_number_pops(self, db: Database, make: Make) -> None:
        asa = await make(first_name="Åsa")
        async with db.transaction() as uow:
            await customers.add_unconfirmed_identity(uow, asa.id, "phone", "0701740605", region="SE")
            card = await customers.get(uow, asa.id)
        assert card
        await service.confirm_identity(db, AIKO, asa.id, card.identities[0].id, version=None, region="SE")
        assert await known(db, "0701740605") == ["Åsa"]

    async def test_a_foreign_number_typed_as_at_home_is_a_candidate(self, db: Database) -> None:
        await service.create(db, AIKO, {"first_name": "Åsa", "phone_1": "0701740605123"}, region="GB")
        assert all(match.confidence == "maybe" for match in await find(db, "+46701740605123", "GB"))


class TestSeveral:
    async def test_come_most_recently_in_touch_first(self, db: Database, make: Make) -> None:
        cards = [await make(first_name=name, phone_1="0701740605") for name in ("Never", "Long ago", "Yesterday")]
        async with db.transaction() as uow:
            await customers.touch(uow, cards[1].id, datetime(2020, 1, 1, tzinfo=UTC), "voice", "Bilal")
            await customers.touch(uow, cards[2].id, datetime(2026, 11, 21, tzinfo=UTC), "chat", "Aiko")
        found = await find(db, "0701740605")
        assert [match.customer.display_name for match in found] == ["Yesterday", "Long ago", "Never"]
        assert [match.last_agent for match in found] == ["Aiko", "Bilal", None]
        assert found[0].last_contact_at == datetime(2026, 11, 21, tzinfo=UTC)

    async def test_have_each_customer_once(self, db: Database) -> None:
        await service.create(db, AIKO, {"first_name": "João", "phone_1": "+5511987654321", "phone_2": "+551187654321"}, region="BR")
        assert await known(db, "+5511987654321", "BR") == ["João"]

    async def test_leave_archived_cards_out(self, db: Database, make: Make) -> None:
        asa = await make(first_name="Åsa", phone_1="0701740605")
        await service.archive(db, AIKO, asa.id, version=None)
        assert await find(db, "0701740605") == []

    async def test_of_a_switchboard_are_at_most_fifty(self, db: Database, make: Make) -> None:
        for place in range(52):
            await make(first_name=f"Employee {place}", phone_1="08-123 456 00")
        assert len(await find(db, "0812345600")) == 50


async def test_mail_addresses_are_found_without_regard_to_case(db: Database, make: Make) -> None:
    await make(first_name="Åsa", email="Asa.Berg@Example.com")
    async with db.transaction() as uow:
        found = await customers.find_by_address(uow, "email", " asa.berg@EXAMPLE.com", "SE")
    assert [(match.customer.display_name, match.confidence) for match in found] == [("Åsa", "known")]
