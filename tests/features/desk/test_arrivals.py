"""What each channel does with somebody whom nobody knows: a form for the agent, or a card at once (product.md 4.5)."""

from functools import partial
from typing import Any

import httpx
import pytest

from ringdesk.kit.db import Database
from tests.features.desk.test_events import Desk
from tests.features.desk.test_pop import desk, tell
from tests.features.desk.test_taking import CHAT, POLICIES, on_desk, policy
from tests.features.requests.conftest import read, wrong
from tests.support.people import People

CUSTOMERS = "/api/v1/customers"
LEG = {"external_id": "a1", "kind": "agent", "started_at": "2026-11-20T10:00:10Z", "answered_at": "2026-11-20T10:00:15Z"}
AIKOS = LEG | {"agent_email": "aiko@example.com"}


@pytest.fixture
async def aiko(as_aiko: httpx.AsyncClient, people: People) -> httpx.AsyncClient:
    await as_aiko.post("/api/v1/desk/cti/login")
    return as_aiko


@pytest.fixture
def watched(db: Database, aiko: httpx.AsyncClient, people: People) -> Desk:
    """Aiko's desk."""
    return Desk(db, aiko, str(people.aiko.id))


async def push(ada: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await ada.post("/api/v1/interactions", json=CHAT | more)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


async def cards(client: httpx.AsyncClient) -> list[str]:
    """Everybody who has one."""
    return [one["display_name"] for one in (await client.get(CUSTOMERS)).json()["items"]]


async def create(client: httpx.AsyncClient, interaction_id: str, **fields: Any) -> dict[str, Any]:
    """The agent creates a card from the form of a conversation."""
    answer = await client.post(CUSTOMERS, json=fields, params={"link_interaction": interaction_id})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_calls_begin_with_a_form_and_digital_channels_with_a_card(as_aiko: httpx.AsyncClient) -> None:
    items = (await as_aiko.get(POLICIES)).json()["items"]
    begins = {one["channel"]: one["unknown"] for one in items}
    assert begins.pop("voice") == begins.pop("video") == begins.pop("event") == "form"
    assert begins == dict.fromkeys(["email", "chat", "sms", "social", "web"], "card")


async def test_a_choice_is_told_in_the_trail_and_leaves_the_other_one(as_ada: httpx.AsyncClient, watched: Desk) -> None:
    await policy(as_ada, "chat", action="open")
    assert await watched.verify(lambda: policy(as_ada, "chat", unknown="form")) == ["schema.request_policies_changed"]
    [entry, _] = (await as_ada.get("/api/v1/audit", params={"entity.eq": "request_policy"})).json()["items"]
    assert (entry["entity_id"], entry["before"]["unknown"], entry["after"]["unknown"]) == ("chat", "card", "form")
    [chat] = [one for one in (await as_ada.get(POLICIES)).json()["items"] if one["channel"] == "chat"]
    assert chat == {"channel": "chat", "action": "open", "type": None, "unknown": "form"}
    await policy(as_ada, "chat", action="none", unknown="card")
    assert wrong(await as_ada.patch(f"{POLICIES}/chat", json={"unknown": "ignore"})).keys() == {"unknown"}


async def test_an_unknown_caller_has_a_card_where_calls_make_one(as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient) -> None:
    await policy(as_ada, "voice", unknown="card")
    await tell(as_ada, caller_name="Anna Maria Bates")
    assert (await on_desk(aiko))["customer"]["display_name"] == "Anna Maria Bates"
    await policy(as_ada, "voice", unknown="form")
    await tell(as_ada, caller_phone_number="020 7946 0777", call_id="c2")
    assert (await desk(aiko))["calls"][-1]["customer"] is None
    assert await cards(aiko) == ["Anna Maria Bates"]


async def test_a_chat_that_asks_for_a_form_stays_unknown_until_its_agent_makes_the_card(
    as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient, watched: Desk
) -> None:
    await policy(as_ada, "chat", unknown="form", action="open")
    earlier = await push(as_ada, external_id="c-0", ended_at="2026-11-20T10:01:00Z")
    await watched.verify(lambda: push(as_ada, name="Emma Woodhouse", activities=[AIKOS]))
    assert await cards(aiko) == []
    call = await on_desk(aiko)
    assert (call["customer"], call["candidates"], call["request"]) == (None, [], None)
    assert (call["caller_name"], call["ani"]) == ("Emma Woodhouse", "emma-77")
    await watched.verify(partial(create, aiko, call["interaction_id"], first_name="Emma", last_name="Woodhouse"))
    call = await on_desk(aiko)
    # Whose it is is known now: what happens to the request at the beginning happens.
    assert (call["customer"]["display_name"], call["request"]["title"]) == ("Emma Woodhouse", "chat")
    card = (await aiko.get(f"{CUSTOMERS}/{call['customer']['id']}")).json()
    assert [(one["kind"], one["value"], one["confidence"]) for one in card["identities"]] == [("chat", "emma-77", "known")]
    # What came from there before is hers, and what comes next pops.
    assert (await read(aiko, earlier["id"]))["customer_id"] == card["id"]
    assert (await push(as_ada, external_id="c-2"))["customer_id"] == card["id"]


async def test_an_agent_who_accepts_one_has_the_form(as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient) -> None:
    await policy(as_ada, "email", unknown="form")
    mail = await push(as_ada, channel="email", address="Emma@Hartfield.example", name="Emma Woodhouse")
    assert (mail["customer_id"], mail["candidates"]) == (None, [])
    shown = (await aiko.post(f"/api/v1/desk/interactions/{mail['id']}/accept")).json()
    assert (shown["customer"], shown["candidates"], shown["ani"]) == (None, [], "emma@hartfield.example")
    card = await create(aiko, mail["id"], first_name="Emma", email="emma@hartfield.example")
    assert (await on_desk(aiko))["customer"]["id"] == card["id"]
    assert [one["confidence"] for one in card["identities"]] == ["known"]


@pytest.mark.parametrize(("channel", "legs", "made"), [("video", [LEG], True), ("voice", [LEG], True), ("voice", [], False)])
async def test_a_card_is_made_of_what_is_pushed_once_an_agent_had_it(
    as_ada: httpx.AsyncClient, people: People, channel: str, legs: list[dict[str, Any]], made: bool
) -> None:
    await policy(as_ada, channel, unknown="card")
    await push(as_ada, channel=channel, address="020 7946 0958", name="Emma Woodhouse", activities=legs)
    assert await cards(as_ada) == (["Emma Woodhouse"] if made else [])
