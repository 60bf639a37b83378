"""Merging over HTTP, as people and programs use it (product.md 1.8)."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

CUSTOMERS = "/api/v1/customers"


async def create(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post(CUSTOMERS, json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def merge(client: httpx.AsyncClient, this: dict[str, Any], other: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = await client.post(f"{CUSTOMERS}/{this['id']}/merge", json={"other_id": other["id"], **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def undo(client: httpx.AsyncClient, merged: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(f"/api/v1/customer-merges/{merged['merge']['id']}/undo")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
async def pair(as_aiko: httpx.AsyncClient) -> tuple[dict[str, Any], dict[str, Any]]:
    """Åsa has two cards."""
    this = await create(as_aiko, first_name="Åsa", last_name="Berg", phone_1="020 7946 0018", consent={"email": True, "sms": True})
    other = await create(
        as_aiko, first_name="Asa", last_name="Bergh", phone_1="020 7946 0019", email="asa@example.com", consent={"sms": False}
    )
    return this, other


Pair = tuple[dict[str, Any], dict[str, Any]]


class TestMerge:
    async def test_gives_one_card_with_everything_of_both(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        this, other = pair
        merged = await merge(as_aiko, this, other)
        card = merged["customer"]
        assert (card["id"], card["display_name"]) == (this["id"], "Åsa Berg")
        assert (card["phone_1"], card["phone_2"], card["email"]) == ("020 7946 0018", "020 7946 0019", "asa@example.com")
        assert [one["normalised"] for one in card["identities"]] == ["+442079460018", "+442079460019", "asa@example.com"]
        assert card["version"] > max(this["version"], other["version"])
        assert (merged["merge"]["card"]["id"], merged["merge"]["moved"]["identities"], merged["merge"]["undo"]) == (
            other["id"],
            2,
            "possible",
        )

    async def test_takes_a_refusal_to_be_written_to_from_either_card(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        assert (await merge(as_aiko, *pair))["customer"]["consent"] == {"email": True, "sms": False}

    async def test_takes_the_value_that_was_chosen(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        card = (await merge(as_aiko, *pair, choices={"last_name": "other", "phone_1": "other"}))["customer"]
        assert (card["first_name"], card["last_name"], card["phone_1"], card["phone_2"]) == (
            "Åsa",
            "Bergh",
            "020 7946 0019",
            "020 7946 0018",
        )

    async def test_shows_beforehand_what_it_would_give(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        this, other = pair
        asked = {"other_id": other["id"], "choices": {"last_name": "other"}}
        preview = (await as_aiko.post(f"{CUSTOMERS}/{this['id']}/merge/preview", json=asked)).json()
        assert (await as_aiko.get(f"{CUSTOMERS}/{other['id']}")).json() == other
        card = (await merge(as_aiko, *pair, choices={"last_name": "other"}))["customer"]
        assert preview["moves"] == {"identities": 2, "interactions": 0, "requests": 0}
        varying = {"version", "updated_at", "identities"}
        assert {name: value for name, value in preview["customer"].items() if name not in varying} == {
            name: value for name, value in card.items() if name not in varying
        }
        assert [one["normalised"] for one in preview["customer"]["identities"]] == [one["normalised"] for one in card["identities"]]

    async def test_of_a_card_with_itself_is_refused(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        this, other = pair
        answer = await as_aiko.post(f"{CUSTOMERS}/{this['id']}/merge", json={"other_id": this["id"]})
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:ringdesk:problem:same_customer")
        await merge(as_aiko, this, other)
        for one, another in ((this, other), (other, this)):
            again = await as_aiko.post(f"{CUSTOMERS}/{one['id']}/merge", json={"other_id": another["id"]})
            assert (again.status_code, again.json()["type"]) == (409, "urn:ringdesk:problem:same_customer")

    async def test_of_a_card_that_went_into_a_third_says_which(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        this, other = pair
        third = await create(as_aiko, first_name="Eva")
        await merge(as_aiko, third, other)
        answer = await as_aiko.post(f"{CUSTOMERS}/{this['id']}/merge", json={"other_id": other["id"]})
        assert (answer.status_code, answer.json()["customer_id"]) == (409, third["id"])

    async def test_based_on_an_old_version_of_either_shows_the_current_card(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        this, other = pair
        edited = await as_aiko.patch(f"{CUSTOMERS}/{other['id']}", json={"first_name": "Eva"}, headers={"if-match": '"1"'})
        address, asked = f"{CUSTOMERS}/{this['id']}/merge", {"other_id": other["id"], "other_version": 1}
        stale = await as_aiko.post(address, json=asked, headers={"if-match": '"1"'})
        assert (stale.status_code, stale.json()["current"]) == (409, edited.json())
        assert (await as_aiko.post(address, json=asked | {"other_version": 2}, headers={"if-match": '"7"'})).status_code == 409
        assert (await as_aiko.post(address, json=asked | {"other_version": 2}, headers={"if-match": '"1"'})).status_code == 200

    async def test_into_an_archived_card_is_refused(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        this, other = pair
        await as_aiko.post(f"{CUSTOMERS}/{this['id']}/archive")
        answer = await as_aiko.post(f"{CUSTOMERS}/{this['id']}/merge", json={"other_id": other["id"]})
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:ringdesk:problem:card_archived")

    async def test_names_every_choice_that_cannot_be_made(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        this, other = pair
        answer = await as_aiko.post(
            f"{CUSTOMERS}/{this['id']}/merge", json={"other_id": other["id"], "choices": {"shoe": "other", "email": "both"}}
        )
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["choices.shoe", "choices.email"]

    async def test_with_nobody_is_not_found(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        this, _ = pair
        assert (await as_aiko.post(f"{CUSTOMERS}/{this['id']}/merge", json={"other_id": str(uuid4())})).status_code == 404
        assert (await as_aiko.post(f"{CUSTOMERS}/{uuid4()}/merge", json={"other_id": this["id"]})).status_code == 404

    async def test_moves_an_external_id_and_frees_it_on_the_way_back(self, as_aiko: httpx.AsyncClient) -> None:
        this, other = await create(as_aiko, first_name="Åsa"), await create(as_aiko, first_name="Åsa", external_id="A-1")
        merged = await merge(as_aiko, this, other)
        assert merged["customer"]["external_id"] == "A-1"
        back = await undo(as_aiko, merged)
        assert (back["customer"]["external_id"], back["restored"]["external_id"], back["left_out"]) == (None, "A-1", [])

    async def test_takes_a_card_out_of_list_and_look_up(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        this, other = pair
        await merge(as_aiko, this, other)
        assert [row["id"] for row in (await as_aiko.get(CUSTOMERS)).json()["items"]] == [this["id"]]
        found = (await as_aiko.get(f"{CUSTOMERS}/lookup", params={"phone": "020 7946 0019"})).json()["matches"]
        assert [match["customer"]["id"] for match in found] == [this["id"]]

    async def test_is_for_every_role_and_nobody_else(
        self, client: httpx.AsyncClient, as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, as_bilal: httpx.AsyncClient
    ) -> None:
        for person in (as_ada, as_sven, as_bilal):
            this, other = await create(person), await create(person)
            await undo(person, await merge(person, this, other))
        assert (await client.post(f"{CUSTOMERS}/{uuid4()}/merge", json={"other_id": str(uuid4())})).status_code == 401


class TestAnOldId:
    async def test_gives_the_card_that_it_means_and_says_so(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        this, other = pair
        card = (await merge(as_aiko, this, other))["customer"]
        answer = await as_aiko.get(f"{CUSTOMERS}/{other['id']}")
        assert (answer.status_code, answer.json()) == (200, card)
        assert answer.headers["content-location"] == f"{CUSTOMERS}/{this['id']}"
        assert "content-location" not in (await as_aiko.get(f"{CUSTOMERS}/{this['id']}")).headers

    async def test_can_be_edited_on_its_present_version_only(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        this, other = pair
        card = (await merge(as_aiko, this, other))["customer"]
        stale = await as_aiko.patch(f"{CUSTOMERS}/{other['id']}", json={"first_name": "Eva"}, headers={"if-match": f'"{other["version"]}"'})
        assert (stale.status_code, stale.json()["current"]) == (409, card)
        edited = await as_aiko.patch(f"{CUSTOMERS}/{other['id']}", json={"first_name": "Eva"}, headers={"if-match": f'"{card["version"]}"'})
        assert (edited.status_code, edited.json()["id"], edited.json()["first_name"]) == (200, this["id"], "Eva")

    async def test_works_wherever_a_customer_is_named(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        this, other = pair
        await merge(as_aiko, this, other)
        assert (await as_aiko.get(f"{CUSTOMERS}/{other['id']}/journey")).status_code == 200
        await as_aiko.post(f"/api/v1/desk/customers/{other['id']}/open")
        assert [one["customer"]["id"] for one in (await as_aiko.get("/api/v1/desk/snapshot")).json()["open"]] == [this["id"]]
        assert (await as_aiko.post(f"/api/v1/desk/customers/{other['id']}/close")).is_success
        assert (await as_aiko.get("/api/v1/desk/snapshot")).json()["open"] == []
        added = await as_aiko.post(f"{CUSTOMERS}/{other['id']}/identities", json={"kind": "chat", "value": "asa"})
        assert (added.status_code, added.json()["id"]) == (201, this["id"])
        archived = await as_aiko.post(f"{CUSTOMERS}/{other['id']}/archive")
        assert (archived.json()["id"], archived.json()["archived_at"] is not None) == (this["id"], True)

    async def test_means_the_last_card_of_a_chain_and_the_first_again_after_the_undo(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        this, other = pair
        third = await create(as_aiko, first_name="Eva")
        first = await merge(as_aiko, this, other)
        second = await merge(as_aiko, third, this)
        assert (await as_aiko.get(f"{CUSTOMERS}/{other['id']}")).json()["id"] == third["id"]
        refused = await as_aiko.post(f"/api/v1/customer-merges/{first['merge']['id']}/undo")
        assert (refused.status_code, refused.json()["merge_id"]) == (409, second["merge"]["id"])
        listed = (await as_aiko.get(f"{CUSTOMERS}/{third['id']}/merges")).json()["items"]
        assert [(one["card"]["id"], one["undo"]) for one in listed] == [(this["id"], "possible"), (other["id"], "later")]
        await undo(as_aiko, second)
        assert (await as_aiko.get(f"{CUSTOMERS}/{other['id']}")).json()["id"] == this["id"]
        await undo(as_aiko, first)
        assert (await as_aiko.get(f"{CUSTOMERS}/{other['id']}")).json()["id"] == other["id"]


class TestUndo:
    async def test_gives_both_cards_back(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        this, other = pair
        merged = await merge(as_aiko, this, other, choices={"first_name": "other", "phone_1": "other"})
        back = await undo(as_aiko, merged)
        again = {"version", "updated_at"}
        for card, was in ((back["customer"], this), (back["restored"], other)):
            assert {name: value for name, value in card.items() if name not in again} == {
                name: value for name, value in was.items() if name not in again
            }
            assert (await as_aiko.get(f"{CUSTOMERS}/{was['id']}")).json() == card
        assert back["restored"]["version"] > back["customer"]["version"] > merged["customer"]["version"]

    async def test_keeps_what_people_changed_since(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        this, other = pair
        merged = await merge(as_aiko, this, other, choices={"first_name": "other", "last_name": "other"})
        changes = {"first_name": "Eva", "preferred_language": "sv", "phone_2": "020 7946 0020"}
        await as_aiko.patch(f"{CUSTOMERS}/{this['id']}", json=changes, headers={"if-match": "*"})
        back = await undo(as_aiko, merged)
        card = back["customer"]
        assert (card["first_name"], card["last_name"], card["preferred_language"]) == ("Eva", "Berg", "sv")
        assert (card["phone_1"], card["phone_2"], card["email"]) == ("020 7946 0018", "020 7946 0020", None)
        assert (back["restored"]["phone_1"], back["restored"]["email"]) == ("020 7946 0019", "asa@example.com")
        assert back["kept"] == ["first_name", "phone_2"]

    async def test_a_second_time_says_so(self, as_aiko: httpx.AsyncClient, pair: Pair) -> None:
        merged = await merge(as_aiko, *pair)
        await undo(as_aiko, merged)
        again = await as_aiko.post(f"/api/v1/customer-merges/{merged['merge']['id']}/undo")
        assert (again.status_code, again.json()["type"]) == (409, "urn:ringdesk:problem:already_undone")
        assert (await as_aiko.post(f"/api/v1/customer-merges/{uuid4()}/undo")).status_code == 404

    async def test_leaves_an_external_id_where_it_was_given_since(self, as_aiko: httpx.AsyncClient) -> None:
        this = await create(as_aiko, first_name="Åsa", external_id="A-1")
        other = await create(as_aiko, first_name="Åsa", external_id="A-2")
        merged = await merge(as_aiko, this, other)
        await create(as_aiko, first_name="Eva", external_id="A-2")
        back = await undo(as_aiko, merged)
        assert (back["restored"]["external_id"], [one["field"] for one in back["left_out"]]) == (None, ["external_id"])

    async def test_and_merge_stand_in_the_trail_of_both_cards(
        self, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, pair: Pair
    ) -> None:
        this, other = pair
        merged = await merge(as_aiko, this, other)

        async def trail(card: dict[str, Any]) -> list[str]:
            items = (await as_ada.get("/api/v1/audit", params={"entity.eq": "customer", "entity_id.eq": card["id"]})).json()["items"]
            return [item["action"] for item in items]

        assert sorted(await trail(this)) == ["customer.created", "customer.created", "customer.merged", "customer.merged_away"]
        await undo(as_aiko, merged)
        assert await trail(this) == ["customer.unmerged", "customer.merged", "customer.created"]
        assert await trail(other) == ["customer.unmerged", "customer.merged_away", "customer.created"]
