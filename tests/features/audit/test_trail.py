"""Administrators read who changed what."""

from typing import Any

import httpx

from tests.support.people import People

AUDIT = "/api/v1/audit"
CODES = "/api/v1/wrap-up-codes"


async def trail(ada: httpx.AsyncClient, **wanted: str | int) -> dict[str, Any]:
    answer = await ada.get(AUDIT, params=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_history_of_one_thing_newest_first(as_ada: httpx.AsyncClient, people: People) -> None:
    await as_ada.post(CODES, json={"code": "refund", "labels": {"en": "Refund"}})
    await as_ada.patch(f"{CODES}/refund", json={"active": False})
    await as_ada.patch(f"{CODES}/resolved", json={"active": False})
    found = (await trail(as_ada, entity="wrap_up_code", entity_id="refund"))["items"]
    assert [(one["action"], one["actor"], one["actor_id"]) for one in found] == [
        ("wrap_up_code.changed", "Ada", str(people.ada.id)),
        ("wrap_up_code.created", "Ada", str(people.ada.id)),
    ]
    assert (found[0]["before"]["active"], found[0]["after"]["active"], found[1]["before"]) == (True, False, None)


async def test_it_is_narrowed_and_read_page_by_page(as_ada: httpx.AsyncClient, people: People) -> None:
    await as_ada.patch(f"/api/v1/teams/{people.team_id}", json={"wrap_up_seconds": 10})
    for active in (False, True, False):
        await as_ada.patch(f"{CODES}/resolved", json={"active": active})
    assert [one["entity"] for one in (await trail(as_ada, entity="team"))["items"]] == ["team"]
    assert (await trail(as_ada, actor=str(people.sven.id)))["items"] == []
    assert len((await trail(as_ada, action="wrap_up_code.changed"))["items"]) == 3
    assert (await trail(as_ada, to="2020-01-01T00:00:00Z"))["items"] == []
    seen: list[str] = []
    page = await trail(as_ada, limit=3)
    while page["next_cursor"]:
        seen += [one["id"] for one in page["items"]]
        page = await trail(as_ada, limit=3, cursor=page["next_cursor"])
    seen += [one["id"] for one in page["items"]]
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 4
