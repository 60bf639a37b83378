"""Use cases of attributes: an administrator shapes the card."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import structs

from ringdesk.features import audit
from ringdesk.features.customers.attributes import jobs, rules, sealing, store
from ringdesk.features.customers.attributes.errors import ConversionRunning, TooManyAttributes
from ringdesk.features.customers.attributes.events import AddressesChanged, addresses_changed
from ringdesk.features.customers.attributes.schemas import (
    Attribute,
    AttributePatch,
    Attributes,
    Conversion,
    ListIndex,
    NewAttribute,
    SchemaChanged,
)
from ringdesk.features.customers.attributes.sealed_values import seen_anew
from ringdesk.features.people import Actor
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.definitions import (
    HELP_LIMIT,
    StoredValue,
    check_order,
    checked_key,
    checked_label,
    checked_type,
    free_key,
    given,
    retype,
)
from ringdesk.kit.fields import AnyType, checked_line
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import FieldErrors, NotFound
from ringdesk.kit.sealed import MASK

TOPIC = "schema"


async def every(db: Database) -> Attributes:
    """Every attribute, the hidden ones too."""
    async with db.transaction() as uow:
        return Attributes(await store.every(uow))


async def definitions(uow: UnitOfWork) -> rules.Definitions:
    """The shown attributes, held as they are until the commit."""
    await store.hold_values(uow)
    # What the list can do with one, and how far a conversion is, doesn't concern new values: an import goes on meanwhile.
    return {
        one.key: structs.replace(one, index=ListIndex(), conversion=Conversion()) for one in await store.every(uow) if one.hidden_at is None
    }


async def add(db: Database, actor: Actor, new: NewAttribute) -> Attribute:
    """Add an attribute at the end of the card. Raises InvalidFields with every error, TooManyAttributes."""
    async with seen_anew(db), db.transaction() as uow:
        await store.hold(uow)
        known = await store.every(uow)
        errors = FieldErrors()
        taken = {one.key for one in known}
        label = checked_label(new.label, errors)
        _refuse_same_label(label, known, None, errors)
        attribute = Attribute(
            id=new_id(),
            key=checked_key("key", new.key, taken, errors) if new.key else free_key(label, taken, "attribute"),
            label=label,
            type=checked_type(new.type, errors),
            required=new.required,
            help=checked_line("help", new.help, HELP_LIMIT, errors),
            privacy=new.privacy,
            hidden_at=None,
            index=rules.index_after(ListIndex(), searchable=new.searchable, sortable=new.sortable),
        )
        rules.check_marks(new.privacy, searchable=new.searchable, sortable=new.sortable, errors=errors)
        errors.raise_if_any()
        _refuse_another(known)
        await store.add(uow, attribute)
        await _index(uow, None, attribute)
        await _tell(uow, actor, "attribute.created", None, attribute)
        return attribute


async def change(db: Database, actor: Actor, attribute_id: UUID, patch: AttributePatch, *, region: str) -> Attribute:
    """Change an attribute; stored values are kept, and written anew in a new type. Raises NotFound, InvalidFields, ValuesDoNotFit.

    `region` (ISO 3166) is where values that become telephone numbers are read.
    """
    async with seen_anew(db), db.transaction() as uow:
        await store.hold(uow)
        known = await store.every(uow)
        before = _found(known, attribute_id)
        errors = FieldErrors()
        asked = given(patch)
        if "label" in asked:
            asked["label"] = checked_label(asked["label"], errors)
            _refuse_same_label(asked["label"], known, attribute_id, errors)
        if "help" in asked:
            asked["help"] = checked_line("help", asked["help"], HELP_LIMIT, errors)
        if "type" in asked:
            asked["type"] = checked_type(asked["type"], errors)
        marks = {mark: asked.pop(mark, getattr(before.index, mark)) for mark in ("searchable", "sortable")}
        after = structs.replace(before, **asked)
        rules.check_marks(after.privacy, **marks, errors=errors)
        converts = (after.privacy == "sensitive") != (before.privacy == "sensitive")
        if converts and after.type != before.type:
            errors.add("privacy", "one_at_a_time", "Change the type first and the class after that: both rewrite every stored value.")
        errors.raise_if_any()
        if before.conversion.state == "running" and (converts or after.type != before.type):
            raise ConversionRunning(
                f"The values of “{before.label}” are being converted. Wait until that is done; the page shows how far it is."
            )
        after = structs.replace(after, index=rules.index_after(before.index, **marks, anew=after.type != before.type))
        if after == before:
            return before
        if after.type != before.type:
            await _retype(uow, before, after.type, region=region)
        await store.put(uow, after)
        await _index(uow, before, after)
        if converts:
            after = structs.replace(after, conversion=Conversion(state="running"))
            await store.begin_conversion(uow, attribute_id)
            await jobs.queue_conversion(uow, attribute_id)
        else:
            await _renew_addresses(uow, before, after, region)
        await _tell(uow, actor, "attribute.changed", before, after)
        return after


async def hide(db: Database, actor: Actor, attribute_id: UUID, *, region: str) -> Attribute:
    """Take an attribute off the card; its values are kept. Raises NotFound. A second time changes nothing."""
    async with db.transaction() as uow:
        await store.hold(uow)
        before = _found(await store.every(uow), attribute_id)
        if before.hidden_at:
            return before
        after = structs.replace(before, hidden_at=clock.now(), index=structs.replace(before.index, state="none", progress=0, detail=None))
        await store.put(uow, after)
        await _index(uow, before, after)
        await _renew_addresses(uow, before, after, region)
        await _tell(uow, actor, "attribute.hidden", before, after)
        return after


async def restore(db: Database, actor: Actor, attribute_id: UUID, *, region: str) -> Attribute:
    """Show a hidden attribute again, with its values. Raises NotFound, InvalidFields for a label that another took meanwhile,
    TooManyAttributes. A second time changes nothing.
    """
    async with db.transaction() as uow:
        await store.hold(uow)
        known = await store.every(uow)
        before = _found(known, attribute_id)
        if before.hidden_at is None:
            return before
        errors = FieldErrors()
        _refuse_same_label(before.label, known, attribute_id, errors)
        errors.raise_if_any()
        _refuse_another(known)
        marks = {"searchable": before.index.searchable, "sortable": before.index.sortable}
        after = structs.replace(before, hidden_at=None, index=rules.index_after(before.index, **marks, anew=True))
        await store.put(uow, after)
        await _index(uow, before, after)
        await _renew_addresses(uow, before, after, region)
        await _tell(uow, actor, "attribute.restored", before, after)
        return after


async def order(db: Database, actor: Actor, ids: list[UUID]) -> Attributes:
    """Put the shown attributes into this order. Raises InvalidFields unless every shown one is named once."""
    async with db.transaction() as uow:
        await store.hold(uow)
        shown = [one.id for one in await store.every(uow) if one.hidden_at is None]
        check_order("ids", ids, shown)
        if ids != shown:
            await store.place(uow, ids)
            await audit.write(uow, actor, "attribute.ordered", "attribute", None, {"ids": shown}, {"ids": ids})
            await _tell_schema(uow)
        return Attributes(await store.every(uow))


async def _retype(uow: UnitOfWork, attribute: Attribute, kind: AnyType, *, region: str) -> None:
    sensitive = attribute.privacy == "sensitive"
    retyped = structs.replace(attribute, type=kind)

    async def after(last: UUID) -> list[StoredValue]:
        found = await store.values_after(uow, attribute.key, last)
        return (
            [structs.replace(one, value=sealing.open_value(uow.vault, attribute.key, one.value)) for one in found] if sensitive else found
        )

    async def write(anew: Sequence[tuple[UUID, object]]) -> None:
        sealed = [(customer, sealing.seal_value(uow.vault, retyped, value, region)) for customer, value in anew] if sensitive else anew
        await store.put_values(uow, attribute.key, sealed)

    await retype(
        attribute.label,
        attribute.type,
        kind,
        region=region,
        after=after,
        write=write,
        shown=(lambda _: MASK) if sensitive else (lambda value: value),
    )


async def _renew_addresses(uow: UnitOfWork, before: Attribute, after: Attribute, region: str) -> None:
    kinds = [None if one.hidden_at or one.privacy == "sensitive" else rules.reach_kind(one.type) for one in (before, after)]
    if kinds[0] != kinds[1]:
        await addresses_changed.send(uow, AddressesChanged(after.key, region))


def _refuse_same_label(label: str, known: list[Attribute], beside: UUID | None, errors: FieldErrors) -> None:
    if any(one.label.casefold() == label.casefold() and one.id != beside and one.hidden_at is None for one in known):
        errors.add("label", "taken", f"The card has a field “{label}” already; choose another label.")


def _refuse_another(known: list[Attribute]) -> None:
    if sum(one.hidden_at is None for one in known) >= rules.MOST_SHOWN:
        raise TooManyAttributes(f"A card shows at most {rules.MOST_SHOWN} attributes. Hide one first; its values are kept.")


def _found(known: list[Attribute], attribute_id: UUID) -> Attribute:
    for one in known:
        if one.id == attribute_id:
            return one
    raise NotFound("No attribute has this id; load them again.")


async def _index(uow: UnitOfWork, before: Attribute | None, after: Attribute) -> None:
    """Have the indexes made and dropped that a change calls for."""
    if after.index != (before.index if before else ListIndex()):
        await jobs.queue(uow)


def _audited(one: Attribute | None) -> dict[str, Any] | None:
    """An attribute as the trail keeps it: what administrators decided, not how far an index is."""
    if one is None:
        return None
    decided = {name: value for name, value in structs.asdict(one).items() if name not in ("index", "conversion")}
    return decided | {"searchable": one.index.searchable, "sortable": one.index.sortable}


async def _tell(uow: UnitOfWork, actor: Actor, action: str, before: Attribute | None, after: Attribute) -> None:
    await audit.write(uow, actor, action, "attribute", after.id, _audited(before), _audited(after))
    await _tell_schema(uow)


async def _tell_schema(uow: UnitOfWork) -> None:
    uow.log_event("schema.customers_changed", [TOPIC], SchemaChanged(await store.every(uow)))
