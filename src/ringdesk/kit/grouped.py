"""Group commit: works that come in while transactions are under way share the next one. docs/subsystems/unit-of-work.md."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import ClassVar, Generic, NamedTuple, TypeVar

from psycopg import OperationalError
from psycopg.errors import DeadlockDetected

from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.problems import Problem

W = TypeVar("W")
R = TypeVar("R")

# Two transactions at a time: while the server commits one, the next is prepared. More would only make the groups smaller.
LANES = 2
# The most works of one transaction: nobody waits longer than these take together (some 60 ms).
MOST = 32
# What may wait: some ten seconds of the fastest switchboard. More comes only when the database is away, and is refused at once then.
MOST_WAITING = 2_000


class Overloaded(Problem):
    """More work came than the database takes."""

    slug: ClassVar[str] = "overloaded"
    status: ClassVar[int] = 503
    title: ClassVar[str] = "Too much at once"


class _Waiting(NamedTuple, Generic[W, R]):
    work: W
    result: "asyncio.Future[R]"


class Grouped(Generic[W, R]):
    """Carries out works in as few transactions as keep up with them: one each while it is quiet, many at once under load.

    Works of the same key follow each other in the order in which they came.
    """

    def __init__(
        self,
        db: Database,
        carry_out: Callable[[UnitOfWork, Sequence[W]], Awaitable[Sequence[R]]],
        *,
        key: Callable[[W], Hashable],
    ) -> None:
        """`carry_out` answers for each work, in their order; no two of them have the same key."""
        self._db, self._carry_out, self._key = db, carry_out, key
        self._waiting: list[_Waiting[W, R]] = []
        self._busy: set[Hashable] = set()
        self._running: set[asyncio.Task[None]] = set()

    async def take(self, work: W) -> R:
        """What came of the work; it is committed when this returns. Raises what carrying it out alone raises, Overloaded."""
        if len(self._waiting) >= MOST_WAITING:
            raise Overloaded("More came than can be stored now. Send it again in a few seconds.")
        waiting: _Waiting[W, R] = _Waiting(work, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._begin()
        return await waiting.result

    def _begin(self) -> None:
        if len(self._running) < LANES and (group := self._next()):
            task = asyncio.create_task(self._run(group), name="group commit")
            self._running.add(task)
            task.add_done_callback(lambda ended: self._go_on(ended, group))

    def _next(self) -> list[_Waiting[W, R]]:
        group: list[_Waiting[W, R]] = []
        later: list[_Waiting[W, R]] = []
        held = set(self._busy)
        for waiting in self._waiting:
            key = self._key(waiting.work)
            (later if key in held or len(group) == MOST else group).append(waiting)
            held.add(key)
        self._waiting = later
        self._busy.update(self._key(waiting.work) for waiting in group)
        return group

    def _go_on(self, ended: "asyncio.Task[None]", group: list[_Waiting[W, R]]) -> None:
        self._running.discard(ended)
        self._busy.difference_update(self._key(waiting.work) for waiting in group)
        for waiting in group:
            # Only a stop cuts a group short.
            waiting.result.cancel()
        self._begin()

    async def _run(self, group: list[_Waiting[W, R]]) -> None:
        try:
            async with self._db.transaction() as uow:
                results = await self._carry_out(uow, [waiting.work for waiting in group])
        except Exception as problem:  # noqa: BLE001 - whoever asked gets it, whatever it is
            if _is_of_the_connection(problem):
                # To try each by itself would make all of them wait for the same thing, one after the other.
                for waiting in group:
                    if not waiting.result.done():
                        waiting.result.set_exception(problem)
            elif len(group) > 1:
                # One of them can't be done: it alone shall fail.
                for waiting in group:
                    await self._run([waiting])
            elif not group[0].result.done():
                group[0].result.set_exception(problem)
        else:
            for waiting, result in zip(group, results, strict=True):
                # Whoever asked may have gone; the work is done all the same.
                if not waiting.result.done():
                    waiting.result.set_result(result)


def _is_of_the_connection(problem: Exception) -> bool:
    return isinstance(problem, OperationalError) and not isinstance(problem, DeadlockDetected)
