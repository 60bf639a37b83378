"""Waiting for what happens in its own time, without sleeping for a fixed one."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

T = TypeVar("T")

# Slower than this is a failure of its own; a busy machine with two cores stays well below.
PATIENCE_S = 10.0


async def eventually(check: Callable[[], T | Awaitable[T]], *, within: float = PATIENCE_S) -> T:
    """Calls `check` (plain or async) until it returns something true without an AssertionError; that result.

    Raises the last AssertionError, or one that says what it returned last, after `within` seconds.
    """
    give_up = time.monotonic() + within
    pause = 0.005
    while True:
        try:
            found = check()
            result = cast("T", await found if inspect.isawaitable(found) else found)
            if result:
                return result
            problem = AssertionError(f"still {result!r} after {within} s")
        except AssertionError as unmet:
            problem = unmet
        if time.monotonic() > give_up:
            raise problem
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 0.1)
