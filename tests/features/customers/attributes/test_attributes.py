"""An administrator shapes the card, and cards keep to it (product.md 1.2)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import entries_after, newest_position

ATTRIBUTES = "/api/v1/customer-attributes"
Add = Callable[..., Awaitable[dict[str, Any]]]
COLOURS = {"type": "choice", "options": ["Red", "Green"]}


@pytest.fixture
def add(as_ada: httpx.AsyncClient) -> Add:
    """Ada adds an attribute."""

    async def added(label: str, kind: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        answer = await as_ada.post(ATTRIBUTES, json={"label": label, "type": kind or {"type": "text"}, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()

    return added


async def create(client: httpx.AsyncClient, **attributes: Any) -> httpx.Response:
    return await client.post("/api/v1/customers", json={"first_name": "Emma", "attributes": attributes})


async def shown(client: httpx.AsyncClient) -> list[str]:
    return [one["key"] for one in (await client.get(ATTRIBUTES)).json()["items"] if one["hidden_at"] is None]


def wrong(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


class TestDefinitions:
    async def test_a_key_is_made_of_the_label(self, add: Add) -> None:
        assert [(await add(label))["key"] for label in ("Födelse-dag", "Fodelse dag!", "誕生日", "2nd car")] == [
            "fodelse_dag",
            "fodelse_dag_2",
            "attribute",
            "attribute_2nd_car",
        ]

    async def test_what_it_says_of_itself_reaches_every_card(self, add: Add, as_aiko: httpx.AsyncClient) -> None:
        await add("Contract", COLOURS, required=True, help="As on the paper")
        [known] = (await as_aiko.get(ATTRIBUTES)).json()["items"]
        assert (known["label"], known["key"], known["required"], known["help"]) == ("Contract", "contract", True, "As on the paper")
        assert (known["type"]["type"], known["type"]["options"]) == ("choice", ["Red", "Green"])

    async def test_every_error_is_named_at_once(self, add: Add, as_ada: httpx.AsyncClient) -> None:
        await add("Colour", key="colour")
        answer = await as_ada.post(
            ATTRIBUTES,
            json={
                "label": " colour",
                "key": "colour",
                "type": {"type": "choice", "options": ["Red", "red", "a;b"]},
                "help": "x" * 501,
            },
        )
        assert wrong(answer) == {
            "label": "taken",
            "key": "taken",
            "type.options[1]": "repeated",
            "type.options[2]": "semicolon",
            "help": "too_long",
        }
        assert wrong(await as_ada.post(ATTRIBUTES, json={"label": "", "type": {"type": "choice", "options": []}, "key": "1st"})) == {
            "label": "required",
            "type.options": "required",
            "key": "invalid_format",
        }

    async def test_an_unknown_type_is_refused(self, as_ada: httpx.AsyncClient) -> None:
        assert (await as_ada.post(ATTRIBUTES, json={"label": "Aura", "type": {"type": "aura"}})).status_code == 422

    async def test_the_order_rules_the_card(self, add: Add, as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient) -> None:
        one, two, three = [await add(label) for label in ("One", "Two", "Three")]
        answer = await as_ada.put(f"{ATTRIBUTES}/order", json={"ids": [three["id"], one["id"], two["id"]]})
        assert answer.status_code == 200
        assert await shown(as_aiko) == ["three", "one", "two"]
        assert wrong(await as_ada.put(f"{ATTRIBUTES}/order", json={"ids": [one["id"], one["id"], two["id"]]})) == {"ids": "not_all"}

    async def test_a_hidden_one_keeps_its_values_and_comes_back(self, add: Add, as_ada: httpx.AsyncClient) -> None:
        colour = await add("Colour", COLOURS)
        emma = (await create(as_ada, colour="red")).json()
        for _ in range(2):
            assert (await as_ada.delete(f"{ATTRIBUTES}/{colour['id']}")).json()["hidden_at"]
        assert await shown(as_ada) == []
        path = f"/api/v1/customers/{emma['id']}"
        refused = await as_ada.patch(path, json={"attributes": {"colour": "Green"}}, headers={"if-match": '"1"'})
        assert wrong(refused) == {"attributes.colour": "unknown_field"}
        await as_ada.patch(path, json={"last_name": "Woodhouse"}, headers={"if-match": '"1"'})
        for _ in range(2):
            assert (await as_ada.post(f"{ATTRIBUTES}/{colour['id']}/restore")).json()["hidden_at"] is None
        assert (await as_ada.get(path)).json()["attributes"] == {"colour": "Red"}

    async def test_fifty_are_shown_and_a_hidden_one_does_not_count(self, add: Add, as_ada: httpx.AsyncClient) -> None:
        made = [await add(f"Field {number}") for number in range(50)]
        full = await as_ada.post(ATTRIBUTES, json={"label": "One more", "type": {"type": "bool"}})
        assert (full.status_code, full.json()["type"]) == (409, "urn:ringdesk:problem:too_many_attributes")
        await as_ada.delete(f"{ATTRIBUTES}/{made[0]['id']}")
        await add("One more")
        assert (await as_ada.post(f"{ATTRIBUTES}/{made[0]['id']}/restore")).status_code == 409

    async def test_one_that_comes_back_needs_a_label_of_its_own(self, add: Add, as_ada: httpx.AsyncClient) -> None:
        first = await add("Contract")
        await as_ada.delete(f"{ATTRIBUTES}/{first['id']}")
        await add("contract")
        assert wrong(await as_ada.post(f"{ATTRIBUTES}/{first['id']}/restore")) == {"label": "taken"}

    async def test_each_change_is_told_and_noted(self, add: Add, as_ada: httpx.AsyncClient, db: Database) -> None:
        async with db.transaction() as uow:
            begin = await newest_position(uow)
        colour = await add("Colour", COLOURS)
        await as_ada.patch(f"{ATTRIBUTES}/{colour['id']}", json={"label": "Shade", "required": True})
        await as_ada.patch(f"{ATTRIBUTES}/{colour['id']}", json={"label": "Shade"})
        await as_ada.delete(f"{ATTRIBUTES}/{colour['id']}")
        async with db.transaction() as uow:
            told = await entries_after(uow, begin, {"schema"}, until=await newest_position(uow))
            noted = await uow.values("select action from audit_entry where entity = 'attribute' order by id")
        assert [entry.type for entry in told] == ["schema.customers_changed"] * 3
        assert '"label": "Shade"' in told[1].payload
        assert noted == ["attribute.created", "attribute.changed", "attribute.hidden"]


class TestValues:
    async def test_are_kept_as_their_type_has_them(self, add: Add, as_aiko: httpx.AsyncClient) -> None:
        await add("Colour", COLOURS)
        await add("Visits", {"type": "integer", "positive": True})
        await add("Since", {"type": "date"})
        answer = await create(as_aiko, colour="GREEN", visits="12", since="2024-02-29")
        assert answer.status_code == 201, answer.text
        assert answer.json()["attributes"] == {"colour": "Green", "visits": 12, "since": "2024-02-29"}

    async def test_every_wrong_one_is_named_beside_the_other_fields(self, add: Add, as_aiko: httpx.AsyncClient) -> None:
        await add("Colour", COLOURS)
        await add("Visits", {"type": "integer"})
        body = {"phone_1": "call me", "attributes": {"colour": "Blue", "visits": "many", "aura": 1}}
        assert wrong(await as_aiko.post("/api/v1/customers", json=body)) == {
            "phone_1": "invalid_phone",
            "attributes.colour": "not_an_option",
            "attributes.visits": "not_a_whole_number",
            "attributes.aura": "unknown_field",
        }
        assert wrong(await as_aiko.post("/api/v1/customers", json={"attributes": [1]})) == {"attributes": "not_an_object"}

    async def test_an_edit_sets_what_it_names_and_null_clears(self, add: Add, as_aiko: httpx.AsyncClient) -> None:
        await add("Colour", COLOURS)
        await add("Note")
        emma = (await create(as_aiko, colour="Red", note="calls late")).json()
        answer = await as_aiko.patch(
            f"/api/v1/customers/{emma['id']}", json={"attributes": {"colour": "Green", "note": None}}, headers={"if-match": '"1"'}
        )
        assert answer.json()["attributes"] == {"colour": "Green"}
        assert answer.json()["version"] == 2

    async def test_a_required_one_is_needed_on_new_cards_only(
        self, add: Add, as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient
    ) -> None:
        old = (await create(as_aiko)).json()
        await add("Colour", COLOURS, required=True)
        assert wrong(await create(as_aiko)) == {"attributes.colour": "required"}
        path = f"/api/v1/customers/{old['id']}"
        assert (await as_aiko.patch(path, json={"last_name": "Woodhouse"}, headers={"if-match": '"1"'})).status_code == 200
        cleared = await as_aiko.patch(path, json={"attributes": {"colour": ""}}, headers={"if-match": '"2"'})
        assert wrong(cleared) == {"attributes.colour": "required"}


class TestAnotherType:
    async def test_reads_the_stored_values_anew(self, add: Add, as_ada: httpx.AsyncClient) -> None:
        visits = await add("Visits")
        emma = (await create(as_ada, visits="012")).json()
        answer = await as_ada.patch(f"{ATTRIBUTES}/{visits['id']}", json={"type": {"type": "integer"}})
        assert answer.status_code == 200, answer.text
        assert (await as_ada.get(f"/api/v1/customers/{emma['id']}")).json()["attributes"] == {"visits": 12}

    async def test_is_refused_with_the_values_that_do_not_fit(self, add: Add, as_ada: httpx.AsyncClient) -> None:
        visits = await add("Visits")
        for value in ("1", "some", "many", "2"):
            await create(as_ada, visits=value)
        refused = await as_ada.patch(f"{ATTRIBUTES}/{visits['id']}", json={"type": {"type": "integer"}, "label": "Calls"})
        assert refused.status_code == 409
        problem = refused.json()
        assert (problem["type"], problem["misfits"]) == ("urn:ringdesk:problem:values_do_not_fit", 2)
        assert sorted(one["value"] for one in problem["sample"]) == ["many", "some"]
        assert {one["name"] for one in problem["sample"]} == {"Emma"}
        [still] = (await as_ada.get(ATTRIBUTES)).json()["items"]
        assert (still["label"], still["type"]["type"]) == ("Visits", "text")

    async def test_an_option_in_use_cannot_go(self, add: Add, as_ada: httpx.AsyncClient) -> None:
        colour = await add("Colour", COLOURS)
        await create(as_ada, colour="Red")
        path = f"{ATTRIBUTES}/{colour['id']}"
        assert (await as_ada.patch(path, json={"type": {"type": "choice", "options": ["Green"]}})).status_code == 409
        assert (await as_ada.patch(path, json={"type": {"type": "choice", "options": ["RED", "Blue"]}})).status_code == 200
        listed = await as_ada.get("/api/v1/customers")
        assert listed.status_code == 200

    async def test_waits_for_values_that_are_being_written(self, add: Add, as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient) -> None:
        visits = await add("Visits")
        edits = [create(as_aiko, visits="many") for _ in range(5)]
        change = as_ada.patch(f"{ATTRIBUTES}/{visits['id']}", json={"type": {"type": "integer"}})
        first, *created = await asyncio.gather(change, *edits)
        # Either the type changed first, and the values are refused; or a value came first, and the type is.
        written = [answer for answer in created if answer.status_code == 201]
        assert (first.status_code == 409) == bool(written)
