"""Conversations that an agent begins, accepts and ends at the desk, where no telephone system does (product.md 4.2, 4.4; docs/adr/0019)."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import structs

from ringdesk.features import customers, interactions, people, requests
from ringdesk.features.desk import service, store, taking
from ringdesk.features.desk.errors import CannotAccept, NotByHand
from ringdesk.features.desk.schemas import CallView, EndDeskInteraction, NewDeskInteraction
from ringdesk.features.desk.store import DeskCall
from ringdesk.features.interactions import Activity, Interaction, RequestChosen
from ringdesk.features.people import Actor
from ringdesk.kit import clock, ids, phones
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.problems import FieldErrors, Forbidden, NotFound

SOURCE = "desk"
"""The source system of what agents begin here."""
DIAL = "telephony:dial"
# Nobody talks to one customer for longer than a shift: who went home without ending it is helped.
LONGEST = timedelta(hours=12)


async def begin(db: Database, actor: Actor, new: NewDeskInteraction, *, region: str) -> CallView:
    """The agent gets in touch with a customer on a channel. Raises NotFound, Forbidden, InvalidFields, and what the request refuses.

    `region` (ISO 3166) is where a number without a country code is read.
    """
    user_id = service.person(actor)
    if new.channel == "voice" and DIAL not in actor.rights:
        raise Forbidden("Placing a call needs the role of an agent or supervisor. An administrator can give it.")
    errors = FieldErrors()
    address = _address(new, region, errors)
    errors.raise_if_any()
    async with db.transaction() as uow:
        customer = await customers.summary(uow, new.customer_id)
        if customer is None:
            raise NotFound("No customer has this id; search for the customer in the list.")
        at = clock.now()
        interaction = Interaction(
            id=ids.id_at(at),
            customer_id=customer.id,
            candidates=[],
            channel=new.channel,
            direction="outbound",
            ani=address,
            dnis=None,
            queue=None,
            caller_name=None,
            started_at=at,
            answered_at=at,
            ended_at=None,
            duration_s=None,
            type="agent",
            state="in_progress",
            result=None,
            source=SOURCE,
            external_id=None,
        )
        await interactions.put_interaction(uow, interaction)
        await _put_leg(uow, actor, interaction, at, "outbound")
        await interactions.note_contact(uow, interaction, actor.name)
        if new.request_id:
            # Told once, with its request: whoever hears of it first sees what it is about.
            await interactions.request_chosen.send(uow, RequestChosen(actor, interaction.id, new.request_id, ""))
        return await _on_desk(uow, user_id, interaction.id, at, region)


async def accept(db: Database, actor: Actor, interaction_id: UUID, *, region: str) -> CallView:
    """The agent takes a digital conversation that goes on now; a second time changes nothing. Raises NotFound, CannotAccept."""
    user_id = service.person(actor)
    async with db.transaction() as uow:
        interaction = await interactions.get_for_change(uow, interaction_id)
        if interaction is None:
            raise NotFound("No interaction has this id.")
        if interaction.channel == "voice" or interaction.state == "ended":
            raise CannotAccept(
                "Only a conversation on a digital channel that still goes on can be accepted; calls are answered by telephone."
            )
        calls = await (await store.ask_for_calls(uow, interaction_id)).all()
        own = next((call for call in calls if call.user_id == user_id and call.state != "wrap_up"), None)
        if own and (shown := await service.view(uow, own, region)):
            return shown
        if others := [call for call in calls if call.user_id != user_id and call.state not in ("ringing", "wrap_up")]:
            await _refuse_to_take_over(uow, actor, others[0])
        at = clock.now()
        if interaction.answered_at is None:
            interaction = structs.replace(interaction, answered_at=at)
            await interactions.put_interaction(uow, interaction)
        await _put_leg(uow, actor, interaction, at, None)
        return await _on_desk(uow, user_id, interaction_id, at, region)


async def _refuse_to_take_over(uow: UnitOfWork, actor: Actor, held: DeskCall) -> None:
    """A colleague has the conversation: who answers for the history may step in, others may not. Raises CannotAccept."""
    if "requests:repair" in actor.rights:
        return
    leg = await interactions.get_activity(uow, held.activity_id)
    name = (leg.agent_name if leg else None) or "A colleague"
    raise CannotAccept(f"{name} has this conversation. Ask them to end it, or a supervisor to step in.")


async def end(db: Database, actor: Actor, activity_id: UUID, given: EndDeskInteraction) -> None:
    """The agent ends a conversation that was begun or accepted at the desk. Raises NotFound, NotByHand."""
    async with db.transaction() as uow:
        call = await service.own_call(uow, actor, activity_id)
        if call.state == "wrap_up":
            raise NotFound("This conversation is not on your desk any more.")
        if not call.by_hand:
            raise NotByHand("This call ends at the telephone.")
        await end_within(uow, call, clock.now(), reached=given.reached)


async def end_within(uow: UnitOfWork, call: DeskCall, at: datetime, *, reached: bool) -> None:
    """End a conversation that was handled by hand: its leg, and the whole when it was begun here; its wrap-up time begins."""
    leg, interaction = await interactions.get_activity(uow, call.activity_id), await interactions.get(uow, call.interaction_id)
    if leg is None or interaction is None:
        raise NotFound("This conversation is not there any more.")
    reached = reached or interaction.source != SOURCE
    leg = structs.replace(
        leg,
        ended_at=at,
        answered_at=leg.answered_at if reached else None,
        duration_s=(at - leg.answered_at).total_seconds() if reached and leg.answered_at else 0.0,
        outcome="answered" if reached else "no_answer",
    )
    await interactions.put_activity(uow, leg)
    if interaction.source == SOURCE:
        interaction = structs.replace(
            interaction,
            ended_at=at,
            state="ended",
            answered_at=interaction.answered_at if reached else None,
            result="answered" if reached else "no_answer",
            duration_s=(at - interaction.started_at).total_seconds(),
        )
        await interactions.put_interaction(uow, interaction)
        interactions.interaction_changed(uow, interaction)
    interactions.activity_changed(uow, leg, interaction.customer_id)
    seconds = await people.wrap_up_seconds(uow, call.user_id)
    if seconds == 0:
        await service.take_off(uow, call.user_id, leg, "ended")
        await interactions.finish_leg(uow, leg.id)
        return
    interaction = await interactions.get_with_request(uow, interaction.id) or interaction
    customer = await customers.summary(uow, interaction.customer_id) if interaction.customer_id else None
    shown = service.Leg(
        user_id=call.user_id,
        state="wrap_up",
        since=at,
        activity=leg,
        interaction=interaction,
        customer=customer,
        candidates=[],
        known=call,
    )
    await service.show(uow, shown, wrap_up_seconds=seconds)


async def end_forgotten(db: Database) -> None:
    """End what agents began at their desks and left running for longer than anybody talks."""
    async with db.transaction() as uow:
        forgotten = await store.by_hand_since_before(uow, clock.now() - LONGEST)
    for lost in forgotten:
        async with db.transaction() as uow:
            call = await service.held_call(uow, lost.activity_id)
            if call and call.state != "wrap_up":
                await end_within(uow, call, clock.now(), reached=True)


async def _put_leg(uow: UnitOfWork, actor: Actor, interaction: Interaction, at: datetime, call_type: interactions.CallType | None) -> None:
    leg = Activity(
        id=ids.id_after(interaction.id, at),
        interaction_id=interaction.id,
        kind="agent",
        call_type=call_type,
        agent_id=actor.id,
        agent_name=actor.name,
        team_name=actor.team_name,
        extension=actor.extension,
        started_at=at,
        answered_at=at,
        ended_at=None,
        duration_s=None,
        outcome=None,
        media_type=interaction.channel,
    )
    await interactions.put_activity(uow, leg)


async def _on_desk(uow: UnitOfWork, user_id: UUID, interaction_id: UUID, at: datetime, region: str) -> CallView:
    """Put the agent's newest leg of a conversation on the desk, tell of it, and act as the policy of its channel says."""
    whole = await interactions.complete(uow, interaction_id)
    legs = [one for one in whole.activities or [] if one.agent_id == user_id and one.kind == "agent"]
    interactions.interaction_changed(uow, whole)
    customer = await customers.summary(uow, whole.customer_id) if whole.customer_id else None
    leg = service.Leg(
        user_id=user_id,
        state="talking",
        since=at,
        activity=legs[-1],
        interaction=whole,
        customer=customer,
        candidates=await service.candidates_of(uow, whole, region),
        by_hand=True,
    )
    await service.show(uow, leg)
    if policy := await requests.policy_for(uow, whole.channel):
        await taking.take_up(uow, leg, policy)
    call = await store.call_of(uow, leg.activity.id)
    shown = await service.view(uow, call, region) if call else None
    if shown is None:
        raise NotFound("This conversation is not there any more.")
    return shown


def _address(new: NewDeskInteraction, region: str, errors: FieldErrors) -> str | None:
    """The customer's address as interactions keep it."""
    address = " ".join((new.address or "").split())
    kind = interactions.kind_of_address(new.channel)
    if not address:
        if new.channel in {"voice", "sms"}:
            errors.add("address", "required", "Say which number of the customer you use.")
        return None
    if kind != "phone":
        return address.lower()
    try:
        return phones.normalise(address, region).normalised
    except phones.PhoneError as wrong:
        errors.add("address", "invalid_format", str(wrong))
        return None
