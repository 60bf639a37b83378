"""Use cases of merging: preview, merge, the journal. The way back is undo.py."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from ringdesk.features import audit
from ringdesk.features.customers import rules as card_rules
from ringdesk.features.customers import store as cards
from ringdesk.features.customers.attributes import service as attributes
from ringdesk.features.customers.errors import StaleCustomer
from ringdesk.features.customers.merging import events, references, rules, store
from ringdesk.features.customers.merging import parts as parts
from ringdesk.features.customers.merging.errors import CardArchived, MergedMeanwhile, SameCustomer
from ringdesk.features.customers.merging.schemas import CustomerMerged, Merge, Merged, MergedCard, MergeRequest, Merges, Preview
from ringdesk.features.customers.models import CustomerRecord, Draft
from ringdesk.features.customers.records import as_stored, customer_of, identities_of, whole_draft, with_reaches
from ringdesk.features.customers.schemas import Customer, LastContact
from ringdesk.features.people import Actor
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import NotFound
from ringdesk.kit.sealed import masked

# The newest merges of a card that are shown; a card of more was put together by a program, which has them in the trail.
SHOWN = 50


class Both(Struct, frozen=True):
    """The two cards of a merge, and what one card of them is."""

    survivor: CustomerRecord
    duplicate: CustomerRecord
    was: Draft
    draft: Draft
    identities: rules.CombinedIdentities


async def preview(db: Database, customer_id: UUID, asked: MergeRequest, *, region: str) -> Preview:
    """What the merge would give; nothing is changed. Raises what `merge` raises."""
    rules.check_choices(asked.choices)
    async with db.transaction() as uow:
        both = await _both(uow, customer_id, asked, version=None, region=region, hold=False)
        moves = {part.counted: await store.count_rows(uow, part, both.duplicate.id) for part in references.moved() if part.counted}
        return Preview(_previewed(both), {"identities": len(identities_of(both.duplicate)), **moves})


async def merge(db: Database, actor: Actor, customer_id: UUID, asked: MergeRequest, *, version: int | None, region: str) -> Merged:
    """Make one card of two: `customer_id` stays, `asked.other_id` goes and means the same card from then on (product.md 1.8).

    Raises NotFound, StaleCustomer for either card, SameCustomer, MergedMeanwhile, CardArchived, InvalidFields.
    """
    rules.check_choices(asked.choices)
    async with db.transaction() as uow:
        await store.begin(uow)
        both = await _both(uow, customer_id, asked, version=version, region=region, hold=True)
        survivor, duplicate = both.survivor.id, both.duplicate.id
        before = await _images(uow, [survivor, duplicate])
        row = await _open_journal(uow, actor, both)
        moved = await _take_along(uow, row.id, source=duplicate, target=survivor)
        await store.remove_card(uow, duplicate)
        await store.put_identities(uow, survivor, both.identities.write)
        updated = await cards.update(uow, survivor, both.draft, card_rules.derive(both.draft, both.identities.further))
        # Above every version that anybody saw of either card: an edit of one of them can't pass for one of this.
        latest = max(updated.version, both.duplicate.version + 1)
        await store.set_version(uow, survivor, latest)
        await store.add_alias(uow, old_id=duplicate, customer_id=survivor)
        for name, rows in (await _images(uow, [survivor])).items():
            await store.note_rows(uow, row.id, name, before[name], rows)
        moved = {"identities": len(identities_of(both.duplicate))} | moved
        row = structs.replace(row, after=await store.card_image(uow, survivor), moved=moved)
        await store.close_journal(uow, row.id, after=row.after, moved=moved)
        card = await _card(uow, survivor)
        # The desks hear that two are one before they hear that one of them is off the desk.
        await _tell(uow, actor, row, both, card)
        await events.merged.send(uow, events.CardsMerged(survivor, duplicate, region))
        return Merged(entry_of(row, undo="possible"), card)


async def merges(db: Database, customer_id: UUID) -> Merges:
    """The merges that made a card what it is, newest first. Raises NotFound."""
    async with db.transaction() as uow:
        record = await cards.read(uow, customer_id)
        if record is None:
            raise _nobody()
        rows = await store.merges_into(uow, record.id, SHOWN)
        return Merges([entry_of(row, undo=_undo_state(row, record.id)) for row in rows])


def entry_of(row: store.MergeRow, *, undo: Any) -> Merge:
    """A row of the journal on the wire."""
    card = MergedCard(row.duplicate_id, row.duplicate["number"], row.duplicate["display_name"], row.duplicate["kind"])
    return Merge(row.id, row.at, row.by_name, row.survivor_id, card, row.moved, row.undone_at, row.undone_by, undo)


def _undo_state(row: store.MergeRow, card: UUID) -> str:
    if row.undone_at:
        return "undone"
    # Into a card that went into this one since: that has to come back first.
    return "possible" if row.survivor_id == card else "later"


async def _both(uow: UnitOfWork, customer_id: UUID, asked: MergeRequest, *, version: int | None, region: str, hold: bool) -> Both:
    survivor_id = await store.resolve(uow, customer_id)
    other = await store.resolve(uow, asked.other_id)
    if survivor_id == other:
        raise SameCustomer("Both ids mean the same card. Choose another customer to merge with.")
    if other != asked.other_id:
        raise MergedMeanwhile(
            "The other card is part of another customer by now. Open that one, and merge it if it is meant.", extra={"customer_id": other}
        )
    if hold:
        for part in references.moved():
            # Calls hold their interaction first and touch its customer then: in this order nobody waits for anybody crosswise.
            await store.hold_rows(uow, part, other)
    read = cards.read_for_change if hold else cards.read
    found = {one: await read(uow, one) for one in sorted((survivor_id, other))}
    survivor, duplicate = found[survivor_id], found[other]
    if survivor is None or duplicate is None or duplicate.id == survivor.id:
        raise _nobody()
    for record, wanted in ((survivor, version), (duplicate, asked.other_version)):
        _check_version(record, wanted)
    if survivor.archived_at:
        raise CardArchived(
            "The card that would stay is archived, and would hide everything with it. Unarchive it first, or merge the other way round."
        )
    definitions = await attributes.definitions(uow)
    was, theirs = (whole_draft(one, definitions, region) for one in (survivor, duplicate))
    draft = with_reaches(rules.combine(was, theirs, asked.choices), definitions, region)
    return Both(survivor, duplicate, was, draft, rules.combine_identities(identities_of(survivor), identities_of(duplicate), draft, new_id))


def _check_version(record: CustomerRecord, version: int | None) -> None:
    if version is not None and version != record.version:
        raise StaleCustomer(
            f"{record.display_name} (no. {record.number}) was changed meanwhile, to version {record.version}. Look at it and merge again.",
            extra={"current": customer_of(record)},
        )


def _previewed(both: Both) -> Customer:
    derived = card_rules.derive(both.draft, both.identities.further)
    values = card_rules.field_values(both.draft)
    fields = {name: value for name, value in values.items() if not name.startswith("attributes.")}
    order = {"phone": 0, "email": 1}
    rows = sorted(both.identities.rows, key=lambda row: (order.get(row.kind, 2), row.kind, row.position))
    contacts = [one.last_contact for one in (customer_of(both.survivor), customer_of(both.duplicate)) if one.last_contact]
    latest: LastContact | None = max(contacts, key=lambda contact: contact.at, default=None)
    return structs.replace(
        customer_of(both.survivor),
        **fields,
        attributes=masked(both.draft.attributes),
        display_name=derived.display_name,
        identities=[as_stored(row) for row in rows],
        last_contact=latest,
    )


async def _open_journal(uow: UnitOfWork, actor: Actor, both: Both) -> store.MergeRow:
    row = store.MergeRow(
        id=new_id(),
        survivor_id=both.survivor.id,
        duplicate_id=both.duplicate.id,
        at=clock.now(),
        by_name=actor.name,
        duplicate=await store.card_image(uow, both.duplicate.id),
        before=await store.card_image(uow, both.survivor.id),
        after={},
        was=msgspec.to_builtins(both.was, str_keys=True),
        became=msgspec.to_builtins(both.draft, str_keys=True),
        moved={},
    )
    await store.add_merge(uow, row)
    return row


async def _take_along(uow: UnitOfWork, merge_id: UUID, *, source: UUID, target: UUID) -> dict[str, int]:
    counts: dict[str, int] = {}
    for moved in references.moved():
        count = await store.move(uow, merge_id, moved, source=source, target=target)
        if moved.counted:
            counts[moved.counted] = count
    for listed in references.listed():
        await store.rename_in_lists(uow, merge_id, listed, source=source, target=target)
    for folded in references.folded():
        await folded.fold(uow, source, target)
    return counts


async def _images(uow: UnitOfWork, customers: Sequence[UUID]) -> Mapping[str, dict[str, tuple[store.Image, store.Image]]]:
    return {part.table: await store.rows(uow, part, customers) for part in references.folded()}


async def _card(uow: UnitOfWork, customer_id: UUID) -> Customer:
    record = await cards.read(uow, customer_id)
    if record is None:
        raise _nobody()
    return customer_of(record)


async def _tell(uow: UnitOfWork, actor: Actor, row: store.MergeRow, both: Both, card: Customer) -> None:
    gone = MergedCard(both.duplicate.id, both.duplicate.number, both.duplicate.display_name, both.duplicate.kind)
    was, now = card_rules.field_values(both.was), card_rules.field_values(both.draft)
    changed = card_rules.changed_fields(was, now)
    sides = [{name: side.get(name) for name in changed} for side in (was, now)]
    await audit.write(
        uow, actor, "customer.merged", "customer", card.id, sides[0], {**sides[1], "merged": gone, "merge_id": row.id, "moved": row.moved}
    )
    await audit.write(uow, actor, "customer.merged_away", "customer", gone.id, row.duplicate, {"customer_id": card.id, "merge_id": row.id})
    events.log_merged(uow, CustomerMerged(row.id, card, gone, actor.name))


def _nobody() -> NotFound:
    return NotFound("No customer has this id; search for the customer in the list.")
