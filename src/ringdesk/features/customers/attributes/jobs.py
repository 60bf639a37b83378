"""The indexes of attributes as work of the worker role."""

from uuid import UUID

from ringdesk.features.customers.attributes import indexes
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.jobs import Job, JobContext, defer


async def index_attributes(context: JobContext) -> None:
    """Bring the indexes in line with what administrators marked."""
    await indexes.bring_in_line(context.db)


async def mend_indexes(context: JobContext) -> None:
    """Find what a killed build or a lost job left: an index that is not whole, is missing, or that no attribute wants."""
    async with context.db.transaction() as uow:
        if not await indexes.are_right(uow):
            await queue(uow)


async def queue(uow: UnitOfWork) -> None:
    """Have the worker look after the indexes once this transaction has committed."""
    await defer(uow, INDEX_ATTRIBUTES, lock="attribute-indexes")


async def queue_conversion(uow: UnitOfWork, attribute_id: UUID) -> None:
    """Have the worker convert the values of an attribute once this transaction has committed (customers/privacy)."""
    await defer(uow, "customers.convert_attribute", lock=f"convert-attribute:{attribute_id}", arguments={"attribute_id": str(attribute_id)})


INDEX_ATTRIBUTES = Job(name="customers.index_attributes", run=index_attributes)
MEND_INDEXES = Job(name="customers.mend_indexes", run=mend_indexes, cron="*/5 * * * *", retries=0)
JOBS = [INDEX_ATTRIBUTES, MEND_INDEXES]
