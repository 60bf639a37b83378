"""Sensitive attributes in files: sealed as they are read, masked in what is shown and refused, a key like any other."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from ringdesk.features.customers.imports import batches, engine
from ringdesk.features.customers.imports.schemas import ImportRow
from ringdesk.features.customers.privacy import conversion
from ringdesk.kit.db import Database
from ringdesk.kit.sealed import MASK
from ringdesk.kit.settings import Settings
from tests.support.everywhere import found_anywhere

IMPORTS = "/api/v1/imports"


async def imported(client: httpx.AsyncClient, db: Database, settings: Settings, text: str, **choices: str) -> dict[str, Any]:
    """An import carried out."""
    answer = await client.post(IMPORTS, files={"file": ("people.csv", text.encode(), "text/csv")}, data=choices)
    assert answer.status_code < 300, answer.text
    if choices.get("start") == "false":
        return answer.json()
    await engine.run(db, settings.data_dir, UUID(answer.json()["id"]))
    return (await client.get(f"{IMPORTS}/{answer.json()['id']}")).json()


async def test_a_file_fills_a_sensitive_field_and_recognises_by_it(
    as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    made = {"label": "Member", "type": {"type": "alphanumeric_15"}, "privacy": "sensitive"}
    await as_ada.post("/api/v1/customer-attributes", json=made)
    first = await imported(as_sven, db, settings, "first_name,Member\nEdward,SECRET1\nEva,SECRET2\n")
    assert (first["created"], first["refused"]) == (2, 0)
    choices = {"key": "attributes.member", "on_duplicate": "update"}
    # A mask is no value, an invalid one is not repeated to anybody, and the same again changes nothing.
    rows = f"first_name,last_name,Member\nEdward,Ferrars,SECRET1\nAnne,,{MASK}\nKate,,SECRET-not-alphanumeric!\n"
    second = await imported(as_sven, db, settings, rows, **choices)
    assert (second["created"], second["updated"], second["refused"]) == (0, 1, 2)
    refused = (await as_sven.get(f"{IMPORTS}/{second['id']}/refused.csv")).text
    assert "SECRET" not in refused
    assert f"Kate,,{MASK}" in refused
    same = await imported(as_sven, db, settings, rows.splitlines()[0] + "\nEdward,Ferrars,SECRET1\n", **choices)
    assert same["updated"] == 1
    [edward] = (await as_sven.get("/api/v1/customers", params={"attributes.member.eq": "SECRET1"})).json()["items"]
    assert (edward["last_name"], edward["attributes"], edward["version"]) == ("Ferrars", {"member": MASK}, 2)
    kept = await imported(as_sven, db, settings, "first_name,Member\nEd,SECRET3\n", start="false")
    assert kept["sample"] == [["Ed", MASK]]
    undone = await as_sven.post(f"{IMPORTS}/{second['id']}/undo")
    assert undone.status_code == 200
    await engine.run(db, settings.data_dir, UUID(second["id"]))
    [edward] = (await as_sven.get("/api/v1/customers", params={"attributes.member.eq": "SECRET1"})).json()["items"]
    assert edward["last_name"] == ""
    async with db.transaction() as uow:
        assert await found_anywhere(uow, ["SECRET"]) == []


async def test_a_view_and_a_trail_keep_no_value_that_was_searched_for(as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient) -> None:
    await as_ada.post("/api/v1/customer-attributes", json={"label": "Member", "type": {"type": "text"}, "privacy": "sensitive"})
    view = {"list": "customers", "name": "Mine", "query": "attributes.member.eq=SECRET1"}
    refused = await as_sven.post("/api/v1/views", json=view)
    assert [(one["field"], one["code"]) for one in refused.json()["errors"]] == [("query", "sensitive")]
    assert (await as_sven.post("/api/v1/views", json={**view, "query": "attributes.member.empty=true"})).status_code == 201
    await as_sven.get("/api/v1/customers/export.csv", params={"columns": "first_name", "attributes.member.eq": "SECRET1"})
    trail = (await as_ada.get("/api/v1/audit", params={"action.eq": "customers.exported"})).json()["items"]
    assert trail[0]["after"]["query"] == {"attributes.member.eq": MASK}
    assert "SECRET1" not in json.dumps(trail)


ROWS = "first_name,Member,Phone\nEdward,SECRET1,4001\nEva,SECRET2,call me\nKate,=SECRET-3;not alphanumeric,4003\nBo,SECRET4,4004\n"


def in_clear(settings: Settings, *made: dict[str, Any]) -> list[str]:
    """Those of these imports with a file in which a value stands."""
    files = [path for path in Path(settings.data_dir / "uploads").iterdir() if b"SECRET" in path.read_bytes()]
    return [one["id"] for one in made if any(path.name.startswith(one["id"]) for path in files)]


async def test_a_field_that_becomes_sensitive_takes_its_values_out_of_the_files_of_imports(
    as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = (await as_ada.post("/api/v1/customer-attributes", json={"label": "Member", "type": {"type": "alphanumeric_15"}})).json()
    done = await imported(as_sven, db, settings, ROWS)
    assert (done["created"], done["refused"]) == (2, 2)
    waiting = await imported(as_sven, db, settings, ROWS, start="false")
    other = await imported(as_sven, db, settings, "first_name\nAnne\n", start="false")
    monkeypatch.setattr(batches, "FIRST_BATCH_ROWS", 1)

    class KilledError(Exception):
        """A process that dies leaves its import under way."""

    def die(row: ImportRow) -> None:
        raise KilledError

    half, stopped = [await imported(as_sven, db, settings, ROWS, start="false") for _ in range(2)]
    for one in (half, stopped):
        await as_sven.post(f"{IMPORTS}/{one['id']}/start")
        with pytest.raises(KilledError):
            await engine.run(db, settings.data_dir, UUID(one["id"]), watch=die)
    await as_sven.post(f"{IMPORTS}/{stopped['id']}/cancel")
    await as_ada.patch(f"/api/v1/customer-attributes/{made['id']}", json={"privacy": "sensitive"})
    late = await imported(as_sven, db, settings, ROWS, start="false")
    await conversion.run(db, settings.data_dir, UUID(made["id"]), region="GB")
    # The import that is under way is waited for.
    assert (await as_ada.get("/api/v1/customer-attributes")).json()["items"][0]["conversion"]["state"] == "running"
    all_of_them = (done, waiting, other, half, stopped, late)
    assert in_clear(settings, *all_of_them) == [half["id"], late["id"]]
    refused = (await as_sven.get(f"{IMPORTS}/{done['id']}/refused.csv")).text
    assert f"Eva,{MASK},call me,3," in refused
    assert f"Kate,{MASK},4003,4,Member “{MASK}”:" in refused
    gone = (await as_sven.get(f"{IMPORTS}/{waiting['id']}")).json()
    assert (gone["state"], gone["sample"]) == ("cancelled", [])
    assert gone["detail"].endswith("was removed. Upload it again.")
    assert (await as_sven.post(f"{IMPORTS}/{waiting['id']}/start")).status_code == 409

    assert "1 of its rows are dealt with: undo this import first" in (await as_sven.get(f"{IMPORTS}/{stopped['id']}")).json()["detail"]

    gone_on = await engine.run(db, settings.data_dir, UUID(half["id"]))
    assert gone_on is not None
    assert (gone_on.state, gone_on.created, gone_on.refused) == ("done", 2, 2)
    await conversion.run(db, settings.data_dir, UUID(made["id"]), region="GB")
    assert (await as_ada.get("/api/v1/customer-attributes")).json()["items"][0]["conversion"]["state"] == "none"
    assert in_clear(settings, *all_of_them) == [late["id"]]
    # What has no such column, and what came after it, goes on.
    for one, names in ((other, 1), (late, 2)):
        await as_sven.post(f"{IMPORTS}/{one['id']}/start")
        row = await engine.run(db, settings.data_dir, UUID(one["id"]))
        assert row is not None
        assert (row.state, row.created) == ("done", names)
    assert in_clear(settings, *all_of_them) == []
