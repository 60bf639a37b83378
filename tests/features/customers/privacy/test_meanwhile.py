"""What goes on while a customer is erased doesn't bring that customer back (product.md 1.9)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from ringdesk.features.customers.imports import batches, engine, erasures, undoing
from ringdesk.features.customers.imports.schemas import ImportRow
from ringdesk.features.customers.privacy import searching
from ringdesk.features.interactions.push import service as push
from ringdesk.features.interactions.push.schemas import PushedActivity, PushedInteraction
from ringdesk.features.people import Actor
from ringdesk.kit import clock
from ringdesk.kit.db import Database
from ringdesk.kit.sealed import MASK
from ringdesk.kit.settings import Settings
from tests.support.eventually import eventually
from tests.support.everywhere import found_anywhere

IMPORTS = "/api/v1/imports"
MARKERS = ["Zqmarker", "2079460981", "zq.marker@example.com"]
# Two rows of others, then five about the customer: by the number, the address, the shared number and the name, what is refused, the id.
FILE = """Name,Phone,E-mail,ID
Eva Ek,4001,,
Bo Ek,4002,,
Zqmarker One,+44 20 7946 0981,,
Zqmarker Two,,ZQ.marker@example.com,
Edward Zqmarker,4009,,
Zqmarker Four,call me,zq.marker@example.com,
Zqmarker Five,4003,,Zqmarker-7
Eva Ferrars,4009,,
"""


async def ok(answer: httpx.Response) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


async def edward(aiko: httpx.AsyncClient) -> Any:
    """A customer with a number, an address and an id of his own, and a number that his household shares."""
    await ok(await aiko.post("/api/v1/customers", json={"first_name": "Fanny", "last_name": "Ferrars", "phone_1": "4009"}))
    card = {"first_name": "Edward", "last_name": "Zqmarker", "phone_1": "020 7946 0981", "phone_2": "4009"}
    return await ok(await aiko.post("/api/v1/customers", json={**card, "email": "zq.marker@example.com", "external_id": "Zqmarker-7"}))


async def erased(ada: httpx.AsyncClient, card: Any) -> Any:
    asked = {"reason": "Asked for by letter", "confirm": card["number"]}
    return await ok(await ada.post(f"/api/v1/customers/{card['id']}/erase", json=asked))


async def uploaded(sven: httpx.AsyncClient, text: str, **choices: str) -> UUID:
    answer = await ok(await sven.post(IMPORTS, files={"file": ("people.csv", text.encode(), "text/csv")}, data=choices))
    return UUID(answer["id"])


@pytest.mark.parametrize("choices", [{}, {"key": "phone", "on_duplicate": "update"}, {"key": "external_id", "on_duplicate": "replace"}])
async def test_an_import_that_was_begun_before_leaves_the_customer_out(
    as_ada: httpx.AsyncClient,
    as_sven: httpx.AsyncClient,
    as_aiko: httpx.AsyncClient,
    db: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    choices: dict[str, str],
) -> None:
    monkeypatch.setattr(batches, "FIRST_BATCH_ROWS", 2)
    monkeypatch.setattr(batches, "BATCH_ROWS", 2)
    card = await edward(as_aiko)
    import_id = await uploaded(as_sven, FILE, **choices)
    stone: Any = None

    async def erase_after_the_first() -> None:
        nonlocal stone
        stone = await erased(as_ada, card)
        # Who searches meanwhile finds the import still at it, and looks into its files later.
        await searching.run(db, settings.data_dir, UUID(stone["id"]))
        assert (await ok(await as_ada.get(f"/api/v1/customer-erasures/{stone['id']}")))["finished_at"] is None

    row = await run_step_by_step(db, settings, import_id, erase_after_the_first)
    assert row.state == "done"
    assert row.read == row.created + row.updated + row.ignored + row.refused == 8
    assert row.refused == 5
    refused = (await as_sven.get(f"{IMPORTS}/{import_id}/refused.csv")).text
    assert refused.count(f"{MASK},{MASK},{MASK},{MASK},") == 5
    assert "This customer was erased while the import was under way" in refused
    names = {one["display_name"] for one in (await ok(await as_aiko.get("/api/v1/customers")))["items"]}
    assert names == {"Eva Ek", "Bo Ek", "Fanny Ferrars", "Eva Ferrars"} - ({"Fanny Ferrars"} if choices.get("key") == "phone" else set())
    await searching.run(db, settings.data_dir, UUID(stone["id"]))
    assert (await ok(await as_ada.get(f"/api/v1/customer-erasures/{stone['id']}")))["finished_at"]
    async with db.transaction() as uow:
        assert await found_anywhere(uow, MARKERS) == []
        assert await uow.value("select count(*) from customer_erasure_trace") == 0


async def run_step_by_step(db: Database, settings: Settings, import_id: UUID, after_first: Callable[[], Awaitable[None]]) -> ImportRow:
    """Carry an import out in two runs: it is stopped after its first batch, as a killed process is, and gone on with."""

    class KilledError(Exception):
        pass

    def watch(row: ImportRow) -> None:
        raise KilledError

    with pytest.raises(KilledError):
        await engine.run(db, settings.data_dir, import_id, watch=watch)
    await after_first()
    done = await engine.run(db, settings.data_dir, import_id)
    assert done is not None
    return done


async def test_an_import_and_an_erasure_at_the_same_time(
    as_ada: httpx.AsyncClient,
    as_sven: httpx.AsyncClient,
    as_aiko: httpx.AsyncClient,
    db: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "FIRST_BATCH_ROWS", 2)
    monkeypatch.setattr(batches, "BATCH_ROWS", 1)
    card = await edward(as_aiko)
    import_id = await uploaded(as_sven, FILE, key="email", on_duplicate="update")
    running: list[asyncio.Task[Any]] = []

    def watch(row: ImportRow) -> None:
        if not running:
            running.append(asyncio.get_running_loop().create_task(erased(as_ada, card)))

    row = await engine.run(db, settings.data_dir, import_id, watch=watch)
    assert row is not None
    assert row.state == "done"
    stone = await running[0]
    await searching.run(db, settings.data_dir, UUID(stone["id"]))
    async with db.transaction() as uow:
        assert await uow.value("select count(*) from customer_identity where normalised = '+442079460981'") == 0
        left = [table for table, _ in await found_anywhere(uow, ["zq.marker@example.com", "2079460981"])]
    # Rows that the import had made customers of before the erasure began are customers of their own.
    assert set(left) <= {"customer", "customer_identity"}


async def test_an_erasure_waits_for_the_batch_that_is_being_written(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, db: Database
) -> None:
    card = await edward(as_aiko)
    async with db.transaction() as batch:
        assert await erasures.since(batch, clock.now()) == []
        task = asyncio.create_task(erased(as_ada, card))
        await eventually(lambda: waiting(db))
        assert not task.done()
    assert (await task)["number"] == card["number"]


async def waiting(db: Database) -> bool:
    """Whether somebody waits for a lock in this database."""
    query = "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"
    async with db.transaction() as uow:
        return bool(await uow.value(query))


async def test_the_undo_of_an_import_gives_nobody_back(
    as_ada: httpx.AsyncClient,
    as_sven: httpx.AsyncClient,
    as_aiko: httpx.AsyncClient,
    db: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(undoing, "BITE", 1)
    card = await edward(as_aiko)
    text = "Name,E-mail,City\nEd Ferrars,zq.marker@example.com,Umeå\nEva Ek,eva@example.com,Umeå\n"
    import_id = await uploaded(as_sven, text, key="email", on_duplicate="update")
    await engine.run(db, settings.data_dir, import_id)
    await ok(await as_sven.post(f"{IMPORTS}/{import_id}/undo"))
    stone = await erased(as_ada, card)
    await searching.run(db, settings.data_dir, UUID(stone["id"]))
    row = await engine.run(db, settings.data_dir, import_id)
    assert row is not None
    assert row.undo
    assert (row.state, row.undo.restored, row.undo.removed) == ("undone", 0, 1)
    await searching.run(db, settings.data_dir, UUID(stone["id"]))
    async with db.transaction() as uow:
        assert await found_anywhere(uow, MARKERS) == []


async def test_a_file_that_was_not_imported_yet_is_gone_and_the_import_says_what_to_do(
    as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    card = await edward(as_aiko)
    import_id = await uploaded(as_sven, FILE, start="false")
    stone = await erased(as_ada, card)
    await searching.run(db, settings.data_dir, UUID(stone["id"]))
    refused = await as_sven.post(f"{IMPORTS}/{import_id}/start")
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith("The file of this import is no longer there")


async def test_a_push_that_was_being_stored_is_erased_with_the_customer(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    card = await edward(as_aiko)
    at = clock.now() - timedelta(minutes=5)
    told = PushedInteraction(
        source="crm",
        external_id="Zqmarker-push",
        channel="email",
        started_at=at,
        ended_at=at + timedelta(minutes=1),
        address="zq.marker@example.com",
        name="Edward Zqmarker",
        activities=[PushedActivity(external_id="1", kind="message", started_at=at, text="Zqmarker wrote")],
    )
    program = Actor(id=None, name="CRM", kind="key", rights=frozenset())
    async with db.transaction() as uow:
        pushed = await push._store(uow, program, told, "GB")
        assert str(pushed.customer_id) == card["id"]
        task = asyncio.create_task(erased(as_ada, card))
        await eventually(lambda: waiting(db))
    stone = await task
    assert stone["counts"]["interaction"] == 1
    await searching.run(db, settings.data_dir, UUID(stone["id"]))
    async with db.transaction() as uow:
        assert await found_anywhere(uow, MARKERS) == []
