"""Use cases of requests: open, edit, close, reopen."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from msgspec import UNSET

from ringdesk.features import audit, customers, interactions
from ringdesk.features.people import Actor
from ringdesk.features.requests import definition_store, events, rules, store
from ringdesk.features.requests.errors import RequestClosed, RequestInUse, StaleRequest
from ringdesk.features.requests.rules import Content
from ringdesk.features.requests.schemas import CustomerRequests, NewRequest, Request, RequestPatch
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.eventlog import newest_position
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import FieldErrors, NotFound

SHOWN_OF_CUSTOMER = 200
"""Requests that a journey shows beside it: years of a busy customer. The list finds the older ones."""


async def read(db: Database, request_id: UUID) -> Request:
    """One request. Raises NotFound."""
    async with db.transaction() as uow:
        return found(await store.get(uow, request_id))


async def of_customer(db: Database, customer_id: UUID) -> CustomerRequests:
    """The requests of a customer. Raises NotFound for an unknown customer."""
    async with db.transaction() as uow:
        await uow.send("set transaction isolation level repeatable read")
        position = await newest_position(uow)
        if await customers.summary(uow, customer_id) is None:
            raise NotFound("No customer has this id; search for the customer in the list.")
        items = await store.of_customer(uow, customer_id, SHOWN_OF_CUSTOMER)
        return CustomerRequests(position, items, await store.count_of_customer(uow, customer_id))


async def open_within(uow: UnitOfWork, actor: Actor, new: NewRequest, *, region: str) -> Request:
    """Open a request inside the caller's transaction, without tagging its interaction. Raises InvalidFields with every error.

    `region` (ISO 3166) is where telephone numbers in its fields are read.
    """
    await definition_store.hold_values(uow)
    errors = FieldErrors()
    owner_id = actor.id if new.owner_id is UNSET else new.owner_id
    content = rules.check_new(new, await definition_store.schema(uow), owner_id=owner_id, region=region, errors=errors)
    await _check_owner(uow, owner_id, errors)
    customer_id = await _customer(uow, new, errors)
    errors.raise_if_any()
    assert customer_id is not None
    number = await store.next_number(uow)
    row = store.NewRow(
        id=new_id(),
        number=number,
        customer_id=customer_id,
        content=content,
        search_text=rules.search_text(number, content),
        opened_in=new.interaction_id,
        created_by=actor.name,
    )
    await store.insert(uow, row)
    names = [*Content.__struct_fields__[:-1], *(f"fields.{key}" for key in content.fields)]
    after = {"number": number, "customer_id": customer_id, **rules.plain_values(content, names)}
    await audit.write(uow, actor, "request.created", "request", row.id, None, after)
    return await _tell(uow, row.id, names, actor)


async def edit(db: Database, actor: Actor, request_id: UUID, patch: RequestPatch, *, version: int | None, region: str) -> Request:
    """Change an active request, based on `version` (None: whatever it is now); the request afterwards.

    Raises NotFound, StaleRequest with the current one, RequestClosed, InvalidFields with every error. An edit that changes nothing
    writes nothing.
    """
    async with db.transaction() as uow:
        await definition_store.hold_values(uow)
        request = await held(uow, request_id, version)
        _refuse_closed(request)
        before = content_of(request)
        errors = FieldErrors()
        after = rules.check_edit(before, patch, await definition_store.schema(uow), region=region, errors=errors)
        if after.owner_id != before.owner_id:
            await _check_owner(uow, after.owner_id, errors)
        errors.raise_if_any()
        names = rules.changed_names(before, after)
        if not names:
            return request
        await store.put(uow, request_id, after, rules.search_text(request.number, after))
        await audit.write(
            uow, actor, "request.changed", "request", request_id, rules.plain_values(before, names), rules.plain_values(after, names)
        )
        fresh = await _tell(uow, request_id, names, actor)
        await events.edited.send(uow, events.Edited(request_id))
        return fresh


async def close(db: Database, actor: Actor, request_id: UUID, *, reason: str, version: int | None) -> Request:
    """Close a request; a second time changes nothing. Raises NotFound, StaleRequest, RequestInUse."""
    async with db.transaction() as uow:
        request = await held(uow, request_id, version)
        if request.status == "closed":
            return request
        if await store.is_in_progress(uow, request_id):
            raise RequestInUse("An interaction of this request goes on now. Close the request when it has ended.")
        return await _close(uow, actor, request_id, reason.strip())


async def close_idle(db: Database, request_id: UUID, at: datetime) -> None:
    """Close a request to which nothing happened for the days of its type, unless something did meanwhile (product.md 2.4)."""
    async with db.transaction() as uow:
        if await store.get_for_change(uow, request_id) and await store.is_idle(uow, request_id, at):
            await _close(uow, None, request_id, "")


async def reopen(db: Database, actor: Actor, request_id: UUID, *, reason: str, version: int | None) -> Request:
    """Open a closed request again; an active one stays as it is. Raises NotFound, StaleRequest."""
    async with db.transaction() as uow:
        request = await held(uow, request_id, version)
        if request.status == "active":
            return request
        await store.reopen(uow, request_id)
        before = {"status": "closed", "closing_reason": request.closing_reason}
        await audit.write(uow, actor, "request.reopened", "request", request_id, before, {"status": "active", "reason": reason.strip()})
        return await _tell(uow, request_id, ["status"], actor)


async def give_to(uow: UnitOfWork, actor: Actor | None, request: Request, customer_id: UUID) -> None:
    """A request goes over to another customer together with the only interaction that it is about."""
    await store.give_to(uow, request.id, customer_id)
    before, after = {"customer_id": request.customer_id}, {"customer_id": customer_id}
    await audit.write(uow, actor, "request.given", "request", request.id, before, after)
    await _tell(uow, request.id, ["customer_id"], actor, also=request.customer_id)


async def held(uow: UnitOfWork, request_id: UUID, version: int | None) -> Request:
    """A request, held against changes by others until the commit. Raises NotFound, StaleRequest."""
    request = found(await store.get_for_change(uow, request_id))
    if version is not None and version != request.version:
        raise StaleRequest(
            f"You edited version {version}; the request is at version {request.version} now. Look at what changed and save again.",
            extra={"current": request},
        )
    return request


def found(request: Request | None) -> Request:
    """The request. Raises NotFound when there is none."""
    if request is None:
        raise NotFound("No request has this id; look for it in the list.")
    return request


def content_of(request: Request) -> Content:
    """What people wrote into a request."""
    return Content(**{name: getattr(request, name) for name in Content.__struct_fields__})


@interactions.worked_on.subscribe
async def follow_work(uow: UnitOfWork, fact: interactions.WorkedOn) -> None:
    """Somebody worked on an activity: its request is not idle (product.md 2.4)."""
    if fact.interaction.request_id:
        await store.touch(uow, fact.interaction.request_id)


async def _close(uow: UnitOfWork, actor: Actor | None, request_id: UUID, reason: str) -> Request:
    await store.close(uow, request_id, reason=reason, by=actor.name if actor else "", at=clock.now())
    after = {"status": "closed", "closing_reason": reason}
    await audit.write(uow, actor, "request.closed", "request", request_id, {"status": "active"}, after)
    return await _tell(uow, request_id, ["status", "closing_reason"], actor)


async def _tell(uow: UnitOfWork, request_id: UUID, changed: Iterable[str], actor: Actor | None, *, also: UUID | None = None) -> Request:
    fresh = found(await store.get(uow, request_id))
    events.log_changed(uow, fresh, changed=list(changed), by_name=actor.name if actor else "", also=also)
    return fresh


def _refuse_closed(request: Request) -> None:
    if request.status == "closed":
        raise RequestClosed("This request is closed. Reopen it, or ask a supervisor to; comments on its interactions are still taken.")


async def _check_owner(uow: UnitOfWork, owner_id: UUID | None, errors: FieldErrors) -> None:
    if owner_id and not await store.known_owner(uow, owner_id):
        errors.add("owner_id", "unknown_user", "No active user has this id.")


async def _customer(uow: UnitOfWork, new: NewRequest, errors: FieldErrors) -> UUID | None:
    """Whose request it is: the customer that is named, who must be that of the interaction where both are."""
    if new.interaction_id:
        interaction = await interactions.get_for_change(uow, new.interaction_id)
        if interaction is None:
            errors.add("interaction_id", "unknown_interaction", "No interaction has this id.")
            return None
        if interaction.customer_id is None and new.customer_id is None:
            errors.add("interaction_id", "no_customer", "Nobody knows yet who this is. Link the interaction to a customer first.")
            return None
        if interaction.customer_id and new.customer_id not in (None, interaction.customer_id):
            errors.add("customer_id", "other_customer", "The interaction is another customer's. Move it first, or leave the customer out.")
            return None
        customer_id = new.customer_id or interaction.customer_id
    else:
        customer_id = new.customer_id
    if customer_id is None:
        errors.add("customer_id", "required", "Say which customer it is about.")
        return None
    card = await customers.get(uow, customer_id)
    if card is None or card.archived_at:
        errors.add("customer_id", "unknown_customer", "No customer in use has this id.")
        return None
    return card.id
