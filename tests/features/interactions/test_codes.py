"""An administrator says which outcomes a team chooses from (product.md 3.4)."""

from typing import Any

import httpx

from ringdesk.kit.db import Database
from tests.features.desk.test_pop import desk, tell
from tests.support.people import People

CODES = "/api/v1/wrap-up-codes"


async def codes(client: httpx.AsyncClient) -> list[str]:
    answer = await client.get(CODES)
    assert answer.status_code == 200, answer.text
    return [one["code"] for one in answer.json()["items"]]


def wrong(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


async def add(ada: httpx.AsyncClient, code: str, **more: Any) -> dict[str, Any]:
    answer = await ada.post(CODES, json={"code": code, "labels": {"en": code.title()}} | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def team_of(db: Database, extension: str) -> str:
    async with db.transaction() as uow:
        return str(await uow.value("select team_id from app_user where extension = %s", [extension]))


async def test_everybody_sees_which_teams_a_code_is_for(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, people: People) -> None:
    await add(as_ada, "ours", teams=[str(people.team_id)], channels=["voice"])
    await add(as_ada, "everyones")
    seen = (await as_aiko.get(CODES)).json()["items"]
    assert [(one["code"], one["teams"], one["channels"]) for one in seen[-2:]] == [
        ("ours", [str(people.team_id)], ["voice"]),
        ("everyones", [], []),
    ]
    assert [one["code"] for one in (await desk(as_aiko))["wrap_up_codes"]] == [one["code"] for one in seen]


async def test_a_leg_takes_the_codes_of_its_team_and_channel(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, db: Database, people: People
) -> None:
    async with db.transaction() as uow:
        other = str(await uow.value("insert into team (id, name) values (gen_random_uuid(), 'Elsewhere') returning id"))
    await add(as_ada, "theirs", teams=[other])
    await add(as_ada, "written", channels=["email"])
    await add(as_ada, "spoken", channels=["voice"])
    accepted = await tell(as_ada)
    found = (await as_aiko.get(f"/api/v1/interactions/{accepted['interaction_id']}")).json()
    path = f"/api/v1/activities/{found['activities'][0]['id']}/wrap-up"
    for code in ("theirs", "written"):
        assert wrong(await as_aiko.post(path, json={"code": code})) == {"code": "unknown_code"}
    assert (await as_aiko.post(path, json={"code": "spoken"})).status_code == 201


async def test_a_code_is_renamed_and_taken_out_of_use_and_old_outcomes_keep_it(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, people: People
) -> None:
    accepted = await tell(as_ada)
    interaction = f"/api/v1/interactions/{accepted['interaction_id']}"
    path = f"/api/v1/activities/{(await as_aiko.get(interaction)).json()['activities'][0]['id']}/wrap-up"
    await as_aiko.post(path, json={"code": "resolved"})
    changed = await as_ada.patch(f"{CODES}/resolved", json={"labels": {"en": "Solved", "sv": " Löst  nu "}, "active": False})
    assert (changed.status_code, changed.json()["labels"]) == (200, {"en": "Solved", "sv": "Löst nu"})
    [given] = (await as_aiko.get(interaction)).json()["activities"][0]["wrap_ups"]
    assert (given["code"], given["labels"]["en"]) == ("resolved", "Solved")
    assert wrong(await as_aiko.post(path, json={"code": "resolved"})) == {"code": "unknown_code"}
    assert (await as_ada.patch(f"{CODES}/none", json={"active": True})).status_code == 404


async def test_codes_stand_in_the_order_of_the_administrator(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient) -> None:
    known = await codes(as_ada)
    wanted = list(reversed(known))
    assert (await as_ada.put(CODES, json={"codes": wanted})).status_code == 200
    assert await codes(as_aiko) == wanted
    assert wrong(await as_ada.put(CODES, json={"codes": known[1:]})) == {"codes": "not_all"}


async def test_every_error_is_named_at_once(as_ada: httpx.AsyncClient) -> None:
    somebody = "01890000-0000-7000-8000-000000000000"
    answer = await as_ada.post(CODES, json={"code": "resolved", "labels": {"en": "x" * 61, "xx": "y"}, "teams": [somebody]})
    assert wrong(answer) == {"code": "taken", "labels.en": "too_long", "labels.xx": "unknown_language", "teams": "unknown_team"}
    assert wrong(await as_ada.post(CODES, json={"code": "Not so", "labels": {}})) == {"code": "invalid_format", "labels": "required"}


async def test_two_codes_in_use_are_not_called_the_same(as_ada: httpx.AsyncClient) -> None:
    await add(as_ada, "refund", labels={"en": "Refund", "sv": "Återköp"})
    assert wrong(await as_ada.post(CODES, json={"code": "refund_2", "labels": {"en": "REFUND", "sv": "Annat"}})) == {"labels.en": "taken"}
    await as_ada.patch(f"{CODES}/refund", json={"active": False})
    await add(as_ada, "refund_2", labels={"en": "Refund"})
    assert wrong(await as_ada.patch(f"{CODES}/refund", json={"active": True})) == {"labels.en": "taken"}


async def test_every_shipped_code_can_be_changed(as_ada: httpx.AsyncClient) -> None:
    for code in await codes(as_ada):
        assert (await as_ada.patch(f"{CODES}/{code}", json={"active": False})).status_code == 200, code
