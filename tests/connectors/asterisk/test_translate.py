"""What single AMI events, and set-ups other than the recorded one, say in facts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdesk.connectors.asterisk.devices import DeviceRules
from ringdesk.connectors.asterisk.messages import Message, MessageParser
from ringdesk.connectors.asterisk.translate import Translator
from ringdesk.features.telephony import facts as f
from ringdesk.features.telephony import rules
from ringdesk.features.telephony.history import CallHistory
from tests.support import captures

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
EVENTS = {name: [m for m in MessageParser().feed(captures.raw(name)) if m.kind == "event"] for name in captures.NAMES}

TRUNK = {"Channel": "PJSIP/trunk-01", "Uniqueid": "1.1", "Linkedid": "1.1"}
PHONE = {"Channel": "PJSIP/1001-02", "Uniqueid": "1.2", "Linkedid": "1.1"}
OWN = {"Channel": "PJSIP/1001-04", "Uniqueid": "2.1", "Linkedid": "2.1"}
OTHER = {"Channel": "PJSIP/1002-03", "Uniqueid": "2.2", "Linkedid": "2.1"}
HALF_2 = {"Channel": "Local/1001@from-queue-00;2", "Uniqueid": "1.4", "Linkedid": "1.1"}
HALF_1 = {"Channel": "Local/1001@from-queue-00;1", "Uniqueid": "1.3", "Linkedid": "1.1"}


def event(name: str, seconds: float = 0, **fields: str) -> Message:
    stamp = f"{NOW.timestamp() + seconds:.6f}"
    return Message("event", name, [("Event", name), ("Timestamp", stamp), *fields.items()])


def dest(channel: dict[str, str]) -> dict[str, str]:
    return {f"Dest{key}": value for key, value in channel.items()}


class Pbx:
    """Plays events to a translator and keeps the call that they make."""

    def __init__(self, rules_: DeviceRules | None = None) -> None:
        self.translator = Translator("pbx", rules_)
        self.facts: list[f.CallFact] = []

    def says(self, *events: Message) -> "Pbx":
        for message in events:
            self.facts += self.translator.translate(message, NOW)
        return self

    def history(self) -> CallHistory:
        call = rules.apply_all(None, self.facts)
        assert call
        return rules.history(call)


def incoming(**fields: str) -> Message:
    return event(
        "Newchannel", 0, **TRUNK, **{"ChannelState": "4", "CallerIDNum": "5551234567", "CallerIDName": "Hana", "Exten": "700", **fields}
    )


class TestIncoming:
    @pytest.mark.parametrize("number", ["<unknown>", "", "anonymous", "Anonymous", "unavailable"])
    def test_a_withheld_number_is_none(self, number: str) -> None:
        assert Pbx().says(incoming(CallerIDNum=number)).history().ani is None

    def test_a_name_looked_up_later_fills_in(self) -> None:
        pbx = Pbx().says(incoming(CallerIDName=""), event("NewCallerid", 1, **TRUNK, CallerIDNum="5551234567", CallerIDName="Hana Sato"))
        assert pbx.history().caller_name == "Hana Sato"

    def test_a_pbx_that_stamps_nothing_is_timed_by_our_clock(self) -> None:
        message = Message("event", "Newchannel", [("Event", "Newchannel"), *TRUNK.items(), ("ChannelState", "4"), ("Exten", "700")])
        (fact,) = Translator("pbx").translate(message, NOW)
        assert fact.at == NOW

    def test_the_pbx_has_its_own_clock(self) -> None:
        pbx = Pbx().says(event("Newchannel", 90, **TRUNK, ChannelState="4"))
        assert pbx.history().started_at == NOW + timedelta(seconds=90)
        assert pbx.translator.clock(NOW) == NOW + timedelta(seconds=90)

    def test_a_progress_tone_is_ringing_too(self) -> None:
        pbx = Pbx().says(incoming(), event("Newchannel", 1, **PHONE, ChannelState="0"))
        pbx.says(event("DialState", 2, **TRUNK, **dest(PHONE), DialStatus="PROGRESS"))
        assert pbx.history().parts[0].state == "ringing"

    @pytest.mark.parametrize(
        ("cause", "outcome"),
        [("17", "busy"), ("21", "rejected"), ("20", "failed"), ("3", "failed"), ("19", "no_answer"), ("26", "cancelled")],
    )
    def test_an_unanswered_leg_has_the_outcome_of_its_cause(self, cause: str, outcome: str) -> None:
        pbx = Pbx().says(
            incoming(), event("Newchannel", 1, **PHONE, ChannelState="0"), event("DialEnd", 2, **dest(PHONE), DialStatus="CANCEL")
        )
        pbx.says(event("Hangup", 2, **PHONE, Cause=cause), event("Hangup", 3, **TRUNK, Cause="16"))
        assert pbx.history().parts[0].outcome == outcome

    def test_a_late_event_does_not_raise_a_call_from_the_dead(self) -> None:
        pbx = Pbx().says(incoming(), event("Hangup", 5, **TRUNK, Cause="16"), event("Newstate", 6, **TRUNK, ChannelState="6"))
        assert [type(fact) for fact in pbx.facts] == [f.CallStarted, f.CallEnded]
        assert pbx.translator.resync([], [], asked_at=NOW + timedelta(seconds=9)) == ([], [])


class TestFreePbx:
    """A queue whose members are `Local/1001@from-queue/n`, as FreePBX makes them."""

    def rung(self) -> Pbx:
        return Pbx().says(
            incoming(),
            event("QueueCallerJoin", 1, **TRUNK, Queue="400"),
            event("Newchannel", 2, **HALF_1, ChannelState="0"),
            event("Newchannel", 2, **HALF_2, ChannelState="4"),
            event("DialBegin", 2, **TRUNK, **dest(HALF_1), DialString="Local/1001@from-queue/n"),
            event("Newchannel", 3, **PHONE, ChannelState="0"),
            event("DialBegin", 3, **HALF_2, **dest(PHONE), DialString="1001/sip:1001@192.0.2.7:5060"),
            event("Newstate", 4, **PHONE, ChannelState="5"),
        )

    def test_the_telephone_behind_the_local_channel_is_the_leg(self) -> None:
        history = self.rung().history()
        assert [(part.extension, part.state) for part in history.parts] == [("1001", "ringing")]
        assert history.queue == "400"

    def test_a_ring_that_times_out_is_no_answer_although_the_telephone_was_cancelled(self) -> None:
        pbx = self.rung().says(
            event("AgentRingNoAnswer", 19, **TRUNK, **dest(HALF_1), Queue="400", Interface="Local/1001@from-queue/n"),
            event("DialEnd", 19, **TRUNK, **dest(HALF_1), DialStatus="NOANSWER"),
            event("DialEnd", 19.1, **HALF_2, **dest(PHONE), DialStatus="CANCEL"),
            event("Hangup", 19.1, **PHONE, Cause="26"),
        )
        (leg,) = pbx.history().parts
        assert (leg.outcome, leg.ended_at) == ("no_answer", NOW + timedelta(seconds=19.1))

    def test_the_call_is_over_with_its_last_channel(self) -> None:
        pbx = self.rung().says(*(event("Hangup", 30, **channel) for channel in (PHONE, HALF_2, HALF_1)))
        assert pbx.history().state == "in_progress"
        assert pbx.says(event("Hangup", 31, **TRUNK)).history().state == "ended"


class TestOutside:
    def consult(self) -> list[Message]:
        return [
            event("Newchannel", 10, **OWN, ChannelState="4", Exten="1002"),
            event("Newchannel", 10, **OTHER, ChannelState="0"),
            event("DialBegin", 10, **OWN, **dest(OTHER), DialString="1002"),
            event("Newstate", 11, **OTHER, ChannelState="5"),
            event("Newstate", 12, **OTHER, ChannelState="6"),
        ]

    def test_a_call_among_our_own_telephones_is_not_reported(self) -> None:
        ended = [event("Hangup", 20, **OTHER), event("Hangup", 20, **OWN)]
        assert Pbx().says(*self.consult(), *ended).facts == []

    def test_a_consult_that_is_joined_to_a_caller_is_told_with_its_own_times(self) -> None:
        pbx = Pbx().says(incoming(), event("Newchannel", 1, **PHONE, ChannelState="0"), event("Newstate", 2, **PHONE, ChannelState="6"))
        pbx.says(*self.consult())
        pbx.says(
            event(
                "AttendedTransfer",
                20,
                Result="Success",
                OrigTransfererUniqueid="1.2",
                OrigTransfererLinkedid="1.1",
                TransfereeUniqueid="1.1",
                TransfereeLinkedid="1.1",
                TransferTargetUniqueid="2.2",
                TransferTargetLinkedid="2.1",
            ),
            event("Hangup", 21, **OWN),
            event("Hangup", 21, **PHONE),
            event("Hangup", 40, **{**OTHER, "Linkedid": "1.1"}),
            event("Hangup", 40, **TRUNK),
        )
        assert {fact.call_id for fact in pbx.facts} == {"1.1"}
        first, second = pbx.history().parts
        assert (first.call_type, second.call_type, second.extension) == ("inbound", "transfer", "1002")
        assert (second.started_at, second.answered_at) == (NOW + timedelta(seconds=11), NOW + timedelta(seconds=12))
        assert second.ended_at == NOW + timedelta(seconds=40)

    def test_a_call_from_a_desk_to_the_outside_is_outbound(self) -> None:
        trunk = {"Channel": "PJSIP/trunk-05", "Uniqueid": "2.3", "Linkedid": "2.1"}
        pbx = Pbx().says(
            event("Newchannel", 0, **OWN, ChannelState="4", Exten="95551234567"),
            event("Newchannel", 1, **trunk, ChannelState="0"),
            event("DialBegin", 1, **OWN, **dest(trunk), DialString="trunk/sip:5551234567@192.0.2.1"),
            event("Newstate", 6, **trunk, ChannelState="6"),
            event("Newstate", 6, **OWN, ChannelState="6"),
            event("Hangup", 66, **trunk, Cause="16"),
            event("Hangup", 66, **OWN, Cause="16"),
        )
        history = pbx.history()
        assert (history.direction, history.ani, history.result) == ("outbound", "5551234567", "answered")
        (leg,) = history.parts
        assert (leg.extension, leg.call_type, leg.duration) == ("1001", "outbound", timedelta(seconds=60))


class TestAnything:
    """Asterisk is not to be trusted with the order of things, and a filter may swallow some."""

    @given(st.data())
    @settings(max_examples=60)
    def test_events_in_any_order_with_any_missing_never_fail(self, data: st.DataObject) -> None:
        events = EVENTS[data.draw(st.sampled_from(captures.NAMES))]
        chosen = data.draw(st.lists(st.sampled_from(range(len(events))), max_size=120))
        pbx = Pbx().says(*(events[index] for index in chosen))
        calls = {fact.call_id for fact in pbx.facts}
        for call_id in calls:
            call = rules.apply_all(None, [fact for fact in pbx.facts if fact.call_id == call_id])
            assert call
            rules.history(call)

    @given(st.sampled_from(captures.NAMES), st.data())
    @settings(max_examples=40)
    def test_neighbours_that_swap_places_give_the_same_history(self, name: str, data: st.DataObject) -> None:
        events = [
            message
            for message in EVENTS[name]
            if message.name in ("DialEnd", "Newstate", "Hangup", "HangupRequest", "Newchannel", "DialBegin")
        ]
        start = data.draw(st.integers(0, len(events) - 2))
        if events[start].name == "Newchannel" or events[start + 1].name == "Newchannel":
            return  # The beginning of a channel comes first, always: nobody could know of it before.
        swapped = [*events[:start], events[start + 1], events[start], *events[start + 2 :]]
        plain, other = Pbx().says(*events).history(), Pbx().says(*swapped).history()
        assert [part.duration for part in other.parts] == [part.duration for part in plain.parts]
        assert (other.result, other.started_at, other.ended_at) == (plain.result, plain.started_at, plain.ended_at)
