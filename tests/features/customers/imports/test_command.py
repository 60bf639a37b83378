"""`ringdesk import customers`: counts, JSON, report, dry run, and what is refused before anything happens."""

import asyncio
import csv
import json
from pathlib import Path

import pytest

from ringdesk.features.customers.imports import command
from ringdesk.features.customers.imports.command import run_cli_import
from ringdesk.features.customers.imports.errors import BadMapping, UnusableKey
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text("Name,Phone,E-mail\nAda,020 7946 0018,\nSven,call me,nobody\n,,\nAiko,4001,\n", encoding="utf-8")
    return path


async def customers(db: Database) -> int:
    async with db.transaction() as uow:
        return await uow.value("select count(*) from customer")


async def test_the_counts_are_printed_for_people(db: Database, settings: Settings, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run_cli_import(db, settings, file) == 2
    assert capsys.readouterr().out == (
        "4 rows read: 2 created, 0 updated, 1 ignored, 1 refused.\nWrite them to a file with --report OUT.csv.\n"
    )
    assert await customers(db) == 2


async def test_the_result_is_printed_as_json(db: Database, settings: Settings, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run_cli_import(db, settings, file, as_json=True) == 2
    result = json.loads(capsys.readouterr().out)
    assert {key: result[key] for key in ("state", "dry_run", "read", "created", "updated", "ignored", "refused")} == {
        "state": "done",
        "dry_run": False,
        "read": 4,
        "created": 2,
        "updated": 0,
        "ignored": 1,
        "refused": 1,
    }
    assert result["mapping"] == {"Name": "name", "Phone": "phone_1", "E-mail": "email"}


@pytest.mark.parametrize("dry_run", [False, True])
async def test_the_report_has_the_refused_rows(db: Database, settings: Settings, file: Path, tmp_path: Path, dry_run: bool) -> None:
    report = tmp_path / "refused.csv"
    report.write_text("of an earlier run", encoding="utf-8")
    assert await run_cli_import(db, settings, file, report=report, dry_run=dry_run) == 2
    with report.open(encoding="utf-8-sig", newline="") as opened:
        (row,) = csv.DictReader(opened)
    assert (row["Name"], row["line"]) == ("Sven", "3")
    assert row["reason"].startswith("Phone “call me”: ")
    assert "; E-mail “nobody”: " in row["reason"]


async def test_a_dry_run_counts_and_changes_nothing(
    db: Database, settings: Settings, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run_cli_import(db, settings, file, dry_run=True) == 2
    assert capsys.readouterr().out.startswith("4 rows read: 2 would be created, 0 would be updated, 1 ignored, 1 refused.\n")
    assert await customers(db) == 0
    async with db.transaction() as uow:
        assert await uow.value("select count(*) from import") == 0


async def test_a_file_without_a_bad_row_ends_with_status_0(db: Database, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_text("Name,Phone\nAda,4001\n", encoding="utf-8")
    report = tmp_path / "refused.csv"
    assert await run_cli_import(db, settings, path, report=report) == 0
    assert report.read_bytes() == b""


async def test_an_interrupted_import_is_cancelled_not_taken_up_by_the_worker(
    db: Database, settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def interrupted(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(command, "run", interrupted)
    with pytest.raises(asyncio.CancelledError):
        await run_cli_import(db, settings, file)
    async with db.transaction() as uow:
        assert await uow.value("select state from import") == "cancelled"


async def test_a_dry_run_and_the_run_agree_on_duplicates(
    db: Database, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text("Name,Phone\nAda,4001\nAda too,4002\n", encoding="utf-8")
    second.write_text("Name,Phone,Mobile\nAda L,4001,\nBilal,4005,\nBilal K,4005,\nWho,4001,4002\nNobody,,\n", encoding="utf-8")
    await run_cli_import(db, settings, first)
    capsys.readouterr()
    assert await run_cli_import(db, settings, second, dry_run=True, key="phone", on_duplicate="update", as_json=True) == 2
    tried = json.loads(capsys.readouterr().out)
    assert await customers(db) == 2
    assert await run_cli_import(db, settings, second, key="phone", on_duplicate="update", as_json=True) == 2
    done = json.loads(capsys.readouterr().out)
    counts = ("read", "created", "updated", "ignored", "refused")
    assert [tried[name] for name in counts] == [done[name] for name in counts] == [5, 2, 2, 0, 1]
    assert (tried["in_base"], tried["in_file"], tried["without_key"]) == (1, 1, 1)
    assert await customers(db) == 4


@pytest.mark.parametrize(
    ("key", "action", "field"),
    [("shoe", None, "key"), ("email", None, "key"), (None, "update", "key"), ("phone", "overwrite", "on_duplicate")],
)
async def test_a_key_that_cannot_be_used_is_said_before_anything_happens(
    db: Database, settings: Settings, tmp_path: Path, key: str | None, action: str | None, field: str
) -> None:
    path = tmp_path / "good.csv"
    path.write_text("Name,Phone\nAda,4001\n", encoding="utf-8")
    for dry_run in (True, False):
        with pytest.raises(UnusableKey) as refused:
            await run_cli_import(db, settings, path, dry_run=dry_run, key=key, on_duplicate=action)
        assert refused.value.errors[0].field == field
    assert await customers(db) == 0


async def test_what_cannot_be_imported_is_said_before_anything_happens(db: Database, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("Colour,Size\nred,7\n", encoding="utf-8")
    with pytest.raises(BadMapping, match="Colour, Size"):
        await run_cli_import(db, settings, path)
    with pytest.raises(FileNotFoundError):
        await run_cli_import(db, settings, tmp_path / "nowhere.csv")
    with pytest.raises(FileNotFoundError):
        await run_cli_import(db, settings, path, report=tmp_path / "no" / "such" / "folder.csv")
    async with db.transaction() as uow:
        assert await uow.value("select count(*) from import") == 0
