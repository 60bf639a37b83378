"""What a desk does with the request when its agent takes up a conversation, and what becomes of that at the wrap-up (product.md 4.4)."""

from uuid import UUID

from ringdesk.features import customers, interactions, requests
from ringdesk.features.desk import service, store
from ringdesk.features.desk.errors import NoRequestToDiscard
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database, UnitOfWork


async def take_up(uow: UnitOfWork, leg: service.Leg, policy: requests.RequestPolicy) -> None:
    """An agent answered, accepted or opened what `leg` shows: act as its channel's policy says, and show that on the desk."""
    interaction = leg.interaction
    if interaction.customer_id is None or interaction.request_id:
        return
    agent = Actor(id=leg.user_id, name=leg.activity.agent_name or "", kind="user", rights=frozenset())
    taken = await requests.take_up(uow, policy, interaction, agent)
    if taken.opened is None and taken.proposed is None:
        return
    await store.mark_call(uow, leg.activity.id, opened=taken.opened, proposed=taken.proposed)
    if taken.proposed and (call := await store.call_of(uow, leg.activity.id)):
        await service.tell_again(uow, call)


@interactions.linked.subscribe
async def follow_link(uow: UnitOfWork, fact: interactions.Linked) -> None:
    """It turned out during the conversation whose it is: what would have happened at its beginning happens now."""
    if fact.previous_id is not None:
        return
    calls = [call for call in await (await store.ask_for_calls(uow, fact.interaction.id)).all() if call.state in {"talking", "hold"}]
    policy = await requests.policy_for(uow, fact.interaction.channel) if calls else None
    if policy is None:
        return
    call = calls[-1]
    activity, interaction = await interactions.get_activity(uow, call.activity_id), await interactions.get(uow, call.interaction_id)
    customer = await customers.summary(uow, fact.customer_id)
    if activity and interaction:
        leg = service.Leg(
            user_id=call.user_id,
            state="talking",
            since=call.since,
            activity=activity,
            interaction=interaction,
            customer=customer,
            candidates=[],
            known=call,
        )
        await take_up(uow, leg, policy)


@interactions.worked_on.subscribe
async def follow_work(uow: UnitOfWork, fact: interactions.WorkedOn) -> None:
    """Somebody commented or tagged: a request that was opened for the call is not unused any more."""
    for call in await (await store.ask_for_calls(uow, fact.interaction.id)).all():
        if call.opened_request and call.state == "wrap_up":
            await service.tell_again(uow, call)


@requests.edited.subscribe
async def follow_edit(uow: UnitOfWork, fact: requests.Edited) -> None:
    """Somebody wrote into a request: it is not unused any more."""
    for call in await store.calls_opening(uow, fact.request_id):
        if call.state == "wrap_up":
            await service.tell_again(uow, call)


async def discard_request(db: Database, actor: Actor, activity_id: UUID) -> None:
    """The agent discards the request that a policy opened for this call. Raises NotFound, NoRequestToDiscard, RequestUsed."""
    async with db.transaction() as uow:
        call = await service.own_call(uow, actor, activity_id)
        if call.opened_request is None:
            raise NoRequestToDiscard("No request was opened by itself for this conversation, or it was discarded already.")
        await requests.discard(uow, actor, call.opened_request)


async def decline_proposal(db: Database, actor: Actor, activity_id: UUID) -> None:
    """The conversation is not about the proposed request; a second time changes nothing. Raises NotFound."""
    async with db.transaction() as uow:
        call = await service.own_call(uow, actor, activity_id)
        if call.proposed_request:
            await store.mark_call(uow, activity_id, opened=call.opened_request, proposed=None)
            if fresh := await store.call_of(uow, activity_id):
                await service.tell_again(uow, fresh)
