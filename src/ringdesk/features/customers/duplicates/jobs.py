"""Keeping probable duplicates current is work of the worker role."""

import asyncio

import structlog
from psycopg import OperationalError
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
    await _look(context.db)


async def follow_changes(db: Database, bus: Bus) -> None:
    """Look at cards soon after they changed, until cancelled. What is missed meanwhile the periodic job finds."""
    while True:
        stream = Stream({"customers"})
        bus.add(stream)
        try:
            while await stream.queue.get() is not None:
                await asyncio.sleep(PAUSE_S)
                while not stream.queue.empty():
                    stream.queue.get_nowait()
                await _look(db)
        except (OperationalError, PoolTimeout) as problem:
            log.warning("duplicates_not_followed", error=str(problem))
        finally:
            bus.remove(stream)
        await asyncio.sleep(PAUSE_S)


async def _look(db: Database) -> None:
    looked_at = 0
    while count := await service.look_at_changes(db):
        looked_at += count
    if looked_at:
        log.info("duplicates_found", cards=looked_at)


# For what changed while no worker listened, such as the cards of an upgraded installation.
FIND_DUPLICATES = Job(name="customers.find_duplicates", run=find_duplicates, cron="* * * * *", retries=0)
JOBS = [FIND_DUPLICATES]
