"""Use cases of field sets: an administrator says what activities hold, people and programs fill it in (product.md 3.3)."""

from typing import Any
from uuid import UUID

from msgspec import structs

from ringdesk.features import audit
from ringdesk.features.interactions import store as interactions
from ringdesk.features.interactions.events import WorkedOn, activity_changed, worked_on
from ringdesk.features.interactions.field_sets import store
from ringdesk.features.interactions.field_sets.schemas import ActivityField, FieldSet, FieldSetPatch, FieldSets
from ringdesk.features.interactions.schemas import Activity, Channel, Interaction
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.definitions import collect_values, require_values
from ringdesk.kit.field_pools import FieldOfForm, NewPoolField, PoolFieldPatch, Tell, checked_members, fields_of
from ringdesk.kit.problems import FieldErrors, NotFound


async def every(db: Database) -> FieldSets:
    """Every field set and every field."""
    async with db.transaction() as uow:
        return await store.every(uow)


async def change_set(db: Database, actor: Actor, channel: Channel, patch: FieldSetPatch) -> FieldSet:
    """Say which fields the activities of a channel show. Raises InvalidFields with every error."""
    async with db.transaction() as uow:
        await store.hold(uow)
        known = await store.every(uow)
        before = next(one for one in known.sets if one.channel == channel)
        errors = FieldErrors()
        members = checked_members(patch.fields, {one.key: one for one in known.fields}, errors, kept=[one.key for one in before.fields])
        errors.raise_if_any()
        after = structs.replace(before, fields=members)
        if after != before:
            await store.put_set(uow, after)
            await audit.write(uow, actor, "field_set.changed", "field_set", channel, before, after)
            await _tell_schema(uow)
        return after


async def add_field(db: Database, actor: Actor, new: NewPoolField) -> ActivityField:
    """Add a field, which channels can then have. Raises InvalidFields with every error."""
    async with db.transaction() as uow:
        await store.hold(uow)
        return await store.FIELDS.add(uow, new, _tell(actor))


async def change_field(db: Database, actor: Actor, key: str, patch: PoolFieldPatch, *, region: str) -> ActivityField:
    """Change a field in all its channels; stored values are written anew in a new type. Raises NotFound, InvalidFields, ValuesDoNotFit."""
    async with db.transaction() as uow:
        await store.hold(uow)
        return await store.FIELDS.change(uow, key, patch, _tell(actor), region=region)


async def hide_field(db: Database, actor: Actor, key: str) -> ActivityField:
    """Take a field out of use on every channel; its values are kept. Raises NotFound. A second time changes nothing."""
    async with db.transaction() as uow:
        await store.hold(uow)
        return await store.FIELDS.hide(uow, key, _tell(actor))


async def restore_field(db: Database, actor: Actor, key: str) -> ActivityField:
    """Bring a field back to the channels that had it. Raises NotFound, InvalidFields for a name that another took meanwhile."""
    async with db.transaction() as uow:
        await store.hold(uow)
        return await store.FIELDS.restore(uow, key, _tell(actor))


async def fill_in(db: Database, actor: Actor, activity_id: UUID, given: dict[str, Any], *, region: str) -> Activity:
    """Set fields of an activity (key to value, null clears); the activity complete. Raises NotFound, InvalidFields.

    `region` (ISO 3166) is where telephone numbers are read.
    """
    async with db.transaction() as uow:
        await fill_in_within(uow, actor, activity_id, given, region=region)
        interaction, _ = await _held(uow, activity_id)
        return next(one for one in await interactions.activities_of(uow, [interaction]) if one.id == activity_id)


async def fill_in_within(
    uow: UnitOfWork, actor: Actor, activity_id: UUID, given: dict[str, Any], *, region: str, whole: bool = False
) -> None:
    """Like `fill_in`, inside the caller's transaction; `whole`: every required field must have a value afterwards."""
    await store.hold_values(uow)
    interaction, activity = await _held(uow, activity_id)
    before = activity.fields or {}
    errors = FieldErrors()
    # An activity has the fields of the channel that it went through itself: a call may go on with pictures.
    known = fields_of_channel(await store.every(uow), activity.media_type or interaction.channel)
    after = collect_values(given, known, under="fields", base=before, region=region, errors=errors)
    if whole:
        require_values(after, known, under="fields", errors=errors)
    errors.raise_if_any()
    if after == before:
        return
    await store.put_activity_fields(uow, activity_id, after)
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    await audit.write(
        uow,
        actor,
        "activity.filled_in",
        "activity",
        activity_id,
        {f"fields.{key}": before.get(key) for key in changed},
        {f"fields.{key}": after.get(key) for key in changed},
    )
    activity_changed(uow, structs.replace(activity, fields=after), interaction.customer_id)
    await worked_on.send(uow, WorkedOn(interaction))


def fields_of_channel(sets: FieldSets, channel: Channel) -> dict[str, FieldOfForm]:
    """The fields that activities of this channel show, in their order."""
    return fields_of(next(one.fields for one in sets.sets if one.channel == channel), sets.fields)


async def _held(uow: UnitOfWork, activity_id: UUID) -> tuple[Interaction, Activity]:
    activity = await interactions.get_activity(uow, activity_id)
    interaction = await interactions.get_for_change(uow, activity.interaction_id) if activity else None
    # Read again: whoever held the interaction may have changed it.
    activity = await interactions.get_activity(uow, activity_id) if interaction else None
    if interaction is None or activity is None or activity.kind == "wrap_up":
        raise NotFound("No activity has this id.")
    return interaction, activity


def _tell(actor: Actor) -> Tell[ActivityField]:
    async def tell(uow: UnitOfWork, what: str, before: ActivityField | None, after: ActivityField) -> None:
        await audit.write(uow, actor, f"activity_field.{what}", "activity_field", after.key, before, after)
        await _tell_schema(uow)

    return tell


async def _tell_schema(uow: UnitOfWork) -> None:
    uow.log_event("schema.activities_changed", ["schema"], await store.every(uow))
