"""Carries a bulk edit out, and back, batch by batch: each one transaction with one event and an audit entry per card."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from ringdesk.features import audit
from ringdesk.features.customers import events, identity_rules, store
from ringdesk.features.customers import rules as card_rules
from ringdesk.features.customers.attributes import service as attributes
from ringdesk.features.customers.attributes.rules import Definitions
from ringdesk.features.customers.bulk import rules
from ringdesk.features.customers.bulk import store as bulk
from ringdesk.features.customers.bulk.rules import Card
from ringdesk.features.customers.bulk.schemas import BulkEdit, BulkEditChanged
from ringdesk.features.customers.models import CustomerRecord, Draft, IdentityRow
from ringdesk.features.customers.records import draft_of, identities_of, with_reaches
from ringdesk.features.customers.rules import Derived
from ringdesk.features.people import Actor
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.ids import new_id

BATCH = 250
"""Cards of one transaction: a quarter of a second in which they are held, short enough for an agent who saves one of them meanwhile."""
TOPICS = ["customers"]


async def run(db: Database, edit_id: UUID, *, region: str) -> BulkEdit | None:
    """Bring an edit, or its undo, to an end; None when there is none or another process is at it.

    What a killed process left is gone on with after its last batch.
    """
    while True:
        async with db.transaction() as uow:
            if not await bulk.try_lock(uow, edit_id):
                return None
            edit = await bulk.read(uow, edit_id, hold=True)
            if edit is None or edit.state not in ("running", "undoing"):
                return edit
            step = _forth if edit.state == "running" else _back
            if not await step(uow, edit, region):
                return await _finish(uow, edit)


async def _finish(uow: UnitOfWork, edit: BulkEdit) -> BulkEdit:
    ended = await bulk.set_state(uow, edit.id, "done" if edit.state == "running" else "undone")
    await audit.write(uow, None, f"bulk_edit.{ended.state}", "bulk_edit", edit.id, after=ended)
    uow.log_event("bulk_edit.changed", TOPICS, BulkEditChanged(ended))
    return ended


async def _forth(uow: UnitOfWork, edit: BulkEdit, region: str) -> bool:
    """Change the next cards; whether there were any."""
    items = await bulk.next_items(uow, edit.id, BATCH)
    if not items:
        return False
    records = await store.read_many_for_change(uow, [item.customer_id for item in items])
    definitions = await attributes.definitions(uow)
    now = clock.now()
    outcomes: list[bulk.Outcome] = []
    changes: list[_Change] = []
    for item in items:
        record = records.get(item.customer_id)
        if record is None:
            outcomes.append(bulk.Outcome(item.place, "gone"))
            continue
        card = _card(record)
        was = rules.current(card, edit.change)
        became = rules.different(was, edit.change)
        if not became:
            outcomes.append(bulk.Outcome(item.place, "unchanged"))
            continue
        was = {name: was[name] for name in became}
        outcomes.append(bulk.Outcome(item.place, "changed", was, became))
        changes.append(_Change(record, rules.with_values(card, became, now), was, became))
    await _write(uow, edit, changes, definitions, region)
    _tell(uow, await bulk.put_outcomes(uow, edit.id, outcomes), changes)
    return True


async def _back(uow: UnitOfWork, edit: BulkEdit, region: str) -> bool:
    """Undo the next changed cards; whether there were any."""
    items = await bulk.next_to_undo(uow, edit.id, BATCH)
    if not items:
        return False
    records = await store.read_many_for_change(uow, [item.customer_id for item in items])
    definitions = await attributes.definitions(uow)
    now = clock.now()
    outcomes: list[tuple[int, bool, dict[str, Any]]] = []
    changes: list[_Change] = []
    for item in items:
        record = records.get(item.customer_id)
        if record is None:
            outcomes.append((item.place, False, {}))
            continue
        card = _card(record)
        have = rules.current(card, item.became)
        back, kept = rules.to_undo(have, item.was, item.became)
        outcomes.append((item.place, bool(back), kept))
        if back:
            changes.append(_Change(record, rules.with_values(card, back, now), {name: have[name] for name in back}, back))
    await _write(uow, edit, changes, definitions, region)
    _tell(uow, await bulk.put_undone(uow, edit.id, outcomes), changes)
    return True


class _Change(Struct, frozen=True):
    """One card to be written: as it lies there, as it is to be, and the fields that differ."""

    record: CustomerRecord
    card: Card
    was: dict[str, Any]
    becomes: dict[str, Any]


def _card(record: CustomerRecord) -> Card:
    return Card(draft_of(record), record.archived_at)


async def _write(uow: UnitOfWork, edit: BulkEdit, changes: Sequence[_Change], definitions: Definitions, region: str) -> None:
    actor = Actor(id=edit.user_id, name=edit.user_name, kind="user", rights=frozenset())
    rows: list[tuple[UUID, Draft, Derived, datetime | None]] = []
    keep: list[tuple[UUID, IdentityRow]] = []
    remove: list[UUID] = []
    reached: list[tuple[UUID, Sequence[IdentityRow]]] = []
    for change in changes:
        draft = with_reaches(change.card.draft, definitions, region)
        plan = identity_rules.plan_identities(identities_of(change.record), draft, new_id)
        keep += [(change.record.id, row) for row in plan.keep]
        remove += plan.remove
        rows.append((change.record.id, draft, card_rules.derive(draft, plan.further), change.card.archived_at))
        if plan.new:
            reached.append((change.record.id, plan.new))
    await store.put_identities(uow, keep=keep, remove=remove)
    await store.update_many(uow, rows)
    for change in changes:
        await audit.write(uow, actor, "customer.changed", "customer", change.record.id, change.was, change.becomes)
    for customer_id, identities in reached:
        await events.reachable.send(uow, events.Reachable(customer_id, identity_rules.all_forms(identities, region), actor))
    changed = sorted({name.partition(".")[0] for change in changes for name in change.becomes})
    fact = events.ChangedInBulk([change.record.id for change in changes], changed, edit.user_name)
    await events.changed_in_bulk.send(uow, fact)


def _tell(uow: UnitOfWork, edit: BulkEdit, changes: Sequence[_Change]) -> None:
    uow.log_event("bulk_edit.changed", TOPICS, BulkEditChanged(edit, [change.record.id for change in changes]))
