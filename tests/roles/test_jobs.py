"""Queued work: asked for in a transaction, done by the worker, tried again, rescued."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from litestar import Litestar

from ringdesk.kit.crypto import open_vault
from ringdesk.kit.db import Database
from ringdesk.kit.jobs import Job, JobContext, defer
from ringdesk.kit.settings import Settings
from ringdesk.roles.worker import create_queue, feature_jobs, make_months, trim_event_log

pytestmark = pytest.mark.once

done: list[str] = []


async def note(_context: JobContext, *, text: str) -> None:
    done.append(text)


async def fail(_context: JobContext) -> None:
    done.append("failed")
    raise RuntimeError("not today")


NOTE = Job(name="test.note", run=note)
FAIL = Job(name="test.fail", run=fail, retries=3)


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    """Each test begins with an empty list."""
    done.clear()


@pytest_asyncio.fixture
async def context(app: Litestar, db: Database, settings: Settings) -> AsyncIterator[JobContext]:
    """What jobs get."""
    yield JobContext(db, settings, app.state["bus"], open_vault(settings))


async def work_off(context: JobContext, *jobs: Job) -> None:
    """Let a worker do what is there, and end."""
    queue = create_queue(context.db.dsn, list(jobs), context)
    async with queue.open_async():
        await queue.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful")


async def test_a_job_exists_when_the_transaction_that_asked_for_it_has_committed(context: JobContext, db: Database) -> None:
    with pytest.raises(RuntimeError):
        await _ask_and_fail(db)
    async with db.transaction() as uow:
        await defer(uow, NOTE, arguments={"text": "done"})
    await work_off(context, NOTE)
    assert done == ["done"]
    async with db.transaction() as uow:
        assert await uow.value("select count(*) from procrastinate_jobs") == 0


async def _ask_and_fail(db: Database) -> None:
    async with db.transaction() as uow:
        await defer(uow, NOTE, arguments={"text": "never"})
        raise RuntimeError


async def test_a_failed_job_waits_for_its_next_try_and_holds_up_nobody(context: JobContext, db: Database) -> None:
    async with db.transaction() as uow:
        await defer(uow, FAIL)
        await defer(uow, NOTE, arguments={"text": "after it"})
    await work_off(context, NOTE, FAIL)
    assert done == ["failed", "after it"]
    async with db.transaction() as uow:
        assert await uow.value("select count(*) from procrastinate_jobs where status = 'todo' and scheduled_at > now()") == 1


async def test_of_two_jobs_with_one_lock_the_second_waits_for_the_first(context: JobContext, db: Database) -> None:
    async with db.transaction() as uow:
        await defer(uow, NOTE, lock="card", arguments={"text": "first"})
        await uow.run("insert into procrastinate_workers (last_heartbeat) values (now())")
        await uow.run("update procrastinate_jobs set status = 'doing', worker_id = (select min(id) from procrastinate_workers)")
        await defer(uow, NOTE, lock="card", arguments={"text": "second"})
    await work_off(context, NOTE)
    assert done == []


async def test_what_a_dead_worker_was_doing_is_done_again(context: JobContext, db: Database) -> None:
    async with db.transaction() as uow:
        await defer(uow, NOTE, arguments={"text": "again"})
        await uow.run("insert into procrastinate_workers (last_heartbeat) values (now() - interval '10 minutes')")
        await uow.run("update procrastinate_jobs set status = 'doing', worker_id = (select min(id) from procrastinate_workers)")
    queue = create_queue(context.db.dsn, [NOTE], context)
    async with queue.open_async():
        await queue.tasks["kit.rescue_jobs"].func(timestamp=0)
    await work_off(context, NOTE)
    assert done == ["again"]


async def test_every_job_of_the_features_can_be_queued_and_the_housekeeping_runs(context: JobContext, db: Database) -> None:
    jobs = feature_jobs()
    assert len({job.name for job in jobs}) == len(jobs)
    queue = create_queue(context.db.dsn, jobs, context)
    assert {job.name for job in jobs} <= set(queue.tasks)
    await trim_event_log(context)
    await make_months(context)
