"""Use cases of attributes: an administrator shapes the card."""

from uuid import UUID

from msgspec import structs

from ringdesk.features import audit
from ringdesk.features.customers.attributes import rules, store
from ringdesk.features.customers.attributes.errors import TooManyAttributes, ValuesDoNotFit
from ringdesk.features.customers.attributes.events import AddressesChanged, addresses_changed
from ringdesk.features.customers.attributes.schemas import Attribute, AttributePatch, Attributes, Misfit, NewAttribute, SchemaChanged
from ringdesk.features.people import Actor
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.definitions import check_order, checked_key, given
from ringdesk.kit.fields import FieldType, Refusal, checked_line, stored_form
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import FieldErrors, NotFound

TOPIC = "schema"
_SAMPLE = 5
_NOBODY = UUID(int=0)


async def every(db: Database) -> Attributes:
    """Every attribute, the hidden ones too."""
    async with db.transaction() as uow:
        return Attributes(await store.every(uow))


async def definitions(uow: UnitOfWork) -> rules.Definitions:
    """The shown attributes, held as they are until the commit."""
    await store.hold_values(uow)
    return {one.key: one for one in await store.every(uow) if one.hidden_at is None}


async def add(db: Database, actor: Actor, new: NewAttribute) -> Attribute:
    """Add an attribute at the end of the card. Raises InvalidFields with every error, TooManyAttributes."""
    async with db.transaction() as uow:
        await store.hold(uow)
        known = await store.every(uow)
        errors = FieldErrors()
        taken = {one.key for one in known}
        label = rules.checked_label(new.label, errors)
        _refuse_same_label(label, known, None, errors)
        attribute = Attribute(
            id=new_id(),
            key=checked_key("key", new.key, taken, errors) if new.key else rules.free_key(label, taken),
            label=label,
            type=rules.checked_type(new.type, errors),
            required=new.required,
            help=checked_line("help", new.help, rules.HELP_LIMIT, errors),
            privacy=new.privacy,
            hidden_at=None,
        )
        errors.raise_if_any()
        _refuse_another(known)
        await store.add(uow, attribute)
        await _tell(uow, actor, "attribute.created", None, attribute)
        return attribute


async def change(db: Database, actor: Actor, attribute_id: UUID, patch: AttributePatch, *, region: str) -> Attribute:
    """Change an attribute; stored values are kept, and written anew in a new type. Raises NotFound, InvalidFields, ValuesDoNotFit.

    `region` (ISO 3166) is where values that become telephone numbers are read.
    """
    async with db.transaction() as uow:
        await store.hold(uow)
        known = await store.every(uow)
        before = _found(known, attribute_id)
        errors = FieldErrors()
        asked = given(patch)
        if "label" in asked:
            asked["label"] = rules.checked_label(asked["label"], errors)
            _refuse_same_label(asked["label"], known, attribute_id, errors)
        if "help" in asked:
            asked["help"] = checked_line("help", asked["help"], rules.HELP_LIMIT, errors)
        if "type" in asked:
            asked["type"] = rules.checked_type(asked["type"], errors)
        errors.raise_if_any()
        after = structs.replace(before, **asked)
        if after == before:
            return before
        if after.type != before.type:
            await _retype(uow, before, before.type, after.type, region=region)
        await store.put(uow, after)
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
        after = structs.replace(before, hidden_at=clock.now())
        await store.put(uow, after)
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
        after = structs.replace(before, hidden_at=None)
        await store.put(uow, after)
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


async def _retype(uow: UnitOfWork, attribute: Attribute, old: FieldType, kind: FieldType, *, region: str) -> None:
    """Read every stored value as one of the new type and write it so. Raises ValuesDoNotFit."""
    misfits, after = 0, _NOBODY
    sample: list[Misfit] = []
    while values := await store.values_after(uow, attribute.key, after):
        anew: list[tuple[UUID, object]] = []
        for one in values:
            # Every type reads what another one writes as text: 42 becomes "42", yes becomes "true".
            text = old.text(old.parse(one.value, region))
            try:
                anew.append((one.customer_id, stored_form(kind, text, region)))
            except Refusal as refusal:
                misfits += 1
                if len(sample) < _SAMPLE:
                    sample.append(Misfit(one.customer_id, one.display_name, one.value, refusal.message))
        if not misfits:
            await store.put_values(uow, attribute.key, anew)
        after = values[-1].customer_id
    if misfits:
        raise ValuesDoNotFit(
            f"{misfits} of the stored values of “{attribute.label}” do not fit. Correct them on their cards, or add another attribute.",
            extra={"misfits": misfits, "sample": sample},
        )


async def _renew_addresses(uow: UnitOfWork, before: Attribute, after: Attribute, region: str) -> None:
    kinds = [None if one.hidden_at else rules.reach_kind(one.type) for one in (before, after)]
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


async def _tell(uow: UnitOfWork, actor: Actor, action: str, before: Attribute | None, after: Attribute) -> None:
    await audit.write(uow, actor, action, "attribute", after.id, before, after)
    await _tell_schema(uow)


async def _tell_schema(uow: UnitOfWork) -> None:
    uow.log_event("schema.customers_changed", [TOPIC], SchemaChanged(await store.every(uow)))
