"""One change of many cards: exactly those that were counted, with a trail, and back again (product.md 0, 1.6)."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from ringdesk.features import desk
from ringdesk.features.customers.bulk import engine
from ringdesk.kit.db import Database
from tests.features.customers.conftest import Make
from tests.support.people import People

EDITS = "/api/v1/bulk-edits"
CUSTOMERS = "/api/v1/customers"
assert desk  # It follows what changes of open cards.


@pytest.fixture
async def cards(make: Make) -> dict[str, UUID]:
    """Three people of Umeå and one of Luleå."""
    people = (("Åsa", "Umeå"), ("Bo", "Umeå"), ("Cia", "Umeå"), ("Dag", "Luleå"))
    return {name: (await make(first_name=name, addresses=[{"city": city}])).id for name, city in people}


async def prepare(client: httpx.AsyncClient, change: dict[str, Any], **selection: Any) -> dict[str, Any]:
    answer = await client.post(EDITS, json={"change": change} | (selection or {"query": "city.eq=Umeå"}))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def act(client: httpx.AsyncClient, edit: dict[str, Any], what: str) -> dict[str, Any]:
    answer = await client.post(f"{EDITS}/{edit['id']}/{what}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def carry_out(db: Database, client: httpx.AsyncClient, edit: dict[str, Any], what: str = "start") -> dict[str, Any]:
    """Start or undo, and do what the worker would."""
    await act(client, edit, what)
    await engine.run(db, UUID(edit["id"]), region="SE")
    return (await client.get(f"{EDITS}/{edit['id']}")).json()


async def card(client: httpx.AsyncClient, customer_id: UUID) -> dict[str, Any]:
    return (await client.get(f"{CUSTOMERS}/{customer_id}")).json()


async def edit_card(client: httpx.AsyncClient, customer_id: UUID, **fields: Any) -> None:
    version = (await card(client, customer_id))["version"]
    assert (await client.patch(f"{CUSTOMERS}/{customer_id}", json=fields, headers={"if-match": f'"{version}"'})).status_code == 200


async def languages(client: httpx.AsyncClient, cards: dict[str, UUID]) -> dict[str, Any]:
    return {name: (await card(client, customer_id))["preferred_language"] for name, customer_id in cards.items()}


async def events(db: Database, kind: str) -> list[Any]:
    async with db.transaction() as uow:
        return await uow.values("select payload from event_log where type = %s order by pos", [kind])


class TestEdit:
    async def test_says_the_number_first_and_changes_nothing(
        self, db: Database, as_sven: httpx.AsyncClient, cards: dict[str, UUID]
    ) -> None:
        edit = await prepare(as_sven, {"preferred_language": "SV"})
        assert (edit["state"], edit["total"], edit["change"]) == ("prepared", 3, {"preferred_language": "sv"})
        assert set((await languages(as_sven, cards)).values()) == {None}
        assert (await as_sven.get(EDITS)).json()["items"] == []

    async def test_changes_those_who_were_counted_whatever_the_filter_finds_later(
        self, db: Database, as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient, cards: dict[str, UUID]
    ) -> None:
        edit = await prepare(as_sven, {"preferred_language": "sv"})
        await edit_card(as_aiko, cards["Åsa"], addresses=[{"city": "Kiruna"}])
        await edit_card(as_aiko, cards["Dag"], addresses=[{"city": "Umeå"}])
        done = await carry_out(db, as_sven, edit)
        assert (done["state"], done["done"], done["changed"]) == ("done", 3, 3)
        assert await languages(as_sven, cards) == {"Åsa": "sv", "Bo": "sv", "Cia": "sv", "Dag": None}

    async def test_sets_fields_attributes_consent_and_archives(
        self, db: Database, as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, cards: dict[str, UUID]
    ) -> None:
        tier = {"type": "choice", "options": ["Gold", "Silver"]}
        await as_ada.post("/api/v1/customer-attributes", json={"label": "Tier", "type": tier})
        await as_ada.post("/api/v1/customer-attributes", json={"label": "Points", "type": {"type": "integer"}})
        await edit_card(as_sven, cards["Bo"], attributes={"points": 7}, consent={"email": True, "sms": True})
        change = {
            "kind": "company",
            "company_name": "Bergs",
            "attributes": {"tier": "gold"},
            "consent": {"email": False, "sms": None},
            "archived": True,
        }
        await carry_out(db, as_sven, await prepare(as_sven, change, ids=[str(cards["Bo"])]))
        bo = await card(as_sven, cards["Bo"])
        assert (bo["kind"], bo["display_name"], bo["attributes"]) == ("company", "Bergs", {"tier": "Gold", "points": 7})
        assert bo["consent"] == {"email": False}
        assert bo["archived_at"]
        assert (await as_sven.get(CUSTOMERS, params={"q": "bergs"})).json()["total"] == 0
        back = await prepare(as_sven, {"archived": False}, query="archived_at.empty=false")
        assert (await carry_out(db, as_sven, back))["changed"] == 1
        assert (await as_sven.get(CUSTOMERS, params={"q": "bergs"})).json()["total"] == 1

    async def test_counts_who_had_it_already_and_who_is_gone(
        self, db: Database, as_sven: httpx.AsyncClient, cards: dict[str, UUID]
    ) -> None:
        await edit_card(as_sven, cards["Bo"], preferred_language="sv")
        edit = await prepare(as_sven, {"preferred_language": "sv"})
        async with db.transaction() as uow:
            await uow.run("delete from customer where id = %s", [cards["Cia"]])
        done = await carry_out(db, as_sven, edit)
        assert {name: done[name] for name in ("total", "done", "changed", "unchanged", "gone")} == {
            "total": 3,
            "done": 3,
            "changed": 1,
            "unchanged": 1,
            "gone": 1,
        }

    async def test_is_in_the_trail_of_every_card_and_told_once_a_batch(
        self,
        db: Database,
        as_ada: httpx.AsyncClient,
        as_sven: httpx.AsyncClient,
        cards: dict[str, UUID],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(engine, "BATCH", 2)
        await carry_out(db, as_sven, await prepare(as_sven, {"preferred_language": "sv"}))
        trail = (await as_ada.get("/api/v1/audit", params={"entity_id.eq": str(cards["Bo"])})).json()["items"]
        assert tuple(trail[0][name] for name in ("action", "actor", "before", "after")) == (
            "customer.changed",
            "Sven",
            {"preferred_language": None},
            {"preferred_language": "sv"},
        )
        told = await events(db, "bulk_edit.changed")
        assert [(one["bulk_edit"]["state"], one["bulk_edit"]["done"], len(one["customer_ids"])) for one in told] == [
            ("running", 0, 0),
            ("running", 2, 2),
            ("running", 3, 1),
            ("done", 3, 0),
        ]
        whole = (await as_ada.get("/api/v1/audit", params={"entity.eq": "bulk_edit"})).json()["items"]
        assert [entry["action"] for entry in whole] == ["bulk_edit.done", "bulk_edit.started"]

    async def test_shows_at_once_on_a_desk_where_the_card_is_open(
        self, db: Database, as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient, cards: dict[str, UUID], people: People
    ) -> None:
        async with db.transaction() as uow:
            await uow.run(
                "insert into desk_customer (user_id, customer_id, opened_by) values (%s, %s, 'choice')", [people.aiko.id, cards["Bo"]]
            )
        await carry_out(db, as_sven, await prepare(as_sven, {"preferred_language": "sv"}))
        changed = [one for one in await events(db, "customer.changed") if one["changed"] == ["preferred_language"]]
        assert [one["customer"] for one in changed] == [await card(as_aiko, cards["Bo"])]

    async def test_goes_on_where_it_was_cancelled(
        self, db: Database, as_sven: httpx.AsyncClient, cards: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engine, "BATCH", 1)
        edit = await prepare(as_sven, {"preferred_language": "sv"})
        await act(as_sven, edit, "start")
        cancelled = await act(as_sven, edit, "cancel")
        assert cancelled["state"] == "cancelled"
        assert (await engine.run(db, UUID(edit["id"]), region="SE")).state == "cancelled"  # pyright: ignore[reportOptionalMemberAccess]  # it is there
        assert (await carry_out(db, as_sven, edit))["changed"] == 3

    @pytest.mark.parametrize(
        ("change", "wrong"),
        [
            ({}, "change"),
            ({"first_name": "Bo"}, "change.first_name"),
            ({"phone_1": "112"}, "change.phone_1"),
            ({"kind": "robot"}, "change.kind"),
            ({"archived": None}, "change.archived"),
            ({"consent": {"fax": True}}, "change.consent.fax"),
            ({"consent": True}, "change.consent"),
            ({"attributes": {"nothing": 1}}, "change.attributes.nothing"),
            ({"attributes": {"second_home": "112"}}, "change.attributes.second_home"),
        ],
    )
    async def test_refuses_what_cannot_be_set_of_many(
        self, as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, cards: dict[str, UUID], change: dict[str, Any], wrong: str
    ) -> None:
        await as_ada.post("/api/v1/customer-attributes", json={"label": "Second home", "type": {"type": "phone"}})
        refused = await as_sven.post(EDITS, json={"change": change, "query": ""})
        assert refused.status_code == 422, refused.text
        assert [error["field"] for error in refused.json()["errors"]] == [wrong]

    async def test_refuses_a_selection_of_nobody_and_one_of_too_many(
        self, as_sven: httpx.AsyncClient, cards: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from ringdesk.features.customers.bulk import service

        nobody = await as_sven.post(EDITS, json={"change": {"archived": True}, "query": "city.eq=Kiruna"})
        assert nobody.json()["type"] == "urn:ringdesk:problem:selection"
        both = await as_sven.post(EDITS, json={"change": {"archived": True}, "query": "", "ids": [str(cards["Bo"])]})
        assert both.json()["errors"][0]["field"] == "ids"
        monkeypatch.setattr(service, "MOST", 2)
        many = await as_sven.post(EDITS, json={"change": {"archived": True}, "query": "city.eq=Umeå"})
        assert many.status_code == 422

    async def test_takes_a_state_only_once(self, db: Database, as_sven: httpx.AsyncClient, cards: dict[str, UUID]) -> None:
        edit = await prepare(as_sven, {"preferred_language": "sv"})
        assert (await as_sven.post(f"{EDITS}/{edit['id']}/undo")).status_code == 409
        await carry_out(db, as_sven, edit)
        assert (await as_sven.post(f"{EDITS}/{edit['id']}/start")).json()["type"] == "urn:ringdesk:problem:bulk_edit_state"


class TestUndo:
    async def test_gives_back_what_was_there(self, db: Database, as_sven: httpx.AsyncClient, cards: dict[str, UUID]) -> None:
        await edit_card(as_sven, cards["Bo"], preferred_language="fi", consent={"email": True})
        before = await card(as_sven, cards["Bo"])
        edit = await prepare(as_sven, {"preferred_language": "sv", "consent": {"email": False, "voice": True}, "archived": True})
        await carry_out(db, as_sven, edit)
        undone = await carry_out(db, as_sven, edit, "undo")
        assert (undone["state"], undone["undone"], undone["kept"]) == ("undone", 3, 0)
        after = await card(as_sven, cards["Bo"])
        passing = {"version", "updated_at"}
        assert {name: value for name, value in after.items() if name not in passing} == {
            name: value for name, value in before.items() if name not in passing
        }

    async def test_keeps_what_people_changed_since_and_lists_it(
        self, db: Database, as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient, cards: dict[str, UUID]
    ) -> None:
        edit = await prepare(as_sven, {"preferred_language": "sv", "company_name": "Bergs"})
        await carry_out(db, as_sven, edit)
        await edit_card(as_aiko, cards["Åsa"], preferred_language="fi")
        # Somebody else's fields of the same card are nobody's reason to keep anything.
        await edit_card(as_aiko, cards["Bo"], last_name="Öberg")
        undone = await carry_out(db, as_sven, edit, "undo")
        assert (undone["undone"], undone["kept"]) == (3, 1)
        assert await languages(as_sven, cards) == {"Åsa": "fi", "Bo": None, "Cia": None, "Dag": None}
        assert (await card(as_sven, cards["Åsa"]))["company_name"] == ""
        assert (await card(as_sven, cards["Bo"]))["last_name"] == "Öberg"
        kept = (await as_sven.get(f"{EDITS}/{edit['id']}/kept")).json()
        assert [(one["customer_id"], one["display_name"], one["kept"]) for one in kept["items"]] == [
            (str(cards["Åsa"]), "Åsa", {"preferred_language": "fi"})
        ]
        assert kept["next"] is None

    async def test_of_a_cleared_number_makes_it_found_again(
        self, db: Database, as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, cards: dict[str, UUID]
    ) -> None:
        await as_ada.post("/api/v1/customer-attributes", json={"label": "Second home", "type": {"type": "phone"}})
        await edit_card(as_sven, cards["Bo"], attributes={"second_home": "020 7946 0958"})
        edit = await prepare(as_sven, {"attributes": {"second_home": None}})

        async def found() -> int:
            return len((await as_sven.get(f"{CUSTOMERS}/lookup", params={"phone": "+442079460958"})).json()["matches"])

        async def there_and_back(what: str) -> None:
            await act(as_sven, edit, what)
            await engine.run(db, UUID(edit["id"]), region="GB")

        await there_and_back("start")
        assert await found() == 0
        await there_and_back("undo")
        assert await found() == 1


async def test_only_supervisors_and_administrators_edit_many(as_aiko: httpx.AsyncClient) -> None:
    assert (await as_aiko.post(EDITS, json={"change": {"archived": True}, "query": ""})).status_code == 403
