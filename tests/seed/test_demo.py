"""What `ringdesk demo` finds prepared, and that its calls are shown by the call state machine alone."""

import asyncio
import stat
from collections.abc import Sequence
from pathlib import Path
from random import Random

import httpx
import pytest

from ringdesk.connectors.simulator import Caller, Callers, Extensions, Simulator
from ringdesk.features.telephony import Telephony
from ringdesk.features.telephony.facts import Fact
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings
from ringdesk.seed.demo import SignIn
from ringdesk.seed.demo import prepare as prepare_all
from tests.support.eventually import eventually

# Enough for every test but the one of the number itself; what is filled is the same, only sooner.
CUSTOMERS = 150


async def prepare(db: Database, settings: Settings) -> list[SignIn]:
    """The demo with fewer customers."""
    return await prepare_all(db, settings, customers=CUSTOMERS)


@pytest.fixture
def demo_settings(tmp_path: Path) -> Settings:
    """The settings of a fresh installation."""
    return Settings(data_dir=tmp_path / "data")


async def _count(db: Database, table: str) -> int:
    async with db.transaction() as uow:
        return int(await uow.value(f"select count(*) from {table}".encode()))


async def test_an_empty_installation_is_filled_once(db: Database, demo_settings: Settings) -> None:
    tables = ("customer", "interaction", "activity", "app_user", "telephony_connection")
    await prepare_all(db, demo_settings)
    filled = [await _count(db, table) for table in tables]
    assert filled[0] == 2000
    assert filled[1] > 5000
    await prepare_all(db, demo_settings)
    assert [await _count(db, table) for table in tables] == filled


async def test_two_starts_at_once_fill_once(db: Database, demo_settings: Settings) -> None:
    await asyncio.gather(prepare(db, demo_settings), prepare(db, demo_settings))
    assert await _count(db, "customer") == CUSTOMERS


async def test_everybody_who_is_told_a_password_can_sign_in(db: Database, demo_settings: Settings, client: httpx.AsyncClient) -> None:
    sign_ins = await prepare(db, demo_settings)
    assert [who.name.split()[0] for who in sign_ins] == ["Ada", "Sven", "Aiko", "Bilal"]
    for who in sign_ins:
        answer = await client.post("/api/v1/auth/login", json={"email": who.email, "password": who.password})
        assert answer.status_code == 200, answer.text
        assert answer.json()["user"]["extension"] == who.extension


async def test_the_passwords_of_an_installation_stay_and_are_nobody_elses(db: Database, demo_settings: Settings, tmp_path: Path) -> None:
    first = await prepare(db, demo_settings)
    assert await prepare(db, demo_settings) == first
    kept = demo_settings.data_dir / "demo-sign-ins.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    elsewhere = await prepare(db, Settings(data_dir=tmp_path / "elsewhere"))
    assert not {who.password for who in first} & {who.password for who in elsewhere}


async def test_a_database_that_outlived_its_data_directory_gets_new_passwords(
    db: Database, demo_settings: Settings, tmp_path: Path, client: httpx.AsyncClient
) -> None:
    await prepare(db, demo_settings)
    aiko = _of(await prepare(db, Settings(data_dir=tmp_path / "new")), "Aiko")
    answer = await client.post("/api/v1/auth/login", json={"email": aiko.email, "password": aiko.password})
    assert answer.status_code == 200


async def test_customers_who_were_there_before_stay_alone(db: Database, demo_settings: Settings) -> None:
    async with db.transaction() as uow:
        await uow.run("insert into customer (id, display_name, sort_name) values (gen_random_uuid(), 'Maja', 'maja')")
    await prepare(db, demo_settings)
    assert await _count(db, "customer") == 1


async def test_the_list_and_a_journey_of_the_demo_are_served(db: Database, demo_settings: Settings, client: httpx.AsyncClient) -> None:
    aiko = _of(await prepare(db, demo_settings), "Aiko")
    await client.post("/api/v1/auth/login", json={"email": aiko.email, "password": aiko.password})
    page = (await client.get("/api/v1/customers", params={"sort": "-last_contact_at", "page_size": 5})).json()
    assert page["total"] == CUSTOMERS
    customer = page["items"][0]
    journey = (await client.get(f"/api/v1/customers/{customer['id']}/journey")).json()
    assert journey["items"][0]["started_at"] == customer["last_contact"]["at"]
    assert journey["items"][0]["activities"]


async def _play(db: Database, seconds: float = 3.0) -> list[Fact]:
    """Let the simulator call Aiko's extension, fifty times faster than people talk; the facts that it told."""
    told: list[Fact] = []
    telephony = Telephony(db, region="GB")

    async def extensions() -> Extensions:
        return Extensions(["1001"], ["1003"])

    async def callers() -> Callers:
        return Callers(known=[Caller("+442079460123")], unknown=[Caller("+442079460881", "Brandon")], shared=[])

    async def emit(facts: Sequence[Fact]) -> None:
        told.extend(facts)
        await telephony.take(facts)

    simulator = Simulator("simulator", extensions=extensions, callers=callers, speed=50, random=Random(3))
    running = asyncio.create_task(simulator.run(emit))
    await eventually(lambda: len(told) > 20, within=seconds * 10)
    await simulator.stop()
    await running
    return told


async def test_the_calls_of_the_demo_are_stored_as_calls(db: Database, demo_settings: Settings) -> None:
    await prepare(db, demo_settings)
    before = await _count(db, "interaction")
    await _play(db)
    assert await _count(db, "interaction") > before
    assert await _count(db, "call") > 0


async def test_with_the_call_state_machine_switched_off_the_demo_shows_no_call(
    db: Database, demo_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await prepare(db, demo_settings)
    before = await _count(db, "interaction")

    async def nothing(*_: object) -> list[object]:
        return []

    monkeypatch.setattr(Telephony, "take", nothing)
    assert len(await _play(db)) > 20
    assert await _count(db, "interaction") == before
    assert await _count(db, "call") == 0
    assert await _count(db, "desk_call") == 0


def _of(sign_ins: list[SignIn], name: str) -> SignIn:
    return next(who for who in sign_ins if who.name.startswith(name))
