"""What the facts of a call make of it, case by case (product.md 3.1 to 3.3, 3.11, 5.3, 5.5, 5.6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ringdesk.features.telephony import facts as f
from ringdesk.features.telephony import rules
from ringdesk.features.telephony.calls import Call
from ringdesk.features.telephony.history import CallHistory, Part

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
AIKO, BILAL = "1001", "1002"


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def fact(kind: type[Any], seconds: float, /, **fields: object) -> Any:
    return kind(source="pbx", call_id="1", at=at(seconds), **fields)


def started(**fields: object) -> f.CallFact:
    return fact(f.CallStarted, 0, **{"ani": "5551234567", "dnis": "700", **fields})


def rings(extension: str, seconds: float) -> f.CallFact:
    return fact(f.LegRinging, seconds, leg_id=f"leg-{extension}", extension=extension)


def answers(extension: str, seconds: float) -> f.CallFact:
    return fact(f.LegAnswered, seconds, leg_id=f"leg-{extension}", extension=extension)


def leg_ends(extension: str, seconds: float, outcome: str | None = None) -> f.CallFact:
    return fact(f.LegEnded, seconds, leg_id=f"leg-{extension}", outcome=outcome)


def ends(seconds: float) -> f.CallFact:
    return fact(f.CallEnded, seconds)


def call(*facts: f.CallFact) -> Call:
    made = rules.apply_all(None, facts)
    assert made
    return made


def history(*facts: f.CallFact) -> CallHistory:
    return rules.history(call(*facts))


def legs(*facts: f.CallFact) -> list[Part]:
    return [part for part in history(*facts).parts if part.kind == "agent"]


class TestInteraction:
    def test_it_runs_from_first_contact_to_the_end_of_the_last_leg(self) -> None:
        told = history(started(), rings(AIKO, 5), answers(AIKO, 8), ends(60), leg_ends(AIKO, 60.5))
        assert (told.started_at, told.answered_at, told.ended_at) == (at(0), at(8), at(60.5))
        assert told.duration == timedelta(seconds=60.5)

    def test_what_the_start_said_of_the_caller_stands(self) -> None:
        told = history(started(), fact(f.CallerIdentified, 1, ani="0", dnis="0", caller_name="Hana Sato"))
        assert (told.ani, told.dnis, told.caller_name) == ("5551234567", "700", "Hana Sato")

    def test_the_queue_is_the_last_one_entered(self) -> None:
        told = history(started(), fact(f.QueueEntered, 1, queue="sales"), fact(f.QueueLeft, 30), fact(f.QueueEntered, 31, queue="support"))
        assert told.queue == "support"

    def test_it_is_an_agents_call_as_soon_as_one_was_offered_it(self) -> None:
        assert history(started()).type == "ivr"
        assert history(started(), fact(f.LegOffered, 1, leg_id="a", extension=AIKO)).type == "agent"

    def test_a_fact_of_another_call_is_refused(self) -> None:
        with pytest.raises(ValueError, match="is not the call"):
            rules.apply(call(started()), f.CallEnded(source="pbx", call_id="2", at=at(1)))


class TestResult:
    def test_answered(self) -> None:
        assert history(started(), rings(AIKO, 1), answers(AIKO, 2)).result == "answered"

    def test_open_while_it_rings(self) -> None:
        assert history(started(), rings(AIKO, 1)).result is None

    def test_abandoned_when_the_caller_goes_while_it_rings(self) -> None:
        told = history(started(), rings(AIKO, 1), fact(f.CallerHungUp, 6), leg_ends(AIKO, 6.01), ends(6.02))
        assert told.result == "abandoned"
        assert told.parts[0].outcome == "cancelled"

    def test_abandoned_when_the_caller_goes_while_waiting_in_the_queue(self) -> None:
        told = history(started(), fact(f.QueueEntered, 1, queue="support"), fact(f.CallerHungUp, 20), fact(f.QueueLeft, 20), ends(20))
        assert (told.result, told.type) == ("abandoned", "ivr")

    def test_not_accepted_when_the_caller_is_turned_away(self) -> None:
        told = history(started(), rings(AIKO, 1), leg_ends(AIKO, 20, "no_answer"), ends(20.1))
        assert told.result == "not_accepted"
        assert told.parts[0].extension == AIKO

    def test_not_accepted_when_the_caller_goes_long_after_nobody_answered(self) -> None:
        told = history(started(), rings(AIKO, 1), leg_ends(AIKO, 20, "no_answer"), fact(f.CallerHungUp, 50), ends(50))
        assert told.result == "not_accepted"

    def test_ivr_only_when_the_caller_never_left_the_ivr(self) -> None:
        told = history(started(), fact(f.IvrStarted, 0.1), fact(f.CallerHungUp, 30), ends(30))
        assert (told.result, told.type) == ("ivr_only", "ivr")
        assert told.parts[0].duration == timedelta(seconds=29.9)

    def test_abandoned_before_anything_took_the_call(self) -> None:
        assert history(started(), fact(f.CallerHungUp, 3), ends(3)).result == "abandoned"

    def test_failed_when_nothing_ever_took_it(self) -> None:
        assert history(started(), ends(0.1)).result == "failed"

    @pytest.mark.parametrize("outcome", ["busy", "no_answer", "failed"])
    def test_outbound_has_the_customers_outcome(self, outcome: str) -> None:
        told = history(started(direction="outbound"), answers(AIKO, 1), fact(f.RemoteEnded, 9, outcome=outcome), ends(9))
        assert (told.result, told.answered_at) == (outcome, None)
        assert (told.parts[0].outcome, told.parts[0].call_type) == (outcome, "outbound")


class TestIvrPart:
    def test_it_lasts_until_the_queue(self) -> None:
        told = history(started(), fact(f.IvrStarted, 0.1), fact(f.QueueEntered, 10.1, queue="support"), rings(AIKO, 15))
        assert (told.parts[0].kind, told.parts[0].duration) == ("ivr", timedelta(seconds=10))

    def test_an_answer_for_the_sake_of_the_queue_is_none(self) -> None:
        told = history(started(), fact(f.IvrStarted, 0.1), fact(f.QueueEntered, 0.6, queue="support"))
        assert told.parts == ()

    def test_the_caller_answered_together_with_the_agent_is_none(self) -> None:
        told = history(started(), rings(AIKO, 1), answers(AIKO, 5), fact(f.IvrStarted, 5))
        assert [part.kind for part in told.parts] == ["agent"]


class TestLegs:
    def test_a_leg_starts_when_it_begins_to_ring(self) -> None:
        (leg,) = legs(started(), fact(f.LegOffered, 1, leg_id="leg-1001", extension=AIKO), rings(AIKO, 2), answers(AIKO, 5))
        assert (leg.started_at, leg.answered_at, leg.state) == (at(2), at(5), "talking")

    def test_talk_is_from_answer_to_end(self) -> None:
        (leg,) = legs(started(), rings(AIKO, 2), answers(AIKO, 5), leg_ends(AIKO, 65))
        assert (leg.duration, leg.outcome) == (timedelta(seconds=60), "answered")

    def test_an_unanswered_leg_lasts_zero(self) -> None:
        (leg,) = legs(started(), rings(AIKO, 2), leg_ends(AIKO, 20, "busy"))
        assert (leg.duration, leg.outcome) == (timedelta(), "busy")

    def test_the_most_telling_outcome_stands(self) -> None:
        (leg,) = legs(started(), rings(AIKO, 2), leg_ends(AIKO, 20, "cancelled"), leg_ends(AIKO, 20, "no_answer"), leg_ends(AIKO, 21))
        assert (leg.outcome, leg.ended_at) == ("no_answer", at(20))

    def test_ringing_all_is_cancelled_for_those_who_did_not_answer(self) -> None:
        told = legs(started(), rings(AIKO, 1), rings(BILAL, 1), answers(BILAL, 4), leg_ends(AIKO, 4.01), leg_ends(BILAL, 50), ends(50))
        assert [(leg.extension, leg.outcome, leg.call_type) for leg in told] == [
            (AIKO, "cancelled", "inbound"),
            (BILAL, "answered", "inbound"),
        ]

    def test_hold_is_added_up_and_a_resume_without_hold_counts_for_nothing(self) -> None:
        held = [fact(kind, seconds, leg_id="leg-1001") for kind, seconds in ((f.LegResumed, 6), (f.LegHeld, 10), (f.LegResumed, 15))]
        (leg,) = legs(started(), rings(AIKO, 2), answers(AIKO, 5), *held)
        assert (leg.held, leg.state) == (timedelta(seconds=5), "talking")
        (leg,) = legs(started(), rings(AIKO, 2), answers(AIKO, 5), *held, fact(f.LegHeld, 20, leg_id="leg-1001"))
        assert leg.state == "hold"

    def test_a_blind_transfer_keeps_the_first_leg_and_adds_a_transfer(self) -> None:
        told = legs(
            started(),
            rings(AIKO, 1),
            answers(AIKO, 3),
            fact(f.CallTransferred, 20, kind="blind", leg_id="leg-1001", to_extension=BILAL),
            leg_ends(AIKO, 20),
            rings(BILAL, 21),
            answers(BILAL, 23),
        )
        assert [(leg.extension, leg.call_type, leg.state) for leg in told] == [(AIKO, "inbound", "ended"), (BILAL, "transfer", "talking")]

    def test_a_consult_that_is_joined_becomes_a_transfer(self) -> None:
        consult = fact(f.LegOffered, 10, leg_id="leg-1002", extension=BILAL, call_type="consult")
        before = [started(), rings(AIKO, 1), answers(AIKO, 3), consult, rings(BILAL, 10)]
        assert [leg.call_type for leg in legs(*before)] == ["inbound", "consult"]
        joined = fact(f.CallTransferred, 20, kind="attended", leg_id="leg-1001", to_leg_id="leg-1002")
        assert [leg.call_type for leg in legs(*before, joined)] == ["inbound", "transfer"]

    def test_a_conference_is_one_where_the_provider_says_so(self) -> None:
        joins = fact(f.LegOffered, 10, leg_id="leg-1002", extension=BILAL, call_type="conference")
        assert legs(started(), rings(AIKO, 1), answers(AIKO, 3), joins)[1].call_type == "conference"

    def test_on_an_outbound_leg_the_talk_begins_with_the_customers_answer(self) -> None:
        (leg,) = legs(started(direction="outbound"), rings(AIKO, 0), answers(AIKO, 2), fact(f.RemoteAnswered, 9), leg_ends(AIKO, 19))
        assert (leg.answered_at, leg.duration, leg.call_type) == (at(9), timedelta(seconds=10), "outbound")


class TestLateAndPartial:
    def test_one_ringing_is_enough_for_a_pop(self) -> None:
        known = call(fact(f.LegRinging, 3, leg_id="x", extension=AIKO), fact(f.CallerIdentified, 3, ani="5551234567"))
        (leg,) = rules.live_legs(known)
        assert (leg.extension, leg.state, leg.key) == (AIKO, "ringing", "leg:x")
        assert rules.history(known).ani == "5551234567"

    def test_a_late_answer_counts_but_does_not_reopen(self) -> None:
        told = history(started(), rings(AIKO, 1), leg_ends(AIKO, 10), ends(10), answers(AIKO, 12))
        assert (told.state, told.result, told.parts[0].answered_at) == ("ended", "answered", at(10))

    def test_a_repeated_end_does_not_move_it(self) -> None:
        told = history(started(), rings(AIKO, 1), answers(AIKO, 2), leg_ends(AIKO, 10), ends(10), leg_ends(AIKO, 99), ends(99))
        assert told.ended_at == at(10)

    def test_nobody_is_shown_an_ended_call(self) -> None:
        assert rules.live_legs(call(started(), rings(AIKO, 1), ends(5), rings(BILAL, 6))) == ()

    def test_a_telephone_that_does_not_ring_yet_is_not_shown(self) -> None:
        assert rules.live_legs(call(started(), fact(f.LegOffered, 1, leg_id="x", extension=AIKO))) == ()


class TestResync:
    def resynced(self, seconds: float, *live: f.LiveCall, **fields: Any) -> f.Resynced:
        return f.Resynced(source="pbx", at=at(seconds), live=live, **fields)

    def test_a_call_that_is_not_listed_is_over_and_marked(self) -> None:
        known = rules.reconcile(call(started(), rings(AIKO, 1), answers(AIKO, 3)), self.resynced(100))
        told = rules.history(known)
        assert (told.state, told.result, told.ended_at, told.gap) == ("ended", "answered", at(100), True)

    def test_one_that_rang_unheard_is_not_blamed_on_the_agent(self) -> None:
        told = rules.history(rules.reconcile(call(started(), rings(AIKO, 1)), self.resynced(100)))
        assert (told.result, told.parts[0].outcome) == ("abandoned", "cancelled")

    def test_a_restart_ended_it_at_the_latest(self) -> None:
        known = rules.reconcile(call(started(), answers(AIKO, 3)), self.resynced(100, restarted=True, booted_at=at(60)))
        assert rules.history(known).ended_at == at(60)

    def test_a_listed_call_goes_on(self) -> None:
        known = call(started(), rings(AIKO, 1), answers(AIKO, 3))
        assert rules.reconcile(known, self.resynced(100, f.LiveCall(call_id="1", legs=("leg-1001",)))) == known

    def test_a_leg_that_is_not_listed_is_over(self) -> None:
        known = call(started(), rings(AIKO, 1), answers(AIKO, 3), rings(BILAL, 50), answers(BILAL, 55))
        told = rules.history(rules.reconcile(known, self.resynced(100, f.LiveCall(call_id="1", legs=("leg-1002",)))))
        assert [part.state for part in told.parts] == ["ended", "talking"]
        assert told.state == "in_progress"

    def test_a_call_that_began_after_the_question_is_left_alone(self) -> None:
        known = call(started())
        assert rules.reconcile(known, self.resynced(-5)) == known

    def test_the_told_end_takes_the_place_of_the_inferred_one(self) -> None:
        known = rules.reconcile(call(started(), answers(AIKO, 3)), self.resynced(100))
        told = rules.history(rules.apply(rules.apply(known, leg_ends(AIKO, 40)), ends(40)))
        assert (told.ended_at, told.parts[0].ended_at, told.gap) == (at(40), at(40), False)

    def test_a_list_of_another_source_is_refused(self) -> None:
        with pytest.raises(ValueError, match="says nothing"):
            rules.reconcile(call(started()), f.Resynced(source="other", at=at(9)))
