"""What happens on desks as time passes."""

import asyncio

import psycopg
import structlog

from ringdesk.features.desk import byhand, service
from ringdesk.features.desk.events import WRAP_UPS
from ringdesk.kit import clock
from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import Bus, Stream

log = structlog.get_logger(__name__)

# The longest sleep without looking: a wrap-up time that begins anywhere is told by the event log before.
LONGEST_SLEEP_S = 30.0
# After a lost database connection: time for a restart of the server.
RETRY_AFTER_S = 1.0


async def end_wrap_ups(db: Database, bus: Bus) -> None:
    """End wrap-up times as they run out, until cancelled. Several processes may do so at once: rows are taken by one only."""
    news = Stream({WRAP_UPS})
    bus.add(news)
    try:
        while True:
            await _wait(news, await _end_those_due(db))
    finally:
        bus.remove(news)


async def _end_those_due(db: Database) -> float:
    """End what is due; for how many seconds nothing will be."""
    try:
        next_due = await service.finish_due(db)
        await byhand.end_forgotten(db)
    except psycopg.OperationalError as problem:
        log.warning("wrap_up_clock_paused", error=str(problem), retry_after_s=RETRY_AFTER_S)
        return RETRY_AFTER_S
    if next_due is None:
        return LONGEST_SLEEP_S
    return min(max((next_due - clock.now()).total_seconds(), 0), LONGEST_SLEEP_S)


async def _wait(news: Stream, seconds: float) -> None:
    """Until a wrap-up time begins somewhere, or the time is over."""
    try:
        async with asyncio.timeout(seconds):
            await news.queue.get()
    except TimeoutError:
        return
    while not news.queue.empty():
        news.queue.get_nowait()
