"""The fold of a call does not mind in which order its facts come, nor how often (product.md 5.3, 5.5)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdesk.features.telephony import facts as f
from ringdesk.features.telephony import rules
from ringdesk.features.telephony.calls import Call, merge
from ringdesk.features.telephony.history import CallHistory

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
RESYNC_AT = START + timedelta(hours=1)

instants = st.integers(0, 40).map(lambda tenths: START + timedelta(milliseconds=100 * tenths))
names = st.sampled_from([None, "5551234567", "Customer", "700"])


def _facts(fact: type[Any], /, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[f.CallFact]:
    return st.builds(fact, source=st.just("pbx"), call_id=st.just("1"), at=instants, inferred=st.booleans(), **fields)


legs = {"leg_id": st.sampled_from(["a", "b", "c"]), "extension": st.sampled_from([None, "1001", "1002"])}
call_facts: st.SearchStrategy[f.CallFact] = st.one_of(
    _facts(f.CallStarted, direction=st.sampled_from(["inbound", "outbound"]), ani=names, dnis=names, caller_name=names),
    _facts(f.CallerIdentified, ani=names, dnis=names, caller_name=names),
    _facts(f.IvrStarted),
    _facts(f.QueueEntered, queue=st.sampled_from(["support", "sales"])),
    _facts(f.QueueLeft),
    _facts(f.CallerHungUp),
    _facts(f.LegOffered, **legs, call_type=st.sampled_from([None, "consult", "transfer", "conference"])),
    _facts(f.LegRinging, **legs),
    _facts(f.LegAnswered, **legs),
    _facts(f.LegHeld, **legs),
    _facts(f.LegResumed, **legs),
    _facts(f.LegEnded, **legs, outcome=st.sampled_from([None, "answered", "no_answer", "busy", "rejected", "cancelled", "failed"])),
    _facts(f.RemoteAnswered),
    _facts(f.RemoteEnded, outcome=st.sampled_from([None, "busy", "no_answer", "failed"])),
    _facts(
        f.CallTransferred,
        kind=st.sampled_from(["blind", "attended"]),
        leg_id=st.sampled_from([None, "a"]),
        to_extension=st.sampled_from([None, "1002"]),
        to_leg_id=st.sampled_from([None, "b"]),
    ),
    _facts(f.CallEnded),
)
fact_lists = st.lists(call_facts, min_size=1, max_size=25)


def told(facts: list[f.CallFact]) -> Call:
    call = rules.apply_all(None, facts)
    assert call is not None
    return call


@given(fact_lists, st.data())
def test_any_order_gives_the_same_call(facts: list[f.CallFact], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(facts))
    assert told(shuffled) == told(facts)
    assert rules.history(told(shuffled)) == rules.history(told(facts))


@given(fact_lists, st.data())
def test_any_repetition_gives_the_same_call(facts: list[f.CallFact], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(facts), max_size=25))
    assert told([*facts, *again]) == told(facts)


@given(fact_lists, fact_lists)
def test_two_halves_merge_to_the_whole(some: list[f.CallFact], others: list[f.CallFact]) -> None:
    assert merge(told(some), told(others)) == told([*some, *others])


@given(fact_lists)
def test_a_call_survives_its_storage(facts: list[f.CallFact]) -> None:
    call = told(facts)
    assert msgspec.json.decode(msgspec.json.encode(call), type=Call) == call


@given(st.lists(call_facts, max_size=20))
def test_every_fact_survives_the_wire(facts: list[f.CallFact]) -> None:
    assert msgspec.json.decode(msgspec.json.encode(facts), type=list[f.Fact]) == facts


@given(fact_lists, fact_lists)
def test_an_ended_call_never_reopens(facts: list[f.CallFact], late: list[f.CallFact]) -> None:
    ended = told([*facts, f.CallEnded(source="pbx", call_id="1", at=START + timedelta(seconds=2))])
    for fact in late:
        ended = rules.apply(ended, fact)
        assert rules.history(ended).state == "ended"
        assert rules.live_legs(ended) == ()


@given(fact_lists)
@settings(max_examples=300)
def test_histories_make_sense(facts: list[f.CallFact]) -> None:
    assert_sense(rules.history(told(facts)))


@given(fact_lists, st.lists(st.sampled_from(["a", "b", "c"])), st.booleans())
def test_a_resync_leaves_sense_and_changes_nothing_the_second_time(facts: list[f.CallFact], alive: list[str], listed: bool) -> None:
    live = (f.LiveCall(call_id="1", legs=tuple(alive)),) if listed else ()
    resynced = f.Resynced(source="pbx", at=RESYNC_AT, live=live)
    call = rules.reconcile(told(facts), resynced)
    assert rules.reconcile(call, resynced) == call
    history = rules.history(call)
    assert_sense(history)
    if not listed:
        assert history.state == "ended"


@given(fact_lists)
def test_what_is_told_takes_the_place_of_what_a_resync_inferred(facts: list[f.CallFact]) -> None:
    """The end of a call that was missed and told late counts, wherever the resync falls among the facts."""
    told_facts = [msgspec.structs.replace(fact, inferred=False) for fact in facts]
    end = f.CallEnded(source="pbx", call_id="1", at=START + timedelta(seconds=5))
    leg_ids = {fact.leg_id for fact in told_facts if isinstance(fact, f.LegFact)}
    ends = [f.LegEnded(source="pbx", call_id="1", at=end.at, leg_id=leg_id) for leg_id in sorted(leg_ids)]
    resynced = rules.reconcile(told(told_facts), f.Resynced(source="pbx", at=RESYNC_AT))
    late = rules.apply_all(resynced, [*ends, end])
    assert late is not None
    assert rules.history(late) == rules.history(told([*told_facts, *ends, end]))


def assert_sense(history: CallHistory) -> None:
    assert (history.state == "ended") == (history.ended_at is not None) == (history.duration is not None)
    assert (history.result is None) == (history.state == "in_progress" and history.answered_at is None)
    assert history.type == ("agent" if any(part.kind == "agent" for part in history.parts) else "ivr")
    assert len({part.key for part in history.parts}) == len(history.parts)
    for part in history.parts:
        assert history.started_at <= part.started_at
        if part.ended_at:
            assert history.ended_at is None or part.ended_at <= history.ended_at
            assert part.started_at <= part.ended_at
            assert part.duration is not None
            assert part.duration >= timedelta()
            assert part.outcome is not None
            assert part.state == "ended"
        else:
            assert history.state == "in_progress"
            assert part.duration is None
        if part.answered_at:
            assert part.started_at <= part.answered_at
            assert part.outcome == "answered"
        assert timedelta() <= part.held
        if part.kind == "agent":
            assert part.call_type is not None
