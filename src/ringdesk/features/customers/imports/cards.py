"""Many cards written at once, as an import and its undo do: identities, derived columns, audit, and who has to be told."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct, field, structs

from ringdesk.features import audit
from ringdesk.features.customers import events, identity_rules, rules
from ringdesk.features.customers import store as customers
from ringdesk.features.customers.imports.overwriting import FurtherReach
from ringdesk.features.customers.models import CustomerRecord, Draft, IdentityRow, Reach
from ringdesk.features.customers.records import as_stored, customer_of, identities_of
from ringdesk.features.customers.schemas import Identity
from ringdesk.features.people import Actor
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.ids import new_id


class Edit(Struct):
    """A held card and what it is to become.

    `further` are addresses that it gets besides, `drop` those that it loses besides. Of the addresses that no longer follow from its
    fields `unconfirmed` ones stay, as they were.
    """

    record: CustomerRecord
    before: Draft
    after: Draft
    further: list[FurtherReach] = field(default_factory=list[FurtherReach])
    drop: set[UUID] = field(default_factory=set[UUID])
    unconfirmed: list[Identity] = field(default_factory=list[Identity])


async def write(
    uow: UnitOfWork, actor: Actor, action: str, edits: Sequence[Edit]
) -> tuple[dict[UUID, int], list[tuple[UUID, IdentityRow]]]:
    """Write cards and their identities, note `action` in the audit trail of each, and tell the screens that show one.

    Gives the versions afterwards, and the addresses at which customers can be reached only now.
    """
    plans = [(edit, _plan(edit)) for edit in edits]
    await customers.put_identities(
        uow,
        keep=[(edit.record.id, row) for edit, plan in plans for row in plan.keep],
        remove=[identity for _, plan in plans for identity in plan.remove],
    )
    derived = [(edit.record.id, edit.after, rules.derive(edit.after, plan.further), edit.record.archived_at) for edit, plan in plans]
    versions = await customers.update_many(uow, derived)
    fact = events.Rewritten([edit.record.id for edit in edits])
    await events.rewritten.send(uow, fact)
    changed: dict[UUID, list[str]] = {}
    async with uow.conn.pipeline():
        for edit, plan in plans:
            was, now = rules.field_values(edit.before), rules.field_values(edit.after)
            names = rules.changed_fields(was, now)
            if plan.new and edit.further:
                names.append("identities")
                now["identities"] = [one.reach.raw for one in edit.further]
            changed[edit.record.id] = names
            values = [{name: side.get(name) for name in names} for side in (was, now)]
            await audit.write(uow, actor, action, "customer", edit.record.id, *values)
    await _tell(uow, fact.shown, changed, actor.name)
    return versions, [(edit.record.id, row) for edit, plan in plans for row in plan.new]


def _plan(edit: Edit) -> identity_rules.IdentityPlan:
    present = [one for one in identities_of(edit.record) if one.id not in edit.drop]
    plan = identity_rules.plan_identities(present, edit.after, new_id)
    held = {(one.kind, one.normalised) for one in present if one.confidence == "known"} | {(row.kind, row.normalised) for row in plan.keep}
    for one in edit.further:
        if (one.kind, one.reach.normalised) not in held:
            also = identity_rules.behind(present, one.kind, one.reach, new_id)
            plan, present = identity_rules.with_also(plan, also), [*present, as_stored(also)]
            held.add((one.kind, one.reach.normalised))
    gone = {(one.kind, one.normalised) for one in present if one.id in plan.remove}
    back = [one for one in edit.unconfirmed if (one.kind, one.normalised) in gone]
    return structs.replace(
        plan,
        keep=[*plan.keep, *map(identity_rules.as_row, back)],
        remove=[*plan.remove, *sorted(edit.drop)],
        further=[*plan.further, *(Reach(one.value, one.normalised) for one in back)],
    )


async def _tell(uow: UnitOfWork, shown: set[UUID], changed: Mapping[UUID, list[str]], by_name: str) -> None:
    for customer_id in sorted(shown):
        if record := await customers.read(uow, customer_id):
            events.log_changed(uow, customer_of(record), changed=changed.get(customer_id, []), by_name=by_name)
