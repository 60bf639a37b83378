"""What becomes of the staged rows of a batch: new customers, known ones, refusals (product.md 1.7). A check looks, a run writes."""

from collections.abc import Collection, Sequence
from uuid import UUID

from msgspec import Struct, field

from ringdesk.features.customers import rules
from ringdesk.features.customers import store as customers
from ringdesk.features.customers.attributes.rules import Definitions
from ringdesk.features.customers.identity_rules import first_behind
from ringdesk.features.customers.imports import cards, journal, staging
from ringdesk.features.customers.imports.batches import Plan
from ringdesk.features.customers.imports.mapping import ATTRIBUTE
from ringdesk.features.customers.imports.overwriting import FurtherReach, Row, difference, overwritten
from ringdesk.features.customers.imports.recognition import Recognised, recognise
from ringdesk.features.customers.imports.schemas import ImportRow
from ringdesk.features.customers.models import CustomerRecord, Draft, IdentityRow, Reach
from ringdesk.features.customers.records import identities_of, whole_draft, with_reaches
from ringdesk.features.people import Actor
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.sealed import MASK

_NAMED = 3


class Look(Struct):
    """What the staged rows are. `known` are about one customer; `refused` says why by line; all others are new customers."""

    known: list[Recognised] = field(default_factory=list[Recognised])
    refused: dict[int, str] = field(default_factory=dict[int, str])


async def look(uow: UnitOfWork, plan: Plan, *, refuse_shared: bool, seen: bool) -> Look:
    """Recognise the staged rows, and find those that can't become what they would be. Writes nothing.

    `seen`: whether earlier rows of the file were remembered instead of written.
    """
    found = Look()
    if plan.key or refuse_shared or seen:
        await staging.make_comparable(uow)
    unfit = await _unfit(uow, plan, refuse_shared=refuse_shared, seen=seen)
    recognised = recognise(await staging.keyed_rows(uow, plan.key, seen=seen), plan.on_duplicate, unfit) if plan.key else []
    found.known = [one for one in recognised if one.outcome == "known"]
    ambiguous = [one for one in recognised if one.outcome == "ambiguous"]
    about_somebody = {one.row.line for one in (*found.known, *ambiguous)}
    found.refused = {line: reason for line, reason in unfit.items() if line not in about_somebody}
    if ambiguous:
        found.refused |= await _several(uow, ambiguous, secret=_is_secret(plan))
    if found.known and plan.on_duplicate != "ignore":
        if "external_id" in plan.mapping.values() and plan.key != "external_id":
            found.refused |= await _external_ids_of_others(uow, found.known)
        if refuse_shared:
            others = await staging.shared_with_others(uow, lines_of(found.known))
            found.refused |= {line: _SHARED.format(raw) for line, raw in others}
        found.known = [one for one in found.known if one.row.line not in found.refused]
    return found


_SHARED = "“{}”: Another customer or an earlier row has this number or e-mail. Change that card instead."
_TAKEN = "External id “{}”: Another customer or an earlier row has it. Change it or leave the row out."


async def _unfit(uow: UnitOfWork, plan: Plan, *, refuse_shared: bool, seen: bool) -> dict[int, str]:
    """Why staged rows can't become new customers, by line."""
    unfit: dict[int, str] = {}
    # Without a key a run leaves this to the insert itself.
    if "external_id" in plan.mapping.values() and plan.key != "external_id" and (plan.key or seen):
        unfit |= {line: _TAKEN.format(taken) for line, taken in await staging.external_ids_taken(uow, seen=seen)}
    if refuse_shared:
        unfit |= {line: _SHARED.format(raw) for line, raw in await staging.shared(uow, seen=seen)}
    if not plan.key:
        return unfit
    required = {one.key: one.label for one in plan.attributes if one.required}
    if required:
        missing = await staging.lacking(uow, list(required))
        unfit |= {line: f"Nobody is known by this row, and a new customer needs “{required[key]}”." for line, key in missing}
    if plan.key not in ("phone", "email"):
        nobody = "Nobody is known by this row, and it has no name, number or e-mail address to make a new customer of."
        unfit |= dict.fromkeys(await staging.unnamed(uow), nobody)
    return unfit


def _is_secret(plan: Plan) -> bool:
    return any(ATTRIBUTE + one.key == plan.key and one.privacy == "sensitive" for one in plan.attributes)


async def _several(uow: UnitOfWork, ambiguous: Sequence[Recognised], *, secret: bool) -> dict[int, str]:
    """The rows that are about several customers, which are named by their numbers where they have one already."""
    named = [card for one in ambiguous for card in one.cards[:_NAMED]]
    numbers = {item.id: item.number for item in await customers.summaries(uow, named)}
    refused: dict[int, str] = {}
    for one in ambiguous:
        shown = [f"no. {numbers[card]}" if card in numbers else "one of an earlier row" for card in one.cards[:_NAMED]]
        more = ", …" if len(one.cards) > _NAMED else ""
        who = f"{len(one.cards)} customers have this ({', '.join(shown)}{more})"
        told = [MASK] if secret else _told(one.row.values)
        refused[one.row.line] = f"“{'”, “'.join(told)}”: {who}, so nobody is changed. Merge them, or choose another key."
    return refused


def _told(values: Sequence[str]) -> list[str]:
    """Key values without those that are the same number without its +."""
    return [value for value in values if "+" + value not in values][:_NAMED]


async def _external_ids_of_others(uow: UnitOfWork, known: Sequence[Recognised]) -> dict[int, str]:
    rows = {row.line: row.external_id for row in await staging.staged_rows(uow, [one.row.line for one in known])}
    holders = await staging.external_id_holders(uow, [value for value in rows.values() if value])
    return {
        one.row.line: _TAKEN.format(taken)
        for one in known
        if (taken := rows[one.row.line]) and taken in holders and holders[taken] != one.card
    }


class Written(Struct):
    """What became of a batch: counts of rows, and reasons by line of those that were refused."""

    created: int
    updated: int
    ignored: int
    refused: dict[int, str]


async def settle(uow: UnitOfWork, row: ImportRow, plan: Plan, accepted: int) -> Written:
    """Write the staged rows: `accepted` of them were read."""
    found = await look(uow, plan, refuse_shared=row.options.refuse_shared, seen=False)
    known_lines = [one.row.line for one in found.known]
    staged = await staging.staged_rows(uow, known_lines) if found.known and plan.on_duplicate != "ignore" else []
    refused = dict(found.refused)
    if gone := [*known_lines, *refused]:
        await staging.unstage(uow, gone)
    new = accepted - len(gone)
    if new and not staging.FURTHER_SLOTS.isdisjoint(plan.mapping.values()):
        await staging.put_first_number_first(uow)
    late = await staging.create_staged(uow, count=new, keyed="external_id" in plan.mapping.values()) if new else []
    refused |= {line: _TAKEN.format(taken) for line, taken in late}
    new -= len(late)
    if new:
        await journal.add_created(uow, row.id, row.read)
    if plan.on_duplicate == "ignore":
        return Written(new, 0, len(known_lines), refused)
    of_others = await _rewrite(uow, row, plan, found.known, staged) if staged else {}
    return Written(new, len(known_lines) - len(of_others), 0, refused | of_others)


async def _rewrite(
    uow: UnitOfWork, row: ImportRow, plan: Plan, known: Sequence[Recognised], staged: Sequence[staging.StagedRecord]
) -> dict[int, str]:
    """Bring known customers in line with their rows, in the order of the file; the rows that can't be, with the reason."""
    definitions = {one.key: one for one in plan.attributes}
    held = await customers.read_many_for_change(uow, {one.card for one in known})
    edits = {
        record.id: cards.Edit(record, before, before)
        for record in held.values()
        for before in [whole_draft(record, definitions, plan.region)]
    }
    fields = frozenset(plan.mapping.values())
    rows = {one.line: one for one in staged}
    taken = await staging.external_id_holders(uow, [one.external_id for one in staged if one.external_id])
    refused: dict[int, str] = {}
    for one in known:
        line, edit = one.row.line, edits.get(one.card)
        if edit is None:
            # An earlier row was to make this customer and was refused; or somebody removed it in this moment.
            refused[line] = "The customer of this row is not there: an earlier row that was to make it was refused."
            continue
        after = overwritten(edit.after, _row_of(rows[line], definitions, plan.region), fields, plan.on_duplicate)
        after = with_reaches(after, definitions, plan.region)
        if reason := _impossible(after, one.card, taken):
            refused[line] = reason
            continue
        if after.external_id:
            taken[after.external_id] = one.card
        edit.after = after
        edit.further += _further_of(rows[line])
    changed = [edit for edit in edits.values() if edit.after != edit.before or _adds(edit)]
    if changed:
        await _write(uow, row, changed)
    return refused


async def _write(uow: UnitOfWork, row: ImportRow, edits: Sequence[cards.Edit]) -> None:
    by = Actor(id=row.user_id, name=row.user_name, kind="user", rights=frozenset())
    versions, reachable = await cards.write(uow, by, journal.IMPORTED, edits)
    if reachable:
        await staging.stage_identities(uow, reachable)
    made = await journal.made_here(uow, row.id, list(versions))
    notes = [(edit, difference(edit.before, edit.after)) for edit in edits]
    await journal.add_changes(
        uow,
        row.id,
        [
            journal.Change(
                place=row.read,
                customer_id=edit.record.id,
                created_here=edit.record.id in made,
                version=versions[edit.record.id],
                before=was,
                after=now,
                added={one.id for customer_id, one in reachable if customer_id == edit.record.id and _is_further(one)},
                unconfirmed=[one for one in identities_of(edit.record) if one.confidence == "maybe"],
            )
            for edit, (was, now) in notes
        ],
    )


def _row_of(staged: staging.StagedRecord, definitions: Definitions, region: str) -> Row:
    kind = "company" if staged.said_kind == "company" else "person" if staged.said_kind else None
    draft = whole_draft(staged, definitions, region)
    return Row(draft, staged.whole_name, kind, places=tuple(staged.address_places or ()))


def _further_of(record: CustomerRecord) -> list[FurtherReach]:
    return [
        FurtherReach(one.kind, Reach(one.value, one.normalised))
        for one in identities_of(record)
        if one.attribute is None and one.kind in ("phone", "email") and one.position >= first_behind(one.kind)
    ]


def _is_further(one: IdentityRow) -> bool:
    return one.attribute is None and one.position >= first_behind(one.kind)


def _adds(edit: cards.Edit) -> bool:
    had = {(one.kind, one.normalised) for one in identities_of(edit.record) if one.confidence == "known"}
    return any((one.kind, one.reach.normalised) not in had for one in edit.further)


def _impossible(after: Draft, card: UUID, taken: dict[str, UUID]) -> str | None:
    if after.external_id and taken.get(after.external_id, card) != card:
        return _TAKEN.format(after.external_id)
    if rules.display_name(after) == rules.UNKNOWN:
        return "Nothing would be left by which this customer is known. Fill in a name, a number or an e-mail address."
    return None


def lines_of(known: Collection[Recognised]) -> list[tuple[int, UUID]]:
    """Line and customer of each row."""
    return [(one.row.line, one.card) for one in known]
