"""What was done to a card, as entries of its journey: edits, merges, undone merges, and interactions that changed hands (docs/adr/0019).

Only which fields, when and by whom: values stand in the audit trail, for those who may read it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from ringdesk.features import customers
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.problems import NotFound

ChangeKind = Literal[
    "created",
    "changed",
    "imported",
    "import_undone",
    "archived",
    "unarchived",
    "identity_added",
    "identity_removed",
    "merged",
    "unmerged",
    "taken",
    "given",
]


class Change(Struct, frozen=True, kw_only=True):
    """One change. `fields`: the names of what was edited. `by_name` "": the system.

    `merged` and `unmerged`: `card_number` is the other card's. `taken`: the interaction was linked to this customer after it had been
    `other_id`'s; `given`: it went from this one to `other_id`.
    """

    id: UUID
    at: datetime
    kind: ChangeKind
    by_name: str
    fields: list[str]
    card_number: int | None
    interaction_id: UUID | None
    other_id: UUID | None
    other_name: str | None


class Changes(Struct, frozen=True):
    """One page, newest first; go on with `cursor` = `next_cursor`."""

    items: list[Change]
    next_cursor: str | None


async def of_customer(db: Database, customer_id: UUID, *, before: UUID | None, limit: int) -> Changes:
    """One page of what was done to a card. Raises NotFound."""
    async with db.transaction() as uow:
        card = await customers.summary(uow, customer_id)
        if card is None:
            raise NotFound("No customer has this id; search for the customer in the list.")
        rows = await _rows(uow, card.id, before, limit + 1)
        page = rows[:limit]
        names = {one.id: one.display_name for one in await customers.summaries(uow, {row.other_id for row in page if row.other_id})}
        return Changes([_change(row, names) for row in page], str(page[-1].id) if len(rows) > limit else None)


class _Row(Struct, frozen=True, kw_only=True):
    id: UUID
    at: datetime
    action: str
    actor_id: UUID | None
    actor: str
    fields: list[str]
    card_number: int | None
    interaction_id: str | None
    other_id: UUID | None


# Not fields of a card: what a merge and an address say beside them.
_BESIDE = ("merged", "merge_id", "moved", "other", "kept", "kind", "value", "confidence", "number")


async def _rows(uow: UnitOfWork, card: UUID, before: UUID | None, limit: int) -> Sequence[_Row]:
    """Each part is a walk of one index, cut where the page ends."""
    return await uow.all(
        _Row,
        """
        with found as (
            (select id, at, action, actor_id, actor, before, after, entity_id, null::uuid as other_id from audit_entry
             where entity_id = any(array(select %(card)s::text union all
                                         select old_id::text from customer_alias where customer_id = %(card)s))
               and entity = 'customer' and id < %(before)s
               and action = any(array['customer.created', 'customer.changed', 'customer.imported', 'customer.import_undone',
                                      'customer.archived', 'customer.unarchived', 'customer.identity_added', 'customer.identity_removed',
                                      'customer.merged', 'customer.unmerged'])
             order by id desc limit %(limit)s)
            union all
            (select id, at, 'interaction.taken', actor_id, actor, before, after, entity_id, (before->>'customer_id')::uuid from audit_entry
             where action = 'interaction.linked' and before->>'customer_id' is not null and after->>'customer_id' = %(card)s::text
               and id < %(before)s order by id desc limit %(limit)s)
            union all
            (select id, at, 'interaction.given', actor_id, actor, before, after, entity_id, (after->>'customer_id')::uuid from audit_entry
             where action = 'interaction.linked' and before->>'customer_id' = %(card)s::text
               and id < %(before)s order by id desc limit %(limit)s))
        select f.id, f.at, f.action, f.actor_id, f.actor, f.other_id,
               case when f.action = any(array['customer.changed', 'customer.imported', 'customer.import_undone', 'customer.merged']) then
                   array(select k from jsonb_object_keys(coalesce(f.before, '{}') || coalesce(f.after, '{}')) as k
                         where not k = any(%(beside)s) order by k)
               else '{}' end as fields,
               coalesce((f.after->'merged'->>'number')::int,
                        (select c.number from customer c where c.id::text = f.after->>'other' and f.action = 'customer.unmerged'))
                   as card_number,
               case when f.other_id is not null then f.entity_id end as interaction_id
        from found f order by f.id desc limit %(limit)s
        """,
        {"card": card, "before": before or _NEWEST, "limit": limit, "beside": list(_BESIDE)},
    )


# Greater than every key.
_NEWEST = UUID(int=2**128 - 1)


def _change(row: _Row, names: dict[UUID, str]) -> Change:
    kind: ChangeKind = row.action.partition(".")[2]  # pyright: ignore[reportAssignmentType]  (the query asks for these actions alone)
    return Change(
        id=row.id,
        at=row.at,
        kind=kind,
        by_name=row.actor if row.actor_id else "",
        fields=row.fields,
        card_number=row.card_number,
        interaction_id=UUID(row.interaction_id) if row.interaction_id else None,
        other_id=row.other_id,
        other_name=names.get(row.other_id) if row.other_id else None,
    )
