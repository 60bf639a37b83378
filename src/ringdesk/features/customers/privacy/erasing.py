"""A customer is erased for good: the card and its whole cluster, and everything that any feature keeps about them (product.md 1.9).

First, in one transaction, everything that is found by an id: from its commit on nobody can look the customer up, and the old ids answer
with the tombstone. Then the worker searches what has no index by customer: trails, questions, files. docs/adr/0017.
"""

from collections.abc import Sequence
from urllib.parse import quote, quote_plus
from uuid import UUID

import msgspec

from ringdesk.features import audit
from ringdesk.features.customers import events, identity_rules
from ringdesk.features.customers import store as customers
from ringdesk.features.customers.merging import references
from ringdesk.features.customers.merging import store as merging
from ringdesk.features.customers.models import CustomerRecord, IdentityRow
from ringdesk.features.customers.privacy import erasure_store as store
from ringdesk.features.customers.privacy.revealing import checked_reason
from ringdesk.features.customers.privacy.schemas import CustomerErased, EraseRequest, Tombstone
from ringdesk.features.customers.privacy.traces import Trace
from ringdesk.features.people import Actor
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.ids import new_id
from ringdesk.kit.jobs import defer
from ringdesk.kit.problems import FieldErrors, NotFound
from ringdesk.kit.sealed import is_sealed

# What is shorter stands in much that is somebody else's.
_SHORTEST = 6


async def erase(db: Database, actor: Actor, customer_id: UUID, asked: EraseRequest, *, region: str) -> Tombstone:
    """Erase a customer. Raises NotFound, CustomerGone, InvalidFields, CallInProgress (a conversation with them is going on)."""
    reason = checked_reason(asked.reason)
    async with db.transaction() as uow:
        # Before anything else is held: a batch that holds cards must not wait for us.
        await store.hold_alone(uow)
        current = await merging.resolve(uow, customer_id)
        for part in references.moved():
            # Calls hold their interaction first and touch its customer then: in this order nobody waits for anybody crosswise.
            await merging.hold_rows(uow, part, current)
        record = await customers.read_for_change(uow, customer_id)
        if record is None:
            await store.raise_if_erased(uow, customer_id)
            raise NotFound("No customer has this id; search for the customer in the list.")
        errors = FieldErrors()
        if asked.confirm != record.number:
            errors.add("confirm", "not_the_number", f"Type the number of this customer, {record.number}, to erase them for good.")
        errors.raise_if_any()
        ids = await store.cluster(uow, record.id)
        known = await store.addresses(uow, record.id)
        fact = events.Erasing(ids, _forms(known, region))
        await events.erasing.send(uow, fact)
        rows = fact.rows | set(ids) | set(await store.merges(uow, ids))
        erasure_id = new_id()
        # First of all: who shows the card hears that it was erased before it leaves the desk.
        topics = ["customers", *(f"customer:{one}" for one in ids)]
        uow.log_event("customer.erased", topics, CustomerErased(erasure_id, ids, actor.name))
        await events.removed.send(uow, events.Removed(ids))
        for table, count in (await store.erase_cards(uow, ids)).items():
            fact.count(table, count)
        fact.count("audit_entry", await store.empty_audit(uow, rows))
        stone = Tombstone(
            id=erasure_id,
            customer_id=record.id,
            number=record.number,
            ids=ids,
            at=clock.now(),
            by_name=actor.name,
            reason=reason,
            counts=store.as_counts(fact.counts),
            finished_at=None,
        )
        trace = _trace(sorted(rows), record, known, region)
        await store.add(uow, stone, actor.id or actor.key_id, uow.vault.encrypt(msgspec.json.encode(trace).decode()).decode())
        await audit.write(uow, actor, "customer.erased", "customer", record.id, None, {"reason": reason, "erasure_id": stone.id})
        await queue(uow, stone.id)
        return stone


async def queue(uow: UnitOfWork, erasure_id: UUID) -> None:
    """Have the worker search trails and files once this transaction has committed."""
    await defer(uow, store.JOB, lock=f"erasure:{erasure_id}", arguments={"erasure_id": str(erasure_id)})


async def tombstone(db: Database, erasure_id: UUID) -> Tombstone:
    """One erasure. Raises NotFound."""
    async with db.transaction() as uow:
        found = await store.tombstone(uow, erasure_id)
    if found is None:
        raise NotFound("No erasure has this id.")
    return found


def _trace(rows: list[UUID], record: CustomerRecord, known: Sequence[tuple[str, str, str, bool]], region: str) -> Trace:
    return Trace(
        rows,
        _texts(record, known),
        _numbers(known),
        own=_forms(known, region),
        shared=sorted({normalised for _, _, normalised, shared in known if shared}),
        name=record.display_name,
        external_id=record.external_id,
    )


def _forms(known: Sequence[tuple[str, str, str, bool]], region: str) -> list[str]:
    """Every form in which a channel may name the addresses that nobody else has."""
    own = [IdentityRow(UUID(int=0), kind, raw, normalised, 0) for kind, raw, normalised, shared in known if not shared]  # pyright: ignore[reportArgumentType]  # the database checks the kind
    return identity_rules.all_forms(own, region)


def _texts(record: CustomerRecord, known: Sequence[tuple[str, str, str, bool]]) -> list[str]:
    """What tells this customer apart wherever it stands: addresses that nobody else has, the external id, a name of several words."""
    found = [text for _, raw, normalised, shared in known if not shared for text in (raw, normalised)]
    found += [record.external_id or ""]
    found += [text for text in (record.display_name, record.company_name) if " " in text.strip()]
    found += [value for value in record.attributes.values() if isinstance(value, str) and not is_sealed(value) and "@" in value]
    return sorted({text for text in found if len(text) >= _SHORTEST})


def _numbers(known: Sequence[tuple[str, str, str, bool]]) -> list[str]:
    digits = ("".join(filter(str.isdigit, normalised)) for kind, _, normalised, shared in known if kind == "phone" and not shared)
    return sorted({one[-identity_rules.TAIL_DIGITS :] for one in digits if len(one) >= identity_rules.TAIL_DIGITS})


def patterns(trace: Trace) -> list[str]:
    """The texts as LIKE patterns, as they stand in JSON and in addresses of pages."""
    forms = {form for text in trace.texts for form in (text, text.lower(), _in_json(text), quote(text), quote_plus(text))}
    return [f"%{_literal(form)}%" for form in sorted(forms)]


def _in_json(text: str) -> str:
    return msgspec.json.encode(text).decode()[1:-1]


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
