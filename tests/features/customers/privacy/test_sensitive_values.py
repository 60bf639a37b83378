"""Sensitive attributes: encrypted where they lie, masked to everybody, found by their whole value, shown with a reason."""

import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from ringdesk.features.customers.imports.engine import Files
from ringdesk.features.customers.privacy import conversion
from ringdesk.features.people import create_key
from ringdesk.kit.db import Database
from ringdesk.kit.sealed import MASK
from ringdesk.kit.settings import Settings
from tests.support.everywhere import found_anywhere

SECRET = "P-4711-Oslo"


async def define(as_ada: httpx.AsyncClient, label: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    made = await as_ada.post("/api/v1/customer-attributes", json={"label": label, "type": {"type": kind}, "privacy": "sensitive", **more})
    assert made.status_code == 201, made.text
    return made.json()


async def create(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    made = await client.post("/api/v1/customers", json=fields)
    assert made.status_code == 201, made.text
    return made.json()


async def test_a_sensitive_value_lies_nowhere_in_clear_and_is_masked_everywhere(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, db: Database
) -> None:
    await define(as_ada, "Passport")
    card = await create(as_aiko, first_name="Edward", attributes={"passport": SECRET})
    assert card["attributes"] == {"passport": MASK}
    async with db.transaction() as uow:
        assert await found_anywhere(uow, [SECRET, SECRET.lower()]) == []
    path = f"/api/v1/customers/{card['id']}"
    assert (await as_ada.get(path)).json()["attributes"] == {"passport": MASK}
    assert (await as_ada.get("/api/v1/customers")).json()["items"][0]["attributes"] == {"passport": MASK}
    exported = await as_ada.get("/api/v1/customers/export.csv", params={"columns": "first_name,attributes.passport"})
    assert f"Edward,{MASK}" in exported.text
    trail = (await as_ada.get("/api/v1/audit", params={"entity.eq": "customer", "entity_id.eq": card["id"]})).json()["items"]
    assert trail[0]["after"]["attributes.passport"] == MASK


async def test_a_mask_that_comes_back_leaves_the_value_as_it_is(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient) -> None:
    await define(as_ada, "Passport")
    card = await create(as_aiko, first_name="Edward", attributes={"passport": SECRET})
    path = f"/api/v1/customers/{card['id']}"
    back = await as_aiko.patch(path, json={"last_name": "Ferrars", "attributes": card["attributes"]}, headers={"if-match": '"1"'})
    assert (back.status_code, back.json()["version"]) == (200, 2)
    assert await revealed(as_ada, card["id"]) == SECRET
    same = await as_aiko.patch(path, json={"attributes": {"passport": SECRET}}, headers={"if-match": '"2"'})
    assert same.json()["version"] == 2, "the same value again changes nothing"
    new = await as_aiko.patch(path, json={"attributes": {"passport": "X-1"}}, headers={"if-match": '"2"'})
    assert new.json()["attributes"] == {"passport": MASK}
    assert await revealed(as_ada, card["id"]) == "X-1"
    refused = await as_aiko.post("/api/v1/customers", json={"first_name": "Eva", "attributes": {"passport": MASK}})
    assert refused.json()["errors"][0]["code"] == "masked"


async def revealed(client: httpx.AsyncClient, customer_id: str, field: str = "attributes.passport") -> Any:
    answer = await client.post(f"/api/v1/customers/{customer_id}/reveal", json={"field": field, "reason": "The customer asks for it"})
    assert answer.status_code == 200, answer.text
    return answer.json()["value"]


async def test_who_sees_a_value_says_why_and_the_trail_keeps_it(
    as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient
) -> None:
    await define(as_ada, "Passport")
    card = await create(as_aiko, first_name="Edward", attributes={"passport": SECRET})
    path = f"/api/v1/customers/{card['id']}/reveal"
    asked = {"field": "attributes.passport", "reason": "Check at the border"}
    assert (await as_aiko.post(path, json=asked)).status_code == 403
    for nothing in ("  ", "\u200b", "…!"):
        assert (await as_sven.post(path, json={**asked, "reason": nothing})).json()["errors"][0]["field"] == "reason"
    assert (await as_sven.post(path, json={**asked, "reason": "x" * 201})).status_code == 422
    assert (await as_sven.post(path, json={**asked, "field": "attributes.shoe"})).json()["errors"][0]["field"] == "field"
    answer = (await as_sven.post(path, json=asked)).json()
    assert answer == {"field": "attributes.passport", "value": SECRET, "hide_after_s": 60}
    seen = (await as_ada.get("/api/v1/audit", params={"action.eq": "customer.revealed"})).json()["items"]
    assert [(one["actor"], one["entity_id"], one["after"]) for one in seen] == [
        ("Sven", card["id"], {"field": "attributes.passport", "reason": "Check at the border", "empty": False})
    ]


async def test_a_sensitive_field_is_found_whole_and_neither_sorted_nor_found_by_parts(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient
) -> None:
    made = await define(as_ada, "Passport")
    card = await create(as_aiko, first_name="Edward", attributes={"passport": SECRET})
    await create(as_aiko, first_name="Eva", attributes={"passport": "other"})

    async def listed(**query: str) -> httpx.Response:
        return await as_aiko.get("/api/v1/customers", params=query)

    assert [one["id"] for one in (await listed(**{"attributes.passport.eq": "p-4711-OSLO "})).json()["items"]] == [card["id"]]
    assert len((await listed(**{"attributes.passport.empty": "false"})).json()["items"]) == 2
    for query in ({"attributes.passport.contains": "4711"}, {"sort": "attributes.passport"}):
        assert (await listed(**query)).status_code == 422
    assert (await listed(q="4711")).json()["items"] == []
    path = f"/api/v1/customer-attributes/{made['id']}"
    refused = await as_ada.patch(path, json={"searchable": True, "sortable": True})
    assert {error["field"] for error in refused.json()["errors"]} == {"searchable", "sortable"}


async def test_a_sensitive_value_that_could_be_found_by_trying_is_asked_for_by_who_may_read_it_alone(
    as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient, db: Database
) -> None:
    await define(as_ada, "Pin", "alphanumeric_15")
    await define(as_ada, "Vip", "bool")
    card = await create(as_aiko, first_name="Edward", attributes={"pin": "4711", "vip": True})
    key = (await create_key(db, None, name="reader", scopes=["customers:read"])).key
    asked = ({"attributes.pin.eq": "4711"}, {"attributes.vip.eq": "true"})
    for query in asked:
        found = await as_sven.get("/api/v1/customers", params=query)
        assert [one["id"] for one in found.json()["items"]] == [card["id"]]
        for refused in (
            await as_aiko.get("/api/v1/customers", params=query),
            await as_aiko.get("/api/v1/customers", params=query, headers={"authorization": f"Bearer {key}"}),
        ):
            assert refused.status_code == 422, refused.text
            assert "by trying" in refused.json()["errors"][0]["message"]
    # Whether there is a value is no secret, and what nobody can guess is found.
    assert len((await as_aiko.get("/api/v1/customers", params={"attributes.vip.empty": "false"})).json()["items"]) == 1


async def test_a_call_from_a_sensitive_number_finds_its_card(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, db: Database) -> None:
    await define(as_ada, "Private line", kind="phone")
    await define(as_ada, "Private mail", kind="email")
    card = await create(as_aiko, first_name="Edward", attributes={"private_line": "020 7946 0958", "private_mail": "Ed@Example.com"})
    for asked in ({"phone": "+44 20 7946 0958"}, {"phone": "00442079460958"}, {"email": "ed@example.COM"}):
        found = (await as_aiko.get("/api/v1/customers/lookup", params=asked)).json()["matches"]
        assert [(one["customer"]["id"], one["confidence"]) for one in found] == [(card["id"], "known")]
    async with db.transaction() as uow:
        assert await found_anywhere(uow, ["2079460958", "20 7946 0958", "ed@example.com"]) == []


async def test_the_class_of_an_attribute_changes_what_is_stored_and_back(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringdesk.features.customers.store.BITE", 2)
    made = await define(as_ada, "Private line", kind="phone", privacy="personal")
    path = f"/api/v1/customer-attributes/{made['id']}"
    numbers = [f"020 7946 09{place:02}" for place in range(5)]
    cards = [await create(as_aiko, first_name="Ed", attributes={"private_line": number}) for number in numbers]
    await as_aiko.patch(f"/api/v1/customers/{cards[0]['id']}", json={"first_name": "Edward"}, headers={"if-match": '"1"'})
    survivor = await create(as_aiko, first_name="Edward")
    merge = await as_aiko.post(f"/api/v1/customers/{survivor['id']}/merge", json={"other_id": cards[1]["id"]})
    assert merge.status_code == 200
    bits = [number[2:].replace(" ", "") for number in numbers]

    changed = await as_ada.patch(path, json={"privacy": "sensitive"})
    assert changed.json()["conversion"]["state"] == "running"
    assert (await as_ada.patch(path, json={"privacy": "plain"})).json()["type"].endswith("conversion_running")
    # A process that dies after some steps is gone on after.
    for _ in range(2):
        async with db.transaction() as uow:
            assert await conversion.step(uow, Files(settings.data_dir), UUID(made["id"]), region="GB")
    await conversion.run(db, settings.data_dir, UUID(made["id"]), region="GB")
    assert (await as_ada.get("/api/v1/customer-attributes")).json()["items"][0]["conversion"]["state"] == "none"
    async with db.transaction() as uow:
        assert await found_anywhere(uow, [*numbers, *bits]) == []
    found = (await as_aiko.get("/api/v1/customers/lookup", params={"phone": numbers[4]})).json()["matches"]
    assert [one["customer"]["id"] for one in found] == [cards[4]["id"]]
    undone = await as_aiko.post(f"/api/v1/customer-merges/{merge.json()['merge']['id']}/undo")
    assert undone.status_code == 200, undone.text
    assert undone.json()["restored"]["attributes"] == {"private_line": MASK}
    assert await revealed(as_ada, cards[1]["id"], "attributes.private_line") == numbers[1]

    await as_ada.patch(path, json={"privacy": "plain"})
    await conversion.run(db, settings.data_dir, UUID(made["id"]), region="GB")
    for card, number in zip(cards, numbers, strict=True):
        shown = (await as_aiko.get(f"/api/v1/customers/{card['id']}")).json()
        assert shown["attributes"] == {"private_line": number}
        assert [one["value"] for one in shown["identities"]] == [number]


async def test_a_sensitive_value_travels_through_merge_and_bulk_edit_unopened(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, as_sven: httpx.AsyncClient, db: Database
) -> None:
    await define(as_ada, "Passport")
    card, other = await create(as_aiko, first_name="Edward"), await create(as_aiko, first_name="Ed", attributes={"passport": SECRET})
    asked = {"other_id": other["id"]}
    preview = (await as_aiko.post(f"/api/v1/customers/{card['id']}/merge/preview", json=asked)).json()
    assert preview["customer"]["attributes"] == {"passport": MASK}
    merged = (await as_aiko.post(f"/api/v1/customers/{card['id']}/merge", json=asked)).json()
    assert await revealed(as_sven, card["id"]) == SECRET
    await as_aiko.post(f"/api/v1/customer-merges/{merged['merge']['id']}/undo")
    assert await revealed(as_sven, other["id"]) == SECRET
    assert (await as_aiko.get(f"/api/v1/customers/{card['id']}")).json()["attributes"] == {}

    bulk = await as_sven.post("/api/v1/bulk-edits", json={"ids": [card["id"]], "change": {"attributes": {"passport": "Bulk-4712"}}})
    assert bulk.json()["change"] == {"attributes.passport": MASK}
    query = {"query": f"attributes.passport.eq={SECRET}", "change": {"company_name": "Norland"}}
    assert "P-4711" not in (await as_sven.post("/api/v1/bulk-edits", json=query)).text
    from ringdesk.features.customers.bulk import engine

    await as_sven.post(f"/api/v1/bulk-edits/{bulk.json()['id']}/start")
    await engine.run(db, UUID(bulk.json()["id"]), region="GB")
    assert await revealed(as_sven, card["id"]) == "Bulk-4712"
    async with db.transaction() as uow:
        assert await found_anywhere(uow, [SECRET, "Bulk-4712"]) == []


async def test_a_type_change_reads_and_seals_again_and_tells_no_value(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient) -> None:
    made = await define(as_ada, "Passport")
    path = f"/api/v1/customer-attributes/{made['id']}"
    card = await create(as_aiko, first_name="Edward", attributes={"passport": "4711"})
    eva = await create(as_aiko, first_name="Eva", attributes={"passport": SECRET})
    refused = await as_ada.patch(path, json={"type": {"type": "integer"}})
    assert refused.status_code == 409
    assert [one["value"] for one in refused.json()["sample"]] == [MASK]
    assert SECRET not in json.dumps(refused.json())
    await as_aiko.patch(f"/api/v1/customers/{eva['id']}", json={"attributes": {"passport": None}}, headers={"if-match": '"1"'})
    assert (await as_ada.patch(path, json={"type": {"type": "integer"}})).status_code == 200
    assert await revealed(as_ada, card["id"]) == 4711


async def test_every_field_says_its_class(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient) -> None:
    await define(as_ada, "Passport")
    found = {one["field"]: one["privacy"] for one in (await as_aiko.get("/api/v1/customer-fields")).json()["items"]}
    assert (found["kind"], found["last_name"], found["phone_1"], found["attributes.passport"]) == (
        "plain",
        "personal",
        "personal",
        "sensitive",
    )
