"""Facts become rows, whatever a telephone system says; and one process at a time talks to each of them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from ringdesk.features.telephony import Factory, Switchboard, Telephony
from ringdesk.features.telephony.facts import (
    CallEnded,
    CallerHungUp,
    CallerIdentified,
    CallStarted,
    Fact,
    IvrStarted,
    LegEnded,
    LegRinging,
    LinkRestored,
    RemoteEnded,
)
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


class TestStored:
    """Every call that reached the centre (product.md 3.1, 3.2)."""

    async def read(self, client: httpx.AsyncClient, interaction_id: UUID) -> dict[str, Any]:
        return (await client.get(f"/api/v1/interactions/{interaction_id}")).json()

    async def test_a_call_to_a_customer_is_there_as_it_is_placed_and_has_its_result(
        self, db: Database, as_ada: httpx.AsyncClient, people: People
    ) -> None:
        telephony = Telephony(db, region="GB")
        common: dict[str, Any] = {"source": "pbx", "call_id": "out"}
        placed = CallStarted(**common, at=AT, direction="outbound", ani="+442079460958", dnis="+442079460001")
        [stored] = await telephony.take([placed, LegRinging(**common, at=AT, leg_id="l", extension="2001")])
        now = await self.read(as_ada, stored.interaction_id)
        assert (now["direction"], now["state"], now["result"]) == ("outbound", "in_progress", None)
        assert (now["ani"], now["dnis"], now["channel"], now["source"]) == ("+442079460958", "+442079460001", "voice", "pbx")

        later = AT + timedelta(seconds=20)
        await telephony.take([RemoteEnded(**common, at=later, outcome="no_answer"), CallEnded(**common, at=later)])

        ended = await self.read(as_ada, stored.interaction_id)
        assert (ended["state"], ended["result"], ended["answered_at"]) == ("ended", "no_answer", None)
        assert [(leg["call_type"], leg["duration_s"], leg["media_type"]) for leg in ended["activities"]] == [("outbound", 0.0, "voice")]

    async def test_a_call_that_nobody_took_names_the_agent_whom_it_was_offered(
        self, db: Database, as_ada: httpx.AsyncClient, people: People
    ) -> None:
        common: dict[str, Any] = {"source": "pbx", "call_id": "lost"}
        later = AT + timedelta(seconds=20)
        offered = [CallStarted(**common, at=AT, ani="+442079460958"), LegRinging(**common, at=AT, leg_id="l", extension="2002")]
        turned_away = [LegEnded(**common, at=later, leg_id="l", outcome="no_answer"), CallEnded(**common, at=later)]
        [stored] = await Telephony(db, region="GB").take([*offered, *turned_away])

        told = await self.read(as_ada, stored.interaction_id)
        assert (told["result"], told["type"], told["duration_s"]) == ("not_accepted", "agent", 20.0)
        assert [(leg["agent_name"], leg["outcome"], leg["duration_s"]) for leg in told["activities"]] == [("Bilal", "no_answer", 0.0)]

    async def test_a_call_that_stayed_in_the_menu_or_was_given_up_is_stored_too(self, db: Database, as_ada: httpx.AsyncClient) -> None:
        telephony = Telephony(db, region="GB")
        later = AT + timedelta(seconds=20)
        found: list[tuple[str, str, list[str]]] = []
        for call_id, more in (("menu", [IvrStarted]), ("gone", [])):
            common: dict[str, Any] = {"source": "pbx", "call_id": call_id}
            told = [CallStarted(**common, at=AT, ani="+442079460958"), *(fact(**common, at=AT) for fact in more)]
            [stored] = await telephony.take([*told, CallerHungUp(**common, at=later), CallEnded(**common, at=later)])
            one = await self.read(as_ada, stored.interaction_id)
            found.append((one["result"], one["type"], [part["kind"] for part in one["activities"]]))
        assert found == [("ivr_only", "ivr", ["ivr"]), ("abandoned", "ivr", [])]


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
