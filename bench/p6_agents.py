"""P6, as people feel it: four agents work while a file of a million rows is imported.

    python bench/p6_agents.py [rows, default 1000000] [data set, default 1500k]

A real `ringdesk serve` on a copy of the data set. Each agent holds an event stream and, every two seconds over HTTP, asks for a page of the
list, searches, opens a card and saves it. First at rest, then while a supervisor's file is imported (key: e-mail, what a row says
overwrites; 5 % of the rows are bad). Every answer has to be the right one, and every save has to be there at the end.

Bar: the list's p95 at most twice that at rest.
"""

import asyncio
import csv
import hashlib
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx
import uvloop
from generate import SEED, SIZES, ensure, folder_of
from history import agent_id
from measure import CACHE, Report, Row, ms, percentile, say
from p6_import import write_file
from server import serving
from wire import HOST, hang_up, listen

from ringdesk.kit.crypto import Vault
from ringdesk.kit.db import Database
from ringdesk.kit.embedded_postgres import EmbeddedPostgres
from ringdesk.roles.database import migrate_if_needed

FOLDER = CACHE / "agents"
AGENTS = 4
PAUSE_S = 2.0
REST_S = 60.0
# An import that takes longer than this has failed.
PATIENCE_S = 1_800.0
TIMES = 2
SORTS = ("-created_at", "last_name", "display_name", "-updated_at")
WORDS = ("lind", "son", "maria", "0701", "müll", "smith")


async def get_ready(dsn: str) -> list[tuple[UUID, str]]:
    """Sessions of the agents and, last, of a supervisor: who, and the token."""
    db = Database(dsn, size=2, vault=Vault.for_now())
    await db.open()
    who = [(agent_id(place), secrets.token_urlsafe(32)) for place in range(AGENTS + 1)]
    async with db.bulk() as uow:
        # What an upgrade would look at for hours; bench/p13_duplicates.py measures that.
        await uow.run("truncate duplicate_pending")
        await uow.run("update app_user set roles = '{supervisor}' where id = %s", [who[-1][0]])
        for person, token in who:
            await uow.run(
                "insert into session (token_hash, user_id, expires_at) values (%s, %s, now() + interval '2 hours')",
                [hashlib.sha256(token.encode()).digest(), person],
            )
    await db.close()
    return who


class Agent:
    """One agent at work; `took` are seconds by what was asked for."""

    def __init__(self, port: int, token: str, place: int) -> None:
        headers = {"cookie": f"ringdesk_session={token}", "origin": f"http://{HOST}:{port}"}
        self.client = httpx.AsyncClient(base_url=f"http://{HOST}:{port}/api/v1", headers=headers, timeout=60)
        self.random = Random(SEED + place)
        self.place = place
        self.took: dict[str, list[float]] = {}
        self.saved: dict[str, str] = {}
        self.heard = 0

    async def ask(self, what: str, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request and note how long it took. Raises RuntimeError unless it is answered well."""
        began = time.perf_counter()
        answer = await self.client.request(method, path, **options)
        self.took.setdefault(what, []).append(time.perf_counter() - began)
        if answer.status_code != 200:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer

    async def work(self, until: asyncio.Event) -> None:
        """List, search, open, save; every two seconds."""
        turn = 0
        while not until.is_set():
            began = time.perf_counter()
            turn += 1
            listed = (await self.ask("list", "GET", "/customers", params={"sort": SORTS[turn % len(SORTS)]})).json()["items"]
            await self.ask("search", "GET", "/customers", params={"q": self.random.choice(WORDS)})
            card = (await self.ask("card", "GET", f"/customers/{self.random.choice(listed)['id']}")).json()
            # Their own cards: two agents would rightly be told of each other.
            if int(card["id"][-1], 16) % AGENTS == self.place:
                name = f"Saved {turn}"
                answer = await self.ask(
                    "save", "PATCH", f"/customers/{card['id']}", json={"company_name": name}, headers={"if-match": f'"{card["version"]}"'}
                )
                self.saved[card["id"]] = answer.json()["company_name"]
            await asyncio.sleep(max(0.0, PAUSE_S - (time.perf_counter() - began)))


async def work(agents: Sequence[Agent], until: asyncio.Event) -> dict[str, list[float]]:
    """Let them work until the event; what they waited for."""
    for agent in agents:
        agent.took = {}
    await asyncio.gather(*(agent.work(until) for agent in agents))
    return {what: [one for agent in agents for one in agent.took.get(what, [])] for what in ("list", "search", "card", "save")}


async def import_file(port: int, token: str, path: Path, over: asyncio.Event) -> tuple[dict[str, Any], float]:
    """Upload the file, follow it to its end, and say how long it ran; `over` is set then. Raises RuntimeError when it fails."""
    headers = {"cookie": f"ringdesk_session={token}", "origin": f"http://{HOST}:{port}"}
    try:
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}/api/v1", headers=headers, timeout=300) as client:
            with path.open("rb") as file:
                sent = await client.post("/imports", files={"file": file}, data={"key": "email", "on_duplicate": "update"})
            if sent.status_code >= 300:
                raise RuntimeError(f"the file was refused: {sent.text[:500]}")
            began, row = time.perf_counter(), sent.json()
            while row["state"] in ("uploaded", "running") and time.perf_counter() < began + PATIENCE_S:
                await asyncio.sleep(1)
                row = (await client.get(f"/imports/{row['id']}")).json()
            if row["state"] != "done":
                raise RuntimeError(f"the import ended {row['state']}: {row['detail']}")
            return row, time.perf_counter() - began
    finally:
        over.set()


async def run(rows: int, size: str) -> Report:
    """Measure on the copy of this data set, which is gone afterwards."""
    report = Report(bench="p6_agents")
    path = CACHE / "agents.csv"
    with EmbeddedPostgres(FOLDER) as server:
        migrate_if_needed(server.dsn)
        who = await get_ready(server.dsn)
        with serving(FOLDER) as (port, _):
            agents = [Agent(port, token, place) for place, (_, token) in enumerate(who[:AGENTS])]
            streams = []
            for agent, (_, token) in zip(agents, who, strict=False):

                def heard(_: bytes, agent: Agent = agent) -> None:
                    agent.heard += 1

                streams.append(await listen(port, "/api/v1/events", f"ringdesk_session={token}", heard))
            say("four agents at work")
            rest = asyncio.Event()
            asyncio.get_running_loop().call_later(REST_S, rest.set)
            before = await work(agents, rest)
            say(f"the import of {rows:,} rows")
            over = asyncio.Event()
            meanwhile, (row, seconds) = await asyncio.gather(work(agents, over), import_file(port, who[-1][1], path, over))
            lost = 0
            for agent in agents:
                for card, name in agent.saved.items():
                    lost += (await agent.client.get(f"/customers/{card}")).json()["company_name"] != name
                await agent.client.aclose()
            for stream in streams:
                await hang_up(stream)
    with path.open(encoding="utf-8", newline="") as file:
        assert sum(1 for _ in csv.reader(file)) - 1 == row["created"] + row["updated"] + row["ignored"] + row["refused"]
    path.unlink()
    shutil.rmtree(FOLDER)
    load = f"{rows:,} rows into {SIZES[size]:,}, {AGENTS} agents"
    for what in ("list", "search", "card", "save"):
        at_rest, busy = percentile(before[what], 0.95), percentile(meanwhile[what], 0.95)
        barred = what == "list"
        report.rows.append(
            Row(
                name=f"{what} p95 meanwhile",
                load=f"{load}; {len(meanwhile[what])} answers",
                value=f"{ms(busy)} (p50 {ms(percentile(meanwhile[what], 0.5))}, worst {ms(max(meanwhile[what]))})",
                baseline=f"at rest {ms(at_rest)} ({busy / at_rest:.1f}x)",
                bar=f"<= {TIMES}x" if barred else "",
                passed=busy <= TIMES * at_rest if barred else None,
            )
        )
    saved = sum(len(agent.saved) for agent in agents)
    report.rows += [
        Row(
            name="import meanwhile",
            load=load,
            value=f"{rows / seconds:,.0f} rows/s; {row['created']:,} created, {row['refused']:,} refused",
        ),
        Row(
            name="saves that were lost",
            load=f"{saved} cards saved; each stream heard {min(agent.heard for agent in agents):,} pieces at least",
            value=str(lost),
            bar="0",
            passed=lost == 0 and min(agent.heard for agent in agents) > 0,
        ),
    ]
    return report


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for."""
    rows, size = int(arguments[0]) if arguments else 1_000_000, arguments[1] if len(arguments) > 1 else "1500k"
    ensure(size)
    shutil.rmtree(FOLDER, ignore_errors=True)
    # With the owners of its files: the server may run under an account of its own.
    subprocess.run(["cp", "-a", str(folder_of(size)), str(FOLDER)], check=True)
    write_file(CACHE / "agents.csv", rows, 3)
    return uvloop.run(run(rows, size)).close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
