"""Everything that is kept about one customer, put together for that customer (product.md 1.9)."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from ringdesk.features import audit
from ringdesk.features.customers import events
from ringdesk.features.customers import store as customers
from ringdesk.features.customers.attributes import sealing
from ringdesk.features.customers.attributes import store as definitions_store
from ringdesk.features.customers.merging import store as merging
from ringdesk.features.customers.privacy import erasure_store, page
from ringdesk.features.customers.privacy.revealing import checked_reason
from ringdesk.features.customers.privacy.words import Language
from ringdesk.features.customers.records import customer_of
from ringdesk.features.people import Actor
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.problems import NotFound
from ringdesk.kit.sealed import masked
from ringdesk.kit.zip_stream import Entry, zip_stream

# More merges than a person can have made; a program's are in the trail.
_MERGES = 1_000


class Dossier(Struct, frozen=True, kw_only=True):
    """Everything about one customer. `sections` are what each part of Ringdesk keeps, by name, oldest first."""

    made_at: datetime
    made_by: str
    customer: dict[str, Any]
    sections: dict[str, list[Any]]


class Collected(Struct, frozen=True):
    """A dossier, and the files that go with it."""

    dossier: Dossier
    files: list[events.HandedFile]


async def collect(db: Database, actor: Actor, customer_id: UUID, reason: str) -> Collected:
    """Everything about a customer; that it was taken, by whom and why is in the trail before it leaves. Raises NotFound, CustomerGone.

    Sensitive values are in clear: they are the customer's own.
    """
    reason = checked_reason(reason)
    async with db.transaction() as uow:
        record = await customers.read(uow, customer_id)
        if record is None:
            await erasure_store.raise_if_erased(uow, customer_id)
            raise NotFound("No customer has this id; search for the customer in the list.")
        ids = await erasure_store.cluster(uow, record.id)
        labels = {one.key: one.label for one in await definitions_store.every(uow)}
        opened = {key: sealing.open_value(uow.vault, key, value) for key, value in record.attributes.items()}
        card = msgspec.to_builtins(structs.replace(customer_of(record), attributes=opened))
        card["attributes"] = [{"field": key, "label": labels.get(key, key), "value": value} for key, value in card["attributes"].items()]
        fact = events.HandingOver(ids)
        await events.handing_over.send(uow, fact)
        sections = {**fact.sections, "merges": await _merges(uow, record.id), "changes": await _changes(uow, ids)}
        await audit.write(uow, actor, "customer.handed_over", "customer", record.id, None, {"reason": reason})
    made = Dossier(made_at=clock.now(), made_by=actor.name, customer=card, sections=msgspec.to_builtins(sections))
    return Collected(made, fact.files)


async def _merges(uow: UnitOfWork, customer_id: UUID) -> list[Any]:
    return [
        {
            "at": row.at,
            "by": row.by_name,
            "number": row.duplicate["number"],
            "name": row.duplicate["display_name"],
            "moved": row.moved,
            "undone_at": row.undone_at,
        }
        for row in reversed(await merging.merges_into(uow, customer_id, _MERGES))
    ]


async def _changes(uow: UnitOfWork, ids: list[UUID]) -> list[Any]:
    return [
        {"at": one.at, "by": one.actor, "what": one.action, "before": masked(one.before), "after": masked(one.after)}
        for one in await audit.of_things(uow, "customer", [str(one) for one in ids])
    ]


def as_json(found: Dossier) -> bytes:
    """The dossier for programs."""
    return msgspec.json.format(msgspec.json.encode(found), indent=2)


def as_html(found: Dossier, language: Language) -> bytes:
    """The dossier for people: one page, to be read and printed, without anything from elsewhere."""
    return page.html(found.customer, found.sections, made_at=found.made_at, made_by=found.made_by, language=language).encode()


def as_zip(found: Collected, data_dir: Path, language: Language) -> AsyncIterator[bytes]:
    """All of it: the page, the same for programs, and the files that the page links to."""
    name = f"customer-{found.dossier.customer['number']}"
    parts = {f"{name}.html": as_html(found.dossier, language), f"{name}.json": as_json(found.dossier)}
    entries = [Entry(name, found.dossier.made_at, _once(content), packed=True) for name, content in parts.items()]
    return zip_stream([*entries, *(Entry(one.name, one.at, one.read(data_dir)) for one in found.files)])


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
