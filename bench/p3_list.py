"""P3: pages of the customer list, by every column and both ways, and the first jump far into it, at 1.5 M customers.

    python bench/p3_list.py [1500k]

Bars: any page p95 <= 40 ms, warm; the first far jump of an order <= 1 s. Each page is asked for through `listing.page`, as the API does, in
one transaction. Baseline: the same rows by bare SQL, ORDER BY with LIMIT and OFFSET, for the first page and for the far one.
"""

import asyncio
import sys
import time
from random import Random

from generate import SEED, SIZES, TIERS, opened
from measure import Report, Row, ms, percentile, say
from msgspec import Struct, field

from ringdesk.features.customers import listing, store
from ringdesk.features.customers.attributes import indexes
from ringdesk.features.customers.attributes import service as attributes
from ringdesk.features.customers.attributes.schemas import NewAttribute
from ringdesk.features.people import Actor
from ringdesk.kit import list_walk
from ringdesk.kit.crypto import Vault
from ringdesk.kit.db import Database
from ringdesk.kit.fields import Choice, DecimalNumber, Text
from ringdesk.kit.ids import new_id

REGION = "GB"
PAGES = 12
PAGE_SIZE = 50
P95 = 0.040
FAR = 1.0
ADA = Actor(id=new_id(), name="Ada", kind="user", rights=frozenset())
NEW = (
    NewAttribute(label="Tier", key="tier", type=Choice(options=TIERS), searchable=True, sortable=True),
    NewAttribute(label="Balance", key="balance", type=DecimalNumber(), searchable=True, sortable=True),
    NewAttribute(label="Note", key="note", type=Text(), searchable=True, sortable=True),
)


class Taken(Struct):
    """Seconds of pages, by what they are."""

    first: list[float] = field(default_factory=list[float])
    pages: list[float] = field(default_factory=list[float])
    far: dict[str, float] = field(default_factory=dict[str, float])
    bare_first: list[float] = field(default_factory=list[float])
    bare_far: dict[str, float] = field(default_factory=dict[str, float])


async def prepare(db: Database) -> None:
    """The attributes of the data set, marked, with their indexes."""
    known = {one.key for one in (await attributes.every(db)).items}
    for new in NEW:
        if new.key not in known:
            await attributes.add(db, ADA, new)
    started = time.perf_counter()
    await indexes.bring_in_line(db)
    say(f"  indexes of attributes in {time.perf_counter() - started:.1f} s")


async def page(db: Database, sort: str, number: int) -> float:
    """Seconds for one page."""
    started = time.perf_counter()
    async with db.transaction() as uow:
        await listing.page(uow, [("sort", sort), ("page", str(number)), ("page_size", str(PAGE_SIZE))], REGION)
    return time.perf_counter() - started


async def bare(db: Database, sort: str, skip: int) -> float:
    """Seconds for the same rows by SQL that a person would write."""
    started = time.perf_counter()
    async with db.transaction() as uow:
        _, query = await listing.asked(uow, [("sort", sort)], REGION)
        column, descending = query.sort[0]
        assert column.order
        order = column.order.as_string(uow.conn)
        direction = "desc" if descending else "asc"
        statement = (
            f"select {store.COLUMNS.as_string(uow.conn)} from {store.CUSTOMERS.as_string(uow.conn)} where c.archived_at is null"
            f" order by {order} {direction} nulls last, c.id {direction} limit {PAGE_SIZE} offset {skip}"
        )
        cursor = await uow.conn.execute(statement.encode())
        await cursor.fetchall()
    return time.perf_counter() - started


async def measure(db: Database, customers: int, with_bare: bool) -> Taken:
    """Walk through every order."""
    random, taken = Random(SEED), Taken()
    pages = customers // PAGE_SIZE
    async with db.transaction() as uow:
        described, _ = await listing.asked(uow, [], REGION)
    for column in described.columns.values():
        if column.order is None or column.key == "archived_at":
            continue
        for sign in ("", "-"):
            sort = sign + column.key
            list_walk.forget()
            await page(db, sort, 1)
            taken.first += [await page(db, sort, 1) for _ in range(3)]
            taken.far[sort] = await page(db, sort, pages // 2)
            for _ in range(PAGES):
                taken.pages.append(await page(db, sort, random.randrange(1, pages)))
            say(f"  {sort:24} far {taken.far[sort] * 1000:7.0f} ms, then {percentile(taken.pages[-PAGES:], 0.95) * 1000:6.1f} ms")
        if with_bare and column.key in ("created_at", "display_name", "city", "last_contact_at"):
            taken.bare_first += [await bare(db, column.key, 0) for _ in range(3)]
            taken.bare_far[column.key] = await bare(db, column.key, customers // 2)
    return taken


async def run(size: str) -> Report:
    """Measure one size."""
    report = Report(bench="p3_list")
    say(f"P3 at {size}")
    with opened(size) as dsn:
        db = Database(dsn, size=2, vault=Vault.for_now())
        await db.open()
        await prepare(db)
        taken = await measure(db, SIZES[size], True)
        await db.close()
    load = f"{SIZES[size]:,} customers, {len(taken.far)} orders, 1 client"
    every = [*taken.first, *taken.pages]
    slowest = max(taken.far, key=lambda sort: taken.far[sort])
    own = {sort: seconds for sort, seconds in taken.far.items() if listing.ATTRIBUTE not in sort}
    slowest_own = max(own, key=lambda sort: own[sort])
    bare_far = f"bare SQL {ms(percentile(list(taken.bare_far.values()), 0.5))} median, {ms(max(taken.bare_far.values()))} worst"
    report.rows = [
        Row(
            name="any page p95",
            load=load,
            value=f"{ms(percentile(every, 0.95))} (p50 {ms(percentile(every, 0.5))}, p99 {ms(percentile(every, 0.99))})",
            baseline=f"first page by bare SQL {ms(percentile(taken.bare_first, 0.5))} median; far page {bare_far}",
            bar=f"<= {ms(P95)}",
            passed=percentile(every, 0.95) <= P95,
        ),
        Row(name="first page p95", load=load, value=ms(percentile(taken.first, 0.95))),
        Row(
            name="first far jump, system fields",
            load=load,
            value=f"{ms(percentile(list(own.values()), 0.5))} median, {ms(own[slowest_own])} worst ({slowest_own})",
            baseline=bare_far,
            bar=f"<= {ms(FAR)}",
            passed=own[slowest_own] <= FAR,
        ),
        Row(
            name="first far jump, attributes too",
            load=load,
            value=f"{ms(taken.far[slowest])} worst ({slowest})",
            bar=f"<= {ms(FAR)}",
            passed=taken.far[slowest] <= FAR,
        ),
    ]
    return report


def main() -> int:
    """Measure the size named on the command line."""
    return asyncio.run(run(sys.argv[1] if len(sys.argv) > 1 else "1500k")).close()


if __name__ == "__main__":
    sys.exit(main())
