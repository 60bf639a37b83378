"""The recordings of a customer's conversations as they are handed over to that customer (product.md 1.9)."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from ringdesk.features import customers
from ringdesk.features.interactions import store as interactions
from ringdesk.features.interactions.recordings import files, rules, store
from ringdesk.features.interactions.schemas import Activity
from ringdesk.kit.db import UnitOfWork


async def hand_over(uow: UnitOfWork, fact: customers.HandingOver, entries: Sequence[dict[str, Any]]) -> None:
    """Give each interaction its `recordings`: uploaded ones with their sound as a file, those of another system with their address."""
    ids = [UUID(one["id"]) for one in entries]
    uploaded: dict[UUID, list[dict[str, Any]]] = {}
    for row in await store.of_interactions(uow, ids):
        # By time and number: names that people gave may be the same, or anything.
        number = len(fact.files) + 1
        path = f"recordings/{row.created_at:%Y-%m-%d}-{number:04}-{files.shown_name(row.name, row.media_type)}"
        told = {"name": row.name, "at": row.created_at, "by": row.created_by, "bytes": row.size, "file": path}
        uploaded.setdefault(row.interaction_id, []).append(told)
        fact.files.append(customers.HandedFile(path, row.created_at, partial(files.whole, file=row.file)))
    kept = await _kept_elsewhere(uow, entries)
    for one, interaction_id in zip(entries, ids, strict=True):
        one["recordings"] = [*kept.get(interaction_id, []), *uploaded.get(interaction_id, [])]


async def _kept_elsewhere(uow: UnitOfWork, entries: Sequence[dict[str, Any]]) -> dict[UUID, list[dict[str, Any]]]:
    """By interaction, the recordings that other systems keep."""
    templates = {one.source: one.template for one in await store.sources(uow) if one.active}
    told = await interactions.get_many(uow, [UUID(one["id"]) for one in entries if one["source"] in templates])
    legs: dict[UUID, list[Activity]] = {}
    for leg in await interactions.activities_of(uow, told):
        legs.setdefault(leg.interaction_id, []).append(leg)
    return {
        one.id: [{"name": one.source, "address": url} for _, url in rules.links(templates[one.source], one, legs.get(one.id, []))]
        for one in told
    }
