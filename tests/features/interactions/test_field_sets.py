"""Typed fields of activities: defined per channel, filled in by people and programs, kept (product.md 3.3)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from ringdesk.kit import clock
from ringdesk.kit.db import Database
from tests.features.desk.test_pop import EMMA, JANE, desk, make, tell
from tests.features.interactions.test_push import CHAT, INTERACTIONS, message, push, read, refused
from tests.support.people import People

FIELDS, SETS = "/api/v1/activity-fields", "/api/v1/field-sets"


async def field(ada: httpx.AsyncClient, label: str, kind: str, **more: Any) -> str:
    answer = await ada.post(FIELDS, json={"label": label, "type": {"type": kind, **more}})
    assert answer.status_code == 201, answer.text
    return answer.json()["key"]


async def show(ada: httpx.AsyncClient, channel: str, *keys: str, required: Iterable[str] = ()) -> None:
    fields = [{"key": key, "required": key in required} for key in keys]
    answer = await ada.put(f"{SETS}/{channel}", json={"fields": fields})
    assert answer.status_code == 200, answer.text


async def set_of(client: httpx.AsyncClient, channel: str) -> list[str]:
    sets = (await client.get(SETS)).json()["sets"]
    return [one["key"] for one in next(one["fields"] for one in sets if one["channel"] == channel)]


def wrong(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


async def leg_of(client: httpx.AsyncClient, interaction_id: str) -> dict[str, Any]:
    return (await read(client, interaction_id))["activities"][0]


async def fill_in(client: httpx.AsyncClient, activity_id: str, **fields: Any) -> dict[str, Any]:
    answer = await client.patch(f"/api/v1/activities/{activity_id}", json={"fields": fields})
    assert answer.status_code == 200, answer.text
    return answer.json()["fields"]


@pytest.fixture
async def voice(as_ada: httpx.AsyncClient) -> None:
    """Calls have an order number, which is needed, and an amount."""
    for label, kind in (("Order", "alphanumeric_15"), ("Amount", "decimal")):
        await field(as_ada, label, kind)
    await show(as_ada, "voice", "order", "amount", required=["order"])


@pytest.fixture
async def leg(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, voice: None) -> dict[str, Any]:
    """A call of Emma's at Aiko's desk that has just ended."""
    await as_aiko.post("/api/v1/desk/cti/login")
    await make(as_ada, EMMA)
    for event in ("ringing", "answered", "ended"):
        accepted = await tell(as_ada, event=event)
    return await leg_of(as_aiko, accepted["interaction_id"])


async def test_a_field_serves_several_channels_each_in_its_own_order(as_ada: httpx.AsyncClient, voice: None) -> None:
    await show(as_ada, "email", "amount", "order")
    assert await set_of(as_ada, "voice") == ["order", "amount"]
    assert await set_of(as_ada, "email") == ["amount", "order"]
    assert await set_of(as_ada, "chat") == []
    unknown = await as_ada.put(f"{SETS}/voice", json={"fields": [{"key": "colour", "required": False}] * 2})
    assert wrong(unknown) == {"fields[0].key": "unknown_field", "fields[1].key": "unknown_field"}
    assert (await as_ada.put(f"{SETS}/pigeon", json={"fields": []})).status_code in (400, 404, 422)


async def test_agents_see_the_sets_and_only_administrators_define_them(
    as_aiko: httpx.AsyncClient, as_sven: httpx.AsyncClient, voice: None
) -> None:
    assert await set_of(as_aiko, "voice") == ["order", "amount"]
    for client in (as_aiko, as_sven):
        assert (await client.put(f"{SETS}/voice", json={"fields": []})).status_code == 403
        assert (await client.post(FIELDS, json={"label": "x", "type": {"type": "text"}})).status_code == 403


async def test_an_agent_fills_in_a_leg_and_it_is_audited_and_told(
    as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, leg: dict[str, Any], db: Database
) -> None:
    assert leg["fields"] == {}
    refusal = await as_aiko.patch(f"/api/v1/activities/{leg['id']}", json={"fields": {"order": "a b!", "amount": "much", "x": 1}})
    assert wrong(refusal) == {"fields.order": "not_alphanumeric", "fields.amount": "not_a_number", "fields.x": "unknown_field"}
    assert await fill_in(as_aiko, leg["id"], order="A77", amount="12,5") == {"order": "A77", "amount": "12.5"}
    assert await fill_in(as_aiko, leg["id"], amount=None) == {"order": "A77"}
    assert wrong(await as_aiko.patch(f"/api/v1/activities/{leg['id']}", json={"fields": {"order": None}})) == {"fields.order": "required"}
    trail = (await as_ada.get("/api/v1/audit", params={"entity.eq": "activity", "entity_id.eq": leg["id"]})).json()["items"]
    assert [(one["action"], one["actor"], one["before"], one["after"]) for one in trail] == [
        ("activity.filled_in", "Aiko", {"fields.amount": "12.5"}, {"fields.amount": None}),
        ("activity.filled_in", "Aiko", {"fields.order": None, "fields.amount": None}, {"fields.order": "A77", "fields.amount": "12.5"}),
    ]
    async with db.transaction() as uow:
        told = await uow.value("select payload from event_log where type = 'activity.changed' order by pos desc limit 1")
    assert told["activity"]["fields"] == {"order": "A77"}


async def test_values_stay_when_the_call_goes_on_and_moves(as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, voice: None) -> None:
    emma, jane = await make(as_ada, EMMA), await make(as_ada, JANE | {"phone_1": "020 7946 0999"})
    accepted = await tell(as_ada)
    leg = await leg_of(as_aiko, accepted["interaction_id"])
    await fill_in(as_aiko, leg["id"], order="A77")
    await tell(as_ada, event="answered")
    await tell(as_ada, event="ended")
    await as_aiko.patch(f"{INTERACTIONS}/{accepted['interaction_id']}", json={"customer_id": jane["id"]})
    merge = await as_ada.post(f"/api/v1/customers/{emma['id']}/merge", json={"other_id": jane["id"]})
    assert merge.status_code == 200, merge.text
    journey = (await as_aiko.get(f"/api/v1/customers/{emma['id']}/journey")).json()
    assert [one["fields"] for one in journey["items"][0]["activities"]] == [{"order": "A77"}]
    [done] = (await as_aiko.get(f"/api/v1/customers/{emma['id']}/merges")).json()["items"]
    assert (await as_ada.post(f"/api/v1/customer-merges/{done['id']}/undo")).status_code == 200
    assert (await leg_of(as_aiko, accepted["interaction_id"]))["fields"] == {"order": "A77"}


async def test_a_field_that_leaves_keeps_its_values(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, leg: dict[str, Any]) -> None:
    await fill_in(as_aiko, leg["id"], order="A77", amount="5")
    await show(as_ada, "voice", "amount")
    assert wrong(await as_aiko.patch(f"/api/v1/activities/{leg['id']}", json={"fields": {"order": "B"}})) == {
        "fields.order": "unknown_field"
    }
    assert (await as_ada.delete(f"{FIELDS}/amount")).json()["hidden_at"]
    assert (await leg_of(as_aiko, leg["interaction_id"]))["fields"] == {"order": "A77", "amount": "5"}
    assert (await as_ada.post(f"{FIELDS}/amount/restore")).json()["hidden_at"] is None
    await show(as_ada, "voice", "order", "amount")
    assert await fill_in(as_aiko, leg["id"], order="B1") == {"order": "B1", "amount": "5"}


async def test_a_change_of_type_reads_the_stored_values_or_is_refused(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, leg: dict[str, Any]
) -> None:
    await fill_in(as_aiko, leg["id"], order="A77", amount="5")
    refusal = await as_ada.patch(f"{FIELDS}/order", json={"type": {"type": "integer"}})
    assert refusal.status_code == 409
    problem = refusal.json()
    assert (problem["type"], problem["misfits"]) == ("urn:ringdesk:problem:values_do_not_fit", 1)
    assert problem["sample"][0]["name"].startswith("Emma Woodhouse, 20")
    changed = await as_ada.patch(f"{FIELDS}/amount", json={"type": {"type": "integer"}})
    assert changed.status_code == 200, changed.text
    assert (await leg_of(as_aiko, leg["interaction_id"]))["fields"] == {"order": "A77", "amount": 5}


class TestWrapUp:
    async def finish(self, aiko: httpx.AsyncClient, leg: dict[str, Any], **given: Any) -> httpx.Response:
        return await aiko.post(f"/api/v1/desk/calls/{leg['id']}/finish", json=given)

    async def test_ends_with_every_required_field(self, as_aiko: httpx.AsyncClient, leg: dict[str, Any]) -> None:
        assert wrong(await self.finish(as_aiko, leg, code="resolved", fields={"amount": "x"})) == {
            "fields.amount": "not_a_number",
            "fields.order": "required",
        }
        assert (await leg_of(as_aiko, leg["interaction_id"]))["wrap_ups"] == []
        assert (await self.finish(as_aiko, leg, code="resolved", fields={"order": "A1"})).status_code == 204
        after = await leg_of(as_aiko, leg["interaction_id"])
        assert (after["fields"], [one["code"] for one in after["wrap_ups"]]) == ({"order": "A1"}, ["resolved"])
        assert (await desk(as_aiko))["calls"] == []

    async def test_that_runs_out_is_not_held_up_by_what_is_missing(
        self, as_aiko: httpx.AsyncClient, leg: dict[str, Any], db: Database
    ) -> None:
        async with db.transaction() as uow:
            await uow.run("update desk_call set wrap_up_until = %s", [clock.now() + timedelta(seconds=1.5)])
        assert (await self.finish(as_aiko, leg, code="resolved", fields={"amount": "5"})).status_code == 204
        after = await leg_of(as_aiko, leg["interaction_id"])
        assert (after["fields"], [one["code"] for one in after["wrap_ups"]]) == ({"amount": "5"}, ["resolved"])

    @pytest.mark.parametrize("seconds_left", [60, 1.5])
    async def test_keeps_a_note_without_an_outcome_as_a_comment(
        self, as_aiko: httpx.AsyncClient, leg: dict[str, Any], db: Database, seconds_left: float
    ) -> None:
        async with db.transaction() as uow:
            await uow.run("update desk_call set wrap_up_until = %s", [clock.now() + timedelta(seconds=seconds_left)])
        assert (await self.finish(as_aiko, leg, note=" Calls back on Friday ", fields={"order": "A1"})).status_code == 204
        after = await leg_of(as_aiko, leg["interaction_id"])
        assert (after["fields"], after["wrap_ups"]) == ({"order": "A1"}, [])
        assert [(one["text"], one["author_name"]) for one in after["comments"]] == [("Calls back on Friday", "Aiko")]
        assert (await desk(as_aiko))["calls"] == []


class TestPush:
    @pytest.fixture
    async def chat(self, as_ada: httpx.AsyncClient, people: People) -> None:
        await field(as_ada, "Mood", "choice", options=["good", "bad"])
        await field(as_ada, "Score", "integer")
        await show(as_ada, "chat", "mood", "score", required=["mood"])

    async def test_sets_fields_and_names_each_that_is_wrong(self, as_ada: httpx.AsyncClient, chat: None) -> None:
        activities = [message("m1", "a", fields={"mood": "so-so", "score": "many"}), message("m2", "b", fields={"colour": 1})]
        assert await refused(as_ada, activities=activities) == {
            "activities[0].fields.mood": "not_an_option",
            "activities[0].fields.score": "not_a_whole_number",
            "activities[1].fields.colour": "unknown_field",
        }
        pushed = await push(as_ada, activities=[message("m1", "a", fields={"score": 7})])
        assert (await leg_of(as_ada, pushed["id"]))["fields"] == {"score": 7}

    async def test_told_again_changes_nothing_that_people_wrote_since(
        self, as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, chat: None
    ) -> None:
        told = [message("m1", "a", fields={"mood": "good", "score": 7})]
        pushed = await push(as_ada, activities=told)
        assert (await push(as_ada, activities=told))["status"] == "unchanged"
        leg = await leg_of(as_ada, pushed["id"])
        await fill_in(as_aiko, leg["id"], mood="bad")
        assert (await push(as_ada, activities=told))["status"] == "unchanged"
        newer = [message("m1", "a", fields={"mood": None, "score": 9})]
        assert (await as_ada.post(INTERACTIONS, json=CHAT | {"activities": newer})).status_code == 422
        newer = [message("m1", "a", fields={"score": 9})]
        assert (await push(as_ada, activities=newer))["status"] == "changed"
        assert (await leg_of(as_ada, pushed["id"]))["fields"] == {"mood": "bad", "score": 9}

    async def test_the_channel_of_the_activity_itself_decides(self, as_ada: httpx.AsyncClient, chat: None) -> None:
        seen = await push(as_ada, activities=[message("m1", "a", media_type="email")])
        path = f"/api/v1/activities/{(await leg_of(as_ada, seen['id']))['id']}"
        assert wrong(await as_ada.patch(path, json={"fields": {"score": 1}})) == {"fields.score": "unknown_field"}
