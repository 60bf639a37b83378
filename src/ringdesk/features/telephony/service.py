"""From facts to rows, events and pops: one transaction for each call that a batch of facts speaks of."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import psycopg
import structlog
from msgspec import Struct

from ringdesk.features import customers, desk, interactions
from ringdesk.features.interactions import Activity, Interaction
from ringdesk.features.telephony import rules, store
from ringdesk.features.telephony.facts import CallFact, Fact, LinkLost, LinkRestored, Resynced
from ringdesk.features.telephony.history import CallHistory, Part
from ringdesk.features.telephony.matching import Choice, choose
from ringdesk.kit import clock, ids, phones
from ringdesk.kit.db import Answer, Database, UnitOfWork
from ringdesk.kit.telemetry import FACTS, SET_ASIDE

log = structlog.get_logger(__name__)

# A call that ended longer ago than this is brought in, not going on: nobody waits for its outcome at the desk.
TOLD_LATE = timedelta(seconds=30)
_ON_DESK = {"ringing", "talking", "hold"}


class Stored(Struct, frozen=True):
    """What became of the facts of one call: its interaction, and whom it belongs or may belong to."""

    interaction_id: UUID
    customer_ids: list[UUID]


class Telephony:
    """Takes facts from every telephone system. `region`: where numbers without a country code are read."""

    def __init__(self, db: Database, *, region: str) -> None:
        self._db = db
        self._region = region

    async def take(self, facts: Sequence[Fact]) -> list[Stored]:
        """Store what these facts say, call by call in their order; each call is safe when this returns."""
        stored: list[Stored] = []
        batch: list[CallFact] = []
        for fact in facts:
            if isinstance(fact, LinkLost | LinkRestored | Resynced):
                stored += await self._take_calls(batch)
                batch = []
                await self._take_link(fact)
            else:
                batch.append(fact)
        return stored + await self._take_calls(batch)

    async def _take_calls(self, facts: Sequence[CallFact]) -> list[Stored]:
        by_call: dict[tuple[str, str], list[CallFact]] = {}
        for fact in facts:
            by_call.setdefault((fact.source, fact.call_id), []).append(fact)
        stored: list[Stored] = []
        for said in by_call.values():
            try:
                async with self._db.transaction() as uow:
                    stored.append(await self.take_call(uow, said))
            except (ValueError, msgspec.ValidationError, psycopg.DataError, psycopg.IntegrityError):
                # What can never be stored must not hold up the calls behind it; its facts stay readable in the log.
                SET_ASIDE.labels(said[0].source).inc(len(said))
                log.exception("telephony_facts_set_aside", facts=msgspec.to_builtins(said))
        return stored

    async def take_call(self, uow: UnitOfWork, facts: Sequence[CallFact], agents: list[store.AgentAtExtension] | None = None) -> Stored:
        """Store facts of one call, at least one, inside the caller's transaction; `agents`: who is at the extensions in them, if known."""
        for fact in facts:
            FACTS.labels(fact.source, type(fact).__name__).inc()
        asked = await self._ask(uow, facts, agents)
        row = await asked.row.one()
        before = msgspec.json.decode(row.state, type=rules.Call) if row else None
        after = rules.apply(before, facts[0])
        for fact in facts[1:]:
            after = rules.apply(after, fact)
        return await self._write(uow, _Held(row, before, asked), after)

    async def _ask(self, uow: UnitOfWork, facts: Sequence[CallFact], agents: list[store.AgentAtExtension] | None) -> "_Asked":
        """Ask at once for what these facts will probably need: the call, the agents, whose number it is."""
        extensions = sorted({extension for fact in facts if (extension := getattr(fact, "extension", None))})
        ani = next((ani for fact in facts if (ani := getattr(fact, "ani", None))), None)
        row = await store.hold_call(uow, facts[0].source, facts[0].call_id)
        found = await store.agents_at(uow, extensions) if agents is None else None
        matches = await customers.find_by_phone(uow, ani, self._region) if ani else []
        return _Asked(row, extensions, await found.all() if found else agents or [], ani, matches)

    async def _take_link(self, fact: LinkLost | LinkRestored | Resynced) -> None:
        log.info("telephony_link", source=fact.source, fact=type(fact).__name__)
        if not isinstance(fact, Resynced):
            return
        async with self._db.transaction() as uow:
            open_calls = await store.open_calls(uow, fact.source)
        for call_id in open_calls:
            async with self._db.transaction() as uow:
                row = await (await store.hold_call(uow, fact.source, call_id)).one()
                if row:
                    before = msgspec.json.decode(row.state, type=rules.Call)
                    await self._write(uow, _Held(row, before, None), rules.reconcile(before, fact))

    async def _write(self, uow: UnitOfWork, held: "_Held", after: rules.Call) -> Stored:
        row, before = held.row, held.before
        old = rules.history(before) if before else None
        new = rules.history(after)
        if row and old == new:
            if before != after:
                await self._keep(uow, row.interaction_id, row.legs, after, new)
            return Stored(row.interaction_id, [row.customer_id] if row.customer_id else row.candidates)
        agents = await self._agents(uow, held.asked, {part.extension for part in new.parts if part.extension})
        choice = await self._choice(uow, held, old, new)
        interaction = _interaction(row.interaction_id if row else ids.id_at(_past(new.started_at)), new, choice, self._ani(new))
        await interactions.put_interaction(uow, interaction)
        if row and (interaction.customer_id, interaction.candidates) != (row.customer_id, row.candidates):
            await interactions.set_candidates(uow, interaction.id, interaction.customer_id, interaction.candidates)
        if old is None or _header(old) != _header(new):
            interactions.interaction_changed(uow, interaction)
        legs = dict(row.legs) if row else {}
        known = {part.key: part for part in old.parts} if old else {}
        for part in new.parts:
            was = known.pop(part.key, None)
            if part != was:
                legs.setdefault(part.key, ids.id_after(interaction.id, _past(part.started_at)))
                await self._write_part(uow, _Change(interaction, choice, legs[part.key], was, part, agents.get(part.extension or "")), new)
        for gone in known:
            activity_id = legs.pop(gone)
            await interactions.drop_activity(uow, activity_id)
            interactions.activity_removed(uow, activity_id, interaction.id, interaction.customer_id)
        await self._keep(uow, interaction.id, legs, after, new)
        if new.state == "ended" and (old is None or old.state != "ended"):
            await interactions.note_contact(uow, interaction, _last_agent(new, agents))
        return Stored(interaction.id, [interaction.customer_id] if interaction.customer_id else interaction.candidates)

    async def _agents(self, uow: UnitOfWork, asked: "_Asked | None", extensions: set[str]) -> dict[str, store.AgentAtExtension]:
        known = asked.agents if asked and extensions <= set(asked.extensions) else None
        if known is None:
            known = await (await store.agents_at(uow, sorted(extensions))).all()
        return {agent.extension: agent for agent in known}

    async def _choice(self, uow: UnitOfWork, held: "_Held", old: CallHistory | None, new: CallHistory) -> Choice:
        row, asked = held.row, held.asked
        if row and row.customer_id:
            return Choice(await customers.summary(uow, row.customer_id))
        if not new.ani:
            return Choice(None)
        known = asked and asked.ani == new.ani
        matches = asked.matches if asked and known else await customers.find_by_phone(uow, new.ani, self._region)
        if old is None or old.ani != new.ani:
            return choose(matches)
        return Choice(None, [match for match in matches if row and match.customer.id in row.candidates])

    async def _write_part(self, uow: UnitOfWork, change: "_Change", history: CallHistory) -> None:
        part, agent = change.part, change.agent
        activity = _activity(change)
        await interactions.put_activity(uow, activity)
        interactions.activity_changed(uow, activity, change.interaction.customer_id)
        if agent is None or (change.was and change.was.state == part.state):
            return
        if part.state in _ON_DESK:
            if agent.logged_in or await desk.is_shown(uow, activity.id):
                await desk.show(uow, _leg(change, activity))
        elif part.state == "ended" and (await desk.is_shown(uow, activity.id) or (agent.logged_in and _just_talked(part))):
            if part.answered_at and part.ended_at and agent.wrap_up_seconds:
                await desk.show(uow, _leg(change, activity), wrap_up_seconds=agent.wrap_up_seconds)
            elif part.answered_at:
                await desk.take_off(uow, agent.id, activity, "ended")
            else:
                elsewhere = any(other.answered_at for other in history.parts if other.kind == "agent" and other.key != part.key)
                await desk.take_off(uow, agent.id, activity, "answered_elsewhere" if elsewhere else "missed")

    async def _keep(self, uow: UnitOfWork, interaction_id: UUID, legs: dict[str, UUID], call: rules.Call, history: CallHistory) -> None:
        await store.put_call(
            uow,
            call.source,
            call.call_id,
            interaction_id=interaction_id,
            state=msgspec.json.encode(call).decode(),
            legs=legs,
            ended_at=history.ended_at,
        )

    def _ani(self, history: CallHistory) -> str | None:
        if not history.ani:
            return None
        try:
            return phones.normalise(history.ani, self._region).normalised
        except phones.PhoneError:
            # A telephone system may say anything here ("anonymous"); it is kept as it was said.
            return history.ani


class _Asked(Struct, frozen=True):
    """What was asked for at once, and what for: the people at `extensions`, the matches of `ani`."""

    row: Answer[store.CallRow]
    extensions: list[str]
    agents: list[store.AgentAtExtension]
    ani: str | None
    matches: list[customers.Match]


class _Held(Struct, frozen=True):
    """The call as it is stored (None: not yet), and what was asked for beside it."""

    row: store.CallRow | None
    before: rules.Call | None
    asked: _Asked | None


class _Change(Struct, frozen=True):
    interaction: Interaction
    choice: Choice
    activity_id: UUID
    was: Part | None
    part: Part
    agent: store.AgentAtExtension | None


def _past(at: datetime) -> datetime:
    # A telephone system whose clock is ahead must not fill the months to come.
    return min(at, clock.now())


def _just_talked(part: Part) -> bool:
    # Ringing, answer and end may be told at once: the agent still has an outcome to give, unless the call is history.
    return bool(part.answered_at and part.ended_at and clock.now() - part.ended_at < TOLD_LATE)


def _header(history: CallHistory) -> CallHistory:
    return msgspec.structs.replace(history, parts=(), transfers=())


def _interaction(interaction_id: UUID, history: CallHistory, choice: Choice, ani: str | None) -> Interaction:
    return Interaction(
        id=interaction_id,
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
    )


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
    )


def _last_agent(history: CallHistory, agents: dict[str, store.AgentAtExtension]) -> str | None:
    answered = [part for part in history.parts if part.kind == "agent" and part.answered_at and part.extension in agents]
    return agents[answered[-1].extension or ""].name if answered else None
