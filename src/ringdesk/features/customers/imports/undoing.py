"""Undo of an import, from its last batch to its first (product.md 1.7). What people changed since stays, and is listed.

First the customers that were there before get the old values of what still is as the import left it; then those that the import made
are removed, unless somebody changed their card or something refers to them.
"""

from collections.abc import Sequence
from uuid import UUID

from msgspec import structs

from ringdesk.features.customers import events
from ringdesk.features.customers import store as customers
from ringdesk.features.customers.attributes.rules import Definitions
from ringdesk.features.customers.identity_rules import shown_by_field
from ringdesk.features.customers.imports import cards, journal, staging
from ringdesk.features.customers.imports.overwriting import put_back
from ringdesk.features.customers.imports.schemas import ImportRow, UndoCounts
from ringdesk.features.customers.records import identities_of, whole_draft, with_reaches
from ringdesk.features.people import Actor
from ringdesk.kit.db import UnitOfWork

# A second's work at most: whoever is called by one of these customers meanwhile waits no longer.
BITE = 1_000


async def bite(uow: UnitOfWork, row: ImportRow, definitions: Definitions) -> UndoCounts | None:
    """Undo some of what is left; the counts then, None when nothing is left."""
    undo = row.undo or UndoCounts()
    if changes := await journal.last_changes(uow, row.id, BITE):
        restored = await _restore(uow, row, changes, definitions, undo.by_name)
        await journal.forget_changes(uow, row.id, changes)
        return structs.replace(undo, restored=undo.restored + restored, kept=await journal.count_kept(uow, row.id))
    if made := await journal.last_created(uow, row.id, BITE):
        there = await journal.hold(uow, made.created)
        removed = await _remove(uow, row, there)
        gone = undo.gone + len(made.created) - len(there)
        await journal.forget_created(uow, row.id, made)
        return structs.replace(undo, removed=undo.removed + removed, gone=gone, kept=await journal.count_kept(uow, row.id))
    await journal.forget(uow, row.id)
    return None


async def _remove(uow: UnitOfWork, row: ImportRow, there: Sequence[UUID]) -> int:
    changed = set(await journal.changed_since(uow, row.id, there))
    used = set(await journal.in_use(uow, there, but=journal.BY_ADDRESS))
    if alone := [one for one in there if one not in changed and one not in used]:
        await events.releasing.send(uow, events.Releasing(alone))
        used |= set(await journal.in_use(uow, alone))
    used -= changed
    if changed or used:
        who = await journal.who_changed(uow, changed)
        kept = [journal.Kept(one, "changed", *who.get(one, ([], ""))) for one in sorted(changed)]
        await journal.keep(uow, row.id, [*kept, *(journal.Kept(one, "in_use", [], "") for one in sorted(used))])
    gone = [one for one in there if one not in changed and one not in used]
    if gone:
        await events.removed.send(uow, events.Removed(gone))
        await journal.remove(uow, gone)
    return len(gone)


async def _restore(uow: UnitOfWork, row: ImportRow, changes: Sequence[journal.Change], definitions: Definitions, by_name: str) -> int:
    """Give old values back; how many customers got some. A customer that two batches changed is undone batch by batch."""
    records = await customers.read_many_for_change(uow, {one.customer_id for one in changes})
    region = row.options.region
    edits: dict[UUID, cards.Edit] = {}
    kept: dict[UUID, list[str]] = {}
    wanted = [one.before["external_id"] for one in changes if one.before.get("external_id")]
    holders = await staging.external_id_holders(uow, wanted) if wanted else {}
    for change in changes:
        record = records.get(change.customer_id)
        if record is None:
            continue
        edit = edits.get(record.id)
        if edit is None:
            before = whole_draft(record, definitions, region)
            edit = edits[record.id] = cards.Edit(record, before, before)
        old_id = change.before.get("external_id")
        taken = ["external_id"] if old_id and holders.get(old_id, record.id) != record.id else []
        after, left = put_back(edit.after, change.before, change.after, taken=taken)
        edit.after = with_reaches(after, definitions, region)
        edit.drop |= change.added & {one.id for one in identities_of(record) if one.confidence == "known" and not shown_by_field(one)}
        edit.unconfirmed = change.unconfirmed
        if left:
            kept.setdefault(record.id, []).extend(left)
    written = [edit for edit in edits.values() if edit.after != edit.before or edit.drop]
    actor = Actor(id=None, name=by_name, kind="user", rights=frozenset())
    if written:
        await cards.write(uow, actor, journal.UNDONE, written)
    if kept:
        who = await journal.who_changed(uow, kept)
        await journal.keep(uow, row.id, [journal.Kept(one, "changed", names, who.get(one, ([], ""))[1]) for one, names in kept.items()])
    return len(written)
