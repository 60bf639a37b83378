"""Sessions: kept as digests, renewed at sign-in, ended by time, by sign-out, by an administrator; safe from other sites."""

import httpx
import pytest
from litestar import Litestar

from ringdesk.features.people import jobs, service
from ringdesk.kit.crypto import open_vault
from ringdesk.kit.db import Database
from ringdesk.kit.jobs import JobContext
from ringdesk.kit.settings import Settings
from tests.conftest import client_of
from tests.support.people import COOKIE, PASSWORD, People, sign_in

SESSION = "/api/v1/auth/session"


async def status(client: httpx.AsyncClient) -> int:
    return (await client.get(SESSION)).status_code


async def log_in(client: httpx.AsyncClient, email: str = "aiko@example.com") -> httpx.Response:
    return await client.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})


async def test_the_database_holds_nothing_that_one_could_sign_in_with(client: httpx.AsyncClient, people: People, db: Database) -> None:
    await log_in(client)
    token = client.cookies[COOKIE]
    async with db.transaction() as uow:
        stored = bytes(await uow.value("select token_hash from session"))
    assert token.encode() not in stored
    async with client_of_cookie(client, stored.hex()) as thief:
        assert await status(thief) == 401


def client_of_cookie(client: httpx.AsyncClient, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=client._transport, base_url="http://testserver", cookies={COOKIE: token})


async def test_signing_in_again_gives_a_new_session_and_ends_the_earlier_one(client: httpx.AsyncClient, people: People) -> None:
    await log_in(client)
    earlier = client.cookies[COOKIE]
    await log_in(client)
    assert client.cookies[COOKIE] != earlier
    async with client_of_cookie(client, earlier) as old:
        assert await status(old) == 401


@pytest.mark.parametrize("change", ["expires_at = now()", f"last_seen_at = now() - interval '{service.SESSION_IDLE_HOURS} hours'"])
async def test_a_session_ends_after_its_time_and_after_too_long_without_use(as_aiko: httpx.AsyncClient, db: Database, change: str) -> None:
    assert await status(as_aiko) == 200
    async with db.transaction() as uow:
        await uow.run(f"update session set {change}".encode())
    assert await status(as_aiko) == 401


async def test_using_a_session_keeps_it_from_idling(as_aiko: httpx.AsyncClient, db: Database) -> None:
    async with db.transaction() as uow:
        await uow.run("update session set last_seen_at = now() - interval '2 hours'")
    assert await status(as_aiko) == 200
    async with db.transaction() as uow:
        assert await uow.value("select last_seen_at > now() - interval '1 minute' from session")


async def test_the_worker_forgets_sessions_whose_time_is_over_and_tells_their_streams(
    app: Litestar, as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    async with db.transaction() as uow:
        await uow.run("update session set expires_at = now() from app_user u where u.id = user_id and u.name = 'Aiko'")
    await jobs.end_stale_sessions(JobContext(db, settings, app.state["bus"], open_vault(settings)))
    async with db.transaction() as uow:
        assert await uow.value("select count(*) from session") == 1
        assert await uow.values("select type from event_log") == ["session.ended"]
    assert await status(as_bilal) == 200


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, False),
        ({"origin": "http://testserver"}, True),
        ({"origin": "https://testserver"}, True),
        ({"origin": "http://testserver:81"}, False),
        ({"origin": "http://testserver.evil.example"}, False),
        ({"origin": "null"}, False),
        ({}, True),
    ],
)
async def test_a_page_of_another_site_changes_nothing(
    app: Litestar, people: People, db: Database, headers: dict[str, str], allowed: bool
) -> None:
    async with client_of(app) as client:
        del client.headers["sec-fetch-site"]
        await sign_in(db, client, people.aiko)
        answer = await client.put("/api/v1/desk/preferences/theme", json="dark", headers=headers)
        assert answer.status_code == (204 if allowed else 403), answer.text
        if not allowed:
            assert answer.json()["type"] == "urn:ringdesk:problem:csrf"
        # Reading is harmless: without our permission the other page can't see the answer.
        assert (await client.get(SESSION, headers=headers)).status_code == 200


async def test_another_site_can_not_sign_somebody_in(client: httpx.AsyncClient, people: People) -> None:
    answer = await client.post(
        "/api/v1/auth/login", json={"email": "aiko@example.com", "password": PASSWORD}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403


async def test_over_https_the_cookie_is_for_https_only(db: Database, people: People, settings: Settings) -> None:
    import msgspec

    from ringdesk.web.app import create_app
    from tests.support.lifespan import running

    app = create_app(msgspec.structs.replace(settings, secure_cookies=True), db)
    async with running(app), client_of(app) as client:
        assert "secure" in (await log_in(client)).headers["set-cookie"].lower()


async def test_preferences_are_remembered_for_one_person(as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient) -> None:
    assert (await as_aiko.put("/api/v1/desk/preferences/layout", json={"left": 240, "open": ["journey"]})).status_code == 204
    assert (await as_aiko.put("/api/v1/desk/preferences/theme", json="dark")).status_code == 204
    assert (await as_aiko.put("/api/v1/desk/preferences/theme", content=b"null")).status_code == 204
    me = (await as_aiko.get(SESSION)).json()["user"]
    assert me["preferences"] == {"layout": {"left": 240, "open": ["journey"]}, "theme": None}
    assert (await as_bilal.get(SESSION)).json()["user"]["preferences"] == {}


@pytest.mark.parametrize(("key", "value", "field"), [("Theme", 1, "key"), ("a" * 65, 1, "key"), ("theme", "x" * 70_000, "value")])
async def test_a_preference_that_is_too_much_is_refused(as_aiko: httpx.AsyncClient, key: str, value: object, field: str) -> None:
    answer = await as_aiko.put(f"/api/v1/desk/preferences/{key}", json=value)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])
