"""The values of an attribute whose class changed, encrypted or decrypted wherever they lie: stretch by stretch, each one transaction.

How far it is stands in the attribute, written with the rows themselves, so that a killed process is gone on after. docs/adr/0017.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec import structs

from ringdesk.features.customers import events, identity_rules, rules, service
from ringdesk.features.customers import store as customers
from ringdesk.features.customers.attributes import sealing
from ringdesk.features.customers.attributes import service as attributes
from ringdesk.features.customers.attributes import store as definitions_store
from ringdesk.features.customers.attributes.schemas import Attribute, Conversion, ConversionProgress, SchemaChanged
from ringdesk.features.customers.imports.engine import Files
from ringdesk.features.customers.models import CustomerRecord
from ringdesk.features.customers.privacy import import_files, store
from ringdesk.features.customers.privacy.rewriting import Rewriting, rewritten
from ringdesk.features.customers.privacy.store import Walk
from ringdesk.features.customers.records import identities_of, whole_draft
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.fields import Reach, Refusal
from ringdesk.kit.ids import new_id
from ringdesk.kit.sealed import MASK, is_sealed

# Where else values lie. Trails keep masks: nobody acts on what they hold. Journals keep what an undo puts back.
TRAILS = (
    Walk(table="audit_entry", key={"id": "uuid"}, documents=("before", "after")),
    Walk(table="event_log", key={"pos": "bigint"}, documents=("payload",)),
)
JOURNALS = (
    Walk(
        table="import_change",
        key={"import_id": "uuid", "place": "bigint", "customer_id": "uuid"},
        documents=("before", "after", "unconfirmed"),
    ),
    Walk(table="bulk_edit", key={"id": "uuid"}, documents=("change",)),
    Walk(table="bulk_edit_item", key={"bulk_edit_id": "uuid", "place": "int"}, documents=("was", "became", "kept")),
    Walk(table="customer_merge", key={"id": "uuid"}, documents=("duplicate", "before", "after", "was", "became")),
)
# The share of the work that the cards are taken to be, in percent, and each of the other walks.
_CARDS_SHARE = 60
_EACH = (99 - _CARDS_SHARE) // (len(TRAILS) + len(JOURNALS))
_FIRST = UUID(int=0)


async def run(db: Database, data_dir: Path, attribute_id: UUID, *, region: str) -> None:
    """Bring the conversion of an attribute to its end, unless there is none or another process is at it, or it waits for an import."""
    while True:
        async with db.transaction() as uow:
            if not await step(uow, Files(data_dir), attribute_id, region=region):
                return


async def step(uow: UnitOfWork, files: Files, attribute_id: UUID, *, region: str) -> bool:
    """Convert the next stretch; whether there may be more at once."""
    row = await definitions_store.conversion(uow, attribute_id)
    if row is None:
        return False
    one = next(one for one in await definitions_store.every(uow) if one.id == attribute_id)
    walk: int = row.at.get("walk", 0)
    last: Any = row.at.get("last")
    if walk > len(TRAILS) + len(JOURNALS):
        ended, progress = await _files_are_done(uow, files, one, row.at), row.progress
        if not ended:
            return False
    elif walk == 0:
        reached = await _cards(uow, one, UUID(last) if last else _FIRST, region)
        ended, progress = reached is None, await _share(uow, one, reached)
        last = str(reached) if reached else None
    else:
        last = await _journal(uow, one, (*TRAILS, *JOURNALS)[walk - 1], last, region)
        ended, progress = last is None, _CARDS_SHARE + _EACH * (walk - 1)
    if ended and walk == 0 and one.privacy == "sensitive":
        await store.forget_merged_identities(uow, one.key)
    if ended:
        walk, last = walk + 1, None
    if walk > len(TRAILS) + len(JOURNALS) + 1:
        await definitions_store.put_conversion(uow, attribute_id, None, None)
        uow.log_event("schema.customers_changed", [attributes.TOPIC], SchemaChanged(await definitions_store.every(uow)))
        return False
    progress = max(row.progress, progress)
    await definitions_store.put_conversion(uow, attribute_id, {**row.at, "walk": walk, "last": last}, progress)
    if progress > row.progress:
        told = ConversionProgress(attribute_id, Conversion(state="running", progress=progress))
        uow.log_event("schema.conversion_progress", [attributes.TOPIC], told)
    return True


async def _files_are_done(uow: UnitOfWork, files: Files, one: Attribute, at: dict[str, Any]) -> bool:
    """Last of all: the files of imports. Whether none is under way that reads the field as it was."""
    if one.privacy != "sensitive":
        return True
    since = datetime.fromisoformat(at["since"]) if "since" in at else clock.now()
    return await import_files.hide(uow, files, one, since)


async def _share(uow: UnitOfWork, one: Attribute, reached: UUID | None) -> int:
    if reached is None:
        return _CARDS_SHARE
    done, total = await store.count_with(uow, one.key, reached)
    return _CARDS_SHARE * done // max(1, total)


async def _cards(uow: UnitOfWork, one: Attribute, after: UUID, region: str) -> UUID | None:
    """Convert the next cards; the last one looked at, None behind the end."""
    records = await customers.with_attribute(uow, one.key, after)
    if not records:
        return None
    definitions = await attributes.definitions(uow)
    changed = [(record, value) for record in records if (value := _converted(uow, one, record.attributes[one.key], region)) is not None]
    plans = [(structs.replace(record, attributes={**record.attributes, one.key: value}), value) for record, value in changed]
    await _write(uow, one, [(record, value, whole_draft(record, definitions, region)) for record, value in plans], region)
    return records[-1].id


def _converted(uow: UnitOfWork, one: Attribute, value: Any, region: str) -> Any:
    """The value as the class of its attribute wants it; None where it is so already."""
    sensitive = one.privacy == "sensitive"
    if is_sealed(value) == sensitive:
        return None
    return sealing.seal_value(uow.vault, one, value, region) if sensitive else sealing.open_value(uow.vault, one.key, value)


async def _write(uow: UnitOfWork, one: Attribute, cards: Sequence[tuple[CustomerRecord, Any, Any]], region: str) -> None:
    if not cards:
        return
    plans = [(record, value, draft, identity_rules.plan_identities(identities_of(record), draft, new_id)) for record, value, draft in cards]
    await customers.put_identities(
        uow,
        keep=[(record.id, row) for record, _, _, plan in plans for row in plan.keep],
        remove=[identity for _, _, _, plan in plans for identity in plan.remove],
    )
    texts = [(record.id, value, rules.derive(draft, plan.further).search_text) for record, value, draft, plan in plans]
    await store.put_converted(uow, one.key, texts)
    for record, _, _, plan in plans:
        if plan.new:
            await events.reachable.send(uow, events.Reachable(record.id, identity_rules.all_forms(plan.new, region), None))
    fact = events.Rewritten([record.id for record, _, _, _ in plans])
    await events.rewritten.send(uow, fact)
    for customer_id in sorted(fact.shown):
        await service.tell(uow, customer_id, [sealing.PREFIX + one.key], "")


async def _journal(uow: UnitOfWork, one: Attribute, walk: Walk, after: list[str] | None, region: str) -> list[str] | None:
    """Rewrite the next stretch of a journal; the key of its last row, None at the end."""
    sensitive = one.privacy == "sensitive"
    if walk in TRAILS and not sensitive:
        # A mask tells nothing that could be opened again.
        return None

    def change(value: Any) -> Any:
        if walk in TRAILS or value == MASK:
            return MASK
        return value if (found := _converted(uow, one, value, region)) is None else found

    how = Rewriting(key=one.key, change=change, words=lambda value: _words(one, value, region), hides=sensitive)
    rows, last = await store.stretch(uow, walk, after, [f'%"{one.key}"%', f'%"attributes.{one.key}"%'])
    for row in rows:
        anew = {name: rewritten(document, how) for name, document in row.documents.items()}
        if anew != row.documents:
            await store.put(uow, walk, structs.replace(row, documents=anew))
    return last


def _words(one: Attribute, value: Any, region: str) -> list[str]:
    """What quick search knew a clear value by."""
    try:
        reach = None if is_sealed(value) else one.type.parse(value, region)
    except Refusal:
        return []
    return rules.searchable(reach) if isinstance(reach, Reach) else []
