"""Use cases of duplicates: those of a card, those of one that is being written, the queue, and keeping it current."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from ringdesk.features import audit
from ringdesk.features.customers import fields
from ringdesk.features.customers import service as customers
from ringdesk.features.customers import store as cards
from ringdesk.features.customers.attributes import service as attributes
from ringdesk.features.customers.attributes.rules import Definitions
from ringdesk.features.customers.duplicates import store
from ringdesk.features.customers.duplicates.profiles import Profile, hashed, keys_of, name_key, profile_of
from ringdesk.features.customers.duplicates.rules import SUGGESTED, compare
from ringdesk.features.customers.duplicates.schemas import Duplicate, Duplicates, DuplicatesChanged, Pair, PairPage
from ringdesk.features.customers.models import Draft
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.problems import FieldErrors, NotFound

# A card shows so many; whoever has more look-alikes has been imported twice, and is better worked through in the queue.
SHOWN = 20
# Cards looked at in one go: a second or two of work and some ten megabytes.
BATCH = 2_000
# Those of one transaction. Until it ends nobody can remove one of its cards, so it is over within seconds.
MOST_AT_ONCE = 5 * BATCH
# Ids named in one event: who shows another card has nothing to do, and a list that long is loaded anew anyhow.
MOST_TOLD = 200


class Met(Struct, frozen=True):
    """Cards that met: those under each key that tells something, and how many have an address or a name."""

    groups: list[list[store.CardId]]
    counts: dict[str, int]
    """By number or e-mail."""
    names: dict[int, int]
    """By key."""

    @property
    def cards(self) -> set[store.CardId]:
        """Everybody who met somebody."""
        return {card for group in self.groups for card in group}


async def of_card(db: Database, customer_id: UUID) -> Duplicates:
    """Who may be the same as this card, as it is now. Raises NotFound."""
    async with db.transaction() as uow:
        record = await cards.read(uow, customer_id)
        if record is None:
            raise NotFound("No customer has this id; search for the customer in the list.")
        profiles = await store.profiles_of_cards(uow, [str(record.id)], await attributes.definitions(uow))
        dismissed = await store.dismissed_of(uow, record.id)
        # An archived card is not proposed, and is proposed nobody.
        found = await _alike(uow, profiles[str(record.id)], beside=str(record.id)) if profiles else []
        kept = [one for one in found if one.customer.id not in {other.id for other in dismissed}]
        return Duplicates(kept[:SHOWN], dismissed)


async def of_fields(db: Database, values: Mapping[str, object], *, region: str) -> Duplicates:
    """Who may be the same as a card that is being written; what is not valid yet is left aside (product.md 1.8)."""
    async with db.transaction() as uow:
        definitions = await attributes.definitions(uow)
        draft = fields.collect(values, region=region, errors=FieldErrors(), base=Draft(), definitions=definitions, vault=uow.vault)
        profile = profile_of(
            kind=draft.kind,
            first_name=draft.first_name,
            last_name=draft.last_name,
            company_name=draft.company_name,
            addresses=draft.addresses,
            attributes=draft.attributes,
            reaches=_reaches(draft),
            definitions=definitions,
        )
        return Duplicates((await _alike(uow, profile, beside=None, least=WARNED))[:SHOWN], [])


# While a card is written a name and a town are all that is known: a hint is worth more than certainty.
WARNED = 40


def _reaches(draft: Draft) -> list[tuple[str, str]]:
    found = [("phone", reach.normalised) for reach in draft.phones.values()]
    found += [("email", draft.email.normalised)] if draft.email else []
    return [*found, *((one.kind, one.reach.normalised) for one in draft.attribute_reaches)]


async def _alike(uow: UnitOfWork, profile: Profile, *, beside: store.CardId | None, least: int = SUGGESTED) -> list[Duplicate]:
    met = await _meet(uow, [profile], keys_of(profile))
    others = await store.stored_profiles(uow, met.cards - {beside})
    count = _name_count(profile, met)
    likely = {card: verdict for card, other in others.items() if (verdict := compare(profile, other, met.counts, count)).score >= least}
    ranked = sorted(likely, key=lambda card: (-likely[card].score, card))[: 2 * SHOWN]
    found = await customers.summaries(uow, map(UUID, ranked))
    return [Duplicate(one, likely[str(one.id)].score, likely[str(one.id)].reasons) for one in found]


async def _meet(uow: UnitOfWork, profiles: Iterable[Profile], keys: Iterable[int]) -> Met:
    """Everybody who shares a key, a number or an e-mail with one of these profiles, whose `keys` these are."""
    reaches: set[tuple[str, str]] = set()
    for profile in profiles:
        reaches.update(("phone", value) for value in profile.phones)
        reaches.update(("email", value) for value in profile.emails)
    by_key = await store.cards_under_keys(uow, keys)
    at_address = await store.cards_at_addresses(uow, reaches) if reaches else {}
    groups = [found for found in (*by_key.values(), *at_address.values()) if len(found) <= store.MOST_OF_A_KEY]
    return Met(groups, {value: len(found) for value, found in at_address.items()}, {key: len(found) for key, found in by_key.items()})


def _name_count(one: Profile, met: Met) -> int:
    key = name_key(one)
    return met.names.get(hashed(key), 2) if key else 2


def _pairs(new: Mapping[store.CardId, Profile], every: Mapping[store.CardId, Profile], met: Met) -> list[store.PairRow]:
    """The pairs among cards that met, at least one of them new, that are probably one customer."""
    found: dict[tuple[store.CardId, store.CardId], store.PairRow | None] = {}
    counts = {card: _name_count(profile, met) for card, profile in new.items()}
    for group in met.groups:
        for one in group:
            if one not in new:
                continue
            for other in group:
                pair = (one, other) if one < other else (other, one)
                if one == other or pair in found or other not in every:
                    continue
                verdict = compare(new[one], every[other], met.counts, counts[one])
                found[pair] = store.PairRow(*pair, verdict.score, verdict.reasons) if verdict.score >= SUGGESTED else None
    return [row for row in found.values() if row]


def _tell(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
    told = list(ids)[:MOST_TOLD]
    uow.log_event("duplicates.changed", ["customers", *(f"customer:{one}" for one in told)], DuplicatesChanged(told))


async def queue(db: Database, cursor: str | None, limit: int) -> PairPage:
    """One page of the review queue, the surest pairs first. Raises InvalidFields for a cursor that is none."""
    after = _read_cursor(cursor)
    async with db.transaction() as uow:
        rows = await store.page(uow, after, limit + 1)
        page = rows[:limit]
        ids = dict.fromkeys(card for row in page for card in (row.first_id, row.second_id))
        found = {str(one.id): one for one in await customers.summaries(uow, map(UUID, ids))}
        pairs = [Pair(found[row.first_id], found[row.second_id], row.score, row.reasons) for row in page]
        last = page[-1] if len(rows) > limit else None
        return PairPage(
            pairs,
            f"{last.score}.{last.first_id}.{last.second_id}" if last else None,
            await store.count_pairs(uow),
            await store.waiting(uow),
        )


def _read_cursor(cursor: str | None) -> tuple[int, UUID, UUID] | None:
    if cursor is None:
        return None
    score, _, ids = cursor.partition(".")
    first, _, second = ids.partition(".")
    try:
        return int(score), UUID(first), UUID(second)
    except ValueError:
        errors = FieldErrors()
        errors.add("cursor", "invalid_format", "Send the next_cursor of the page before, or none for the first page.")
        errors.raise_if_any()
    return None


async def dismiss(db: Database, actor: Actor, customer_id: UUID, other_id: UUID) -> None:
    """These two are not one customer: they are not proposed again. Raises NotFound, InvalidFields. A second time changes nothing."""
    await _decide(db, actor, customer_id, other_id, same=False)


async def allow(db: Database, actor: Actor, customer_id: UUID, other_id: UUID) -> None:
    """Take `dismiss` back. Raises NotFound, InvalidFields. A second time changes nothing."""
    await _decide(db, actor, customer_id, other_id, same=True)


async def _decide(db: Database, actor: Actor, customer_id: UUID, other_id: UUID, *, same: bool) -> None:
    async with db.transaction() as uow:
        found = [await cards.read(uow, one) for one in (customer_id, other_id)]
        ids = [record.id for record in found if record]
        if len(ids) < len(found):
            raise NotFound("No customer has this id; search for the customer in the list.")
        if ids[0] == ids[1]:
            errors = FieldErrors()
            errors.add("other_id", "same_customer", "Both ids mean the same card.")
            errors.raise_if_any()
        changed = await store.allow(uow, *ids) if same else await store.dismiss(uow, *ids, by_name=actor.name)
        if changed:
            action = "customer.may_be_duplicate" if same else "customer.no_duplicate"
            await audit.write(uow, actor, action, "customer", ids[0], None, {"other": ids[1]})
            _tell(uow, ids)


async def look_at_changes(db: Database) -> int | None:
    """Work out the pairs of the next cards that changed; how many cards that were (0: nothing waits), None: another process is at it.

    While the cards of one batch are compared, which keeps a core busy, the database is asked for the next one's.
    """
    async with db.transaction() as uow:
        if not await store.alone(uow):
            return None
        await uow.send("set local plan_cache_mode = force_custom_plan")
        definitions = await attributes.definitions(uow)
        ids = await store.take_pending(uow, MOST_AT_ONCE)
        changed: set[store.CardId] = set()
        compared: _Compared | None = None
        for batch in (ids[at : at + BATCH] for at in range(0, len(ids), BATCH)):
            following = await _begin(uow, batch, definitions)
            changed.update(await _write(uow, compared))
            compared = following
        changed.update(await _write(uow, compared))
        if changed:
            _tell(uow, [UUID(card) for card in sorted(changed)])
        return len(ids)


class _Compared(Struct, frozen=True):
    """Cards whose pairs are being worked out in a thread: whoever else works in this process goes on meanwhile."""

    ids: list[store.CardId]
    pairs: asyncio.Task[list[store.PairRow]]


async def _begin(uow: UnitOfWork, ids: list[store.CardId], definitions: Definitions) -> _Compared:
    """Write the profiles of these cards and begin to compare them with those that they meet."""
    profiles = await store.profiles_of_cards(uow, ids, definitions)
    keys = {card: keys_of(profile) for card, profile in profiles.items()}
    await store.put_profiles(uow, ids, profiles, keys)
    met = await _meet(uow, profiles.values(), {key for of_card in keys.values() for key in of_card})
    others = await store.stored_profiles(uow, met.cards)
    return _Compared(ids, asyncio.create_task(asyncio.to_thread(_pairs, profiles, others, met)))


async def _write(uow: UnitOfWork, compared: _Compared | None) -> list[store.CardId]:
    """Write the pairs of cards that were compared; the cards whose pairs changed."""
    return await store.put_pairs(uow, compared.ids, await compared.pairs) if compared else []
