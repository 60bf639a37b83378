"""Sensitive attributes in files: sealed as they are read, masked in what is shown and refused, a key like any other."""

import json
from typing import Any
from uuid import UUID

import httpx

from ringdesk.features.customers.imports import engine
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
