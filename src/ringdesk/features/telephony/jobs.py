"""What the worker does for calls."""

from datetime import timedelta

from ringdesk.features.telephony import facts, store
from ringdesk.features.telephony.listener import SOURCE
from ringdesk.features.telephony.service import of
from ringdesk.kit import clock
from ringdesk.kit.jobs import Job, JobContext

# A telephone system that calls us may never tell an end. Nobody's telephone rings for an hour; the longest talk ends with its shift.
LONGEST_RINGING = timedelta(hours=1)
LONGEST_TALK = timedelta(hours=12)


async def end_silent_calls(context: JobContext) -> None:
    """End the calls of the event listener that must be over by now, at the time when they were last heard of."""
    now = clock.now()
    async with context.db.transaction() as uow:
        silent = await store.silent_calls(uow, SOURCE, ringing_before=now - LONGEST_RINGING, talking_before=now - LONGEST_TALK)
    over = [facts.CallEnded(source=SOURCE, call_id=call.call_id, at=call.heard_at, inferred=True) for call in silent]
    await of(context.db, context.settings).take(over)


JOBS = [Job(name="telephony.end_silent_calls", run=end_silent_calls, cron="*/10 * * * *", retries=0)]
