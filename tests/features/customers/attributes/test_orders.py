"""What lies in JSON is in its order in a table of its own, whatever anybody writes meanwhile (product.md 1.6, migration 0021)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import psycopg
import pytest

from ringdesk.features.customers import listing
from ringdesk.features.customers.attributes import indexes, orders
from ringdesk.kit import list_walk
from ringdesk.kit.db import Database
from tests.support.eventually import eventually

ATTRIBUTES = "/api/v1/customer-attributes"
CUSTOMERS = "/api/v1/customers"
TIER: dict[str, Any] = {"label": "Tier", "key": "tier", "type": {"type": "text"}, "sortable": True}
PARTS = ("street", "postcode", "region", "country")


@pytest.fixture(autouse=True)
async def no_orders_left(db: Database) -> AsyncIterator[None]:
    """Other tests find no orders but those of the system."""
    yield
    async with db.transaction() as uow:
        await uow.run("delete from attribute")
    await indexes.bring_in_line(db)


async def rows(db: Database) -> list[tuple[Any, ...]]:
    """Every row of the table."""
    async with db.transaction() as uow:
        cursor = await uow.conn.execute("select o.* from customer_order o order by 1, 2")
        return await cursor.fetchall()


async def worked_out(db: Database) -> list[tuple[Any, ...]]:
    """The rows that there should be."""
    async with db.transaction() as uow:
        cursor = await uow.conn.execute("select o.* from customer c, customer_orders_of(c.id, c.addresses, c.attributes) o order by 1, 2")
        return await cursor.fetchall()


async def fill(db: Database) -> None:
    """Make the order of the attribute `tier`, as the worker does."""
    async with await psycopg.AsyncConnection.connect(db.dsn, autocommit=True) as conn:
        async for _ in orders.make(conn, "attributes.tier", "text", "tier"):
            pass


async def add(client: httpx.AsyncClient, **attribute: Any) -> dict[str, Any]:
    answer = await client.post(ATTRIBUTES, json=TIER | attribute)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def create(client: httpx.AsyncClient, name: str, **fields: Any) -> str:
    answer = await client.post(CUSTOMERS, json={"first_name": name} | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def test_follows_every_write_of_a_card(db: Database, as_ada: httpx.AsyncClient) -> None:
    await add(as_ada)
    await add(as_ada, label="Balance", key="balance", type={"type": "decimal"})
    await indexes.bring_in_line(db)
    anna = await create(as_ada, "Anna", attributes={"tier": "Gold", "balance": "12.5"}, addresses=[{"street": "Åvägen 1", "country": "SE"}])
    await create(as_ada, "Bo")
    assert [(row[2], row[3]) for row in await rows(db)] == [(row[2], row[3]) for row in await worked_out(db)]
    assert len(await rows(db)) == 4
    for change in (
        {"attributes": {"tier": None, "balance": "-3"}},
        {"addresses": [{"street": "B", "region": "Skåne"}, {"street": "C", "primary": True, "postcode": "123"}]},
        {"addresses": []},
        {"first_name": "Ann"},
    ):
        answer = await as_ada.patch(f"{CUSTOMERS}/{anna}", json=change, headers={"if-match": "*"})
        assert answer.status_code == 200, answer.text
        assert await rows(db) == await worked_out(db)
    assert len(await rows(db)) == 1
    async with db.transaction() as uow:
        await uow.run("delete from customer where id = %s", [anna])
    assert await rows(db) == []


async def test_a_card_that_is_written_while_an_order_is_filled_in_is_in_it(db: Database, as_ada: httpx.AsyncClient) -> None:
    await add(as_ada)
    changed = await create(as_ada, "Anna", attributes={"tier": "Gold"})
    async with await psycopg.AsyncConnection.connect(db.dsn) as conn:
        # Somebody began to write before there was an order, and is not done.
        await conn.execute("""
            insert into customer (id, kind, first_name, display_name, sort_name, search_text, attributes)
            values (gen_random_uuid(), 'person', 'Bo', 'Bo', 'bo', 'bo', '{"tier": "Silver"}')""")
        await conn.execute('update customer set attributes = \'{"tier": "Bronze"}\' where id = %s', [changed])
        filling = asyncio.create_task(fill(db))

        async def waits() -> bool:
            async with db.transaction() as uow:
                return await uow.value("select exists (select from customer_order_column where name = 'attributes.tier')")

        await eventually(waits)
        await create(as_ada, "Cia", attributes={"tier": "Iron"})
        await conn.commit()
    await filling
    assert sorted(row[2] for row in await rows(db)) == ["bronze", "iron", "silver"]
    assert await rows(db) == await worked_out(db)


async def test_one_that_was_cut_is_filled_in_anew(db: Database, as_ada: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "ABCDE":
        await create(as_ada, name, attributes={})
    await add(as_ada)
    async with db.transaction() as uow:
        await uow.run("update customer set attributes = jsonb_build_object('tier', first_name)")
    monkeypatch.setattr(orders, "BITE", 2)
    async with await psycopg.AsyncConnection.connect(db.dsn, autocommit=True) as conn:
        # The worker is killed after the first bite.
        async for _ in orders.make(conn, "attributes.tier", "text", "tier"):
            break
    assert [row[2] for row in await rows(db)] == ["a", "b"]
    async with db.transaction() as uow:
        assert not await indexes.are_right(uow)
    monkeypatch.setattr(orders, "REMOVED", 1)
    await indexes.bring_in_line(db)
    assert sorted(row[2] for row in await rows(db)) == ["a", "b", "c", "d", "e"]
    async with db.transaction() as uow:
        assert await indexes.are_right(uow)


async def test_what_nobody_sorts_by_any_more_is_forgotten(db: Database, as_ada: httpx.AsyncClient) -> None:
    tier = await add(as_ada)
    await indexes.bring_in_line(db)
    await create(as_ada, "Anna", attributes={"tier": "Gold"})
    assert len(await rows(db)) == 1
    await as_ada.patch(f"{ATTRIBUTES}/{tier['id']}", json={"sortable": False})
    await indexes.bring_in_line(db)
    assert await rows(db) == []


@pytest.mark.parametrize("sort", ["street", "-street", "attributes.tier", "-attributes.tier", "attributes.balance", "-attributes.balance"])
async def test_far_pages_are_walked_there_and_tile_the_list(
    db: Database, as_ada: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    await add(as_ada)
    await add(as_ada, label="Balance", key="balance", type={"type": "decimal"})
    await indexes.bring_in_line(db)
    async with db.transaction() as uow:
        await uow.run("""
            insert into customer (id, kind, first_name, display_name, sort_name, search_text, attributes, addresses, archived_at)
            select gen_random_uuid(), 'person', n, n, n, n,
                   case when n % 3 > 0 then jsonb_build_object('tier', (n * 7 % 13)::text, 'balance', (n * 7 % 13 - 5)::text) else '{}' end,
                   case when n % 4 > 0 then jsonb_build_array(jsonb_build_object('street', 'Way ' || n * 5 % 11, 'primary', true))
                        else '[]' end,
                   case when n % 10 = 0 then now() end
            from generate_series(1, 60) n""")
    monkeypatch.setattr(list_walk, "EVERY", 7)
    list_walk.forget()
    found: list[str] = []
    async with db.transaction() as uow:
        for page in range(1, 12):
            asked = [("sort", sort), ("page", str(page)), ("page_size", "5")]
            found += [one.first_name for one in (await listing.page(uow, asked, "GB")).items]
        whole = (await listing.page(uow, [("sort", sort), ("page_size", "200")], "GB")).items
    assert found == [one.first_name for one in whole]
    assert len(set(found)) == 54
    list_walk.forget()
