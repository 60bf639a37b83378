"""`ringdesk import customers`: the same import, run by the command itself, with a progress bar."""

import asyncio
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path

import msgspec
import psycopg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ringdesk.features.customers.imports import service, staging
from ringdesk.features.customers.imports.detect import detect
from ringdesk.features.customers.imports.engine import Files, RefusedRows, look_at, plan_of, run, shown_attributes
from ringdesk.features.customers.imports.mapping import check, guess
from ringdesk.features.customers.imports.recognition import check_key
from ringdesk.features.customers.imports.schemas import CheckCounts, Import, OnDuplicate, import_of
from ringdesk.features.customers.imports.source import read_batches
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.settings import Settings


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What the command did, as `--json` prints it. `created` of a dry run would be created by a run.

    `in_base`, `in_file` and `without_key` are counted by a dry run: rows about a known customer, about one of an earlier row, and rows by
    which nobody is recognised.
    """

    file: str
    state: str
    dry_run: bool
    read: int
    created: int
    updated: int
    ignored: int
    refused: int
    key: str | None
    on_duplicate: OnDuplicate
    mapping: dict[str, str]
    report: str | None
    detail: str | None
    in_base: int | None = None
    in_file: int | None = None
    without_key: int | None = None


async def run_cli_import(
    db: Database,
    settings: Settings,
    file: Path,
    *,
    dry_run: bool = False,
    key: str | None = None,
    on_duplicate: str | None = None,
    report: Path | None = None,
    as_json: bool = False,
) -> int:
    """Import a file of customers and print the result; the exit status: 0 all rows in, 2 some refused, 1 stopped on the way.

    `key` is the field by which a row is recognised as a customer that is known, `on_duplicate` what becomes of it then (ignore unless
    said). `report` is where the refused rows are written. Raises UnusableFile, BadMapping and UnusableKey (nothing was changed), OSError
    for a file that can't be read or written.
    """
    if report:
        # Before the work, so that a place that can't be written is known at once; and no rows of an earlier run stay in it.
        await asyncio.to_thread(report.write_bytes, b"")
    wanted = _Wanted(file, report, key, on_duplicate, as_json)
    result = await (_try if dry_run else _import)(db, settings, wanted)
    _print(result, as_json)
    return 1 if result.state not in ("done", "checked") else 2 if result.refused else 0


class _Wanted(msgspec.Struct, frozen=True):
    file: Path
    report: Path | None
    key: str | None
    on_duplicate: str | None
    as_json: bool


async def _import(db: Database, settings: Settings, wanted: _Wanted) -> Result:
    started = await service.register_file(
        db, settings, wanted.file, user_name="command line", key=wanted.key, on_duplicate=wanted.on_duplicate
    )
    with _bar(started.total_rows, quiet=wanted.as_json) as watch:
        try:
            row = await run(db, settings.data_dir, started.id, watch=lambda now: watch(now.read))
        except asyncio.CancelledError:
            # Ctrl-C: else the worker would go on with it.
            await service.abandon(db, started.id)
            raise
    ended: Import = import_of(row) if row else await service.get(db, started.id)
    refused = Files(settings.data_dir).refused(started.id)
    if wanted.report and refused.is_file() and ended.refused:
        await asyncio.to_thread(shutil.copyfile, refused, wanted.report)
    names = ("state", "read", "created", "updated", "ignored", "refused", "mapping", "detail", "key", "on_duplicate")
    counts = {name: getattr(ended, name) for name in names}
    return Result(file=str(wanted.file), dry_run=False, report=str(wanted.report) if wanted.report else None, **counts)


async def _try(db: Database, settings: Settings, wanted: _Wanted) -> Result:
    """Look at every row as a check does; nothing of it is written."""
    how = await asyncio.to_thread(detect, wanted.file)
    async with db.transaction() as uow:
        attributes = await shown_attributes(uow)
    mapping = check(guess(how.headers, attributes, sample=how.sample), how.headers, attributes, key=wanted.key)
    action = check_key(wanted.key, wanted.on_duplicate, mapping, attributes)
    row = service.row_of(wanted.file, how, mapping, settings, user_name="command line")
    row = msgspec.structs.replace(row, key=wanted.key, on_duplicate=action)
    plan = plan_of(row, Files(settings.data_dir), attributes, db.vault, check=True)
    refused = RefusedRows(wanted.report, how.headers, how.delimiter) if wanted.report else None
    counts = CheckCounts()
    async with await psycopg.AsyncConnection.connect(db.dsn) as conn:
        await staging.prepare(conn, wanted.key, check=True)
        with _bar(how.rows, quiet=wanted.as_json) as watch:
            async with aclosing(read_batches(plan)) as found:
                async for batch in found:
                    uow = UnitOfWork(conn, db.vault)
                    of_batch, rows = await look_at(uow, plan, batch, refuse_shared=row.options.refuse_shared)
                    await uow.finish()
                    counts += of_batch
                    if refused and rows:
                        await asyncio.to_thread(refused.append, rows)
                    watch(counts.read)
    return Result(
        file=str(wanted.file),
        state="checked",
        dry_run=True,
        key=wanted.key,
        on_duplicate=action,
        mapping=mapping,
        report=str(wanted.report) if wanted.report else None,
        detail=None,
        **msgspec.structs.asdict(counts),
    )


@contextmanager
def _bar(total: int | None, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error, told the number of rows read."""
    console = Console(stderr=True, quiet=quiet)
    columns = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TextColumn("rows"), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("import", total=total)
        yield lambda read: progress.update(task, completed=read, total=max(read, total or 0))


def _print(result: Result, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        return
    would = "would be " if result.dry_run else ""
    counts = (
        f"{result.created:,} {would}created",
        f"{result.updated:,} {would}updated",
        f"{result.ignored:,} ignored",
        f"{result.refused:,} refused",
    )
    lines = [f"{result.read:,} rows read: {', '.join(counts)}."]
    if result.dry_run and result.key:
        lines.append(
            f"By {result.key}: {result.in_base:,} are about known customers, {result.in_file:,} about one of an earlier row,"
            f" {result.without_key:,} have no {result.key}."
        )
    if result.state == "failed":
        lines.append(f"The import stopped: {result.detail}")
    elif result.detail:
        lines.append(result.detail)
    if result.refused:
        lines.append(
            f"The refused rows with their reasons are in {result.report}."
            if result.report
            else "Write them to a file with --report OUT.csv."
        )
    sys.stdout.write("\n".join(lines) + "\n")
