"""The run on the real database: whole batches, exact counts, cancel, crash, memory."""

import asyncio
import csv
import os
import signal
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec import structs

from ringdesk.features.customers.imports import batches, engine, service, source
from ringdesk.features.customers.imports.engine import Files
from ringdesk.features.customers.imports.errors import BadMapping, UnusableFile
from ringdesk.features.customers.imports.schemas import ImportRow
from ringdesk.features.telephony import Telephony
from ringdesk.features.telephony.facts import CallStarted
from ringdesk.kit import clock
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings
from tests.features.customers.imports.conftest import Base
from tests.support.eventually import eventually


def people_file(folder: Path, count: int, *, bad_every: int = 20, name: str = "customers.csv") -> Path:
    """A file of customers, each with two numbers and an e-mail address; every `bad_every`th number is none."""
    lines = ["First Name,Last Name,Mobile,Phone,E-mail,City\n"]
    for n in range(count):
        mobile = "call me" if n % bad_every == 0 else f"07700 9{n % 100_000:05}"
        lines.append(f"Åsa,Öberg {n},{mobile},+4620794{n % 100_000:05},asa{n}@example.com,Umeå\n")
    path = folder / name
    path.write_text("".join(lines), encoding="utf-8")
    return path


async def import_file(db: Database, settings: Settings, path: Path) -> ImportRow:
    begun = await service.register_file(db, settings, path, user_name="Ada")
    row = await engine.run(db, settings.data_dir, begun.id)
    assert row is not None
    return row


async def value(db: Database, query: Any, *params: Any) -> Any:
    async with db.transaction() as uow:
        return await uow.value(query, list(params))


def refused_rows(settings: Settings, import_id: UUID) -> list[dict[str, str]]:
    with Files(settings.data_dir).refused(import_id).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


async def call_from(db: Database, *numbers: str) -> None:
    said = [CallStarted(source="pbx", call_id=number, at=clock.now(), ani=number) for number in numbers]
    await Telephony(db, region="GB").take(said)


async def test_an_imported_customer_takes_the_calls_that_came_before(db: Database, settings: Settings, tmp_path: Path) -> None:
    await call_from(db, "020 7946 0018", "+46701234567", "020 7946 0999")
    path = tmp_path / "customers.csv"
    path.write_text("Name,Phone,External ID\nÅsa Öberg,020 7946 0018,a\nTwin,020 7946 0018,b\nRefused,+46701234567,a\n", encoding="utf-8")

    row = await import_file(db, settings, path)

    assert (row.created, row.refused) == (2, 1)
    async with db.transaction() as uow:
        calls = await (
            await uow.conn.execute(
                'select i.ani, c.display_name from interaction i left join customer c on c.id = i.customer_id order by i.ani collate "C"'
            )
        ).fetchall()
    assert calls == [("+442079460018", "Åsa Öberg"), ("+442079460999", None), ("+46701234567", None)]


async def test_the_first_number_of_a_new_card_is_its_phone_1(base: Base) -> None:
    await base.bring(
        "Name,Phone 1,Phone 2,Phone 3,E-mail\nÅsa,07700 900001,,07700 900003,a@example.com\nNils,,,07700 900004,n@example.com\n"
        "Märta,,07700 900005,07700 900006,m@example.com\n"
    )
    cards = await base.cards()
    numbers = {name: [card.phone_1, card.phone_2, card.phone_3] for name, card in cards.items()}
    assert numbers == {
        "Åsa": ["07700 900001", None, "07700 900003"],
        "Nils": ["07700 900004", None, None],
        "Märta": ["07700 900005", None, "07700 900006"],
    }
    assert [one.position for one in cards["Märta"].identities if one.kind == "phone"] == [1, 3]
    # A card that was there keeps what it has in its fields.
    await base.bring("E-mail,Phone 1,Phone 2\na@example.com,,07700 900009\n", key="email", on_duplicate="update")
    asa = await base.card("Åsa")
    assert (asa.phone_1, asa.phone_2) == ("07700 900001", "07700 900009")


def assert_adds_up(row: ImportRow) -> None:
    assert row.read == row.created + row.updated + row.ignored + row.refused


async def test_a_file_becomes_customers_with_identities(db: Database, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(
        "Name,Phone,Mobile,E-mail,City\nÅsa Öberg,020 7946 0018,+46 70 123 45 67,Asa@Example.com,Umeå\n,4001,,,\n", encoding="utf-8"
    )
    row = await import_file(db, settings, path)
    assert (row.state, row.read, row.created, row.refused, row.total_rows) == ("done", 2, 2, 0, 2)
    async with db.transaction() as uow:
        cards = await (
            await uow.conn.execute("select display_name, sort_name, city, phone_1, email, number from customer order by number")
        ).fetchall()
        identities = await (
            await uow.conn.execute("select kind, raw, normalised, confidence, position from customer_identity order by raw")
        ).fetchall()
    assert [card[:5] for card in cards] == [
        ("Åsa Öberg", "{sa }berg", "Umeå", "020 7946 0018", "Asa@Example.com"),
        ("4001", "4001", None, "4001", None),
    ]
    assert identities == [
        ("phone", "+46 70 123 45 67", "+46701234567", "known", 2),
        ("phone", "020 7946 0018", "+442079460018", "known", 1),
        ("phone", "4001", "4001", "known", 1),
        ("email", "Asa@Example.com", "asa@example.com", "known", 1),
    ]


async def test_every_batch_is_one_event_and_the_counts_add_up(
    db: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "FIRST_BATCH_ROWS", 10)
    monkeypatch.setattr(batches, "BATCH_ROWS", 20)
    row = await import_file(db, settings, people_file(tmp_path, 50))
    assert_adds_up(row)
    assert (row.read, row.created, row.refused) == (50, 47, 3)
    async with db.transaction() as uow:
        said = "concat_ws(' ', payload #>> '{import,read}', payload #>> '{import,state}')"
        events = await uow.values(f"select {said} from event_log where topics @> '{{imports}}' order by pos")
    assert events == ["10 running", "30 running", "50 running", "50 done"]
    assert await value(db, "select count(*) from event_log where payload ? 'sample' or payload -> 'import' ? 'sample'") == 0


async def test_the_refused_rows_can_be_corrected_and_imported(db: Database, settings: Settings, tmp_path: Path) -> None:
    row = await import_file(db, settings, people_file(tmp_path, 40))
    rows = refused_rows(settings, row.id)
    assert Files(settings.data_dir).refused(row.id).stat().st_mode & 0o077 == 0
    assert [(one["line"], one["Last Name"]) for one in rows] == [("2", "Öberg 0"), ("22", "Öberg 20")]
    assert rows[0]["reason"] == "Mobile “call me”: A telephone number has digits only; remove “call me”."
    corrected = tmp_path / "corrected.csv"
    text = Files(settings.data_dir).refused(row.id).read_text(encoding="utf-8-sig")
    corrected.write_text(text.replace("call me,", "020 7946 0018,"), encoding="utf-8")
    again = await import_file(db, settings, corrected)
    assert (again.created, again.refused) == (2, 0)


async def test_an_external_id_that_is_taken_refuses_its_row_only(db: Database, settings: Settings, tmp_path: Path) -> None:
    first = tmp_path / "first.csv"
    first.write_text("Name,Phone,ID\nAda,4001,A1\n", encoding="utf-8")
    await import_file(db, settings, first)
    second = tmp_path / "second.csv"
    second.write_text("Name,Phone,ID\nSven,4002,S1\nAda again,4003,A1\nAiko,x,\nSven again,4004,S1\nBilal,4005,\n", encoding="utf-8")
    row = await import_file(db, settings, second)
    assert (row.created, row.refused) == (2, 3)
    assert_adds_up(row)
    assert [(one["line"], one["Name"]) for one in refused_rows(settings, row.id)] == [
        ("3", "Ada again"),
        ("4", "Aiko"),
        ("5", "Sven again"),
    ]
    assert "External id “A1”: Another customer" in refused_rows(settings, row.id)[0]["reason"]
    assert await value(db, "select count(*) from customer_identity") == 3


async def test_where_shared_numbers_are_refused_so_are_their_rows(db: Database, settings: Settings, tmp_path: Path) -> None:
    first = tmp_path / "first.csv"
    first.write_text("Name,Phone,E-mail\nAda,020 7946 0018,ada@example.com\n", encoding="utf-8")
    await import_file(db, settings, first)
    second = tmp_path / "second.csv"
    second.write_text(
        "Name,Phone,E-mail\nSven,+442079460018,\nAiko,4002,ADA@example.com\nBilal,4003,\nBilal again,4003,\nNobody,4004,nobody\n",
        encoding="utf-8",
    )
    row = await import_file(db, structs.replace(settings, duplicates="refuse"), second)
    assert (row.created, row.refused) == (1, 4)
    reasons = [(one["Name"], one["reason"]) for one in refused_rows(settings, row.id)]
    assert [name for name, _ in reasons] == ["Sven", "Aiko", "Bilal again", "Nobody"]
    assert reasons[1][1].startswith("“ADA@example.com”: Another customer")
    row = await import_file(db, structs.replace(settings, duplicates="warn"), second)
    assert (row.created, row.refused) == (4, 1)
    assert await value(
        db, "select string_agg(action, ' ' order by id) from audit_entry where entity = 'import'"
    ) == "import.started import.done " * 2 + ("import.started import.done")


async def test_a_nul_in_the_first_rows_costs_its_row_only(db: Database, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "nul.csv"
    path.write_bytes(b"Name,Phone,No\x00te\nA\x00da,4001,\nSven,4002,\n" + b"Bilal,4003,xxxxxxxxxxxxxxxxxxxxxxxx\n" * 100)
    row = await import_file(db, settings, path)
    assert (row.created, row.refused, row.format.headers[2]) == (101, 1, "No\ufffdte")


async def test_a_cancelled_import_keeps_whole_batches_and_goes_on_where_it_was(
    db: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "FIRST_BATCH_ROWS", 10)
    monkeypatch.setattr(batches, "BATCH_ROWS", 10)
    begun = await service.register_file(db, settings, people_file(tmp_path, 100), user_name="Ada")

    def cancel(row: ImportRow) -> None:
        if row.read == 30:
            with psycopg.connect(db.dsn, autocommit=True) as conn:
                conn.execute("update import set state = 'cancelled' where id = %s", [begun.id])

    row = await engine.run(db, settings.data_dir, begun.id, watch=cancel)
    assert row is not None
    # The batch that was under way is written and counted.
    assert (row.state, row.read) == ("cancelled", 40)
    assert await value(db, "select count(*) from customer") == row.created
    assert_adds_up(row)

    async with db.transaction() as uow:
        await uow.run("update import set state = 'running' where id = %s", [begun.id])
    row = await engine.run(db, settings.data_dir, begun.id)
    assert row is not None
    assert (row.state, row.read, row.created, row.refused) == ("done", 100, 95, 5)
    assert await value(db, "select count(distinct last_name) from customer") == 95
    assert [one["line"] for one in refused_rows(settings, row.id)] == ["2", "22", "42", "62", "82"]


@pytest.mark.once
async def test_a_killed_run_leaves_whole_batches_and_the_next_goes_on(db: Database, settings: Settings, tmp_path: Path) -> None:
    begun = await service.register_file(db, settings, people_file(tmp_path, 12_000), user_name="Ada")
    process = await start_runner(db, settings, begun.id)
    reached = await eventually(lambda: value(db, "select read from import where id = %s and read > 0", begun.id), within=60)
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    assert reached < 12_000

    # The server ends the session of the dead process, and with it its open transaction and lock, when it next writes to it.
    row = await eventually(lambda: engine.run(db, settings.data_dir, begun.id), within=60)
    assert row is not None
    assert (row.state, row.read, row.created, row.refused) == ("done", 12_000, 11_400, 600)
    assert await value(db, "select count(*) from customer") == 11_400
    assert await value(db, "select count(distinct last_name) from customer") == 11_400
    lines = [int(one["line"]) for one in refused_rows(settings, row.id)]
    assert lines == list(range(2, 12_002, 20))


@pytest.mark.once
async def test_memory_stays_the_same_however_long_the_file(db: Database, settings: Settings, tmp_path: Path) -> None:
    # Measured on the process that runs the import and on the one that reads the file for it.
    small = await peak_memory(db, settings, people_file(tmp_path, 8_000))
    large = await peak_memory(db, settings, people_file(tmp_path, 20_000))
    for before, after in zip(small, large, strict=True):
        assert after < 250
        assert after - before < 25


async def peak_memory(db: Database, settings: Settings, path: Path) -> tuple[float, float]:
    """Peak resident memory (MB) of the running and of the reading process."""
    begun = await service.register_file(db, settings, path, user_name="Ada")
    process = await start_runner(db, settings, begun.id)
    said, _ = await process.communicate()
    assert await value(db, "select state from import where id = %s", begun.id) == "done"
    own, children = said.split()
    return int(own) / 1024, int(children) / 1024


async def start_runner(db: Database, settings: Settings, import_id: UUID) -> asyncio.subprocess.Process:
    """The import in a process of its own, which prints its peak memory and its child's."""
    program = f"""
import asyncio, resource
from pathlib import Path
from uuid import UUID
from ringdesk.features.customers.imports import engine
from ringdesk.kit.crypto import Vault
from ringdesk.kit.db import Database

asyncio.run(engine.run(Database({db.dsn!r}, vault=Vault.for_now()), Path({str(settings.data_dir)!r}), UUID({str(import_id)!r})))
# Not ru_maxrss of this process: it begins with what the process that started it had.
own = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
    return await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)


async def test_a_run_that_ends_early_takes_its_reader_with_it(
    db: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "SMALL_FILE", 0)
    begun = await service.register_file(db, settings, people_file(tmp_path, 30_000), user_name="Ada")

    def cancel(row: ImportRow) -> None:
        if row.read == 500:
            with psycopg.connect(db.dsn, autocommit=True) as conn:
                conn.execute("update import set state = 'cancelled' where id = %s", [begun.id])

    row = await engine.run(db, settings.data_dir, begun.id, watch=cancel)
    assert row is not None
    assert (row.state, row.read) == ("cancelled", 5_500)
    assert children_of(os.getpid(), "imports.child") == []


def children_of(parent: int, word: str) -> list[str]:
    """Command lines of child processes that hold `word`."""
    found: list[str] = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append((status.parent / "cmdline").read_text().replace("\0", " "))
        except (FileNotFoundError, ProcessLookupError):
            continue  # It ended between the two looks.
    return [line for line in found if word in line]


async def test_a_reader_that_dies_fails_the_import_with_its_reason(
    db: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "SMALL_FILE", 0)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    row = await import_file(db, settings, people_file(tmp_path, 10))
    assert row.state == "failed"
    assert row.detail
    assert "start the import again" in row.detail
    assert await value(db, "select count(*) from customer") == 0


async def test_a_file_that_vanished_fails_the_import(db: Database, settings: Settings, tmp_path: Path) -> None:
    path = people_file(tmp_path, 10)
    begun = await service.register_file(db, settings, path, user_name="Ada")
    path.unlink()
    row = await engine.run(db, settings.data_dir, begun.id)
    assert row is not None
    assert row.state == "failed"


async def test_only_one_process_runs_an_import(db: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LOCK_WAIT_MS", 50)
    begun = await service.register_file(db, settings, people_file(tmp_path, 10), user_name="Ada")
    async with db.transaction() as uow:
        await uow.value("select pg_advisory_xact_lock(7202, hashtext(%s))", [str(begun.id)])
        assert await engine.run(db, settings.data_dir, begun.id) is None
    assert await engine.run(db, settings.data_dir, begun.id) is not None


async def test_a_database_that_goes_away_leaves_the_import_to_the_next_attempt(db: Database, settings: Settings, tmp_path: Path) -> None:
    begun = await service.register_file(db, settings, people_file(tmp_path, 2_000), user_name="Ada")

    def cut(row: ImportRow) -> None:
        if row.read == 500:
            with psycopg.connect(db.dsn, autocommit=True) as conn:
                conn.execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 7202")

    with pytest.raises(psycopg.OperationalError):
        await engine.run(db, settings.data_dir, begun.id, watch=cut)
    assert await value(db, "select state from import where id = %s", begun.id) == "running"
    row = await engine.run(db, settings.data_dir, begun.id)
    assert row is not None
    assert (row.state, row.read, row.created) == ("done", 2_000, 1_900)
    assert await value(db, "select count(*) from customer") == 1_900


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.text('aÅ1+"\\,;\n\r\t\x00\x02\u2028= @.', max_size=200).map(str.encode) | st.binary(max_size=200))
async def test_whatever_is_in_a_file_the_counts_add_up_and_customers_are_there(
    db: Database, settings: Settings, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(b"Name,Phone,E-mail,ID\nAda,4001,,\n" + content)
    before = await value(db, "select count(*) from customer")
    try:
        row = await import_file(db, settings, path)
    except (UnusableFile, BadMapping):
        return
    assert row.state == "done"
    assert_adds_up(row)
    assert await value(db, "select count(*) from customer") == before + row.created
