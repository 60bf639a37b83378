"""Guessing passwords leads nowhere, and locks nobody out for good."""

import asyncio

import httpx
import pytest
from litestar import Litestar

from ringdesk.features.people import service
from ringdesk.kit.db import Database
from tests.conftest import client_of
from tests.support.people import PASSWORD, People

LOGIN = "/api/v1/auth/login"


async def attempt(client: httpx.AsyncClient, email: str, password: str) -> int:
    return (await client.post(LOGIN, json={"email": email, "password": password})).status_code


@pytest.mark.parametrize("email", ["aiko@example.com", "nobody@example.com"])
async def test_after_too_many_failures_even_the_right_password_is_refused_known_account_or_not(
    client: httpx.AsyncClient, people: People, email: str
) -> None:
    for _ in range(service.ATTEMPTS_PER_ACCOUNT):
        assert await attempt(client, email, "a wrong guess") == 401
    answer = await client.post(LOGIN, json={"email": email, "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= service.ATTEMPT_WINDOW_S + 1
    assert await attempt(client, "bilal@example.com", PASSWORD) == 200


async def test_the_account_opens_again_when_the_window_is_over(client: httpx.AsyncClient, people: People, db: Database) -> None:
    for _ in range(service.ATTEMPTS_PER_ACCOUNT + 1):
        await attempt(client, "aiko@example.com", "a wrong guess")
    async with db.transaction() as uow:
        await uow.run("update throttle set resets_at = now() - interval '1 second'")
    assert await attempt(client, "aiko@example.com", PASSWORD) == 200


async def test_a_success_forgives_the_failures_before_it(client: httpx.AsyncClient, people: People) -> None:
    for _ in range(3):
        for _ in range(service.ATTEMPTS_PER_ACCOUNT - 1):
            assert await attempt(client, "aiko@example.com", "a wrong guess") == 401
        assert await attempt(client, "aiko@example.com", PASSWORD) == 200


async def test_guesses_at_the_same_time_are_not_more_guesses(app: Litestar, people: People) -> None:
    async with client_of(app) as one, client_of(app) as other:
        statuses = await asyncio.gather(
            *(attempt(client, "aiko@example.com", f"guess {n}") for n in range(service.ATTEMPTS_PER_ACCOUNT) for client in (one, other))
        )
    assert sorted(statuses) == [401] * service.ATTEMPTS_PER_ACCOUNT + [429] * service.ATTEMPTS_PER_ACCOUNT


async def test_one_address_can_not_try_many_accounts(client: httpx.AsyncClient, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "ATTEMPTS_PER_ADDRESS", 5)
    statuses = [await attempt(client, f"person{n}@example.com", "a wrong guess") for n in range(7)]
    assert statuses == [401] * 5 + [429] * 2


async def test_colleagues_behind_one_address_do_not_lock_each_other_out(
    client: httpx.AsyncClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "ATTEMPTS_PER_ADDRESS", 3)
    assert [await attempt(client, "aiko@example.com", PASSWORD) for _ in range(6)] == [200] * 6
