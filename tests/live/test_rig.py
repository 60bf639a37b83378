"""The rig by itself: calls through the real Asterisk leave the traces that the other live tests rely on."""

from __future__ import annotations

import asyncio

from tests.support.asterisk.caller import Caller
from tests.support.asterisk.phone import Phone
from tests.support.asterisk.records import finished_cdr, finished_cel
from tests.support.asterisk.server import Asterisk
from tests.support.asterisk.truth import TrueLeg, check_consistent, true_call

EDWARD = "+442079460958"
# Everything runs on one machine and one clock; what lies further apart is not the same event.
SAME_MOMENT_S = 0.1


async def test_a_direct_call_is_in_cel_and_cdr_as_the_caller_and_the_agent_saw_it(pbx: Asterisk) -> None:
    async with Phone(pbx, "1001") as phone, Caller(pbx, "701", number=EDWARD, name="Edward Ferrars") as edward:
        call = await phone.ringing()
        assert (call.caller_number, call.caller_name) == (EDWARD, "Edward Ferrars")
        await edward.hears_ringing()
        assert edward.answered_at is None
        call.answer()
        heard = await edward.answered()
        await call.hang_up()
        await edward.ended()

    history = true_call(await finished_cel(pbx, EDWARD), rings=pbx.rings)
    check_consistent(history)
    assert (history.number, history.name, history.dialled) == (EDWARD, "Edward Ferrars", "701")
    assert history.result == "answered"
    (leg,) = history.legs
    assert (leg.kind, leg.agent, leg.call_type, leg.outcome) == ("agent", "1001", "inbound", "answered")
    assert call.rang_at is not None
    assert leg.started_at < call.rang_at < (leg.answered_at or 0)
    assert same(leg.answered_at, call.answered_at)
    assert same(leg.answered_at, heard)
    assert same(leg.ended_at, call.ended_at)

    (record,) = await finished_cdr(pbx, history.linkedid)
    assert (record.number, record.dialled, record.disposition) == (EDWARD, "701", "ANSWERED")
    assert same(record.started_at, history.started_at)
    assert same(record.answered_at, leg.answered_at)
    assert same(record.ended_at, leg.ended_at)


async def test_a_blind_transfer_rings_the_second_agent_within_the_same_call(pbx: Asterisk) -> None:
    async with Phone(pbx, "1001") as first, Phone(pbx, "1002") as second, Caller(pbx, "701", number=EDWARD) as edward:
        call = await first.ringing()
        call.answer()
        await call.talking()
        await call.blind_transfer("1002")
        passed_on = await second.ringing()
        assert passed_on.caller_number == EDWARD
        passed_on.answer()
        await passed_on.talking()
        await call.ended()
        assert call.notified[-1] == "SIP/2.0 200 OK"
        await edward.hang_up()
        await passed_on.ended()

    history = true_call(await finished_cel(pbx, EDWARD), rings=pbx.rings)
    check_consistent(history)
    assert [described(leg) for leg in history.legs] == [
        ("1001", "inbound", "answered"),
        ("1002", "transfer", "answered"),
    ]
    assert history.legs[1].rang_at == passed_on.rang_at
    assert len(await finished_cdr(pbx, history.linkedid, at_least=2)) == 2


async def test_a_queue_call_goes_on_to_the_next_agent_when_the_first_lets_it_ring(pbx: Asterisk) -> None:
    async with Phone(pbx, "1001") as first, Phone(pbx, "1002") as second, Caller(pbx, "700", number=EDWARD) as edward:
        ignored = await first.ringing()
        await ignored.ended()
        call = await second.ringing()
        call.answer()
        await call.talking()
        await call.hang_up()
        await edward.ended()

    history = true_call(await finished_cel(pbx, EDWARD), rings=pbx.rings)
    check_consistent(history)
    assert history.queue == "support"
    assert [described(leg) for leg in history.legs] == [
        (None, None, "answered"),
        ("1001", "inbound", "no_answer"),
        ("1002", "inbound", "answered"),
    ]


async def test_a_caller_who_gives_up_and_an_agent_who_is_busy_are_told_apart(pbx: Asterisk) -> None:
    async with Phone(pbx, "1001") as phone:
        async with Caller(pbx, "701", number=EDWARD) as edward:
            call = await phone.ringing()
            await edward.hang_up()
            await call.ended()
        async with Caller(pbx, "701", number="+46855512345") as astrid:
            (await phone.ringing()).reject("486 Busy Here")
            assert await astrid.refused() == "SIP/2.0 486 Busy Here"

    given_up = true_call(await finished_cel(pbx, EDWARD), rings=pbx.rings)
    assert (given_up.result, [leg.outcome for leg in given_up.legs]) == ("abandoned", ["cancelled"])
    refused = true_call(await finished_cel(pbx, "+46855512345"), rings=pbx.rings)
    assert (refused.result, [leg.outcome for leg in refused.legs]) == ("not_accepted", ["busy"])


async def test_an_attended_transfer_and_a_hold_end_with_caller_and_second_agent_talking(pbx: Asterisk) -> None:
    async with Phone(pbx, "1001") as first, Phone(pbx, "1002") as second, Caller(pbx, "701", number=EDWARD) as edward:
        call = await first.ringing()
        call.answer()
        await call.talking()
        await call.hold()
        dialling = asyncio.create_task(first.call("1002"))
        asked = await second.ringing()
        asked.answer()
        consultation = await dialling
        await consultation.talking()
        await call.attended_transfer(consultation)
        await call.ended()
        await edward.hang_up()
        await asked.ended()

    kinds = [event.kind for event in await finished_cel(pbx, EDWARD)]
    assert "ATTENDEDTRANSFER" in kinds


async def test_a_killed_pbx_comes_back_on_its_ports_and_takes_calls_again(pbx: Asterisk) -> None:
    layout, killed = pbx.layout, pbx.pid
    async with Phone(pbx, "1001") as phone:
        async with Caller(pbx, "701", number=EDWARD):
            await phone.ringing()
            watch = pbx.watch
            await pbx.kill()
            assert not pbx.running
            assert not any(event["Event"] == "Hangup" for event in watch.events)
        await pbx.restart()
        assert pbx.layout == layout
        assert pbx.pid != killed
        await phone.register()
        async with Caller(pbx, "701", number="+46855512345") as astrid:
            call = await phone.ringing()
            call.answer()
            await astrid.answered()
            await astrid.hang_up()
            await call.ended()

    assert true_call(await finished_cel(pbx, "+46855512345"), rings=pbx.rings).result == "answered"


def described(leg: TrueLeg) -> tuple[str | None, str | None, str]:
    return leg.agent, leg.call_type, leg.outcome


def same(one: float | None, other: float | None) -> bool:
    assert one is not None
    assert other is not None
    return abs(one - other) <= SAME_MOMENT_S
