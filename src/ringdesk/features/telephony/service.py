"""From facts to rows, events and pops: the calls that are spoken of at once share a transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
import psycopg
import structlog
from msgspec import Struct
from psycopg.errors import DeadlockDetected

from ringdesk.features import customers, desk, interactions, requests
from ringdesk.features.customers import Choice, choose, name_in_parts
from ringdesk.features.interactions import Activity, Interaction, RequestTag, Unknown
from ringdesk.features.telephony import rules, store
from ringdesk.features.telephony.facts import CallFact, Fact, LinkLost, LinkRestored, Resynced
from ringdesk.features.telephony.history import CallHistory, Part
from ringdesk.kit import clock, grouped, ids, phones
from ringdesk.kit.db import Answer, Database, UnitOfWork
from ringdesk.kit.settings import Settings
from ringdesk.kit.telemetry import FACTS, SET_ASIDE

log = structlog.get_logger(__name__)

# A call that ended longer ago than this is brought in, not going on: nobody waits for its outcome at the desk.
TOLD_LATE = timedelta(seconds=30)
_ON_DESK = {"ringing", "talking", "hold"}
_UNSTORABLE = (ValueError, msgspec.ValidationError, psycopg.DataError, psycopg.IntegrityError)

Crew = Mapping[str, store.AgentAtExtension | None]
"""Who is at an extension; None: nobody. An extension that was not looked up is not in it."""


class Stored(Struct, frozen=True):
    """What became of the facts of one call: its interaction, and whom it belongs or may belong to."""

    interaction_id: UUID
    customer_ids: list[UUID]


class Telephony:
    """Takes facts from every telephone system.

    `region`: where numbers without a country code are read; `pop_at`: when the caller's card opens; `unknown_caller`: whether a caller
    whom nobody knows gets a card at once when an agent's telephone rings, unless an administrator chose otherwise (product.md 4.5).
    """

    def __init__(
        self,
        db: Database,
        *,
        region: str,
        pop_at: Literal["ringing", "answer"] = "ringing",
        unknown_caller: Unknown = "form",
    ) -> None:
        self._db = db
        self._region = region
        self._pop_at = pop_at
        self._unknown_caller = unknown_caller

    async def take(self, facts: Sequence[Fact]) -> list[Stored]:
        """Store what these facts say, call by call in their order; each call is safe when this returns."""
        stored: list[Stored] = []
        batch: list[CallFact] = []
        for fact in facts:
            if isinstance(fact, LinkLost | LinkRestored | Resynced):
                stored += await self._take_batch(batch)
                batch = []
                await self._take_link(fact)
            else:
                batch.append(fact)
        return stored + await self._take_batch(batch)

    async def _take_batch(self, facts: Sequence[CallFact]) -> list[Stored]:
        by_call: dict[tuple[str, str], list[CallFact]] = {}
        for fact in facts:
            by_call.setdefault((fact.source, fact.call_id), []).append(fact)
        stored: list[Stored] = []
        every = list(by_call.values())
        # What a reconnected telephone system tells at once is stored in bites, as events that come at once are.
        for first in range(0, len(every), grouped.MOST):
            calls = every[first : first + grouped.MOST]
            try:
                async with self._db.transaction() as uow:
                    stored += await self.take_calls(uow, calls)
            except (*_UNSTORABLE, DeadlockDetected):
                stored += [one for said in calls if (one := await self._take_alone(said))]
        return stored

    async def _take_alone(self, said: Sequence[CallFact]) -> Stored | None:
        try:
            async with self._db.transaction() as uow:
                return (await self.take_calls(uow, [said]))[0]
        except _UNSTORABLE:
            # What can never be stored must not hold up the calls behind it; what it was stays readable in the log, but not whose.
            SET_ASIDE.labels(said[0].source).inc(len(said))
            log.exception("telephony_facts_set_aside", facts=[_without_caller(fact) for fact in said])
            return None

    async def take_calls(
        self, uow: UnitOfWork, calls: Sequence[Sequence[CallFact]], agents: Sequence[store.AgentAtExtension] = ()
    ) -> list[Stored]:
        """Store facts of several calls, each call once, inside the caller's transaction; `agents`: people at extensions, as far as known.

        What the calls need is asked for at once, so that many of them wait no longer than one.
        """
        await uow.reuse_plans()
        for facts in calls:
            for fact in facts:
                FACTS.labels(fact.source, type(fact).__name__).inc()
        crew = {agent.extension: agent for agent in agents}
        wanted = {extension for facts in calls for fact in facts if (extension := getattr(fact, "extension", None))} - set(crew)
        asked = [await self._ask(uow, facts) for facts in calls]
        found = await store.agents_at(uow, sorted(wanted)) if wanted else None
        held = [await one.answers(uow) for one in asked]
        if found:
            crew |= dict.fromkeys(wanted) | {agent.extension: agent for agent in await found.all()}
        return [
            await self._write(uow, one, folded(one.before, facts), crew) for one, facts in zip(await _know(uow, held), calls, strict=True)
        ]

    async def _ask(self, uow: UnitOfWork, facts: Sequence[CallFact]) -> "_Asked":
        ani = next((ani for fact in facts if (ani := getattr(fact, "ani", None))), None)
        hold, row = await store.hold_call(uow, facts[0].source, facts[0].call_id)
        return _Asked(hold, row, ani, await customers.search_by_phone(uow, ani, self._region) if ani else None)

    async def _take_link(self, fact: LinkLost | LinkRestored | Resynced) -> None:
        log.info("telephony_link", source=fact.source, fact=type(fact).__name__)
        if not isinstance(fact, Resynced):
            return
        async with self._db.transaction() as uow:
            open_calls = await store.open_calls(uow, fact.source)
        for call_id in open_calls:
            async with self._db.transaction() as uow:
                asked = _Asked(*await store.hold_call(uow, fact.source, call_id), None, None)
                [held] = await _know(uow, [await asked.answers(uow)])
                if held.before:
                    await self._write(uow, held, rules.reconcile(held.before, fact), {})

    async def _write(self, uow: UnitOfWork, held: "_Held", after: rules.Call, crew: "Crew") -> Stored:
        row, before = held.row, held.before
        old = rules.history(before) if before else None
        new = rules.history(after)
        if row and old == new:
            if before != after:
                await self._keep(uow, row.interaction_id, _legs(row), _crew(row), after, new)
            return Stored(row.interaction_id, [row.customer_id] if row.customer_id else row.candidates)
        agents = await self._agents(uow, crew, {part.extension for part in new.parts if part.extension})
        choice = await self._choice(uow, held, old, new)
        if (held.unknown or self._unknown_caller) == "card" and any(part.kind == "agent" for part in new.parts):
            choice = await self._card_for(uow, choice, new)
        interaction = _interaction(row, new, choice, self._ani(new))
        await interactions.put_interaction(uow, interaction)
        if row and (interaction.customer_id, interaction.candidates) != (row.customer_id, row.candidates):
            await interactions.set_candidates(uow, interaction.id, interaction.customer_id, interaction.candidates)
        if old is None or _header(old) != _header(new):
            interactions.interaction_changed(uow, interaction)
        legs, handled_by = _legs(row), _crew(row)
        known = {part.key: part for part in old.parts} if old else {}
        for part in new.parts:
            was = known.pop(part.key, None)
            if part != was:
                legs.setdefault(part.key, ids.id_after(interaction.id, _past(part.started_at)))
                had = handled_by.get(part.key)
                agent = _at_leg(had, part, agents)
                if agent:
                    handled_by[part.key] = agent
                shown, was_theirs = held.shown.get(legs[part.key]), had.id if had else None
                change = _Change(interaction, choice, legs[part.key], was, part, agent, was_theirs, shown, held.policy)
                await self._write_part(uow, change, new)
        for gone in known:
            activity_id = legs.pop(gone)
            handled_by.pop(gone, None)
            await interactions.drop_activity(uow, activity_id)
            interactions.activity_removed(uow, activity_id, interaction.id, interaction.customer_id)
        await self._keep(uow, interaction.id, legs, handled_by, after, new)
        if new.state == "ended" and (old is None or old.state != "ended"):
            await interactions.note_contact(uow, interaction, _last_agent(new, handled_by))
        return Stored(interaction.id, [interaction.customer_id] if interaction.customer_id else interaction.candidates)

    async def _agents(self, uow: UnitOfWork, crew: "Crew", extensions: set[str]) -> dict[str, store.AgentAtExtension]:
        known = dict(crew)
        if missing := extensions - set(known):
            known |= {agent.extension: agent for agent in await (await store.agents_at(uow, sorted(missing))).all()}
        return {extension: agent for extension in extensions if (agent := known.get(extension))}

    async def _choice(self, uow: UnitOfWork, held: "_Held", old: CallHistory | None, new: CallHistory) -> Choice:
        row = held.row
        if row and row.customer_id:
            return Choice(held.customer)
        if not new.ani:
            return Choice(None)
        matches = held.matches if held.ani == new.ani else await customers.find_by_phone(uow, new.ani, self._region)
        if old is None or old.ani != new.ani:
            return choose(matches)
        return Choice(None, [match for match in matches if row and match.customer.id in row.candidates])

    async def _card_for(self, uow: UnitOfWork, choice: Choice, history: CallHistory) -> Choice:
        """A card for a caller whom nobody knows, made of what the telephone system knows; a withheld number makes none."""
        if choice.customer or choice.candidates or not history.ani:
            return choice
        try:
            number = phones.normalise(history.ani, self._region)
        except phones.PhoneError:
            return choice
        await customers.hold_addresses(uow, [number.normalised])
        if matches := await customers.find_by_phone(uow, history.ani, self._region):
            # Made by a call that came at the same time.
            return choose(matches)
        first, last = name_in_parts(history.caller_name or "")
        draft = customers.Draft(first_name=first, last_name=last, phones={1: customers.Reach(history.ani, number.normalised)})
        made = await customers.create_within(uow, None, draft, region=self._region)
        return Choice(await customers.summary(uow, made.id))

    async def _write_part(self, uow: UnitOfWork, change: "_Change", history: CallHistory) -> None:
        part, agent = change.part, change.agent
        activity = _activity(change)
        await interactions.put_activity(uow, activity, same_agent=agent is not None and agent.id == change.had)
        interactions.activity_changed(uow, activity, change.interaction.customer_id)
        if agent is None or (change.was and change.was.state == part.state):
            return
        if part.state in _ON_DESK:
            if agent.logged_in or change.shown:
                leg = _leg(change, activity)
                await desk.show(uow, leg, opens=leg.state != "ringing" or self._pop_at == "ringing")
                if change.policy and part.answered_at and not (change.was and change.was.answered_at):
                    await self._take_up(uow, leg)
        elif part.state == "ended":
            await self._end_part(uow, change, activity, history)

    async def _take_up(self, uow: UnitOfWork, leg: desk.Leg) -> None:
        """An agent answered in a centre whose calls have a policy: only then is more asked."""
        if policy := await requests.policy_for(uow, "voice"):
            await desk.take_up(uow, leg, policy)

    async def _end_part(self, uow: UnitOfWork, change: "_Change", activity: Activity, history: CallHistory) -> None:
        part, agent = change.part, change.agent
        if agent is None:
            return
        at_desk = change.shown is not None or (agent.logged_in and _just_talked(part))
        if at_desk and part.answered_at and part.ended_at and agent.wrap_up_seconds:
            await desk.show(uow, _leg(change, activity), wrap_up_seconds=agent.wrap_up_seconds)
            return
        if at_desk:
            elsewhere = any(other.answered_at for other in history.parts if other.kind == "agent" and other.key != part.key)
            await desk.take_off(uow, agent.id, activity, "ended" if part.answered_at else "answered_elsewhere" if elsewhere else "missed")
        if part.answered_at:
            # There is no wrap-up time to wait for: what an earlier leg says of the call holds for this one (product.md 3.4).
            await interactions.finish_leg(uow, activity.id)

    async def _keep(
        self,
        uow: UnitOfWork,
        interaction_id: UUID,
        legs: dict[str, UUID],
        crew: dict[str, store.AgentAtExtension],
        call: rules.Call,
        history: CallHistory,
    ) -> None:
        stored = store.StoredCall(
            source=call.source,
            call_id=call.call_id,
            interaction_id=interaction_id,
            state=msgspec.json.encode(call).decode(),
            legs=legs,
            crew=crew,
            ended_at=history.ended_at,
        )
        await store.put_call(uow, stored)

    def _ani(self, history: CallHistory) -> str | None:
        if not history.ani:
            return None
        try:
            return phones.normalise(history.ani, self._region).normalised
        except phones.PhoneError:
            # A telephone system may say anything here ("anonymous"); it is kept as it was said.
            return history.ani


def _without_caller(fact: CallFact) -> dict[str, Any]:
    """A fact as the log may keep it: the log outlives the erasure of a customer."""
    told: dict[str, Any] = msgspec.to_builtins(fact)
    return {"fact": type(fact).__name__} | {name: value for name, value in told.items() if name not in ("ani", "caller_name")}


def of(db: Database, settings: Settings) -> Telephony:
    """Telephony as this installation is set up."""
    return Telephony(db, region=settings.default_region, pop_at=settings.pop_at, unknown_caller=settings.unknown_caller)


def folded(before: rules.Call | None, facts: Sequence[CallFact]) -> rules.Call:
    """The call after these facts, at least one."""
    after = rules.apply(before, facts[0])
    for fact in facts[1:]:
        after = rules.apply(after, fact)
    return after


async def _know(uow: UnitOfWork, held: Sequence["_Held"]) -> list["_Held"]:
    """Ask at once for what a stored call leads to: its customer, and which of its legs are at a desk."""
    asked = [
        (
            one,
            await desk.ask_for_calls(uow, one.row.interaction_id) if one.row else None,
            await customers.ask_for_summary(uow, one.row.customer_id) if one.row and one.row.customer_id else None,
        )
        for one in held
    ]
    return [
        msgspec.structs.replace(
            one,
            shown={call.activity_id: call for call in await shown.all()} if shown else {},
            customer=await customer.one() if customer else None,
        )
        for one, shown, customer in asked
    ]


class _Asked(Struct, frozen=True):
    """What was asked for at once: the stored call, and whose number `ani` is."""

    hold: Answer[store.Hold]
    row: Answer[store.CallRow]
    ani: str | None
    search: customers.Search | None

    async def answers(self, uow: UnitOfWork) -> "_Held":
        hold, row = await self.hold.one(), await self.row.one()
        before = msgspec.json.decode(row.state, type=rules.Call) if row else None
        matches = await self.search.matches(uow) if self.search else []
        policy, unknown = (hold.request_policy, hold.unknown) if hold else (None, None)
        return _Held(row, before, self.ani, matches, policy=policy, unknown=unknown)


class _Held(Struct, frozen=True):
    """The call as it is stored (None: not yet), the customers whose number is `ani`, its customer, its legs at desks.

    `policy`: what happens to the request when an agent answers. `unknown`: what an administrator chose for unknown callers, if anything.
    """

    row: store.CallRow | None
    before: rules.Call | None
    ani: str | None
    matches: list[customers.Match]
    customer: customers.CustomerSummary | None = None
    shown: Mapping[UUID, desk.DeskCall] = {}
    policy: Literal["open", "propose"] | None = None
    unknown: Unknown | None = None


class _Change(Struct, frozen=True):
    interaction: Interaction
    choice: Choice
    activity_id: UUID
    was: Part | None
    part: Part
    agent: store.AgentAtExtension | None
    had: UUID | None
    """Whose leg it was known as."""
    shown: desk.DeskCall | None
    policy: Literal["open", "propose"] | None


def _legs(row: store.CallRow | None) -> dict[str, UUID]:
    return {key: UUID(activity_id) for key, activity_id in row.legs.items()} if row else {}


def _crew(row: store.CallRow | None) -> dict[str, store.AgentAtExtension]:
    return msgspec.convert(row.crew, dict[str, store.AgentAtExtension]) if row else {}


def _at_leg(
    known: store.AgentAtExtension | None, part: Part, agents: Mapping[str, store.AgentAtExtension]
) -> store.AgentAtExtension | None:
    """Who handles a leg: whoever sat at its telephone when it began, under the name and in the team of that time.

    A telephone that changes hands during a call takes neither the leg nor the desk along (product.md 3.3).
    """
    now = agents.get(part.extension or "")
    if known is None or known.extension != part.extension:
        return now
    if now and now.id == known.id:
        return msgspec.structs.replace(now, name=known.name, team_name=known.team_name)
    return msgspec.structs.replace(known, logged_in=False)


def _past(at: datetime) -> datetime:
    # A telephone system whose clock is ahead must not fill the months to come.
    return min(at, clock.now())


def _just_talked(part: Part) -> bool:
    # Ringing, answer and end may be told at once: the agent still has an outcome to give, unless the call is history.
    return bool(part.answered_at and part.ended_at and clock.now() - part.ended_at < TOLD_LATE)


def _header(history: CallHistory) -> CallHistory:
    return msgspec.structs.replace(history, parts=(), transfers=())


def _interaction(row: store.CallRow | None, history: CallHistory, choice: Choice, ani: str | None) -> Interaction:
    return Interaction(
        id=row.interaction_id if row else ids.id_at(_past(history.started_at)),
        customer_id=choice.customer.id if choice.customer else None,
        candidates=[match.customer.id for match in choice.candidates],
        channel="voice",
        direction=history.direction,
        ani=ani,
        dnis=history.dnis,
        queue=history.queue,
        caller_name=history.caller_name,
        started_at=history.started_at,
        answered_at=history.answered_at,
        ended_at=history.ended_at,
        duration_s=history.duration.total_seconds() if history.duration is not None else None,
        type=history.type,
        state=history.state,
        result=history.result,
        source=history.source,
        external_id=history.external_id,
        request_id=row.request_id if row else None,
        request=_request(row),
    )


def _request(row: store.CallRow | None) -> RequestTag | None:
    if row is None or row.request_id is None or row.request_number is None or row.request_title is None or row.request_status is None:
        return None
    return RequestTag(row.request_id, row.request_number, row.request_title, row.request_status)


def _activity(change: _Change) -> Activity:
    part, agent = change.part, change.agent
    return Activity(
        id=change.activity_id,
        interaction_id=change.interaction.id,
        kind=part.kind,
        call_type=part.call_type,
        agent_id=agent.id if agent else None,
        agent_name=agent.name if agent else None,
        team_name=agent.team_name if agent else None,
        extension=part.extension,
        started_at=part.started_at,
        answered_at=part.answered_at,
        ended_at=part.ended_at,
        duration_s=part.duration.total_seconds() if part.duration is not None else None,
        outcome=part.outcome,
        media_type="voice",
    )


def _leg(change: _Change, activity: Activity) -> desk.Leg:
    part, agent = change.part, change.agent
    if agent is None:
        raise ValueError("a leg without an agent is on no desk")
    state = "wrap_up" if part.state == "ended" else "ringing" if part.state == "offered" else part.state
    since = {"ringing": part.started_at, "wrap_up": part.ended_at}.get(state) or part.answered_at or part.started_at
    return desk.Leg(
        user_id=agent.id,
        state=state,
        since=since,
        activity=activity,
        interaction=change.interaction,
        customer=change.choice.customer,
        candidates=change.choice.candidates,
        known=change.shown,
    )


def _last_agent(history: CallHistory, crew: Mapping[str, store.AgentAtExtension]) -> str | None:
    answered = [part for part in history.parts if part.kind == "agent" and part.answered_at and part.key in crew]
    return crew[answered[-1].key].name if answered else None
