"""P1: who calls? `customers.find_by_phone` at 10 k, 1 M and 5 M customers, against the bare indexed SQL on the same connection.

    python bench/p1_lookup.py [10k 1m 5m]

Bars: p99 <= 5 ms at 1 M customers, p50 <= 3 times the bare SQL, flat from the smallest to the largest size (p50 within a factor of two).
Look-up and bare SQL take turns, so that whatever else the machine does hits both; each with a number of its own: of the same number
the second to ask would find the pages that the first had to fetch. Every number is asked for twice: the bars hold for the second time, when
no figure hangs on what the operating system still had in memory; what the first time takes is told beside it.
"""

import asyncio
import sys
import time
from random import Random

from generate import SEED, SIZES, opened
from measure import Report, Row, ms, percentile, say
from msgspec import Struct, field
from people import number

from ringdesk.features import customers
from ringdesk.kit.crypto import Vault
from ringdesk.kit.db import Database

LOOKUPS = 3_000
REGION = "GB"
# Nobody has it: the tail of the number is looked for as well.
UNKNOWN = 0.1
P99 = 0.005
TIMES_BARE = 3.0
FLAT = 2.0
BARE = (
    "select c.id, c.number, c.display_name, c.kind, c.phone_1, c.email, c.city, c.preferred_language, k.at, c.version,"
    " c.created_at, i.confidence from customer_identity i join customer c on c.id = i.customer_id"
    " left join customer_contact k on k.customer_id = c.id"
    " where i.kind = 'phone' and i.normalised = %s and c.archived_at is null"
)


def as_a_switch_sends_it(e164: str, random: Random) -> str:
    """The number in one of the forms that telephone systems send."""
    draw = random.random()
    if draw < 0.5 or (draw < 0.8 and not e164.startswith("+44")):
        return e164
    if draw < 0.8:
        return "0" + e164[3:]
    return "00" + e164[1:] if draw < 0.95 else e164[1:]


class Taken(Struct):
    """Seconds of each look-up, of each bare query, and of each look-up with its own transaction."""

    service: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    found: int = 0


async def ask(db: Database, total: int) -> Taken:
    """Look up LOOKUPS numbers, the same at each call."""
    random, taken = Random(SEED), Taken()
    for _ in range(LOOKUPS):
        e164, another = (number(random.randrange(total) + (total if random.random() < UNKNOWN else 0)) for _ in range(2))
        asked = as_a_switch_sends_it(e164, random)
        began = time.perf_counter()
        async with db.transaction() as uow:
            started = time.perf_counter()
            matches = await customers.find_by_phone(uow, asked, REGION)
            answered = time.perf_counter()
            cursor = await uow.conn.execute(BARE, [another])
            await cursor.fetchall()
            bare_done = time.perf_counter()
        committed = time.perf_counter()
        taken.service.append(answered - started)
        taken.bare.append(bare_done - answered)
        taken.whole.append(committed - began - (bare_done - answered))
        taken.found += bool(matches)
    return taken


async def measure(db: Database, size: str, report: Report) -> float:
    """Add the rows of one size; its p50 in seconds."""
    total = SIZES[size] * 3
    first, taken = await ask(db, total), await ask(db, total)
    service, bare, whole, found = taken.service, taken.bare, taken.whole, taken.found
    share = found / LOOKUPS
    if not 0.85 < share < 0.95:
        raise RuntimeError(f"{share:.0%} of the numbers were found, where nine of ten exist: the data set or the look-up is wrong")
    p50, p99, bare50, bare99 = percentile(service, 0.5), percentile(service, 0.99), percentile(bare, 0.5), percentile(bare, 0.99)
    load = f"{SIZES[size]:,} customers, {total:,} numbers, 1 client"
    baseline = f"bare SQL p50 {ms(bare50)}, p99 {ms(bare99)}"
    report.rows += [
        Row(name="look-up p99", load=load, value=ms(p99), baseline=baseline, bar=f"<= {ms(P99)}", passed=p99 <= P99),
        Row(
            name="look-up p50",
            load=load,
            value=f"{ms(p50)} = {p50 / bare50:.1f}x",
            baseline=baseline,
            bar=f"<= {TIMES_BARE:.0f}x bare",
            passed=p50 <= TIMES_BARE * bare50,
        ),
        Row(
            name="asked for the first time",
            load=load,
            value=f"p50 {ms(percentile(first.service, 0.5))}, p99 {ms(percentile(first.service, 0.99))}",
            baseline=f"bare SQL p50 {ms(percentile(first.bare, 0.5))}, p99 {ms(percentile(first.bare, 0.99))}",
        ),
        Row(name="with its own transaction", load=load, value=f"p50 {ms(percentile(whole, 0.5))}, p99 {ms(percentile(whole, 0.99))}"),
    ]
    return p50


async def run(sizes: list[str]) -> Report:
    """Measure every size."""
    report = Report(bench="p1_lookup")
    medians: dict[str, float] = {}
    for size in sizes:
        say(f"P1 at {size}")
        with opened(size) as dsn:
            db = Database(dsn, size=2, vault=Vault.for_now())
            await db.open()
            medians[size] = await measure(db, size, report)
            await db.close()
    if len(sizes) > 1:
        small, large = medians[sizes[0]], medians[sizes[-1]]
        report.rows.append(
            Row(
                name="flat",
                load=f"{sizes[0]} to {sizes[-1]} customers",
                value=f"p50 {large / small:.2f}x",
                bar=f"<= {FLAT:.0f}x",
                passed=large <= FLAT * small,
            )
        )
    return report


def main() -> int:
    """Measure the sizes named on the command line."""
    return asyncio.run(run(sys.argv[1:] or ["10k", "1m", "5m"])).close()


if __name__ == "__main__":
    sys.exit(main())
