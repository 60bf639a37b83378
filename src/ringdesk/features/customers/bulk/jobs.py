"""Bulk edits as work of the worker role."""

from datetime import timedelta
from uuid import UUID

from ringdesk.features.customers.bulk import engine, store
from ringdesk.kit import clock
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.jobs import Job, JobContext, defer

# Nobody confirms a number that they saw yesterday.
PREPARED_FOR = timedelta(days=1)


async def run_bulk_edit(context: JobContext, *, edit_id: str) -> None:
    """Carry out an edit or its undo, or go on with it. A second run of the same finds it held or ended, and leaves."""
    await engine.run(context.db, UUID(edit_id), region=context.settings.default_region)


async def resume_bulk_edits(context: JobContext) -> None:
    """Go on with edits whose job is lost, and forget those that nobody started."""
    async with context.db.transaction() as uow:
        await store.forget_prepared(uow, clock.now() - PREPARED_FOR)
        for edit_id in await store.under_way(uow):
            if await store.try_lock(uow, edit_id):
                await queue(uow, edit_id)


async def queue(uow: UnitOfWork, edit_id: UUID) -> None:
    """Have the worker go on with an edit once this transaction has committed."""
    await defer(uow, RUN_BULK_EDIT, lock=f"bulk-edit:{edit_id}", arguments={"edit_id": str(edit_id)})


RUN_BULK_EDIT = Job(name="customers.run_bulk_edit", run=run_bulk_edit)
RESUME_BULK_EDITS = Job(name="customers.resume_bulk_edits", run=resume_bulk_edits, cron="*/5 * * * *", retries=0)
JOBS = [RUN_BULK_EDIT, RESUME_BULK_EDITS]
