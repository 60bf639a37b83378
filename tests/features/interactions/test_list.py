"""The list of interactions over all customers: search, filters, order, export (product.md 3.2, 3.3)."""

import csv
import io
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from ringdesk.features.interactions import listing
from ringdesk.kit.db import Database
from tests.features.desk.test_pop import EMMA, JANE, make
from tests.features.interactions.test_push import INTERACTIONS, message
from tests.features.requests.conftest import open_one, tag, wrong
from tests.support.people import People

CALL: dict[str, Any] = {
    "source": "pbx",
    "channel": "voice",
    "direction": "inbound",
    "our_address": "+441614960100",
    "queue": "Support",
}


def leg(email: str, minute: int, **more: Any) -> dict[str, Any]:
    """An agent's leg."""
    at = f"2026-10-05T10:{minute:02}:00Z"
    return {"external_id": f"{email}-{minute}", "kind": "agent", "agent_email": email, "started_at": at, "answered_at": at} | more


async def push(client: httpx.AsyncClient, name: str, **given: Any) -> dict[str, Any]:
    """Bring in an interaction of this name; its caller's name says which it is."""
    answer = await client.post(INTERACTIONS, json=CALL | {"external_id": f"call-{name}", "name": name} | given)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
async def listed(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, as_sven: httpx.AsyncClient, people: People) -> dict[str, Any]:
    """Five interactions, a the oldest: a and b are Emma's calls, c Jane's chat, d and e nobody's."""
    emma = await make(as_ada, EMMA)
    jane = await make(as_ada, JANE | {"phone_1": "0161 496 0001"})
    a = await push(
        as_ada,
        "a",
        address=EMMA["phone_1"],
        started_at="2025-03-01T10:00:00Z",
        ended_at="2025-03-01T10:01:00Z",
        direction="outbound",
        result="no_answer",
    )
    b = await push(
        as_ada,
        "b",
        address=EMMA["phone_1"],
        started_at="2026-10-05T10:00:00Z",
        ended_at="2026-10-05T10:30:00Z",
        result="answered",
        activities=[leg("bilal@example.com", 5), leg("aiko@example.com", 10)],
    )
    c = await push(
        as_ada,
        "c",
        channel="chat",
        queue="Ångström",
        address="jane-77",
        started_at="2026-10-06T10:00:00Z",
        ended_at="2026-10-06T10:10:00Z",
        activities=[message("m1", "Hello"), message("m2", "Hi", agent_email="bilal@example.com")],
    )
    assert (await as_aiko.patch(f"{INTERACTIONS}/{c['id']}", json={"customer_id": jane["id"]})).status_code == 200
    d = await push(as_ada, "d", address="+44 20 7946 0777", queue=None, started_at="2026-10-07T10:00:00Z", activities=[])
    e = await push(as_ada, "e", source="ivr", address="anonymous", our_address="112", started_at="2026-10-08T10:00:00Z", activities=[])
    activities = {one["agent_name"]: one["id"] for one in (await as_aiko.get(f"{INTERACTIONS}/{b['id']}")).json()["activities"]}
    await as_aiko.put(f"/api/v1/activities/{activities['Aiko']}/tags", json={"tags": ["VIP customer", "Invoice"]})
    await as_aiko.put(f"/api/v1/activities/{c['activities']['m2']}/tags", json={"tags": ["Invoices"]})
    for who, code in (("Aiko", "billing"), ("Bilal", "complaint"), ("Aiko", "resolved")):
        given = await as_sven.post(f"/api/v1/activities/{activities[who]}/wrap-up", json={"code": code})
        assert given.status_code in (200, 201), given.text
    request = await open_one(as_aiko, customer_id=emma["id"], title="Wrong invoice")
    assert (await tag(as_aiko, b["id"], request)).status_code == 200
    return {"a": a, "b": b, "c": c, "d": d, "e": e, "request": request, "emma": emma}


ASKED = {
    "": "edcba",
    "q=woodhouse": "ba",
    "q=emma wood": "ba",
    "q=jane": "c",
    "q=nobody": "",
    "q=invoi": "cb",
    "q=vip": "b",
    "q=020 7946 0777": "d",
    "q=2079460777": "d",
    "q=jane-": "c",
    "channel.eq=chat": "c",
    "channel.ne=chat": "edba",
    "direction.eq=outbound": "a",
    "ani.eq=020-7946 0777": "d",
    "ani.eq=0044 20 79460777": "d",
    "ani.eq=anonymous": "e",
    "ani.eq=Jane-77": "c",
    "ani.in=+442079460777,anonymous": "ed",
    "ani.starts=020 7946 07": "d",
    "ani.starts=+44 20 7946 07": "d",
    "ani.starts=anon": "e",
    "dnis.eq=112": "e",
    "dnis.starts=11": "e",
    "queue.eq=support": "eba",
    "queue.starts=ang": "c",
    "queue.empty=true": "d",
    "customer_name.contains=wood": "ba",
    "customer_name.empty=true": "ed",
    "customer_id.empty=true": "ed",
    "agent_id.eq=me": "b",
    "agent_id.empty=true": "eda",
    "type.eq=agent": "cb",
    "state.eq=in_progress": "ed",
    "result.eq=no_answer": "a",
    "result.empty=true": "edc",
    "wrap_up.eq=resolved": "b",
    # Another outcome was given after this one.
    "wrap_up.eq=billing": "",
    "wrap_up.in=resolved,order": "b",
    "wrap_up.empty=false": "b",
    "tag.eq=invoice": "b",
    "tag.eq=INVOICES": "c",
    "tag.starts=invoi": "cb",
    "tag.starts=vip c": "b",
    "tag.empty=false": "cb",
    "request_number.empty=false": "b",
    "started_at.gte=2026-10-06": "edc",
    "started_at.lte=2026-10-05": "ba",
    "started_at.eq=2025-03-01": "a",
    "started_at.gte=2026-10-05T10:00:00Z&started_at.lte=2026-10-06T09:00:00Z": "b",
    "duration_s.gte=10:00": "cb",
    "duration_s.lte=0:01:00": "a",
    "ended_at.lte=2026-01-01": "a",
    "source.eq=ivr": "e",
    "external_id.eq=call-d": "d",
    "sort=started_at": "abcde",
    "sort=duration_s": "acbde",
    "sort=-duration_s": "bcaed",
    "sort=queue,-started_at": "ceba" + "d",
    "sort=ani": "dabec",
    "page_size=2&page=2": "cb",
}


async def names(client: httpx.AsyncClient, query: str) -> str:
    answer = await client.get(INTERACTIONS, params=dict(parse_qsl(query.replace("+", "%2B"))))
    assert answer.status_code == 200, (query, answer.text)
    return "".join(one["caller_name"] for one in answer.json()["items"])


async def test_finds_and_orders_what_was_asked(as_aiko: httpx.AsyncClient, listed: dict[str, Any]) -> None:
    assert {query: await names(as_aiko, query) for query in ASKED} == ASKED


async def test_is_found_by_the_number_of_its_request(as_aiko: httpx.AsyncClient, listed: dict[str, Any]) -> None:
    number = listed["request"]["number"]
    assert await names(as_aiko, f"q=REQ-{number}") == "b"
    assert await names(as_aiko, f"request_number.eq=req-{number}") == "b"
    assert await names(as_aiko, f"request_number.eq={number}") == "b"


async def test_a_row_says_who_and_what(as_aiko: httpx.AsyncClient, listed: dict[str, Any]) -> None:
    [row] = (await as_aiko.get(INTERACTIONS, params={"tag.eq": "invoice"})).json()["items"]
    shown = ("customer_name", "queue", "dnis", "agents", "tags", "wrap_up", "request_title", "duration_s", "source", "external_id")
    assert [row[name] for name in shown] == [
        "Emma Woodhouse",
        "Support",
        "+441614960100",
        ["Bilal", "Aiko"],
        ["Invoice", "VIP customer"],
        "resolved",
        "Wrong invoice",
        1800.0,
        "pbx",
        "call-b",
    ]


async def test_refuses_what_it_can_not_compare(as_aiko: httpx.AsyncClient) -> None:
    for name, value in {
        "agent_id.eq": "nobody",
        "channel.eq": "pigeon",
        "duration_s.gte": "long",
        "started_at.gte": "soon",
        "request_number.eq": "x",
        "ani.starts": "-",
        "tag.eq": " ",
    }.items():
        assert wrong(await as_aiko.get(INTERACTIONS, params={name: value})) == {name: "invalid_value"}


async def test_leaves_as_csv_for_who_leads_and_the_trail_says_so(
    as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, listed: dict[str, Any]
) -> None:
    query = {"q": "invoi", "sort": "started_at"}
    assert (await as_aiko.get(f"{INTERACTIONS}/export.csv", params=query)).status_code == 403
    answer = await as_sven.get(f"{INTERACTIONS}/export.csv", params=query)
    assert answer.status_code == 200, answer.text
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["customer_name"], row["agents"], row["tags"], row["wrap_up"]) for row in rows] == [
        ("Emma Woodhouse", "Bilal; Aiko", "Invoice; VIP customer", "resolved"),
        ("Jane Fairfax", "Bilal", "Invoices", ""),
    ]
    assert rows[0]["request"] == f"REQ-{listed['request']['number']}"
    [noted] = (await as_ada.get("/api/v1/audit", params={"action.eq": "interactions.exported"})).json()["items"]
    assert (noted["actor"], noted["after"]["rows"]) == ("Sven", 2)


async def test_a_word_that_many_customers_have_is_found_among_the_newest(
    as_aiko: httpx.AsyncClient, listed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_CUSTOMERS", 0)
    assert await names(as_aiko, "q=woodhouse") == "ba"
    assert await names(as_aiko, "q=woodhouse invoi") == "b"


async def plan_of(db: Database, query: str) -> str:
    async with db.transaction() as uow:
        for setting in ("enable_seqscan", "enable_sort"):
            await uow.run(f"set local {setting} = off".encode())
        cursor = await uow.conn.execute(query.encode())
        return "\n".join(line for (line,) in await cursor.fetchall())


async def test_every_order_is_that_of_an_index_of_each_month(db: Database) -> None:
    async with db.transaction() as uow:
        spec, _ = await listing.asked(uow, [], reader=None, region="GB")
        ordered = {
            column.key: (column.order.as_string(uow.conn), column.filled.as_string(uow.conn) if column.filled else "true")
            for column in spec.columns.values()
            if column.order
        }
    assert set(ordered) == {"started_at", "ani", "queue", "duration_s"}
    for key, (order, filled) in ordered.items():
        for direction in ("asc", "desc"):
            plan = await plan_of(
                db, f"explain select i.id from interaction i where {filled} order by {order} {direction}, i.id {direction} limit 50"
            )
            assert "Index" in plan, key
            assert "Seq Scan" not in plan, plan
            assert "Sort Key" not in plan or "Merge Append" in plan, plan


FOUND_BY_INDEX = {
    "ani.eq=020 7946 0777": "number_idx",
    "ani.starts=020 79": "number_idx",
    "dnis.eq=112": "dnis_idx",
    "queue.eq=support": "queue_idx",
    "external_id.eq=call-d": "external_idx",
    "channel.eq=video": "channel_idx",
    "result.eq=abandoned": "result_idx",
    "state.eq=in_progress": "in_progress_idx",
    "tag.eq=invoice": "tags_idx",
    "tag.starts=invo": "tags_idx",
    "agent_id.eq=01890000-0000-7000-8000-000000000000": "agents_idx",
    "request_number.eq=7": "request_id",
    "customer_id.eq=01890000-0000-7000-8000-000000000000": "customer_id",
}


async def test_what_few_interactions_have_is_found_by_an_index_of_each_month(db: Database) -> None:
    async with db.transaction() as uow:
        wheres = {
            query: (await listing.asked(uow, parse_qsl(query), reader=None, region="GB"))[1].conditions[0].as_string(uow.conn)
            for query in FOUND_BY_INDEX
        }
    for query, where in wheres.items():
        plan = await plan_of(db, "explain select i.id from interaction i where " + where)
        assert "Seq Scan" not in plan, (query, plan)
        scans = [line for line in plan.splitlines() if "Index" in line and " Scan " in line]
        assert any(FOUND_BY_INDEX[query] in line for line in scans), (query, plan)
