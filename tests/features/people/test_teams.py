"""What administrators do with teams."""

import httpx

from tests.support.people import People

TEAMS = "/api/v1/teams"
CODES = "/api/v1/wrap-up-codes"


def wrong(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


async def names(client: httpx.AsyncClient) -> dict[str, tuple[int, int]]:
    return {team["name"]: (team["wrap_up_seconds"], team["people"]) for team in (await client.get(TEAMS)).json()["items"]}


async def make(ada: httpx.AsyncClient, name: str) -> str:
    answer = await ada.post(TEAMS, json={"name": name})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def test_a_team_is_made_changed_and_taken_away(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, people: People) -> None:
    made = await make(as_ada, "  Night   shift ")
    assert await names(as_aiko) == {"Night shift": (120, 0), "North": (120, 4)}
    changed = await as_ada.patch(f"{TEAMS}/{made}", json={"wrap_up_seconds": 45})
    assert (changed.status_code, changed.json()["wrap_up_seconds"], changed.json()["name"]) == (200, 45, "Night shift")
    assert (await as_ada.delete(f"{TEAMS}/{made}")).status_code == 204
    assert (await as_ada.delete(f"{TEAMS}/{made}")).status_code == 404
    assert list(await names(as_aiko)) == ["North"]


async def test_what_is_wrong_is_told_with_its_field(as_ada: httpx.AsyncClient, people: People) -> None:
    made = await make(as_ada, "South")
    assert wrong(await as_ada.post(TEAMS, json={"name": "north"})) == {"name": "taken"}
    assert wrong(await as_ada.post(TEAMS, json={"name": "   "})) == {"name": "required"}
    assert wrong(await as_ada.patch(f"{TEAMS}/{made}", json={"name": "NORTH"})) == {"name": "taken"}
    assert set(wrong(await as_ada.patch(f"{TEAMS}/{made}", json={"wrap_up_seconds": 3601}))) == {"wrap_up_seconds"}
    assert (await as_ada.patch(f"{TEAMS}/{made}", json={"name": "SOUTH"})).json()["name"] == "SOUTH"


async def test_a_team_with_people_stays(as_ada: httpx.AsyncClient, people: People) -> None:
    answer = await as_ada.delete(f"{TEAMS}/{people.team_id}")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:ringdesk:problem:team_in_use")


async def test_a_code_for_one_team_only_does_not_become_one_for_all(as_ada: httpx.AsyncClient, people: People) -> None:
    south = await make(as_ada, "South")
    await as_ada.post(CODES, json={"code": "both", "labels": {"en": "Both"}, "teams": [south, str(people.team_id)]})
    await as_ada.post(CODES, json={"code": "theirs", "labels": {"en": "Theirs"}, "teams": [south]})
    refused = await as_ada.delete(f"{TEAMS}/{south}")
    assert (refused.status_code, "theirs" in refused.json()["detail"], "both" in refused.json()["detail"]) == (409, True, False)
    await as_ada.patch(f"{CODES}/theirs", json={"teams": []})
    assert (await as_ada.delete(f"{TEAMS}/{south}")).status_code == 204
    held = {code["code"]: code["teams"] for code in (await as_ada.get(CODES)).json()["items"]}
    assert (held["both"], held["theirs"]) == ([str(people.team_id)], [])
