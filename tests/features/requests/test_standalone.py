"""Activities that other systems tell of by themselves, and that move alone (product.md 3.7, 3.10; docs/adr/0020)."""

from functools import partial
from typing import Any

import httpx
import pytest

from ringdesk.kit.db import Database
from tests.features.desk.test_events import Desk
from tests.features.desk.test_pop import JANE, make
from tests.features.interactions.test_push import CHAT
from tests.features.requests.conftest import open_one, read, wrong
from tests.support.people import People

ACTIVITIES = "/api/v1/activities"
PARCEL: dict[str, Any] = {"source": "shop", "external_id": "p-1", "started_at": "2026-11-20T10:00:00Z", "text": "Parcel 77 was sent"}


async def tell(client: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    """The shop tells of a parcel."""
    answer = await client.post(ACTIVITIES, json=PARCEL | more)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


async def move(client: httpx.AsyncClient, interaction_id: str, **to: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/v1/interactions/{interaction_id}/move", json=to)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def watched(db: Database, as_aiko: httpx.AsyncClient, people: People) -> Desk:
    """Aiko's desk."""
    return Desk(db, as_aiko, str(people.aiko.id))


async def test_one_belongs_to_no_conversation_and_is_over(as_ada: httpx.AsyncClient, emma: dict[str, Any], people: People) -> None:
    made = await tell(as_ada, customer_id=emma["id"], tags=["parcel"], agent_email="aiko@example.com")
    assert made["status"] == "created"
    stored = await read(as_ada, made["id"])
    assert (stored["standalone"], stored["channel"], stored["state"]) == (True, "event", "ended")
    [part] = stored["activities"]
    assert (part["kind"], part["text"], part["tags"], part["agent_name"]) == ("message", "Parcel 77 was sent", ["parcel"], "Aiko")
    assert made["activities"] == {"p-1": part["id"]}


async def test_told_again_it_is_the_same_whatever_conversations_are_numbered(
    as_ada: httpx.AsyncClient, emma: dict[str, Any], people: People
) -> None:
    first = await tell(as_ada, customer_id=emma["id"])
    talk = (await as_ada.post("/api/v1/interactions", json=CHAT | {"source": "shop", "external_id": "p-1"})).json()
    assert talk["id"] != first["id"]
    assert (await tell(as_ada, customer_id=emma["id"]))["status"] == "unchanged"
    again = await tell(as_ada, text="Parcel 77 has arrived")
    assert (again["status"], again["id"], again["activities"]) == ("changed", first["id"], first["activities"])
    stored = await read(as_ada, first["id"])
    assert ([one["text"] for one in stored["activities"]], stored["standalone"]) == (["Parcel 77 has arrived"], True)
    assert (await read(as_ada, talk["id"]))["standalone"] is False


async def test_everything_that_is_wrong_is_named_as_it_was_told(as_ada: httpx.AsyncClient, people: People) -> None:
    told = PARCEL | {"started_at": "1999-01-01T00:00:00Z", "agent_email": "nobody@example.com", "tags": ["x" * 51]}
    assert wrong(await as_ada.post(ACTIVITIES, json=told)) == {"started_at": "not_in_range", "tags[0]": "too_long"}
    told = PARCEL | {"agent_email": "nobody@example.com", "fields": {"nothing": 1}}
    assert wrong(await as_ada.post(ACTIVITIES, json=told)) == {"agent_email": "unknown_user", "fields.nothing": "unknown_field"}


async def test_it_moves_alone_to_a_request_and_to_another_customer_and_back(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, emma: dict[str, Any], people: People, watched: Desk
) -> None:
    jane = await make(as_ada, JANE)
    request = await open_one(as_aiko, customer_id=emma["id"], title="Where is my parcel")
    others = [(await tell(as_ada, external_id=f"p-{n}", customer_id=emma["id"]))["id"] for n in (1, 2)]
    moved = await move(as_aiko, others[0], request_id=request["id"])
    assert moved["interaction"]["request"]["title"] == "Where is my parcel"
    assert [(await read(as_aiko, one))["request_id"] for one in others] == [request["id"], None]
    undo = f"/api/v1/interactions/{others[0]}/moves/{moved['move']['id']}/undo"
    assert (await as_aiko.post(undo)).json()["interaction"]["request_id"] is None
    await as_aiko.post(f"/api/v1/desk/customers/{emma['id']}/open")
    types = await watched.verify(partial(move, as_aiko, others[0], customer_id=jane["id"]))
    assert "interaction.changed" in types
    assert [(await read(as_aiko, one))["customer_id"] for one in others] == [jane["id"], emma["id"]]
    trail = (await as_ada.get("/api/v1/audit", params={"entity_id.eq": others[0]})).json()["items"]
    assert [one["action"] for one in trail][:2] == ["interaction.linked", "interaction.tagged"]


async def test_with_something_beside_it_it_is_a_conversation(as_ada: httpx.AsyncClient, emma: dict[str, Any], people: People) -> None:
    made = await tell(as_ada, customer_id=emma["id"])
    more = {"source": "shop", "activities": [{"external_id": "m-2", "started_at": "2026-11-20T10:05:00Z", "text": "Thank you"}]}
    assert (await as_ada.post(f"/api/v1/interactions/{made['id']}/activities", json=more)).status_code == 200
    stored = await read(as_ada, made["id"])
    assert (stored["standalone"], len(stored["activities"])) == (False, 2)


async def test_whose_it_is_is_found_by_its_address(as_ada: httpx.AsyncClient, emma: dict[str, Any], people: People) -> None:
    assert (await tell(as_ada, channel="sms", address=emma["phone_1"]))["customer_id"] == emma["id"]
    assert (await tell(as_ada, external_id="p-2", channel="event", address="+44 20 7946 0777"))["customer_id"] is None
