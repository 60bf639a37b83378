"""Rows about customers who are known: by which key, and what becomes of them (product.md 1.7)."""

import pytest
from msgspec import structs

from ringdesk.features.customers.imports import batches
from ringdesk.kit.fields import Text
from tests.features.customers.imports.conftest import Base

ASA = "First Name,Last Name,Phone,E-mail,City,ID\nÅsa,Öberg,020 7946 0018,asa@example.com,Umeå,A1\n"


async def test_ignored_rows_change_nothing(base: Base) -> None:
    await base.bring(ASA)
    before = await base.card("Åsa Öberg")
    row = await base.bring("First Name,Phone\nEva,+44 20 7946 0018\nSven,4001\n", key="phone")
    assert (row.created, row.ignored) == (1, 1)
    assert await base.card("Åsa Öberg") == before


async def test_update_overwrites_with_what_the_row_says(base: Base) -> None:
    await base.bring(ASA)
    row = await base.bring(
        "First Name,Last Name,Phone,Mobile,City\nEva,,+442079460018,07700 900123,Luleå\n", key="phone", on_duplicate="update"
    )
    assert (row.created, row.updated) == (0, 1)
    card = await base.card("Eva Öberg")
    assert (card.phone_1, card.phone_2, card.email, card.external_id) == ("+442079460018", "07700 900123", "asa@example.com", "A1")
    assert (card.addresses[0].city, card.version) == ("Luleå", 2)
    assert {one.normalised for one in card.identities} == {"+442079460018", "+447700900123", "asa@example.com"}


async def test_replace_sets_every_mapped_field_and_empties_clear(base: Base) -> None:
    await base.bring(ASA)
    await base.bring("First Name,Last Name,Phone,City,ID\nEva,,,,A1\n", key="external_id", on_duplicate="replace")
    card = await base.card("Eva")
    assert (card.phone_1, card.addresses, card.email) == (None, [], "asa@example.com")
    assert await base.value("select count(*) from customer_identity where kind = 'phone'") == 0


async def test_fill_sets_only_what_is_empty(base: Base) -> None:
    await base.bring(ASA)
    await base.bring(
        "First Name,Phone,Mobile,E-mail,City,Postcode\nEva,4001,4002,ASA@example.com,Luleå,903 25\n", key="email", on_duplicate="fill"
    )
    card = await base.card("Åsa Öberg")
    assert (card.phone_1, card.phone_2, card.email) == ("020 7946 0018", "4002", "asa@example.com")
    assert (card.addresses[0].city, card.addresses[0].postcode) == ("Umeå", "903 25")


async def test_each_action_does_with_attributes_as_with_other_fields(base: Base) -> None:
    for label in ("Contract", "Tier"):
        await base.attribute(label, Text())
    await base.bring("Name,Phone,Contract\nÅsa,4001,K1\n")
    seen: list[object] = []
    for action, row in (("fill", "4001,K2,Gold"), ("update", "4001,K3,"), ("replace", "4001,,Silver")):
        await base.bring(f"Phone,Contract,Tier\n{row}\n", key="phone", on_duplicate=action)
        seen.append((await base.card("Åsa")).attributes)
    assert seen == [{"contract": "K1", "tier": "Gold"}, {"contract": "K3", "tier": "Gold"}, {"tier": "Silver"}]


async def test_an_attribute_can_be_the_key(base: Base) -> None:
    await base.attribute("Member number", Text())
    await base.bring("Name,Phone,Member number\nÅsa Öberg,4001,M-7\n")
    row = await base.bring("Member number,Phone\nM-7,4002\nM-8,4003\nM-9,\n", key="attributes.member_number", on_duplicate="update")
    assert (row.created, row.updated, row.refused) == (1, 1, 1)
    assert (await base.card("Åsa Öberg")).phone_1 == "4002"
    assert "it has no name, number or e-mail address to make a new customer of" in await base.refused(row)


async def test_a_row_about_several_customers_changes_none(base: Base) -> None:
    await base.bring("Name,Phone\nÅsa,4001\nErik,4001\nEva,4002\n")
    row = await base.bring("Name,Phone,Mobile\nHousehold,4001,\nEva,4002,4001\nSven,4003,\n", key="phone", on_duplicate="update")
    assert (row.created, row.updated, row.refused) == (1, 0, 2)
    assert "2 customers have this (no. 1001, no. 1002), so nobody is changed" in await base.refused(row)
    assert "3 customers have this" in await base.refused(row)


@pytest.mark.parametrize("size", [1, 2, 5_000])
async def test_rows_of_one_file_about_one_customer_act_in_their_order(base: Base, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(batches, "FIRST_BATCH_ROWS", size)
    monkeypatch.setattr(batches, "BATCH_ROWS", size)
    text = "Name,Phone,E-mail\nÅsa,4001,\nÅsa Öberg,4001,asa@example.com\nSven,4002,\nÅsa Ö,4001,\n"
    row = await base.bring(text, key="phone", on_duplicate="update")
    assert (row.created, row.updated) == (2, 2)
    assert (await base.card("Åsa Ö")).email == "asa@example.com"
    row = await base.bring(text.replace("400", "500"), key="phone", on_duplicate="ignore")
    assert (row.created, row.ignored) == (2, 2)


async def test_a_row_without_the_key_is_a_new_customer(base: Base) -> None:
    await base.bring("Name,Phone\nÅsa,4001\n")
    row = await base.bring("Name,Phone,E-mail\nÅsa,4001,\n", key="email", on_duplicate="update")
    assert (row.created, row.updated) == (1, 0)


async def test_unconfirmed_and_archived_customers_are_not_recognised(base: Base) -> None:
    await base.bring("Name,Phone\nÅsa,4001\nEva,4002\n")
    async with base.db.transaction() as uow:
        await uow.run("update customer_identity set confidence = 'maybe' where normalised = '4001'")
        await uow.run("update customer set archived_at = now() where display_name = 'Eva'")
    row = await base.bring("Name,Phone\nÅsa,4001\nEva,4002\n", key="phone", on_duplicate="update")
    assert row.created == 2


async def test_an_external_id_of_another_customer_refuses_the_row(base: Base) -> None:
    await base.bring("Name,Phone,ID\nÅsa,4001,A\nEva,4002,B\n")
    row = await base.bring("Phone,ID\n4001,B\n4002,B\n4003,A\n4004,C\n", key="phone", on_duplicate="update")
    assert (row.created, row.updated, row.refused) == (1, 1, 2)
    assert (await base.refused(row)).count("Another customer or an earlier row has it") == 2


async def test_two_rows_of_a_batch_cannot_take_one_external_id(base: Base) -> None:
    await base.bring("Name,Phone\nÅsa,4001\nEva,4002\n")
    row = await base.bring("Phone,ID\n4001,N\n4002,N\n4003,N\n", key="phone", on_duplicate="update")
    assert (row.updated, row.created, row.refused) == (1, 0, 2)


async def test_what_a_new_customer_needs_is_asked_of_new_ones_only(base: Base) -> None:
    await base.bring(ASA)
    await base.attribute("Contract", Text(), required=True)
    row = await base.bring("First Name,Phone\nEva,020 7946 0018\nSven,4001\n", key="phone", on_duplicate="update")
    assert (row.updated, row.refused) == (1, 1)
    assert "a new customer needs “Contract”" in await base.refused(row)
    row = await base.bring("First Name,Phone,Contract\nEva,020 7946 0018,\n", key="phone", on_duplicate="replace")
    assert row.refused == 1


async def test_where_shared_numbers_are_refused_a_known_customer_may_keep_its_own(base: Base) -> None:
    await base.bring("Name,Phone,ID\nÅsa,4001,A\nEva,4002,B\n")
    strict = structs.replace(base.settings, duplicates="refuse")
    row = await base.bring(
        "Phone,ID,E-mail\n4001,A,asa@example.com\n4001,B,\n4003,C,\n", settings=strict, key="external_id", on_duplicate="update"
    )
    assert (row.updated, row.created, row.refused) == (1, 1, 1)


async def test_a_company_that_is_known_by_one_column_of_names_keeps_a_whole_name(base: Base) -> None:
    await base.bring("Company,Phone\nSmith & Partners,4001\n")
    await base.bring('Name,Phone\n"Smith, Jones & Partners",4001\n', key="phone", on_duplicate="update")
    assert (await base.card("Smith, Jones & Partners")).company_name == "Smith, Jones & Partners"


async def test_each_change_is_in_the_audit_trail_with_before_and_after(base: Base) -> None:
    await base.bring(ASA)
    await base.bring("First Name,Phone\nEva,020 7946 0018\n", key="phone", on_duplicate="update")
    query = "select array[action, actor, before ->> 'first_name', after ->> 'first_name'] from audit_entry where entity = 'customer'"
    assert await base.value(query) == ["customer.imported", "Ada", "Åsa", "Eva"]


async def test_several_e_mail_addresses_are_all_kept(base: Base) -> None:
    await base.bring("Name,E-mail,E-mail 2 - Value\nÅsa,a@example.com ::: b@example.com,c@example.com\n")
    card = await base.card("Åsa")
    assert [(one.value, one.position) for one in card.identities] == [("a@example.com", 1), ("b@example.com", 2), ("c@example.com", 3)]
    await base.bring("E-mail,E-mail 2 - Value\na@example.com,d@example.com; b@example.com\n", key="email", on_duplicate="update")
    assert [one.value for one in (await base.card("Åsa")).identities][3:] == ["d@example.com"]


async def test_a_number_that_lost_its_plus_is_still_known(base: Base) -> None:
    await base.bring("Name,Phone\nÅsa,+46 70 174 06 05\nEva,46701740606\n")
    row = await base.bring("Phone,E-mail\n46701740605,asa@example.com\n+46701740606,eva@example.com\n", key="phone", on_duplicate="fill")
    assert (row.created, row.updated) == (0, 2)
    assert (await base.card("Åsa")).email == "asa@example.com"
