"""Privacy as work of the worker role."""

from uuid import UUID

from ringdesk.features.customers.attributes import jobs as attribute_jobs
from ringdesk.features.customers.attributes import store as attributes
from ringdesk.features.customers.privacy import conversion, erasing, erasure_store, searching
from ringdesk.kit.jobs import Job, JobContext


async def convert_attribute(context: JobContext, *, attribute_id: str) -> None:
    """Encrypt or decrypt the values of an attribute, or go on with it. A second run finds nothing left, or the first one at it."""
    await conversion.run(context.db, context.settings.data_dir, UUID(attribute_id), region=context.settings.default_region)


async def resume(context: JobContext) -> None:
    """Go on with what a killed process left half done."""
    async with context.db.transaction() as uow:
        for attribute_id in await attributes.converting(uow):
            await attribute_jobs.queue_conversion(uow, attribute_id)
        for erasure_id in await erasure_store.unfinished(uow):
            await erasing.queue(uow, erasure_id)


async def finish_erasure(context: JobContext, *, erasure_id: str) -> None:
    """Search trails and files for an erased customer, or go on with it."""
    await searching.run(context.db, context.settings.data_dir, UUID(erasure_id))


CONVERT_ATTRIBUTE = Job(name="customers.convert_attribute", run=convert_attribute)
RESUME = Job(name="customers.resume_privacy", run=resume, cron="*/5 * * * *", retries=0)
FINISH_ERASURE = Job(name=erasure_store.JOB, run=finish_erasure)
JOBS = [CONVERT_ATTRIBUTE, FINISH_ERASURE, RESUME]
