"""What happens to the request when a conversation is taken up, and what is offered at the wrap-up (product.md 4.4)."""

from functools import partial
from typing import Any

import httpx
import pytest

from ringdesk.features import requests
from ringdesk.features.interactions import Channel
from ringdesk.kit.db import Database, UnitOfWork
from tests.features.desk.test_events import Desk
from tests.features.desk.test_pop import EMMA, JANE, desk, make, tell
from tests.features.requests.conftest import open_one, read, slug, wrong
from tests.support.people import People

POLICIES = "/api/v1/request-policies"
CHAT = {"source": "webchat", "external_id": "c-1", "channel": "chat", "started_at": "2026-11-20T10:00:00Z", "address": "emma-77"}


async def policy(ada: httpx.AsyncClient, channel: str = "voice", **given: Any) -> None:
    """Ada says what happens on a channel."""
    answer = await ada.patch(f"{POLICIES}/{channel}", json=given)
    assert answer.status_code == 200, answer.text


async def on_desk(client: httpx.AsyncClient) -> dict[str, Any]:
    """The one conversation on a desk."""
    [call] = (await desk(client))["calls"]
    return call


async def of_customer(client: httpx.AsyncClient, customer: dict[str, Any]) -> list[str]:
    """The titles of a customer's requests."""
    return [one["title"] for one in (await client.get(f"/api/v1/customers/{customer['id']}/requests")).json()["items"]]


async def answered(ada: httpx.AsyncClient, **event: Any) -> str:
    """A call rings at Aiko's telephone and is answered; its interaction."""
    await tell(ada, **event)
    return (await tell(ada, event="answered", **event))["interaction_id"]


@pytest.fixture
async def emma(as_ada: httpx.AsyncClient) -> dict[str, Any]:
    return await make(as_ada, EMMA)


@pytest.fixture
async def aiko(as_aiko: httpx.AsyncClient) -> httpx.AsyncClient:
    await as_aiko.post("/api/v1/desk/cti/login")
    return as_aiko


@pytest.fixture
def watched(db: Database, aiko: httpx.AsyncClient, people: People) -> Desk:
    """Aiko's desk."""
    return Desk(db, aiko, str(people.aiko.id))


class TestPolicies:
    async def test_nothing_happens_unless_an_administrator_says_so(
        self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, emma: dict[str, Any]
    ) -> None:
        items = (await aiko.get(POLICIES)).json()["items"]
        assert {one["action"] for one in items} == {"none"}
        assert len(items) == 8
        await answered(as_ada)
        assert await of_customer(aiko, emma) == []
        assert (await on_desk(aiko))["request"] is None

    async def test_a_call_costs_nothing_more_where_there_is_no_policy(
        self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, emma: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []
        known = requests.policy_for

        async def counted(uow: UnitOfWork, channel: Channel) -> requests.RequestPolicy | None:
            asked.append(channel)
            return await known(uow, channel)

        monkeypatch.setattr(requests, "policy_for", counted)
        await answered(as_ada)
        assert asked == []
        await policy(as_ada, action="open")
        await answered(as_ada, call_id="c2")
        assert asked == ["voice"]

    async def test_a_change_is_told_and_in_the_trail(self, as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, watched: Desk) -> None:
        types = await watched.verify(lambda: policy(as_ada, action="open", type="service_request"))
        assert types == ["schema.request_policies_changed"]
        [entry] = (await as_ada.get("/api/v1/audit", params={"entity.eq": "request_policy"})).json()["items"]
        assert (entry["entity_id"], entry["before"]["action"], entry["after"]["type"]) == ("voice", "none", "service_request")
        assert (await as_sven.patch(f"{POLICIES}/voice", json={"action": "none"})).status_code == 403
        assert wrong(await as_ada.patch(f"{POLICIES}/voice", json={"type": "nonsense"})) == {"type": "unknown_type"}
        assert (await as_ada.patch(f"{POLICIES}/pigeon", json={"action": "open"})).status_code in {400, 404, 422}


class TestOpening:
    @pytest.fixture(autouse=True)
    async def opens(self, as_ada: httpx.AsyncClient, emma: dict[str, Any]) -> None:
        await policy(as_ada, action="open")

    async def test_an_answered_call_has_a_new_request_named_by_queue_and_channel(
        self, as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient, emma: dict[str, Any], people: People, watched: Desk
    ) -> None:
        await tell(as_ada)
        assert (await on_desk(aiko))["request"] is None
        assert "call.changed" in await watched.verify(lambda: tell(as_ada, event="answered"))
        call = await on_desk(aiko)
        assert call["request"]["title"] == "support · call"
        request = (await aiko.get(f"/api/v1/requests/{call['request']['id']}")).json()
        assert (request["type"], request["owner_id"], request["customer_id"]) == ("question", str(people.aiko.id), emma["id"])
        # Held and taken up again it is the same answer.
        for event in ("held", "resumed"):
            await tell(as_ada, event=event)
        assert await of_customer(aiko, emma) == ["support · call"]

    async def test_it_is_of_the_chosen_type_in_the_agent_s_language(
        self, as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient, people: People
    ) -> None:
        await as_ada.patch(f"/api/v1/accounts/{people.aiko.id}", json={"language": "ja"})
        await policy(as_ada, type="service_request")
        await answered(as_ada)
        request = (await aiko.get(f"/api/v1/requests/{(await on_desk(aiko))['request']['id']}")).json()
        assert (request["title"], request["type"]) == ("support · 電話", "service_request")

    async def test_of_a_caller_nobody_knows_it_opens_when_the_card_is_made(
        self, as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient, watched: Desk
    ) -> None:
        interaction_id = await answered(as_ada, caller_phone_number="0161 496 0001", call_id="c2")
        assert (await on_desk(aiko))["request"] is None
        await watched.verify(lambda: make(aiko, JANE | {"phone_1": "0161 496 0001"}, link_interaction=interaction_id))
        assert (await on_desk(aiko))["request"]["title"] == "support · call"

    async def test_the_next_agent_finds_the_first_one_s_request(
        self, as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient, emma: dict[str, Any]
    ) -> None:
        await as_bilal.post("/api/v1/desk/cti/login")
        await answered(as_ada)
        await tell(as_ada, event="transferred", to_extension="2002")
        await tell(as_ada, event="ringing", call_agent_extension="2002")
        await tell(as_ada, event="answered", call_agent_extension="2002")
        assert (await on_desk(as_bilal))["request"]["title"] == "support · call"
        assert await of_customer(aiko, emma) == ["support · call"]

    async def test_left_as_it_was_it_is_offered_at_the_wrap_up_and_never_happened_when_discarded(
        self, as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient, emma: dict[str, Any], watched: Desk
    ) -> None:
        interaction_id = await answered(as_ada)
        assert (await on_desk(aiko))["unused_request"] is None
        await watched.verify(lambda: tell(as_ada, event="ended"))
        call = await on_desk(aiko)
        assert call["unused_request"] == call["request"]
        discard = partial(aiko.delete, f"/api/v1/desk/calls/{call['activity_id']}/request")
        assert "request.discarded" in await watched.verify(discard)
        assert (await on_desk(aiko))["request"] is None
        assert await of_customer(aiko, emma) == []
        assert (await aiko.get("/api/v1/requests")).json()["total"] == 0
        assert (await read(aiko, interaction_id))["request"] is None
        trail = (await as_ada.get("/api/v1/audit", params={"entity.eq": "request"})).json()["items"]
        assert [one["action"] for one in trail] == ["request.discarded", "request.created"]
        assert trail[0]["before"]["title"] == "support · call"
        assert slug(await discard()) == "no_request_to_discard"

    async def test_what_anybody_wrote_is_kept(
        self, as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient, watched: Desk
    ) -> None:
        await answered(as_ada)
        await tell(as_ada, event="ended")
        call = await on_desk(aiko)
        path = f"/api/v1/requests/{call['request']['id']}"
        rename = partial(as_bilal.patch, path, json={"title": "The kettle leaks"}, headers={"if-match": '"1"'})
        assert {"request.changed", "call.changed"} <= set(await watched.verify(rename))
        assert (await on_desk(aiko))["unused_request"] is None
        assert slug(await aiko.delete(f"/api/v1/desk/calls/{call['activity_id']}/request")) == "request_used"

    @pytest.mark.parametrize("what", ["comments", "tags", "fields"])
    async def test_a_comment_tag_or_field_of_the_conversation_counts(
        self, what: str, as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient, watched: Desk
    ) -> None:
        await answered(as_ada)
        await tell(as_ada, event="ended")
        call = await on_desk(aiko)
        leg = f"/api/v1/activities/{call['activity_id']}"
        await as_ada.post("/api/v1/activity-fields", json={"label": "Order", "type": {"type": "text"}})
        await as_ada.put("/api/v1/field-sets/voice", json={"fields": [{"key": "order", "required": False}]})
        write = {
            "comments": partial(aiko.post, f"{leg}/comments", json={"text": "Call back"}),
            "tags": partial(aiko.put, f"{leg}/tags", json={"tags": ["VIP"]}),
            "fields": partial(aiko.patch, leg, json={"fields": {"order": "A-4711"}}),
        }[what]
        await watched.verify(write)
        assert (await on_desk(aiko))["unused_request"] is None

    async def test_only_the_agent_whose_desk_it_is_discards(
        self, as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient
    ) -> None:
        await answered(as_ada)
        call = await on_desk(aiko)
        assert (await as_bilal.delete(f"/api/v1/desk/calls/{call['activity_id']}/request")).status_code == 404


class TestProposing:
    async def test_the_latest_active_one_is_proposed_and_taken(
        self, as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient, emma: dict[str, Any], watched: Desk
    ) -> None:
        await policy(as_ada, action="propose")
        older = await open_one(aiko, customer_id=emma["id"], title="Older")
        newer = await open_one(aiko, customer_id=emma["id"], title="Newer")
        closed = await open_one(aiko, customer_id=emma["id"], title="Closed")
        await aiko.post(f"/api/v1/requests/{closed['id']}/close")
        await tell(as_ada)
        await watched.verify(lambda: tell(as_ada, event="answered"))
        call = await on_desk(aiko)
        assert (call["request"], call["proposed_request"]["id"]) == (None, newer["id"])
        await tell(as_ada, event="held")
        assert (await on_desk(aiko))["proposed_request"]["id"] == newer["id"]
        choose = partial(aiko.patch, f"/api/v1/interactions/{call['interaction_id']}", json={"request_id": older["id"]})
        await watched.verify(choose)
        call = await on_desk(aiko)
        assert (call["request"]["id"], call["proposed_request"]) == (older["id"], None)

    async def test_it_can_be_declined(
        self, as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient, emma: dict[str, Any], watched: Desk
    ) -> None:
        await policy(as_ada, action="propose")
        await open_one(aiko, customer_id=emma["id"])
        await answered(as_ada)
        call = await on_desk(aiko)
        decline = partial(aiko.delete, f"/api/v1/desk/calls/{call['activity_id']}/proposal")
        assert await watched.verify(decline) == ["call.changed"]
        assert (await on_desk(aiko))["proposed_request"] is None
        assert await watched.verify(decline) == []

    async def test_without_an_active_request_nothing_is_proposed(
        self, as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient, emma: dict[str, Any]
    ) -> None:
        await policy(as_ada, action="propose")
        await answered(as_ada)
        assert (await on_desk(aiko))["proposed_request"] is None


class TestPushed:
    def leg(self, **more: Any) -> dict[str, Any]:
        return {"external_id": "a1", "kind": "agent", "started_at": "2026-11-20T10:00:10Z", "agent_email": "aiko@example.com"} | more

    async def push(self, ada: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
        answer = await ada.post("/api/v1/interactions", json=CHAT | more)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    async def test_a_chat_that_another_system_gives_to_an_agent_comes_and_goes_like_a_call(
        self, as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient, watched: Desk
    ) -> None:
        await policy(as_ada, "chat", action="open")
        message = {"external_id": "m1", "started_at": "2026-11-20T10:00:05Z", "text": "Hello"}
        await watched.verify(lambda: self.push(as_ada, name="Emma Woodhouse", queue="Web", activities=[message, self.leg()]))
        call = await on_desk(aiko)
        assert (call["state"], call["channel"], call["customer"]["display_name"]) == ("ringing", "chat", "Emma Woodhouse")
        accepted = self.leg(answered_at="2026-11-20T10:00:20Z")
        await watched.verify(lambda: self.push(as_ada, activities=[accepted]))
        call = await on_desk(aiko)
        assert (call["state"], call["request"]["title"]) == ("talking", "Web · chat")
        done = accepted | {"ended_at": "2026-11-20T10:05:00Z"}
        await watched.verify(lambda: self.push(as_ada, ended_at="2026-11-20T10:05:00Z", activities=[done]))
        call = await on_desk(aiko)
        assert (call["state"], call["unused_request"]["title"]) == ("wrap_up", "Web · chat")

    async def test_history_comes_to_no_desk(self, as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient) -> None:
        past = self.leg(answered_at="2026-11-20T10:00:20Z", ended_at="2026-11-20T10:05:00Z")
        await self.push(as_ada, ended_at="2026-11-20T10:05:00Z", activities=[past])
        assert (await desk(aiko))["calls"] == []

    async def test_what_a_colleague_has_is_taken_over_by_who_answers_for_it_alone(
        self, as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, as_bilal: httpx.AsyncClient, aiko: httpx.AsyncClient
    ) -> None:
        made = await self.push(as_ada, name="Emma Woodhouse")
        path = f"/api/v1/desk/interactions/{made['id']}/accept"
        assert (await aiko.post(path)).status_code == 200
        refused = await as_bilal.post(path)
        assert (slug(refused), "Aiko has this conversation" in refused.json()["detail"]) == ("cannot_accept", True)
        assert (await desk(as_bilal))["calls"] == []
        assert (await as_sven.post(path)).status_code == 200
        for client in (aiko, as_sven):
            call = await on_desk(client)
            await client.post(f"/api/v1/desk/calls/{call['activity_id']}/end", json={})
        # Nobody has it any more.
        assert (await as_bilal.post(path)).status_code == 200

    async def test_an_agent_accepts_what_waits(self, as_ada: httpx.AsyncClient, aiko: httpx.AsyncClient, watched: Desk) -> None:
        await policy(as_ada, "chat", action="open")
        made = await self.push(as_ada, name="Emma Woodhouse")
        accept = partial(aiko.post, f"/api/v1/desk/interactions/{made['id']}/accept")
        types = await watched.verify(accept)
        assert {"call.changed", "desk.customer_opened"} <= set(types)
        call = await on_desk(aiko)
        assert (call["by_hand"], call["state"], call["request"]["title"]) == (True, "talking", "chat")
        assert (await accept()).json()["activity_id"] == call["activity_id"]
        await watched.verify(lambda: aiko.post(f"/api/v1/desk/calls/{call['activity_id']}/end", json={}))
        assert (await on_desk(aiko))["state"] == "wrap_up"
        # The conversation itself ends where it is held.
        assert (await read(aiko, made["id"]))["state"] == "in_progress"
        await self.push(as_ada, ended_at="2026-11-22T10:05:00Z")
        assert slug(await accept()) == "cannot_accept"
