"""One database per test run, built by the migrations once and emptied between tests."""

import atexit
import hashlib
import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from ringdesk.kit.db import Database
from ringdesk.kit.embedded_postgres import EmbeddedPostgres
from ringdesk.migrations.runner import migrate

ROOT = Path(__file__).parents[2]
# Root's server runs as another account, which may not be able to enter the folder of this checkout.
CACHE = (
    ROOT / ".cache" / "test-postgres"
    if os.geteuid() != 0
    else Path("/var/cache/ringdesk-tests") / hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
)
PREFIX = "ringdesk_test_"


def server_dsn(database: str = "postgres") -> str:
    """The connection string of a database on the server of the tests: RINGDESK_TEST_DATABASE_URL, else an embedded one.

    The embedded server is shared by test runs at the same time, and stopped when the last of them ends.
    """
    if url := os.environ.get("RINGDESK_TEST_DATABASE_URL"):
        return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
    return _embedded().dsn_of(database)


_servers: list[EmbeddedPostgres] = []


def _embedded() -> EmbeddedPostgres:
    if not _servers:
        server = EmbeddedPostgres(CACHE, durable=False)
        server.start()
        atexit.register(server.stop)
        _servers.append(server)
    return _servers[0]


def create_database(name: str) -> str:
    """An empty database of this name (an earlier one is dropped); its connection string."""
    with psycopg.connect(server_dsn(), autocommit=True) as conn:
        conn.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        conn.execute(sql.SQL("create database {} encoding 'UTF8' locale 'C.UTF-8' template template0").format(sql.Identifier(name)))
    return server_dsn(name)


def drop_database(name: str) -> None:
    """Drop it, whoever is connected."""
    with psycopg.connect(server_dsn(), autocommit=True) as conn:
        conn.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def prepare() -> tuple[str, str]:
    """A migrated database for this run: its name and connection string. Databases that killed runs left are dropped."""
    with psycopg.connect(server_dsn(), autocommit=True) as conn:
        left = conn.execute("select datname from pg_database where datname like %s", [PREFIX + "%"]).fetchall()
    for (name,) in left:
        process = name.removeprefix(PREFIX).split("_")[0]
        if process.isdecimal() and not Path(f"/proc/{process}").exists():
            drop_database(name)
    name = f"{PREFIX}{os.getpid()}"
    dsn = create_database(name)
    migrate(dsn)
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(_EMPTIER)
        conn.execute("select test_support.remember()")
    return name, dsn


async def cut_listeners(db: Database) -> int:
    """Cut the connections on which buses listen to the event log; how many there were."""
    query = (
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        " and query like any (array['listen %', 'select pos, at, type, topics, payload::text from event_log where pos > %'])"
    )
    async with db.transaction() as uow:
        return len(await uow.values(query))


# Truncates only the tables that have rows (a truncate costs milliseconds each), and puts back what the migrations had filled in.
_EMPTIER = """
create schema test_support;
create function test_support.tables() returns setof regclass language sql as $$
    select oid::regclass from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'alembic_version'
$$;
create function test_support.remember() returns void language plpgsql as $$
declare t regclass; filled boolean;
begin
    for t in select test_support.tables() loop
        execute format('select exists (select from %s)', t) into filled;
        if filled then execute format('create table test_support.%I as table %s', t::text, t); end if;
    end loop;
end $$;
create function test_support.reset() returns void language plpgsql as $$
declare t regclass; kept text; filled boolean; full_ones text[] := '{}';
begin
    for t in select test_support.tables() loop
        execute format('select exists (select from %s)', t) into filled;
        if filled then full_ones := full_ones || t::text; end if;
    end loop;
    if full_ones <> '{}' then execute 'truncate ' || array_to_string(full_ones, ', ') || ' cascade'; end if;
    for kept in select relname from pg_class where relnamespace = 'test_support'::regnamespace and relkind = 'r' loop
        execute format('insert into %I select * from test_support.%I on conflict do nothing', kept, kept);
    end loop;
    perform setval('customer_number', 1001, false);
end $$;
"""
