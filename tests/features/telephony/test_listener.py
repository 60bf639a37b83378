"""What the event listener refuses (product.md 5.3: a clear error); what it takes is in tests/features/desk/test_pop.py."""

import asyncio
from typing import Any

import httpx
import pytest

EVENT = {"caller_phone_number": "020 7946 0958", "call_agent_extension": "2001", "call_id": "c1"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"caller_phone_number": None, "call_id": None}, "caller_phone_number"),
        ({"event": "transferred"}, "to_extension"),
        ({"event": "exploded"}, "event"),
        ({"at": "2026-11-20T10:00:00"}, "at"),
        ({"at": "0001-01-01T00:00:00Z"}, "at"),
        ({"at": "2999-01-01T00:00:00Z"}, "at"),
        ({"call_agent_extension": ""}, "call_agent_extension"),
        ({"call_agent_extension": "9999"}, "call_agent_extension"),
        ({"event": "transferred", "to_extension": "9999"}, "to_extension"),
        ({"extension": "2001"}, "extension"),
    ],
)
async def test_a_malformed_event_names_the_field(as_ada: httpx.AsyncClient, change: dict[str, Any], field: str) -> None:
    answer = await as_ada.post("/api/v1/telephony/events", json=EVENT | change)

    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]


async def test_the_events_of_a_call_may_come_in_any_order(as_ada: httpx.AsyncClient) -> None:
    stamped = {"ringing": "2026-11-20T10:00:00Z", "answered": "2026-11-20T10:00:05Z", "ended": "2026-11-20T10:01:05Z"}

    async def tell(call_id: str, order: list[str]) -> dict[str, Any]:
        accepted = [
            await as_ada.post("/api/v1/telephony/events", json=EVENT | {"call_id": call_id, "event": kind, "at": stamped[kind]})
            for kind in order
        ]
        [interaction_id] = {answer.json()["interaction_id"] for answer in accepted}
        found = (await as_ada.get(f"/api/v1/interactions/{interaction_id}")).json()
        return {name: found[name] for name in ("started_at", "answered_at", "ended_at", "duration_s", "state", "result", "ani")}

    forwards = await tell("c1", ["ringing", "answered", "ended"])
    assert (forwards["duration_s"], forwards["result"]) == (65.0, "answered")
    assert await tell("c2", ["ended", "ringing", "answered", "answered"]) == forwards
    assert await tell("c3", ["answered", "ended", "ringing"]) == forwards


async def test_events_that_come_at_once_fail_and_succeed_by_themselves(as_ada: httpx.AsyncClient) -> None:
    events = [EVENT | {"call_id": f"at-once-{number}"} for number in range(12)]
    events[5] |= {"call_agent_extension": "9999"}
    events[7] |= {"caller_name": "\x00"}
    events += [EVENT | {"call_id": None, "caller_phone_number": "020 7946 0111"}, EVENT | {"call_id": "at-once-0", "event": "answered"}]

    answers = await asyncio.gather(*(as_ada.post("/api/v1/telephony/events", json=event) for event in events))

    assert [answer.status_code for answer in answers] == [202] * 5 + [422, 202, 422] + [202] * 6
    interactions = [answer.json().get("interaction_id") for answer in answers]
    assert interactions[0] == interactions[-1]
    assert len(set(interactions)) == len(events) - 2
