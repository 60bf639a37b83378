"""The connector behind the port: links that break, refuse, lie silent or flood, and facts that cannot be stored."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio

from ringdesk.connectors.asterisk import adapter
from ringdesk.connectors.asterisk.adapter import AsteriskConnector, retry_delay
from ringdesk.connectors.asterisk.ami import AmiOptions
from ringdesk.features.telephony.facts import CallEnded, CallStarted, Fact, LegAnswered, LinkLost, LinkRestored, Resynced
from ringdesk.features.telephony.port import Connector, Unhandled
from tests.support import captures
from tests.support.ami_replay import SENTINEL, Replay
from tests.support.call_book import CallBook
from tests.support.eventually import eventually
from tests.support.fake_ami import FakeAmi, listing, nothing, refusal

CALLER = (("Channel", "PJSIP/trunk-1"), ("CallerIDNum", "5551234567"), ("Exten", "700"), ("Uniqueid", "1.1"), ("Linkedid", "1.1"))
AGENT = (("Channel", "PJSIP/1001-2"), ("CallerIDNum", "1001"), ("Exten", "s"), ("Uniqueid", "1.2"), ("Linkedid", "1.1"))
TALKING = (
    (("Event", "CoreShowChannel"), *CALLER, ("ChannelState", "6"), ("Duration", "00:01:00")),
    (("Event", "CoreShowChannel"), *AGENT, ("ChannelState", "6"), ("Duration", "00:00:50")),
)


@pytest.fixture(autouse=True)
def no_waiting_between_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_RETRY", "LONGEST_RETRY", "REFUSED_RETRY", "EMIT_RETRY"):
        monkeypatch.setattr(adapter, name, 0.01)


@pytest_asyncio.fixture
async def pbx() -> AsyncIterator[FakeAmi]:
    async with FakeAmi() as fake:
        yield fake


class Desk:
    """A running connector with the book that it fills."""

    def __init__(self, options: AmiOptions, queue_size: int = 20_000) -> None:
        self.book = CallBook()
        self.unhandled: list[Unhandled] = []
        self.connector = AsteriskConnector("pbx", options, on_unhandled=self.unhandled.append, queue_size=queue_size)
        self.refuse_facts = False
        self.running = asyncio.create_task(self.connector.run(self.emit))

    async def emit(self, facts: Sequence[Fact]) -> None:
        if self.refuse_facts:
            raise ConnectionError("the database is away")
        await self.book.emit(facts)

    async def resynced(self, times: int = 1) -> None:
        await eventually(lambda: len(self.book.of_kind(Resynced)) >= times)
        await eventually(lambda: self.connector.status().state == "connected")

    async def stop(self) -> None:
        await self.connector.stop()
        await self.running


@pytest_asyncio.fixture
async def desk(pbx: FakeAmi) -> AsyncIterator[Desk]:
    made = Desk(pbx.options)
    yield made
    await made.stop()


async def test_it_is_a_connector(desk: Desk) -> None:
    port: Connector = desk.connector
    assert port.source == "pbx"


class TestConnect:
    async def test_it_asks_what_runs_on_every_connect(self, pbx: FakeAmi, desk: Desk) -> None:
        await desk.resynced()
        pbx.hang_up()
        await desk.resynced(2)
        for action in ("CoreShowChannels", "Status", "QueueStatus", "Login"):
            assert pbx.asked(action) == 2
        assert [type(fact) for fact in desk.book.facts] == [LinkRestored, Resynced, LinkLost, LinkRestored, Resynced]
        assert desk.connector.status().reconnects == 1

    async def test_it_waits_until_the_system_has_booted(self, pbx: FakeAmi, desk: Desk) -> None:
        pbx.uptime = None
        await eventually(lambda: pbx.asked("Login") == 1)
        assert desk.connector.status().state == "connecting"
        assert pbx.asked("CoreShowChannels") == 0
        pbx.say(("Event", "FullyBooted"), ("Uptime", "0"))
        await desk.resynced()

    async def test_a_wrong_password_is_shown_and_tried_again_later(self, pbx: FakeAmi, desk: Desk) -> None:
        pbx.answers["Login"] = refusal("Authentication failed")
        await eventually(lambda: desk.connector.status().state == "refused")
        status = desk.connector.status()
        assert "Authentication failed" in status.detail
        assert "manager.conf" in status.detail
        assert "secret" not in status.detail
        del pbx.answers["Login"]
        await desk.resynced()
        assert desk.connector.status().detail == ""

    async def test_nobody_there_is_shown(self) -> None:
        async with FakeAmi() as gone:
            options = gone.options
        desk = Desk(options)
        await eventually(lambda: desk.connector.status().state == "retrying")
        assert str(options.port) in desk.connector.status().detail
        await desk.stop()

    async def test_lists_that_are_not_allowed_are_shown(self, pbx: FakeAmi, desk: Desk) -> None:
        for action in ("CoreShowChannels", "Status"):
            pbx.answers[action] = refusal("Permission denied")
        await eventually(lambda: "Permission denied" in desk.connector.status().detail)
        assert desk.connector.status().state == "connected"
        assert desk.book.of_kind(Resynced) == []

    async def test_a_restart_of_the_system_is_noticed(self, pbx: FakeAmi, desk: Desk) -> None:
        pbx.uptime = 5000
        await desk.resynced()
        pbx.uptime = 3
        pbx.hang_up()
        await desk.resynced(2)
        first, second = desk.book.of_kind(Resynced)
        assert isinstance(first, Resynced)
        assert isinstance(second, Resynced)
        assert (first.restarted, second.restarted) == (False, True)


class TestReconcile:
    async def test_a_call_under_way_is_found_when_we_come_late(self, pbx: FakeAmi, desk: Desk) -> None:
        pbx.answers["CoreShowChannels"] = listing(*TALKING)
        await desk.resynced()
        (history,) = desk.book.histories()
        assert (history.ani, history.dnis, history.state, history.result, history.gap) == (
            "5551234567",
            "700",
            "in_progress",
            "answered",
            True,
        )
        assert [(part.extension, part.state) for part in history.parts] == [("1001", "talking")]

    async def test_a_call_that_ended_while_we_were_away_is_closed(self, pbx: FakeAmi, desk: Desk) -> None:
        pbx.answers["CoreShowChannels"] = listing(*TALKING)
        await desk.resynced()
        pbx.answers["CoreShowChannels"] = listing()
        pbx.hang_up()
        await desk.resynced(2)
        (history,) = desk.book.histories()
        assert (history.state, history.gap) == ("ended", True)

    async def test_an_answer_that_was_missed_is_found(self, pbx: FakeAmi, desk: Desk) -> None:
        await desk.resynced()
        pbx.say(("Event", "Newchannel"), *CALLER, ("ChannelState", "4"))
        pbx.say(("Event", "Newchannel"), *AGENT, ("ChannelState", "0"))
        pbx.say(("Event", "Newstate"), *AGENT, ("ChannelState", "5"))
        await eventually(lambda: [part.state for history in desk.book.histories() for part in history.parts] == ["ringing"])
        pbx.answers["CoreShowChannels"] = listing(*TALKING)
        pbx.hang_up()
        await desk.resynced(2)
        (history,) = desk.book.histories()
        assert [part.state for part in history.parts] == ["talking"]

    async def test_the_end_is_told_of_a_call_that_was_only_listed(self, pbx: FakeAmi, desk: Desk) -> None:
        pbx.answers["CoreShowChannels"] = listing(*TALKING)
        await desk.resynced()
        pbx.say(("Event", "Hangup"), *AGENT, ("Cause", "16"))
        pbx.say(("Event", "Hangup"), *CALLER, ("Cause", "16"))
        await eventually(lambda: desk.book.of_kind(CallEnded))
        (history,) = desk.book.histories()
        assert (history.state, history.result) == ("ended", "answered")


class TestTrouble:
    async def test_facts_that_cannot_be_stored_are_kept(self, pbx: FakeAmi, desk: Desk) -> None:
        await desk.resynced()
        desk.refuse_facts = True
        pbx.say(("Event", "Newchannel"), *CALLER, ("ChannelState", "4"))
        await eventually(lambda: "the database is away" in desk.connector.status().detail)
        pbx.say(("Event", "Hangup"), *CALLER, ("Cause", "16"))
        desk.refuse_facts = False
        await eventually(lambda: desk.book.of_kind(CallEnded))
        assert len(desk.book.of_kind(CallStarted)) == 1
        await eventually(lambda: desk.connector.status().detail == "")
        assert pbx.connections == 1

    async def test_a_flood_while_nothing_can_be_stored_ends_in_a_resync(self, pbx: FakeAmi) -> None:
        desk = Desk(pbx.options, queue_size=20)
        await desk.resynced()
        desk.refuse_facts = True
        pbx.say(("Event", "Newchannel"), *CALLER, ("ChannelState", "4"))
        await eventually(lambda: "the database is away" in desk.connector.status().detail)
        for _ in range(100):
            pbx.say(("Event", "Newstate"), *CALLER, ("ChannelState", "6"))
        await eventually(lambda: pbx.connections == 1)
        desk.refuse_facts = False
        await desk.resynced(2)
        (lost,) = desk.book.of_kind(LinkLost)
        assert isinstance(lost, LinkLost)
        assert "waiting to be worked off" in lost.reason
        (history,) = desk.book.histories()
        assert history.state == "ended"
        await desk.stop()

    async def test_actions_are_never_sent_again_after_a_reconnect(self, pbx: FakeAmi, desk: Desk) -> None:
        pbx.answers["CoreShowChannels"] = nothing
        await eventually(lambda: pbx.asked("CoreShowChannels") == 1)
        del pbx.answers["CoreShowChannels"]
        pbx.answers["CoreShowChannels"] = listing()
        pbx.hang_up()
        await desk.resynced()
        ids = [action.get("ActionID") for action in pbx.actions if action.get("Action") == "CoreShowChannels"]
        assert len(ids) == 2
        assert pbx.asked("Login") == 2

    async def test_what_is_not_understood_is_handed_on(self, pbx: FakeAmi, desk: Desk) -> None:
        await desk.resynced()
        pbx.say(("Event", "Pickup"), ("Channel", "PJSIP/1002-7"), ("Uniqueid", "9.9"))
        await eventually(lambda: desk.unhandled)
        (event,) = desk.unhandled
        assert (event.name, event.source, event.fields["Channel"]) == ("Pickup", "pbx", "PJSIP/1002-7")
        assert desk.connector.status().unhandled == 1

    async def test_a_message_without_sense_does_no_harm(self, pbx: FakeAmi, desk: Desk) -> None:
        await desk.resynced()
        for name in (
            "Newchannel",
            "Newstate",
            "Hangup",
            "DialBegin",
            "DialEnd",
            "BlindTransfer",
            "AttendedTransfer",
            "QueueCallerJoin",
            "Hold",
        ):
            pbx.say(("Event", name))
            pbx.say(("Event", name), ("Uniqueid", "x"), ("DestUniqueid", "x"), ("Channel", ""), ("Timestamp", "soon"))
        pbx.say(("Event", SENTINEL))
        await eventually(lambda: any(event.name == SENTINEL for event in desk.unhandled))
        assert desk.connector.status().state == "connected"


class TestStop:
    async def test_stopping_closes_the_link(self, pbx: FakeAmi) -> None:
        desk = Desk(pbx.options)
        await desk.resynced()
        await desk.stop()
        assert desk.connector.status().state == "stopped"
        await desk.connector.stop()

    async def test_stopping_does_not_wait_for_a_retry(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(adapter, "FIRST_RETRY", 1000.0)
        monkeypatch.setattr(adapter, "LONGEST_RETRY", 1000.0)
        async with FakeAmi() as gone:
            options = gone.options
        desk = Desk(options)
        await eventually(lambda: desk.connector.status().state == "retrying")
        async with asyncio.timeout(5):
            await desk.stop()

    async def test_cancelling_run_closes_the_link_too(self, pbx: FakeAmi) -> None:
        desk = Desk(pbx.options)
        await desk.resynced()
        desk.running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await desk.running
        assert desk.connector.status().state == "stopped"

    async def test_it_runs_once_at_a_time(self, desk: Desk) -> None:
        await desk.resynced()
        with pytest.raises(RuntimeError, match="already runs"):
            await desk.connector.run(desk.emit)


class TestBackOff:
    def test_it_grows_to_half_a_minute_and_no_further(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()
        delays = [retry_delay(failures, 1.0) for failures in (1, 2, 3, 7, 8, 1000)]
        assert delays == [0.5, 1.0, 2.0, 30.0, 30.0, 30.0]
        assert retry_delay(1000, 0.0) == 15.0


async def test_our_process_dies_and_the_next_one_goes_on_with_the_same_call() -> None:
    """The facts before and after are stored once each; the call that was cut in two is one."""
    name = "01_inbound_ivr_queue_answered"
    raw = captures.raw(name)
    book = CallBook()
    replay = Replay(raw, cuts=[raw.index(b"Event: AgentConnect")], events_after_lists=True)
    async with replay:
        options = AmiOptions(host="127.0.0.1", port=replay.port, username="cc", secret="secret")
        seen: list[Unhandled] = []
        first = AsteriskConnector("pbx", options, on_unhandled=seen.append)
        running = asyncio.create_task(first.run(book.emit))
        await eventually(lambda: book.of_kind(LegAnswered))
        await first.stop()
        await running
        second = AsteriskConnector("pbx", options, on_unhandled=seen.append)
        running = asyncio.create_task(second.run(book.emit))
        await eventually(lambda: any(event.name == SENTINEL for event in seen))
        await second.stop()
        await running
    (history,) = book.histories()
    assert captures.told(history) == captures.expected(name)
