"""The list grammar against a plain reference: whatever is asked, the rows are those that Python picks from the same data."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from psycopg import sql
from psycopg.types.json import Jsonb

from ringdesk.kit import list_walk, listing
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.fields import Bool, Choice, Date, DateTime, DecimalNumber, Duration, FieldType, Integer, MultipleChoice, Text
from ringdesk.kit.folding import fold, sort_key
from ringdesk.kit.list_fields import Held, field_column
from ringdesk.kit.list_filters import Column, Searched, contains, mentioned, mentions, operators_of
from ringdesk.kit.listing import ListSpec, fetch, parse
from ringdesk.kit.problems import InvalidFields


class Boat(Struct):
    """A row of the list under test."""

    id: int
    name: str
    home: str | None
    length: int
    hull: str
    launched: datetime | None
    fitted: dict[str, Any]
    """Values of fields that somebody defined."""


# What boats are fitted with: one of each way of comparing and ordering.
FIELDS: dict[str, FieldType] = {
    "sails": Text(),
    "crew": Integer(),
    "price": DecimalNumber(),
    "leak": Bool(),
    "class": Choice(options=("Gold", "Silver")),
    "flags": MultipleChoice(options=("Red", "Green", "Blue")),
    "built": Date(),
    "sailed": DateTime(),
    "watch": Duration(),
}


def column(name: str) -> sql.Composable:
    return sql.Identifier("b", name)


NAMES = [
    "",
    "Åra",
    "ära",
    "Öland",
    "Anna",
    "anna lisa",
    "Zorn",
    "100%",
    "a_b",
    "back\\slash",
    "山田丸",
    "ヤマト",
    "やまと",
    "É",
    "Anna Maria",
]
# What the list knows of its texts: in more than a third of them is an "an", and a long name is looked for by its rarest part.
SEARCHED = Searched(sql.SQL("fold(b.name)"), ("anna", "oland", "anna lisa", "back\\slash", "anna maria", "slash"))
SPEC = ListSpec(
    columns={
        made.key: made
        for made in (
            Column(
                key="name",
                kind="text",
                value=column("name"),
                order=sql.SQL("sort_key(b.name)"),
                filled=sql.SQL("b.name <> ''"),
                found_in=SEARCHED,
            ),
            Column(key="home", kind="text", value=column("home"), order=sql.SQL("sort_key(b.home)"), filled=sql.SQL("b.home is not null")),
            Column(key="length", kind="number", value=column("length"), order=column("length")),
            Column(key="hull", kind="choice", value=column("hull"), order=column("hull"), options=("wood", "steel")),
            Column(
                key="launched", kind="instant", value=column("launched"), order=column("launched"), filled=sql.SQL("b.launched is not null")
            ),
            Column(key="notes", kind="text", value=column("name")),
            *(field_column(f"fitted.{name}", kind, Held(column=column("fitted"), name=name), region="SE") for name, kind in FIELDS.items()),
        )
    },
    source=sql.SQL("boat b"),
    key=sql.SQL("b.id"),
    default_sort="-length",
    search=lambda q: [contains(SEARCHED, word) for word in fold(q).split()],
    hidden=sql.SQL("b.hull <> 'scrap'"),
    shown_by="hull",
)
DAYS = [datetime(2026, 11, day, hour, tzinfo=UTC) for day in (1, 2, 3) for hour in (0, 12)]
BOATS = [
    Boat(
        n,
        NAMES[n % len(NAMES)],
        [None, "Umeå", "umea", "Luleå"][n % 4],
        n % 7,
        ["wood", "steel", "wood", "scrap"][n % 4],
        [None, *DAYS][n % 7],
        {
            name: values[n // 2 % len(values)]
            for name, values in {
                "sails": ["", "Röd", "rod segel", "Ö", "山田"],
                "crew": ["", 7, -3, 40, 7],
                "price": ["", "1249.5", "-0.25", "1300", "20"],
                "leak": [True, "", False],
                "class": ["Gold", "Silver", ""],
                "flags": [["Red"], "", ["Red", "Blue"], ["Green"]],
                "built": ["", "1998-02-28", "2024-02-29", "1998-03-01"],
                "sailed": ["2026-11-01T00:00:00Z", "2026-11-01T23:59:59Z", "2026-11-02T00:00:00Z", ""],
                "watch": ["", 3900, 59, 36000],
            }.items()
            if values[n // 2 % len(values)] != ""
        },
    )
    for n in range(60)
]


@pytest_asyncio.fixture(scope="module")
async def boats(open_database: Database) -> AsyncIterator[Database]:
    """A table of sixty boats."""
    async with open_database.transaction() as uow:
        await uow.run("drop table if exists boat")
        await uow.run(
            "create table boat (id int primary key, name text not null, home text, length int, hull text, launched timestamptz,"
            " fitted jsonb)"
        )
        for boat in BOATS:
            await uow.send(
                "insert into boat values (%s, %s, %s, %s, %s, %s, %s)",
                [boat.id, boat.name, boat.home, boat.length, boat.hull, boat.launched, Jsonb(boat.fitted)],
            )
    yield open_database
    async with open_database.transaction() as uow:
        await uow.run("drop table boat")


async def ask(uow: UnitOfWork, *parameters: tuple[str, str]) -> listing.Page[Boat]:
    return await fetch(uow, Boat, sql.SQL("b.*"), SPEC, parse(parameters, SPEC))


def refused(*parameters: tuple[str, str]) -> dict[str, str]:
    with pytest.raises(InvalidFields) as problem:
        parse(parameters, SPEC)
    return {error.field: error.code for error in problem.value.errors}


# The reference: the same grammar, in plain Python on the list above.
def kept(boat: Boat, key: str) -> Any:
    """The value of a column, as its field type has it in Python; None where there is none."""
    if not key.startswith("fitted."):
        return getattr(boat, key)
    name = key.removeprefix("fitted.")
    return FIELDS[name].parse(boat.fitted[name], "SE") if name in boat.fitted else None


def fitted_holds(kind: FieldType, value: Any, operator: str, text: str) -> bool:
    match kind:
        case MultipleChoice():
            has = bool(set(kind.parse(text.replace(",", ";"), "SE") or ()) & set(value or ()))
            return has if operator == "contains" else not has
        case DateTime():
            start = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
            within = {"gte": start <= value, "lte": value < start + timedelta(days=1)}
            return within.get(operator, within["gte"] and within["lte"])
        case Text():
            return compare(fold(value), operator, fold(text), [fold(item.strip()) for item in text.split(",")])
        case _:
            items = [kind.parse(item, "SE") for item in text.split(",")]
            return compare(value, operator, items[0], items)


def holds(boat: Boat, name: str, text: str) -> bool:
    key, _, operator = name.rpartition(".")
    value = kept(boat, key)
    if operator == "empty":
        return (value in (None, "")) is (text == "true")
    match value, operator:
        case (None, "ne" | "lacks"):
            return True
        case (None, _):
            return False
        case _ if key.startswith("fitted."):
            return fitted_holds(FIELDS[key.removeprefix("fitted.")], value, operator, text)
        case (datetime(), _):
            start = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
            within = {"gte": start <= value, "lte": value < start + timedelta(days=1)}
            return within.get(operator, within["gte"] and within["lte"])
        case (str(), _) if key != "hull":
            return compare(fold(value), operator, fold(text), [fold(item.strip()) for item in text.split(",")])
        case _:
            return (
                compare(str(value), operator, text, text.split(","))
                if key == "hull"
                else compare(value, operator, int(text.split(",")[0]), [int(item) for item in text.split(",")])
            )


def compare(value: Any, operator: str, wanted: Any, items: list[Any]) -> bool:
    match operator:
        case "eq":
            return value == wanted
        case "ne":
            return value != wanted
        case "gte":
            return value >= wanted
        case "lte":
            return value <= wanted
        case "contains":
            return wanted in value
        case "starts":
            return value.startswith(wanted)
        case _:
            return value in items


def sorted_by(boat: Boat, key: str) -> Any:
    value = kept(boat, key)
    if key == "fitted.flags":
        return sort_key(json.dumps(list(value)))
    return sort_key(value) if key in ("name", "home", "fitted.sails", "fitted.class") else value


def ordered(rows: list[Boat], sort: str) -> list[Boat]:
    terms = [(word.removeprefix("-"), word.startswith("-")) for word in sort.split(",")]
    rows = sorted(rows, key=lambda boat: boat.id, reverse=terms[0][1])
    for key, descending in reversed(terms):
        full = [boat for boat in rows if kept(boat, key) not in (None, "")]
        rest = [boat for boat in rows if kept(boat, key) in (None, "")]
        full.sort(key=lambda boat: sorted_by(boat, key), reverse=descending)
        rows = full + rest
    return rows


TEXT = st.sampled_from(["a", "an", "å", "Ö", "%", "_", "\\", "やま", "UMEÅ", "anna lisa", "zzz", "100%"])
FILTERS = st.one_of(
    st.tuples(st.sampled_from([f"{key}.{op}" for key in ("name", "home") for op in ("eq", "ne", "contains", "starts")]), TEXT),
    st.tuples(st.sampled_from(["name.in", "home.in"]), st.lists(TEXT, min_size=1, max_size=3).map(",".join)),
    st.tuples(st.sampled_from(["length.eq", "length.ne", "length.gte", "length.lte"]), st.integers(-1, 8).map(str)),
    st.tuples(st.just("length.in"), st.sampled_from(["1", "1,3", "9"])),
    st.tuples(st.sampled_from(["hull.eq", "hull.ne"]), st.sampled_from(["wood", "steel"])),
    st.tuples(st.just("hull.in"), st.sampled_from(["wood", "wood,steel"])),
    st.tuples(
        st.sampled_from(["launched.eq", "launched.gte", "launched.lte"]), st.sampled_from(["2026-11-01", "2026-11-02", "2026-12-01"])
    ),
    st.tuples(st.sampled_from(["name.empty", "home.empty", "launched.empty"]), st.sampled_from(["true", "false"])),
    st.tuples(st.sampled_from([f"fitted.{name}.empty" for name in FIELDS]), st.sampled_from(["true", "false"])),
    st.tuples(st.sampled_from([f"fitted.sails.{op}" for op in ("eq", "ne", "contains", "starts")]), TEXT),
    st.tuples(st.sampled_from([f"fitted.crew.{op}" for op in ("eq", "ne", "gte", "lte")]), st.sampled_from(["7", "-3", "8"])),
    st.tuples(st.just("fitted.crew.in"), st.sampled_from(["7,40", "1"])),
    st.tuples(st.sampled_from([f"fitted.price.{op}" for op in ("eq", "gte", "lte")]), st.sampled_from(["1249.50", "20", "-1"])),
    st.tuples(st.just("fitted.leak.eq"), st.sampled_from(["true", "no"])),
    st.tuples(st.sampled_from(["fitted.class.eq", "fitted.class.ne"]), st.sampled_from(["Gold", "Silver"])),
    st.tuples(st.sampled_from(["fitted.flags.contains", "fitted.flags.lacks"]), st.sampled_from(["Red", "blue", "Green,Blue"])),
    st.tuples(st.sampled_from([f"fitted.built.{op}" for op in ("eq", "gte", "lte")]), st.sampled_from(["1998-03-01", "2000-01-01"])),
    st.tuples(st.sampled_from([f"fitted.sailed.{op}" for op in ("eq", "gte", "lte")]), st.sampled_from(["2026-11-01", "2026-11-02"])),
    st.tuples(st.sampled_from([f"fitted.watch.{op}" for op in ("eq", "gte", "lte")]), st.sampled_from(["1:05:00", "60"])),
)
SORT = st.lists(
    st.tuples(st.sampled_from(["name", "home", "length", "hull", "launched", *(f"fitted.{name}" for name in FIELDS)]), st.booleans()),
    min_size=1,
    max_size=3,
    unique_by=lambda term: term[0],
).map(lambda terms: ",".join(("-" if descending else "") + key for key, descending in terms))


class TestRows:
    # One table serves every example, and nothing changes it.
    @settings(max_examples=200, deadline=None)
    @given(
        filters=st.lists(FILTERS, max_size=3),
        sort=SORT,
        q=st.sampled_from(["", "an", "å ra", "AN li", "%", "丸", "ann", "anna", "back\\slash", "maria ann"]),
        page=st.integers(1, 5),
        page_size=st.sampled_from([1, 7, 20, 200]),
        few=st.sampled_from([10_000, 3]),
        every=st.sampled_from([1_000, 4]),
        probed=st.sampled_from([10_000, 6, 25]),
        further=st.sampled_from([25_000, 40]),
    )
    async def test_are_those_of_the_reference(
        self,
        boats: Database,
        filters: list[tuple[str, str]],
        sort: str,
        q: str,
        page: int,
        page_size: int,
        few: int,
        every: int,
        probed: int,
        further: int,
    ) -> None:
        rows = [
            boat for boat in BOATS if all(holds(boat, *one) for one in filters) and all(word in fold(boat.name) for word in fold(q).split())
        ]
        if not any(name.startswith("hull.") for name, _ in filters):
            rows = [boat for boat in rows if boat.hull != "scrap"]
        expected = ordered(rows, sort)[(page - 1) * page_size : page * page_size]
        # Few rows are found and sorted, many are walked in order, far pages from a mark near them: here every way is taken.
        list_walk.forget()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(listing, "EXACT_UP_TO", few)
            patch.setattr(list_walk, "EVERY", every)
            patch.setattr(list_walk, "PROBED", probed)
            patch.setattr(list_walk, "FURTHER", further)
            async with boats.transaction() as uow:
                found = await ask(uow, *filters, ("sort", sort), ("q", q), ("page", str(page)), ("page_size", str(page_size)))
        assert [boat.id for boat in found.items] == [boat.id for boat in expected]
        if len(rows) <= few and probed == 10_000:
            assert (found.total, found.total_is_estimate) == (len(rows), False)
        elif not found.total_is_estimate:
            assert found.total == len(rows)

    async def test_come_in_the_default_order_fifty_a_page(self, boats: Database) -> None:
        async with boats.transaction() as uow:
            found = await ask(uow)
        assert (found.page, found.page_size) == (1, 50)
        assert found.items[0].length == 6

    async def test_are_counted_exactly_up_to_a_bound_and_estimated_beyond(self, boats: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(listing, "EXACT_UP_TO", 20)
        async with boats.transaction() as uow:
            await uow.run("analyze boat")
            many = await ask(uow, ("page_size", "10"))
            few = await ask(uow, ("length.eq", "1"))
            last = await ask(uow, ("page_size", "10"), ("page", "5"))
        assert many.total_is_estimate
        assert 21 <= many.total <= 90
        assert (few.total, few.total_is_estimate) == (7, False)
        # The last page shows where the list ends.
        assert (last.total, last.total_is_estimate) == (45, False)

    @pytest.mark.parametrize(
        "at", ["2026-11-02T12:00:00Z", "2026-11-02T13:00:00+01:00", "2026-11-02T12:00:00", "2026-11-03T10:00:00+22:00"]
    )
    async def test_are_compared_with_instants_of_any_zone(self, boats: Database, at: str) -> None:
        async with boats.transaction() as uow:
            found = await ask(uow, ("launched.eq", at))
        assert {boat.launched for boat in found.items} == {datetime(2026, 11, 2, 12, tzinfo=UTC)}


class TestRefusals:
    def test_name_every_parameter_that_is_wrong(self) -> None:
        assert refused(
            ("colour.eq", "red"),
            ("colour", "red"),
            ("name.like", "a"),
            ("name", "a"),
            ("length.gte", "long"),
            ("length.lte", "9" * 30),
            ("launched.gte", "yesterday"),
            ("launched.eq", "9999-12-31"),
            ("launched.lte", "0001-01-01T00:00:00+23:59"),
            ("hull.eq", "paper"),
            ("hull.empty", "true"),
            ("home.empty", "maybe"),
            ("home.in", " , "),
            ("name.eq", "x" * 201),
            ("name.ne", "a\x00"),
            ("sort", "colour,-notes,name,name"),
            ("page", "0"),
            ("page_size", "201"),
        ) == {
            "colour.eq": "unknown_field",
            "colour": "unknown_field",
            "name.like": "unknown_operator",
            "name": "unknown_operator",
            "length.gte": "invalid_value",
            "length.lte": "invalid_value",
            "launched.gte": "invalid_value",
            "launched.eq": "invalid_value",
            "launched.lte": "invalid_value",
            "hull.eq": "invalid_value",
            "hull.empty": "unknown_operator",
            "home.empty": "invalid_value",
            "home.in": "invalid_value",
            "name.eq": "too_long",
            "name.ne": "control_characters",
            "sort": "repeated",
            "page": "not_in_range",
            "page_size": "not_in_range",
        }

    def test_say_what_is_allowed(self) -> None:
        with pytest.raises(InvalidFields) as problem:
            parse([("name.like", "a"), ("colour.eq", "red"), ("sort", "notes")], SPEC)
        said = " ".join(error.message for error in problem.value.errors)
        assert "operators are eq, ne, contains, starts, in, empty" in said
        assert "Filter by name, home, length, hull, launched, notes, fitted.sails" in said
        assert "Sort by name, home, length, hull, launched" in said

    @pytest.mark.parametrize("name", ["q", "sort", "page", "page_size"])
    def test_take_these_once(self, name: str) -> None:
        assert refused((name, "1"), (name, "2"))[name] in ("repeated", "unknown_field")

    def test_bound_the_work_of_one_request(self) -> None:
        assert refused(*[("name.eq", "a")] * 41) == {"query": "too_many"}
        assert refused(("length.in", ",".join(map(str, range(201))))) == {"length.in": "invalid_value"}

    @given(st.lists(st.tuples(st.text(max_size=15), st.text(max_size=15)), max_size=5))
    def test_are_the_only_other_answer_to_any_parameters(self, parameters: list[tuple[str, str]]) -> None:
        with suppress(InvalidFields):
            assert parse(parameters, SPEC).page >= 1


def test_each_kind_has_its_operators() -> None:
    assert {key: list(operators_of(made)) for key, made in SPEC.columns.items()} == {
        "name": ["eq", "ne", "contains", "starts", "in", "empty"],
        "home": ["eq", "ne", "contains", "starts", "in", "empty"],
        "length": ["eq", "ne", "gte", "lte", "in"],
        "hull": ["eq", "ne", "in"],
        "launched": ["eq", "gte", "lte", "empty"],
        "notes": ["eq", "ne", "contains", "starts", "in"],
        "fitted.sails": ["eq", "ne", "contains", "starts", "in", "empty"],
        "fitted.crew": ["empty", "eq", "ne", "gte", "lte", "in"],
        "fitted.price": ["empty", "eq", "ne", "gte", "lte", "in"],
        "fitted.leak": ["empty", "eq"],
        "fitted.class": ["eq", "ne", "in", "empty"],
        "fitted.flags": ["empty", "contains", "lacks"],
        "fitted.built": ["empty", "eq", "ne", "gte", "lte", "in"],
        "fitted.sailed": ["empty", "eq", "gte", "lte"],
        "fitted.watch": ["empty", "eq", "ne", "gte", "lte", "in"],
    }


@pytest.mark.parametrize("text", ["a", "an", "ann", "a.b", "@x", "x@", "%", "--", "山", "山田", "山田丸", "a_b", "'", "\\"])
async def test_no_fragment_makes_the_database_read_a_whole_trigram_index(boats: Database, text: str) -> None:
    async with boats.transaction() as uow:
        await uow.run("create index boat_words on boat using gin (name gin_trgm_ops)")
        await uow.run("set local enable_seqscan = off")
        for made in (contains(Searched(column("name")), fold(text)), mentions(Searched(column("name")), fold(text))):
            query = sql.SQL("explain (analyze, format json) select from boat b where {}").format(made)
            plan = json.dumps(await uow.value(query))
            if "boat_words" in plan:
                found = [int(rows) for rows in re.findall(r'"Bitmap Index Scan".*?"Actual Rows": (\d+)', plan)]
                assert max(found) < len(BOATS)
        await uow.run("drop index boat_words")


async def test_a_short_fragment_is_found_where_words_begin(boats: Database) -> None:
    async with boats.transaction() as uow:
        every = ["anna berg", "hanna", "an-ders", "x@an.se", "+4670", "kalle anka", "山田 花子", "花-子", "中山"]

        async def texts(fragment: str) -> list[str]:
            spoken = sql.SQL("select t from unnest({}::text[]) t where {}").format(every, mentions(Searched(sql.SQL("t")), fragment))
            found = await uow.values(spoken)
            assert found == [text for text in every if mentioned(text, fragment)]
            return found

        assert await texts("an") == ["anna berg", "an-ders", "x@an.se", "kalle anka"]
        assert await texts("ann") == ["anna berg", "hanna"]
        assert await texts("46") == ["+4670"]
        assert await texts("nn") == []
        assert await texts("山") == ["山田 花子"]
        assert await texts("花") == ["山田 花子", "花-子"]
        assert await texts("花子") == ["山田 花子"]
        assert await texts("田 花") == ["山田 花子"]


def test_of_a_fragment_the_rarest_part_is_looked_for() -> None:
    texts = tuple(f"customer{number} customer{number}@example.com +4479460{number:04}" for number in range(1000, 2000))
    searched = Searched(sql.SQL("t"), texts)
    assert searched.looked_for("example") is None
    assert searched.looked_for("berg") == "berg"
    assert searched.looked_for("customer1472") == "er1472"
    assert searched.looked_for("+4479460999") is not None
    assert Searched(sql.SQL("t")).looked_for("example") == "example"
