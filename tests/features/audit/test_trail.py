"""Administrators read who changed what."""

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any

import httpx

from tests.support.people import People

AUDIT = "/api/v1/audit"
CODES = "/api/v1/wrap-up-codes"


async def trail(ada: httpx.AsyncClient, **wanted: str | int) -> dict[str, Any]:
    answer = await ada.get(AUDIT, params={name.replace("__", "."): value for name, value in wanted.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def ids(ada: httpx.AsyncClient, **wanted: str | int) -> list[str]:
    return [one["id"] for one in (await trail(ada, **wanted))["items"]]


async def test_the_history_of_one_thing_newest_first(as_ada: httpx.AsyncClient, people: People) -> None:
    await as_ada.post(CODES, json={"code": "refund", "labels": {"en": "Refund"}})
    await as_ada.patch(f"{CODES}/refund", json={"active": False})
    await as_ada.patch(f"{CODES}/resolved", json={"active": False})
    found = (await trail(as_ada, entity__eq="wrap_up_code", entity_id__eq="refund"))["items"]
    assert [(one["action"], one["actor"], one["actor_id"]) for one in found] == [
        ("wrap_up_code.changed", "Ada", str(people.ada.id)),
        ("wrap_up_code.created", "Ada", str(people.ada.id)),
    ]
    assert (found[0]["before"]["active"], found[0]["after"]["active"], found[1]["before"]) == (True, False, None)


async def test_it_is_narrowed_and_read_page_by_page(as_ada: httpx.AsyncClient, people: People) -> None:
    await as_ada.patch(f"/api/v1/teams/{people.team_id}", json={"wrap_up_seconds": 10})
    for active in (False, True, False):
        await as_ada.patch(f"{CODES}/resolved", json={"active": active})
    every = await trail(as_ada)
    assert every["total"] == 4
    newest_first = [one["id"] for one in every["items"]]
    team, codes = newest_first[3:], newest_first[:3]
    assert await ids(as_ada, entity__eq="team") == team
    assert await ids(as_ada, action__eq="wrap_up_code.changed") == codes
    assert await ids(as_ada, action__ne="wrap_up_code.changed") == team
    assert await ids(as_ada, action__starts="team.") == team
    assert await ids(as_ada, action__in="team.changed,team.created") == team
    assert await ids(as_ada, actor_id__eq=str(people.sven.id)) == []
    assert await ids(as_ada, actor_id__in=f"{people.sven.id},{people.ada.id}") == newest_first
    assert await ids(as_ada, sort="at") == newest_first[::-1]
    assert await ids(as_ada, page=1, page_size=3) + await ids(as_ada, page=2, page_size=3) == newest_first


async def test_it_is_narrowed_by_day_and_moment(as_ada: httpx.AsyncClient, people: People) -> None:
    await as_ada.patch(f"/api/v1/teams/{people.team_id}", json={"wrap_up_seconds": 10})
    [entry] = (await trail(as_ada))["items"]
    day, at = entry["at"][:10], datetime.fromisoformat(entry["at"])
    for shown in ({"at__eq": day}, {"at__gte": day, "at__lte": day}, {"at__lte": (at + timedelta(seconds=1)).isoformat()}):
        assert await ids(as_ada, **shown) == [entry["id"]]
    for hidden in ({"at__eq": "2020-01-01"}, {"at__lte": "2020-01-01"}, {"at__gte": (at + timedelta(seconds=1)).isoformat()}):
        assert await ids(as_ada, **hidden) == []


async def test_quick_search_knows_people_keys_actions_and_ids(as_ada: httpx.AsyncClient, people: People) -> None:
    await as_ada.patch(f"/api/v1/teams/{people.team_id}", json={"wrap_up_seconds": 10})
    await as_ada.patch(f"{CODES}/resolved", json={"active": False})
    code, team = await ids(as_ada)
    assert await ids(as_ada, q="ada") == [code, team]
    assert await ids(as_ada, q="sven") == []
    assert await ids(as_ada, q="ada team.") == [team]
    assert await ids(as_ada, q=str(people.team_id)) == [team]
    assert await ids(as_ada, q="resolved") == [code]


async def test_what_cannot_be_asked_is_named(as_ada: httpx.AsyncClient) -> None:
    answer = await as_ada.get(AUDIT, params={"actor_id.eq": "ada", "at.gte": "yesterday", "colour.eq": "red", "sort": "actor"})
    assert answer.status_code == 422
    assert sorted(error["field"] for error in answer.json()["errors"]) == ["actor_id.eq", "at.gte", "colour.eq", "sort"]


async def test_it_leaves_as_csv_and_the_trail_knows(as_ada: httpx.AsyncClient, people: People) -> None:
    await as_ada.patch(f"/api/v1/teams/{people.team_id}", json={"wrap_up_seconds": 10})
    await as_ada.post("/api/v1/customers", json={"first_name": "=1+1"})
    answer = await as_ada.get(f"{AUDIT}/export.csv", params={"entity.eq": "team"})
    assert answer.status_code == 200
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["actor"], row["action"], json.loads(row["after"])["wrap_up_seconds"]) for row in rows] == [("Ada", "team.changed", 10)]
    [noted] = (await trail(as_ada, action__eq="audit.exported"))["items"]
    assert noted["after"] == {"query": {"entity.eq": "team"}, "rows": 1}
