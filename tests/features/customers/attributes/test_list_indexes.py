"""An administrator marks an attribute; its index is made beside everybody's work, and the list can use it (product.md 1.6)."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import psycopg
import pytest

from ringdesk.features.customers import listing
from ringdesk.features.customers.attributes import indexes
from ringdesk.kit.db import Database

ATTRIBUTES = "/api/v1/customer-attributes"
CUSTOMERS = "/api/v1/customers"
TIER: dict[str, Any] = {"label": "Tier", "key": "tier", "type": {"type": "choice", "options": ["Gold", "Silver"]}}
MARKED = {"searchable": True, "sortable": True}


@pytest.fixture(autouse=True)
async def no_indexes_left(db: Database) -> AsyncIterator[None]:
    """Other tests find a table without attributes' indexes, as they do without attributes."""
    yield
    async with db.transaction() as uow:
        await uow.run("delete from attribute")
    await indexes.bring_in_line(db)


async def add(client: httpx.AsyncClient, **attribute: Any) -> dict[str, Any]:
    answer = await client.post(ATTRIBUTES, json=TIER | attribute)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def index_of(client: httpx.AsyncClient) -> dict[str, Any]:
    return (await client.get(ATTRIBUTES)).json()["items"][0]["index"]


async def there(db: Database) -> dict[str, bool]:
    async with db.transaction() as uow:
        return await indexes.present(uow)


async def told(db: Database) -> list[Any]:
    async with db.transaction() as uow:
        return await uow.values("select payload from event_log where type = 'schema.index_progress' order by pos")


async def test_unmarked_ones_are_columns_that_say_what_to_do(as_ada: httpx.AsyncClient) -> None:
    await add(as_ada)
    for query, code in (("sort=attributes.tier", "not_sortable"), ("attributes.tier.eq=Gold", "not_searchable")):
        refused = await as_ada.get(f"{CUSTOMERS}?{query}")
        [error] = refused.json()["errors"]
        assert (refused.status_code, error["code"]) == (422, code)
        assert "“Tier”" in error["message"]
        assert "Administration, Customer fields" in error["message"]


async def test_marked_ones_are_filtered_and_sorted_by_once_their_index_is_made(db: Database, as_ada: httpx.AsyncClient) -> None:
    marked = await add(as_ada, **MARKED)
    assert marked["index"] == {"searchable": True, "sortable": True, "state": "building", "progress": 0, "detail": None}
    early = await as_ada.get(f"{CUSTOMERS}?sort=attributes.tier")
    assert "being prepared" in early.json()["errors"][0]["message"]
    await indexes.bring_in_line(db)
    assert (await index_of(as_ada))["state"] == "ready"
    assert (await told(db))[-1]["index"]["state"] == "ready"
    for name, tier in (("Anna", "Silver"), ("Bo", "Gold"), ("Cia", None)):
        await as_ada.post(CUSTOMERS, json={"first_name": name, "attributes": {"tier": tier}})

    async def names(query: str) -> list[str]:
        return [one["first_name"] for one in (await as_ada.get(f"{CUSTOMERS}?{query}")).json()["items"]]

    assert await names("sort=attributes.tier") == ["Bo", "Anna", "Cia"]
    assert await names("sort=-attributes.tier,first_name") == ["Anna", "Bo", "Cia"]
    assert await names("attributes.tier.eq=Gold") == ["Bo"]
    assert await names("attributes.tier.empty=true") == ["Cia"]
    assert await names("attributes.tier.in=Gold,Silver&sort=first_name") == ["Anna", "Bo"]


async def test_a_number_is_found_in_any_form(db: Database, as_ada: httpx.AsyncClient) -> None:
    await add(as_ada, label="Second home", key="second_home", type={"type": "phone"}, searchable=True)
    await indexes.bring_in_line(db)
    await as_ada.post(CUSTOMERS, json={"first_name": "Emma", "attributes": {"second_home": "020 7946 0958"}})
    await as_ada.post(CUSTOMERS, json={"first_name": "Bo", "phone_1": "020 7946 0958"})
    for query in ("second_home.eq=%2B442079460958", "second_home.contains=7946", "second_home.in=112,02079460958"):
        found = (await as_ada.get(f"{CUSTOMERS}?attributes.{query}")).json()
        assert [one["first_name"] for one in found["items"]] == ["Emma"], query


@pytest.mark.parametrize(
    ("kind", "query", "index"),
    [
        ({"type": "choice", "options": ["Gold"]}, "attributes.tier.eq=Gold", "btree"),
        ({"type": "integer"}, "attributes.tier.gte=7", "btree"),
        ({"type": "date"}, "attributes.tier.lte=2026-01-01", "btree"),
        ({"type": "text"}, "attributes.tier.contains=old", "gin"),
        ({"type": "multiple_choice", "options": ["Gold"]}, "attributes.tier.contains=Gold", "gin"),
    ],
)
async def test_filters_and_orders_use_their_index(
    db: Database, as_ada: httpx.AsyncClient, kind: dict[str, Any], query: str, index: str
) -> None:
    await add(as_ada, type=kind, **MARKED)
    await indexes.bring_in_line(db)
    name, _, value = query.partition("=")
    async with db.transaction() as uow:
        spec, asked = await listing.asked(uow, [(name, value)], "GB")
        await uow.run("set local enable_seqscan = off")
        used = await _plan(uow, f"select c.id from customer c where {' and '.join(one.as_string(uow.conn) for one in asked.conditions)}")
        column = spec.columns["attributes.tier"]
        assert column.order
        assert column.filled
        order, filled = column.order.as_string(uow.conn), column.filled.as_string(uow.conn)
        await uow.run("set local enable_bitmapscan = off")
        await uow.run("set local enable_sort = off")
        walked = await _plan(uow, f"select c.id from customer c where c.archived_at is null and {filled} order by {order}, c.id limit 9")
    assert indexes.PREFIX in used, used
    assert indexes.PREFIX in walked, walked
    async with db.transaction() as uow:
        kinds = await uow.values("select indexdef from pg_indexes where starts_with(indexname, %s)", [indexes.PREFIX])
    assert any(f"USING {index}" in one for one in kinds)


async def _plan(uow: Any, query: str) -> str:
    return "\n".join(str(line) for line in await uow.values(f"explain {query}".encode()))


async def test_unmarking_hiding_and_another_type_drop_and_make_indexes(db: Database, as_ada: httpx.AsyncClient) -> None:
    tier = await add(as_ada, **MARKED)
    path = f"{ATTRIBUTES}/{tier['id']}"
    await indexes.bring_in_line(db)
    assert list((await there(db)).values()) == [True, True, True]
    await as_ada.patch(path, json={"sortable": False})
    assert (await index_of(as_ada))["state"] == "ready"
    await indexes.bring_in_line(db)
    [found] = await there(db)
    retyped = (await as_ada.patch(path, json={"type": {"type": "text"}})).json()
    assert retyped["index"]["state"] == "building"
    await indexes.bring_in_line(db)
    assert found not in await there(db)
    await as_ada.delete(path)
    await indexes.bring_in_line(db)
    assert (await there(db), (await index_of(as_ada))["state"]) == ({}, "none")
    assert (await as_ada.post(f"{path}/restore")).json()["index"] | {"progress": 0} == retyped["index"]
    await indexes.bring_in_line(db)
    assert (await as_ada.patch(path, json={"searchable": False})).json()["index"]["state"] == "none"
    await indexes.bring_in_line(db)
    assert await there(db) == {}


async def test_a_build_that_was_cut_is_found_and_mended(db: Database, as_ada: httpx.AsyncClient) -> None:
    await add(as_ada, searchable=True)
    async with db.transaction() as uow:
        [wanted] = indexes.wanted(await indexes.store.every(uow))
        assert isinstance(wanted, indexes.Index)
    # As a killed server leaves it: there, and not whole.
    async with await psycopg.AsyncConnection.connect(db.dsn, autocommit=True) as conn:
        await conn.execute(f"create index {wanted.name} on customer {wanted.on}".encode())
        await conn.execute("update pg_index set indisvalid = false where indexrelid = %s::regclass", [wanted.name])
    async with db.transaction() as uow:
        assert not await indexes.are_right(uow)
    await indexes.bring_in_line(db)
    assert await there(db) == {wanted.name: True}
    assert (await index_of(as_ada))["state"] == "ready"
    async with db.transaction() as uow:
        assert await indexes.are_right(uow)


async def test_a_build_that_fails_says_why_and_is_tried_again(
    db: Database, as_ada: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add(as_ada, searchable=True)
    real = indexes.wanted

    def broken(attributes: Any) -> list[indexes.Index | indexes.Order]:
        return [indexes.Index(one.name, "using btree (no_such_column)", one.attribute_id) for one in real(attributes)]

    with monkeypatch.context() as patch:
        patch.setattr(indexes, "wanted", broken)
        with pytest.raises(psycopg.Error, match="no_such_column"):
            await indexes.bring_in_line(db)
    failed = await index_of(as_ada)
    assert (failed["state"], "no_such_column" in failed["detail"]) == ("failed", True)
    assert "could not be prepared" in (await as_ada.get(f"{CUSTOMERS}?attributes.tier.eq=Gold")).json()["errors"][0]["message"]
    await indexes.bring_in_line(db)
    assert await index_of(as_ada) == {"searchable": True, "sortable": False, "state": "ready", "progress": 100, "detail": None}


async def test_values_of_any_kind_keep_no_row_from_being_written(db: Database, as_ada: httpx.AsyncClient) -> None:
    await add(as_ada, type={"type": "decimal"}, **MARKED)
    await indexes.bring_in_line(db)
    made = (await as_ada.post(CUSTOMERS, json={"first_name": "Bo", "attributes": {"tier": "12.5"}})).json()
    async with db.transaction() as uow:
        for odd in ('"not a number"', '{"a": 1}', "[1]", "true", "1e400", '""'):
            await uow.run("update customer set attributes = jsonb_set(attributes, '{tier}', %s::jsonb) where id = %s", [odd, made["id"]])


def test_progress_grows_through_the_phases_of_a_build() -> None:
    steps = [
        ("initializing", 0, 0),
        ("building index: scanning table", 50, 100),
        ("building index: scanning table", 100, 100),
        ("index validation: scanning index", 10, 10),
        ("index validation: scanning table", 50, 100),
        ("index validation: scanning table", 100, 100),
    ]
    found = [indexes.percent(*step) for step in steps]
    assert found == sorted(found)
    assert (found[0], found[-1]) == (0, 98)
