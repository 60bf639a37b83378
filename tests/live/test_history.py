"""Calls through a real Asterisk, heard by Ringdesk's own connector and folded by its rules, against Asterisk's CEL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest

from ringdesk.connectors.asterisk.adapter import AsteriskConnector
from ringdesk.connectors.asterisk.ami import AmiOptions
from ringdesk.features.telephony import rules
from ringdesk.features.telephony.facts import CallFact, Fact, LinkLost, LinkRestored, Resynced
from ringdesk.features.telephony.history import CallHistory, Part
from tests.live.compare import differences, from_history
from tests.live.plays import EDWARD, PLAYS, Play, outline
from tests.support.asterisk.caller import Caller
from tests.support.asterisk.config import MANAGER_USER
from tests.support.asterisk.phone import Phone
from tests.support.asterisk.records import finished_cel
from tests.support.asterisk.server import Asterisk
from tests.support.asterisk.truth import check_consistent, true_call
from tests.support.eventually import eventually


class Listener:
    """The calls as the connector's facts make them."""

    def __init__(self) -> None:
        self.calls: dict[str, rules.Call] = {}
        self.resyncs: list[Resynced] = []

    async def take(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            match fact:
                case Resynced():
                    self.resyncs.append(fact)
                    self.calls = {call_id: rules.reconcile(call, fact) for call_id, call in self.calls.items()}
                case LinkLost() | LinkRestored():
                    pass
                case _:
                    self._take_call(fact)

    def history(self, call_id: str) -> CallHistory | None:
        call = self.calls.get(call_id)
        return rules.history(call) if call else None

    async def ended(self, call_id: str) -> CallHistory:
        """The history of a call once it is over."""

        def over() -> CallHistory:
            history = self.history(call_id)
            assert history, f"{call_id} was not heard of"
            assert history.state == "ended", history
            return history

        return await eventually(over)

    def _take_call(self, fact: CallFact) -> None:
        self.calls[fact.call_id] = rules.apply(self.calls.get(fact.call_id), fact)


@asynccontextmanager
async def listening(pbx: Asterisk) -> AsyncIterator[Listener]:
    """A connector that is signed in to the PBX and in step with it."""
    options = AmiOptions(host="127.0.0.1", port=pbx.layout.manager_port, username=MANAGER_USER, secret=pbx.layout.manager_secret)
    connector = AsteriskConnector("live", options)
    listener = Listener()
    running = asyncio.create_task(connector.run(listener.take))
    try:
        await eventually(lambda: listener.resyncs)
        yield listener
    finally:
        await connector.stop()
        with suppress(asyncio.CancelledError):
            await running


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.name.replace(" ", "-"))
async def test_the_history_of_a_call_is_what_asterisk_wrote_down(pbx: Asterisk, play: Play) -> None:
    async with listening(pbx) as listener:
        numbers = await play.run(pbx)
        for number, expected in zip(numbers, play.expected, strict=True):
            truth = true_call(await finished_cel(pbx, number), rings=pbx.rings)
            check_consistent(truth)
            assert outline(truth) == expected
            history = await listener.ended(truth.linkedid)
            assert not history.gap
            assert (history.caller_name or "") == truth.name
            assert differences(from_history(history), truth) == []


async def test_a_call_cut_off_by_the_death_of_the_pbx_is_closed_when_it_is_back(pbx: Asterisk) -> None:
    async with listening(pbx) as listener, Phone(pbx, "1001") as phone:
        async with Caller(pbx, "701", number=EDWARD):
            call = await phone.ringing()
            call.answer()
            await call.talking()
            (linkedid,) = listener.calls
            await eventually(lambda: [part.state for part in parts_of(listener, linkedid)] == ["talking"])
            await pbx.kill()
        await pbx.restart()
        history = await listener.ended(linkedid)
        assert history.gap
        assert (history.result, [part.outcome for part in history.parts]) == ("answered", ["answered"])

        await phone.register()
        async with Caller(pbx, "701", number="+46855512345") as astrid:
            again = await phone.ringing()
            again.answer()
            await again.talking()
            await astrid.hang_up()
            await again.ended()
        truth = true_call(await finished_cel(pbx, "+46855512345"), rings=pbx.rings)
        assert differences(from_history(await listener.ended(truth.linkedid)), truth) == []


def parts_of(listener: Listener, call_id: str) -> tuple[Part, ...]:
    history = listener.history(call_id)
    return history.parts if history else ()
