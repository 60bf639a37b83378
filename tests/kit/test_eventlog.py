"""The event log: positions in commit order, a bus that hears all of them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest_asyncio

from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import STREAM_BACKLOG, Bus, LogEntry, Stream, entries_after, newest_position, reaches_back_to, trim
from tests.support.database import cut_listeners
from tests.support.eventually import eventually


@pytest_asyncio.fixture
async def bus(db: Database) -> AsyncIterator[Bus]:
    """A listening bus of its own."""
    bus = Bus(db)
    await bus.start()
    yield bus
    await bus.stop()


async def tell(db: Database, *topics: str, number: int = 0) -> None:
    async with db.transaction() as uow:
        uow.log_event("test.happened", list(topics), {"number": number})


def positions(stream: Stream) -> list[int]:
    found: list[int] = []
    while not stream.queue.empty():
        line = stream.queue.get_nowait()
        if line is not None:
            found.append(int(line.split(b"\n", 1)[0].removeprefix(b"id: ")))
    return found


async def test_sixteen_writers_at_once_lose_no_event_and_break_no_order(db: Database, bus: Bus) -> None:
    stream = Stream({"customers"})
    bus.add(stream)
    begin = bus.position

    async def write() -> None:
        for number in range(30):
            await tell(db, "customers", number=number)

    await asyncio.gather(*(write() for _ in range(16)))
    async with db.transaction() as uow:
        logged = await uow.values("select pos from event_log where pos > %s order by pos", [begin])
    assert len(logged) == 480
    await eventually(lambda: bus.position == logged[-1])
    assert positions(stream) == logged


async def test_one_transaction_has_its_events_in_the_order_they_were_noted(db: Database, bus: Bus) -> None:
    stream = Stream({"customers"})
    bus.add(stream)
    async with db.transaction() as uow:
        for number in range(50):
            uow.log_event(f"test.number_{number}", ["customers"], {})
    await eventually(lambda: stream.queue.qsize() == 50)
    assert [(stream.queue.get_nowait() or b"").split(b"\n")[1] for _ in range(50)] == [
        f"event: test.number_{n}".encode() for n in range(50)
    ]


async def test_events_that_happen_while_the_listener_is_cut_off_arrive_when_it_is_back(db: Database, bus: Bus) -> None:
    stream = Stream({"customers"})
    bus.add(stream)
    for round_ in range(3):
        await eventually(lambda: cut_listeners(db))
        for number in range(5):
            await tell(db, "customers", number=round_ * 5 + number)
    await eventually(lambda: stream.queue.qsize() == 15)
    seen = positions(stream)
    assert seen == sorted(set(seen))
    await eventually(lambda: bus.connected)


async def test_a_stream_hears_only_its_topics_and_each_entry_once(db: Database, bus: Bus) -> None:
    stream = Stream({"customers", "desk:1"})
    bus.add(stream)
    await tell(db, "customers", "desk:1")
    await tell(db, "desk:2")
    await tell(db, "desk:1")
    await eventually(lambda: stream.queue.qsize() == 2)
    bus.unsubscribe(stream, "desk:1")
    bus.subscribe(stream, "desk:2")
    await tell(db, "desk:1")
    await tell(db, "desk:2")
    await eventually(lambda: stream.queue.qsize() == 3)
    bus.remove(stream)
    assert bus.stream_count() == 0


async def test_a_reader_that_is_too_slow_is_closed_and_not_kept_in_memory(bus: Bus) -> None:
    stream = Stream({"customers"})
    for pos in range(1, STREAM_BACKLOG + 2):
        stream.put(pos, b"line")
    assert stream.queue.qsize() <= STREAM_BACKLOG
    last = None
    while not stream.queue.empty():
        last = stream.queue.get_nowait()
    assert last is None


async def test_stopping_the_bus_ends_every_stream(db: Database) -> None:
    bus = Bus(db)
    await bus.start()
    stream = Stream({"customers"})
    bus.add(stream)
    await bus.stop()
    assert await stream.queue.get() is None


async def test_whoever_follows_is_told_before_the_streams(db: Database) -> None:
    stream = Stream(set())

    def follow(entry: LogEntry, bus: Bus) -> None:
        if entry.type == "test.happened":
            bus.subscribe(stream, "customers")

    bus = Bus(db, follow)
    await bus.start()
    bus.add(stream)
    await tell(db, "customers")
    await eventually(lambda: stream.queue.qsize() == 1)
    await bus.stop()


async def test_the_log_says_how_far_back_it_reaches(db: Database) -> None:
    for _ in range(4):
        await tell(db, "customers")
    async with db.transaction() as uow:
        newest = await newest_position(uow)
        assert await reaches_back_to(uow, newest)
        assert await reaches_back_to(uow, newest - 4)
        assert not await reaches_back_to(uow, newest + 1)
        assert not await reaches_back_to(uow, newest - 5)
        found = await entries_after(uow, newest - 3, {"customers", "desk:1"}, until=newest - 1)
        assert [entry.pos for entry in found] == [newest - 2, newest - 1]


async def test_old_partitions_are_dropped_and_new_ones_made_ahead(db: Database) -> None:
    await tell(db, "customers")
    async with db.transaction() as uow:
        at = await newest_position(uow)
        await uow.value("select setval('event_pos', %s)", [5_000_000 + at])
    async with db.transaction() as uow:
        assert await trim(uow, keep=2_000_000) >= 1
    await tell(db, "customers")
    async with db.transaction() as uow:
        assert await newest_position(uow) == 5_000_001 + at
        assert not await reaches_back_to(uow, at)


def test_an_entry_is_one_event_on_the_wire_with_its_payload_as_it_is() -> None:
    entry = LogEntry(7, datetime(2026, 1, 2, 3, 4, 5, 678000, UTC), "customer.changed", ["customers"], '{"name": "Åsa"}')
    assert entry.line().decode() == (
        "id: 7\nevent: customer.changed\n"
        'data: {"pos":7,"type":"customer.changed","at":"2026-01-02T03:04:05.678000Z","payload":{"name": "Åsa"}}\n\n'
    )
