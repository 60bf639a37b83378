"""P4: quick search and searches in several columns, at 1.5 M customers.

    python bench/p4_search.py [1500k]

Bar: p95 <= 100 ms over fragments of names, numbers and mail addresses, common and rare, of two letters, Japanese, several at once, and of
nothing. Each is asked for through `listing.page`, as the API does, with its count. Baseline: the same fragments by a straight LIKE on the
trigram index, newest first.
"""

import asyncio
import sys
import time
from datetime import UTC, datetime
from random import Random

from generate import SEED, SIZES, opened
from measure import Report, Row, ms, percentile, say
from people import People, number

from ringdesk.features.customers import listing, rules
from ringdesk.kit.crypto import Vault
from ringdesk.kit.db import Database

REGION = "GB"
ROUNDS = 3
P95 = 0.100
EACH = 12


def questions(customers: int) -> dict[str, list[list[tuple[str, str]]]]:
    """What is asked, by what it is: parameters of an address line."""
    random, people = Random(SEED), People(customers, datetime.now(UTC), SEED)
    drafts = [people.draft(random.randrange(customers)) for _ in range(600)]
    last = [draft.last_name for draft in drafts if draft.last_name]
    latin = [name for name in last if name.isascii()]
    cjk = [name for name in last if not name.isascii() and any("\u3040" <= char <= "\u9fff" for char in name)]
    numbers = [number(random.randrange(customers * 3)) for _ in range(EACH)]
    mails = [draft.email.raw for draft in drafts if draft.email]
    cities = [draft.addresses[0].city for draft in drafts if draft.addresses]

    def q(*texts: str) -> list[list[tuple[str, str]]]:
        return [[("q", text)] for text in texts]

    return {
        "whole last names": q(*latin[:EACH]),
        "fragments of names": q(*[name[1:4] for name in latin if len(name) > 4][:EACH]),
        "two letters": q(*[name[:2] for name in latin][:EACH]),
        "Japanese": q(*cjk[:EACH], *[name[:1] for name in cjk[:EACH]]),
        "whole numbers": q(*numbers),
        "fragments of numbers": q(*[text[3:8] for text in numbers], *[text[-4:] for text in numbers]),
        "mail": q(*[mail.split("@")[0] for mail in mails[:EACH]], "example", "@example.com"),
        "first and last name": q(*[f"{draft.first_name} {draft.last_name}" for draft in drafts if draft.last_name.isascii()][:EACH]),
        "name and number": q(*[f"{draft.last_name[:3]} {reach.raw[-5:-1]}" for draft in drafts for reach in draft.phones.values()][:EACH]),
        "nobody": q("zqxzqx", "qqq", "0000000000001"),
        "several columns": [
            [("last_name.contains", latin[place][:3]), ("city.starts", cities[place][:3]), ("email.contains", "example")]
            for place in range(EACH)
        ],
    }


async def ask(db: Database, parameters: list[tuple[str, str]]) -> tuple[float, int]:
    """Seconds for one search, and how many it says there are."""
    started = time.perf_counter()
    async with db.transaction() as uow:
        found = await listing.page(uow, parameters, REGION)
    return time.perf_counter() - started, found.total


async def bare(db: Database, text: str) -> float:
    """Seconds for the same fragments by LIKE."""
    started = time.perf_counter()
    async with db.transaction() as uow:
        likes = " and ".join("search_text like %s" for _ in rules.search_fragments(text))
        cursor = await uow.conn.execute(
            f"select * from customer where archived_at is null and {likes} order by created_at desc limit 50".encode(),
            [f"%{fragment}%" for fragment in rules.search_fragments(text)],
        )
        await cursor.fetchall()
    return time.perf_counter() - started


async def run(size: str) -> Report:
    """Measure one size."""
    report = Report(bench="p4_search")
    say(f"P4 at {size}")
    every: list[float] = []
    with opened(size) as dsn:
        db = Database(dsn, size=2, vault=Vault.for_now())
        await db.open()
        load = f"{SIZES[size]:,} customers, 1 client"
        for name, asked in questions(SIZES[size]).items():
            for parameters in asked:
                await ask(db, parameters)
            taken = [(await ask(db, parameters))[0] for _ in range(ROUNDS) for parameters in asked]
            straight = [await bare(db, parameters[0][1]) for parameters in asked if parameters[0][0] == "q" and len(parameters[0][1]) > 2]
            every += taken
            worst = max(asked, key=lambda parameters: taken[asked.index(parameters)])
            say(f"  {name:22} p50 {ms(percentile(taken, 0.5)):>9} p95 {ms(percentile(taken, 0.95)):>9} worst {worst}")
            report.rows.append(
                Row(
                    name=name,
                    load=load,
                    value=f"p50 {ms(percentile(taken, 0.5))}, p95 {ms(percentile(taken, 0.95))}",
                    baseline=f"LIKE p50 {ms(percentile(straight, 0.5))}, p95 {ms(percentile(straight, 0.95))}" if straight else "",
                )
            )
        await db.close()
    p95 = percentile(every, 0.95)
    report.rows.append(Row(name="all searches p95", load=load, value=ms(p95), bar=f"<= {ms(P95)}", passed=p95 <= P95))
    return report


def main() -> int:
    """Measure the size named on the command line."""
    return asyncio.run(run(sys.argv[1] if len(sys.argv) > 1 else "1500k")).close()


if __name__ == "__main__":
    sys.exit(main())
