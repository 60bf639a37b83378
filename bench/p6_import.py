"""P6, as far as it goes now: a CSV file into a base that holds as many customers already, beside COPY of the same rows.

    python bench/p6_import.py [rows, default 100000]

A file of so many rows (5 % of them bad) is imported twice: the first time to fill the tables, the second time measured.
The baseline is COPY of the same customers and identities, rendered beforehand, into a copy of the filled tables with all their indexes.
Memory is the peak of the process that runs the import and of the one that reads the file for it.
"""

import asyncio
import csv
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import psycopg
from measure import CACHE, Report, Row, say
from psycopg import sql

from ringdesk.features.customers.imports import batches
from ringdesk.features.customers.imports.batches import CUSTOMER_COLUMNS, IDENTITY_COLUMNS, NULL, Batch, Plan
from ringdesk.features.customers.imports.command import run_cli_import
from ringdesk.features.customers.imports.detect import detect
from ringdesk.features.customers.imports.mapping import check, guess
from ringdesk.kit.db import Database
from ringdesk.kit.embedded_postgres import EmbeddedPostgres
from ringdesk.kit.settings import Settings
from ringdesk.migrations.runner import migrate

FOLDER = CACHE / "import"
REGION = "SE"
MEMORY_MB = 500
FIRST = ["Ada", "Sven", "Aiko", "Bilal", "Åsa", "Göran", "Märta", "John", "Mary", "Zoë", "Łukasz", "José", "花子", "太郎"]
LAST = ["Lovelace", "Lindström", "Tanaka", "Khan", "Öberg", "Smith", "Müller", "García", "Nowak", "Jensen", "山田", "鈴木"]


def write_file(path: Path, rows: int, seed: int) -> None:
    """Customers with two numbers, an e-mail address, a city and a language; every twentieth first number is none."""
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
            out.writerow([random.choice(FIRST), last, mobile, phone, f"u{seed}.{n}@example{n % 997}.com", "Göteborg", "sv"])


def copy_rendered(dsn: str, found: list[Batch]) -> float:
    """Seconds of COPY alone, one commit a batch."""
    with psycopg.connect(dsn) as conn:
        began = time.perf_counter()
        for batch in found:
            for table, columns, data in (
                ("customer", CUSTOMER_COLUMNS[1:], batch.customers),
                ("customer_identity", IDENTITY_COLUMNS[1:], batch.identities),
            ):
                names = sql.SQL(", ").join(map(sql.Identifier, columns))
                statement = sql.SQL("copy {} ({}) from stdin with (null {})").format(sql.Identifier(table), names, sql.Literal(NULL))
                with conn.cursor().copy(statement) as copy:
                    copy.write(data)
            conn.commit()
        return time.perf_counter() - began


def without_line(batch: Batch) -> Batch:
    """The batch without its first column, which only the import has."""
    for name in ("customers", "identities"):
        setattr(batch, name, b"".join(line.split(b"\t", 1)[1] for line in getattr(batch, name).splitlines(True)))
    return batch


def import_in_process(dsn: str, path: Path) -> dict[str, float]:
    """Run the import in a process of its own: seconds, rows and peak memory."""
    said = subprocess.run([sys.executable, __file__, "--run", dsn, str(path)], check=False, stdout=subprocess.PIPE, text=True)
    return json.loads(said.stdout.splitlines()[-1])


async def _run(dsn: str, path: Path) -> None:
    db = Database(dsn, size=2)
    await db.open()
    began = time.perf_counter()
    await run_cli_import(db, Settings(data_dir=FOLDER / "files", default_region=REGION), path, as_json=True)
    seconds = time.perf_counter() - began
    await db.close()
    peak = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({"seconds": seconds, "own_mb": peak[0], "reader_mb": peak[1]}))


def main(rows: int) -> int:
    """Measure and report; 1 when memory goes beyond its bar."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    report = Report(bench="p6_import")
    files = [FOLDER / "first.csv", FOLDER / "second.csv"]
    for seed, path in enumerate(files):
        write_file(path, rows, seed)
    with EmbeddedPostgres(FOLDER / "postgres") as server, psycopg.connect(server.dsn_of("postgres"), autocommit=True) as conn:
        for name in ("p6_copy", "p6"):
            conn.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        conn.execute("create database p6 encoding 'UTF8' locale 'C.UTF-8' template template0")
        migrate(server.dsn_of("p6"))
        say(f"filling with {rows:,} rows")
        import_in_process(server.dsn_of("p6"), files[0])
        conn.execute("create database p6_copy template p6")
        say("the baseline: COPY alone")
        found = [without_line(batch) for batch in batches.batches(_plan(files[1]))]
        accepted = sum(batch.accepted for batch in found)
        copied = copy_rendered(server.dsn_of("p6_copy"), found)
        found.clear()
        conn.execute("drop database p6_copy with (force)")
        say("the import")
        result = import_in_process(server.dsn_of("p6"), files[1])
    rate, copy_rate = rows / result["seconds"], accepted / copied
    load = f"{rows:,} rows, 5 % bad, into {rows:,}"
    report.rows.append(
        Row(name="import", load=load, value=f"{rate:,.0f} rows/s", baseline=f"COPY {copy_rate:,.0f} rows/s ({rate / copy_rate:.0%})")
    )
    memory = result["own_mb"] + result["reader_mb"]
    value = f"{result['own_mb']:.0f} + {result['reader_mb']:.0f} MB"
    report.rows.append(Row(name="peak memory", load=load, value=value, bar=f"<= {MEMORY_MB} MB", passed=memory <= MEMORY_MB))
    return report.close()


def _plan(path: Path) -> Plan:
    how = detect(path)
    return Plan(str(path), how.encoding, how.delimiter, how.headers, check(guess(how.headers), how.headers), REGION)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        asyncio.run(_run(sys.argv[2], Path(sys.argv[3])))
    else:
        sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 100_000))
