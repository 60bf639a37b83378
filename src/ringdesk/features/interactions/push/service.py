"""Use cases of pushed interactions: each one transaction, repeatable without effect (product.md 3.10)."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import structs

from ringdesk.features import audit, customers
from ringdesk.features.interactions import arrivals, service, store
from ringdesk.features.interactions.events import LegTold, RequestChosen, interaction_changed, leg_told, request_chosen
from ringdesk.features.interactions.field_sets import service as field_sets
from ringdesk.features.interactions.field_sets import store as field_values
from ringdesk.features.interactions.push import rules
from ringdesk.features.interactions.push import store as pushes
from ringdesk.features.interactions.push.schemas import Pushed, PushedActivities, PushedActivity, PushedInteraction, StandaloneActivity
from ringdesk.features.interactions.rules import checked_tags, kind_of_address
from ringdesk.features.interactions.schemas import Activity, Interaction
from ringdesk.features.people import Actor
from ringdesk.kit import clock, ids, phones
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.definitions import collect_values
from ringdesk.kit.fields import MAX_EMAIL, Email, Refusal
from ringdesk.kit.folding import fold
from ringdesk.kit.problems import FieldError, FieldErrors, InvalidFields, NotFound, Problem

_Leg = tuple[Activity | None, Activity]
"""An agent's leg as it was (None: not known) and as it is now."""


async def push(db: Database, actor: Actor, pushed: PushedInteraction, *, region: str) -> Pushed:
    """Store an interaction that another system had. Raises InvalidFields, and what the request refuses.

    `region` (ISO 3166) is where numbers without a country code are read.
    """
    errors = FieldErrors()
    rules.check(pushed, clock.now(), errors)
    errors.raise_if_any()
    async with db.transaction() as uow:
        return await _store(uow, actor, pushed, region)


async def push_alone(db: Database, actor: Actor, told: StandaloneActivity, *, region: str) -> Pushed:
    """Store an activity that belongs to no conversation (product.md 3.7). Raises InvalidFields, and what the request refuses."""
    errors = FieldErrors()
    pushed = rules.alone(told)
    try:
        # What was not told can't be wrong: the end that is made of the beginning is left out.
        rules.check_activities([structs.replace(one, ended_at=told.ended_at) for one in pushed.activities], clock.now(), errors)
        errors.raise_if_any()
        async with db.transaction() as uow:
            return await _store(uow, actor, pushed, region, standalone=True)
    except InvalidFields as wrong:
        # Whoever tells of one activity wrote no list of them.
        named = [FieldError(error.field.removeprefix("activities[0]."), error.code, error.message) for error in wrong.errors]
        raise InvalidFields(wrong.detail, errors=named) from wrong


async def push_all(db: Database, actor: Actor, items: Sequence[PushedInteraction], *, region: str) -> list[Pushed]:
    """Store many, each by itself: one that is refused does not hold up the others."""
    outcomes: list[Pushed] = []
    for one in items:
        try:
            outcomes.append(await push(db, actor, one, region=region))
        except Problem as problem:
            errors = problem.errors or [FieldError("request_id", problem.slug, problem.detail)]
            outcomes.append(Pushed(external_id=one.external_id, status="refused", errors=errors))
    return outcomes


async def add_activities(db: Database, actor: Actor, interaction_id: UUID, pushed: PushedActivities, *, region: str) -> Pushed:
    """Add activities to an interaction, or tell them again. Raises NotFound, InvalidFields."""
    errors = FieldErrors()
    rules.check_activities(pushed.activities, clock.now(), errors)
    errors.raise_if_any()
    async with db.transaction() as uow:
        before = await store.get_for_change(uow, interaction_id)
        if before is None:
            raise NotFound("No interaction has this id.")
        rows = await pushes.rows_of(uow, pushed.source, str(interaction_id))
        if before.standalone:
            # With something beside it, it is a conversation like any other.
            await pushes.join(uow, interaction_id)
        made, changed, legs = await _put_activities(uow, actor, before, pushed.activities, rows, region)
        await pushes.note_rows(uow, pushed.source, str(interaction_id), made)
        if changed:
            interaction_changed(uow, await service.complete(uow, interaction_id))
            await _tell_of_legs(uow, interaction_id, legs)
        return Pushed(
            external_id=str(interaction_id),
            status="changed" if changed else "unchanged",
            id=interaction_id,
            customer_id=before.customer_id,
            candidates=before.candidates,
            activities=made,
        )


async def _store(uow: UnitOfWork, actor: Actor, pushed: PushedInteraction, region: str, *, standalone: bool = False) -> Pushed:
    # A source may number its activities and its conversations each by themselves.
    key = f"activity:{pushed.external_id}" if standalone else pushed.external_id
    await pushes.hold(uow, pushed.source, key)
    rows = await pushes.rows_of(uow, pushed.source, key)
    before = await store.get_for_change(uow, rows[""]) if "" in rows else None
    interaction_id = before.id if before else ids.id_at(min(pushed.started_at, clock.now()))
    after = rules.interaction_of(pushed, interaction_id, before, pushed.activities, _normalised(pushed, region))
    if before is None:
        after = structs.replace(after, standalone=standalone)
    told = after != before
    if told:
        await store.put_interaction(uow, after)
    made, changed, legs = await _put_activities(uow, actor, after, pushed.activities, rows, region)
    await pushes.note_rows(uow, pushed.source, key, {"": interaction_id, **made})
    after = await _give(uow, actor, pushed, after, new=before is None, region=region)
    # What people chose since then stands: a second telling is none.
    if pushed.request_id and not after.request_id:
        await request_chosen.send(uow, RequestChosen(actor, interaction_id, pushed.request_id, ""))
    if told or changed:
        agents = [one.agent_name for one in await store.activities_of(uow, [after]) if one.agent_name]
        await service.note_contact(uow, after, agents[-1] if agents else None)
        interaction_changed(uow, await service.complete(uow, interaction_id))
        await _tell_of_legs(uow, interaction_id, legs)
    return Pushed(
        external_id=pushed.external_id,
        status="created" if before is None else "changed" if told or changed else "unchanged",
        id=interaction_id,
        customer_id=after.customer_id,
        candidates=after.candidates,
        activities=made,
    )


async def _put_activities(
    uow: UnitOfWork, actor: Actor, interaction: Interaction, told: Sequence[PushedActivity], rows: dict[str, UUID], region: str
) -> tuple[dict[str, UUID], bool, list[_Leg]]:
    """Write what was told of activities; their ids by the external ones, whether anything changed, and the agents' legs that did."""
    emails = {one.agent_email.strip().lower() for one in told if one.agent_email}
    agents = await pushes.agents_by_email(uow, sorted(emails)) if emails else {}
    errors = FieldErrors()
    for place, one in enumerate(told):
        if one.agent_email and one.agent_email.strip().lower() not in agents:
            message = "No account has this address. Leave it out, and name the agent in agent_name."
            errors.add(f"activities[{place}].agent_email", "unknown_user", message)
    values = await _check_fields(uow, interaction, told, region, errors)
    errors.raise_if_any()
    known = {one.id: one for one in await store.activities_of(uow, [interaction])} if rows else {}
    made: dict[str, UUID] = {}
    changed = False
    legs: list[_Leg] = []
    for one, fields in zip(told, values, strict=True):
        before = known.get(rows[one.external_id]) if one.external_id in rows else None
        activity_id = before.id if before else ids.id_after(interaction.id, min(one.started_at, clock.now()))
        made[one.external_id] = activity_id
        activity = rules.activity_of(one, activity_id, interaction, before, agents)
        if before is None or _told(activity) != _told(before):
            await store.put_activity(uow, activity)
            if before and activity.text != before.text:
                await pushes.set_text(uow, activity_id, activity.text)
                await audit.write(uow, actor, "activity.retold", "activity", activity_id, {"text": before.text}, {"text": activity.text})
            changed = True
            if activity.kind == "agent" and activity.agent_id:
                legs.append((before, activity))
        changed |= await _add_tags(uow, one, activity, before)
        changed |= await _fill_in(uow, actor, activity_id, fields, before)
    return made, changed, legs


async def _tell_of_legs(uow: UnitOfWork, interaction_id: UUID, legs: Sequence[_Leg]) -> None:
    """Tell whoever shows agents their conversations, once it is known whose the interaction is."""
    for before, leg in legs:
        if interaction := await service.get_with_request(uow, interaction_id):
            await leg_told.send(uow, LegTold(interaction, before, leg))


async def _check_fields(
    uow: UnitOfWork, interaction: Interaction, told: Sequence[PushedActivity], region: str, errors: FieldErrors
) -> list[dict[str, object]]:
    """The told fields of each activity as they are stored, None for those that are to be cleared; what is wrong is noted."""
    if not any(one.fields for one in told):
        return [{} for _ in told]
    await field_values.hold_values(uow)
    sets = await field_values.every(uow)
    checked: list[dict[str, object]] = []
    for place, one in enumerate(told):
        known = field_sets.fields_of_channel(sets, one.media_type or interaction.channel)
        held = collect_values(one.fields, known, under=f"activities[{place}].fields", base={}, region=region, errors=errors)
        checked.append({key: held.get(key) for key in one.fields})
    return checked


async def _fill_in(uow: UnitOfWork, actor: Actor, activity_id: UUID, told: dict[str, object], before: Activity | None) -> bool:
    """Give an activity the fields that were told; what people wrote into one since then stands."""
    if not told:
        return False
    held = dict(before.fields or {}) if before else {}
    last = await field_values.told_fields(uow, activity_id) if before else {}
    anew = rules.told_anew(told, last, held)
    if told != {key: last.get(key) for key in told}:
        await field_values.put_told_fields(uow, activity_id, told)
    after = {key: value for key, value in {**held, **anew}.items() if value is not None}
    if after == held:
        return False
    await field_values.put_activity_fields(uow, activity_id, after)
    if before:
        was = {f"fields.{key}": held.get(key) for key in anew}
        await audit.write(uow, actor, "activity.filled_in", "activity", activity_id, was, {f"fields.{key}": anew[key] for key in anew})
    return True


async def _add_tags(uow: UnitOfWork, told: PushedActivity, activity: Activity, before: Activity | None) -> bool:
    """Give an activity the tags that were told and that it lacks; those that people gave stay."""
    had = list(before.tags or []) if before else []
    folded = {fold(tag) for tag in had}
    added = [tag for tag in checked_tags(told.tags, FieldErrors()) if fold(tag) not in folded]
    if added:
        await store.set_tags(uow, activity, [*had, *added])
        await store.count_tags(uow, added=added, removed=[])
    return bool(added)


def _told(activity: Activity) -> dict[str, object]:
    return {name: value for name, value in structs.asdict(activity).items() if name not in store.PEOPLES}


async def _give(
    uow: UnitOfWork, actor: Actor, pushed: PushedInteraction, interaction: Interaction, *, new: bool, region: str
) -> Interaction:
    """Whose it is: whoever was named; else who has the address; else, where its channel does so, a card made of it (4.5)."""
    if pushed.customer_id and not interaction.customer_id:
        try:
            await service.link(uow, actor, interaction.id, pushed.customer_id)
        except NotFound as unknown:
            errors = FieldErrors()
            errors.add("customer_id", "unknown_customer", "No customer in use has this id.")
            raise InvalidFields(unknown.detail, errors=errors.items) from unknown
        return structs.replace(interaction, customer_id=pushed.customer_id)
    if not new or not pushed.address:
        return interaction
    kind = kind_of_address(pushed.channel)
    choice = customers.choose(await customers.find_by_address(uow, kind, pushed.address, region))
    owner = choice.customer.id if choice.customer else None
    # A call that never got as far as an agent is no reason for a card.
    agents = interaction.type == "agent"
    if owner is None and not choice.candidates and agents and await arrivals.unknown_on(uow, pushed.channel) == "card":
        owner = await _card_for(uow, actor, kind, pushed, region)
        if owner:
            # Making the card may have given it this interaction already.
            interaction = await store.get(uow, interaction.id) or interaction
    candidates = [match.customer.id for match in choice.candidates]
    if (owner, candidates) != (interaction.customer_id, interaction.candidates):
        await store.set_candidates(uow, interaction.id, owner, candidates)
    return structs.replace(interaction, customer_id=owner, candidates=candidates)


async def _card_for(uow: UnitOfWork, actor: Actor, kind: customers.IdentityKind, pushed: PushedInteraction, region: str) -> UUID | None:
    """A card made of what the channel knows; None where the address is none."""
    address = pushed.address or ""
    first, last = customers.name_in_parts(pushed.name or "")
    draft = customers.Draft(first_name=first, last_name=last)
    try:
        if kind == "phone":
            number = phones.normalise(address, region)
            draft = structs.replace(draft, phones={1: customers.Reach(address, number.normalised)})
        elif kind == "email":
            reach = Email().parse(address, region)
            if reach is None or len(address) > MAX_EMAIL:
                return None
            draft = structs.replace(draft, email=reach)
    except (phones.PhoneError, Refusal):
        return None
    made = await customers.create_within(uow, actor, draft, region=region)
    if kind in ("chat", "social"):
        await customers.add_known_identity(uow, made.id, kind, address, actor=actor)
    return made.id


def _normalised(pushed: PushedInteraction, region: str) -> str | None:
    """The customer's address as interactions keep it; what is no address at all is kept as it was told."""
    if not pushed.address:
        return None
    kind = kind_of_address(pushed.channel)
    if kind != "phone":
        return " ".join(pushed.address.split()).lower()
    try:
        return phones.normalise(pushed.address, region).normalised
    except phones.PhoneError:
        return pushed.address
