"""The list of requests: search, filters, order (product.md 2.6)."""

import csv
import io
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from ringdesk.features.requests import listing
from ringdesk.features.requests.schemas import RequestSchema
from ringdesk.kit.db import Database
from tests.features.desk.test_pop import JANE, make
from tests.features.requests.conftest import REQUESTS, open_one, wrong
from tests.support.people import People


@pytest.fixture
async def listed(as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, emma: dict[str, Any], people: People) -> None:
    """Four requests: a to d, d closed."""
    jane = await make(as_ada, JANE | {"phone_1": "0161 496 0001"})
    await open_one(as_aiko, customer_id=emma["id"], title="a Wrong invoice", due_on="2020-01-01", priority="urgent")
    await open_one(as_aiko, customer_id=emma["id"], title="b Ångström", due_on="2999-01-01", owner_id=str(people.bilal.id))
    await open_one(as_aiko, customer_id=jane["id"], title="c", type="service_request", description="The invoice again", owner_id=None)
    closed = await open_one(as_aiko, customer_id=jane["id"], title="d", due_on="2020-01-02", priority="low")
    await as_aiko.post(f"{REQUESTS}/{closed['id']}/close")


ASKED = {
    "": "dcba",
    "q=invoice": "ca",
    "q=angstrom": "b",
    "q=jane": "dc",
    "q=jane invoice": "c",
    "q=req-": "dcba",
    "status.eq=active": "cba",
    "overdue.eq=true": "a",
    "overdue.eq=false": "dcb",
    "type.eq=service_request": "c",
    "type.in=question,service_request": "dcba",
    "priority.in=urgent,low": "da",
    "owner_id.eq=me": "da",
    "owner_id.empty=true": "c",
    "customer_name.contains=wood": "ba",
    "title.starts=b": "b",
    "due_on.lte=2020-01-01": "a",
    "due_on.eq=2020-01-02": "d",
    "due_on.empty=true": "c",
    "closed_at.empty=false": "d",
    "sort=title": "abcd",
    "sort=-title": "dcba",
    "sort=due_on": "adbc",
    "sort=-due_on": "bdac",
    "sort=-priority,title": "abcd",
    "sort=status,-number": "cbad",
    "sort=customer_name,number": "abcd",
    "sort=-customer_name,number": "cdab",
    "sort=owner_id,number": "adbc",
    "sort=-owner_id,number": "badc",
}


async def test_leaves_as_csv_with_the_fields_of_every_type(as_sven: httpx.AsyncClient, as_ada: httpx.AsyncClient, listed: None) -> None:
    field = (await as_ada.post("/api/v1/request-fields", json={"label": "Order number", "type": {"type": "text"}})).json()
    kind = {"label": "Refund", "fields": [{"key": field["key"], "required": False}]}
    assert (await as_ada.post("/api/v1/request-types", json=kind)).status_code == 201
    customer = (await as_sven.get(REQUESTS)).json()["items"][0]["customer_id"]
    await open_one(as_sven, customer_id=customer, title="=e", type="refund", fields={field["key"]: "A-4711"})
    answer = await as_sven.get(f"{REQUESTS}/export.csv", params={"status.eq": "active", "sort": "title"})
    assert answer.status_code == 200, answer.text
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["title"][:2] for row in rows] == ["'=", "a ", "b ", "c"]
    assert (rows[0]["fields.order_number"], rows[1]["due_on"], rows[1]["priority"]) == ("A-4711", "2020-01-01", "urgent")
    [noted] = (await as_ada.get("/api/v1/audit", params={"action.eq": "requests.exported"})).json()["items"]
    assert (noted["actor"], noted["after"]["rows"]) == ("Sven", 4)


async def test_finds_and_orders_what_was_asked(as_aiko: httpx.AsyncClient, listed: None) -> None:
    found: dict[str, str] = {}
    for query in ASKED:
        answer = await as_aiko.get(REQUESTS, params=dict(parse_qsl(query)))
        assert answer.status_code == 200, answer.text
        found[query] = "".join(one["title"][0] for one in answer.json()["items"])
    assert found == ASKED


async def test_a_field_of_a_type_is_a_column_that_one_filters_by(
    as_sven: httpx.AsyncClient, as_ada: httpx.AsyncClient, listed: None
) -> None:
    fields = [
        (await as_ada.post("/api/v1/request-fields", json={"label": label, "type": {"type": kind}})).json()["key"]
        for label, kind in (("Order number", "text"), ("Amount", "integer"), ("Call back at", "phone"))
    ]
    form = [{"key": key, "required": False} for key in fields]
    assert (await as_ada.post("/api/v1/request-types", json={"label": "Refund", "fields": form})).status_code == 201
    customer = (await as_sven.get(REQUESTS)).json()["items"][0]["customer_id"]
    for title, order, amount, number in (("e", "A-4711", 5, "020 7946 0001"), ("f", "B-12", 70, "+46 70 123 45 67")):
        values = dict(zip(fields, (order, amount, number), strict=True))
        await open_one(as_sven, customer_id=customer, title=title, type="refund", fields=values)
    for query, titles in {
        "fields.order_number.contains=471": "e",
        "fields.order_number.starts=b": "f",
        "fields.amount.gte=6": "f",
        "fields.call_back_at.contains=070 123": "f",
        "fields.order_number.empty=false": "fe",
        "fields.amount.lte=6&sort=title": "e",
    }.items():
        answer = await as_sven.get(REQUESTS, params=dict(parse_qsl(query)))
        assert answer.status_code == 200, answer.text
        assert "".join(one["title"] for one in answer.json()["items"]) == titles, query
    assert wrong(await as_sven.get(REQUESTS, params={"sort": "fields.amount"})) == {"sort": "not_sortable"}


async def test_refuses_what_it_can_not_compare(as_aiko: httpx.AsyncClient, listed: None) -> None:
    for name, value in {"owner_id.eq": "nobody", "overdue.eq": "perhaps", "type.eq": "none", "priority.eq": "highest"}.items():
        assert wrong(await as_aiko.get(REQUESTS, params={name: value})) == {name: "invalid_value"}


async def test_every_column_is_ordered_by_an_index(db: Database) -> None:
    described = listing.spec(RequestSchema([], []), "GB")
    for column in described.columns.values():
        # What lies in other tables is sorted when it is asked for.
        for direction in ("asc", "desc") if column.order and column.key not in ("customer_name", "owner_id") else ():
            assert column.order
            async with db.transaction() as uow:
                for setting in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
                    await uow.run(f"set local {setting} = off".encode())
                filled = column.filled.as_string(uow.conn) if column.filled else "true"
                order = column.order.as_string(uow.conn)
                query = f"explain select r.id from request r where {filled} order by {order} {direction}, r.id {direction} limit 50"
                cursor = await uow.conn.execute(query.encode())
                plan = "\n".join(line for (line,) in await cursor.fetchall())
            assert "Index" in plan, column.key
            assert "Sort Key" not in plan or "Presorted Key" in plan, column.key
