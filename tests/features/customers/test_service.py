"""Writing customers: versions, duplicates, identities; every change in the audit trail and in the events (product.md 1.4, 1.5, 1.10)."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from ringdesk.features import customers
from ringdesk.features.customers import service
from ringdesk.features.customers.errors import SharedAddress, StaleCustomer
from ringdesk.features.customers.schemas import Customer
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.problems import InvalidFields, NotFound
from tests.features.customers.conftest import AIKO, Make, Screen

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def edit(db: Database, customer: Customer, **fields: Any) -> Customer:
    return await service.edit(db, AIKO, customer.id, fields, version=customer.version, region="SE")


async def trail(db: Database, customer_id: UUID) -> list[tuple[str, str, Any, Any]]:
    """Author, action, before and after of every audit entry."""
    async with db.transaction() as uow:
        cursor = await uow.conn.execute(
            "select actor, action, before, after from audit_entry where entity_id = %s order by id", [str(customer_id)]
        )
        return await cursor.fetchall()


class TestCreate:
    async def test_gives_the_card_its_number_version_and_identities(self, db: Database, make: Make) -> None:
        asa = await make(first_name="Åsa", phone_1="070-174 06 05", phone_3="112", email="Asa@Example.com")
        assert (asa.version, asa.display_name, asa.phone_1, asa.phone_2) == (1, "Åsa", "070-174 06 05", None)
        assert [(one.kind, one.value, one.normalised, one.position) for one in asa.identities] == [
            ("phone", "070-174 06 05", "+46701740605", 1),
            ("phone", "112", "112", 3),
            ("email", "Asa@Example.com", "asa@example.com", 1),
        ]
        assert await service.read(db, asa.id) == asa
        assert (await make(first_name="Bo")).number == asa.number + 1

    async def test_is_told_and_audited(self, db: Database, make: Make, screen: Screen) -> None:
        asa = await make(first_name="Åsa", addresses=[{"city": "Umeå"}], consent={"email": True})
        assert await screen.is_complete()
        assert screen.heard == [("customer.created", ["kind", "first_name", "addresses", "consent"], "Aiko")]
        ((author, action, before, after),) = await trail(db, asa.id)
        assert (author, action, before, after["first_name"]) == ("Aiko", "customer.created", None, "Åsa")

    async def test_of_nothing_is_an_unknown_customer(self, make: Make) -> None:
        assert (await make()).display_name == "Unknown customer"

    async def test_refused_leaves_nothing(self, db: Database, make: Make, screen: Screen) -> None:
        with pytest.raises(InvalidFields):
            await make(first_name="Åsa", phone_1="12")
        await screen.follow()
        assert screen.heard == []

    async def test_with_a_taken_external_id_is_refused_and_the_connection_stays_good(self, db: Database, make: Make) -> None:
        await make(external_id="crm-7")
        with pytest.raises(InvalidFields) as refused:
            await make(external_id="crm-7")
        assert [(error.field, error.code) for error in refused.value.errors] == [("external_id", "taken")]
        assert (await make(external_id="crm-8")).external_id == "crm-8"

    async def test_tells_other_features_every_form_of_its_addresses(
        self, db: Database, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[customers.Created] = []

        async def listen(_uow: UnitOfWork, fact: customers.Created) -> None:
            told.append(fact)

        monkeypatch.setattr(customers.created, "_subscribers", [listen])
        link = uuid4()
        asa = await service.create(db, AIKO, {"phone_1": "070-174 06 05"}, region="SE", link_interaction=link)
        (fact,) = told
        assert (fact.customer_id, fact.link_interaction, fact.actor) == (asa.id, link, AIKO)
        assert {"+46701740605", "0701740605"} <= set(fact.addresses)


class TestEdit:
    async def test_changes_what_is_named_and_nothing_else(self, make: Make, db: Database) -> None:
        asa = await make(first_name="Åsa", last_name="Berg", phone_1="0701740605")
        changed = await edit(db, asa, last_name="Öberg")
        assert (changed.version, changed.display_name, changed.phone_1) == (2, "Åsa Öberg", "0701740605")
        assert changed.updated_at > asa.updated_at
        assert await service.read(db, asa.id) == changed

    async def test_is_told_and_audited_with_before_and_after(self, make: Make, db: Database, screen: Screen) -> None:
        asa = await make(first_name="Åsa", phone_1="0701740605")
        await edit(db, asa, first_name="Eva", phone_1=None, email="eva@example.com")
        assert await screen.is_complete()
        assert screen.heard[-1] == ("customer.changed", ["first_name", "phone_1", "email"], "Aiko")
        assert (await trail(db, asa.id))[-1] == (
            "Aiko",
            "customer.changed",
            {"first_name": "Åsa", "phone_1": "0701740605", "email": None},
            {"first_name": "Eva", "phone_1": None, "email": "eva@example.com"},
        )

    async def test_based_on_an_old_version_gets_the_current_card(self, make: Make, db: Database) -> None:
        asa = await make(first_name="Åsa")
        current = await edit(db, asa, first_name="Eva")
        with pytest.raises(StaleCustomer) as stale:
            await edit(db, asa, first_name="Ida")
        assert stale.value.extra["current"] == current

    async def test_of_two_at_once_one_wins(self, make: Make, db: Database) -> None:
        asa = await make(first_name="Åsa")
        outcomes = await asyncio.gather(*(edit(db, asa, first_name=name) for name in ("Eva", "Ida", "Ulla")), return_exceptions=True)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Customer", "StaleCustomer", "StaleCustomer"]

    async def test_that_changes_nothing_writes_nothing(self, make: Make, db: Database, screen: Screen) -> None:
        asa = await make(first_name="Åsa", phone_1="0701740605")
        assert await edit(db, asa, first_name=" Åsa ", phone_1="0701740605", email="") == asa
        await screen.follow()
        assert len(screen.heard) == 1

    async def test_moves_numbers_between_fields_without_losing_them(self, make: Make, db: Database, screen: Screen) -> None:
        asa = await make(phone_1="0701740605", phone_2="112")
        swapped = await edit(db, asa, phone_1="112", phone_2="0701740605")
        assert [(one.normalised, one.position) for one in swapped.identities] == [("112", 1), ("+46701740605", 2)]
        assert {one.id for one in swapped.identities} == {one.id for one in asa.identities}
        assert await screen.is_complete()

    async def test_of_nobody_is_not_found(self, db: Database) -> None:
        with pytest.raises(NotFound):
            await service.edit(db, AIKO, uuid4(), {"first_name": "Åsa"}, version=1, region="SE")

    async def test_with_a_taken_external_id_changes_nothing(self, make: Make, db: Database) -> None:
        await make(external_id="crm-7")
        asa = await make(external_id="crm-8")
        with pytest.raises(InvalidFields):
            await edit(db, asa, external_id="crm-7", first_name="Åsa")
        assert await service.read(db, asa.id) == asa

    async def test_makes_the_card_findable_by_what_it_says_now(self, make: Make, db: Database) -> None:
        asa = await make(first_name="Åsa", phone_1="0701740605")
        await edit(db, asa, phone_1="090123456")
        async with db.transaction() as uow:
            assert await customers.find_by_phone(uow, "0701740605", "SE") == []
            assert [match.customer.id for match in await customers.find_by_phone(uow, "090123456", "SE")] == [asa.id]
            assert await uow.value("select search_text from customer where id = %s", [asa.id]) == "asa +4690123456 090123456"


class TestArchive:
    async def test_and_back_are_told_and_audited_once(self, make: Make, db: Database, screen: Screen) -> None:
        asa = await make(first_name="Åsa")
        archived = await service.archive(db, AIKO, asa.id, version=1)
        assert archived.archived_at
        assert await service.archive(db, AIKO, asa.id, version=None) == archived
        back = await service.unarchive(db, AIKO, asa.id, version=archived.version)
        assert (back.archived_at, back.version) == (None, 3)
        assert await service.unarchive(db, AIKO, asa.id, version=None) == back
        assert await screen.is_complete()
        assert [kind for kind, _, _ in screen.heard] == ["customer.created", "customer.archived", "customer.changed"]
        assert [action for _, action, _, _ in await trail(db, asa.id)] == ["customer.created", "customer.archived", "customer.unarchived"]

    async def test_minds_the_version(self, make: Make, db: Database) -> None:
        asa = await make()
        with pytest.raises(StaleCustomer):
            await service.archive(db, AIKO, asa.id, version=7)


class TestSharedAddresses:
    async def create(self, db: Database, policy: service.DuplicatePolicy, *, accepted: bool = False, **fields: Any) -> Customer:
        return await service.create(db, AIKO, fields, region="SE", duplicates=policy, accept_duplicates=accepted)

    async def test_are_allowed_unless_the_deployment_says_otherwise(self, make: Make, db: Database) -> None:
        first, second = await make(phone_1="0701740605"), await make(phone_1="+46701740605")
        assert await service.read(db, first.id) == first
        assert second.id != first.id

    @pytest.mark.parametrize("fields", [{"phone_4": "+46 70 174 06 05"}, {"email": "ASA@example.com"}])
    async def test_are_asked_about_and_then_taken(self, make: Make, db: Database, fields: dict[str, Any]) -> None:
        asa = await make(first_name="Åsa", phone_1="0701740605", email="asa@example.com")
        with pytest.raises(SharedAddress) as asked:
            await self.create(db, "warn", **fields)
        assert [item.id for item in asked.value.extra["duplicates"]] == [asa.id]
        assert f"Åsa (no. {asa.number})" in asked.value.detail
        assert (await self.create(db, "warn", accepted=True, **fields)).id != asa.id

    async def test_are_refused_whatever_the_caller_says(self, make: Make, db: Database) -> None:
        await make(phone_1="0701740605")
        with pytest.raises(SharedAddress):
            await self.create(db, "refuse", accepted=True, phone_1="0701740605")

    async def test_of_archived_and_unconfirmed_ones_do_not_count(self, make: Make, db: Database) -> None:
        gone, seen = await make(phone_1="0701740605"), await make()
        await service.archive(db, AIKO, gone.id, version=None)
        async with db.transaction() as uow:
            await customers.add_unconfirmed_identity(uow, seen.id, "phone", "0701740605", region="SE")
        assert await self.create(db, "refuse", phone_1="0701740605")

    async def test_are_minded_in_edits_that_bring_them_only(self, make: Make, db: Database) -> None:
        await make(phone_1="0701740605")
        bo = await make(phone_1="0701740605")
        renamed = await service.edit(db, AIKO, bo.id, {"first_name": "Bo"}, version=1, region="SE", duplicates="refuse")
        other = await make(phone_1="112")
        with pytest.raises(SharedAddress):
            await service.edit(db, AIKO, other.id, {"phone_1": "0701740605"}, version=1, region="SE", duplicates="refuse")
        assert renamed.version == 2

    async def test_can_not_slip_through_side_by_side(self, db: Database) -> None:
        tries = [self.create(db, "refuse", phone_1="0701740605", email=f"{n}@example.com") for n in range(6)]
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(isinstance(outcome, Customer) for outcome in outcomes) == 1


class TestUnconfirmedIdentity:
    async def test_is_kept_as_maybe_and_told_while_the_version_stays(self, make: Make, db: Database, screen: Screen) -> None:
        asa = await make(first_name="Åsa", phone_1="0701740605")
        async with db.transaction() as uow:
            await customers.add_unconfirmed_identity(uow, asa.id, "phone", "0046 90 12 34 56", region="SE", actor=AIKO)
        card = await service.read(db, asa.id)
        assert [(one.normalised, one.confidence, one.position) for one in card.identities] == [
            ("+46701740605", "known", 1),
            ("+4690123456", "maybe", 6),
        ]
        assert (card.version, card.phone_2) == (1, None)
        assert await screen.is_complete()
        assert screen.heard[-1] == ("customer.changed", ["identities"], "Aiko")
        assert (await trail(db, asa.id))[-1][:2] == ("Aiko", "customer.identity_added")

    @pytest.mark.parametrize("raw", ["+46 70-174 06 05", "46701740605", "anonymous", ""])
    async def test_is_not_added_when_the_card_has_it_or_it_is_no_address(self, make: Make, db: Database, screen: Screen, raw: str) -> None:
        asa = await make(phone_1="0701740605")
        async with db.transaction() as uow:
            await customers.add_unconfirmed_identity(uow, asa.id, "phone", raw, region="SE")
        assert await service.read(db, asa.id) == asa
        await screen.follow()
        assert len(screen.heard) == 1

    async def test_of_nobody_is_nothing(self, db: Database) -> None:
        async with db.transaction() as uow:
            await customers.add_unconfirmed_identity(uow, uuid4(), "phone", "0701740605", region="SE")

    async def test_stays_when_the_fields_are_edited(self, make: Make, db: Database) -> None:
        asa = await make(phone_1="0701740605")
        async with db.transaction() as uow:
            await customers.add_unconfirmed_identity(uow, asa.id, "email", "asa@example.com", region="SE")
        changed = await edit(db, asa, phone_1="112")
        assert [(one.kind, one.confidence) for one in changed.identities] == [("phone", "known"), ("email", "maybe")]


class TestIdentities:
    async def test_confirming_fills_the_first_free_field(self, make: Make, db: Database, screen: Screen) -> None:
        asa = await make(phone_2="112")
        async with db.transaction() as uow:
            await customers.add_unconfirmed_identity(uow, asa.id, "phone", "070-174 06 05", region="SE")
        seen = (await service.read(db, asa.id)).identities[-1]
        card = await service.confirm_identity(db, AIKO, asa.id, seen.id, version=1, region="SE")
        assert (card.phone_1, card.phone_2, card.version) == ("070-174 06 05", "112", 2)
        assert [(one.id, one.confidence) for one in card.identities if one.position == 1] == [(seen.id, "known")]
        assert await screen.is_complete()

    async def test_a_sixth_number_is_kept_behind_and_can_be_removed(self, make: Make, db: Database, screen: Screen) -> None:
        asa = await make(**{f"phone_{slot}": f"09012345{slot}" for slot in range(1, 6)})
        card = await service.add_identity(db, AIKO, asa.id, "phone", "070-174 06 05", version=1, region="SE")
        sixth = card.identities[5]
        assert (sixth.value, sixth.position, sixth.confidence) == ("070-174 06 05", 6, "known")
        assert await screen.is_complete()
        gone = await service.remove_identity(db, AIKO, asa.id, sixth.id, version=2, region="SE")
        assert gone.identities == asa.identities
        assert await screen.is_complete()
        async with db.transaction() as uow:
            assert "701740605" not in str(await uow.value("select search_text from customer where id = %s", [asa.id]))
        assert [action for _, action, _, _ in await trail(db, asa.id)] == ["customer.created", "customer.changed", "customer.changed"]

    async def test_removing_one_that_a_field_shows_clears_the_field(self, make: Make, db: Database, screen: Screen) -> None:
        asa = await make(phone_1="0701740605", email="asa@example.com")
        card = await service.remove_identity(db, AIKO, asa.id, asa.identities[0].id, version=None, region="SE")
        assert (card.phone_1, card.display_name) == (None, "asa@example.com")
        assert await screen.is_complete()

    async def test_handles_of_other_channels_are_kept_too(self, make: Make, db: Database, screen: Screen) -> None:
        asa = await make(first_name="Åsa")
        card = await service.add_identity(db, AIKO, asa.id, "social", "@Asa", version=None, region="SE")
        assert [(one.kind, one.value, one.normalised, one.position) for one in card.identities] == [("social", "@Asa", "@asa", 1)]
        assert await service.add_identity(db, AIKO, asa.id, "social", "@asa", version=None, region="SE") == card
        assert await screen.is_complete()

    async def test_of_another_card_are_not_found(self, make: Make, db: Database) -> None:
        asa, bo = await make(phone_1="112"), await make()
        with pytest.raises(NotFound):
            await service.remove_identity(db, AIKO, bo.id, asa.identities[0].id, version=None, region="SE")


class TestTouch:
    async def test_notes_the_last_contact_and_tells_it_while_the_version_stays(self, make: Make, db: Database, screen: Screen) -> None:
        asa = await make()
        async with db.transaction() as uow:
            await customers.touch(uow, asa.id, NOON, "voice", "Bilal")
        card = await service.read(db, asa.id)
        assert card.last_contact
        assert (card.last_contact.at, card.last_contact.channel, card.last_contact.agent_name, card.version) == (NOON, "voice", "Bilal", 1)
        assert await screen.is_complete()
        assert screen.heard[-1] == ("customer.changed", ["last_contact"], "Bilal")

    async def test_ignores_what_came_earlier_and_what_is_known(self, make: Make, db: Database, screen: Screen) -> None:
        asa = await make()
        async with db.transaction() as uow:
            await customers.touch(uow, asa.id, NOON, "voice", "Bilal")
            await customers.touch(uow, asa.id, NOON - timedelta(hours=1), "chat", "Aiko")
            await customers.touch(uow, asa.id, NOON, "voice", "Bilal")
            await customers.touch(uow, uuid4(), NOON, "voice", "Bilal")
        last = (await service.read(db, asa.id)).last_contact
        assert last
        assert (last.at, last.channel) == (NOON, "voice")
        await screen.follow()
        assert len(screen.heard) == 2


async def test_summaries_come_in_the_order_asked_without_the_unknown(make: Make, db: Database) -> None:
    asa, bo = await make(first_name="Åsa", addresses=[{"city": "Umeå"}]), await make(first_name="Bo")
    async with db.transaction() as uow:
        found = await customers.summaries(uow, [bo.id, uuid4(), asa.id])
        assert [item.display_name for item in found] == ["Bo", "Åsa"]
        assert await customers.summary(uow, asa.id) == found[1]
        assert found[1].city == "Umeå"
        assert await customers.summary(uow, uuid4()) is None
        assert await customers.summaries(uow, []) == []
        assert await customers.get(uow, uuid4()) is None
