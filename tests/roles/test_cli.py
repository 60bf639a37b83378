"""The `ringdesk` command as an operator uses it: good input works, bad input is refused in words."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import httpx
import psycopg
import pytest
from psycopg import sql

from ringdesk.kit.crypto import open_vault
from ringdesk.kit.settings import Settings
from tests.support import database
from tests.support.people import People

PASSWORD = "a quiet room with a view"


class Command(Protocol):
    """Runs the command and waits for its end."""

    def __call__(self, *arguments: str, stdin: str = "", dsn: str | None = None) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture
def ringdesk(database_dsn: str, tmp_path: Path) -> Command:
    """The command, on the database of the tests."""

    def run(*arguments: str, stdin: str = "", dsn: str | None = None) -> subprocess.CompletedProcess[str]:
        environ = os.environ | {
            "RINGDESK_DATABASE_URL": dsn or database_dsn,
            "RINGDESK_DATA_DIR": str(tmp_path),
            "RINGDESK_LOG_LEVEL": "WARNING",
        }
        command = [sys.executable, "-m", "ringdesk.cli", *arguments]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, env=environ, timeout=60, check=False)

    return run


@pytest.fixture
def other_database() -> Iterator[str]:
    """The connection string of an empty database of its own."""
    name = f"{database.PREFIX}{os.getpid()}_other"
    yield database.create_database(name)
    database.drop_database(name)


async def test_an_account_that_the_command_made_can_sign_in(client: httpx.AsyncClient, ringdesk: Command) -> None:
    made = ringdesk(
        *("user", "create", "sven@example.com", "--name", "Sven", "--role", "agent", "--role", "supervisor"),
        *("--team", "North", "--extension", "2003", "--password-stdin"),
        stdin=PASSWORD + "\n",
    )
    assert (made.returncode, made.stderr) == (0, "")
    user = (await client.post("/api/v1/auth/login", json={"email": "sven@example.com", "password": PASSWORD})).json()["user"]
    assert (user["roles"], user["extension"], user["team"]["name"]) == (["agent", "supervisor"], "2003", "North")


async def test_a_key_that_the_command_made_is_printed_once_and_works(client: httpx.AsyncClient, ringdesk: Command) -> None:
    key = ringdesk("apikey", "create", "crm", "--scope", "customers:read", "--scope", "people:read").stdout.strip()
    assert (await client.get("/api/v1/users", headers={"authorization": f"Bearer {key}"})).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (["user", "create", "x", "--name", "X", "--role", "boss", "--password-stdin"], "short", ["email", "roles", "password"]),
        (["user", "create", "x@example.com", "--name", "X", "--role", "agent"], "", ["--password-stdin"]),
        (["telephony", "add-asterisk", "pbx", "--host", "pbx", "--user", "x", "--password-stdin"], "\n", ["standard input", "password"]),
        (["apikey", "create", "crm", "--scope", "everything"], "", ["'everything' is no scope"]),
        (["import", "customers", "/nonexistent.csv"], "", ["/nonexistent.csv"]),
        (["restore", "/nonexistent.dump"], "", ["/nonexistent.dump"]),
        (["serve", "--role", "cook"], "", ["no role 'cook'", "web, worker, telephony"]),
        (["serve", "--port", "eighty"], "", ["--port"]),
    ],
)
def test_bad_input_is_refused_in_words(ringdesk: Command, people: People, arguments: list[str], stdin: str, words: list[str]) -> None:
    refused = ringdesk(*arguments, stdin=stdin)
    assert refused.returncode in {1, 2}
    assert "Traceback" not in refused.stderr
    for word in words:
        assert word in refused.stderr
    assert refused.stdout == ""


def test_a_database_that_does_not_answer_is_said_in_words(ringdesk: Command) -> None:
    refused = ringdesk("migrate", dsn="postgresql://nobody@127.0.0.1:1/none")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "the database does not answer" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_port_that_is_taken_is_said_in_words(ringdesk: Command) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = ringdesk("serve", "--port", str(taken.getsockname()[1]))
    assert refused.returncode == 1
    assert "listens at 127.0.0.1:" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_migrating_twice_is_migrating_once(ringdesk: Command, other_database: str) -> None:
    first, second = ringdesk("migrate", dsn=other_database), ringdesk("migrate", dsn=other_database)
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout == second.stdout


async def test_the_password_of_a_telephone_system_is_stored_encrypted_and_can_be_changed(
    people: People, ringdesk: Command, database_dsn: str, tmp_path: Path
) -> None:
    for password in ("first", "second"):
        added = ringdesk(
            *("telephony", "add-asterisk", "pbx", "--host", "127.0.0.1", "--user", "ringdesk", "--tls", "--password-stdin"), stdin=password
        )
        assert added.returncode == 0, added.stderr
    with psycopg.connect(database_dsn) as conn:
        rows = conn.execute("select settings, secret from telephony_connection").fetchall()
    assert len(rows) == 1
    settings, secret = rows[0]
    assert (settings["host"], settings["port"], settings["user"], settings["tls"]) == ("127.0.0.1", 5038, "ringdesk", True)
    assert b"second" not in secret
    assert open_vault(Settings(data_dir=tmp_path)).decrypt(secret) == "second"


class TestBackup:
    async def test_a_backup_made_while_in_use_restores_elsewhere_to_the_same_content(
        self, as_aiko: httpx.AsyncClient, ringdesk: Command, database_dsn: str, other_database: str, tmp_path: Path
    ) -> None:
        assert (await as_aiko.post("/api/v1/customers", json={"first_name": "Åsa", "phone_1": "+46701234567"})).status_code == 201
        written = ringdesk("backup", str(tmp_path / "all.dump"))
        assert written.returncode == 0, written.stderr
        assert (tmp_path / "all.dump").stat().st_mode & 0o077 == 0
        with psycopg.connect(other_database) as conn:
            conn.execute("create table left_over (n int)")
        restored = ringdesk("restore", str(tmp_path / "all.dump"), dsn=other_database)
        assert restored.returncode == 0, restored.stderr
        assert _content(other_database) == _content(database_dsn)

    async def test_a_broken_backup_changes_nothing(
        self, as_aiko: httpx.AsyncClient, ringdesk: Command, other_database: str, tmp_path: Path
    ) -> None:
        file = tmp_path / "all.dump"
        ringdesk("backup", str(file))
        ringdesk("migrate", dsn=other_database)
        before = _content(other_database)
        file.write_bytes(file.read_bytes()[: file.stat().st_size * 2 // 3])
        refused = ringdesk("restore", str(file), dsn=other_database)
        assert refused.returncode == 1
        assert _content(other_database) == before

    async def test_a_database_in_use_is_not_restored_over(self, as_aiko: httpx.AsyncClient, ringdesk: Command, tmp_path: Path) -> None:
        file = tmp_path / "all.dump"
        ringdesk("backup", str(file))
        refused = ringdesk("restore", str(file))
        assert refused.returncode == 1
        assert "stop it first" in refused.stderr


def _content(dsn: str) -> dict[str, list[str]]:
    """Every row of every table of ours, as text."""
    with psycopg.connect(dsn) as conn:
        tables = conn.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition"
        ).fetchall()
        return {
            name: sorted(str(row[0]) for row in conn.execute(sql.SQL("select t::text from {} t").format(sql.Identifier(name))).fetchall())
            for (name,) in tables
        }
