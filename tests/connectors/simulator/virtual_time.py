"""Time that passes only when everybody waits for it, so that an hour of calls takes milliseconds and always goes the same way."""

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta


class VirtualTime:
    """A clock and its `sleep`; `run_until` lets time pass."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        """The virtual present."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Until virtual time has moved on by this much."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.at + timedelta(seconds=seconds), next(self._order), waiting))
        await waiting

    async def pass_by(self, **how_long: float) -> None:
        """Let this much time pass, waking every sleeper in turn and waiting until it has done what it does."""
        end = self.at + timedelta(**how_long)
        await _settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            at, _, waiting = heapq.heappop(self._sleepers)
            if not waiting.done():
                self.at = at
                waiting.set_result(None)
                await _settle()
        self.at = end


async def _settle() -> None:
    # A woken task passes through some awaits before it sleeps again; twenty turns of the loop are plenty.
    loop = asyncio.get_running_loop()
    for _ in range(20):
        turn: asyncio.Future[None] = loop.create_future()
        loop.call_soon(turn.set_result, None)
        await turn
