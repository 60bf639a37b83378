"""Every query of duplicates."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import sql
from psycopg.types.json import Jsonb

from ringdesk.features.customers.attributes.rules import Definitions
from ringdesk.features.customers.duplicates.profiles import Profile, profile_of
from ringdesk.features.customers.duplicates.rules import Reason
from ringdesk.features.customers.schemas import Address, CustomerSummary
from ringdesk.features.customers.store import CUSTOMERS, SUMMARY
from ringdesk.kit.db import UnitOfWork

# Cards under one key beyond which it tells nothing: a switchboard's number, a name that everybody has.
MOST_OF_A_KEY = 50
# What the total of the queue is counted up to: nobody works through more, and counting all of them would cost.
COUNTED = 10_000
CardId = str
"""The id of a card as text: compared and hashed by the thousand, which Python does ten times as fast as with a UUID."""
_PROFILE = msgspec.msgpack.Decoder(Profile)
_encode = msgspec.msgpack.Encoder().encode


class _Card(Struct, frozen=True):
    id: CardId
    kind: str
    first_name: str
    last_name: str
    company_name: str
    addresses: list[Any]
    attributes: dict[str, object]
    reaches: list[list[str]]


async def alone(uow: UnitOfWork) -> bool:
    """Whether nobody else looks at changes now: two at once would not see each other's new cards, and miss their pairs."""
    return await uow.value("select pg_try_advisory_xact_lock(7205)")


async def take_pending(uow: UnitOfWork, most: int) -> list[CardId]:
    """The next cards that changed, each once; when this transaction fails they are there again."""
    return await uow.values(
        """with taken as (
               delete from duplicate_pending where place in (
                   select place from duplicate_pending order by place limit %s for update skip locked)
               returning customer_id)
           select distinct customer_id::text from taken""",
        [most],
    )


async def waiting(uow: UnitOfWork) -> int:
    """How many changes wait to be looked at."""
    return await uow.value("select count(*) from (select from duplicate_pending limit %s) counted", [COUNTED])


async def profiles_of_cards(uow: UnitOfWork, ids: Sequence[CardId], definitions: Definitions) -> dict[CardId, Profile]:
    """The profiles of these cards as they are now; archived ones and ids of none are left out."""
    cards = await uow.all(
        _Card,
        """select c.id::text as id, c.kind, c.first_name, c.last_name, c.company_name, c.addresses, c.attributes, coalesce((
               select jsonb_agg(jsonb_build_array(i.kind, i.normalised) order by i.position) from customer_identity i
               where i.customer_id = c.id and i.confidence = 'known' and i.kind in ('phone', 'email')), '[]') as reaches
           from customer c where c.id = any(%s::uuid[]) and c.archived_at is null""",
        [_array(ids)],
    )
    return {
        card.id: profile_of(
            kind=card.kind,
            first_name=card.first_name,
            last_name=card.last_name,
            company_name=card.company_name,
            addresses=msgspec.convert(card.addresses, list[Address]),
            attributes=card.attributes,
            reaches=[(kind, value) for kind, value in card.reaches],
            definitions=definitions,
        )
        for card in cards
    }


async def put_profiles(
    uow: UnitOfWork, ids: Sequence[CardId], profiles: Mapping[CardId, Profile], keys: Mapping[CardId, list[int]]
) -> None:
    """Write the profiles and keys of these cards; those without a profile are forgotten."""
    # Their keys go with them (a trigger), so what is written next is all there is.
    await uow.run("delete from duplicate_card where customer_id = any(%s::uuid[])", [_array(ids)])
    await uow.run(
        """insert into duplicate_card (customer_id, keys, profile)
           select id, keys::bigint[], profile from unnest(%s::uuid[], %s::text[], %s::bytea[]) as n(id, keys, profile)""",
        [_array(profiles), [_array(keys[card]) for card in profiles], [_encode(profile) for profile in profiles.values()]],
    )
    flat = sorted((key, card) for card, of_card in keys.items() for key in of_card)
    await uow.run(
        "insert into duplicate_key (key, customer_id) select * from unnest(%s::bigint[], %s::uuid[]) on conflict do nothing",
        [_array(key for key, _ in flat), _array(card for _, card in flat)],
    )


async def cards_under_keys(uow: UnitOfWork, keys: Iterable[int]) -> dict[int, list[CardId]]:
    """The cards under each of these keys, one more than MOST_OF_A_KEY at most; keys of one card are left out."""
    cursor = await uow.conn.execute(
        """select asked.key, array_agg(found.customer_id::text) from unnest(%s::bigint[]) as asked(key)
           cross join lateral (select customer_id from duplicate_key where key = asked.key limit %s) found
           group by asked.key having count(*) > 1""",
        [_array(keys), MOST_OF_A_KEY + 1],
    )
    return dict(await cursor.fetchall())


async def cards_at_addresses(uow: UnitOfWork, reaches: Iterable[tuple[str, str]]) -> dict[str, list[CardId]]:
    """The cards with each of these numbers and e-mails (kind, normalised), confirmed, one more than MOST_OF_A_KEY at most."""
    wanted = Jsonb([{"kind": kind, "normalised": value} for kind, value in reaches])
    cursor = await uow.conn.execute(
        """select asked.normalised, array_agg(found.customer_id::text) from jsonb_to_recordset(%s) as asked(kind text, normalised text)
           cross join lateral (select customer_id from customer_identity i
               where i.kind = asked.kind and i.normalised = asked.normalised and i.confidence = 'known' limit %s) found
           group by asked.normalised""",
        [wanted, MOST_OF_A_KEY + 1],
    )
    return dict(await cursor.fetchall())


async def stored_profiles(uow: UnitOfWork, ids: Iterable[CardId]) -> dict[CardId, Profile]:
    """The profiles of these cards as they were last worked out."""
    cursor = await uow.conn.execute(
        "select customer_id::text, profile from duplicate_card where customer_id = any(%s::uuid[])", [_array(ids)], binary=True
    )
    return {card: _PROFILE.decode(profile) for card, profile in await cursor.fetchall()}


class PairRow(Struct, frozen=True):
    """Two cards that may be one customer's; `first` < `second`."""

    first_id: CardId
    second_id: CardId
    score: int
    reasons: list[Reason]


async def put_pairs(uow: UnitOfWork, ids: Sequence[CardId], pairs: Sequence[PairRow]) -> list[CardId]:
    """Write all pairs of these cards; the cards whose pairs changed."""
    cursor = await uow.conn.execute(
        """with gone as (delete from duplicate_pair where first_id = any(%(ids)s::uuid[]) or second_id = any(%(ids)s::uuid[])
                         returning first_id, second_id)
           select first_id::text, second_id::text from gone""",
        {"ids": _array(ids)},
    )
    had = set(await cursor.fetchall())
    if pairs:
        await uow.run(
            "insert into duplicate_pair (first_id, second_id, score, reasons)"
            " select * from unnest(%s::uuid[], %s::uuid[], %s::smallint[], %s::jsonb[])",
            [
                [pair.first_id for pair in pairs],
                [pair.second_id for pair in pairs],
                [pair.score for pair in pairs],
                [Jsonb(pair.reasons) for pair in pairs],
            ],
        )
    changed = had ^ {(pair.first_id, pair.second_id) for pair in pairs}
    return sorted({card for pair in changed for card in pair})


async def page(uow: UnitOfWork, after: tuple[int, UUID, UUID] | None, limit: int) -> list[PairRow]:
    """Pairs that nobody decided on, the surest first, after this one."""
    score, first, second = after or (101, UUID(int=0), UUID(int=0))
    return await uow.all(
        PairRow,
        """select p.first_id::text as first_id, p.second_id::text as second_id, p.score, p.reasons from duplicate_pair p
           where p.score <= %(score)s and (p.score < %(score)s or (p.first_id, p.second_id) > (%(first)s, %(second)s))
             and not exists (select from not_duplicate n where n.first_id = p.first_id and n.second_id = p.second_id)
           order by p.score desc, p.first_id, p.second_id limit %(limit)s""",
        {"score": score, "first": first, "second": second, "limit": limit},
    )


async def count_pairs(uow: UnitOfWork) -> int:
    """How many pairs wait for a decision, counted up to COUNTED."""
    return await uow.value(
        """select count(*) from (select from duplicate_pair p where not exists (
               select from not_duplicate n where n.first_id = p.first_id and n.second_id = p.second_id) limit %s) counted""",
        [COUNTED],
    )


def _array(values: Iterable[int | str]) -> str:
    """Ids and numbers as PostgreSQL reads an array: composed here in a fraction of the time that dumping each one takes."""
    return "{" + ",".join(map(str, values)) + "}"


async def dismissed_of(uow: UnitOfWork, customer_id: UUID) -> list[CustomerSummary]:
    """The customers of whom somebody said that they are not this one."""
    return await uow.all(
        CustomerSummary,
        sql.SQL("""select {} from {} where c.archived_at is null and c.id in (
            select second_id from not_duplicate where first_id = %(id)s union all
            select first_id from not_duplicate where second_id = %(id)s) order by c.id""").format(SUMMARY, CUSTOMERS),
        {"id": customer_id},
    )


async def dismiss(uow: UnitOfWork, first: UUID, second: UUID, by_name: str) -> bool:
    """Note that these two are not one; whether that is new."""
    added = await uow.run(
        "insert into not_duplicate (first_id, second_id, by_name) values (%s, %s, %s) on conflict do nothing",
        [min(first, second), max(first, second), by_name],
    )
    return added > 0


async def allow(uow: UnitOfWork, first: UUID, second: UUID) -> bool:
    """Take that back; whether it was noted."""
    removed = await uow.run("delete from not_duplicate where first_id = %s and second_id = %s", [min(first, second), max(first, second)])
    return removed > 0
