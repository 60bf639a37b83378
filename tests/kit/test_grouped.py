"""Works that come in together share a transaction, and no other's failure or haste is noticed."""

import asyncio
from collections.abc import Sequence

import psycopg
import pytest

from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.grouped import LANES, MOST, MOST_WAITING, Grouped, Overloaded
from tests.support.eventually import eventually


class Desk:
    """Carries works out (the key is what stands before the colon) once it may; notes the groups."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.groups: list[list[str]] = []
        self.may_go_on = asyncio.Event()
        self.grouped: Grouped[str, str] = Grouped(db, self._carry_out, key=lambda work: work.partition(":")[0])

    async def _carry_out(self, uow: UnitOfWork, works: Sequence[str]) -> list[str]:
        self.groups.append(list(works))
        await self.may_go_on.wait()
        for work in works:
            await uow.run("insert into setting (key, value) values ('test.' || %s, '1')", [work])
            if work.endswith("bad"):
                raise ValueError(work)
        return [f"{work} done" for work in works]

    def give(self, *works: str) -> "list[asyncio.Task[str]]":
        return [asyncio.create_task(self.grouped.take(work)) for work in works]

    async def all_lanes_busy(self) -> "list[asyncio.Task[str]]":
        """Works that are under way, so that the next ones have to wait."""
        first = [task for lane in range(LANES) for task in self.give(f"first{lane}")]
        await eventually(lambda: len(self.groups) == LANES)
        return first

    async def stored(self) -> set[str]:
        async with self.db.transaction() as uow:
            return set(await uow.values("select substr(key, 6) from setting where key like 'test.%%'", []))


async def test_what_waits_shares_the_next_transaction(db: Database) -> None:
    desk = Desk(db)
    first = await desk.all_lanes_busy()
    later = desk.give("a", "b", "c")
    desk.may_go_on.set()

    assert await asyncio.gather(*first, *later) == ["first0 done", "first1 done", "a done", "b done", "c done"]
    assert desk.groups == [["first0"], ["first1"], ["a", "b", "c"]]


async def test_no_group_takes_more_than_it_can_carry_out_soon(db: Database) -> None:
    desk = Desk(db)
    first = await desk.all_lanes_busy()
    later = desk.give(*(f"work{number}" for number in range(MOST + 1)))
    desk.may_go_on.set()

    await asyncio.gather(*first, *later)
    assert [len(group) for group in desk.groups[LANES:]] == [MOST, 1]


async def test_works_of_one_key_follow_each_other(db: Database) -> None:
    desk = Desk(db)
    first = await desk.all_lanes_busy()
    later = desk.give("a:1", "b:1", "a:2", "a:3", "first0:again")
    await eventually(lambda: all(not task.done() for task in later))
    desk.may_go_on.set()

    await asyncio.gather(*first, *later)
    order = [work for group in desk.groups for work in group]
    assert [work for work in order if work.startswith("a")] == ["a:1", "a:2", "a:3"]
    assert all(len({work.partition(":")[0] for work in group}) == len(group) for group in desk.groups)
    assert order.index("first0:again") > order.index("first0")


async def test_only_the_work_that_cannot_be_done_fails(db: Database) -> None:
    desk = Desk(db)
    first = await desk.all_lanes_busy()
    good, bad, other = desk.give("good", "bad", "other")
    desk.may_go_on.set()

    await asyncio.gather(*first)
    assert (await good, await other) == ("good done", "other done")
    with pytest.raises(ValueError, match="bad"):
        await bad
    assert await desk.stored() == {"first0", "first1", "good", "other"}


async def test_a_work_is_done_though_nobody_waits_for_it_any_more(db: Database) -> None:
    desk = Desk(db)
    [gone, *others] = await desk.all_lanes_busy()
    gone.cancel()
    desk.may_go_on.set()

    await asyncio.gather(*others, *desk.give("next"))
    assert await desk.stored() == {"first0", "first1", "next"}


async def test_a_database_that_is_away_fails_a_group_as_one(db: Database) -> None:
    desk = Desk(db)
    tries = 0

    async def lose_the_connection(uow: UnitOfWork, works: Sequence[str]) -> list[str]:
        nonlocal tries
        tries += 1
        await desk.may_go_on.wait()
        raise psycopg.OperationalError("the connection is lost")

    grouped: Grouped[str, str] = Grouped(db, lose_the_connection, key=lambda work: work)
    works = [asyncio.create_task(grouped.take(f"work{number}")) for number in range(LANES + 5)]
    await eventually(lambda: tries == LANES)
    desk.may_go_on.set()

    outcomes = await asyncio.gather(*works, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {psycopg.OperationalError}
    assert tries == LANES + 1


async def test_what_is_too_much_is_refused_at_once(db: Database) -> None:
    desk = Desk(db)
    first = await desk.all_lanes_busy()
    works = desk.give(*(f"work{number}" for number in range(MOST_WAITING + 1)))
    await eventually(lambda: any(task.done() for task in works))
    desk.may_go_on.set()

    outcomes = await asyncio.gather(*first, *works, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if not isinstance(outcome, str)] == [Overloaded]
