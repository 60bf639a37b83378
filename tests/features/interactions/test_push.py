"""What other systems bring: interactions, activities, messages, IVR results (product.md 3.2, 3.10, 4.4, 4.5)."""

import asyncio
from typing import Any

import httpx

from ringdesk.kit.db import Database
from tests.features.desk.test_pop import EMMA, JANE, make
from tests.support.people import People

INTERACTIONS = "/api/v1/interactions"
CHAT: dict[str, Any] = {
    "source": "webchat",
    "external_id": "c-1",
    "channel": "chat",
    "started_at": "2026-11-20T10:00:00Z",
    "address": "Emma-77",
    "name": "Emma Woodhouse",
}


def message(external_id: str, text: str, **more: Any) -> dict[str, Any]:
    return {"external_id": external_id, "started_at": "2026-11-20T10:00:05Z", "text": text} | more


async def push(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await client.post(INTERACTIONS, json=CHAT | changes)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def read(client: httpx.AsyncClient, interaction_id: str) -> dict[str, Any]:
    return (await client.get(f"{INTERACTIONS}/{interaction_id}")).json()


async def refused(client: httpx.AsyncClient, **changes: Any) -> dict[str, str]:
    answer = await client.post(INTERACTIONS, json=CHAT | changes)
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


async def test_a_conversation_is_stored_with_its_messages(as_ada: httpx.AsyncClient, people: People) -> None:
    pushed = await push(
        as_ada,
        ended_at="2026-11-20T10:02:00Z",
        activities=[
            message("m1", "Hello"),
            message("m2", "Good morning!", started_at="2026-11-20T10:00:09Z", agent_email="AIKO@example.com"),
        ],
    )
    assert pushed["status"] == "created"
    stored = await read(as_ada, pushed["id"])
    assert (stored["channel"], stored["type"], stored["state"], stored["duration_s"], stored["ani"]) == (
        "chat",
        "agent",
        "ended",
        120.0,
        "emma-77",
    )
    assert [(one["text"], one["agent_name"], one["team_name"]) for one in stored["activities"]] == [
        ("Hello", None, None),
        ("Good morning!", "Aiko", "North"),
    ]
    assert set(pushed["activities"].values()) == {one["id"] for one in stored["activities"]}


async def test_every_channel_is_taken_and_all_but_calls_are_an_agents(as_ada: httpx.AsyncClient) -> None:
    channels = ("voice", "email", "chat", "sms", "social", "video", "web", "event")
    seen: dict[str, tuple[str, str, str]] = {}
    for channel in channels:
        pushed = await push(as_ada, external_id=channel, channel=channel, address=None, activities=[message("m1", "Hello")])
        stored = await read(as_ada, pushed["id"])
        seen[channel] = (stored["channel"], stored["type"], stored["activities"][0]["media_type"])
    assert seen == {channel: (channel, "ivr" if channel in ("voice", "video") else "agent", channel) for channel in channels}


async def test_told_again_it_is_the_same_and_what_is_new_is_added(as_ada: httpx.AsyncClient, db: Database) -> None:
    first = await push(as_ada, activities=[message("m1", "Hello")])
    async with db.transaction() as uow:
        position = await uow.value("select max(pos) from event_log")
    again = await push(as_ada, activities=[message("m1", "Hello")])
    assert (again["status"], again["id"], again["activities"]) == ("unchanged", first["id"], first["activities"])
    async with db.transaction() as uow:
        assert await uow.value("select max(pos) from event_log") == position
    more = await push(
        as_ada,
        ended_at="2026-11-20T10:02:00Z",
        activities=[message("m1", "Hello!"), message("m2", "Anybody?", started_at="2026-11-20T10:00:09Z")],
    )
    assert more["status"] == "changed"
    stored = await read(as_ada, first["id"])
    assert [one["text"] for one in stored["activities"]] == ["Hello!", "Anybody?"]
    # Telling less takes nothing away.
    await push(as_ada, name=None)
    after = await read(as_ada, first["id"])
    assert (after["ended_at"], after["caller_name"], len(after["activities"])) == (stored["ended_at"], "Emma Woodhouse", 2)


async def test_the_same_told_at_once_is_stored_once(as_ada: httpx.AsyncClient) -> None:
    told = await asyncio.gather(*(push(as_ada, activities=[message("m1", "Hello")]) for _ in range(4)))
    assert sorted(one["status"] for one in told) == ["created", "unchanged", "unchanged", "unchanged"]
    assert len({one["id"] for one in told}) == 1


class TestCustomer:
    async def test_a_new_digital_address_makes_a_card_that_the_next_message_finds(self, as_ada: httpx.AsyncClient) -> None:
        first = await push(as_ada)
        card = (await as_ada.get(f"/api/v1/customers/{first['customer_id']}")).json()
        assert (card["first_name"], card["last_name"]) == ("Emma", "Woodhouse")
        assert [(one["kind"], one["value"], one["confidence"]) for one in card["identities"]] == [("chat", "Emma-77", "known")]
        second = await push(as_ada, external_id="c-2", address="EMMA-77")
        assert second["customer_id"] == first["customer_id"]
        mail = await push(as_ada, external_id="c-3", channel="email", address="Emma@Example.com")
        assert (await as_ada.get(f"/api/v1/customers/{mail['customer_id']}")).json()["email"] == "Emma@Example.com"

    async def test_a_number_finds_its_card_and_several_are_kept_as_candidates(self, as_ada: httpx.AsyncClient) -> None:
        emma = await make(as_ada, EMMA)
        sms = await push(as_ada, channel="sms", address="020 7946 0958")
        assert (sms["customer_id"], sms["candidates"]) == (emma["id"], [])
        jane = await make(as_ada, JANE)
        call = await push(as_ada, external_id="c-2", channel="voice", address="020 7946 0958")
        assert (call["customer_id"], set(call["candidates"])) == (None, {emma["id"], jane["id"]})

    async def test_an_unknown_voice_caller_stays_unknown_until_a_card_gets_the_number(self, as_ada: httpx.AsyncClient) -> None:
        call = await push(as_ada, channel="voice", address="020 7946 0958", result="ivr_only")
        assert call["customer_id"] is None
        assert (await read(as_ada, call["id"]))["type"] == "ivr"
        emma = await make(as_ada, EMMA)
        assert (await read(as_ada, call["id"]))["customer_id"] == emma["id"]

    async def test_whoever_is_named_has_it_and_learns_the_address(self, as_ada: httpx.AsyncClient) -> None:
        emma = await make(as_ada, EMMA)
        await push(as_ada, customer_id=emma["id"])
        card = (await as_ada.get(f"/api/v1/customers/{emma['id']}")).json()
        assert ("chat", "maybe") in {(one["kind"], one["confidence"]) for one in card["identities"]}
        assert card["last_contact"]["channel"] == "chat"

    async def test_what_people_linked_since_stands(self, as_ada: httpx.AsyncClient) -> None:
        emma, jane = await make(as_ada, EMMA), await make(as_ada, JANE)
        pushed = await push(as_ada, customer_id=emma["id"])
        await as_ada.patch(f"{INTERACTIONS}/{pushed['id']}", json={"customer_id": jane["id"]})
        again = await push(as_ada, customer_id=emma["id"], queue="Support")
        assert (again["status"], again["customer_id"]) == ("changed", jane["id"])


async def test_it_can_be_about_a_request(as_ada: httpx.AsyncClient, people: People) -> None:
    emma = await make(as_ada, EMMA)
    request = (await as_ada.post("/api/v1/requests", json={"type": "question", "title": "Where?", "customer_id": emma["id"]})).json()
    pushed = await push(as_ada, customer_id=emma["id"], request_id=request["id"])
    assert (await read(as_ada, pushed["id"]))["request"]["title"] == "Where?"
    jane = await make(as_ada, JANE)
    assert await refused(as_ada, external_id="c-2", customer_id=jane["id"], request_id=request["id"]) == {"request_id": "other_customer"}
    journey = (await as_ada.get(f"/api/v1/customers/{jane['id']}/journey")).json()
    assert journey["items"] == []


async def test_activities_are_added_to_any_interaction_and_show_live(as_ada: httpx.AsyncClient, db: Database) -> None:
    pushed = await push(as_ada, activities=[message("m1", "Hello", tags=["new"])])
    path = f"{INTERACTIONS}/{pushed['id']}/activities"
    body = {"source": "bot", "activities": [message("x", "I am a bot", started_at="2026-11-20T10:00:06Z", tags=["bot"])]}
    assert (await as_ada.post(path, json=body)).json()["status"] == "changed"
    assert (await as_ada.post(path, json=body)).json()["status"] == "unchanged"
    stored = await read(as_ada, pushed["id"])
    assert [(one["text"], one["tags"]) for one in stored["activities"]] == [("Hello", ["new"]), ("I am a bot", ["bot"])]
    async with db.transaction() as uow:
        told = await uow.value("select payload from event_log where type = 'interaction.changed' order by pos desc limit 1")
    assert told["interaction"]["activities"] == stored["activities"]


async def test_everything_that_is_wrong_is_told_at_once(as_ada: httpx.AsyncClient, people: People) -> None:
    assert await refused(
        as_ada,
        started_at="2026-11-20T10:00:00Z",
        ended_at="2026-11-20T09:00:00Z",
        activities=[
            message("m1", "a", started_at="1999-01-01T00:00:00Z"),
            message("m1", "b", started_at="2026-11-20T10:00:00"),
            message("m3", "c", tags=["t" * 51]),
        ],
    ) == {
        "ended_at": "before_start",
        "activities[0].started_at": "not_in_range",
        "activities[1].started_at": "no_zone",
        "activities[1].external_id": "repeated",
        "activities[2].tags[0]": "too_long",
    }
    assert await refused(as_ada, activities=[message("m1", "a", agent_email="nobody@example.com")]) == {
        "activities[0].agent_email": "unknown_user"
    }
    assert await refused(as_ada, customer_id="00000000-0000-7000-8000-000000000000") == {"customer_id": "unknown_customer"}
    assert set(await refused(as_ada, source="Not A Name", channel="pigeon")) == {"source", "channel"}


async def test_many_are_stored_each_by_itself(as_ada: httpx.AsyncClient) -> None:
    items = [CHAT | {"external_id": f"c-{n}"} for n in range(3)]
    items[1]["ended_at"] = "1999-01-01T00:00:00Z"
    answer = await as_ada.post(f"{INTERACTIONS}/bulk", json={"items": items})
    assert answer.status_code == 200, answer.text
    outcomes = answer.json()["items"]
    assert [(one["external_id"], one["status"]) for one in outcomes] == [("c-0", "created"), ("c-1", "refused"), ("c-2", "created")]
    assert [error["field"] for error in outcomes[1]["errors"]] == ["ended_at"]
    again = (await as_ada.post(f"{INTERACTIONS}/bulk", json={"items": items})).json()["items"]
    assert [one["status"] for one in again] == ["unchanged", "refused", "unchanged"]


async def test_two_sources_may_have_the_same_id(as_ada: httpx.AsyncClient) -> None:
    first, second = await push(as_ada), await push(as_ada, source="old-crm")
    assert first["id"] != second["id"]


async def test_people_at_work_push_nothing_and_what_is_told_in_other_words_is_in_the_trail(
    as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient
) -> None:
    pushed = await push(as_ada, activities=[message("m1", "I want to cancel")])
    forged = CHAT | {"activities": [message("m1", "I do not want to cancel")]}
    leg = {"source": "webchat", "activities": [message("a1", "", kind="agent", agent_email="aiko@example.com")]}
    for client in (as_aiko, as_sven):
        assert (await client.post(INTERACTIONS, json=forged)).status_code == 403
        assert (await client.post(f"{INTERACTIONS}/bulk", json={"items": [forged]})).status_code == 403
        assert (await client.post(f"{INTERACTIONS}/{pushed['id']}/activities", json=leg)).status_code == 403
    await push(as_ada, activities=[message("m1", "I want to go on")])
    trail = (await as_ada.get("/api/v1/audit", params={"action.eq": "activity.retold"})).json()["items"]
    assert [(one["before"], one["after"]) for one in trail] == [({"text": "I want to cancel"}, {"text": "I want to go on"})]
