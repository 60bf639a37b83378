"""The job Ringdesk exists for, on real input: a call through Asterisk, the caller's card in a browser, the history kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.live.compare import differences, from_journey
from tests.live.desk_page import signed_in
from tests.live.office import AIKO, BILAL, Ringdesk
from tests.support.asterisk.caller import Caller
from tests.support.asterisk.fetch import AsteriskTree
from tests.support.asterisk.phone import Phone
from tests.support.asterisk.records import finished_cel
from tests.support.asterisk.server import Asterisk
from tests.support.asterisk.truth import check_consistent, true_call
from tests.support.browser import chromium

# About as long as a telephone rings once: nobody picks up sooner. The page needs some 0.2 s when the machine is not busy.
QUICK_PICK_UP_S = 3.0
# What the next agent is promised after a transfer.
TOLD_WITHIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Office:
    """What the tests here share: it takes seconds to set up, and every call of a test has customers of its own."""

    ringdesk: Ringdesk
    pbx: Asterisk
    browser: Browser

    def log(self) -> str:
        return f"{self.ringdesk.log()}\n{self.pbx.log()}"


@pytest_asyncio.fixture(scope="module")
async def office(asterisk_tree: AsteriskTree, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    folder: Path = tmp_path_factory.mktemp("office")
    async with AsyncExitStack() as stack:
        pbx = await stack.enter_async_context(Asterisk(asterisk_tree, folder))
        ringdesk = await stack.enter_async_context(Ringdesk())
        await asyncio.gather(ringdesk.hire(AIKO, BILAL), ringdesk.connect(pbx))
        browser = await stack.enter_async_context(chromium())
        yield Office(ringdesk, pbx, browser)


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who calls."""

    first_name: str
    last_name: str
    typed: str
    """The number as a colleague once typed it into the card."""
    number: str
    """The same number as the telephone network writes it."""
    stored: str
    """The same number as Ringdesk keeps it (E.164)."""
    name: str
    """What the desk calls the customer: family name first where people do so."""


EDWARD = Customer("Edward", "Ferrars", "020 7946 0958", "02079460958", "+442079460958", "Edward Ferrars")
HANAKO = Customer("花子", "山田", "+81 3 5550 1234", "0081355501234", "+81355501234", "山田 花子")
ASTRID = Customer("Astrid", "Lindqvist-Åkesson", "0046 8 5551 2345", "+46855512345", "+46855512345", "Astrid Lindqvist-Åkesson")


@pytest.mark.parametrize(
    ("dialled", "customer"),
    [("700", EDWARD), ("701", HANAKO), ("702", ASTRID)],
    ids=["queue-700", "direct-701", "prompt-702"],
)
async def test_the_caller_is_on_the_page_before_the_agent_answers_and_the_call_is_kept(
    office: Office, dialled: str, customer: Customer
) -> None:
    async with (
        office.ringdesk.signed_in(AIKO) as api,
        signed_in(office.browser, office.ringdesk.url, AIKO) as desk,
        Phone(office.pbx, AIKO.extension, answer_after_s=QUICK_PICK_UP_S) as phone,
    ):
        known = await api.add_customer(customer.first_name, customer.last_name, customer.typed)
        await desk.log_in_to_cti()
        await desk.watch_name(customer.name)

        async with Caller(office.pbx, dialled, number=customer.number) as caller:
            call = await phone.ringing()
            seen = await desk.seen(customer.name)
            await desk.shows(customer.name, "Talking")
            await call.talking()
            told = await caller.answered()
            assert call.rang_at is not None
            assert call.answered_at is not None
            assert call.rang_at <= seen < call.answered_at, f"{seen - call.rang_at:.3f} s after the first ring"
            if dialled == "701":
                assert seen < told
            await call.hang_up()
            await caller.ended()

        await desk.wrap_up(customer.name, "Resolved", "Sent the invoice again")
        await desk.shows_no_call(customer.name)
        await desk.shows_finished_call("Resolved")

        stored = await api.last_interaction(known["id"])
        truth = true_call(await finished_cel(office.pbx, customer.number), rings=office.pbx.rings)
        check_consistent(truth)
        assert differences(from_journey(stored), replace(truth, number=customer.stored)) == []
        (leg,) = [activity for activity in stored["activities"] if activity["kind"] == "agent"]
        assert (leg["agent_name"], leg["extension"], leg["team_name"]) == ("Aiko", "1001", "North")
        assert [(applied["labels"]["en"], applied["note"], applied["by_name"]) for applied in leg["wrap_ups"]] == [
            ("Resolved", "Sent the invoice again", "Aiko")
        ]


async def test_a_blind_transfer_carries_the_relinked_customer_and_the_note_to_the_next_agent_at_once(office: Office) -> None:
    household, elinor = "+442079460123", "Elinor Dashwood"
    note = "Calls for her sister, wants the parcel redirected"
    async with (
        office.ringdesk.signed_in(AIKO) as api,
        signed_in(office.browser, office.ringdesk.url, AIKO) as aiko,
        signed_in(office.browser, office.ringdesk.url, BILAL) as bilal,
        Phone(office.pbx, AIKO.extension) as first_phone,
        Phone(office.pbx, BILAL.extension) as second_phone,
    ):
        marianne_card = await api.add_customer("Marianne", "Dashwood", "020 7946 0123")
        elinor_card = await api.add_customer("Elinor", "Dashwood", "020 7946 0124")
        await aiko.log_in_to_cti()
        await bilal.log_in_to_cti()
        await aiko.watch_name("Marianne Dashwood")
        await bilal.watch_name(elinor)
        await bilal.watch_note(note)

        async with Caller(office.pbx, "701", number=household) as caller:
            call = await first_phone.ringing()
            await aiko.seen("Marianne Dashwood")
            call.answer()
            await call.talking()
            await aiko.relink_to("elinor", elinor)
            await aiko.comment(note)
            await call.blind_transfer("1002")
            passed_on = await second_phone.ringing()
            assert passed_on.rang_at is not None
            assert await bilal.seen(elinor) - passed_on.rang_at < TOLD_WITHIN_S
            assert await bilal.seen(note) - passed_on.rang_at < TOLD_WITHIN_S
            passed_on.answer()
            await passed_on.talking()
            await bilal.shows(elinor, "Talking")
            await call.ended()
            await caller.hang_up()
            await passed_on.ended()

        await aiko.wrap_up(elinor, "Resolved", "Passed on to Bilal")
        await bilal.wrap_up(elinor, "Resolved", "Redirected")

        stored = await api.last_interaction(elinor_card["id"])
        truth = true_call(await finished_cel(office.pbx, household), rings=office.pbx.rings)
        check_consistent(truth)
        assert differences(from_journey(stored), truth) == []
        legs = [activity for activity in stored["activities"] if activity["kind"] == "agent"]
        assert [(leg["agent_name"], leg["call_type"]) for leg in legs] == [("Aiko", "inbound"), ("Bilal", "transfer")]
        assert [comment["text"] for comment in legs[0]["comments"]] == [note]
        assert (await api.get(f"/customers/{marianne_card['id']}/journey"))["items"] == []
