"""The worker role looks at cards as they change, and misses none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from psycopg.errors import ForeignKeyViolation

from ringdesk.features.customers.duplicates import follow_changes, jobs, service
from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import Bus
from tests.features.customers.duplicates.test_api import ASA, create, of_card
from tests.support.eventually import eventually


@asynccontextmanager
async def following(db: Database) -> AsyncIterator[None]:
    """The worker's task, while the block runs."""
    bus = Bus(db)
    await bus.start()
    task = asyncio.create_task(follow_changes(db, bus))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await bus.stop()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "PAUSE_S", 0.01)


async def test_cards_that_changed_while_no_worker_ran_are_looked_at_when_one_begins(db: Database, as_aiko: httpx.AsyncClient) -> None:
    one, _ = await create(as_aiko, **ASA), await create(as_aiko, **ASA | {"last_name": "Bergh"})

    async def found() -> bool:
        return bool((await of_card(as_aiko, one))["items"])

    async with following(db):
        assert await eventually(found)


async def test_a_card_that_goes_while_it_is_looked_at_stops_nobody(
    db: Database, as_aiko: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine, went = service.look_at_changes, [ForeignKeyViolation("the card is gone"), None]

    async def look(db: Database) -> int | None:
        if went:
            # First the card goes, then another process is at it.
            problem = went.pop(0)
            if problem:
                raise problem
            return None
        return await genuine(db)

    monkeypatch.setattr(service, "look_at_changes", look)
    one, _ = await create(as_aiko, **ASA), await create(as_aiko, **ASA | {"last_name": "Bergh"})

    async def found() -> bool:
        return bool((await of_card(as_aiko, one))["items"])

    async with following(db):
        assert await eventually(found)
    assert went == []
