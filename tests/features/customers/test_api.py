"""Customers over HTTP, as people and programs use them (product.md 1.4, 1.5, 4.5)."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from litestar import Litestar
from msgspec import structs

from ringdesk.features.customers import add_unconfirmed_identity
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings
from ringdesk.web.app import create_app
from tests.conftest import client_of
from tests.support.lifespan import running
from tests.support.people import People, sign_in

CUSTOMERS = "/api/v1/customers"
PROBLEM = "application/problem+json"


async def create(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post(CUSTOMERS, json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


class TestCreate:
    async def test_answers_with_the_card_its_version_and_its_address(self, as_aiko: httpx.AsyncClient) -> None:
        answer = await as_aiko.post(CUSTOMERS, json={"first_name": "Åsa", "last_name": "Berg", "phone_1": "020 7946 0018"})
        card = answer.json()
        assert answer.status_code == 201
        assert (answer.headers["etag"], answer.headers["location"]) == ('"1"', f"{CUSTOMERS}/{card['id']}")
        assert (card["display_name"], card["phone_1"], card["version"], card["attributes"]) == ("Åsa Berg", "020 7946 0018", 1, {})
        assert card["identities"][0] | {"id": ""} == {
            "id": "",
            "kind": "phone",
            "value": "020 7946 0018",
            "normalised": "+442079460018",
            "attribute": None,
            "confidence": "known",
            "position": 1,
        }
        read = await as_aiko.get(answer.headers["location"])
        assert (read.json(), read.headers["etag"]) == (card, '"1"')

    async def test_names_every_wrong_field(self, as_aiko: httpx.AsyncClient) -> None:
        answer = await as_aiko.post(CUSTOMERS, json={"phone_1": "12", "email": "x", "first_name": 3, "shoe_size": 43})
        problem = answer.json()
        assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
        assert [error["field"] for error in problem["errors"]] == ["phone_1", "email", "first_name", "shoe_size"]
        assert problem["errors"][0]["message"] == "A telephone number has at least 3 digits; add the missing ones."

    @pytest.mark.parametrize(
        ("body", "status"), [("{", 400), ("", 400), ("[]", 422), ("null", 422), ('"x"', 422), ('{"first_name":"\\u0000"}', 422)]
    )
    async def test_of_what_is_no_customer_is_refused(self, as_aiko: httpx.AsyncClient, body: str, status: int) -> None:
        answer = await as_aiko.post(CUSTOMERS, content=body, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)

    async def test_for_an_interaction_that_is_not_there_makes_nothing(self, as_aiko: httpx.AsyncClient) -> None:
        answer = await as_aiko.post(CUSTOMERS, params={"link_interaction": str(uuid4())}, json={"first_name": "Åsa"})
        assert answer.status_code == 404
        assert (await as_aiko.get(CUSTOMERS)).json()["total"] == 0

    async def test_takes_all_roles_and_nobody_else(
        self, client: httpx.AsyncClient, as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, as_bilal: httpx.AsyncClient
    ) -> None:
        for person in (as_ada, as_sven, as_bilal):
            await create(person, first_name="Åsa")
        assert (await client.post(CUSTOMERS, json={"first_name": "Åsa"})).status_code == 401


class TestEdit:
    async def test_needs_the_version_it_is_based_on(self, as_aiko: httpx.AsyncClient) -> None:
        card = await create(as_aiko, first_name="Åsa")
        answer = await as_aiko.patch(f"{CUSTOMERS}/{card['id']}", json={"first_name": "Eva"})
        assert (answer.status_code, answer.headers["content-type"]) == (428, PROBLEM)
        assert "If-Match" in answer.json()["detail"]

    @pytest.mark.parametrize("if_match", ['"1"', 'W/"1"', "1", "*"])
    async def test_takes_the_version_as_clients_send_it(self, as_aiko: httpx.AsyncClient, if_match: str) -> None:
        card = await create(as_aiko, first_name="Åsa")
        answer = await as_aiko.patch(f"{CUSTOMERS}/{card['id']}", json={"first_name": "Eva"}, headers={"if-match": if_match})
        assert (answer.status_code, answer.headers["etag"], answer.json()["first_name"]) == (200, '"2"', "Eva")

    async def test_of_an_old_version_shows_the_current_card(self, as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient) -> None:
        card = await create(as_aiko, first_name="Åsa")
        address = f"{CUSTOMERS}/{card['id']}"
        current = (await as_bilal.patch(address, json={"first_name": "Eva"}, headers={"if-match": '"1"'})).json()
        stale = await as_aiko.patch(address, json={"last_name": "Berg"}, headers={"if-match": '"1"'})
        assert stale.status_code == 409
        assert stale.json()["current"] == current

    async def test_with_an_unreadable_version_says_how_to_write_it(self, as_aiko: httpx.AsyncClient) -> None:
        card = await create(as_aiko)
        answer = await as_aiko.patch(f"{CUSTOMERS}/{card['id']}", json={}, headers={"if-match": '"1", "2"'})
        assert (answer.status_code, answer.json()["type"]) == (400, "urn:ringdesk:problem:version_unreadable")

    async def test_of_nobody_is_not_found(self, as_aiko: httpx.AsyncClient) -> None:
        answer = await as_aiko.patch(f"{CUSTOMERS}/{uuid4()}", json={}, headers={"if-match": "*"})
        assert answer.status_code == 404
        assert (await as_aiko.get(f"{CUSTOMERS}/{uuid4()}")).status_code == 404
        assert (await as_aiko.get(f"{CUSTOMERS}/x")).status_code == 404


class TestArchive:
    async def test_takes_a_card_out_of_list_and_look_up_and_back(self, as_aiko: httpx.AsyncClient) -> None:
        card = await create(as_aiko, first_name="Åsa", phone_1="020 7946 0018")

        async def seen() -> tuple[int, int]:
            listed = await as_aiko.get(CUSTOMERS)
            found = await as_aiko.get(f"{CUSTOMERS}/lookup", params={"phone": "02079460018"})
            return listed.json()["total"], len(found.json()["matches"])

        assert await seen() == (1, 1)
        archived = await as_aiko.post(f"{CUSTOMERS}/{card['id']}/archive")
        assert (archived.status_code, archived.headers["etag"]) == (200, '"2"')
        assert await seen() == (0, 0)
        assert (await as_aiko.get(f"{CUSTOMERS}?archived_at.empty=false")).json()["total"] == 1
        assert (await as_aiko.post(f"{CUSTOMERS}/{card['id']}/unarchive", headers={"if-match": '"1"'})).status_code == 409
        assert (await as_aiko.post(f"{CUSTOMERS}/{card['id']}/unarchive")).json()["archived_at"] is None
        assert await seen() == (1, 1)


class TestLookup:
    async def test_tells_who_it_is_and_how_surely(self, as_aiko: httpx.AsyncClient) -> None:
        card = await create(as_aiko, first_name="Åsa", phone_2="+44 20 7946 0018")
        answer = await as_aiko.get(f"{CUSTOMERS}/lookup", params={"phone": "0044 (0)20 7946 0018"})
        (match,) = answer.json()["matches"]
        assert (match["customer"]["id"], match["confidence"], match["reason"]) == (card["id"], "known", "same_address")

    async def test_takes_a_mail_address_too(self, as_aiko: httpx.AsyncClient) -> None:
        await create(as_aiko, email="Asa@example.com")
        assert len((await as_aiko.get(f"{CUSTOMERS}/lookup?email=asa@EXAMPLE.com")).json()["matches"]) == 1

    @pytest.mark.parametrize("query", ["", "?phone=1&email=a@b.se"])
    async def test_needs_one_address(self, as_aiko: httpx.AsyncClient, query: str) -> None:
        answer = await as_aiko.get(f"{CUSTOMERS}/lookup{query}")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "phone")

    async def test_of_nonsense_finds_nobody(self, as_aiko: httpx.AsyncClient) -> None:
        assert (await as_aiko.get(f"{CUSTOMERS}/lookup", params={"phone": "\x00%"})).json() == {"matches": []}


class TestIdentities:
    async def test_are_added_and_removed(self, as_aiko: httpx.AsyncClient) -> None:
        card = await create(as_aiko, first_name="Åsa", email="asa@example.com")
        added = await as_aiko.post(f"{CUSTOMERS}/{card['id']}/identities", json={"kind": "email", "value": "asa@work.example"})
        assert (added.status_code, added.headers["etag"]) == (201, '"2"')
        second = added.json()["identities"][1]
        assert (second["value"], second["position"], second["confidence"]) == ("asa@work.example", 2, "known")
        gone = await as_aiko.delete(f"{CUSTOMERS}/{card['id']}/identities/{second['id']}")
        assert (gone.status_code, len(gone.json()["identities"])) == (200, 1)
        assert (await as_aiko.delete(f"{CUSTOMERS}/{card['id']}/identities/{second['id']}")).status_code == 404
        assert (await as_aiko.post(f"{CUSTOMERS}/{card['id']}/identities/{second['id']}/confirm")).status_code == 404

    @pytest.mark.parametrize(
        "body", [{"kind": "phone", "value": "12"}, {"kind": "pigeon", "value": "x"}, {"kind": "chat", "value": ""}, {}]
    )
    async def test_that_are_none_are_refused(self, as_aiko: httpx.AsyncClient, body: dict[str, str]) -> None:
        card = await create(as_aiko)
        answer = await as_aiko.post(f"{CUSTOMERS}/{card['id']}/identities", json=body)
        assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)


class TestUnknownCalls:
    async def ring(self, ada: httpx.AsyncClient, call: str) -> str:
        told = {"caller_phone_number": "020 7946 0018", "call_agent_extension": "2001", "call_id": call}
        answer = await ada.post("/api/v1/telephony/events", json=told)
        assert answer.status_code == 202, answer.text
        return answer.json()["interaction_id"]

    async def owner(self, client: httpx.AsyncClient, interaction: str) -> str | None:
        return (await client.get(f"/api/v1/interactions/{interaction}")).json()["customer_id"]

    async def test_become_the_new_customers_when_the_card_has_their_number(
        self, as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient
    ) -> None:
        call = await self.ring(as_ada, "c1")
        assert await self.owner(as_aiko, call) is None
        card = await create(as_aiko, first_name="Åsa", phone_3="+44 20 7946 0018")
        assert await self.owner(as_aiko, call) == card["id"]

    async def test_become_the_new_customers_when_the_card_is_made_for_them(
        self, as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient
    ) -> None:
        call = await self.ring(as_ada, "c2")
        answer = await as_aiko.post(CUSTOMERS, params={"link_interaction": call}, json={"first_name": "Åsa"})
        assert answer.status_code == 201
        assert await self.owner(as_aiko, call) == answer.json()["id"]
        card = (await as_aiko.get(f"{CUSTOMERS}/{answer.json()['id']}")).json()
        assert [(one["normalised"], one["confidence"]) for one in card["identities"]] == [("+442079460018", "maybe")]

    async def test_become_the_customers_whose_card_gets_their_number(self, as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient) -> None:
        card = await create(as_aiko, first_name="Åsa")
        call = await self.ring(as_ada, "c3")
        await as_aiko.patch(f"{CUSTOMERS}/{card['id']}", json={"phone_1": "020 7946 0018"}, headers={"if-match": '"1"'})
        assert await self.owner(as_aiko, call) == card["id"]


@pytest.fixture
async def warning_app(settings: Settings, db: Database, open_app: Litestar) -> Any:
    """The application of a deployment that asks before a number is shared."""
    app = create_app(structs.replace(settings, duplicates="warn"), db)
    async with running(app):
        yield app


async def test_a_deployment_can_ask_before_a_number_is_shared(warning_app: Litestar, db: Database, people: People) -> None:
    async with client_of(warning_app) as client:
        aiko = await sign_in(db, client, people.aiko)
        first = await create(aiko, first_name="Åsa", phone_1="020 7946 0018")
        asked = await aiko.post(CUSTOMERS, json={"first_name": "Bo", "phone_1": "+442079460018"})
        assert (asked.status_code, asked.json()["type"]) == (409, "urn:ringdesk:problem:shared_address")
        assert [item["id"] for item in asked.json()["duplicates"]] == [first["id"]]
        taken = await aiko.post(CUSTOMERS, params={"accept_duplicates": "true"}, json={"first_name": "Bo", "phone_1": "+442079460018"})
        assert taken.status_code == 201
        number = {"kind": "phone", "value": "0044 20 7946 0018"}
        other = await create(aiko, first_name="Carl")
        path = f"{CUSTOMERS}/{other['id']}/identities"
        assert (await aiko.post(path, json=number)).json()["type"] == "urn:ringdesk:problem:shared_address"
        assert (await aiko.post(path, json=number, params={"accept_duplicates": "true"})).status_code == 201
        maybe = await create(aiko, first_name="Dora")
        async with db.transaction() as uow:
            await add_unconfirmed_identity(uow, UUID(maybe["id"]), "phone", "020 7946 0018", region="GB")
        [seen] = (await aiko.get(f"{CUSTOMERS}/{maybe['id']}")).json()["identities"]
        confirm = f"{CUSTOMERS}/{maybe['id']}/identities/{seen['id']}/confirm"
        assert (await aiko.post(confirm)).status_code == 409
        assert (await aiko.post(confirm, params={"accept_duplicates": "true"})).status_code == 200
