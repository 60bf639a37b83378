"""Files of recordings that are gone, deleted by the worker role."""

import asyncio

from ringdesk.features.interactions.recordings import files, store
from ringdesk.kit import clock
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.jobs import Job, JobContext, defer

# A file that belongs to nobody is an upload that is going on, or one that was cut off; after a day it is the latter.
ABANDONED_AFTER_S = 86_400
_AT_ONCE = 1_000


async def drop_files(context: JobContext, *, names: list[str]) -> None:
    """Delete files whose recordings were removed."""
    await files.drop(context.settings.data_dir, names)


async def sweep_files(context: JobContext) -> None:
    """Delete files that no recording has: of uploads that were cut off."""
    old = await asyncio.to_thread(files.older_than, context.settings.data_dir, clock.now().timestamp() - ABANDONED_AFTER_S)
    for first in range(0, len(old), _AT_ONCE):
        batch = old[first : first + _AT_ONCE]
        async with context.db.transaction() as uow:
            known = await store.known_files(uow, batch)
        await files.drop(context.settings.data_dir, [name for name in batch if name not in known])


DROP_FILES = Job(name="interactions.drop_recordings", run=drop_files)
SWEEP_FILES = Job(name="interactions.sweep_recordings", run=sweep_files, cron="17 3 * * *")
JOBS = [DROP_FILES, SWEEP_FILES]


async def drop_later(uow: UnitOfWork, names: list[str]) -> None:
    """Have files deleted once this transaction has committed: one that is undone leaves them."""
    if names:
        await defer(uow, DROP_FILES, arguments={"names": names})
