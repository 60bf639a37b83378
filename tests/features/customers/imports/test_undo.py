"""One click takes an import back, exactly; what people changed since stays and is listed (product.md 1.7)."""

import signal
from typing import Any

import psycopg
import pytest

from ringdesk.features import interactions
from ringdesk.features.customers import listing
from ringdesk.features.customers import service as customers
from ringdesk.features.customers.imports import engine, service, undoing
from ringdesk.features.customers.imports.errors import WrongState
from ringdesk.features.customers.imports.schemas import ImportRow, KeptCustomer
from ringdesk.features.customers.merging.schemas import MergeRequest
from ringdesk.features.customers.merging.service import merge
from ringdesk.features.customers.schemas import Customer
from ringdesk.features.people import Actor
from ringdesk.features.telephony import Telephony
from ringdesk.features.telephony.facts import CallEnded, CallStarted
from ringdesk.kit import clock
from ringdesk.kit.fields import Text
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import InvalidFields
from tests.features.customers.imports.conftest import ADA, Base
from tests.features.customers.imports.test_engine import people_file, start_runner
from tests.support.eventually import eventually

ASA = "First Name,Last Name,Phone,Mobile,E-mail,City,ID\nÅsa,Öberg,020 7946 0018,07700 900123,asa@example.com,Umeå,A1\n"


async def kept(base: Base, row: ImportRow) -> list[KeptCustomer]:
    return (await service.kept(base.db, row.id, 0, 100)).items


def content(card: Customer) -> dict[str, Any]:
    """What a card says, without what every write moves on."""
    fields = {name: getattr(card, name) for name in card.__struct_fields__ if name not in ("version", "updated_at", "identities")}
    return fields | {"identities": {(one.kind, one.value, one.normalised, one.confidence, one.position) for one in card.identities}}


async def counts(base: Base) -> list[int]:
    tables = ("customer", "customer_identity", "import_batch", "import_change")
    return [await base.value(f"select count(*) from {table}") for table in tables]


async def test_what_an_import_made_is_gone(base: Base) -> None:
    row = await base.bring("Name,Phone\nEva,4001\nSven,4002\nBad,x\n")
    undone = await base.undo(row)
    assert (undone.undo and (undone.undo.removed, undone.undo.restored, undone.undo.kept)) == (2, 0, 0)
    assert await counts(base) == [0, 0, 0, 0]
    async with base.db.transaction() as uow:
        assert await customers.find_by_phone(uow, "4001", "GB") == []


async def test_what_it_changed_is_as_before_to_the_letter(base: Base) -> None:
    await base.attribute("Contract", Text())
    await base.bring(ASA)
    before = await base.card("Åsa Öberg")
    row = await base.bring(
        "Name,Phone,Mobile,E-mail,E-mail 2 - Value,Street,City,Contract,ID\n"
        "Eva Ek,4001,4002,eva@example.com,e2@example.com,Storgatan,Luleå,K7,A1\n",
        key="external_id",
        on_duplicate="replace",
    )
    assert content(await base.card("Eva Ek")) != content(before)
    undone = await base.undo(row)
    assert (undone.undo and (undone.undo.removed, undone.undo.restored, undone.undo.kept)) == (0, 1, 0)
    assert content(await base.card("Åsa Öberg")) == content(before)
    found = await base.value("select search_text from customer")
    assert "öberg" not in found
    assert "oberg" in found
    assert "eva" not in found


async def test_fields_that_people_changed_since_stay_and_are_listed(base: Base) -> None:
    await base.bring(ASA)
    row = await base.bring("First Name,Phone,City,ID\nEva,4001,Luleå,A1\n", key="external_id", on_duplicate="update")
    await base.edit((await base.card("Eva Öberg")).id, first_name="Evelina")
    undone = await base.undo(row)
    card = await base.card("Evelina Öberg")
    assert (card.phone_1, card.addresses[0].city) == ("020 7946 0018", "Umeå")
    assert undone.undo
    assert (undone.undo.restored, undone.undo.kept) == (1, 1)
    assert [(one.id, one.reason, one.fields, one.by_name) for one in await kept(base, row)] == [
        (card.id, "changed", ["first_name"], "Aiko")
    ]


async def test_a_new_customer_whom_somebody_changed_stays_whole(base: Base) -> None:
    row = await base.bring("Name,Phone\nEva,4001\nSven,4002\n")
    await base.edit((await base.card("Eva")).id, email="eva@example.com")
    undone = await base.undo(row)
    assert list(await base.cards()) == ["Eva"]
    assert undone.undo
    assert (undone.undo.removed, undone.undo.kept) == (1, 1)
    assert [(one.display_name, one.reason, one.fields, one.by_name) for one in await kept(base, row)] == [
        ("Eva", "changed", ["email"], "Aiko")
    ]


async def test_a_new_customer_who_called_since_stays(base: Base) -> None:
    row = await base.bring("Name,Phone\nEva,020 7946 0018\nSven,4002\n")
    called = CallStarted(source="pbx", call_id="1", at=clock.now(), ani="+442079460018")
    await Telephony(base.db, region="GB").take([called])
    await base.undo(row)
    assert list(await base.cards()) == ["Eva"]
    assert [(one.display_name, one.reason) for one in await kept(base, row)] == [("Eva", "in_use")]


async def test_calls_from_before_the_import_belong_to_nobody_again(base: Base) -> None:
    began = [CallStarted(source="pbx", call_id=number, at=clock.now(), ani=number) for number in ("+442079460018", "+442079460019")]
    ended = [CallEnded(source="pbx", call_id=number, at=clock.now()) for number in ("+442079460018", "+442079460019")]
    await Telephony(base.db, region="GB").take([*began, *ended])
    row = await base.bring("Name,Phone\nEva,020 7946 0018\nSven,020 7946 0019\n")
    assert await base.value("select count(*) from interaction where customer_id is not null") == 2
    # Somebody said that it was Sven: that stays.
    async with base.db.transaction() as uow:
        sven = (await customers.find_by_phone(uow, "020 7946 0019", "GB"))[0].customer.id
        eva = (await customers.find_by_phone(uow, "020 7946 0018", "GB"))[0].customer.id
        of_sven = await uow.value("select id from interaction where customer_id = %s", [sven])
        aiko = Actor(id=new_id(), name="Aiko", kind="user", rights=frozenset())
        await interactions.link(uow, aiko, of_sven, eva)
        await interactions.link(uow, aiko, of_sven, sven)
    undone = await base.undo(row)
    assert undone.undo
    assert (undone.undo.removed, undone.undo.kept) == (1, 1)
    assert list(await base.cards()) == ["Sven"]
    assert await base.value("select array_agg(ani) from interaction where customer_id is null") == ["+442079460018"]


async def test_a_customer_whom_the_same_import_made_and_changed_is_gone(base: Base) -> None:
    row = await base.bring("Name,Phone,E-mail\nEva,4001,\nEva Ek,4001,eva@example.com\n", key="phone", on_duplicate="update")
    assert (row.created, row.updated) == (1, 1)
    undone = await base.undo(row)
    assert undone.undo
    assert (undone.undo.removed, undone.undo.restored, undone.undo.kept) == (1, 0, 0)
    assert await base.cards() == {}


async def test_two_imports_are_undone_in_either_order(base: Base) -> None:
    await base.bring(ASA)
    before = content(await base.card("Åsa Öberg"))
    first = await base.bring("Phone,City\n020 7946 0018,Luleå\n", key="phone", on_duplicate="update")
    second = await base.bring("Phone,First Name\n020 7946 0018,Eva\n", key="phone", on_duplicate="update")
    await base.undo(first)
    await base.undo(second)
    assert content(await base.card("Åsa Öberg")) == before


async def test_an_address_that_was_unconfirmed_before_is_so_again(base: Base) -> None:
    await base.bring(ASA)
    card = await base.card("Åsa Öberg")
    async with base.db.transaction() as uow:
        await customers.add_unconfirmed_identity(uow, card.id, "phone", "4001", region="GB")
    before = content(await base.card("Åsa Öberg"))
    row = await base.bring("Phone,E-mail\n4001,asa@example.com\n", key="email", on_duplicate="update")
    await base.undo(row)
    assert content(await base.card("Åsa Öberg")) == before


async def test_an_external_id_that_somebody_else_got_since_is_not_taken_back(base: Base) -> None:
    await base.bring(ASA)
    row = await base.bring("Phone,ID\n020 7946 0018,B1\n", key="phone", on_duplicate="update")
    await base.bring("Name,ID\nSven,A1\n")
    await base.undo(row)
    assert (await base.card("Åsa Öberg")).external_id == "B1"
    assert [one.fields for one in await kept(base, row)] == [["external_id"]]


async def test_only_what_has_ended_and_changed_something_can_be_undone(base: Base) -> None:
    row = await base.bring("Name,Phone\nBad,x\n")
    with pytest.raises(WrongState, match="nothing to undo"):
        await service.undo(base.db, ADA, row.id)
    row = await base.bring("Name,Phone\nEva,4001\n")
    await base.undo(row)
    with pytest.raises(WrongState, match="is undone"):
        await service.undo(base.db, ADA, row.id)
    with pytest.raises(WrongState, match="is undone"):
        await service.start(base.db, base.settings, ADA, row.id, None)


async def test_every_step_of_it_is_in_the_audit_trail(base: Base) -> None:
    await base.bring(ASA)
    row = await base.bring("Phone,City\n020 7946 0018,Luleå\n4001,\n", key="phone", on_duplicate="update")
    await base.undo(row)
    query = "select string_agg(action || ' ' || actor, ', ' order by id) from audit_entry where entity = %s and entity_id = %s"
    assert await base.value(query, "import", str(row.id)) == (
        "import.started Ringdesk, import.done Ringdesk, import.undo_started Ada, import.undone Ringdesk"
    )
    card = await base.card("Åsa Öberg")
    assert await base.value(query, "customer", str(card.id)) == "customer.imported Ada, customer.import_undone Ada"


async def test_it_goes_bite_by_bite_and_on_after_a_loss_of_the_database(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "BITE", 7)
    await base.bring("Name,Phone\n" + "".join(f"Old {n},{4000 + n}\n" for n in range(20)))
    before = {name: content(card) for name, card in (await base.cards()).items()}
    text = "Name,Phone\n" + "".join(f"New {n},{4000 + n}\n" for n in range(50))
    row = await base.bring(text, key="phone", on_duplicate="update")
    assert (row.created, row.updated) == (30, 20)
    await service.undo(base.db, ADA, row.id)
    bites: list[tuple[int, int]] = []

    def cut(now: ImportRow) -> None:
        assert now.undo
        bites.append((now.undo.restored, now.undo.removed))
        if bites[-1] == (20, 14):
            with psycopg.connect(base.db.dsn, autocommit=True) as conn:
                conn.execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 7202")

    with pytest.raises(psycopg.OperationalError):
        await engine.run(base.db, base.settings.data_dir, row.id, watch=cut)
    assert await base.value("select state from import where id = %s", row.id) == "undoing"
    undone = await engine.run(base.db, base.settings.data_dir, row.id)
    assert undone
    assert undone.undo
    assert (undone.state, undone.undo.restored, undone.undo.removed) == ("undone", 20, 30)
    assert {name: content(card) for name, card in (await base.cards()).items()} == before
    assert bites == [(7, 0), (14, 0), (20, 0), (20, 7), (20, 14)]


async def test_a_killed_undo_goes_on_where_it_was(base: Base, tmp_path: Any) -> None:
    begun = await service.register_file(base.db, base.settings, people_file(tmp_path, 6_000), user_name="Ada")
    row = await engine.run(base.db, base.settings.data_dir, begun.id)
    assert row
    await service.undo(base.db, ADA, row.id)
    process = await start_runner(base.db, base.settings, row.id)
    removed = "select (undo ->> 'removed')::int from import where id = %s and (undo ->> 'removed')::int > 0"
    reached = await eventually(lambda: base.value(removed, row.id), within=60)
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    assert reached < row.created
    undone: ImportRow | None = await eventually(lambda: engine.run(base.db, base.settings.data_dir, row.id), within=60)
    assert undone
    assert undone.undo
    assert undone.undo.removed == row.created
    assert await counts(base) == [0, 0, 0, 0]


async def test_the_events_of_an_undo_tell_of_every_bite(base: Base) -> None:
    row = await base.bring("Name,Phone\nEva,4001\n")
    await base.undo(row)
    said = "select string_agg(payload #>> '{import,state}', ' ' order by pos) from event_log where topics @> '{customers}'"
    assert await base.value(said) == "running done undoing undone"


async def test_the_counts_add_up_when_cards_were_merged_since(base: Base) -> None:
    row = await base.bring("Name,Phone\nEva,4001\nSven,4002\nNils,4003\n")
    eva, sven = await base.card("Eva"), await base.card("Sven")
    aiko = Actor(id=None, name="Aiko", kind="user", rights=frozenset({"customers:write"}))
    await merge(base.db, aiko, eva.id, MergeRequest(other_id=sven.id), version=None, region="GB")
    undone = (await base.undo(row)).undo
    assert undone is not None
    assert (undone.removed, undone.restored, undone.kept, undone.gone) == (1, 0, 1, 1)
    [stays] = await kept(base, row)
    assert (stays.display_name, stays.reason, stays.by_name) == ("Eva", "changed", "Aiko")
    assert "merged" in stays.fields
    assert not {"merge_id", "moved"} & set(stays.fields)


async def test_the_list_shows_whom_an_import_made_or_changed_until_it_is_undone(base: Base) -> None:
    await base.bring("Name,Phone\nEva,4001\nSven,4002\n")
    row = await base.bring("Name,Phone\nEva Ek,4001\nNils,4003\n", key="phone", on_duplicate="update")

    async def listed(import_id: object) -> list[str]:
        async with base.db.transaction() as uow:
            found = await listing.page(uow, [("import.eq", str(import_id)), ("sort", "display_name")], "GB")
        return [one.display_name for one in found.items]

    assert await listed(row.id) == ["Eva Ek", "Nils"]
    await base.undo(row)
    assert await listed(row.id) == []
    with pytest.raises(InvalidFields):
        await listed("the last one")
