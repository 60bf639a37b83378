"""P2: from a telephone event to the line on the agent's screen, with 500 desks connected.

    python bench/p2_event_to_desk.py [1m]

A real `ringdesk serve` on the data set; 500 agents, logged in to CTI, each with an event stream; a program posts the life of calls
(ringing, answered, ended) to /telephony/events, evenly, first 50 events/s, then 200. Measured from the moment the event is sent to the
moment the agent's stream has its line, so the request itself is in it; all clients run in this process, on the same two cores.

Bars: p50 <= 10 ms and p99 <= 50 ms at 50/s; at 200/s all lines arrive and the queue does not grow.
Baseline: the very statements of a ringing call, recorded from the service and run again in one bare transaction.
"""

import asyncio
import hashlib
import re
import secrets
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

import msgspec
import psycopg
import uvloop
from generate import SEED, SIZES, ensure, folder_of, opened
from history import AGENTS, agent_id, extension
from measure import Report, Row, cpu_of_children, ms, percentile, say
from people import number
from server import serving
from wire import Poster, hang_up, listen

from ringdesk.features import people
from ringdesk.features.telephony import Telephony
from ringdesk.features.telephony.facts import CallerIdentified, CallFact, LegRinging
from ringdesk.kit import clock
from ringdesk.kit.crypto import Vault
from ringdesk.kit.db import Database

CLIENTS = AGENTS
WARM_SECONDS = 5
SECONDS = {50: 20, 200: 15}
POSTERS = 32
BASELINE_CALLS = 200
# A line that took longer than this was not "sustained".
PATIENCE_S = 5.0
P50, P99 = 0.010, 0.050
_CALL = re.compile(rb'event: call\.changed\ndata: [^\n]*?"caller_name": ?"bench-(\d+)"[^\n]*\n')
_STATE = re.compile(rb'"state": ?"(\w+)"')
STATES = {"ringing": "ringing", "answered": "talking", "ended": "wrap_up"}


class Screens:
    """What the agents' streams have heard, and who waits to hear it."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[int, str], float] = {}
        self.latencies: list[tuple[float, float]] = []
        """When an event was sent, and after how long its line was there (seconds)."""
        self.quiet = asyncio.Event()
        """Set while nobody waits for a line."""

    def expect(self, call: int, state: str) -> None:
        """An event is about to be sent."""
        self._waiting[call, state] = time.perf_counter()
        self.quiet.clear()

    def missing(self) -> int:
        """How many lines have not come."""
        return len(self._waiting)

    def forget(self) -> None:
        """Begin anew."""
        self._waiting.clear()
        self.latencies = []

    def ear(self) -> Callable[[bytes], None]:
        """What one stream's bytes are given to."""
        rest = b""

        def heard(piece: bytes) -> None:
            nonlocal rest
            now = time.perf_counter()
            *entries, rest = (rest + piece).split(b"\n\n")
            for entry in entries:
                if (found := _CALL.search(entry + b"\n")) and (state := _STATE.search(found.group())):
                    sent = self._waiting.pop((int(found[1]), state[1].decode()), None)
                    if sent is not None:
                        self.latencies.append((sent, now - sent))
                        if not self._waiting:
                            self.quiet.set()

        return heard


async def drive(port: int, key: str, screens: Screens, *, rate: int, seconds: float, first_call: int) -> tuple[int, float]:
    """Post events evenly for so long; how many, and how many a second they came to."""
    posters: asyncio.Queue[Poster] = asyncio.Queue()
    for _ in range(POSTERS):
        posters.put_nowait(Poster(port, "/api/v1/telephony/events", key))
    random = Random(SEED)
    total = int(rate * seconds)
    # Each call lives for three events; its neighbours' events lie between them, as on a busy switchboard.
    calls, kinds = total // 3, tuple(STATES)
    gap = 3 * max(1, rate // 6)
    order = sorted((call * 3 + place * gap, call, place) for call in range(calls) for place in range(3))
    began = time.perf_counter()

    async def send(call: int, kind: str, caller: str) -> None:
        poster = await posters.get()
        agent = call % CLIENTS
        body = {
            "call_id": f"bench-{began}-{call}",
            "caller_phone_number": caller,
            "caller_name": f"bench-{first_call + call}",
            "call_agent_extension": extension(agent),
            "event": kind,
            "queue": "support",
        }
        screens.expect(first_call + call, STATES[kind])
        status, answer = await poster.post(msgspec.json.encode(body))
        posters.put_nowait(poster)
        if status != 202:
            raise RuntimeError(f"the event was refused with {status}: {answer[:300]!r}")

    callers = [number(random.randrange(SIZES["10k"] * 3)) for _ in range(calls)]
    async with asyncio.TaskGroup() as group:
        for place_in_time, (_, call, place) in enumerate(order):
            await asyncio.sleep(began + place_in_time / rate - time.perf_counter())
            group.create_task(send(call, kinds[place], callers[call]))
    took = time.perf_counter() - began
    with suppress(TimeoutError):
        await asyncio.wait_for(screens.quiet.wait(), PATIENCE_S)
    for _ in range(POSTERS):
        await posters.get_nowait().close()
    return len(order), len(order) / took


async def bare_transactions(dsn: str) -> list[float]:
    """Seconds per bare transaction with the statements of a ringing call, each recorded from the service just before."""
    db = Database(dsn, size=2, vault=Vault.for_now())
    await db.open()
    telephony = Telephony(db, region="GB")
    random = Random(SEED + 1)
    took: list[float] = []
    async with await psycopg.AsyncConnection.connect(dsn, prepare_threshold=2) as conn:
        for i in range(BASELINE_CALLS):
            call_id, leg = f"baseline-{secrets.token_hex(4)}-{i}", extension(i % CLIENTS)
            facts: list[CallFact] = [
                CallerIdentified(
                    source="events", call_id=call_id, at=clock.now(), ani=number(random.randrange(30_000)), caller_name="baseline"
                ),
                LegRinging(source="events", call_id=call_id, at=clock.now(), leg_id=leg, extension=leg),
            ]
            statements = await record(db, telephony, facts)
            started = time.perf_counter()
            for query, params in statements:
                await conn.execute(query, params)
            await conn.commit()
            if i >= BASELINE_CALLS // 10:
                took.append(time.perf_counter() - started)
    await db.close()
    return took


class _Undo(Exception):
    """Ends a recording without leaving rows."""


async def record(db: Database, telephony: Telephony, facts: list[CallFact]) -> list[tuple[Any, Any]]:
    """The statements that the service sends for these facts; nothing of it is committed."""
    statements: list[tuple[Any, Any]] = []
    genuine = psycopg.AsyncCursor.execute

    async def execute(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        statements.append((query, params))
        return await genuine(self, query, params, **options)

    try:
        async with db.transaction() as uow:
            psycopg.AsyncCursor.execute = execute
            try:
                await telephony.take_calls(uow, [facts])
            finally:
                psycopg.AsyncCursor.execute = genuine
            statements.append(("select log_events(%s::jsonb)", [msgspec.json.encode(uow.events).decode()]))
            raise _Undo
    except _Undo:
        return statements


async def get_ready(dsn: str) -> tuple[str, list[str]]:
    """Clear what an earlier run left; an API key, and a session token for each agent."""
    tokens = [secrets.token_urlsafe(32) for _ in range(CLIENTS)]
    db = Database(dsn, size=2, vault=Vault.for_now())
    await db.open()
    async with db.bulk() as uow:
        await uow.conn.execute("truncate call, desk_call, desk_customer, cti_login, session")
        # Cards to be compared with all others after an upgrade: hours after it there are none, and p13_duplicates measures that work.
        await uow.conn.execute("truncate duplicate_pending")
        await uow.conn.execute("delete from interaction where source = 'events'")
        await uow.conn.execute("update team set wrap_up_seconds = 20")
        await uow.conn.execute("delete from api_key where name like 'bench-%%'")
        async with uow.conn.cursor() as cursor:
            await cursor.executemany(
                "insert into session (token_hash, user_id, expires_at) values (%s, %s, now() + interval '1 hour')",
                [(hashlib.sha256(token.encode()).digest(), agent_id(i)) for i, token in enumerate(tokens)],
            )
            await cursor.executemany("insert into cti_login (user_id) values (%s)", [(agent_id(i),) for i in range(CLIENTS)])
    key = await people.create_key(db, None, name=f"bench-{secrets.token_hex(4)}", scopes=["telephony:write"])
    await db.close()
    return key.key, tokens


async def run(size: str) -> Report:
    """Measure on the data set of this size."""
    report = Report(bench="p2_event_to_desk")
    made = ensure(size)
    rows = f"{made.customers:,} customers, {made.activities:,} activities, {CLIENTS} streams"
    with opened(size) as dsn:
        key, tokens = await get_ready(dsn)
        say("P2: the bare transactions")
        bare = await bare_transactions(dsn)
        baseline = f"bare transaction p50 {ms(percentile(bare, 0.5))}, p99 {ms(percentile(bare, 0.99))}"
        used, total = cpu_of_children(), 0
        with serving(folder_of(size)) as (port, _):
            screens = Screens()
            streams = [await listen(port, "/api/v1/events", f"ringdesk_session={token}", screens.ear()) for token in tokens]
            say(f"P2: {len(streams)} streams; warming up")
            total, _ = await drive(port, key, screens, rate=50, seconds=WARM_SECONDS, first_call=0)
            for place, (rate, seconds) in enumerate(SECONDS.items(), 1):
                screens.forget()
                say(f"P2: {rate} events/s for {seconds} s")
                sent, reached = await drive(port, key, screens, rate=rate, seconds=seconds, first_call=place * 1_000_000)
                total += sent
                report.rows.append(_row(rate, sent, reached, screens, rows, baseline))
            for stream in streams:
                await hang_up(stream)
        spent = (cpu_of_children() - used) / total
        report.rows.append(Row(name="CPU of all roles", load=f"{total} events, start and stop included", value=f"{ms(spent)} an event"))
    return report


def _row(rate: int, sent: int, reached: float, screens: Screens, rows: str, baseline: str) -> Row:
    ordered = [latency for _, latency in sorted(screens.latencies)]
    p50, p99 = percentile(ordered, 0.5), percentile(ordered, 0.99)
    quarter = max(len(ordered) // 4, 1)
    first, last = percentile(ordered[:quarter], 0.5), percentile(ordered[-quarter:], 0.5)
    arrived = not screens.missing()
    value = f"p50 {ms(p50)}, p99 {ms(p99)}; {sent - screens.missing()} of {sent} lines, {reached:.0f}/s"
    if rate == 50:
        return Row(
            name="event to screen",
            load=f"{rate} events/s; {rows}",
            value=value,
            baseline=baseline,
            bar=f"p50 <= {ms(P50)}, p99 <= {ms(P99)}",
            passed=arrived and p50 <= P50 and p99 <= P99,
        )
    # A queue that grows shows as a last quarter that is much slower than the first.
    steady = last <= max(3 * first, P99)
    return Row(
        name="event to screen, sustained",
        load=f"{rate} events/s; {rows}",
        value=f"{value}; median of the first quarter {ms(first)}, of the last {ms(last)}",
        baseline=baseline,
        bar=f"all lines, {rate}/s, no growing queue",
        passed=arrived and steady and reached >= 0.97 * rate,
    )


def main() -> int:
    """Measure on the size named on the command line."""
    return uvloop.run(run(sys.argv[1] if len(sys.argv) > 1 else "1m")).close()


if __name__ == "__main__":
    sys.exit(main())
