"""P6: a CSV file into a base that holds as many customers already, beside COPY of the same rows, while agents look at the list.

    python bench/p6_import.py [rows, default 100000]

A file of so many rows fills the tables; a second one, in which 5 % of the rows are about customers of the first and 5 % are bad, is
checked (the dry run), imported (key: e-mail, what the row says overwrites), and undone. The baseline is COPY of the same customers and
identities, rendered beforehand, into a copy of the filled tables with all their indexes. Memory is the peak of the process that runs the
import and of the one that reads the file for it. The list is asked for its first page in three orders, at rest and while the import runs.
"""

import asyncio
import csv
import json
import resource
import subprocess
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from generate import as_in_table
from measure import CACHE, Report, Row, ms, percentile, say
from psycopg import sql

from ringdesk.features.customers import listing
from ringdesk.features.customers.imports import batches, service, store
from ringdesk.features.customers.imports.batches import CUSTOMER_COLUMNS, IDENTITY_COLUMNS, NULL, Batch, Plan
from ringdesk.features.customers.imports.command import run_cli_import
from ringdesk.features.customers.imports.detect import detect
from ringdesk.features.customers.imports.engine import run
from ringdesk.features.customers.imports.mapping import check, guess
from ringdesk.features.people import Actor
from ringdesk.kit.crypto import Vault
from ringdesk.kit.db import Database
from ringdesk.kit.embedded_postgres import EmbeddedPostgres
from ringdesk.kit.settings import Settings
from ringdesk.migrations.runner import migrate

FOLDER = CACHE / "import"
REGION = "SE"
MEMORY_MB = 500
RATE = 15_000
LIST_TIMES = 2
FIRST = ["Ada", "Sven", "Aiko", "Bilal", "Åsa", "Göran", "Märta", "John", "Mary", "Zoë", "Łukasz", "José", "花子", "太郎"]
LAST = ["Lovelace", "Lindström", "Tanaka", "Khan", "Öberg", "Smith", "Müller", "García", "Nowak", "Jensen", "山田", "鈴木"]


def write_file(path: Path, rows: int, seed: int, *, known: int | None = None) -> None:
    """Customers with two numbers, an e-mail address, a city and a language; every twentieth first number is none.

    With `known` every twentieth row has the e-mail address of a good row of the file of that seed.
    """
    random = Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["First Name", "Last Name", "Mobile", "Phone", "E-mail", "City", "Language"])
        for n in range(rows):
            mobile = (
                f"070-{random.randrange(1000):03} {random.randrange(100):02} {random.randrange(100):02}"
                if n % 2
                else f"+447700 9{n % 100_000:05}"
            )
            if n % 20 == 0:
                mobile = f"call me {n}"
            last = f"{random.choice(LAST)} {random.randrange(rows)}"
            phone = f"08-{random.randrange(100_000, 1_000_000)}"
            of = known if known is not None and n % 20 == 10 else seed
            out.writerow([random.choice(FIRST), last, mobile, phone, f"u{of}.{n}@example{n % 997}.com", "Göteborg", "sv"])


def copy_rendered(dsn: str, found: list[Batch]) -> float:
    """Seconds of COPY alone, one commit a batch."""
    with psycopg.connect(dsn) as conn:
        began = time.perf_counter()
        for batch in found:
            for table, columns, data in (
                ("customer", CUSTOMER_COLUMNS[1:-2], batch.customers),
                ("customer_identity", IDENTITY_COLUMNS[1:], batch.identities),
            ):
                names = sql.SQL(", ").join(map(sql.Identifier, columns))
                statement = sql.SQL("copy {} ({}) from stdin with (null {})").format(sql.Identifier(table), names, sql.Literal(NULL))
                with conn.cursor().copy(statement) as copy:
                    copy.write(data)
            conn.commit()
        return time.perf_counter() - began


def without_line(batch: Batch) -> Batch:
    """The batch without its first column and the last two of customers, which only the import has."""
    batch.identities = as_in_table(batch.identities)
    batch.customers = as_in_table(batch.customers, 2)
    return batch


Result = dict[str, float]


async def in_process(dsn: str, path: Path, act: str) -> Result:
    """Fill, check, import or undo in a process of its own: seconds, counts and peak memory."""
    process = await asyncio.create_subprocess_exec(sys.executable, __file__, f"--{act}", dsn, str(path), stdout=subprocess.PIPE)
    said, _ = await process.communicate()
    return json.loads(said.splitlines()[-1])


async def _act(act: str, dsn: str, path: Path) -> None:
    db = Database(dsn, size=2, vault=Vault.for_now())
    await db.open()
    settings = Settings(data_dir=FOLDER / "files", default_region=REGION)
    keyed: dict[str, Any] = {} if act == "fill" else {"key": "email", "on_duplicate": "update"}
    counts: dict[str, float] = {}
    began = time.perf_counter()
    if act == "undo":
        async with db.transaction() as uow:
            newest = (await store.newest(uow))[0]
        await service.undo(db, Actor(id=None, name="Ada", kind="user", rights=frozenset()), newest.id)
        row = await run(db, settings.data_dir, newest.id)
        assert row
        assert row.undo
        counts = {"removed": row.undo.removed, "restored": row.undo.restored, "kept": row.undo.kept}
    else:
        await run_cli_import(db, settings, path, dry_run=act == "check", as_json=True, **keyed)
    seconds = time.perf_counter() - began
    await db.close()
    peak = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({"seconds": seconds, "own_mb": peak[0], "reader_mb": peak[1]} | counts))


ORDERS = ("-created_at", "last_name", "email")


async def look_at_list(db: Database, until: asyncio.Event, least: int) -> list[float]:
    """Seconds of first pages of the list, one after the other as an agent asks for them, until the event and at least so many."""
    times: list[float] = []
    while not until.is_set() or len(times) < least:
        began = time.perf_counter()
        async with db.transaction() as uow:
            await listing.page(uow, [("sort", ORDERS[len(times) % len(ORDERS)])], REGION)
        times.append(time.perf_counter() - began)
        await asyncio.sleep(0.05)
    return times


async def while_looking(dsn: str, work: Coroutine[Any, Any, Result]) -> tuple[Result, list[float], list[float]]:
    """The work's result, and the list's times at rest and during it."""
    db = Database(dsn, size=2, vault=Vault.for_now())
    await db.open()
    over = asyncio.Event()
    over.set()
    await look_at_list(db, over, 30)
    rest = await look_at_list(db, over, 90)
    over.clear()
    looking = asyncio.create_task(look_at_list(db, over, 0))
    result = await work
    over.set()
    busy = await looking
    await db.close()
    return result, rest, busy


def main(rows: int) -> int:
    """Measure and report; 1 when a bar is missed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    report = Report(bench="p6_import")
    files = [FOLDER / "first.csv", FOLDER / "second.csv"]
    write_file(files[0], rows, 0)
    write_file(files[1], rows, 1, known=0)
    with EmbeddedPostgres(FOLDER / "postgres") as server, psycopg.connect(server.dsn_of("postgres"), autocommit=True) as conn:
        for name in ("p6_copy", "p6"):
            conn.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        conn.execute("create database p6 encoding 'UTF8' locale 'C.UTF-8' template template0")
        dsn = server.dsn_of("p6")
        migrate(dsn)
        say(f"filling with {rows:,} rows")
        asyncio.run(in_process(dsn, files[0], "fill"))
        with psycopg.connect(dsn, autocommit=True) as filled:
            filled.execute("vacuum analyze")
        conn.execute("create database p6_copy template p6")
        say("the baseline: COPY alone")
        found = [without_line(batch) for batch in batches.batches(_plan(files[1]))]
        accepted = sum(batch.accepted for batch in found)
        copied = copy_rendered(server.dsn_of("p6_copy"), found)
        found.clear()
        conn.execute("drop database p6_copy with (force)")
        say("the check")
        checked = asyncio.run(in_process(dsn, files[1], "check"))
        say("the import")
        result, rest, busy = asyncio.run(while_looking(dsn, in_process(dsn, files[1], "import")))
        say("the undo")
        undone = asyncio.run(in_process(dsn, files[1], "undo"))
    load = f"{rows:,} rows, 5 % known, 5 % bad, into {rows:,}"
    rate, copy_rate = rows / result["seconds"], accepted / copied
    copy = f"COPY {copy_rate:,.0f} rows/s ({rate / copy_rate:.0%})"
    report.rows += [
        Row(name="import", load=load, value=f"{rate:,.0f} rows/s", baseline=copy, bar=f">= {RATE:,} rows/s", passed=rate >= RATE),
        Row(name="check (dry run)", load=load, value=f"{rows / checked['seconds']:,.0f} rows/s"),
        _memory(load, result),
        _list(load, rest, busy),
        Row(
            name="undo",
            load=f"{undone['removed']:,.0f} removed, {undone['restored']:,.0f} restored, {undone['kept']:,.0f} kept",
            value=f"{(undone['removed'] + undone['restored']) / undone['seconds']:,.0f} customers/s",
        ),
    ]
    return report.close()


def _memory(load: str, result: Result) -> Row:
    memory = result["own_mb"] + result["reader_mb"]
    value = f"{result['own_mb']:.0f} + {result['reader_mb']:.0f} MB"
    return Row(name="peak memory", load=load, value=value, bar=f"<= {MEMORY_MB} MB", passed=memory <= MEMORY_MB)


def _list(load: str, rest: list[float], busy: list[float]) -> Row:
    at_rest, meanwhile = percentile(rest, 0.95), percentile(busy, 0.95)
    return Row(
        name="agents' list p95 meanwhile",
        load=f"{load}; {len(busy)} pages",
        value=ms(meanwhile),
        baseline=f"at rest {ms(at_rest)} ({meanwhile / at_rest:.1f}x)",
        bar=f"<= {LIST_TIMES}x",
        passed=meanwhile <= LIST_TIMES * at_rest,
    )


def _plan(path: Path) -> Plan:
    how = detect(path)
    return Plan(str(path), how.encoding, how.delimiter, how.headers, check(guess(how.headers), how.headers), REGION)


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1].startswith("--"):
        asyncio.run(_act(sys.argv[1][2:], sys.argv[2], Path(sys.argv[3])))
    else:
        sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 100_000))
