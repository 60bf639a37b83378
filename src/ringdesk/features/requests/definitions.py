"""Use cases of request types and their fields: an administrator says what there is to ask (product.md 2.2)."""

from msgspec import structs

from ringdesk.features import audit
from ringdesk.features.people import Actor
from ringdesk.features.requests import definition_store as store
from ringdesk.features.requests.errors import LastType
from ringdesk.features.requests.events import log_schema
from ringdesk.features.requests.schemas import (
    NewRequestType,
    RequestField,
    RequestSchema,
    RequestType,
    RequestTypePatch,
)
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.definitions import check_order, checked_key, checked_label, free_key, given, refuse_same_label
from ringdesk.kit.field_pools import NewPoolField, PoolFieldPatch, Tell, checked_members, found
from ringdesk.kit.problems import FieldErrors


async def schema(db: Database) -> RequestSchema:
    """Every type and every field."""
    async with db.transaction() as uow:
        return await store.schema(uow)


async def add_type(db: Database, actor: Actor, new: NewRequestType) -> RequestType:
    """Add a type behind the others. Raises InvalidFields with every error."""
    async with db.transaction() as uow:
        await store.hold(uow)
        known = await store.schema(uow)
        errors = FieldErrors()
        taken = {one.key for one in known.types}
        label = checked_label(new.label, errors)
        refuse_same_label(label, known.types, None, errors)
        kind = RequestType(
            key=checked_key("key", new.key, taken, errors) if new.key else free_key(label, taken, "type"),
            label=label,
            close_after_days=new.close_after_days,
            fields=checked_members(new.fields, {one.key: one for one in known.fields}, errors),
            hidden_at=None,
        )
        errors.raise_if_any()
        await store.add_type(uow, kind)
        await _tell(uow, actor, "request_type.created", "request_type", None, kind)
        return kind


async def change_type(db: Database, actor: Actor, key: str, patch: RequestTypePatch) -> RequestType:
    """Change a type. A field that leaves it keeps its values, and they show again when it comes back. Raises NotFound, InvalidFields."""
    async with db.transaction() as uow:
        await store.hold(uow)
        known = await store.schema(uow)
        before = found(known.types, key)
        errors = FieldErrors()
        asked = given(patch)
        if "label" in asked:
            asked["label"] = checked_label(asked["label"], errors)
            refuse_same_label(asked["label"], known.types, key, errors)
        if "fields" in asked:
            asked["fields"] = checked_members(
                asked["fields"], {one.key: one for one in known.fields}, errors, kept=[one.key for one in before.fields]
            )
        errors.raise_if_any()
        return await _put_type(uow, actor, "changed", before, structs.replace(before, **asked))


async def hide_type(db: Database, actor: Actor, key: str) -> RequestType:
    """Take a type out of use; its requests stay. Raises NotFound, LastType. A second time changes nothing."""
    async with db.transaction() as uow:
        await store.hold(uow)
        known = await store.schema(uow)
        before = found(known.types, key)
        if before.hidden_at is None and sum(one.hidden_at is None for one in known.types) == 1:
            raise LastType("Requests need at least one type. Add another one first.")
        return await _put_type(uow, actor, "hidden", before, structs.replace(before, hidden_at=before.hidden_at or clock.now()))


async def restore_type(db: Database, actor: Actor, key: str) -> RequestType:
    """Bring a type back. Raises NotFound, InvalidFields for a name that another took meanwhile. A second time changes nothing."""
    async with db.transaction() as uow:
        await store.hold(uow)
        known = await store.schema(uow)
        before = found(known.types, key)
        errors = FieldErrors()
        refuse_same_label(before.label, known.types, key, errors)
        errors.raise_if_any()
        return await _put_type(uow, actor, "restored", before, structs.replace(before, hidden_at=None))


async def order_types(db: Database, actor: Actor, keys: list[str]) -> RequestSchema:
    """Put the types in use into this order. Raises InvalidFields unless each is named once."""
    async with db.transaction() as uow:
        await store.hold(uow)
        before = [one.key for one in (await store.schema(uow)).types if one.hidden_at is None]
        check_order("keys", keys, before)
        if keys != before:
            await store.place_types(uow, keys)
            await audit.write(uow, actor, "request_type.ordered", "request_type", None, {"keys": before}, {"keys": keys})
            log_schema(uow, await store.schema(uow))
        return await store.schema(uow)


async def add_field(db: Database, actor: Actor, new: NewPoolField) -> RequestField:
    """Add a field, which types can then have. Raises InvalidFields with every error."""
    async with db.transaction() as uow:
        await store.hold(uow)
        return await store.FIELDS.add(uow, new, _tell_field(actor))


async def change_field(db: Database, actor: Actor, key: str, patch: PoolFieldPatch, *, region: str) -> RequestField:
    """Change a field in all its types; stored values are written anew in a new type. Raises NotFound, InvalidFields, ValuesDoNotFit."""
    async with db.transaction() as uow:
        await store.hold(uow)
        return await store.FIELDS.change(uow, key, patch, _tell_field(actor), region=region)


async def hide_field(db: Database, actor: Actor, key: str) -> RequestField:
    """Take a field out of use in every type; its values are kept. Raises NotFound. A second time changes nothing."""
    async with db.transaction() as uow:
        await store.hold(uow)
        return await store.FIELDS.hide(uow, key, _tell_field(actor))


async def restore_field(db: Database, actor: Actor, key: str) -> RequestField:
    """Bring a field back to the types that had it. Raises NotFound, InvalidFields for a name that another took meanwhile."""
    async with db.transaction() as uow:
        await store.hold(uow)
        return await store.FIELDS.restore(uow, key, _tell_field(actor))


async def _put_type(uow: UnitOfWork, actor: Actor, what: str, before: RequestType, after: RequestType) -> RequestType:
    if after != before:
        await store.put_type(uow, after)
        await _tell(uow, actor, f"request_type.{what}", "request_type", before, after)
    return after


def _tell_field(actor: Actor) -> Tell[RequestField]:
    async def tell(uow: UnitOfWork, what: str, before: RequestField | None, after: RequestField) -> None:
        await _tell(uow, actor, f"request_field.{what}", "request_field", before, after)

    return tell


async def _tell(
    uow: UnitOfWork,
    actor: Actor,
    action: str,
    entity: str,
    before: RequestType | RequestField | None,
    after: RequestType | RequestField,
) -> None:
    await audit.write(uow, actor, action, entity, after.key, before, after)
    log_schema(uow, await store.schema(uow))
