"""Conversations whose agent's leg another system tells of: they come to the agent's desk and leave it, as calls do (product.md 4.4)."""

from ringdesk.features import customers, interactions, people, requests
from ringdesk.features.desk import service, store, taking
from ringdesk.features.interactions import Activity, Interaction
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.settings import load_settings


@interactions.leg_told.subscribe
async def follow_leg(uow: UnitOfWork, fact: interactions.LegTold) -> None:
    """Another system offered a conversation to an agent, or the agent accepted or ended it there.

    What is told of history (an interaction or a leg that has ended) comes to no desk.
    """
    interaction, leg = fact.interaction, fact.leg
    known = await store.call_of(uow, leg.id)
    if leg.ended_at or interaction.state == "ended":
        if known and known.state != "wrap_up":
            await _leave(uow, known, interaction, leg)
        return
    accepted = leg.answered_at is not None
    shown = await _leg(uow, known, interaction, leg, "talking" if accepted else "ringing")
    await service.show(uow, shown)
    if accepted and (fact.before is None or fact.before.answered_at is None) and (known is None or known.state == "ringing"):
        policy = await requests.policy_for(uow, interaction.channel)
        if policy:
            await taking.take_up(uow, shown, policy)


async def _leave(uow: UnitOfWork, known: store.DeskCall, interaction: Interaction, leg: Activity) -> None:
    seconds = await people.wrap_up_seconds(uow, known.user_id)
    if leg.answered_at and seconds:
        await service.show(uow, await _leg(uow, known, interaction, leg, "wrap_up"), wrap_up_seconds=seconds)
        return
    await service.take_off(uow, known.user_id, leg, "ended" if leg.answered_at else "missed")
    if leg.answered_at:
        await interactions.finish_leg(uow, leg.id)


async def _leg(
    uow: UnitOfWork, known: store.DeskCall | None, interaction: Interaction, leg: Activity, state: service.LegState
) -> service.Leg:
    assert leg.agent_id is not None
    since = {"ringing": leg.started_at, "wrap_up": leg.ended_at or interaction.ended_at}.get(state) or leg.answered_at or leg.started_at
    return service.Leg(
        user_id=leg.agent_id,
        state=state,
        since=since,
        activity=leg,
        interaction=interaction,
        customer=await customers.summary(uow, interaction.customer_id) if interaction.customer_id else None,
        candidates=await service.candidates_of(uow, interaction, load_settings().default_region),
        known=known,
    )
