"""Facts become rows, whatever a telephone system says; and one process at a time talks to each of them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import httpx

from ringdesk.features.telephony import Factory, Switchboard, Telephony
from ringdesk.features.telephony.facts import CallerIdentified, CallStarted, Fact, LegRinging, LinkRestored
from ringdesk.features.telephony.port import ConnectorStatus, Emit
from ringdesk.features.telephony.store import ConnectionRow
from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import Bus
from ringdesk.kit.ids import new_id
from tests.support.eventually import eventually
from tests.support.people import People

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


async def count(db: Database, table: str) -> int:
    async with db.transaction() as uow:
        return await uow.value(f"select count(*) from {table}")  # pyright: ignore[reportArgumentType]  # a name from this file


class TestTake:
    async def test_what_can_never_be_stored_does_not_hold_up_the_next_call(self, db: Database) -> None:
        unstorable = CallStarted(source="pbx", call_id="a", at=AT, caller_name="\x00")
        good = CallStarted(source="pbx", call_id="b", at=AT, ani="+442079460958")

        stored = await Telephony(db, region="GB").take([unstorable, good])

        assert len(stored) == 1
        assert await count(db, "interaction") == 1

    async def test_a_number_learnt_later_finds_its_customer(self, db: Database, as_ada: httpx.AsyncClient, people: People) -> None:
        made = (await as_ada.post("/api/v1/customers", json={"first_name": "Emma", "phone_1": "020 7946 0958"})).json()
        telephony = Telephony(db, region="GB")
        await telephony.take([LegRinging(source="pbx", call_id="a", at=AT, leg_id="l", extension="2001")])

        [stored] = await telephony.take([CallerIdentified(source="pbx", call_id="a", at=AT, ani="02079460958")])

        assert [str(found) for found in stored.customer_ids] == [made["id"]]

    async def test_a_clock_that_is_ahead_files_the_call_under_today(self, db: Database) -> None:
        ahead = datetime(2090, 1, 1, tzinfo=UTC)
        [stored] = await Telephony(db, region="GB").take([CallStarted(source="pbx", call_id="a", at=ahead)])
        assert stored.interaction_id < new_id()


class Line:
    """A telephone system that says one thing and then keeps quiet; notes what it was told of extensions."""

    def __init__(self, source: str, extensions: frozenset[str]) -> None:
        self._source, self.extensions = source, extensions
        self._stopping = asyncio.Event()

    @property
    def source(self) -> str:
        return self._source

    async def run(self, emit: Emit) -> None:
        facts: Sequence[Fact] = [LinkRestored(source=self.source, at=AT), CallStarted(source=self.source, call_id="only", at=AT)]
        await emit(facts)
        await self._stopping.wait()

    def status(self) -> ConnectorStatus:
        return ConnectorStatus(state="connected", since=AT)

    async def stop(self) -> None:
        self._stopping.set()


class TestSwitchboard:
    async def test_one_process_talks_and_the_other_takes_over(self, db: Database, people: People) -> None:
        async with db.transaction() as uow:
            await uow.run("insert into telephony_connection (id, name, kind) values (%s, 'main', 'asterisk')", [new_id()])
        opened: list[tuple[str, Line]] = []

        def factory(process: str) -> Factory:
            def make(row: ConnectionRow, extensions: frozenset[str]) -> Line:
                opened.append((process, Line(row.name, extensions)))
                return opened[-1][1]

            return make

        bus = Bus(db)
        await bus.start()
        telephony = Telephony(db, region="GB")
        first = asyncio.create_task(Switchboard(db, bus, telephony, factory("first")).run())
        await eventually(lambda: len(opened) == 1)
        second = asyncio.create_task(Switchboard(db, bus, telephony, factory("second")).run())

        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await eventually(lambda: [process for process, _ in opened] == ["first", "second"])

        assert opened[0][1].extensions == {"2001", "2002", "2003"}

        async def stored_once() -> bool:
            return await count(db, "interaction") == 1

        await eventually(stored_once)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        await bus.stop()
