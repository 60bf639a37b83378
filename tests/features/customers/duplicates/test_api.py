"""Duplicates as agents meet them: on a card, while creating one, and in the review queue (product.md 1.8)."""

from typing import Any
from uuid import UUID, uuid4

import httpx

from ringdesk.features.customers.duplicates.service import look_at_changes
from ringdesk.kit.db import Database

CUSTOMERS = "/api/v1/customers"
QUEUE = "/api/v1/customer-duplicates"
ASA = {"first_name": "Åsa", "last_name": "Berg", "phone_1": "020 7946 0018"}


async def create(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post(CUSTOMERS, json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def find(db: Database) -> int:
    """Look at everything that changed; how many cards that were."""
    looked_at = 0
    while count := await look_at_changes(db):
        looked_at += count
    return looked_at


async def queue(client: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    answer = await client.get(QUEUE, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def of_card(client: httpx.AsyncClient, card: dict[str, Any]) -> dict[str, Any]:
    return (await client.get(f"{CUSTOMERS}/{card['id']}/duplicates")).json()


def ids(pairs: list[dict[str, Any]]) -> list[set[str]]:
    return [{pair["first"]["id"], pair["second"]["id"]} for pair in pairs]


class TestACard:
    async def test_shows_its_probable_duplicates_with_the_reasons(self, db: Database, as_aiko: httpx.AsyncClient) -> None:
        one, other = await create(as_aiko, **ASA), await create(as_aiko, **ASA | {"last_name": "Bergh"})
        await create(as_aiko, first_name="Nils", last_name="Ek")
        await find(db)
        [found] = (await of_card(as_aiko, one))["items"]
        assert (found["customer"]["id"], found["score"] > 90) == (other["id"], True)
        assert found["reasons"] == [{"code": "same_phone", "value": "+442079460018"}, {"code": "similar_name", "value": None}]

    async def test_no_longer_shows_one_that_is_archived_or_was_said_to_be_another(self, db: Database, as_aiko: httpx.AsyncClient) -> None:
        one, other, third = [await create(as_aiko, **ASA) for _ in range(3)]
        await find(db)
        assert (await as_aiko.put(f"{CUSTOMERS}/{one['id']}/not-duplicates/{other['id']}")).status_code == 204
        await as_aiko.post(f"{CUSTOMERS}/{third['id']}/archive")
        await find(db)
        shown = await of_card(as_aiko, one)
        assert (shown["items"], [card["id"] for card in shown["dismissed"]]) == ([], [other["id"]])
        assert (await as_aiko.delete(f"{CUSTOMERS}/{other['id']}/not-duplicates/{one['id']}")).status_code == 204
        assert [item["customer"]["id"] for item in (await of_card(as_aiko, one))["items"]] == [other["id"]]

    async def test_of_nobody_is_not_found(self, as_aiko: httpx.AsyncClient) -> None:
        assert (await as_aiko.get(f"{CUSTOMERS}/{uuid4()}/duplicates")).status_code == 404
        card = await create(as_aiko)
        assert (await as_aiko.put(f"{CUSTOMERS}/{card['id']}/not-duplicates/{uuid4()}")).status_code == 404
        assert (await as_aiko.put(f"{CUSTOMERS}/{card['id']}/not-duplicates/{card['id']}")).status_code == 422


class TestWhileOneIsWritten:
    async def test_those_who_look_alike_are_told_and_nothing_is_stored(self, db: Database, as_aiko: httpx.AsyncClient) -> None:
        one = await create(as_aiko, **ASA)
        await find(db)
        for fields in ({"phone_1": "+44 20 7946 0018"}, {"first_name": "Asa", "last_name": "Berg", "phone_1": "02079460018"}):
            [found] = (await as_aiko.post(f"{QUEUE}/check", json=fields)).json()["items"]
            assert (found["customer"]["id"], found["reasons"][0]["code"]) == (one["id"], "same_phone")
        assert (await as_aiko.post(f"{QUEUE}/check", json={"first_name": "Nils", "phone_1": "020 7946 00"})).json()["items"] == []
        assert (await as_aiko.get(CUSTOMERS)).json()["total"] == 1

    async def test_what_is_not_valid_yet_does_not_matter(self, as_aiko: httpx.AsyncClient) -> None:
        answer = await as_aiko.post(f"{QUEUE}/check", json={"phone_1": "12", "email": "x", "shoe": 3})
        assert (answer.status_code, answer.json()) == (200, {"items": [], "dismissed": []})


class TestTheQueue:
    async def test_has_the_surest_first_and_pages(self, db: Database, as_aiko: httpx.AsyncClient) -> None:
        likely = [await create(as_aiko, phone_1="020 7946 0019", **name) for name in ({"first_name": "Nils", "last_name": "Ek"}, {})]
        sure = [await create(as_aiko, **ASA, email="asa@example.com") for _ in range(2)]
        assert (await queue(as_aiko))["waiting"] == 4
        await find(db)
        first = await queue(as_aiko, limit=1)
        second = await queue(as_aiko, limit=1, cursor=first["next_cursor"])
        assert ids(first["items"] + second["items"]) == [{card["id"] for card in sure}, {card["id"] for card in likely}]
        assert first["items"][0]["score"] > second["items"][0]["score"]
        assert (first["total"], second["next_cursor"], second["waiting"]) == (2, None, 0)
        assert (await as_aiko.get(QUEUE, params={"cursor": "x"})).status_code == 422

    async def test_follows_edits_merges_their_undo_and_decisions(self, db: Database, as_aiko: httpx.AsyncClient) -> None:
        one, other = await create(as_aiko, **ASA), await create(as_aiko, first_name="Åsa", last_name="Berg")
        await find(db)
        assert (await queue(as_aiko))["items"] == []
        await as_aiko.patch(f"{CUSTOMERS}/{other['id']}", json={"phone_2": "020 7946 0018"}, headers={"if-match": "*"})
        await find(db)
        assert ids((await queue(as_aiko))["items"]) == [{one["id"], other["id"]}]
        merged = (await as_aiko.post(f"{CUSTOMERS}/{one['id']}/merge", json={"other_id": other["id"]})).json()
        assert (await queue(as_aiko))["items"] == []
        await as_aiko.post(f"/api/v1/customer-merges/{merged['merge']['id']}/undo")
        await find(db)
        assert len((await queue(as_aiko))["items"]) == 1
        await as_aiko.put(f"{CUSTOMERS}/{one['id']}/not-duplicates/{other['id']}")
        assert (await queue(as_aiko))["total"] == 0
        await find(db)
        assert (await queue(as_aiko))["items"] == []
        await as_aiko.delete(f"{CUSTOMERS}/{one['id']}/not-duplicates/{other['id']}")
        assert (await queue(as_aiko))["total"] == 1

    async def test_keeps_nothing_of_a_card_that_is_gone(self, db: Database, as_aiko: httpx.AsyncClient) -> None:
        one, other = await create(as_aiko, **ASA), await create(as_aiko, **ASA)
        await find(db)
        await as_aiko.post(f"{CUSTOMERS}/{one['id']}/merge", json={"other_id": other["id"]})
        await find(db)
        async with db.transaction() as uow:
            for table in ("duplicate_card", "duplicate_key"):
                assert await uow.values(f"select distinct customer_id from {table}".encode()) == [UUID(one["id"])]
            assert await uow.value("select count(*) from duplicate_pair") == 0

    async def test_is_the_same_whatever_order_cards_are_looked_at_in(self, db: Database, as_aiko: httpx.AsyncClient) -> None:
        for name in ("Berg", "Bergh", "Burg"):
            await create(as_aiko, **ASA | {"last_name": name})
            await find(db)
        one_by_one = (await queue(as_aiko))["items"]
        async with db.transaction() as uow:
            await uow.run("insert into duplicate_pending (customer_id) select id from customer order by id desc")
        assert await find(db) == 3
        assert (await queue(as_aiko))["items"] == one_by_one

    async def test_a_name_that_everybody_has_makes_no_pairs(self, db: Database, as_aiko: httpx.AsyncClient) -> None:
        async with db.transaction() as uow:
            await uow.run(
                "insert into customer (id, first_name, last_name, display_name, sort_name)"
                " select gen_random_uuid(), 'Anna', 'Andersson', 'Anna Andersson', 'anna andersson' from generate_series(1, 60)"
            )
        assert await find(db) == 60
        assert (await queue(as_aiko))["total"] == 0


async def test_a_decision_is_told_to_whoever_shows_one_of_the_cards(db: Database, as_aiko: httpx.AsyncClient) -> None:
    one, other = await create(as_aiko, **ASA), await create(as_aiko, **ASA)
    await as_aiko.put(f"{CUSTOMERS}/{one['id']}/not-duplicates/{other['id']}")
    async with db.transaction() as uow:
        [topics] = await uow.values("select topics from event_log where type = 'duplicates.changed'")
    assert set(topics) == {"customers", f"customer:{one['id']}", f"customer:{other['id']}"}
