"""The event listener: any telephone system tells us over HTTP what happens (product.md 5.3)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from ringdesk.features.telephony import facts as f
from ringdesk.features.telephony import store
from ringdesk.features.telephony.errors import UnknownExtension
from ringdesk.features.telephony.schemas import EventAccepted, TelephonyEvent
from ringdesk.features.telephony.service import Telephony
from ringdesk.kit import clock, ids, phones
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.grouped import Grouped
from ringdesk.kit.problems import FieldError, FieldErrors

SOURCE = "events"
# A call without an id that was not heard of for this long is over: a later event from the same number is another call.
LONGEST_SILENCE = timedelta(hours=4)
# A telephone that began to ring longer ago rings for another call by now, and an end that is told again comes sooner.
LONGEST_RINGING = timedelta(minutes=5)
_ENDS = {"leg_ended", "abandoned", "ended"}
_BEGINS = {"ringing", "transferred"}
# Clocks differ, and history may be told later; a time outside of this is a mistake of whoever wrote it.
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
FURTHEST_AHEAD = timedelta(days=1)


class EventListener:
    """Takes the events of every telephone system that calls us. Events that come at once share a transaction."""

    def __init__(self, db: Database, telephony: Telephony, *, region: str) -> None:
        """`telephony` takes what the events state; `region` (ISO 3166) is where numbers without a country code are read."""
        self._telephony, self._region = telephony, region
        self._grouped: Grouped[_Told, EventAccepted | UnknownExtension] = Grouped(db, self._store, key=_call_key)

    async def receive(self, event: TelephonyEvent) -> EventAccepted:
        """Store one event; safe when this returns. Raises InvalidFields, UnknownExtension."""
        _check(event)
        outcome = await self._grouped.take(_Told(event, event.at or clock.now()))
        if isinstance(outcome, UnknownExtension):
            raise outcome
        return outcome

    async def _store(self, uow: UnitOfWork, told: Sequence["_Told"]) -> list[EventAccepted | UnknownExtension]:
        named = {extension for one in told for _, extension in _extensions_in(one.event)}
        agents = await (await store.agents_at(uow, sorted(named))).all()
        known = {agent.extension for agent in agents}
        outcomes: list[EventAccepted | UnknownExtension | None] = [_unknown_extension(one.event, known) for one in told]
        if any(outcomes):
            # Whoever was taken off the telephone in the middle of a call: what becomes of that call is still heard.
            running = await store.extensions_in(uow, SOURCE, [one.event.call_id or "" for one in told])
            for place, one in enumerate(told):
                if outcomes[place] and one.event.event not in _BEGINS and (one.event.call_id, one.event.call_agent_extension) in running:
                    outcomes[place] = None
        named_calls = [place for place, one in enumerate(told) if outcomes[place] is None and one.event.call_id]
        calls = [facts_of(told[place].event, told[place].event.call_id or "", told[place].at) for place in named_calls]
        stored = dict(zip(named_calls, await self._telephony.take_calls(uow, calls, agents), strict=True)) if calls else {}
        for place, one in enumerate(told):
            if outcomes[place] is None and place not in stored:
                # Which call it is may depend on the event before.
                facts = facts_of(one.event, await self._call_at(uow, one), one.at)
                stored[place] = (await self._telephony.take_calls(uow, [facts], agents))[0]
            if place in stored:
                outcomes[place] = EventAccepted(stored[place].interaction_id, stored[place].customer_ids)
        return [outcome for outcome in outcomes if outcome]

    async def _call_at(self, uow: UnitOfWork, told: "_Told") -> str:
        """The running call of this number at this extension, or a new one; one of another number that rang there is over by now."""
        event = told.event
        number = _normalised(event.caller_phone_number or "", self._region)
        found: str | None = None
        now = clock.now()
        begins = event.event == "ringing"
        recent = now - (LONGEST_RINGING if begins else LONGEST_SILENCE)
        for pop in await store.open_pops(uow, SOURCE, event.call_agent_extension, now - LONGEST_SILENCE):
            if pop.ani == number and pop.heard_at >= recent and found is None:
                found = pop.call_id
            elif begins:
                over = f.CallEnded(source=SOURCE, call_id=pop.call_id, at=told.at, inferred=True)
                await self._telephony.take_calls(uow, [[over]])
        if found is None and begins:
            # Handed over from another telephone: the same call rings here now.
            found = await store.pop_handed_to(uow, SOURCE, event.call_agent_extension, number, now - LONGEST_RINGING)
        if found is None and event.event in _ENDS:
            # The end of a call may be told twice.
            found = await store.ended_pop(uow, SOURCE, event.call_agent_extension, number, now - LONGEST_RINGING)
        return found or f"pop:{ids.new_id()}"


class _Told(Struct, frozen=True):
    event: TelephonyEvent
    at: datetime


def _call_key(told: _Told) -> str:
    # Without an id the extension tells calls apart.
    return told.event.call_id or f"\n{told.event.call_agent_extension}"


def _extensions_in(event: TelephonyEvent) -> list[tuple[str, str]]:
    fields = (("call_agent_extension", event.call_agent_extension), ("to_extension", event.to_extension))
    return [(name, extension) for name, extension in fields if extension]


def _unknown_extension(event: TelephonyEvent, known: set[str]) -> UnknownExtension | None:
    for name, extension in _extensions_in(event):
        if extension not in known:
            detail = f"No active user has the extension {extension}. Enter it for a user, or correct the event."
            return UnknownExtension(detail, errors=[FieldError(name, "unknown_extension", detail)])
    return None


def facts_of(event: TelephonyEvent, call_id: str, at: datetime) -> list[f.CallFact]:
    """The facts that an event states. A leg is known by its extension; pure."""
    leg = event.call_agent_extension
    said: list[f.CallFact] = []
    if event.direction:
        said.append(f.CallStarted(source=SOURCE, call_id=call_id, at=at, inferred=True, direction=event.direction))
    if event.caller_phone_number or event.called_number or event.caller_name:
        said.append(
            f.CallerIdentified(
                source=SOURCE,
                call_id=call_id,
                at=at,
                # A word ("anonymous") gives way to a number that is told later.
                inferred=not any(character.isdigit() for character in event.caller_phone_number or "0"),
                ani=event.caller_phone_number,
                dnis=event.called_number,
                caller_name=event.caller_name,
            )
        )
    if event.queue:
        said.append(f.QueueEntered(source=SOURCE, call_id=call_id, at=at, inferred=True, queue=event.queue))
    match event.event:
        case "ringing":
            said.append(f.LegRinging(source=SOURCE, call_id=call_id, at=at, leg_id=leg, extension=leg, until_answered=True))
        case "answered":
            said.append(f.LegAnswered(source=SOURCE, call_id=call_id, at=at, leg_id=leg, extension=leg))
        case "held":
            said.append(f.LegHeld(source=SOURCE, call_id=call_id, at=at, leg_id=leg, extension=leg))
        case "resumed":
            said.append(f.LegResumed(source=SOURCE, call_id=call_id, at=at, leg_id=leg, extension=leg))
        case "transferred":
            said.append(f.CallTransferred(source=SOURCE, call_id=call_id, at=at, kind="blind", leg_id=leg, to_extension=event.to_extension))
            said.append(f.LegEnded(source=SOURCE, call_id=call_id, at=at, leg_id=leg, extension=leg))
        case "leg_ended":
            said.append(f.LegEnded(source=SOURCE, call_id=call_id, at=at, leg_id=leg, extension=leg))
        case "abandoned":
            said.append(f.CallerHungUp(source=SOURCE, call_id=call_id, at=at))
            said.append(f.CallEnded(source=SOURCE, call_id=call_id, at=at))
        case "ended":
            said.append(f.CallEnded(source=SOURCE, call_id=call_id, at=at))
    return said


def _check(event: TelephonyEvent) -> None:
    errors = FieldErrors()
    if event.call_id is not None and not event.call_id.strip():
        errors.add("call_id", "blank", "Give the id of the call, or leave call_id out.")
    if not event.call_id and not event.caller_phone_number:
        errors.add("caller_phone_number", "required", "Give the caller's number, or the call_id of a call whose number was given before.")
    if event.event == "transferred" and not event.to_extension:
        errors.add("to_extension", "required", "Say to which extension the call was transferred.")
    if event.at and event.at.tzinfo is None:
        errors.add("at", "no_time_zone", "Give the time with its offset from UTC, such as 2026-11-22T10:42:00Z.")
    elif event.at and not OLDEST <= event.at <= clock.now() + FURTHEST_AHEAD:
        errors.add("at", "out_of_range", "Give the time when it happened: after the year 2000, and at most a day ahead of our clock.")
    errors.raise_if_any()


def _normalised(number: str, region: str) -> str:
    try:
        return phones.normalise(number, region).normalised
    except phones.PhoneError:
        return number
