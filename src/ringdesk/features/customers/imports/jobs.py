"""Imports as work of the worker role."""

from uuid import UUID

from ringdesk.features.customers.imports import engine, store
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.jobs import Job, JobContext, defer


async def run_import(context: JobContext, *, import_id: str) -> None:
    """Carry out an import, or go on with it. A second run of the same import finds it locked or ended, and leaves."""
    await engine.run(context.db, context.settings.data_dir, UUID(import_id))


RUN_IMPORT = Job(name="customers.run_import", run=run_import)


async def resume_imports(context: JobContext) -> None:
    """Go on with imports whose process died: running ones that nobody holds."""
    async with context.db.transaction() as uow:
        for import_id in await store.running(uow):
            if await store.is_free(uow, import_id):
                await queue(uow, import_id)


async def queue(uow: UnitOfWork, import_id: UUID) -> None:
    """Have the worker carry out an import once this transaction has committed."""
    await defer(uow, RUN_IMPORT, lock=f"import:{import_id}", arguments={"import_id": str(import_id)})


# The queue itself takes up what a killed worker was at; this is for the job that used up its retries while the database was away.
RESUME_IMPORTS = Job(name="customers.resume_imports", run=resume_imports, cron="*/5 * * * *", retries=0)
JOBS = [RUN_IMPORT, RESUME_IMPORTS]
