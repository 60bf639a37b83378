"""Pages of the list of interactions: first, far, narrowed and searched, at 100 k customers (393,824 interactions in 25 months) or 1 M.

    python bench/p3_interactions.py [100k]

Bars as for P3 and P4: a page p95 <= 40 ms, a search p95 <= 100 ms, the first far jump of an order <= 1 s. Each page is asked for through
`listing.page`, as the API does, in one transaction. Baseline: the first page by bare SQL, and a far one with OFFSET.
"""

import asyncio
import sys
import time

from generate import opened
from measure import Report, Row, ms, percentile, say

from ringdesk.features.interactions import listing
from ringdesk.kit import list_walk
from ringdesk.kit.crypto import Vault
from ringdesk.kit.db import Database

REGION = "GB"
TIMES = 7
PAGE = 0.040
SEARCH = 0.100
FAR = 1.0
ORDERS = ("-started_at", "started_at", "-duration_s", "duration_s", "queue", "-ani")


async def _values(db: Database) -> dict[str, str]:
    """What is asked for, from the data themselves: what many interactions have, and what one or few have."""
    async with db.transaction() as uow:

        async def one(query: str) -> str:
            return str(await uow.value(query.encode()))

        newest = "from interaction order by id desc limit 1 offset"
        agent = "select agents[1] from (select agents, id from interaction where agents <> '{}' order by id desc limit 1 offset 700) one"
        rare = "select first_name || chr(32) || last_name from customer where last_name <> '' order by id limit 1 offset 50000"
        return {
            "page": "",
            "number": f"ani.eq={await one(f'select ani {newest} 300000')}",
            "beginning of a number": f"ani.starts={str(await one(f'select ani {newest} 300000'))[:9]}",
            "customer": f"customer_id.eq={await one(f'select customer_id {newest} 200000')}",
            "agent": f"agent_id.eq={await one(agent)}",
            "queue": f"queue.eq={await one(f'select queue {newest} 10')}",
            "outcome": "wrap_up.eq=billing",
            "channel": "channel.eq=chat",
            "day": "started_at.eq=2026-10-05",
            "two filters": "direction.eq=outbound&channel.eq=voice&started_at.lte=2025-12-31",
            "long ones": "duration_s.gte=20:00",
            "in progress": "state.eq=in_progress",
            "nobody's": "customer_id.empty=true",
            "tag that few have": "tag.eq=nobodyhasthis",
            "search: a common name": "q=smith",
            "search: a rare name": f"q={await one(rare)}",
            "search: number": f"q={await one(f'select ani {newest} 250000')}",
            "search: two letters": "q=an",
            "search: nothing": "q=xqzjwv",
        }


async def _ask(db: Database, query: str) -> tuple[float, int]:
    parameters = [(name, value) for name, _, value in (part.partition("=") for part in query.split("&")) if name]
    started = time.perf_counter()
    async with db.transaction() as uow:
        found = await listing.page(uow, parameters, reader=None, region=REGION)
    return time.perf_counter() - started, found.total


async def _times(db: Database, query: str) -> tuple[list[float], int]:
    await _ask(db, query)
    taken = [await _ask(db, query) for _ in range(TIMES)]
    return [seconds for seconds, _ in taken], taken[0][1]


async def _bare(db: Database, skip: int) -> float:
    started = time.perf_counter()
    async with db.transaction() as uow:
        await (await uow.conn.execute(f"select * from interaction order by id desc limit 50 offset {skip}".encode())).fetchall()
    return time.perf_counter() - started


async def measure(db: Database) -> list[Row]:
    """The rows of the report."""
    rows: list[Row] = []
    async with db.transaction() as uow:
        total = int(await uow.value("select count(*) from interaction"))
    load = f"{total:,} interactions, 1 client"

    def put(name: str, seconds: float, bar: float, note: str = "") -> None:
        rows.append(Row(name=name, load=load, value=ms(seconds) + note, bar=f"<= {ms(bar)}", passed=seconds <= bar))
        say(f"  {name:32} {ms(seconds)}{note}")

    for name, query in (await _values(db)).items():
        seconds, found = await _times(db, query)
        put(name, percentile(seconds, 0.95), SEARCH if name.startswith("search") else PAGE, f" ({found:,} found)")
    for order in ORDERS:
        far = f"sort={order}&page={total // 100}"
        list_walk.forget()
        jump, _ = await _ask(db, far)
        put(f"far jump by {order}", jump, FAR)
        for name, query in ((f"first page by {order}", f"sort={order}"), (f"far page by {order}", far)):
            put(name, percentile((await _times(db, query))[0], 0.95), PAGE)
    rows.append(Row(name="first page, bare SQL", load=load, value=ms(await _bare(db, 0))))
    rows.append(Row(name="middle by OFFSET, bare SQL", load=load, value=ms(await _bare(db, total // 2))))
    return rows


async def run(size: str) -> Report:
    """Measure one size."""
    report = Report(bench="p3_interactions")
    say(f"Interactions at {size}")
    with opened(size) as dsn:
        db = Database(dsn, size=2, vault=Vault.for_now())
        await db.open()
        report.rows = await measure(db)
        await db.close()
    return report


def main() -> int:
    """Measure the size named on the command line."""
    return asyncio.run(run(sys.argv[1] if len(sys.argv) > 1 else "100k")).close()


if __name__ == "__main__":
    sys.exit(main())
