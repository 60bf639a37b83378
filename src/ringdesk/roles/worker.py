"""The worker role: runs queued and scheduled jobs, and ends wrap-up times as they run out."""

import asyncio
import os
import socket
from typing import Any

import procrastinate
import structlog
from procrastinate import RetryStrategy

from ringdesk.features import customers, desk, interactions, people, requests, telephony
from ringdesk.kit import eventlog
from ringdesk.kit.jobs import Job, JobContext

log = structlog.get_logger(__name__)

# Jobs mostly wait for the database; what takes a core for long leaves the event loop by itself.
CONCURRENCY = 4
# A job is told by NOTIFY; looking on our own is for the case that one was lost.
POLLING_S = 15.0
# A stopping worker lets its jobs finish; what takes longer starts again elsewhere.
GRACE_S = 5.0
# How many positions of the event log are kept: at 100 events a second some 5 hours, at the usual handful days.
KEPT_POSITIONS = 2_000_000
# A telephone system's month of calls begins on time even if the worker was away for weeks.
MONTHS_AHEAD = 2


async def trim_event_log(context: JobContext) -> None:
    """Drop old partitions of the event log and make the next ones."""
    async with context.db.transaction() as uow:
        dropped = await eventlog.trim(uow, keep=KEPT_POSITIONS)
    if dropped:
        log.info("event_log_trimmed", partitions=dropped)


async def make_months(context: JobContext) -> None:
    """Make the partitions of the coming months."""
    async with context.db.transaction() as uow:
        await uow.run("select make_month_partitions(%s)", [MONTHS_AHEAD])


JOBS = [
    Job(name="kit.trim_event_log", run=trim_event_log, cron="*/5 * * * *"),
    Job(name="kit.make_months", run=make_months, cron="17 3 * * *"),
]


def feature_jobs() -> list[Job]:
    """The jobs of every feature."""
    return [*JOBS, *people.JOBS, *customers.JOBS, *interactions.JOBS, *requests.JOBS, *telephony.JOBS]


def create_queue(dsn: str, jobs: list[Job], context: JobContext) -> procrastinate.App:
    """The job queue of a worker, knowing how to run these jobs."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=dsn, min_size=1, max_size=CONCURRENCY + 2))
    for job in jobs:
        _register(app, job, context)

    @app.periodic(cron="* * * * *")
    @app.task(name="kit.rescue_jobs", queueing_lock="kit.rescue_jobs")
    async def rescue_jobs(timestamp: int) -> None:
        """Queue again what a worker was doing when it died."""
        for lost in await app.job_manager.get_stalled_jobs():
            log.warning("job_rescued", job=lost.task_name, job_id=lost.id)
            await app.job_manager.retry_job(lost)

    return app


def _register(app: procrastinate.App, job: Job, context: JobContext) -> None:
    async def run(**arguments: Any) -> None:
        # A periodic job is told when it was due; ours look at the clock themselves.
        if job.cron:
            arguments.pop("timestamp", None)
        with structlog.contextvars.bound_contextvars(job=job.name):
            try:
                await job.run(context, **arguments)
            except Exception:
                log.exception("job_failed")
                raise

    # The waits grow as 2, 4, 8 ... seconds: a database that restarts is back after the first or second.
    retry = RetryStrategy(max_attempts=job.retries, exponential_wait=2)
    task = app.task(name=job.name, queue=job.queue, retry=retry)(run)
    if job.cron:
        app.periodic(cron=job.cron)(task)  # pyright: ignore[reportArgumentType]  # typed for a positional timestamp; it comes by name


async def work(context: JobContext) -> None:
    """Run jobs until cancelled."""
    app = create_queue(context.db.dsn, feature_jobs(), context)
    async with app.open_async(), asyncio.TaskGroup() as tasks:
        tasks.create_task(desk.end_wrap_ups(context.db, context.bus), name="wrap-ups")
        tasks.create_task(customers.follow_duplicates(context.db, context.bus), name="duplicates")
        tasks.create_task(
            app.run_worker_async(
                name=f"{socket.gethostname()}:{os.getpid()}",
                concurrency=CONCURRENCY,
                fetch_job_polling_interval=POLLING_S,
                shutdown_graceful_timeout=GRACE_S,
                install_signal_handlers=False,
                delete_jobs="successful",
            ),
            name="jobs",
        )
