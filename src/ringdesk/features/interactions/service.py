"""Use cases of interactions: read a journey, comment, wrap up, relink."""

from datetime import timedelta
from uuid import UUID

from msgspec import UNSET, structs

from ringdesk.features import audit, customers
from ringdesk.features.interactions import milestone_store, store
from ringdesk.features.interactions.errors import AlreadyLinked, WrapUpNotYours
from ringdesk.features.interactions.events import (
    Linked,
    RequestChosen,
    Tagged,
    WorkedOn,
    activity_changed,
    comment_added,
    interaction_changed,
    linked,
    request_chosen,
    tagged,
    worked_on,
    wrap_up_code_used,
)
from ringdesk.features.interactions.rules import LegWrapUp, checked_tags, inherited_codes, kind_of_address
from ringdesk.features.interactions.schemas import (
    Activity,
    Comment,
    Interaction,
    InteractionPatch,
    JourneyPage,
    NewWrapUp,
    Tags,
    WrapUp,
    WrapUpCode,
    WrapUpCodes,
)
from ringdesk.features.people import Actor, SwitchedOff
from ringdesk.kit import clock, ids
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.eventlog import newest_position
from ringdesk.kit.fields.base import TURNING
from ringdesk.kit.folding import fold
from ringdesk.kit.problems import FieldErrors, NotFound

# How far back the uses of wrap-up codes are counted: long enough to know an agent's habits, short enough to follow them.
USES_COUNTED_OVER = timedelta(days=30)
# Tags shown to choose from: what fits under a field without scrolling much.
TAGS_PROPOSED = 20


async def journey(db: Database, customer_id: UUID, wanted: store.JourneyFilter, limit: int) -> JourneyPage:
    """One page of a customer's journey. Raises NotFound for an unknown customer."""
    async with db.transaction() as uow:
        await uow.send("set transaction isolation level repeatable read")
        await store.plan_for_one_customer(uow)
        position = await newest_position(uow)
        card = await customers.summary(uow, customer_id)
        if card is None:
            raise NotFound("No customer has this id; search for the customer in the list.")
        found = await store.journey(uow, card.id, wanted, limit + 1)
        page = found[:limit]
        oldest = page[-1].id if len(found) > limit else None
        since, before = oldest and ids.id_time(oldest), wanted.before and ids.id_time(wanted.before)
        milestones = await milestone_store.milestones(uow, card.id, wanted, since=since, before=before, limit=limit)
        if len(milestones) >= limit:
            # More than a page of them: it ends with the last one, and so do its interactions.
            oldest = ids.first_id_at(milestones[-1].at)
            page = [one for one in page if one.id >= oldest]
        return JourneyPage(position, await _complete(uow, page), str(oldest) if oldest else None, milestones)


async def read(db: Database, interaction_id: UUID) -> Interaction:
    """One interaction, complete. Raises NotFound."""
    async with db.transaction() as uow:
        return (await _complete(uow, [await _get(uow, interaction_id)]))[0]


async def edit(db: Database, actor: Actor, interaction_id: UUID, patch: InteractionPatch) -> Interaction:
    """Link an interaction to a customer (product.md 3.6), choose its request (2.3), and return it complete. Raises NotFound.

    What is wrong with the request is raised by whoever knows requests. A team without the journey does so with the conversations that its
    agent was in, which calls need (docs/adr/0019): SwitchedOff for others.
    """
    async with db.transaction() as uow:
        if "journey" in actor.switched_off and not await store.was_in(uow, interaction_id, actor.id):
            raise SwitchedOff.of(actor.team_name, "journey")
        if patch.customer_id is not UNSET:
            await link(uow, actor, interaction_id, patch.customer_id)
        if patch.request_id is not UNSET:
            await request_chosen.send(uow, RequestChosen(actor, interaction_id, patch.request_id, patch.reason))
        return await complete(uow, interaction_id)


async def complete(uow: UnitOfWork, interaction_id: UUID) -> Interaction:
    """An interaction with its activities and its request, inside the caller's transaction. Raises NotFound."""
    return (await _complete(uow, [await _get(uow, interaction_id)]))[0]


async def get_with_request(uow: UnitOfWork, interaction_id: UUID) -> Interaction | None:
    """One interaction with its request, without its activities."""
    found = await store.get(uow, interaction_id)
    return await _with_request(uow, found) if found else None


async def _with_request(uow: UnitOfWork, interaction: Interaction) -> Interaction:
    tags = await store.request_tags(uow, [interaction.request_id] if interaction.request_id else [])
    return structs.replace(interaction, request=tags.get(interaction.request_id) if interaction.request_id else None)


async def set_request(uow: UnitOfWork, interaction: Interaction, request_id: UUID | None) -> Interaction:
    """Tag an interaction with a request, or with none, and tell whoever shows it."""
    await store.set_request(uow, interaction.id, request_id)
    after = await _with_request(uow, structs.replace(interaction, request_id=request_id))
    interaction_changed(uow, after)
    await tagged.send(uow, Tagged(after))
    return after


async def link(uow: UnitOfWork, actor: Actor | None, interaction_id: UUID, customer_id: UUID) -> Interaction:
    """Give an interaction to a customer, inside the caller's transaction; `actor` None: the system did, by its address.

    The customer learns the address that it came from, as unconfirmed (product.md 1.10), and whoever follows
    `events.linked` is told. Raises NotFound.
    """
    interaction = await store.get_for_change(uow, interaction_id)
    if interaction is None:
        raise NotFound("No interaction has this id.")
    if interaction.customer_id == customer_id:
        return interaction
    card = await customers.get(uow, customer_id)
    if card is None or card.archived_at:
        raise NotFound("No customer in use has this id; choose another one.")
    if interaction.customer_id == card.id:
        return interaction
    customer_id = card.id
    interaction = await _with_request(uow, interaction)
    now_linked = structs.replace(interaction, customer_id=customer_id)
    await store.set_customer(uow, interaction_id, customer_id)
    await audit.write(
        uow,
        actor,
        "interaction.linked",
        "interaction",
        interaction_id,
        {"customer_id": interaction.customer_id},
        {"customer_id": customer_id},
    )
    await note_contact(uow, now_linked, actor.name if actor else None)
    if interaction.customer_id:
        await _forget_contact(uow, interaction, actor)
    interaction_changed(uow, now_linked, also=interaction.customer_id)
    await linked.send(uow, Linked(now_linked, customer_id, interaction.customer_id))
    return now_linked


async def _forget_contact(uow: UnitOfWork, taken: Interaction, actor: Actor | None) -> None:
    """An interaction was taken from a customer whose it never was: what it left on the card goes with it, unless others say the same."""
    if taken.customer_id is None:
        return
    await customers.set_last_contact(uow, taken.customer_id, await store.last_contact(uow, taken.customer_id), actor)
    if taken.ani and not await store.was_in_touch_from(uow, taken.customer_id, taken.ani):
        await customers.drop_unconfirmed_identity(uow, taken.customer_id, _kind_of_address(taken), taken.ani, actor=actor)


def _kind_of_address(interaction: Interaction) -> customers.IdentityKind:
    return kind_of_address(interaction.channel)


async def note_contact(uow: UnitOfWork, interaction: Interaction, agent_name: str | None) -> None:
    """The linked customer was in touch: last contact follows, and an address that its card lacks is added (product.md 1.10)."""
    if interaction.customer_id is None:
        return
    await customers.touch(uow, interaction.customer_id, interaction.started_at, interaction.channel, agent_name)
    if interaction.ani:
        await customers.add_unconfirmed_identity(uow, interaction.customer_id, _kind_of_address(interaction), interaction.ani)


@customers.created.subscribe
async def adopt_unknown(uow: UnitOfWork, fact: customers.Created) -> None:
    """A card was created: it takes the interaction that it was created for, and the unknown ones from its addresses (4.5)."""
    addresses = list(fact.addresses)
    if fact.link_interaction:
        held = await store.get_for_change(uow, fact.link_interaction)
        if held and held.customer_id:
            # Sent twice, or a colleague was quicker: a second card of the same person helps nobody.
            raise AlreadyLinked("Somebody linked this call to a customer meanwhile. Open that card; link the call anew if it is another's.")
        if held and held.ani and (kind := _kind_of_address(held)) in ("chat", "social"):
            # No field of the form shows it, and the card was made for whoever writes from there: it is as sure as a number that is.
            await customers.add_known_identity(uow, fact.customer_id, kind, held.ani, actor=fact.actor)
            addresses.append(held.ani)
        await link(uow, fact.actor, fact.link_interaction, fact.customer_id)
    for interaction_id in await store.unknown_from(uow, addresses, fact.customer_id):
        await link(uow, None, interaction_id, fact.customer_id)


@customers.imported.subscribe
async def adopt_imported(uow: UnitOfWork, fact: customers.Imported) -> None:
    """Cards came from a file: each takes the unknown interactions from its addresses, as a card that is created by hand does (4.5)."""
    for interaction_id, customer_id in await store.unknown_from_relation(uow, fact.addresses):
        await link(uow, None, interaction_id, customer_id)


@customers.releasing.subscribe
async def give_back(uow: UnitOfWork, fact: customers.Releasing) -> None:
    """An import is undone: the interactions that its customers took over by their addresses belong to nobody again, as before it."""
    for interaction_id in await store.taken_over(uow, fact.customer_ids):
        held = await store.get_for_change(uow, interaction_id)
        if held is None or held.customer_id is None:
            continue
        await store.unlink(uow, interaction_id)
        was = {"customer_id": held.customer_id}
        await audit.write(uow, None, "interaction.unlinked", "interaction", interaction_id, was, {"customer_id": None})
        await customers.set_last_contact(uow, held.customer_id, None, None)
        interaction_changed(uow, structs.replace(held, customer_id=None), also=held.customer_id)


@customers.reachable.subscribe
async def adopt_reachable(uow: UnitOfWork, fact: customers.Reachable) -> None:
    """A card got an address: it takes the unknown interactions from there (4.5)."""
    for interaction_id in await store.unknown_from(uow, fact.addresses, fact.customer_id):
        await link(uow, None, interaction_id, fact.customer_id)


async def comment(db: Database, actor: Actor, activity_id: UUID, text: str) -> Comment:
    """Write a comment on an activity, for ever (product.md 3.5). Raises NotFound, InvalidFields."""
    async with db.transaction() as uow:
        return await comment_within(uow, actor, activity_id, text)


async def comment_within(uow: UnitOfWork, actor: Actor, activity_id: UUID, text: str) -> Comment:
    """Like `comment`, inside the caller's transaction."""
    said = text.translate(TURNING).strip()
    errors = FieldErrors()
    if not said:
        errors.add("text", "empty", "Write something before you save the comment.")
    errors.raise_if_any()
    activity = await _activity(uow, activity_id)
    interaction = await _get(uow, activity.interaction_id)
    written = Comment(ids.new_id(), said, actor.name, clock.now())
    await store.add_comment(uow, activity, written, actor.id)
    comment_added(uow, activity, interaction.customer_id, written)
    await worked_on.send(uow, WorkedOn(interaction))
    return written


async def set_tags(db: Database, actor: Actor, activity_id: UUID, given: list[str]) -> Activity:
    """Give an activity these tags and no others; the activity complete. Raises NotFound, InvalidFields."""
    errors = FieldErrors()
    tags = checked_tags(given, errors)
    errors.raise_if_any()
    async with db.transaction() as uow:
        await store.hold(uow, (await _activity(uow, activity_id)).interaction_id)
        activity = await _activity(uow, activity_id)
        interaction = await _get(uow, activity.interaction_id)
        before = activity.tags or []
        if tags != before:
            had, has = {fold(tag) for tag in before}, {fold(tag) for tag in tags}
            await store.set_tags(uow, activity, tags)
            await store.count_tags(
                uow, added=[tag for tag in tags if fold(tag) not in had], removed=[tag for tag in before if fold(tag) not in has]
            )
            await audit.write(uow, actor, "activity.tagged", "activity", activity_id, {"tags": before}, {"tags": tags})
        [fresh] = [leg for leg in await store.activities_of(uow, [interaction]) if leg.id == activity_id]
        if tags != before:
            activity_changed(uow, fresh, interaction.customer_id)
            await worked_on.send(uow, WorkedOn(interaction))
        return fresh


async def tags_in_use(db: Database, begins: str) -> Tags:
    """The most used tags that begin with this text."""
    async with db.transaction() as uow:
        return Tags(await store.tags_in_use(uow, begins, TAGS_PROPOSED))


async def wrap_up(db: Database, actor: Actor, activity_id: UUID, given: NewWrapUp) -> Activity:
    """Give a leg its outcome; the leg complete. Raises NotFound, InvalidFields, WrapUpNotYours."""
    async with db.transaction() as uow:
        return await apply_wrap_up(uow, actor, activity_id, given)


async def apply_wrap_up(uow: UnitOfWork, actor: Actor, activity_id: UUID, given: NewWrapUp) -> Activity:
    """Like `wrap_up`, inside the caller's transaction. The last one applied counts; later legs may inherit it."""
    leg = await _activity(uow, activity_id)
    errors = FieldErrors()
    if leg.kind != "agent":
        errors.add("activity_id", "no_agent_leg", "Only an agent's leg takes a wrap-up; choose the leg, not the IVR part.")
    known = await store.codes_to_choose(uow, leg.agent_id, (await _get(uow, leg.interaction_id)).channel)
    if given.code not in known:
        errors.add("code", "unknown_code", f"Choose one of: {', '.join(known)}.")
    errors.raise_if_any()
    if actor.kind == "user" and leg.agent_id != actor.id and "supervisor" not in actor.roles:
        raise WrapUpNotYours(f"{leg.agent_name or 'Another agent'} handled this leg. A supervisor can change its wrap-up.")
    interaction = await store.get_for_change(uow, leg.interaction_id)
    if interaction is None:
        raise NotFound("No interaction has this id.")
    await store.add_wrap_up(
        uow, store.WrapUpRow(_key(interaction), leg, given.code, given.note, clock.now(), actor.id, actor.name, inherited=False)
    )
    if actor.id:
        wrap_up_code_used(uow, actor.id, given.code)
    await worked_on.send(uow, WorkedOn(interaction))
    return await _settle_inheritance(uow, interaction, leg.id)


async def finish_leg(uow: UnitOfWork, activity_id: UUID) -> Activity:
    """The wrap-up time of a leg is over; without an outcome of its own it inherits one (product.md 3.4). Raises NotFound."""
    leg = await _activity(uow, activity_id)
    interaction = await store.get_for_change(uow, leg.interaction_id)
    if interaction is None:
        raise NotFound("No interaction has this id.")
    await store.set_wrap_up_time(uow, activity_id, until=leg.wrap_up_until, finished_at=clock.now())
    return await _settle_inheritance(uow, interaction, activity_id)


async def wrap_up_codes(db: Database, actor: Actor) -> WrapUpCodes:
    """The codes to choose from, with this agent's uses of late."""
    async with db.transaction() as uow:
        return WrapUpCodes(await codes_for(uow, actor.id))


async def codes_for(uow: UnitOfWork, agent_id: UUID | None) -> list[WrapUpCode]:
    """Every code in its order, with this agent's uses of late, inside the caller's transaction."""
    return await store.wrap_up_codes(uow, agent_id, ids.first_id_at(clock.now() - USES_COUNTED_OVER))


async def _settle_inheritance(uow: UnitOfWork, interaction: Interaction, changed: UUID) -> Activity:
    """Bring the inherited outcomes in line with rules.inherited_codes and log what changed; the `changed` leg, complete."""
    legs = {leg.id: leg for leg in await store.activities_of(uow, [interaction]) if leg.kind == "agent"}
    seen = [_as_leg_wrap_up(leg) for leg in legs.values() if leg.answered_at or _own(leg)]
    wanted = inherited_codes(seen)
    rewritten: set[UUID] = set()
    for leg in seen:
        code, heir = wanted[leg.leg_id], legs[leg.leg_id]
        giver = _giver(seen, legs, leg) if code else None
        had = next((given for given in reversed(_given(heir)) if given.inherited), None)
        if (code, giver and giver.note) != (leg.inherited_code, had and had.note):
            rewritten.add(leg.leg_id)
            await store.drop_inherited(uow, heir)
            if code and giver:
                key = _key(interaction)
                await store.add_wrap_up(uow, store.WrapUpRow(key, heir, code, giver.note, clock.now(), None, giver.by_name, inherited=True))
    if rewritten:
        legs = {leg.id: leg for leg in await store.activities_of(uow, [interaction])}
    for leg_id in {changed, *rewritten}:
        activity_changed(uow, legs[leg_id], interaction.customer_id)
    return legs[changed]


def _key(interaction: Interaction) -> UUID:
    return ids.id_after(interaction.id, clock.now())


def _giver(seen: list[LegWrapUp], legs: dict[UUID, Activity], heir: LegWrapUp) -> WrapUp:
    earlier = [leg for leg in seen if leg.own_code and (leg.started_at, leg.leg_id) < (heir.started_at, heir.leg_id)]
    nearest = max(earlier, key=lambda leg: (leg.started_at, leg.leg_id))
    return _own(legs[nearest.leg_id])[-1]


def _as_leg_wrap_up(leg: Activity) -> LegWrapUp:
    own = _own(leg)
    inherited = [given.code for given in _given(leg) if given.inherited]
    return LegWrapUp(
        leg.id, leg.started_at, leg.finished_at is not None, own[-1].code if own else None, inherited[-1] if inherited else None
    )


def _given(leg: Activity) -> list[WrapUp]:
    return leg.wrap_ups if isinstance(leg.wrap_ups, list) else []


def _own(leg: Activity) -> list[WrapUp]:
    return [given for given in _given(leg) if not given.inherited]


async def _complete(uow: UnitOfWork, interactions: list[Interaction]) -> list[Interaction]:
    by_interaction: dict[UUID, list[Activity]] = {item.id: [] for item in interactions}
    for activity in await store.activities_of(uow, interactions):
        by_interaction[activity.interaction_id].append(activity)
    tags = await store.request_tags(uow, [item.request_id for item in interactions if item.request_id])
    return [
        structs.replace(item, activities=by_interaction[item.id], request=tags.get(item.request_id) if item.request_id else None)
        for item in interactions
    ]


async def _get(uow: UnitOfWork, interaction_id: UUID) -> Interaction:
    if found := await store.get(uow, interaction_id):
        return found
    raise NotFound("No interaction has this id.")


async def _activity(uow: UnitOfWork, activity_id: UUID) -> Activity:
    if found := await store.get_activity(uow, activity_id):
        return found
    raise NotFound("No activity has this id.")
