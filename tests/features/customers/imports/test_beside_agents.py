"""Agents go on working while an import writes its batches (product.md 1.7)."""

import asyncio
from uuid import UUID

import httpx
import pytest

from ringdesk.features.customers.imports import batches, engine, settling
from ringdesk.features.customers.imports.schemas import ImportRow
from ringdesk.kit.db import UnitOfWork
from tests.features.customers.imports.conftest import Base

# A person waits so long for a screen at most; a batch that held what they need would take them longer.
PATIENCE_S = 5.0


async def test_an_edit_a_search_and_a_new_card_succeed_while_a_batch_is_written_and_are_kept(
    base: Base, as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "FIRST_BATCH_ROWS", 2)
    await base.bring("Name,Phone,City\nEva Ek,4001,Umeå\nBo Ek,4002,Umeå\n")
    bo = await base.card("Bo Ek")
    settle = settling.settle
    worked = 0

    async def settle_and_wait(uow: UnitOfWork, *rest: object) -> settling.Written:
        """The batch has written all that it writes, and has not committed when Aiko works."""
        nonlocal worked
        written = await settle(uow, *rest)  # pyright: ignore[reportArgumentType]  # passed on as they came
        if worked == 0:
            async with asyncio.timeout(PATIENCE_S):
                edited = await as_aiko.patch(f"/api/v1/customers/{bo.id}", json={"first_name": "Bosse"}, headers={"if-match": '"1"'})
                assert edited.status_code == 200, edited.text
                found = await as_aiko.get("/api/v1/customers", params={"q": "ek"})
                assert {one["first_name"] for one in found.json()["items"]} == {"Eva", "Bosse"}
                looked_up = await as_aiko.get("/api/v1/customers/lookup", params={"phone": "4001"})
                assert len(looked_up.json()["matches"]) == 1
                made = await as_aiko.post("/api/v1/customers", json={"first_name": "Ida", "phone_1": "4009"})
                assert made.status_code == 201, made.text
        worked += 1
        return written

    monkeypatch.setattr(settling, "settle", settle_and_wait)
    text = "Name,Phone,City\nEva Ek,4001,Luleå\nNew One,4003,Piteå\nBo Ek,4002,Boden\nNew Two,4004,Piteå\n"
    upload = {"file": ("people.csv", text.encode(), "text/csv")}
    begun = await as_sven.post("/api/v1/imports", files=upload, data={"key": "phone", "on_duplicate": "fill"})
    row: ImportRow | None = await engine.run(base.db, base.settings.data_dir, UUID(begun.json()["id"]))
    assert row is not None
    assert (row.state, row.created, row.updated, worked) == ("done", 2, 2, 2)
    cards = await base.cards()
    assert set(cards) == {"Eva Ek", "Bosse Ek", "Ida", "New One", "New Two"}
    assert cards["Bosse Ek"].addresses[0].city == "Umeå"
