"""The way back of a merge: what it changed and nobody changed since becomes what it was (docs/adr/0015)."""

from uuid import UUID

import msgspec
from msgspec import Struct, field

from ringdesk.features import audit
from ringdesk.features.customers import identity_rules
from ringdesk.features.customers import rules as card_rules
from ringdesk.features.customers import store as cards
from ringdesk.features.customers.attributes import service as attributes
from ringdesk.features.customers.attributes.rules import Definitions
from ringdesk.features.customers.attributes.sealing import in_todays_form
from ringdesk.features.customers.merging import events, references, rules, store
from ringdesk.features.customers.merging.errors import AlreadyUndone, UndoLaterFirst
from ringdesk.features.customers.merging.parts import IDENTITIES
from ringdesk.features.customers.merging.schemas import CustomerUnmerged, LeftOut, Unmerged
from ringdesk.features.customers.merging.service import entry_of
from ringdesk.features.customers.models import CustomerRecord, Draft
from ringdesk.features.customers.records import customer_of, identities_of, whole_draft, with_reaches
from ringdesk.features.people import Actor
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.fields import Refusal, stored_form
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import NotFound
from ringdesk.kit.sealed import is_sealed


class Back(Struct):
    """What an undo has found so far."""

    kept: list[str] = field(default_factory=list[str])
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])
    changed: set[str] = field(default_factory=set[str])
    """Tables with rows that were changed since the merge."""
    untouched: set[UUID] = field(default_factory=set[UUID])
    """Identities of the surviving card that are now as they were before the merge."""


async def undo(db: Database, actor: Actor, merge_id: UUID, *, region: str) -> Unmerged:
    """Make two cards of one again. What came since stays with the card that it was linked to, and edits made since stay too.

    Raises NotFound, AlreadyUndone, UndoLaterFirst.
    """
    async with db.transaction() as uow:
        await store.begin(uow)
        row = await store.merge_for_change(uow, merge_id)
        if row is None:
            raise NotFound("No merge has this id.")
        survivor = await _held(uow, row)
        definitions = await attributes.definitions(uow)
        back = Back()
        await _bring_back_card(uow, row)
        await _give_back(uow, row, back)
        await _settle_survivor(uow, row, survivor, definitions, back, region)
        await _settle_restored(uow, row, definitions, back, region)
        await store.set_undone(uow, merge_id, clock.now(), actor.name)
        undone = await _tell(uow, actor, row, back)
        await events.parted.send(uow, events.CardsParted(row.survivor_id, row.duplicate_id, region, frozenset(back.changed)))
        return undone


async def _held(uow: UnitOfWork, row: store.MergeRow) -> CustomerRecord:
    """The surviving card, held; its moved rows first, as at the merge."""
    if row.undone_at:
        raise AlreadyUndone("This merge was undone before; both cards are there.")
    for part in references.moved():
        await store.hold_rows(uow, part, row.survivor_id)
    survivor = await cards.read_for_change(uow, row.survivor_id)
    if survivor is None or survivor.id != row.survivor_id:
        later = await store.merge_away(uow, row.survivor_id)
        raise UndoLaterFirst("This card went into another one since. Undo that merge first, then this one.", extra={"merge_id": later})
    return survivor


async def _bring_back_card(uow: UnitOfWork, row: store.MergeRow) -> None:
    # An external id may be another card's by now; it comes back in the end if it is free.
    await store.write_rows(uow, "customer", [{**row.duplicate, "external_id": None}])
    await store.drop_alias(uow, row.duplicate_id)


async def _give_back(uow: UnitOfWork, row: store.MergeRow, back: Back) -> None:
    for moved in references.moved():
        await store.move_back(uow, row.id, moved, source=row.duplicate_id, target=row.survivor_id)
    for listed in references.listed():
        await store.name_again_in_lists(uow, row.id, listed)
    both = [row.survivor_id, row.duplicate_id]
    for part in references.folded():
        now = await store.rows(uow, part, both)
        remove: list[store.Image] = []
        write: list[store.Image] = []
        for noted in await store.noted_rows(uow, row.id, part.table):
            current = now[noted.name][1] if noted.name in now else None
            wanted = rules.row_back(noted.before, noted.after, current)
            if current != noted.after:
                back.changed.add(part.table)
            elif part is IDENTITIES and wanted:
                back.untouched.add(UUID(wanted["id"]))
            if wanted != current:
                remove += [noted.key] if current else []
                write += [dict(wanted)] if wanted else []
        await store.remove_rows(uow, part, both, remove)
        await store.write_rows(uow, part.table, write)


async def _settle_survivor(
    uow: UnitOfWork, row: store.MergeRow, held: CustomerRecord, definitions: Definitions, back: Back, region: str
) -> None:
    """Bring the fields of the surviving card in line with what went back."""
    was, became = (msgspec.convert(draft, Draft, strict=False) for draft in (row.was, row.became))
    now = whole_draft(held, definitions, region)
    record = await _read(uow, row.survivor_id)
    identities = rules.settle_slots(identities_of(record), frozenset(back.untouched))
    taken = rules.take_back(was, became, now)
    back.kept = [*taken.kept, *_kept_addresses(was, became, now)]
    draft = with_reaches(rules.shown_fields(taken.draft, identities), definitions, region)
    had = {one.id: one for one in identities_of(record)}
    await store.put_identities(uow, record.id, [identity_rules.as_row(one) for one in identities if had[one.id] != one])
    plan = identity_rules.plan_identities(identities, draft, new_id)
    await cards.put_identities(uow, keep=[(record.id, one) for one in plan.keep], remove=plan.remove)
    await cards.update(uow, record.id, draft, card_rules.derive(draft, plan.further))
    if draft == with_reaches(was, definitions, region) and "customer_identity" not in back.changed:
        await store.set_derived(uow, record.id, row.before)


def _kept_addresses(was: Draft, became: Draft, now: Draft) -> list[str]:
    sides = [card_rules.field_values(draft) for draft in (was, became, now)]
    names = [name for name in sides[0] if name.startswith("phone_") or name == "email"]
    return [name for name in names if sides[0][name] != sides[1][name] and sides[2][name] != sides[1][name]]


async def _settle_restored(uow: UnitOfWork, row: store.MergeRow, definitions: Definitions, back: Back, region: str) -> None:
    """Bring the card that came back in line with what administrators changed meanwhile, and above every version that was seen."""
    external_id = row.duplicate["external_id"]
    if external_id and not await store.set_external_id(uow, row.duplicate_id, external_id):
        back.left_out.append(LeftOut("external_id", external_id, "Another customer has this external id now."))
    record = await _read(uow, row.duplicate_id)
    fitting = _fitting(in_todays_form(record.attributes, definitions, uow.vault, region), definitions, region)
    record.attributes = fitting
    draft = whole_draft(record, definitions, region)
    plan = identity_rules.plan_identities(identities_of(record), draft, new_id)
    if plan.keep or plan.remove or fitting != row.duplicate["attributes"]:
        await cards.put_identities(uow, keep=[(record.id, one) for one in plan.keep], remove=plan.remove)
        await cards.update(uow, record.id, draft, card_rules.derive(draft, plan.further))
    survivor = await _read(uow, row.survivor_id)
    await store.set_version(uow, record.id, survivor.version + 1)


def _fitting(values: dict[str, object], definitions: Definitions, region: str) -> dict[str, object]:
    """Stored values in the form of today's types; one that fits no longer stays as it is, to be seen and mended."""
    fitting = dict(values)
    for key, definition in definitions.items():
        if is_sealed(values.get(key)):
            continue
        for value in (values.get(key), str(values.get(key))):
            try:
                form = stored_form(definition.type, value, region) if key in values else None
            except Refusal:
                continue
            if form is not None:
                fitting[key] = form
            break
    return fitting


async def _read(uow: UnitOfWork, customer_id: UUID) -> CustomerRecord:
    record = await cards.read(uow, customer_id)
    if record is None:
        raise NotFound("No customer has this id; search for the customer in the list.")
    return record


async def _tell(uow: UnitOfWork, actor: Actor, row: store.MergeRow, back: Back) -> Unmerged:
    customer, restored = customer_of(await _read(uow, row.survivor_id)), customer_of(await _read(uow, row.duplicate_id))
    for card, other in ((customer, restored), (restored, customer)):
        note: dict[str, object] = {"merge_id": row.id, "other": other.id}
        if card is customer:
            note["kept"] = back.kept
        await audit.write(uow, actor, "customer.unmerged", "customer", card.id, None, note)
    events.log_unmerged(uow, CustomerUnmerged(row.id, customer, restored, actor.name))
    undone = await store.merge_of(uow, row.id)
    return Unmerged(entry_of(undone or row, undo="undone"), customer, restored, back.kept, back.left_out)
