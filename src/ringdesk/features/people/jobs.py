"""What the worker does for people."""

from ringdesk.features.people import store
from ringdesk.features.people.service import SESSION_IDLE_HOURS, session_topic
from ringdesk.kit.jobs import Job, JobContext


async def end_stale_sessions(context: JobContext) -> None:
    """Forget sessions whose time is over, end their event streams, and forget old attempts to sign in."""
    async with context.db.transaction() as uow:
        for token_hash in await store.end_stale_sessions(uow, idle_hours=SESSION_IDLE_HOURS):
            uow.log_event("session.ended", [session_topic(token_hash)], {})
        await store.forget_attempts(uow)


JOBS = [Job(name="people.end_stale_sessions", run=end_stale_sessions, cron="* * * * *", retries=0)]
