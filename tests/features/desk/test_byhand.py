"""Conversations that an agent begins and ends at the desk (product.md 4.2)."""

from functools import partial
from typing import Any

import httpx
import pytest

from ringdesk.features.desk.byhand import end_forgotten
from ringdesk.kit.db import Database
from tests.features.desk.test_events import Desk
from tests.features.desk.test_pop import EMMA, desk, make, tell
from tests.features.desk.test_taking import on_desk
from tests.features.requests.conftest import open_one, read, slug, wrong
from tests.support.people import People

BEGUN_AT = "/api/v1/desk/interactions"


async def begin(client: httpx.AsyncClient, customer: dict[str, Any], channel: str = "voice", **more: Any) -> httpx.Response:
    """An agent gets in touch with a customer."""
    body = {"customer_id": customer["id"], "channel": channel, "address": customer["phone_1"]} | more
    return await client.post(BEGUN_AT, json=body)


async def end(client: httpx.AsyncClient, call: dict[str, Any], **more: Any) -> httpx.Response:
    """The agent ends it."""
    return await client.post(f"/api/v1/desk/calls/{call['activity_id']}/end", json=more)


@pytest.fixture
async def emma(as_ada: httpx.AsyncClient) -> dict[str, Any]:
    return await make(as_ada, EMMA)


@pytest.fixture
def watched(db: Database, as_aiko: httpx.AsyncClient, people: People) -> Desk:
    """Aiko's desk."""
    return Desk(db, as_aiko, str(people.aiko.id))


async def test_a_reply_is_an_outbound_conversation_about_its_request(
    as_aiko: httpx.AsyncClient, emma: dict[str, Any], watched: Desk
) -> None:
    request = await open_one(as_aiko, customer_id=emma["id"], title="Wrong invoice")
    types = await watched.verify(partial(begin, as_aiko, emma, request_id=request["id"]))
    assert {"call.changed", "desk.customer_opened"} <= set(types)
    call = await on_desk(as_aiko)
    assert (call["by_hand"], call["direction"], call["ani"]) == (True, "outbound", "+442079460958")
    assert call["request"]["title"] == "Wrong invoice"
    await watched.verify(partial(end, as_aiko, call))
    call = await on_desk(as_aiko)
    assert (call["state"], call["request"]["title"]) == ("wrap_up", "Wrong invoice")
    finish = partial(as_aiko.post, f"/api/v1/desk/calls/{call['activity_id']}/finish", json={"code": "resolved", "note": "Sent anew"})
    await watched.verify(finish)
    stored = await read(as_aiko, call["interaction_id"])
    assert (stored["state"], stored["result"], stored["source"]) == ("ended", "answered", "desk")
    [leg] = stored["activities"]
    assert (leg["agent_name"], leg["call_type"], leg["outcome"]) == ("Aiko", "outbound", "answered")
    assert [one["code"] for one in leg["wrap_ups"]] == ["resolved"]


async def test_a_customer_who_was_not_reached_was_not_talked_to(as_aiko: httpx.AsyncClient, emma: dict[str, Any]) -> None:
    call = (await begin(as_aiko, emma)).json()
    await end(as_aiko, call, reached=False)
    stored = await read(as_aiko, call["interaction_id"])
    assert (stored["result"], stored["answered_at"]) == ("no_answer", None)
    assert [(leg["duration_s"], leg["outcome"]) for leg in stored["activities"]] == [(0.0, "no_answer")]


async def test_an_e_mail_needs_no_telephone(as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, emma: dict[str, Any]) -> None:
    written = await begin(as_aiko, emma, "email", address="Emma@Example.com")
    assert (written.status_code, written.json()["ani"]) == (201, "emma@example.com")
    assert wrong(await begin(as_aiko, emma, "sms", address=None)) == {"address": "required"}
    assert wrong(await begin(as_aiko, emma, address="not a number")) == {"address": "invalid_format"}
    assert slug(await begin(as_aiko, {**emma, "id": written.json()["interaction_id"]})) == "not_found"
    # An administrator without the role of an agent places no calls.
    assert (await begin(as_ada, emma)).status_code == 403


async def test_a_request_of_another_customer_begins_nothing(
    as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, emma: dict[str, Any]
) -> None:
    jane = await make(as_ada, EMMA | {"first_name": "Jane", "phone_1": "0161 496 0001"})
    hers = await open_one(as_aiko, customer_id=jane["id"])
    assert wrong(await begin(as_aiko, emma, request_id=hers["id"])) == {"request_id": "other_customer"}
    assert (await desk(as_aiko))["calls"] == []


async def test_a_call_of_the_telephone_system_ends_there(
    as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient, emma: dict[str, Any]
) -> None:
    await as_aiko.post("/api/v1/desk/cti/login")
    await tell(as_ada)
    call = await on_desk(as_aiko)
    assert slug(await end(as_aiko, call)) == "not_by_hand"
    assert (await end(as_bilal, call)).status_code == 404


async def test_what_was_left_running_overnight_ends_by_itself(as_aiko: httpx.AsyncClient, emma: dict[str, Any], db: Database) -> None:
    call = (await begin(as_aiko, emma)).json()
    await end_forgotten(db)
    assert (await on_desk(as_aiko))["state"] == "talking"
    async with db.transaction() as uow:
        await uow.run("update desk_call set since = now() - interval '13 hours'")
    await end_forgotten(db)
    assert (await on_desk(as_aiko))["state"] == "wrap_up"
    assert (await read(as_aiko, call["interaction_id"]))["state"] == "ended"
