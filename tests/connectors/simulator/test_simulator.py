"""The simulated telephone system: what it tells, at whose telephones, and that the same chance tells the same."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from random import Random

import pytest

from ringdesk.connectors.simulator import OPENING, SCRIPTS, Caller, Callers, Extensions, Script, Simulator
from ringdesk.features.telephony.facts import (
    CallEnded,
    CallFact,
    CallStarted,
    Fact,
    LegAnswered,
    LegEnded,
    LegRinging,
    LinkLost,
    LinkRestored,
    Resynced,
)
from ringdesk.features.telephony.history import CallHistory
from ringdesk.features.telephony.rules import apply_all, history
from tests.connectors.simulator.virtual_time import VirtualTime

AIKO, BILAL, SVEN = "1001", "1002", "1003"
KNOWN = Caller("+442079460001")
UNKNOWN = Caller("+442079460002", "Maja Lind")
SHARED = Caller("+442079460003")


class Centre:
    """The port's other side: who is free, and what was told."""

    def __init__(self, *free: str, colleagues: Sequence[str] = (SVEN,), opening: Sequence[Script] = OPENING, seed: int = 1) -> None:
        self.time = VirtualTime()
        self.free = list(free)
        self.facts: list[Fact] = []
        self.refusals: list[Exception] = []
        self.simulator = Simulator(
            "demo",
            extensions=self._extensions,
            callers=self._callers,
            opening=opening,
            random=Random(seed),
            now=self.time.now,
            sleep=self.time.sleep,
        )
        self._colleagues = colleagues

    async def _extensions(self) -> Extensions:
        return Extensions(tuple(self.free), self._colleagues)

    async def _callers(self) -> Callers:
        return Callers(known=[KNOWN], unknown=[UNKNOWN], shared=[SHARED])

    async def emit(self, facts: Sequence[Fact]) -> None:
        """Takes facts, or refuses them as a database that is down would."""
        if self.refusals:
            raise self.refusals.pop()
        self.facts += facts

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator["Centre"]:
        """The simulator runs within the block."""
        task = asyncio.create_task(self.simulator.run(self.emit))
        try:
            yield self
        finally:
            stop = asyncio.create_task(self.simulator.stop())
            await self.time.pass_by(seconds=5)
            await stop
            await task

    def calls(self) -> dict[str, list[CallFact]]:
        """What was told of each call, in order."""
        found: dict[str, list[CallFact]] = {}
        for fact in self.facts:
            if not isinstance(fact, LinkLost | LinkRestored | Resynced):
                found.setdefault(fact.call_id, []).append(fact)
        return found

    def histories(self) -> list[CallHistory]:
        """What the state machine makes of the calls that are over."""
        folded = [apply_all(None, facts) for facts in self.calls().values()]
        return [history(call) for call in folded if call and call.ended]


async def test_nobody_calls_while_no_telephone_is_free() -> None:
    async with Centre().at_work() as centre:
        await centre.time.pass_by(minutes=10)
    assert centre.calls() == {}


async def test_says_first_that_no_earlier_call_is_running() -> None:
    async with Centre(AIKO).at_work() as centre:
        await centre.time.pass_by(seconds=1)
    assert [type(fact) for fact in centre.facts[:2]] == [LinkRestored, Resynced]
    resynced = centre.facts[1]
    assert isinstance(resynced, Resynced)
    assert resynced.restarted
    assert resynced.live == ()


async def test_a_viewer_sees_each_kind_of_call_once_before_chance_takes_over() -> None:
    async with Centre(AIKO).at_work() as centre:
        await centre.time.pass_by(minutes=6)
    first = list(centre.calls().values())[: len(OPENING)]
    assert [facts[0].ani for facts in first if isinstance(facts[0], CallStarted)] == [
        KNOWN.number, UNKNOWN.number, SHARED.number, KNOWN.number, KNOWN.number,
    ]  # fmt: skip
    assert [item.result for item in centre.histories()][: len(OPENING)] == ["answered"] * 4 + ["abandoned"]


async def test_an_unknown_caller_comes_with_the_name_that_the_network_shows() -> None:
    async with Centre(AIKO).at_work() as centre:
        await centre.time.pass_by(minutes=3)
    assert [item.caller_name for item in centre.histories()][:2] == [None, "Maja Lind"]


@pytest.mark.parametrize(
    ("name", "result", "kind", "outcomes"),
    [
        ("inbound_known", "answered", "agent", [("inbound", AIKO, "answered")]),
        ("inbound_unknown", "answered", "agent", [("inbound", AIKO, "answered")]),
        ("shared_number", "answered", "agent", [("inbound", AIKO, "answered")]),
        ("inbound_held", "answered", "agent", [("inbound", AIKO, "answered")]),
        ("transferred", "answered", "agent", [("inbound", SVEN, "answered"), ("transfer", AIKO, "answered")]),
        ("abandoned", "abandoned", "agent", [("inbound", AIKO, "cancelled")]),
        ("ring_no_answer", "not_accepted", "agent", [("inbound", AIKO, "no_answer")]),
        ("ivr_only", "ivr_only", "ivr", []),
    ],
)
async def test_each_script_becomes_the_history_that_it_is_named_for(
    name: str, result: str, kind: str, outcomes: list[tuple[str, str, str]]
) -> None:
    script = next(script for script in SCRIPTS if script.name == name)
    async with Centre(AIKO, opening=[script]).at_work() as centre:
        await centre.time.pass_by(seconds=100)
    told = centre.histories()[0]
    assert (told.result, told.type, told.state) == (result, kind, "ended")
    assert [(part.call_type, part.extension, part.outcome) for part in told.parts if part.kind == "agent"] == outcomes


async def test_agents_pick_up_after_four_to_eight_seconds_and_talk_ten_to_forty() -> None:
    async with Centre(AIKO).at_work() as centre:
        await centre.time.pass_by(hours=2)
    legs = [part for item in centre.histories() for part in item.parts if part.answered_at and part.call_type == "inbound"]
    assert len(legs) > 50
    waits = [(part.answered_at - part.started_at).total_seconds() for part in legs if part.answered_at]
    assert min(waits) >= 4
    assert max(waits) <= 8
    plain = [part.duration.total_seconds() for part in legs if part.extension == AIKO and part.duration and not part.held]
    assert min(plain) >= 10
    assert max(plain) <= 41


async def test_a_telephone_has_one_call_at_a_time() -> None:
    async with Centre(AIKO, BILAL, colleagues=()).at_work() as centre:
        await centre.time.pass_by(hours=1)
    busy: set[str] = set()
    for fact in centre.facts:
        if isinstance(fact, LegRinging):
            assert fact.extension not in busy
            busy.add(fact.extension or "")
        elif isinstance(fact, LegEnded):
            busy.discard(fact.extension or "")
    assert {part.extension for item in centre.histories() for part in item.parts} >= {AIKO, BILAL}


async def test_without_a_colleague_nothing_is_transferred() -> None:
    async with Centre(AIKO, colleagues=()).at_work() as centre:
        await centre.time.pass_by(hours=1)
    assert {part.call_type for item in centre.histories() for part in item.parts if part.kind == "agent"} == {"inbound"}


async def test_an_agent_who_is_busy_at_the_desk_is_left_alone() -> None:
    async with Centre(AIKO).at_work() as centre:
        await centre.time.pass_by(minutes=1)
        centre.free.clear()
        await centre.time.pass_by(minutes=2)
        calls = len(centre.calls())
        await centre.time.pass_by(minutes=10)
        assert len(centre.calls()) == calls


async def test_the_same_chance_plays_the_same_calls() -> None:
    played: list[list[object]] = []
    for _ in range(2):
        async with Centre(AIKO, BILAL, seed=7).at_work() as centre:
            await centre.time.pass_by(minutes=20)
        played.append([(type(fact), fact.at, getattr(fact, "extension", None), getattr(fact, "ani", None)) for fact in centre.facts])
    assert len(played[0]) > 100
    assert played[0] == played[1]


async def test_stopping_hangs_up_the_calls_in_progress() -> None:
    async with Centre(AIKO).at_work() as centre:
        while not any(isinstance(fact, LegAnswered) for fact in centre.facts):
            await centre.time.pass_by(seconds=1)
    assert isinstance(centre.facts[-1], CallEnded)
    assert [item.state for item in centre.histories()] == ["ended"]
    assert centre.simulator.status().state == "stopped"


async def test_stopping_before_or_twice_does_no_harm() -> None:
    centre = Centre()
    await centre.simulator.stop()
    await centre.simulator.stop()
    assert centre.simulator.status().state == "stopped"


async def test_facts_that_could_not_be_stored_are_handed_over_again() -> None:
    async with Centre(AIKO).at_work() as centre:
        await centre.time.pass_by(seconds=3)
        centre.refusals += [ConnectionError("the database is gone"), ConnectionError("the database is gone")]
        while len(centre.refusals) == 2:
            await centre.time.pass_by(seconds=0.5)
        assert centre.simulator.status().state == "retrying"
        assert "the database is gone" in centre.simulator.status().detail
        await centre.time.pass_by(minutes=2)
        assert centre.simulator.status().state == "connected"
    assert [item.result for item in centre.histories()][:1] == ["answered"]


async def test_stopping_while_nothing_can_be_stored_ends_it_all_the_same() -> None:
    async with Centre(AIKO).at_work() as centre:
        await centre.time.pass_by(seconds=10)
        centre.refusals += [ConnectionError("the database is gone")] * 1000
        await centre.time.pass_by(seconds=10)
    assert centre.simulator.status().state == "stopped"
