"""Work that is done later, by the worker role: queued in the transaction that asks for it, retried, or run on a schedule."""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import msgspec

from ringdesk.kit.crypto import Vault
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.eventlog import Bus
from ringdesk.kit.settings import Settings


class JobContext(msgspec.Struct, frozen=True):
    """What every job gets first."""

    db: Database
    settings: Settings
    bus: Bus
    vault: Vault


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of job. Features list theirs as `JOBS` in their `__init__`.

    `run(context, **arguments)` carries one out; arguments are JSON. A job may run twice (a worker can die right after its last
    commit): it must leave the same result. `cron` (five fields, UTC) makes it periodic, once for the whole installation;
    a periodic job gets no arguments. `retries` is how often a failed one is tried again, later and later.
    """

    name: str
    run: Callable[..., Awaitable[None]]
    cron: str | None = None
    retries: int = 5
    queue: str = "default"


async def defer(uow: UnitOfWork, job: Job | str, *, lock: str | None = None, arguments: dict[str, Any] | None = None) -> None:
    """Queue a job; it exists when this transaction commits. Of the jobs with the same `lock` one runs at a time."""
    name, queue = (job.name, job.queue) if isinstance(job, Job) else (job, "default")
    deferrer = _queue().configure_task(name, connection=uow.conn, lock=lock, queue=queue)
    await deferrer.defer_async(**(arguments or {}))


@cache
def _queue() -> Any:
    # Imported at the first use: a process that queues nothing starts faster without it. Never opened: it writes on our connection.
    import procrastinate

    return procrastinate.App(connector=procrastinate.PsycopgConnector())
