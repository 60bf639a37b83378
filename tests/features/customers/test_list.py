"""The customer list: search, filters and sort as an agent types them (product.md 1.6)."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from ringdesk.features import customers
from ringdesk.features.customers import listing, service
from ringdesk.features.customers.fields import EDITABLE
from ringdesk.kit.db import Database
from ringdesk.kit.list_filters import Column
from ringdesk.kit.problems import InvalidFields
from tests.features.customers.conftest import AIKO, Make

CARDS: dict[str, dict[str, Any]] = {
    "asa": {
        "first_name": "Åsa",
        "last_name": "Berg",
        "phone_1": "070-174 06 05",
        "email": "asa.berg@example.com",
        "addresses": [{"city": "Umeå"}],
    },
    "bo": {"first_name": "Bo", "last_name": "Öberg", "phone_1": "08-12 34 56 78", "phone_2": "070-999 00 11", "preferred_language": "sv"},
    "taro": {"first_name": "太郎", "last_name": "山田", "phone_1": "+81 3-1234-5678", "consent": {"email": True, "sms": False}},
    "berg_ab": {"kind": "company", "company_name": "Bergs Åkeri AB", "email": "info@bergs.example", "external_id": "C-7"},
    "number": {"phone_1": "112"},
}


@pytest.fixture
async def cards(make: Make) -> dict[Any, str]:
    """The keys of CARDS by id."""
    return {(await make(**fields)).id: key for key, fields in CARDS.items()}


async def ask(db: Database, cards: dict[Any, str], query: str) -> list[str]:
    """The keys of the found cards, in order."""
    async with db.transaction() as uow:
        page = await listing.page(uow, parse_qsl(query, keep_blank_values=True), "SE")
    assert page.total == len(page.items)
    return [cards[record.id] for record in page.items]


SEARCHES: dict[str, list[str]] = {
    "": ["number", "berg_ab", "taro", "bo", "asa"],
    "asa": ["asa"],
    "ÅSA": ["asa"],
    "berg": ["berg_ab", "bo", "asa"],
    "berg bo": ["bo"],
    "erg asa exa": ["asa"],
    # One or two characters stand at the beginning of a word, so that the index finds them.
    "be as ex": ["asa"],
    "sa": [],
    "b a": ["berg_ab", "asa"],
    "山": ["taro"],
    "太郎": ["taro"],
    "46": ["bo", "asa"],
    "07": ["bo", "asa"],
    "oberg": ["bo"],
    "山田": ["taro"],
    "太郎 山田": ["taro"],
    "山田太郎": ["taro"],
    "0701740605": ["asa"],
    "070-174 06": ["asa"],
    "+46 70 174": ["asa"],
    "0046701740605": ["asa"],
    "070": ["bo", "asa"],
    "99900": ["bo"],
    "berg 070-99": ["bo"],
    "112": ["number"],
    "example.com": ["asa"],
    "@": ["berg_ab", "asa"],
    "%": [],
    "_": [],
    "nobody": [],
}
FILTERS: dict[str, list[str]] = {
    "kind.eq=company": ["berg_ab"],
    "kind.ne=company&q=berg": ["bo", "asa"],
    "last_name.eq=berg": ["asa"],
    "last_name.starts=o": ["bo"],
    "display_name.contains=erg": ["berg_ab", "bo", "asa"],
    "first_name.in=bo,ASA": ["bo", "asa"],
    "first_name.empty=true": ["number", "berg_ab"],
    "email.empty=false": ["berg_ab", "asa"],
    "city.eq=umea": ["asa"],
    "city.contains=me": ["asa"],
    "preferred_language.eq=SV": ["bo"],
    "external_id.eq=c-7": ["berg_ab"],
    "phone_1.eq=0046 70 174 06 05": ["asa"],
    "phone_2.eq=070-9990011": ["bo"],
    "phone_1.eq=070-9990011": [],
    "phone_1.in=0701740605,112": ["number", "asa"],
    "phone_1.contains=174-06": ["asa"],
    "phone_2.contains=0709": ["bo"],
    "phone_1.starts=%2B46": ["bo", "asa"],
    "phone_1.starts=070": ["asa"],
    "phone_1.starts=0701 7": ["asa"],
    "phone_1.starts=0046 8": ["bo"],
    "phone_2.empty=false": ["bo"],
    "consent.contains=email": ["taro"],
    "consent.contains=sms": [],
    "consent.lacks=email&kind.eq=company": ["berg_ab"],
    "created_at.gte=2020-01-01&created_at.lte=2020-12-31": [],
    "last_contact_at.empty=false": [],
    "number.lte=0": [],
    "last_name.contains=berg&first_name.contains=å": ["asa"],
}
ORDERS: dict[str, list[str]] = {
    "display_name": ["number", "berg_ab", "bo", "asa", "taro"],
    "first_name": ["bo", "asa", "taro", "berg_ab", "number"],
    "-first_name": ["taro", "asa", "bo", "number", "berg_ab"],
    "last_name,-number": ["asa", "bo", "taro", "number", "berg_ab"],
    "city": ["asa", "bo", "taro", "berg_ab", "number"],
    "-kind,display_name": ["number", "bo", "asa", "taro", "berg_ab"],
    "number": ["asa", "bo", "taro", "berg_ab", "number"],
}


async def plan_of(db: Database, column: Column, direction: str) -> str:
    """How PostgreSQL would walk the first page in the order of this column, if the table were large."""
    assert column.order
    async with db.transaction() as uow:
        await uow.run("set local enable_seqscan = off")
        await uow.run("set local enable_bitmapscan = off")
        # On a handful of rows reading all of one index and sorting seems as good.
        await uow.run("set local enable_sort = off")
        filled = column.filled.as_string(uow.conn) if column.filled else "true"
        order = column.order.as_string(uow.conn)
        where = f"c.archived_at is null and {filled}"
        source = listing.spec("SE").source.as_string(uow.conn)
        query = f"explain select c.id from {source} where {where} order by {order} {direction}, c.id {direction} limit 50"
        cursor = await uow.conn.execute(query.encode())
        return "\n".join(line for (line,) in await cursor.fetchall())


class TestSearch:
    async def test_finds_parts_of_names_numbers_and_mail(self, db: Database, cards: dict[Any, str]) -> None:
        assert {q: await ask(db, cards, urlencode({"q": q})) for q in SEARCHES} == SEARCHES

    async def test_finds_numbers_that_no_field_shows(self, db: Database, cards: dict[Any, str]) -> None:
        asa = next(customer_id for customer_id, key in cards.items() if key == "asa")
        async with db.transaction() as uow:
            await customers.add_unconfirmed_identity(uow, asa, "phone", "090-12 34 56", region="SE")
        assert await ask(db, cards, "q=090123456") == ["asa"]


class TestFilters:
    async def test_find_what_they_say(self, db: Database, cards: dict[Any, str]) -> None:
        assert {query: await ask(db, cards, query) for query in FILTERS} == FILTERS

    @pytest.mark.parametrize(
        ("name", "text"),
        [("phone_1.eq", "12"), ("phone_1.contains", "x"), ("phone_1.starts", ""), ("phone_1.in", "112,x"), ("consent.contains", "fax")],
    )
    async def test_refuse_what_can_not_be_compared(self, db: Database, name: str, text: str) -> None:
        async with db.transaction() as uow:
            with pytest.raises(InvalidFields) as refused:
                await listing.page(uow, [(name, text)], "SE")
        assert [(error.field, error.code) for error in refused.value.errors] == [(name, "invalid_value")]


class TestSort:
    async def test_orders_as_readers_expect_with_empty_values_last(self, db: Database, cards: dict[Any, str]) -> None:
        assert {sort: await ask(db, cards, f"sort={sort}") for sort in ORDERS} == ORDERS

    async def test_works_by_every_column_both_ways_on_an_index(self, db: Database, cards: dict[Any, str]) -> None:
        for column in listing.spec("SE").columns.values():
            if column.order:
                for direction in ("", "-"):
                    assert sorted(await ask(db, cards, f"sort={direction}{column.key}")) == sorted(CARDS)
                    plan = await plan_of(db, column, "desc" if direction else "asc")
                    assert "Index" in plan, column.key
                    assert "  Sort Key" not in plan or "Presorted Key" in plan, column.key


def test_every_field_that_people_set_is_a_column_but_lists_of_parts() -> None:
    assert set(EDITABLE) - set(listing.spec("SE").columns) == {"addresses", "attributes"}


async def test_archived_cards_show_only_when_asked_for(db: Database, cards: dict[Any, str]) -> None:
    asa = next(customer_id for customer_id, key in cards.items() if key == "asa")
    await service.archive(db, AIKO, asa, version=None)
    assert "asa" not in await ask(db, cards, "")
    assert await ask(db, cards, "archived_at.empty=false") == ["asa"]
    assert len(await ask(db, cards, "archived_at.gte=2000-01-01&archived_at.lte=2999-01-01")) == 1
