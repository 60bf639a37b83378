"""`ringdesk import customers`: the same import, run by the command itself, with a progress bar."""

import asyncio
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ringdesk.features.customers.imports import service
from ringdesk.features.customers.imports.batches import Plan
from ringdesk.features.customers.imports.detect import detect
from ringdesk.features.customers.imports.engine import Files, RefusedRows, run, shown_attributes
from ringdesk.features.customers.imports.errors import UnusableFile
from ringdesk.features.customers.imports.mapping import check, guess
from ringdesk.features.customers.imports.schemas import Import, import_of
from ringdesk.features.customers.imports.source import read_batches
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What the command did, as `--json` prints it. `created` of a dry run would be created by a run."""

    file: str
    state: str
    dry_run: bool
    read: int
    created: int
    updated: int
    ignored: int
    refused: int
    mapping: dict[str, str]
    report: str | None
    detail: str | None


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

    `report` is where the refused rows are written. Raises UnusableFile and BadMapping (nothing was changed), UnusableFile also for `key`
    and `on_duplicate`, OSError for a file that can't be read or written.
    """
    if key or on_duplicate:
        option = "--key" if key else "--on-duplicate"
        message = f"{option} is not available yet: every row makes a new customer. Leave it out."
        raise UnusableFile("not_available", message, field=option)
    if report:
        # Before the work, so that a place that can't be written is known at once; and no rows of an earlier run stay in it.
        await asyncio.to_thread(report.write_bytes, b"")
    result = await (_try(db, settings, file, report, as_json) if dry_run else _import(db, settings, file, report, as_json))
    _print(result, as_json)
    return 1 if result.state not in ("done", "checked") else 2 if result.refused else 0


async def _import(db: Database, settings: Settings, file: Path, report: Path | None, as_json: bool) -> Result:
    started = await service.register_file(db, settings, file, user_name="command line")
    with _bar(started.total_rows, quiet=as_json) as watch:
        try:
            row = await run(db, settings.data_dir, started.id, watch=lambda now: watch(now.read))
        except asyncio.CancelledError:
            # Ctrl-C: else the worker would go on with it.
            await service.abandon(db, started.id)
            raise
    ended: Import = import_of(row) if row else await service.get(db, started.id)
    refused = Files(settings.data_dir).refused(started.id)
    if report and refused.is_file() and ended.refused:
        await asyncio.to_thread(shutil.copyfile, refused, report)
    counts = {name: getattr(ended, name) for name in ("state", "read", "created", "updated", "ignored", "refused", "mapping", "detail")}
    return Result(file=str(file), dry_run=False, report=str(report) if report else None, **counts)


async def _try(db: Database, settings: Settings, file: Path, report: Path | None, as_json: bool) -> Result:
    """Read and check every row without changing the database: only an external id that is taken is not seen."""
    how = await asyncio.to_thread(detect, file)
    async with db.transaction() as uow:
        attributes = await shown_attributes(uow)
    mapping = check(guess(how.headers, attributes), how.headers, attributes)
    plan = Plan(str(file), how.encoding, how.delimiter, how.headers, mapping, settings.default_region, attributes)
    read = accepted = ignored = 0
    refused = RefusedRows(report, how.headers, how.delimiter) if report else None
    with _bar(how.rows, quiet=as_json) as watch:
        async with aclosing(read_batches(plan)) as found:
            async for batch in found:
                read, accepted, ignored = read + batch.read, accepted + batch.accepted, ignored + batch.ignored
                if refused and batch.refused:
                    await asyncio.to_thread(refused.append, batch.refused)
                watch(read)
    detail = "External ids were not compared with those of the base." if "external_id" in mapping.values() else None
    return Result(
        file=str(file),
        state="checked",
        dry_run=True,
        read=read,
        created=accepted,
        updated=0,
        ignored=ignored,
        refused=read - accepted - ignored,
        mapping=mapping,
        report=str(report) if report else None,
        detail=detail,
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
