"""A merge takes along everything that names a customer, and its undo puts every table back, bit for bit.

What names a customer is read from the database's catalogue: a new table or column that is neither filled here nor said to name
none turns `test_every_place...` red, and one that is filled but not declared to merging turns the property red.
"""

import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings, strategies
from psycopg.types.json import Jsonb

from ringdesk.features.customers import service
from ringdesk.features.customers.merging.schemas import MergeRequest
from ringdesk.features.customers.merging.service import merge
from ringdesk.features.customers.merging.undo import undo
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.ids import new_id
from tests.support.people import People

pytestmark = pytest.mark.once

AIKO = Actor(id=uuid4(), name="Aiko", kind="user", rights=frozenset({"customers:read", "customers:write"}))
REGION = "SE"
Cards = Sequence[UUID]
Fill = Callable[[UnitOfWork, random.Random, Cards, People], Awaitable[None]]


async def _interactions(uow: UnitOfWork, chance: random.Random, cards: Cards, _people: People) -> None:
    for _ in range(chance.randrange(1, 6)):
        customer = chance.choice([*cards, None])
        candidates = [] if customer else chance.sample(list(cards), chance.randrange(len(cards) + 1))
        await uow.run(
            "insert into interaction (id, customer_id, candidates, channel, direction, ani, started_at, type, state, source)"
            " values (%s, %s, %s, 'voice', 'inbound', '+46701740605', now(), 'agent', %s, 'test')",
            [new_id(), customer, candidates, chance.choice(["in_progress", "ended"])],
        )


async def _identities(uow: UnitOfWork, chance: random.Random, cards: Cards, _people: People) -> None:
    for number in chance.sample(["+46701740605", "+46701740606", "+46701740607"], chance.randrange(3)):
        await uow.run(
            "insert into customer_identity (id, customer_id, kind, raw, normalised, confidence, position)"
            " values (%s, %s, 'phone', %s, %s, %s, %s) on conflict do nothing",
            [new_id(), chance.choice(cards), number, number, chance.choice(["known", "maybe"]), chance.randrange(6, 9)],
        )


async def _contacts(uow: UnitOfWork, chance: random.Random, cards: Cards, _people: People) -> None:
    for card in chance.sample(list(cards), chance.randrange(len(cards) + 1)):
        await uow.run(
            "insert into customer_contact (customer_id, at, channel, agent)"
            " values (%s, now() - make_interval(mins => %s), 'voice', 'Bilal') on conflict do nothing",
            [card, chance.randrange(1000)],
        )


async def _desks(uow: UnitOfWork, chance: random.Random, cards: Cards, people: People) -> None:
    for person in (people.aiko.id, people.bilal.id, people.sven.id):
        for card in chance.sample(list(cards), chance.randrange(len(cards) + 1)):
            closed = chance.choice([None, chance.randrange(60)])
            await uow.run(
                "insert into desk_customer (user_id, customer_id, opened_by, opened_at, closed_at)"
                " values (%s, %s, %s, now() - interval '1 hour', now() - make_interval(mins => %s)) on conflict do nothing",
                [person, card, chance.choice(["pop", "choice"]), closed],
            )


async def _not_duplicates(uow: UnitOfWork, chance: random.Random, cards: Cards, _people: People) -> None:
    for _ in range(chance.randrange(3)):
        first, second = sorted(chance.sample(list(cards), 2))
        await uow.run(
            "insert into not_duplicate (first_id, second_id, by_name) values (%s, %s, 'Bilal') on conflict do nothing", [first, second]
        )


async def _earlier_merge(uow: UnitOfWork, chance: random.Random, cards: Cards, _people: People) -> None:
    if chance.random() < 0.5:
        await uow.run("insert into customer_alias (old_id, customer_id) values (%s, %s)", [uuid4(), chance.choice(cards)])


async def _requests(uow: UnitOfWork, chance: random.Random, cards: Cards, _people: People) -> None:
    for place in range(chance.randrange(4)):
        await uow.run(
            "insert into request (id, customer_id, type, title, search_text, created_by) values (%s, %s, 'question', %s, 'x', 'Bilal')",
            [new_id(), chance.choice(cards), f"Matter {place}"],
        )


async def _moves(uow: UnitOfWork, chance: random.Random, cards: Cards, _people: People) -> None:
    for _ in range(chance.randrange(3)):
        await uow.run(
            "insert into interaction_move (id, interaction_id, from_customer, to_customer, by_name, at)"
            " values (%s, %s, %s, %s, 'Bilal', now())",
            [new_id(), new_id(), chance.choice([*cards, None]), chance.choice(cards)],
        )


async def _import_journal(uow: UnitOfWork, chance: random.Random, cards: Cards, _people: People) -> None:
    run = new_id()
    await uow.run("insert into import (id, file_name, state) values (%s, 'a.csv', 'done')", [run])
    for card in chance.sample(list(cards), chance.randrange(len(cards) + 1)):
        await uow.run(
            "insert into import_change (import_id, place, customer_id, created_here, version, before, after, added, unconfirmed)"
            " values (%s, 0, %s, false, 1, '{}', '{}', '[]', '[]')",
            [run, card],
        )
        await uow.run(
            "insert into import_kept (import_id, customer_id, reason, fields, by_name) values (%s, %s, 'changed', '{}', 'Bilal')",
            [run, card],
        )


# Every place where the catalogue knows of a customer's id, and what puts some there.
FILLED: dict[tuple[str, str], Fill] = {
    ("interaction", "customer_id"): _interactions,
    ("interaction", "candidates"): _interactions,
    ("customer_identity", "customer_id"): _identities,
    ("customer_contact", "customer_id"): _contacts,
    ("desk_customer", "customer_id"): _desks,
    ("not_duplicate", "first_id"): _not_duplicates,
    ("not_duplicate", "second_id"): _not_duplicates,
    ("customer_alias", "customer_id"): _earlier_merge,
    ("request", "customer_id"): _requests,
    ("interaction_move", "from_customer"): _moves,
    ("interaction_move", "to_customer"): _moves,
    ("import_change", "customer_id"): _import_journal,
    ("import_kept", "customer_id"): _import_journal,
}
# Worked out from the cards, by a job at any time or with every write; their own tests see to them.
DERIVED = {"customer_order", "duplicate_card", "duplicate_key", "duplicate_pair", "duplicate_pending"}
# What once was, under the names that it had then. Old ids go on meaning their card, so nothing here has to change.
HISTORY = {
    "audit_entry",
    "bulk_edit_item",
    "customer_erasure",
    "import_batch",
    "event_log",
    "customer_merge",
    "customer_merge_moved",
    "customer_merge_row",
}
# Columns that can hold anything, with what they hold instead of a customer's id.
NO_CUSTOMER = {
    "activity": "its interaction, its agent, its leg",
    "activity_comment": "its activity and author",
    "activity_field": "what there is to fill in",
    "alembic_version": "the schema",
    "api_key": "scopes",
    "app_user": "a person of the centre",
    "attribute": "the type of a field",
    "bulk_edit": "a question, a change, and counts",
    "call": "what a telephone system said, and the agents at its legs",
    "cti_login": "a person of the centre",
    "customer_order_column": "what cards are sorted by",
    "customer_erasure_trace": "what an erasure still looks for, encrypted",
    "customer": "the card itself: attributes, addresses and consent are values",
    "desk_call": "a leg and its agent",
    "field_set_field": "what there is to fill in",
    "fact_key": "what a source calls an interaction",
    "import": "files and counts",
    "list_view": "a question and a layout",
    "procrastinate_jobs": "arguments of jobs",
    "recording": "its interaction, its leg, its file",
    "recording_source": "where a system keeps its files",
    "request_choice": "its interaction and request",
    "request_field": "what there is to ask",
    "request_type": "what there is to ask",
    "request_type_field": "what there is to ask",
    "request_policy": "settings",
    "arrival_policy": "what each channel does with the unknown",
    "session": "a person of the centre",
    "setting": "settings",
    "tag": "words",
    "team": "a team",
    "telephony_connection": "a telephone system",
    "throttle": "counts",
    "user_preference": "layout and language of a person",
    "wrap_up_code": "words",
}


async def catalogue(uow: UnitOfWork) -> list[tuple[str, str, bool]]:
    """Every column that could name a customer (ids, lists of ids, JSON, text), and whether a foreign key says that it does."""
    cursor = await uow.conn.execute("""
        select c.relname, a.attname, exists (
            select from pg_constraint k where k.contype = 'f' and k.conrelid = c.oid and k.confrelid = 'customer'::regclass
            and a.attnum = any(k.conkey))
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and a.atttypid = any('{uuid,uuid[],jsonb,json,text,bigint}'::regtype[])
        order by 1, a.attnum""")
    return await cursor.fetchall()


async def test_every_place_that_can_name_a_customer_is_known_here(db: Database) -> None:
    async with db.transaction() as uow:
        columns = await catalogue(uow)
    for table, column, points_to_customer in columns:
        named = points_to_customer or "customer" in column or column == "candidates"
        if named and table not in DERIVED | HISTORY | {"customer"}:
            assert (table, column) in FILLED, f"{table}.{column} names customers: declare it to merging, and fill it here"
        elif (table, column) not in FILLED and table not in DERIVED | HISTORY and not table.startswith("procrastinate_"):
            tables = {name for name, _ in FILLED}
            assert table in NO_CUSTOMER or table in tables, f"say here what {table}.{column} holds, or fill it if it names customers"


Tables = dict[str, list[Any]]
# Said to count what happened, not to be undone: they grow, so that an edit of what was can't pass for one of what is.
GROWING = {"customer": ("version", "updated_at")}


async def everything(uow: UnitOfWork) -> Tables:
    """Every row of every table as JSON, without what only counts."""
    await uow.run("set local timezone = 'UTC'")
    tables = sorted({table for table, _, _ in await catalogue(uow)} - HISTORY - DERIVED)
    found: Tables = {}
    for table in tables:
        rows: list[dict[str, Any]] = await uow.values(f"select to_jsonb(t) from {table} t".encode())
        kept = [{name: value for name, value in row.items() if name not in GROWING.get(table, ())} for row in rows]
        found[table] = sorted(kept, key=lambda row: msgspec.json.encode(row, order="deterministic"))
    return found


async def places_that_name(uow: UnitOfWork, customer_id: UUID) -> list[str]:
    """The tables in which this id stands anywhere: in a column, a list, or inside JSON or text."""
    tables = sorted({table for table, _, _ in await catalogue(uow)} - HISTORY - DERIVED)
    return [
        table
        for table in tables
        if await uow.value(f"select exists (select from {table} t where t::text like %s)".encode(), [f"%{customer_id}%"])
    ]


NAMES = strategies.sampled_from(["", "Åsa", "Eva", "花子"])
NUMBERS = strategies.sampled_from([None, "070-174 06 05", "070-174 06 06", "08-123 456 78", "+44 20 7946 0018"])
CARD = strategies.fixed_dictionaries(
    {
        "first_name": NAMES,
        "last_name": NAMES,
        "email": strategies.sampled_from([None, "asa@example.com", "eva@example.com"]),
        "preferred_language": strategies.sampled_from([None, "sv", "ja"]),
        "consent": strategies.dictionaries(strategies.sampled_from(["email", "sms"]), strategies.booleans()),
        "addresses": strategies.lists(
            strategies.fixed_dictionaries({"street": NAMES, "city": strategies.sampled_from(["Umeå", "Lund"])}), max_size=2
        ),
    }
)
CHOICES = strategies.dictionaries(
    strategies.sampled_from(["first_name", "last_name", "phone_1", "phone_2", "email", "addresses", "consent", "kind"]),
    strategies.sampled_from(["this", "other"]),
)


@strategies.composite
def card(draw: Callable[[Any], Any]) -> dict[str, Any]:
    """Fields of a card, its numbers all different."""
    numbers = draw(strategies.lists(NUMBERS, max_size=5, unique=True))
    return draw(CARD) | {f"phone_{place}": number for place, number in enumerate(numbers, 1)}


EDITS = strategies.lists(
    strategies.one_of(
        strategies.builds(lambda value: {"first_name": value}, NAMES),
        strategies.builds(lambda value: {"preferred_language": value}, strategies.sampled_from([None, "en"])),
        strategies.builds(lambda slot, value: {f"phone_{slot}": value}, strategies.integers(1, 5), NUMBERS),
        strategies.builds(lambda value: {"email": value}, strategies.sampled_from([None, "new@example.com"])),
        strategies.builds(lambda value: {"consent": value}, strategies.sampled_from([{"chat": True}, {}])),
    ),
    max_size=3,
)
PROPERTY = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def prepared(db: Database, people: People, cards: Sequence[dict[str, Any]], seed: int) -> list[UUID]:
    """Cards with these fields, and rows about them in every place that can name a customer."""
    chance = random.Random(seed)
    ids = [(await service.create(db, AIKO, fields, region=REGION)).id for fields in cards]
    async with db.transaction() as uow:
        for fill in dict.fromkeys(FILLED.values()):
            await fill(uow, chance, ids, people)
    return ids


@PROPERTY
@given(cards=strategies.tuples(card(), card(), card()), choices=CHOICES, seed=strategies.integers(0, 2**32))
async def test_nothing_names_the_card_that_went_and_its_undo_puts_every_table_back(
    db: Database, people: People, cards: tuple[dict[str, Any], ...], choices: Any, seed: int
) -> None:
    survivor, duplicate, _ = await prepared(db, people, cards, seed)
    async with db.transaction() as uow:
        before = await everything(uow)
    merged = await merge(db, AIKO, survivor, MergeRequest(duplicate, None, choices), version=None, region=REGION)
    async with db.transaction() as uow:
        assert await places_that_name(uow, duplicate) == ["customer_alias"]
    back = await undo(db, AIKO, merged.merge.id, region=REGION)
    async with db.transaction() as uow:
        assert await everything(uow) == before
    assert back.left_out == []
    assert back.kept == []
    await empty(db)


@PROPERTY
@given(cards=strategies.tuples(card(), card(), card()), choices=CHOICES, edits=EDITS, seed=strategies.integers(0, 2**32))
async def test_what_was_changed_and_what_came_since_stays(
    db: Database, people: People, cards: tuple[dict[str, Any], ...], choices: Any, edits: list[dict[str, Any]], seed: int
) -> None:
    survivor, duplicate, third = await prepared(db, people, cards, seed)
    async with db.transaction() as uow:
        before = await everything(uow)
        was, gone = await service.get(uow, survivor), await service.get(uow, duplicate)
    merged = (await merge(db, AIKO, survivor, MergeRequest(duplicate, None, choices), version=None, region=REGION)).customer
    for edit in edits:
        await change(db, survivor, edit)
    since = new_id()
    async with db.transaction() as uow:
        await uow.run(
            "insert into interaction (id, customer_id, channel, direction, started_at, type, state, source)"
            " values (%s, %s, 'voice', 'inbound', now(), 'agent', 'ended', 'test')",
            [since, survivor],
        )
        now = await service.get(uow, survivor)
        merge_id = await uow.value("select id from customer_merge where undone_at is null order by id desc limit 1")
    back = await undo(db, AIKO, merge_id, region=REGION)
    async with db.transaction() as uow:
        after = await everything(uow)
        assert await uow.value("select customer_id from interaction where id = %s", [since]) == survivor
    assert was
    assert gone
    assert now
    # The card that came back is the one that went, and nobody else's rows were touched.
    for table in ("customer", "customer_identity"):
        for one in (duplicate, third):
            assert rows_of(after, table, one) == rows_of(before, table, one)
    # Field by field: what nobody touched since is as before the merge, what somebody did is as they left it.
    for field in ("kind", "first_name", "last_name", "preferred_language", "external_id"):
        expected = getattr(was, field) if getattr(now, field) == getattr(merged, field) else getattr(now, field)
        assert getattr(back.customer, field) == expected, field
    for slot in range(1, 6):
        number = getattr(now, f"phone_{slot}")
        if number != getattr(merged, f"phone_{slot}") and number:
            assert getattr(back.customer, f"phone_{slot}") == number
    # No address of the card was lost on the way, and none stands there twice.
    held = {(one.kind, one.normalised) for one in back.customer.identities}
    assert len(held) == len(back.customer.identities)
    dropped = {(one.kind, one.normalised) for one in merged.identities} - {(one.kind, one.normalised) for one in now.identities}
    assert {(one.kind, one.normalised) for one in was.identities} - dropped <= held
    await empty(db)


async def change(db: Database, customer_id: UUID, edit: dict[str, Any]) -> None:
    """Edit as a person would; a number that the card has elsewhere is refused, and nothing changes."""
    try:
        await service.edit(db, AIKO, customer_id, edit, version=None, region=REGION)
    except service.InvalidFields as refusal:
        if [error.code for error in refusal.errors] != ["repeated"]:
            raise


def rows_of(tables: Tables, table: str, customer_id: UUID) -> list[Any]:
    """The rows of one card in a table."""
    column = "id" if table == "customer" else "customer_id"
    return [row for row in tables[table] if row[column] == str(customer_id)]


async def empty(db: Database) -> None:
    """Every example begins with nothing but the people."""
    async with db.transaction() as uow:
        await uow.run(
            "truncate customer_alias, customer_merge, customer_merge_moved, customer_merge_row, not_duplicate, desk_customer,"
            " customer_contact, customer_identity, interaction, customer cascade"
        )


async def test_two_merges_into_one_card_are_undone_in_either_order(db: Database) -> None:
    async def of(name: str, **fields: Any) -> UUID:
        return (await service.create(db, AIKO, {"first_name": name, **fields}, region=REGION)).id

    for order in ((0, 1), (1, 0)):
        survivor = await of("Åsa")
        others = [
            await of("Asa", phone_1="070-174 06 05", last_name="Berg"),
            await of("Åsa", phone_1="070-174 06 06", email="asa@example.com"),
        ]
        async with db.transaction() as uow:
            before = await everything(uow)
        merges = [(await merge(db, AIKO, survivor, MergeRequest(other), version=None, region=REGION)).merge.id for other in others]
        for place in order:
            await undo(db, AIKO, merges[place], region=REGION)
        async with db.transaction() as uow:
            assert await everything(uow) == before
        await empty(db)


async def test_a_journal_outlives_a_change_of_the_schema(db: Database) -> None:
    survivor, other = [(await service.create(db, AIKO, {"first_name": "Åsa"}, region=REGION)).id for _ in range(2)]
    merged = await merge(db, AIKO, survivor, MergeRequest(other), version=None, region=REGION)
    async with db.transaction() as uow:
        # What an upgrade does: a column comes, another one goes.
        await uow.run("update customer_merge set duplicate = duplicate - 'city' || %s", [Jsonb({"gone_since": 1})])
    assert (await undo(db, AIKO, merged.merge.id, region=REGION)).restored.first_name == "Åsa"
