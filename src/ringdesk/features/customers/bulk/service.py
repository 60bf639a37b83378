"""Use cases of bulk edits: each one transaction."""

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from msgspec import structs
from psycopg import sql

from ringdesk.features import audit
from ringdesk.features.customers import listing
from ringdesk.features.customers.attributes import service as attributes
from ringdesk.features.customers.attributes.rules import Definitions
from ringdesk.features.customers.bulk import jobs, rules, store
from ringdesk.features.customers.bulk.engine import TOPICS
from ringdesk.features.customers.bulk.errors import BulkEditNotFound, NothingSelected, WrongState
from ringdesk.features.customers.bulk.schemas import BulkEdit, BulkEditChanged, BulkEdits, BulkState, LeftAlone, LeftAlonePage, NewBulkEdit
from ringdesk.features.people import Actor
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.ids import new_id
from ringdesk.kit.listing import matching
from ringdesk.kit.problems import FieldErrors
from ringdesk.kit.sealed import masked

MOST = 1_000_000
"""Customers of one edit: to take down a million of them takes some ten seconds, about as long as somebody waits for the number."""
_PAGE = 200
_OF_A_PAGE = frozenset({"page", "page_size", "sort"})


async def prepare(db: Database, actor: Actor, new: NewBulkEdit, *, region: str) -> BulkEdit:
    """Take down whom a change is for, as the list finds them now, and count them; nothing is changed yet.

    What comes to match afterwards is left alone, what matches no more is changed all the same: the number that was shown is the number that
    is dealt with. Raises InvalidFields with every error, NothingSelected.
    """
    async with db.transaction() as uow:
        definitions = await attributes.definitions(uow)
        edit = BulkEdit(
            id=new_id(),
            state="prepared",
            query=_kept(new.query, definitions),
            change=rules.checked(new.change, definitions, region, uow.vault),
            total=0,
            user_id=actor.id or actor.key_id,
            user_name=actor.name,
            created_at=clock.now(),
        )
        keys = await _selected(uow, actor, new, region)
        await store.insert(uow, edit)
        total = await store.select_all(uow, edit.id, keys, MOST + 1)
        if total == 0:
            raise NothingSelected("The selection has no customers in it any more. Load the list again and select anew.")
        if total > MOST:
            raise NothingSelected(
                f"At most {MOST:,} customers can be edited at once. Narrow the list by a filter, and take the rest after."
            )
        return _told(await store.set_total(uow, edit.id, total))


def _kept(query: str | None, definitions: Definitions) -> str | None:
    """The question as it is kept: what sensitive attributes were compared with is not."""
    if query is None:
        return None
    asked = parse_qsl(query, keep_blank_values=True)
    kept = listing.without_secrets(asked, list(definitions.values()))
    return query if kept == asked else urlencode(kept)


def _told(edit: BulkEdit) -> BulkEdit:
    """An edit as it leaves the program: its engine needs the sealed values, nobody else."""
    return structs.replace(edit, change=masked(edit.change))


async def _selected(uow: UnitOfWork, actor: Actor, new: NewBulkEdit, region: str) -> sql.Composable:
    if (new.ids is None) == (new.query is None):
        errors = FieldErrors()
        errors.add("ids", "required", "Give either ids or a query.")
        errors.raise_if_any()
    if new.ids is not None:
        return sql.SQL("select id from customer where id = any({}::uuid[])").format([str(one) for one in new.ids])
    asked = [(name, value) for name, value in parse_qsl(new.query or "", keep_blank_values=True) if name not in _OF_A_PAGE]
    return matching(*await listing.asked(uow, asked, region, listing.reader_of(actor)))


async def start(db: Database, actor: Actor, edit_id: UUID) -> BulkEdit:
    """Have the worker carry out a prepared edit, or go on with one that was cancelled or failed. Raises BulkEditNotFound, WrongState."""
    return await _move(db, actor, edit_id, "running", ("prepared", "cancelled", "failed"), "bulk_edit.started")


async def cancel(db: Database, actor: Actor, edit_id: UUID) -> BulkEdit:
    """Stop after the batch that is being written; what is changed stays, and can be undone. Raises BulkEditNotFound, WrongState."""
    return await _move(db, actor, edit_id, "cancelled", ("running",), "bulk_edit.cancelled")


async def undo(db: Database, actor: Actor, edit_id: UUID) -> BulkEdit:
    """Have the worker give every changed card its earlier values back, but those that somebody changed since.

    Raises BulkEditNotFound, WrongState.
    """
    return await _move(db, actor, edit_id, "undoing", ("done", "cancelled", "failed"), "bulk_edit.undone")


async def _move(db: Database, actor: Actor, edit_id: UUID, to: BulkState, of: tuple[BulkState, ...], action: str) -> BulkEdit:
    async with db.transaction() as uow:
        before = await store.read(uow, edit_id, hold=True)
        if before is None:
            raise _not_found()
        if before.state not in of:
            raise WrongState(f"It is {before.state}; this can be done while it is {' or '.join(of)}. Load it again.")
        after = await store.set_state(uow, edit_id, to)
        await audit.write(uow, actor, action, "bulk_edit", edit_id, before, after)
        uow.log_event("bulk_edit.changed", TOPICS, BulkEditChanged(after))
        if to != "cancelled":
            await jobs.queue(uow, edit_id)
        return _told(after)


async def get(db: Database, edit_id: UUID) -> BulkEdit:
    """One edit and how far it is. Raises BulkEditNotFound."""
    async with db.transaction() as uow:
        found = await store.read(uow, edit_id)
    if found is None:
        raise _not_found()
    return _told(found)


async def newest(db: Database) -> BulkEdits:
    """The newest edits that were begun."""
    async with db.transaction() as uow:
        return BulkEdits([_told(one) for one in await store.newest(uow)])


async def left_alone(db: Database, edit_id: UUID, after: int) -> LeftAlonePage:
    """The customers of whom the undo kept something. Raises BulkEditNotFound."""
    async with db.transaction() as uow:
        if await store.read(uow, edit_id) is None:
            raise _not_found()
        found = await store.left_alone(uow, edit_id, after, _PAGE + 1)
    items = [
        LeftAlone(customer_id=one.customer_id, number=one.number, display_name=one.display_name, kept=masked(one.kept))
        for one in found[:_PAGE]
    ]
    return LeftAlonePage(items, found[_PAGE - 1].place if len(found) > _PAGE else None)


def _not_found() -> BulkEditNotFound:
    return BulkEditNotFound("It may have been prepared more than a day ago without being started. Select the customers anew.")
