"""Which request an interaction is about: choices of agents, changes by supervisors, moves and their undoing (product.md 2.3, 2.5, 3.7)."""

from uuid import UUID

from msgspec import UNSET, structs

from ringdesk.features import audit, interactions
from ringdesk.features.interactions import Activity, Interaction
from ringdesk.features.people import Actor
from ringdesk.features.requests import rules, service, store, tagging_store
from ringdesk.features.requests.errors import ChoiceStands, MovedSince, RequestClosed
from ringdesk.features.requests.schemas import ChoiceRecord, Move, Moved, MoveRecord, NewRequest, Request, Tagging
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.fields import says_something
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import FieldErrors, NotFound

REPAIR = "requests:repair"


async def open_request(db: Database, actor: Actor, new: NewRequest, *, region: str) -> Request:
    """Open a request, and tag its interaction with it. Raises InvalidFields with every error."""
    async with db.transaction() as uow:
        request = await service.open_within(uow, actor, new, region=region)
        if new.interaction_id:
            interaction = await _held(uow, new.interaction_id)
            if interaction.customer_id is None:
                interaction = await interactions.link(uow, actor, interaction.id, request.customer_id)
            await _choose(uow, actor, interaction, request.id, "")
        return request


@interactions.request_chosen.subscribe
async def follow_choice(uow: UnitOfWork, fact: interactions.RequestChosen) -> None:
    """Somebody chose a request for an interaction. Raises InvalidFields, RequestClosed."""
    await _choose(uow, fact.actor, await _held(uow, fact.interaction_id), fact.request_id, fact.reason)


@interactions.linked.subscribe
async def follow_link(uow: UnitOfWork, fact: interactions.Linked) -> None:
    """An interaction got another customer: a request that was opened in it and has no other goes along; else it loses its request.

    It finds it again when it comes back: choices stay.
    """
    tagged = fact.interaction.request_id
    if fact.previous_id and tagged and await store.belongs_to_one(uow, tagged, fact.interaction.id):
        request = service.found(await store.get_for_change(uow, tagged))
        await service.give_to(uow, None, request, fact.customer_id)
    await _settle(uow, None, fact.interaction, "")


async def move(db: Database, actor: Actor, interaction_id: UUID, to: Move, *, region: str) -> Moved:
    """Move an interaction to a request, to none, or to another customer (product.md 3.7); it can be undone.

    Raises NotFound, InvalidFields, RequestClosed. `region`: where numbers in the fields of a new request are read.
    """
    errors = FieldErrors()
    if (to.request_id is not UNSET) + (to.new_request is not None) + (to.customer_id is not None) != 1:
        errors.add("request_id", "one_target", "Name one target: request_id, new_request or customer_id.")
    errors.raise_if_any()
    async with db.transaction() as uow:
        before = await _held(uow, interaction_id)
        opened: Request | None = None
        choice: UUID | None = None
        if to.customer_id:
            await _refuse_closed(uow, actor, before.request_id or None, to.reason)
            await interactions.link(uow, actor, interaction_id, to.customer_id)
            target = None
        else:
            if to.new_request:
                new = structs.replace(to.new_request, interaction_id=interaction_id)
                opened = await service.open_within(uow, actor, new, region=region)
            target = opened.id if opened else to.request_id if to.request_id is not UNSET else None
            choice = await _choose(uow, actor, before, target, to.reason, moving=True)
        after = await _held(uow, interaction_id)
        if not to.customer_id and after.request_id != target:
            raise await _who_stands(uow, after)
        made = MoveRecord(
            id=new_id(),
            interaction_id=interaction_id,
            from_customer=before.customer_id,
            to_customer=after.customer_id,
            from_request=before.request_id or None,
            to_request=after.request_id or None,
            reason=to.reason.strip(),
            by_name=actor.name,
            at=clock.now(),
            undone_at=None,
            undone_by=None,
        )
        await tagging_store.add_move(uow, made, choice, actor.id)
        return Moved(await interactions.complete(uow, interaction_id), made, opened)


async def undo(db: Database, actor: Actor, interaction_id: UUID, move_id: UUID) -> Moved:
    """Take a move back; a second time changes nothing. Raises NotFound, MovedSince, RequestClosed."""
    async with db.transaction() as uow:
        now = await _held(uow, interaction_id)
        moves = await tagging_store.moves_of(uow, interaction_id)
        made = next((one for one in moves if one.id == move_id), None)
        if made is None:
            raise NotFound("This interaction was not moved so.")
        if made.undone_at is None:
            if (now.customer_id, now.request_id or None) != (made.to_customer, made.to_request):
                raise MovedSince("It went on from there; take back what came later first.")
            await _refuse_closed(uow, actor, made.to_request, made.reason)
            await _refuse_closed(uow, actor, made.from_request, made.reason)
            await tagging_store.withdraw(uow, move_id, actor.name, clock.now())
            if made.from_customer and made.from_customer != made.to_customer:
                await interactions.link(uow, actor, interaction_id, made.from_customer)
            else:
                await _settle(uow, actor, now, "")
        fresh = next(one for one in await tagging_store.moves_of(uow, interaction_id) if one.id == move_id)
        return Moved(await interactions.complete(uow, interaction_id), fresh, None)


async def history(db: Database, interaction_id: UUID) -> Tagging:
    """How an interaction came to its request and its customer. Raises NotFound."""
    async with db.transaction() as uow:
        interaction = await interactions.get(uow, interaction_id)
        if interaction is None:
            raise NotFound("No interaction has this id.")
        records = await tagging_store.choices_of(uow, interaction_id)
        counting = await _standing(uow, interaction)
        choices = [structs.replace(one, stands=counting is not None and one.id == counting.id) for one in records]
        return Tagging(choices, await tagging_store.moves_of(uow, interaction_id))


async def choose_for_leg(uow: UnitOfWork, agent: Actor, interaction: Interaction, request_id: UUID) -> None:
    """Tag an interaction with a request that was opened for it just now, as the choice of the agent who took it up."""
    await _choose(uow, agent, interaction, request_id, "")


async def _choose(
    uow: UnitOfWork, actor: Actor, interaction: Interaction, request_id: UUID | None, reason: str, *, moving: bool = False
) -> UUID | None:
    """Write a choice and let the one that counts take effect; its id, None where it changes nothing."""
    if request_id == (interaction.request_id or None) and (moving or request_id is None):
        return None
    await _check_target(uow, actor, interaction, request_id, reason)
    await _refuse_closed(uow, actor, interaction.request_id or None, reason)
    overriding, leg = await _standpoint(uow, actor, interaction, moving=moving)
    choice = ChoiceRecord(
        id=new_id(),
        leg_id=leg.id if leg else None,
        request_id=request_id,
        overriding=overriding,
        by_name=actor.name,
        reason=reason.strip(),
        at=clock.now(),
        withdrawn_at=None,
    )
    await tagging_store.add_choice(uow, choice, interaction.id, actor.id)
    await _settle(uow, actor, interaction, reason)
    return choice.id


async def _settle(uow: UnitOfWork, actor: Actor | None, interaction: Interaction, reason: str) -> None:
    """Tag the interaction with the request of the choice that counts."""
    counting = await _standing(uow, interaction)
    before, after = interaction.request_id or None, counting.request_id if counting else None
    if after == before:
        return
    await interactions.set_request(uow, interaction, after)
    for request_id in (before, after):
        if request_id:
            await store.touch(uow, request_id)
    was, will_be = {"request_id": before}, {"request_id": after, "reason": reason.strip()} if reason.strip() else {"request_id": after}
    await audit.write(uow, actor, "interaction.tagged", "interaction", interaction.id, was, will_be)


async def _standing(uow: UnitOfWork, interaction: Interaction) -> rules.Choice | None:
    records = [one for one in await tagging_store.choices_of(uow, interaction.id) if one.withdrawn_at is None]
    if not records:
        # Most interactions are about no request: every link of one comes by here.
        return None
    owners = await store.customers_of(uow, [one.request_id for one in records if one.request_id])
    current = await interactions.get(uow, interaction.id)
    began = {leg.id: leg.started_at for leg in await _legs(uow, interaction)}
    return rules.standing(
        [
            rules.Choice(
                one.id,
                one.request_id,
                (began[one.leg_id], one.leg_id) if one.leg_id and one.leg_id in began else None,
                one.overriding,
            )
            for one in records
            # A request of another customer says nothing about this interaction any more.
            if one.request_id is None or (current and owners.get(one.request_id) == current.customer_id)
        ]
    )


async def _standpoint(uow: UnitOfWork, actor: Actor, interaction: Interaction, *, moving: bool) -> tuple[bool, Activity | None]:
    """Whether a choice overrides, and the leg for which it is made: the actor's last one; for others the last of all.

    A move after the end is done to the interaction as a whole: it counts for its last leg (ADR 8).
    """
    legs = await _legs(uow, interaction)
    own = [leg for leg in legs if leg.agent_id and leg.agent_id == actor.id]
    if own and not (moving and interaction.state == "ended"):
        return False, own[-1]
    return "supervisor" in actor.roles, legs[-1] if legs else None


async def _who_stands(uow: UnitOfWork, interaction: Interaction) -> ChoiceStands:
    counting = await _standing(uow, interaction)
    records = await tagging_store.choices_of(uow, interaction.id)
    by = next((one.by_name for one in records if counting and one.id == counting.id), "Somebody")
    return ChoiceStands(f"{by} chose another request, and that choice stands. A supervisor can change it.")


async def _legs(uow: UnitOfWork, interaction: Interaction) -> list[Activity]:
    whole = await interactions.complete(uow, interaction.id)
    return [one for one in whole.activities or [] if one.kind == "agent"]


async def _check_target(uow: UnitOfWork, actor: Actor, interaction: Interaction, request_id: UUID | None, reason: str) -> None:
    if request_id is None:
        return
    errors = FieldErrors()
    request = await store.get_for_change(uow, request_id)
    if request is None:
        errors.add("request_id", "unknown_request", "No request has this id.")
    elif interaction.customer_id is None:
        errors.add("request_id", "no_customer", "Nobody knows yet who this is. Link the interaction to a customer first.")
    elif request.customer_id != interaction.customer_id:
        errors.add("request_id", "other_customer", f"This is a request of {request.customer_name}. Move the interaction to them first.")
    errors.raise_if_any()
    _refuse_if_closed(actor, request, reason)


async def _refuse_closed(uow: UnitOfWork, actor: Actor, request_id: UUID | None, reason: str) -> None:
    """Like `_refuse_if_closed`, for the request of this id."""
    if request_id:
        _refuse_if_closed(actor, await store.get_for_change(uow, request_id), reason)


def _refuse_if_closed(actor: Actor, request: Request | None, reason: str) -> None:
    """Nothing goes into or out of a closed request, except by a supervisor with a reason (product.md 3.7)."""
    if request is None or request.status == "active":
        return
    if REPAIR not in actor.rights:
        raise RequestClosed(f"REQ-{request.number} is closed. Choose an active request, or ask a supervisor.")
    if not says_something(reason):
        raise RequestClosed(f"REQ-{request.number} is closed. Say why it has to change, and it will be done.", extra={"needs": "reason"})


async def _held(uow: UnitOfWork, interaction_id: UUID) -> Interaction:
    if interaction := await interactions.get_for_change(uow, interaction_id):
        return interaction
    raise NotFound("No interaction has this id.")
