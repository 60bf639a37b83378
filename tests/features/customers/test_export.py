"""The list as a CSV file: what is on the screen, harmless in a spreadsheet, and readable by our own import (product.md 1.6)."""

import csv
import io
from pathlib import Path
from typing import Any

import httpx
import pytest

from ringdesk.features.customers.attributes import service as attributes
from ringdesk.features.customers.imports import batches, mapping
from ringdesk.features.customers.imports.reading import records
from ringdesk.features.customers.imports.rows import RowReader
from ringdesk.kit.db import Database
from tests.support.people import People

EXPORT = "/api/v1/customers/export.csv"
CUSTOMERS = "/api/v1/customers"
assert batches
CARDS: list[dict[str, Any]] = [
    {"first_name": "Åsa", "last_name": "Öberg", "phone_1": "+44 20 7946 0958", "email": "asa@example.com", "addresses": [{"city": "Umeå"}]},
    {"first_name": "太郎", "last_name": "山田", "phone_2": "020 7946 0001", "preferred_language": "ja"},
    {"kind": "company", "company_name": '=HYPERLINK("http://evil.example";"Bank")', "external_id": "-7+1"},
    {"first_name": "@SUM(A1)", "last_name": 'comma, and “quote" here', "consent": {"email": True}},
]
VALUES = {"tier": "Gold", "tags": ["Red", "Blue"], "points": -5, "price": "12.5", "since": "2024-02-29", "vip": True, "talk": 3900}
TYPES = {
    "tier": {"type": "choice", "options": ["Gold", "Silver"]},
    "tags": {"type": "multiple_choice", "options": ["Red", "Green", "Blue"]},
    "points": {"type": "integer"},
    "price": {"type": "decimal"},
    "since": {"type": "date"},
    "vip": {"type": "bool"},
    "talk": {"type": "duration"},
    "note": {"type": "text"},
}


@pytest.fixture
async def cards(as_ada: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Four cards, one of them with every kind of attribute."""
    for key, kind in TYPES.items():
        assert (await as_ada.post("/api/v1/customer-attributes", json={"label": key, "key": key, "type": kind})).status_code == 201
    made: list[dict[str, Any]] = []
    for number, card in enumerate(CARDS):
        more = {"attributes": VALUES if number == 0 else {"note": "+cmd|' /C calc'!A0"}} if number < 2 else {}
        answer = await as_ada.post(CUSTOMERS, json=card | more)
        assert answer.status_code == 201, answer.text
        made.append(answer.json())
    return made


async def exported(client: httpx.AsyncClient, **asked: Any) -> list[list[str]]:
    answer = await client.get(EXPORT, params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="customers-' in answer.headers["content-disposition"]
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_has_the_columns_order_and_filters_of_the_screen(as_sven: httpx.AsyncClient, cards: list[dict[str, Any]]) -> None:
    rows = await exported(as_sven, columns="last_name,first_name,city", sort="-last_name", **{"kind.eq": "person"})
    assert rows == [
        ["last_name", "first_name", "city"],
        ["山田", "太郎", ""],
        ["Öberg", "Åsa", "Umeå"],
        ['comma, and “quote" here', "'@SUM(A1)", ""],
    ]
    assert len(await exported(as_sven, columns="number", q="öberg")) == 2


async def test_lets_no_cell_be_a_formula(as_sven: httpx.AsyncClient, cards: list[dict[str, Any]]) -> None:
    rows = await exported(as_sven, columns="company_name,first_name,external_id,attributes.note,phone_1")
    cells = {cell for row in rows[1:] for cell in row if cell}
    assert {cell for cell in cells if cell[0] in "=+-@"} == {"+44 20 7946 0958"}
    assert '\'=HYPERLINK("http://evil.example";"Bank")' in cells


async def test_is_read_back_by_the_import_to_the_same_values(
    db: Database, as_sven: httpx.AsyncClient, cards: list[dict[str, Any]], tmp_path: Path
) -> None:
    columns = ["kind", "first_name", "last_name", "company_name", "phone_1", "phone_2", "email", "preferred_language", "external_id"]
    columns += ["city", "number", "created_at", *(f"attributes.{key}" for key in TYPES)]
    answer = await as_sven.get(EXPORT, params={"columns": ",".join(columns), "sort": "number"})
    file = tmp_path / "customers.csv"
    file.write_bytes(answer.content)
    async with db.transaction() as uow:
        known = list((await attributes.definitions(uow)).values())
    rows = list(records(file, "utf-8-sig", ","))
    guessed = mapping.guess(rows[0].cells, known)
    # Every column is known by its heading, but what an import can't set.
    assert set(rows[0].cells) - set(guessed) == {"ringdesk_number", "created_at"}
    reader = RowReader(rows[0].cells, guessed, "GB", known)
    for row, card in zip(rows[1:], cards, strict=True):
        draft = reader.draft(row.cells)
        assert {
            name: getattr(draft, name) for name in ("kind", "first_name", "last_name", "company_name", "external_id", "attributes")
        } == {name: card[name] for name in ("kind", "first_name", "last_name", "company_name", "external_id", "attributes")}
        assert {slot: reach.raw for slot, reach in draft.phones.items()} == {
            slot: card[f"phone_{slot}"] for slot in (1, 2) if card[f"phone_{slot}"]
        }
        assert (draft.email.raw if draft.email else None, draft.preferred_language) == (card["email"], card["preferred_language"])
        assert [one.city for one in draft.addresses] == [one["city"] for one in card["addresses"]]


async def test_is_noted_in_the_trail_with_what_was_taken(
    as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, cards: list[dict[str, Any]], people: People
) -> None:
    await exported(as_sven, columns="email,phone_1", q="öberg")
    [entry] = (await as_ada.get("/api/v1/audit", params={"action.eq": "customers.exported"})).json()["items"]
    assert (entry["actor"], entry["after"]) == ("Sven", {"columns": ["email", "phone_1"], "query": {"q": "öberg"}, "rows": 1})


async def test_refuses_columns_that_there_are_not_and_people_who_may_not(as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient) -> None:
    refused = await as_sven.get(EXPORT, params={"columns": "first_name,shoe_size"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "columns")
    assert (await as_sven.get(EXPORT, params={"columns": " , "})).status_code == 422
    assert (await as_aiko.get(EXPORT)).status_code == 403
