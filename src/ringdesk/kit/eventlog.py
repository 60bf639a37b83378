"""The event log as it is heard: one listener per process, fanned out in memory by topic. docs/subsystems/event-log.md."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import psycopg
import structlog

from ringdesk.kit.db import Database, UnitOfWork

log = structlog.get_logger(__name__)

CHANNEL = "ringdesk_events"
# One SELECT of the listener takes at most this many entries: 2,000 of 2 KB are 4 MB, read in some 20 ms.
BATCH = 2_000
# What one slow stream may fall behind before it is closed (its client resumes by `after`): 1,000 lines of about 1 KB.
STREAM_BACKLOG = 1_000
# After a lost connection the listener tries again at these intervals (seconds); the last one repeats.
RETRY_AFTER = (0.05, 0.2, 0.5, 1.0, 2.0)
# Without a word from the server for this long the listener looks for itself: a connection can die without an error.
LISTEN_TIMEOUT = 15.0


class LogEntry(msgspec.Struct, frozen=True):
    """One entry of the log. `payload` is its JSON text, as it goes on the wire."""

    pos: int
    at: datetime
    type: str
    topics: list[str]
    payload: str

    def line(self) -> bytes:
        """The entry as one server-sent event."""
        at = self.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        data = f'{{"pos":{self.pos},"type":"{self.type}","at":"{at}","payload":{self.payload}}}'
        return f"id: {self.pos}\nevent: {self.type}\ndata: {data}\n\n".encode()


class Stream:
    """One subscriber: a bounded queue of server-sent events for a changing set of topics."""

    def __init__(self, topics: set[str]) -> None:
        self.topics = topics
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue(STREAM_BACKLOG)
        self.position = 0
        self.unheard: frozenset[str] = frozenset()
        """Types of entries that it is not told of, whatever their topics."""

    def put(self, pos: int, line: bytes) -> None:
        """Hand over a line; closes the stream when its reader is too slow."""
        if pos <= self.position:
            return
        self.position = pos
        try:
            self.queue.put_nowait(line)
        except asyncio.QueueFull:
            self.close()

    def close(self) -> None:
        """Let the reader end after what it already has; a full queue is dropped first, so that the end is seen."""
        while self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


Follow = Callable[[LogEntry, "Bus"], None]


class Bus:
    """Hears the log and tells the streams of this process."""

    def __init__(self, db: Database, follow: Follow | None = None, *, pause: float = 0.0) -> None:
        """`follow` sees every entry before it is fanned out, so that it can change who listens to what (the desk does).

        `pause` (seconds): how long news may lie before they are read, all at once, where nobody waits at a screen.
        """
        self._db = db
        self._follow = follow
        self._pause = pause
        self._by_topic: dict[str, set[Stream]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self.position = 0
        self.connected = False

    async def start(self) -> None:
        """Begin to listen at the newest entry."""
        async with self._db.transaction() as uow:
            self.position = await newest_position(uow)
        self._task = asyncio.create_task(self._listen(), name="event bus")

    async def stop(self) -> None:
        """Stop listening and end every stream."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for stream in {stream for streams in self._by_topic.values() for stream in streams}:
            stream.close()

    def add(self, stream: Stream) -> None:
        """Start telling this stream about its topics."""
        for topic in stream.topics:
            self._by_topic[topic].add(stream)

    def remove(self, stream: Stream) -> None:
        """Stop telling this stream anything."""
        for topic in stream.topics:
            self._drop(topic, stream)

    def listeners(self, topic: str) -> list[Stream]:
        """The streams that hear this topic now."""
        return list(self._by_topic.get(topic, ()))

    def subscribe(self, stream: Stream, topic: str) -> None:
        """Let the stream hear one more topic, from the next entry on."""
        stream.topics.add(topic)
        self._by_topic[topic].add(stream)

    def unsubscribe(self, stream: Stream, topic: str) -> None:
        """Let the stream hear this topic no longer."""
        stream.topics.discard(topic)
        self._drop(topic, stream)

    def stream_count(self) -> int:
        """How many streams are open in this process."""
        return len({stream for streams in self._by_topic.values() for stream in streams})

    def _drop(self, topic: str, stream: Stream) -> None:
        if streams := self._by_topic.get(topic):
            streams.discard(stream)
            if not streams:
                del self._by_topic[topic]

    async def _listen(self) -> None:
        failures = 0
        while True:
            try:
                conn = await psycopg.AsyncConnection.connect(self._db.dsn, autocommit=True, prepare_threshold=0)
                async with conn:
                    # One plan for ever: planning the few partitions anew takes four times as long as reading.
                    await conn.execute("set plan_cache_mode = force_generic_plan")
                    await conn.execute(f"listen {CHANNEL}")
                    self.connected, failures = True, 0
                    await self._catch_up(conn)
                    while True:
                        async for _ in conn.notifies(timeout=LISTEN_TIMEOUT, stop_after=1):
                            pass
                        if self._pause:
                            await asyncio.sleep(self._pause)
                        await self._catch_up(conn)
            except psycopg.Error as problem:
                self.connected = False
                pause = RETRY_AFTER[min(failures, len(RETRY_AFTER) - 1)]
                failures += 1
                log.warning("event_bus_disconnected", error=str(problem), retry_after_s=pause, position=self.position)
                await asyncio.sleep(pause)

    async def _catch_up(self, conn: psycopg.AsyncConnection[Any]) -> None:
        while True:
            entries = await _read(conn, self.position)
            for entry in entries:
                self._tell(entry)
            if len(entries) < BATCH:
                return

    def _tell(self, entry: LogEntry) -> None:
        self.position = entry.pos
        if self._follow:
            self._follow(entry, self)
        hearers = {stream for topic in entry.topics for stream in self._by_topic.get(topic, ()) if entry.type not in stream.unheard}
        if hearers:
            line = entry.line()
            for stream in hearers:
                stream.put(entry.pos, line)


async def newest_position(uow: UnitOfWork) -> int:
    """The position of the newest committed entry; 0 in a new log."""
    # The sequence may be ahead of what is committed; the index end is not.
    return int(await uow.value("select coalesce(max(pos), 0) from event_log"))


async def reaches_back_to(uow: UnitOfWork, after: int) -> bool:
    """Whether everything after position `after` is still in the log, so that a client can resume there."""
    cursor = await uow.conn.execute("select coalesce(min(pos), 0), coalesce(max(pos), 0) from event_log")
    oldest, newest = await cursor.fetchone() or (0, 0)
    return after == newest or (oldest - 1 <= after < newest)


async def entries_after(uow: UnitOfWork, after: int, topics: set[str], *, until: int) -> list[LogEntry]:
    """The entries on any of these topics with after < pos <= until, in order."""
    return await uow.all(
        LogEntry,
        "select pos, at, type, topics, payload::text as payload from event_log where pos > %s and pos <= %s and topics && %s order by pos",
        [after, until, list(topics)],
    )


async def _read(conn: psycopg.AsyncConnection[Any], after: int) -> list[LogEntry]:
    cursor = await conn.execute(
        "select pos, at, type, topics, payload::text from event_log where pos > %s order by pos limit %s", [after, BATCH]
    )
    return [LogEntry(*row) for row in await cursor.fetchall()]


async def trim(uow: UnitOfWork, *, keep: int) -> int:
    """Make the partitions ahead, and drop those that hold nothing of the newest `keep` positions; how many were dropped."""
    await uow.run("select make_event_partitions()")
    return int(await uow.value("select drop_event_partitions(%s)", [keep]))
