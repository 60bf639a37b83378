"""A client of the event stream that does what browsers do."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import httpx

# Far more than any event takes, even on a busy machine; a test that waits this long has failed.
PATIENCE_S = 10.0


class Event(NamedTuple):
    """One server-sent event."""

    pos: int
    type: str
    payload: Any


class Subscription:
    """One open stream."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.last: int | None = None
        self.comments: list[str] = []
        self._lines = answer.aiter_lines()

    async def next(self) -> Event | None:
        """The next event; None when the server has ended the stream. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE_S):
            fields: dict[str, str] = {}
            async for line in self._lines:
                if line.startswith(":"):
                    self.comments.append(line[1:].strip())
                elif line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif "data" in fields:
                    data = json.loads(fields["data"])
                    assert (fields["id"], fields["event"]) == (str(data["pos"]), data["type"])
                    self.last = data["pos"]
                    return Event(data["pos"], data["type"], data["payload"])
            return None

    async def until(self, kind: str) -> list[Event]:
        """The events up to and with the first of this type."""
        seen: list[Event] = []
        while not seen or seen[-1].type != kind:
            event = await self.next()
            assert event is not None, f"the stream ended without {kind}"
            seen.append(event)
        return seen

    async def opened(self) -> None:
        """Wait for the first bytes: from now on nothing is missed."""
        async with asyncio.timeout(PATIENCE_S):
            assert (await anext(self._lines)) == ": ok"


@asynccontextmanager
async def subscribe(
    url: str, *, cookies: httpx.Cookies | None = None, headers: dict[str, str] | None = None, **query: str | int
) -> AsyncIterator[Subscription]:
    """An open stream of the server at `url`. Asserts that it was let in."""
    async with (
        httpx.AsyncClient(base_url=url, cookies=cookies, timeout=httpx.Timeout(PATIENCE_S, read=None)) as client,
        client.stream("GET", "/api/v1/events", params=query, headers=headers) as answer,
    ):
        if answer.status_code != 200:
            raise AssertionError(f"{answer.status_code}: {(await answer.aread()).decode()}")
        subscription = Subscription(answer)
        await subscription.opened()
        yield subscription
