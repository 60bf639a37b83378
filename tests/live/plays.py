"""Calls as they happen in a contact centre, played through the real PBX.

A play drives the phones and the callers and returns the callers' numbers, in the order in which they called.  What must
come of each call is written beside it by hand, so that two readers of the same events cannot agree on nonsense.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.support.asterisk.caller import Caller
from tests.support.asterisk.phone import Phone
from tests.support.asterisk.server import Asterisk
from tests.support.asterisk.truth import TrueCall

EDWARD = "+442079460958"
HANAKO = "+81355501234"

Part = tuple[str, str, str]
"""Who took part (an extension, or `ivr`), as which call type, with which outcome."""

IVR: Part = ("ivr", "-", "answered")


@dataclass(frozen=True, slots=True)
class Expected:
    """The outline of one call, times left out; the parts sorted by name, as telephones that ring at once have no order."""

    result: str
    queue: str | None
    parts: tuple[Part, ...]


def expect(result: str, queue: str | None, *parts: Part) -> Expected:
    """The outline of a call with these parts."""
    return Expected(result, queue, tuple(sorted(parts)))


@dataclass(frozen=True, slots=True)
class Play:
    """One scenario, and what must come of each of its calls."""

    name: str
    run: Callable[[Asterisk], Awaitable[list[str]]]
    expected: tuple[Expected, ...]


def outline(call: TrueCall) -> Expected:
    """A call without its times."""
    parts: list[Part] = [IVR if leg.kind == "ivr" else (leg.agent or leg.kind, leg.call_type or "-", leg.outcome) for leg in call.legs]
    return expect(call.result, call.queue, *parts)


async def _direct(pbx: Asterisk) -> list[str]:
    async with Phone(pbx, "1001") as phone, Caller(pbx, "701", number=EDWARD, name="Edward Ferrars") as edward:
        call = await phone.ringing()
        call.answer()
        await call.talking()
        await call.hang_up()
        await edward.ended()
    return [EDWARD]


async def _queued(pbx: Asterisk) -> list[str]:
    async with Phone(pbx, "1001") as phone, Caller(pbx, "700", number=EDWARD, name="Edward Ferrars") as edward:
        call = await phone.ringing()
        call.answer()
        await call.talking()
        await edward.hang_up()
        await call.ended()
    return [EDWARD]


async def _after_prompt(pbx: Asterisk) -> list[str]:
    async with Phone(pbx, "1001") as phone, Caller(pbx, "702", number=EDWARD) as edward:
        call = await phone.ringing()
        call.answer()
        await call.talking()
        await call.hang_up()
        await edward.ended()
    return [EDWARD]


async def _abandoned_in_queue(pbx: Asterisk) -> list[str]:
    async with Phone(pbx, "1001") as phone, Caller(pbx, "700", number=EDWARD) as edward:
        call = await phone.ringing()
        await edward.hang_up()
        await call.ended()
    return [EDWARD]


async def _abandoned_with_nobody_there(pbx: Asterisk) -> list[str]:
    async with Caller(pbx, "700", number=EDWARD) as edward:
        await pbx.watch.event("QueueCallerJoin", where=lambda event: event["CallerIDNum"] == EDWARD)
        await edward.hang_up()
    return [EDWARD]


async def _left_in_prompt(pbx: Asterisk) -> list[str]:
    async with Caller(pbx, "702", number=EDWARD) as edward:
        await edward.answered()
        await pbx.watch.event("Newexten", where=lambda e: e["CallerIDNum"] == EDWARD and e["Application"] == "Playback")
        await edward.hang_up()
    return [EDWARD]


async def _no_answer_then_next(pbx: Asterisk) -> list[str]:
    async with Phone(pbx, "1001") as first, Phone(pbx, "1002") as second, Caller(pbx, "700", number=EDWARD) as edward:
        await (await first.ringing()).ended()
        call = await second.ringing()
        call.answer()
        await call.talking()
        await call.hang_up()
        await edward.ended()
    return [EDWARD]


async def _no_answer(pbx: Asterisk) -> list[str]:
    async with Phone(pbx, "1001") as phone, Caller(pbx, "704", number=EDWARD) as edward:
        await (await phone.ringing()).ended()
        await edward.refused()
        await edward.ended()
    return [EDWARD]


async def _busy(pbx: Asterisk) -> list[str]:
    async with Phone(pbx, "1001") as phone, Caller(pbx, "701", number=EDWARD) as edward:
        (await phone.ringing()).reject("486 Busy Here")
        await edward.refused()
        await edward.ended()
    return [EDWARD]


async def _given_up(pbx: Asterisk) -> list[str]:
    async with Phone(pbx, "1001") as phone, Caller(pbx, "701", number=EDWARD) as edward:
        call = await phone.ringing()
        await edward.hang_up()
        await call.ended()
    return [EDWARD]


async def _ring_all(pbx: Asterisk) -> list[str]:
    async with Phone(pbx, "1001") as first, Phone(pbx, "1002") as second, Caller(pbx, "703", number=EDWARD) as edward:
        left_alone = await first.ringing()
        call = await second.ringing()
        call.answer()
        await left_alone.ended()
        await call.talking()
        await call.hang_up()
        await edward.ended()
    return [EDWARD]


async def _blind_transfer(pbx: Asterisk) -> list[str]:
    async with Phone(pbx, "1001") as first, Phone(pbx, "1002") as second, Caller(pbx, "701", number=EDWARD) as edward:
        call = await first.ringing()
        call.answer()
        await call.talking()
        await call.blind_transfer("1002")
        passed_on = await second.ringing()
        passed_on.answer()
        await passed_on.talking()
        await call.ended()
        await edward.hang_up()
        await passed_on.ended()
    return [EDWARD]


async def _two_at_once(pbx: Asterisk) -> list[str]:
    async with (
        Phone(pbx, "1001") as first,
        Phone(pbx, "1002") as second,
        Caller(pbx, "701", number=EDWARD) as edward,
        Caller(pbx, "700", number=HANAKO, name="山田 花子") as hanako,
    ):
        with_edward = await first.ringing()
        with_edward.answer()
        with_hanako = await second.ringing()
        with_hanako.answer()
        await with_hanako.talking()
        await with_hanako.hang_up()
        await hanako.ended()
        await with_edward.hang_up()
        await edward.ended()
    return [EDWARD, HANAKO]


PLAYS = (
    Play("direct", _direct, (expect("answered", None, ("1001", "inbound", "answered")),)),
    Play("queued", _queued, (expect("answered", "support", IVR, ("1001", "inbound", "answered")),)),
    Play("after a prompt", _after_prompt, (expect("answered", None, IVR, ("1001", "inbound", "answered")),)),
    Play("abandoned in queue", _abandoned_in_queue, (expect("abandoned", "support", IVR, ("1001", "inbound", "cancelled")),)),
    Play("abandoned with nobody there", _abandoned_with_nobody_there, (expect("abandoned", "support", IVR),)),
    Play("left in prompt", _left_in_prompt, (expect("ivr_only", None, IVR),)),
    Play(
        "no answer, then next",
        _no_answer_then_next,
        (expect("answered", "support", IVR, ("1001", "inbound", "no_answer"), ("1002", "inbound", "answered")),),
    ),
    Play("no answer", _no_answer, (expect("not_accepted", None, ("1001", "inbound", "no_answer")),)),
    Play("busy", _busy, (expect("not_accepted", None, ("1001", "inbound", "busy")),)),
    Play("given up while ringing", _given_up, (expect("abandoned", None, ("1001", "inbound", "cancelled")),)),
    Play("ring all", _ring_all, (expect("answered", "sales", ("1001", "inbound", "cancelled"), ("1002", "inbound", "answered")),)),
    Play(
        "blind transfer",
        _blind_transfer,
        (expect("answered", None, ("1001", "inbound", "answered"), ("1002", "transfer", "answered")),),
    ),
    Play(
        "two at once",
        _two_at_once,
        (
            expect("answered", None, ("1001", "inbound", "answered")),
            expect("answered", "support", IVR, ("1002", "inbound", "answered")),
        ),
    ),
)
