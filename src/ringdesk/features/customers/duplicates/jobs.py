"""Keeping probable duplicates current is work of the worker role."""

import structlog

from ringdesk.features.customers.duplicates import service
from ringdesk.kit.jobs import Job, JobContext

log = structlog.get_logger(__name__)


async def find_duplicates(context: JobContext) -> None:
    """Look at every card that changed since the last time, in batches of bounded size, each a transaction of its own."""
    looked_at = 0
    while count := await service.look_at_changes(context.db):
        looked_at += count
    if looked_at:
        log.info("duplicates_found", cards=looked_at)


# Once a minute: who creates a card is warned at once by a search of its own, the queue may come a little later.
FIND_DUPLICATES = Job(name="customers.find_duplicates", run=find_duplicates, cron="* * * * *", retries=0)
JOBS = [FIND_DUPLICATES]
