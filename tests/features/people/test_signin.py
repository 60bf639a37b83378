"""Signing in and out, as a browser does it."""

import httpx

from tests.support.people import PASSWORD, People


async def test_a_person_signs_in_and_is_known_until_they_sign_out(client: httpx.AsyncClient, people: People) -> None:
    answer = await client.post("/api/v1/auth/login", json={"email": "AIKO@example.com", "password": PASSWORD})
    assert answer.status_code == 200
    user = answer.json()["user"]
    assert (user["name"], user["roles"], user["extension"], user["team"]["name"]) == ("Aiko", ["agent"], "2001", "North")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie

    assert (await client.get("/api/v1/auth/session")).json()["user"] == user

    assert (await client.post("/api/v1/auth/logout")).status_code == 204
    assert (await client.get("/api/v1/auth/session")).status_code == 401


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: httpx.AsyncClient, people: People) -> None:
    wrong = await client.post("/api/v1/auth/login", json={"email": "aiko@example.com", "password": "not this one"})
    unknown = await client.post("/api/v1/auth/login", json={"email": "nobody@example.com", "password": "not this one"})
    assert wrong.status_code == unknown.status_code == 401
    assert {**wrong.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}


async def test_colleagues_and_teams_are_listed(as_aiko: httpx.AsyncClient) -> None:
    assert [user["name"] for user in (await as_aiko.get("/api/v1/users")).json()["items"]] == ["Ada", "Aiko", "Bilal", "Sven"]
    assert [team["name"] for team in (await as_aiko.get("/api/v1/teams")).json()["items"]] == ["North"]
