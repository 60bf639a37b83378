"""Keeping probable duplicates current is work of the worker role."""

import asyncio

import structlog
from psycopg import IntegrityError, OperationalError
from psycopg_pool import PoolTimeout

from ringdesk.features.customers.duplicates import service
from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import Bus, Stream
from ringdesk.kit.jobs import Job, JobContext

log = structlog.get_logger(__name__)

# A card is often changed several times in a row (created, then its fields): they are looked at together.
PAUSE_S = 1.0


async def find_duplicates(context: JobContext) -> None:
    """Look at every card that changed since the last time, in batches of bounded size, each a transaction of its own."""
    await _look(context.db, patient=False)


async def follow_changes(db: Database, bus: Bus) -> None:
    """Look at cards soon after they changed, and at those that changed while nobody did, until cancelled."""
    while True:
        stream = Stream({"customers"})
        bus.add(stream)
        try:
            await _look(db, patient=True)
            while await stream.queue.get() is not None:
                await asyncio.sleep(PAUSE_S)
                while not stream.queue.empty():
                    stream.queue.get_nowait()
                await _look(db, patient=True)
        except (OperationalError, PoolTimeout, IntegrityError) as problem:
            # The database went away, or a card did while it was looked at: it is begun anew.
            log.warning("duplicates_not_followed", error=str(problem))
        finally:
            bus.remove(stream)
        await asyncio.sleep(PAUSE_S)


async def _look(db: Database, *, patient: bool) -> None:
    """Look at everything that waits. Another process that is at it may have begun before the last change: the `patient` look after it."""
    looked_at = 0
    while (count := await service.look_at_changes(db)) != 0:
        if count is None and not patient:
            break
        if count is None:
            await asyncio.sleep(PAUSE_S)
        else:
            looked_at += count
    if looked_at:
        log.info("duplicates_found", cards=looked_at)


# For what changed while no worker listened, such as the cards of an upgraded installation.
FIND_DUPLICATES = Job(name="customers.find_duplicates", run=find_duplicates, cron="* * * * *", retries=0)
JOBS = [FIND_DUPLICATES]
