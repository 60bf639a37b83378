"""Fills databases with customers, numbers and two years of history, as the benches need them.

    python bench/generate.py                1 M customers, 3 M numbers, 10 M activities
    python bench/generate.py 10k 1m 5m      these sizes; 5m has customers and numbers only
    python bench/generate.py busy           100 k customers, one of whom has 100,000 of the million activities
    python bench/generate.py 1500k          for lists: customers with attributes and last contacts, without history

A data set is kept in `.cache/bench/<size>`, a PostgreSQL data directory of its own, and made again only when it is missing
or of another schema or generator. The same size and seed give the same rows; history ends at the midnight (UTC) before it was made.
"""

import argparse
import fcntl
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import lean
import msgspec
import psycopg
from history import AGENTS, CODES, NULL, TEAMS, History, agent_id, agent_name, extension
from measure import CACHE
from people import People, key
from psycopg import sql

from ringdesk.features.customers.imports.batches import CUSTOMER_COLUMNS, IDENTITY_COLUMNS, Rendering
from ringdesk.features.customers.imports.batches import NULL as COPY_NULL
from ringdesk.features.customers.imports.overwriting import Row
from ringdesk.features.customers.models import PHONE_SLOTS, Draft
from ringdesk.features.customers.rules import derive
from ringdesk.kit.embedded_postgres import EmbeddedPostgres
from ringdesk.migrations.runner import migrate
from ringdesk.roles.database import migrate_if_needed

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000, "1500k": 1_500_000, "busy": 100_000, "5m": 5_000_000}
# Nothing but look-up is measured at this size: no history, and no text for quick search.
LEAN = {"5m"}
# The share of conversations that one customer has beside their own: with it they come to 100,000 activities of a million.
BUSIEST = {"busy": 0.09}
# Nothing but lists and searches is measured at this size.
LISTED = {"1500k"}
SEED = 22
MONTHS = 24
# Raise it when the rows that come out change: kept data sets are then made again.
GENERATOR = 3
LOADED = ("customer", "customer_contact", "customer_identity", "interaction", "activity", "activity_comment")
Connection = psycopg.Connection[Any]


class Made(msgspec.Struct, kw_only=True):
    """What a kept data set holds (`made.json` in its folder)."""

    customers: int
    numbers: int
    interactions: int
    activities: int
    comments: int
    until: datetime
    seed: int
    fingerprint: str
    seconds: dict[str, float]


def fingerprint() -> str:
    """Changes with the schema and with the generator."""
    digest = hashlib.sha256(f"{GENERATOR} {SEED} {MONTHS}".encode())
    for file in sorted((Path(__file__).parent.parent / "src/ringdesk/migrations/versions").glob("*.sql")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def folder_of(size: str) -> Path:
    """Where the data set of this size lies."""
    return CACHE / size


def made(size: str) -> Made | None:
    """What lies there, or None when nothing usable does."""
    file = folder_of(size) / "made.json"
    if not file.exists():
        return None
    found = msgspec.json.decode(file.read_bytes(), type=Made)
    return found if found.fingerprint == fingerprint() else None


def ensure(size: str) -> Made:
    """The data set of this size, made now if need be; who comes while it is being made waits."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{size}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return made(size) or _make(size)


@contextmanager
def opened(size: str) -> Iterator[str]:
    """The running server of the data set, at the newest schema; its connection string."""
    ensure(size)
    with EmbeddedPostgres(folder_of(size)) as server:
        migrate_if_needed(server.dsn)
        yield server.dsn


def _make(size: str) -> Made:
    folder = folder_of(size)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with EmbeddedPostgres(folder) as server:
        migrate(server.dsn)
        with psycopg.connect(server.dsn, autocommit=True) as conn, psycopg.connect(server.dsn, autocommit=True) as other:
            if size in LEAN:
                result = load_lean(conn, SIZES[size])
            elif size in LISTED:
                result = load_listed(conn, other, SIZES[size])
            else:
                result = load(conn, other, SIZES[size], busiest=BUSIEST.get(size, 0.0))
    (folder / "made.json").write_bytes(msgspec.json.format(msgspec.json.encode(result)))
    return result


def load(conn: Connection, other: Connection, customers: int, *, busiest: float = 0.0) -> Made:
    """Fill the empty schema behind both connections (two COPY at a time) with `customers` and ten activities for each."""
    seconds: dict[str, float] = {}
    until = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    people = People(customers, until, SEED)
    history = History(people, activities=customers * 10, months=MONTHS, until=until, seed=SEED, busiest=busiest)
    for each in (conn, other):
        # Nothing here must survive a crash: a set that is not complete is made again.
        each.execute("set synchronous_commit = off; set timezone = 'UTC'; set maintenance_work_mem = '1GB'")
    _colleagues(conn)
    for month in history.months():
        for parent in ("interaction", "activity", "audit_entry"):
            conn.execute("select make_month_partition(%s, %s::date)", [parent, month])
    with _timed(seconds, "indexes dropped and rebuilt"):
        rebuild = _drop_indexes(conn)
    with _timed(seconds, "history copied"):
        for batch in history.batches():
            _copy(conn, f"activity_{batch.month}", _ACTIVITY, batch.activities)
            _copy(other, f"interaction_{batch.month}", _INTERACTION, batch.interactions)
            _copy(other, "activity_comment", _COMMENT, batch.comments)
    with _timed(seconds, "customers copied"):
        numbers = _customers(conn, other, people, history.last_contact)
    with _timed(seconds, "indexes dropped and rebuilt"):
        for statement in rebuild:
            conn.execute(statement.encode())
    with _timed(seconds, "vacuumed and analysed"):
        conn.execute("vacuum (analyze)")
        conn.execute("checkpoint")
    return Made(
        customers=customers,
        numbers=numbers,
        interactions=history.interactions,
        activities=customers * 10,
        comments=history.comments,
        until=until,
        seed=SEED,
        fingerprint=fingerprint(),
        seconds={name: round(value, 1) for name, value in seconds.items()},
    )


def load_listed(conn: Connection, other: Connection, customers: int) -> Made:
    """Fill the empty schema with `customers`, their numbers, when they were last in touch, and three attributes that lists use."""
    seconds: dict[str, float] = {}
    until = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    people = People(customers, until, SEED)
    random = Random(SEED)
    # As the history has it: a third were never in touch.
    contacts = [
        0 if random.random() < 0.33 else (int(until.timestamp()) - random.randrange(63_000_000)) << 10 | i % 500 for i in range(customers)
    ]
    for each in (conn, other):
        each.execute("set synchronous_commit = off; set timezone = 'UTC'; set maintenance_work_mem = '1GB'")
    _colleagues(conn)
    with _timed(seconds, "indexes dropped and rebuilt"):
        rebuild = _drop_indexes(conn)
    with _timed(seconds, "customers copied"):
        numbers = _customers(conn, other, people, contacts, attributes_of)
    with _timed(seconds, "indexes dropped and rebuilt"):
        for statement in rebuild:
            conn.execute(statement.encode())
    with _timed(seconds, "vacuumed and analysed"):
        conn.execute("vacuum (analyze)")
        conn.execute("checkpoint")
    return Made(
        customers=customers,
        numbers=numbers,
        interactions=0,
        activities=0,
        comments=0,
        until=until,
        seed=SEED,
        fingerprint=fingerprint(),
        seconds={name: round(value, 1) for name, value in seconds.items()},
    )


TIERS = ("Basic", "Silver", "Gold", "Platinum")
WORDS = ("renewal", "invoice", "address", "complaint", "upgrade", "moving", "warranty", "delivery", "password", "contract")


def attributes_of(i: int) -> str:
    """Three attributes of the customer with this index: of four customers three have a tier, half a balance, a tenth a note."""
    values: dict[str, object] = {}
    if i % 4:
        values["tier"] = TIERS[i * 7 % 4]
    if i % 2:
        values["balance"] = f"{i * 7919 % 1_000_000 / 100:.2f}"
    if i % 10 == 3:
        values["note"] = f"{WORDS[i // 10 % 10]} {WORDS[i // 100 % 10]} {i:07}"
    return msgspec.json.encode(values).decode()


def load_lean(conn: Connection, customers: int) -> Made:
    """Fill the empty schema with `customers` and their numbers only."""
    seconds: dict[str, float] = {}
    until = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    conn.execute("set synchronous_commit = off; set timezone = 'UTC'; set maintenance_work_mem = '1GB'")
    _colleagues(conn)
    with _timed(seconds, "indexes dropped and rebuilt"):
        rebuild = _drop_indexes(conn)
    with _timed(seconds, "customers and numbers made"):
        numbers = lean.fill(conn, People(customers, until, SEED))
    with _timed(seconds, "indexes dropped and rebuilt"):
        for statement in rebuild:
            conn.execute(statement.encode())
    with _timed(seconds, "vacuumed and analysed"):
        conn.execute("vacuum (analyze)")
        conn.execute("checkpoint")
    return Made(
        customers=customers,
        numbers=numbers,
        interactions=0,
        activities=0,
        comments=0,
        until=until,
        seed=SEED,
        fingerprint=fingerprint(),
        seconds={name: round(value, 1) for name, value in seconds.items()},
    )


_INTERACTION = (
    "id, customer_id, channel, direction, ani, dnis, queue, started_at, answered_at, ended_at, duration_s, type, state, result,"
    " source, external_id, agents"
)
_ACTIVITY = (
    "id, interaction_id, kind, call_type, agent_id, agent_name, team_name, extension, started_at, answered_at, ended_at, duration_s,"
    " outcome, leg_id, code"
)
_COMMENT = "id, activity_id, interaction_id, author_id, author_name, text, at"
_CUSTOMER = (
    "id, number, kind, first_name, last_name, company_name, display_name, sort_name, search_text, addresses, preferred_language,"
    " phone_1, phone_2, phone_3, phone_4, phone_5, email, city, created_at, updated_at, attributes"
)
_CONTACT = "customer_id, at, channel, agent"
_IDENTITY = "id, customer_id, kind, raw, normalised, position, created_at"


def _copy(conn: Connection, table: str, columns: str, rows: str) -> None:
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns.split(", ")))
    )
    with conn.cursor().copy(statement) as copy:
        copy.write(rows)


def as_in_table(data: bytes, beside: int = 0) -> bytes:
    """Rendered rows without the line of the file, and without so many columns at the end by which only an import decides."""
    return b"".join(row.split(b"\t", 1)[1].rsplit(b"\t", beside)[0] + b"\n" for row in data.splitlines())


def load_drafts(conn: Connection, drafts: Iterator[Draft]) -> None:
    """Fill the customers and identities of an empty schema with these cards."""
    conn.execute("set synchronous_commit = off; set timezone = 'UTC'; set maintenance_work_mem = '1GB'")
    rebuild = _drop_indexes(conn)
    while batch := list(islice(drafts, 20_000)):
        rendering = Rendering(len(batch))
        for line, draft in enumerate(batch):
            rendering.add(line, Row(draft))
        for table, columns, beside, data in zip(
            ("customer", "customer_identity"), (CUSTOMER_COLUMNS[:-2], IDENTITY_COLUMNS), (2, 0), rendering.copy_text(), strict=True
        ):
            names = sql.SQL(", ").join(map(sql.Identifier, columns[1:]))
            statement = sql.SQL("copy {} ({}) from stdin with (null {})").format(sql.Identifier(table), names, sql.Literal(COPY_NULL))
            with conn.cursor().copy(statement) as copy:
                copy.write(as_in_table(data, beside))
    for statement in rebuild:
        conn.execute(statement.encode())
    conn.execute("analyze")


def _customers(
    conn: Connection, other: Connection, people: People, last_contact: Sequence[int], attributes: Callable[[int], str] = lambda _: "{}"
) -> int:
    numbers = 0
    rows: list[str] = []
    identities: list[str] = []
    contacts: list[str] = []
    for i in range(people.count):
        draft = people.draft(i)
        derived = derive(draft)
        customer, at = people.key(i), f"{people.made_at(i):%Y-%m-%d %H:%M:%S}"
        last = last_contact[i]
        if last:
            contacts.append(f"{customer}\t{datetime.fromtimestamp(last >> 10, UTC):%Y-%m-%d %H:%M:%S}\tvoice\t{agent_name(last & 1023)}\n")
        phones = [draft.phones[slot].raw if slot in draft.phones else NULL for slot in PHONE_SLOTS]
        email = draft.email.raw if draft.email else NULL
        addresses = _escaped(msgspec.json.encode(draft.addresses).decode())
        fields = (customer, str(1001 + i), draft.kind, draft.first_name, draft.last_name, draft.company_name, derived.display_name)
        more = (derived.sort_name, derived.search_text, addresses, draft.preferred_language or NULL, *phones, email, derived.city or NULL)
        rows.append("\t".join((*fields, *more, at, at, _escaped(attributes(i)))) + "\n")
        for position, reach in draft.phones.items():
            numbers += 1
            identities.append(
                f"{key(1_500_000_000_000, i * 8 + position)}\t{customer}\tphone\t{reach.raw}\t{reach.normalised}\t{position}\t{at}\n"
            )
        if draft.email:
            mail = draft.email
            identities.append(f"{key(1_500_000_000_000, i * 8)}\t{customer}\temail\t{mail.raw}\t{mail.normalised}\t1\t{at}\n")
        if len(rows) == 20_000 or i == people.count - 1:
            _copy(conn, "customer", _CUSTOMER, "".join(rows))
            _copy(conn, "customer_contact", _CONTACT, "".join(contacts))
            _copy(other, "customer_identity", _IDENTITY, "".join(identities))
            rows, identities, contacts = [], [], []
    conn.execute("select setval('customer_number', %s)", [1001 + people.count])
    return numbers


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\")


def _colleagues(conn: Connection) -> None:
    with conn.cursor() as cursor:
        teams = [key(1_500_000_000_001, i) for i in range(TEAMS)]
        cursor.executemany("insert into team (id, name) values (%s, %s)", [(teams[i], f"Team {i:02}") for i in range(TEAMS)])
        cursor.executemany(
            "insert into app_user (id, email, name, roles, team_id, extension) values (%s, %s, %s, '{agent}', %s, %s)",
            [(agent_id(i), f"agent{i:03}@example.com", agent_name(i), teams[i % TEAMS], extension(i)) for i in range(AGENTS)],
        )
        cursor.executemany(
            "insert into wrap_up_code (code, label, position) values (%s, %s, %s) on conflict do nothing",
            [(code, msgspec.json.encode({"en": code.replace("_", " ").capitalize()}).decode(), 100 + i) for i, code in enumerate(CODES)],
        )


def _drop_indexes(conn: Connection) -> list[str]:
    """Take the constraints and indexes off the loaded tables; the statements that put them back, in order."""
    constraints = conn.execute(
        "select conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype from pg_constraint"
        " where contype in ('p', 'u', 'f') and (conrelid = any(%s::regclass[]) or confrelid = any(%s::regclass[])) and conparentid = 0"
        " order by contype = 'f' desc",
        [list(LOADED), list(LOADED)],
    ).fetchall()
    for table, name, _, _ in constraints:
        conn.execute(f'alter table {table} drop constraint "{name}"'.encode())
    indexes = conn.execute(
        "select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i where i.indrelid = any(%s::regclass[])",
        [list(LOADED)],
    ).fetchall()
    for name, _ in indexes:
        conn.execute(f"drop index {name}".encode())
    added = [(kind, f'alter table {table} add constraint "{name}" {definition}') for table, name, definition, kind in constraints]
    keys = [statement for kind, statement in added if kind != "f"]
    # Foreign keys need the keys they point to.
    # Of a partitioned table PostgreSQL says "on only": made so, the index would be there without any of its partitions.
    return [
        *keys,
        *(definition.replace(" ON ONLY ", " ON ", 1) for _, definition in indexes),
        *(statement for kind, statement in added if kind == "f"),
    ]


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - started
    print(f"  {name}: {seconds[name]:.1f} s", flush=True)


def main() -> None:
    """Make the data sets named on the command line."""
    parser = argparse.ArgumentParser(description="Make the data sets of the benches; kept ones are left alone.")
    parser.add_argument("sizes", nargs="*", default=["1m"], choices=list(SIZES))
    parser.add_argument("--again", action="store_true", help="make them even if they are there")
    arguments = parser.parse_args()
    for size in arguments.sizes:
        started = time.perf_counter()
        if arguments.again:
            shutil.rmtree(folder_of(size), ignore_errors=True)
        print(f"{size}:", flush=True)
        found = ensure(size)
        print(f"  {msgspec.json.encode(found).decode()}\n  in {timedelta(seconds=round(time.perf_counter() - started))}")


if __name__ == "__main__":
    main()
