"""What happens to requests as time passes."""

from ringdesk.features.requests import service, store
from ringdesk.kit import clock
from ringdesk.kit.jobs import Job, JobContext

# Requests of one run: some seconds of work; an hour later the next run takes the rest.
MOST_AT_ONCE = 2_000


async def close_idle(context: JobContext) -> None:
    """Close the requests to which nothing happened for the days of their type (product.md 2.4), each in its own transaction."""
    at = clock.now()
    async with context.db.transaction() as uow:
        due = await store.idle(uow, at, MOST_AT_ONCE)
    for request_id in due:
        await service.close_idle(context.db, request_id, at)


JOBS = [Job(name="requests.close_idle", run=close_idle, cron="7 * * * *", retries=0)]
