"""Fields of administrators are filled from files as those of the system are (product.md 1.7)."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import structs

from ringdesk.features.customers.imports import engine, service
from ringdesk.features.customers.imports.errors import BadMapping
from ringdesk.features.customers.imports.schemas import ImportRow
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings
from tests.features.customers.imports.test_engine import import_file, refused_rows

ATTRIBUTES = "/api/v1/customer-attributes"


async def define(ada: httpx.AsyncClient, label: str, kind: str, **more: Any) -> dict[str, Any]:
    options = {"options": more.pop("options")} if "options" in more else {}
    answer = await ada.post(ATTRIBUTES, json={"label": label, "type": {"type": kind} | options} | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def write(folder: Path, text: str) -> Path:
    path = folder / "customers.csv"
    path.write_text(text, encoding="utf-8")
    return path


async def stored(client: httpx.AsyncClient, name: str) -> dict[str, Any]:
    [found] = (await client.get("/api/v1/customers", params={"q": name})).json()["items"]
    return (await client.get(f"/api/v1/customers/{found['id']}")).json()


async def test_values_of_every_kind_are_checked_and_kept(
    as_ada: httpx.AsyncClient, db: Database, settings: Settings, tmp_path: Path
) -> None:
    await define(as_ada, "Contract", "choice", options=["Gold", "Silver"])
    await define(as_ada, "Seats", "integer")
    await define(as_ada, "Interests", "multiple_choice", options=["Chess", "Sailing"])
    await define(as_ada, "Remarks", "long_text")
    path = write(
        tmp_path,
        "Name,Contract,Seats,INTERESTS,Remarks\n"
        'Emma Woodhouse,gold,12,sailing; chess,"He said ""no"", then \\ left"\n'
        "Jane Fairfax,Bronze,many,,\n"
        "Harriet Smith,,,,\n",
    )
    row = await import_file(db, settings, path)
    assert row.mapping == {
        "Name": "name",
        "Contract": "attributes.contract",
        "Seats": "attributes.seats",
        "INTERESTS": "attributes.interests",
        "Remarks": "attributes.remarks",
    }
    assert (row.created, row.refused) == (2, 1)
    [refused] = refused_rows(settings, row.id)
    assert "Contract “Bronze”: Choose one of: Gold, Silver." in refused["reason"]
    assert "Seats “many”: Write a whole number" in refused["reason"]
    assert (await stored(as_ada, "Woodhouse"))["attributes"] == {
        "contract": "Gold",
        "seats": 12,
        "interests": ["Chess", "Sailing"],
        "remarks": 'He said "no", then \\ left',
    }
    assert (await stored(as_ada, "Harriet"))["attributes"] == {}


async def test_a_number_in_one_is_an_identity(as_ada: httpx.AsyncClient, db: Database, settings: Settings, tmp_path: Path) -> None:
    await define(as_ada, "Second home", "phone")
    path = write(tmp_path, "Name,Phone,Second home\nEmma,020 7946 0001,020 7946 0958\nJane,020 7946 0002,020 7946 0002\n")
    await import_file(db, settings, path)
    emma, jane = await stored(as_ada, "Emma"), await stored(as_ada, "Jane")
    assert [(one["normalised"], one["attribute"]) for one in emma["identities"]] == [
        ("+442079460001", None),
        ("+442079460958", "second_home"),
    ]
    assert [(one["normalised"], one["attribute"]) for one in jane["identities"]] == [("+442079460002", None)]
    found = (await as_ada.get("/api/v1/customers/lookup", params={"phone": "020 7946 0958"})).json()["matches"]
    assert [match["customer"]["id"] for match in found] == [emma["id"]]


async def test_a_required_one_needs_a_column_and_a_value(
    as_ada: httpx.AsyncClient, db: Database, settings: Settings, tmp_path: Path
) -> None:
    await define(as_ada, "Segment", "text", required=True)
    with pytest.raises(BadMapping, match=r"Every new customer needs “Segment”"):
        await import_file(db, settings, write(tmp_path, "Name\nEmma\n"))
    row = await import_file(db, settings, write(tmp_path, "Name,Segment\nEmma,Retail\nJane,\n,\n"))
    assert (row.created, row.refused, row.ignored) == (1, 1, 1)
    assert [one["reason"] for one in refused_rows(settings, row.id)] == ["“Segment” is needed."]


async def test_a_hidden_one_is_no_target(as_ada: httpx.AsyncClient, db: Database, settings: Settings, tmp_path: Path) -> None:
    field = await define(as_ada, "Segment", "text")
    await as_ada.delete(f"{ATTRIBUTES}/{field['id']}")
    row = await import_file(db, settings, write(tmp_path, "Name,Segment\nEmma,Retail\n"))
    assert row.mapping == {"Name": "name"}


async def test_an_import_whose_fields_change_under_way_stops_and_goes_on_with_the_new_ones(
    as_ada: httpx.AsyncClient, db: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = await define(as_ada, "Seats", "text")
    monkeypatch.setattr("ringdesk.features.customers.imports.batches.BATCH_ROWS", 10)
    path = write(tmp_path, "Name,Seats\n" + "".join(f"Emma {n},{n}\n" for n in range(30)))
    begun = await service.register_file(db, settings, path, user_name="Ada")
    reads: list[int] = []
    before = engine.shown_attributes

    async def changed_after_the_first_batch(uow: Any) -> Any:
        found = await before(uow)
        if reads and reads[-1] == 10:
            found = [structs.replace(found[0], label="Places")]
        return found

    def watch(row: ImportRow) -> None:
        reads.append(row.read)

    monkeypatch.setattr(engine, "shown_attributes", changed_after_the_first_batch)
    stopped = await engine.run(db, settings.data_dir, begun.id, watch=watch)
    assert stopped is not None
    assert (stopped.state, stopped.read) == ("failed", 10)
    assert "changed the fields of the card" in (stopped.detail or "")
    monkeypatch.setattr(engine, "shown_attributes", before)
    await as_ada.patch(f"{ATTRIBUTES}/{field['id']}", json={"type": {"type": "integer"}})
    again = await as_ada.post(f"/api/v1/imports/{begun.id}/start")
    assert again.status_code == 200, again.text
    ended = await engine.run(db, settings.data_dir, begun.id)
    assert ended is not None
    assert (ended.state, ended.read, ended.created) == ("done", 30, 30)
    assert (await stored(as_ada, "Emma 29"))["attributes"] == {"seats": 29}
