"""P8: the journey of a customer with 100,000 activities: its first page, a far page, and each filter, against the bare SQL.

    python bench/p8_journey.py [busy]

Bar: the first page, and a far one, p95 <= 40 ms. What a filter costs is told beside it: one that many match ends with the page, one that
few or none match reads the whole history. A page is 50 interactions with
their activities, wrap-ups, comments and requests, read in a transaction of its own and written as JSON. The bare SQL reads the same fifty
interactions and their activities on a connection of its own, each query prepared, planned as the service does; both take turns.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import psycopg
from generate import SIZES, Made, ensure, opened
from history import agent_id
from measure import Report, Row, ms, percentile, say
from people import People, key

from ringdesk.features.interactions import service
from ringdesk.features.interactions.store import JourneyFilter
from ringdesk.kit.db import Database

PAGE = 50
TIMES = 60
P95 = 0.040
BARRED = ("first page", "far page (nine tenths on)")
# How many of its interactions bear each tag: every third, and the oldest ten.
COMMON, RARE = "invoice", "renewal"
BARE = (
    "select id, channel, direction, ani, queue, started_at, ended_at, duration_s, type, state, result, request_id from interaction"
    " where customer_id = %s order by id desc limit 51"
)
BARE_PARTS = (
    "select id, interaction_id, kind, call_type, agent_id, agent_name, started_at, answered_at, ended_at, duration_s, tags, text, code"
    " from activity where interaction_id = any(%s) and id >= %s order by started_at, id"
)


def prepare(dsn: str, customer: UUID) -> tuple[int, int, UUID]:
    """Give the customer's activities tags, and the oldest five interactions a request; how many of both there are, and the request."""
    request = UUID(key(1_550_000_000_000, 1))
    with psycopg.connect(dsn, autocommit=True) as conn:
        if not conn.execute("select 1 from request where id = %s", [request]).fetchone():
            conn.execute(
                "insert into request (id, customer_id, type, title, search_text, created_by)"
                " values (%s, %s, 'question', 'x', 'x', 'bench')",
                [request, customer],
            )
            conn.execute(
                """
                with ranked as (select id, row_number() over (order by id) as place from interaction where customer_id = %s)
                update interaction i set tags = case when r.place <= 10 then array[%s] else array[%s] end,
                                         request_id = case when r.place <= 5 then %s::uuid end
                from ranked r where r.id = i.id and (r.place %% 3 = 0 or r.place <= 10)
                """,
                [customer, RARE, COMMON, request],
            )
            conn.execute("vacuum (analyze) interaction")
        found = conn.execute(
            "select count(distinct i.id), count(*) from interaction i join activity a on a.interaction_id = i.id where i.customer_id = %s",
            [customer],
        ).fetchone()
    assert found
    return found[0], found[1], request


async def far(dsn: str, customer: UUID, share: float, total: int) -> UUID:
    """The id of the interaction that so much of the history is newer than."""
    async with await psycopg.AsyncConnection.connect(dsn) as conn:
        cursor = await conn.execute(
            "select id from interaction where customer_id = %s order by id desc offset %s limit 1", [customer, int(total * share)]
        )
        row = await cursor.fetchone()
    assert row
    return row[0]


def questions(until: datetime, request: UUID, last: UUID) -> dict[str, JourneyFilter]:
    """What is asked for."""
    old = until - timedelta(days=600)
    return {
        "first page": JourneyFilter(),
        "far page (nine tenths on)": JourneyFilter(before=last),
        "channel: most": JourneyFilter(channel="voice"),
        "channel: few": JourneyFilter(channel="sms"),
        "channel: none": JourneyFilter(channel="video"),
        "agent: one of 500": JourneyFilter(agent_id=agent_id(7)),
        "agent: none of them": JourneyFilter(agent_id=UUID(int=1)),
        "tag: a third": JourneyFilter(tag=COMMON),
        "tag: the oldest ten": JourneyFilter(tag=RARE),
        "tag: none": JourneyFilter(tag="nobody"),
        "dates: one old week": JourneyFilter(since=old, until=old + timedelta(days=7)),
        "request: the oldest five": JourneyFilter(request_id=request),
        "all at once": JourneyFilter(channel="voice", agent_id=agent_id(7), tag=COMMON, since=old, until=until),
    }


async def timed(what: Callable[[], Awaitable[object]]) -> float:
    """Seconds that it takes."""
    started = time.perf_counter()
    await what()
    return time.perf_counter() - started


async def run(size: str, dsn: str, made: Made) -> Report:
    """Ask every question."""
    report = Report(bench="p8_journey")
    customer = UUID(People(SIZES[size], made.until, made.seed).key(0))
    interactions, activities, request = prepare(dsn, customer)
    if activities < 100_000:
        raise RuntimeError(f"The customer has {activities:,} activities of the 100,000 that are asked for: another data set is needed.")
    last = await far(dsn, customer, 0.9, interactions)
    db = Database(dsn, size=2)
    await db.open()
    bare = await psycopg.AsyncConnection.connect(dsn, autocommit=True, prepare_threshold=0)
    # What the service asks for, so that the ratio says what the service costs and not what a worse plan does.
    for setting in (b"enable_seqscan = off", b"max_parallel_workers_per_gather = 0", b"plan_cache_mode = force_custom_plan"):
        await bare.execute(b"set " + setting)
    load = f"{activities:,} activities in {interactions:,} interactions of one customer; {made.activities:,} in all, 1 client"
    for name, wanted in questions(made.until, request, last).items():
        pages: list[float] = []
        bares: list[float] = []
        found = 0

        async def page(wanted: JourneyFilter = wanted) -> None:
            nonlocal found
            answer = await service.journey(db, customer, wanted, PAGE)
            found = len(answer.items)
            msgspec.json.encode(answer)

        async def bare_page() -> None:
            rows = await (await bare.execute(BARE, [customer])).fetchall()
            ids = [row[0] for row in rows]
            await (await bare.execute(BARE_PARTS, [ids, min(ids)])).fetchall()

        for warm in range(3 + TIMES):
            taken, plain = await timed(page), await timed(bare_page)
            if warm >= 3:
                pages.append(taken)
                bares.append(plain)
        p50, p95, bare50 = percentile(pages, 0.5), percentile(pages, 0.95), percentile(bares, 0.5)
        say(f"{name}: {found} found, p50 {ms(p50)}, p95 {ms(p95)}, bare {ms(bare50)}")
        report.rows.append(
            Row(
                name=f"{name} p95",
                load=f"{load}; {found} found" if name != "first page" else load,
                value=f"{ms(p95)} (p50 {ms(p50)} = {p50 / bare50:.1f}x)",
                baseline=f"bare SQL, first page p50 {ms(bare50)}, p95 {ms(percentile(bares, 0.95))}",
                bar=f"<= {ms(P95)}" if name in BARRED else "",
                passed=p95 <= P95 if name in BARRED else None,
            )
        )
    await bare.close()
    await db.close()
    return report


def main() -> int:
    """Measure the size named on the command line."""
    size = sys.argv[1] if len(sys.argv) > 1 else "busy"
    made = ensure(size)
    with opened(size) as dsn:
        return asyncio.run(run(size, dsn, made)).close()


if __name__ == "__main__":
    sys.exit(main())
