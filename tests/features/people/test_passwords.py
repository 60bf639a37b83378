"""Password hashes, and where requests come from."""

import httpx
import pytest
from argon2 import PasswordHasher

from ringdesk.features.people import passwords
from ringdesk.features.people.addresses import client_address
from ringdesk.kit.db import Database
from tests.support.people import PASSWORD, People


async def test_a_hash_fits_its_password_only() -> None:
    stored = await passwords.hash_in_thread("山田 and the tide")
    assert stored.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert await passwords.fits("山田 and the tide", stored)
    assert not await passwords.fits("山田 and the time", stored)
    assert not await passwords.fits("anything", None)
    assert not await passwords.fits("anything", "no hash at all")


async def test_a_hash_of_older_parameters_is_renewed_at_the_next_sign_in(client: httpx.AsyncClient, people: People, db: Database) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    async with db.transaction() as uow:
        await uow.run("update app_user set password_hash = %s where id = %s", [weak, people.aiko.id])
    answer = await client.post("/api/v1/auth/login", json={"email": "aiko@example.com", "password": PASSWORD})
    assert answer.status_code == 200
    async with db.transaction() as uow:
        assert not passwords.outdated(await uow.value("select password_hash from app_user where id = %s", [people.aiko.id]))


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        (None, 0, "10.0.0.9"),
        ("6.6.6.6", 0, "10.0.0.9"),
        ("6.6.6.6", 1, "6.6.6.6"),
        ("1.1.1.1, 6.6.6.6", 1, "6.6.6.6"),
        ("1.1.1.1, 6.6.6.6, 10.0.0.8", 2, "6.6.6.6"),
        (None, 1, "10.0.0.9"),
    ],
)
def test_only_as_many_proxies_are_believed_as_there_are(forwarded: str | None, proxies: int, address: str) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert client_address({"client": ("10.0.0.9", 4000), "headers": headers}, trusted_proxies=proxies) == address
