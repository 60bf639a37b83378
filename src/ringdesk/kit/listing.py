"""The grammar of every list: `q`, `sort`, `page`, `page_size` and `field.operator=value` (product.md 1.6). docs/recipes/list.md.

A list is described once, by its columns; parsing, the WHERE and ORDER BY, paging and counting follow from that.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from msgspec import Struct, structs
from psycopg import sql

from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.list_filters import Column, operators_of
from ringdesk.kit.list_walk import EVERY, Stretch, Term, all_of, directed, first_that_match, length_of, ordered_by, rows_at
from ringdesk.kit.problems import FieldErrors

R = TypeVar("R")

MAX_PAGE_SIZE = 200
"""Rows of one page: what a grid shows on the tallest screen a few times over; more is an export."""
DEFAULT_PAGE_SIZE = 50
EXACT_UP_TO = 10_000
"""Rows that are counted one by one (some 5 ms); beyond that the planner's estimate says enough."""
MOST_PARAMETERS = 40
"""Filters of one request: more than the columns of any list; a bound on the work that one address line can ask for."""
LONGEST_TEXT = 200
"""Characters of one value or search: longer than any name."""
_GREATEST_PAGE = 10_000_000


class ListSpec(Struct, frozen=True, kw_only=True):
    """A list: its columns by key, what it sorts by unless asked otherwise, and how `q` becomes a condition.

    `source` is what follows FROM; `key` its unique column, which settles ties; `hidden` leaves rows out unless a filter names `shown_by`.
    """

    columns: Mapping[str, Column]
    source: sql.Composable
    key: sql.Composable
    default_sort: str
    search: Callable[[str], list[sql.Composable]]
    hidden: sql.Composable | None = None
    shown_by: str | None = None


class SortTerm(NamedTuple):
    """One column of a sort order."""

    column: Column
    descending: bool


class ListQuery(Struct, frozen=True, kw_only=True):
    """What was asked of a list, checked. `conditions` hold all at once; `narrowed` says that some of them were asked for, `share` (0 to 1)
    about which part of the rows meets them, None: not known.
    """

    conditions: tuple[sql.Composable, ...]
    narrowed: bool
    sort: tuple[SortTerm, ...]
    page: int
    page_size: int
    share: float | None = None


class Page(Struct, Generic[R], frozen=True):
    """One page of rows. `total` is exact up to EXACT_UP_TO, beyond that an estimate."""

    items: list[R]
    page: int
    page_size: int
    total: int
    total_is_estimate: bool


def parse(parameters: Iterable[tuple[str, str]], spec: ListSpec) -> ListQuery:
    """Read the query of an address line. Raises InvalidFields naming every unknown field, operator and unusable value at once."""
    errors = FieldErrors()
    plain: dict[str, str] = {}
    conditions: list[sql.Composable] = []
    named: set[str] = set()
    given = list(parameters)
    if len(given) > MOST_PARAMETERS:
        errors.add("query", "too_many", f"A list takes at most {MOST_PARAMETERS} parameters; this has {len(given)}.")
        errors.raise_if_any()
    for name, value in given:
        if len(value) > LONGEST_TEXT and not name.endswith(".in"):
            errors.add(name, "too_long", f"At most {LONGEST_TEXT} characters fit; this has {len(value)}.")
        elif "\x00" in value:
            errors.add(name, "control_characters", "Remove the control characters.")
        elif name in ("q", "sort", "page", "page_size"):
            if name in plain:
                errors.add(name, "repeated", "Give this parameter once.")
            plain[name] = value
        elif condition := _filter(name, value, spec, errors):
            conditions.append(condition)
            named.add(name.rpartition(".")[0])
    conditions += spec.search(plain.get("q", ""))
    narrowed = bool(conditions)
    if spec.hidden and spec.shown_by not in named:
        conditions.append(spec.hidden)
    query = ListQuery(
        conditions=tuple(conditions),
        narrowed=narrowed,
        sort=_sort(plain.get("sort") or spec.default_sort, spec, errors),
        page=_number("page", plain.get("page", "1"), _GREATEST_PAGE, errors),
        page_size=_number("page_size", plain.get("page_size", str(DEFAULT_PAGE_SIZE)), MAX_PAGE_SIZE, errors),
    )
    errors.raise_if_any()
    return query


async def fetch(uow: UnitOfWork, kind: type[R], columns: sql.Composable, spec: ListSpec, query: ListQuery) -> Page[R]:
    """The rows of the asked page, each read as a `kind` from `columns`, with the size of the whole list."""
    skip = (query.page - 1) * query.page_size
    if query.narrowed:
        # Not asked of the planner: of fragments it expects a hundred where there are ten thousand.
        early = None if query.share == 0 else await _early(uow, kind, columns, spec, query, skip)
        if early is not None:
            return Page(early, query.page, query.page_size, max(await _estimate(uow, spec, query), skip + len(early)), True)
        few = await _hits(uow, kind, columns, spec, query, skip)
        if few is not None:
            return few
        total, estimated = max(await _estimate(uow, spec, query), EXACT_UP_TO + 1), True
    else:
        total, estimated = await _count(uow, spec, query)
    rows = await _walk(uow, kind, columns, spec, query, skip)
    # The page itself may know better than the estimate.
    seen = skip + len(rows)
    if estimated and rows and (len(rows) < query.page_size or seen > total):
        total, estimated = seen, len(rows) == query.page_size
    return Page(rows, query.page, query.page_size, total, estimated)


async def _early(uow: UnitOfWork, kind: type[R], columns: sql.Composable, spec: ListSpec, query: ListQuery, skip: int) -> list[R] | None:
    """The page, if so much matches that it is full after a short walk in the order; None: it isn't."""
    if skip + query.page_size > EVERY:
        return None
    hidden = tuple(one for one in query.conditions if one == spec.hidden)
    first = query.sort[0].column
    terms = tuple(_terms(spec, query.sort))
    if first.filled is None:
        stretch = Stretch(source=spec.source, conditions=hidden, terms=terms)
    else:
        stretch = _full(spec, structs.replace(query, conditions=hidden), terms, first)
    asked = [one for one in query.conditions if one not in hidden]
    return await first_that_match(uow, kind, columns, stretch, asked, skip=skip, limit=query.page_size)


async def _hits(uow: UnitOfWork, kind: type[R], columns: sql.Composable, spec: ListSpec, query: ListQuery, skip: int) -> Page[R] | None:
    """The page and the exact number of all that match, if they are few; None: they are more than EXACT_UP_TO."""
    cursor = await uow.conn.execute(_few(columns, spec, query, skip))
    found = await cursor.fetchall()
    names = [column.name for column in cursor.description or ()][:-1]
    # A page past the end has no row to say the number.
    total = int(found[0][-1]) if found else (await _count(uow, spec, query))[0]
    if total > EXACT_UP_TO:
        return None
    rows = [kind(**dict(zip(names, row[:-1], strict=True))) for row in found]
    return Page(rows, query.page, query.page_size, total, False)


def matching(spec: ListSpec, query: ListQuery) -> sql.Composed:
    """The statement that gives the key of every row that matches, on whatever page, in no order."""
    return sql.SQL("select {} from {} where {}").format(spec.key, spec.source, all_of(query.conditions))


def every_row(columns: sql.Composable, spec: ListSpec, query: ListQuery) -> sql.Composed:
    """The statement that gives every row that matches in the order that was asked for: for an export, which reads it bit by bit."""
    order = ordered_by(_terms(spec, query.sort, empty_last=True))
    return sql.SQL("select {} from {} where {} order by {}").format(columns, spec.source, all_of(query.conditions), order)


async def count_all(uow: UnitOfWork, spec: ListSpec, query: ListQuery) -> int:
    """How many rows match, counted one by one."""
    return int(await uow.value(sql.SQL("select count(*) from {} where {}").format(spec.source, all_of(query.conditions))))


def _few(columns: sql.Composable, spec: ListSpec, query: ListQuery, skip: int) -> sql.Composed:
    """A page of the few rows that match: found first, by whatever index finds them, and then sorted.

    Left to choose, the planner would rather walk the order and hope to meet fifty of them soon.
    """
    terms = _terms(spec, query.sort, empty_last=True)
    names = [sql.Identifier(f"o{place}") for place in range(len(terms))]
    order = sql.SQL(", ").join(directed(sql.Composed([sql.SQL("page."), name]), term[1]) for name, term in zip(names, terms, strict=True))
    return sql.SQL(
        "with hit as materialized (select {key} as key, {values} from {source} where {conditions} limit {most})"
        " select {columns}, (select count(*) from hit) as number_of_hits"
        " from (select * from hit page order by {order} limit {limit} offset {skip}) page"
        " join {source} on {key} = page.key order by {order}"
    ).format(
        key=spec.key,
        values=sql.SQL(", ").join(sql.SQL("{} as {}").format(term[0], name) for name, term in zip(names, terms, strict=True)),
        source=spec.source,
        conditions=all_of(query.conditions),
        most=EXACT_UP_TO + 1,
        columns=columns,
        order=order,
        limit=query.page_size,
        skip=skip,
    )


async def _walk(uow: UnitOfWork, kind: type[R], columns: sql.Composable, spec: ListSpec, query: ListQuery, skip: int) -> list[R]:
    """A page of the many rows that match, in up to two parts: those with a value in the first sort column, then those without.

    Each part is one ordered walk of an index; NULLS LAST in both directions would take two indexes a column.
    """
    first = query.sort[0].column
    terms = tuple(_terms(spec, query.sort))
    if first.filled is None:
        return await rows_at(
            uow, kind, columns, Stretch(source=spec.source, conditions=query.conditions, terms=terms), skip, query.page_size
        )
    full = _full(spec, query, terms, first)
    rows: list[R] = await rows_at(uow, kind, columns, full, skip, query.page_size)
    if len(rows) == query.page_size:
        return rows
    before = skip + len(rows) if rows or skip == 0 else await length_of(uow, full)
    # Nothing is left to order by in the first column; naming it would keep the planner from the next index.
    empty = Stretch(source=spec.source, conditions=(*query.conditions, sql.SQL("not ({})").format(first.filled)), terms=terms[1:])
    return rows + await rows_at(uow, kind, columns, empty, max(0, skip - before), query.page_size - len(rows))


def _full(spec: ListSpec, query: ListQuery, terms: tuple[Term, ...], first: Column) -> Stretch:
    """The rows with a value in the first column of the order."""
    assert first.filled
    full = Stretch(source=spec.source, conditions=(*query.conditions, first.filled), terms=terms)
    if first.apart is None or len(query.sort) > 1 or query.conditions != ((spec.hidden,) if spec.hidden else ()):
        return full
    apart, descending = first.apart, terms[-1][1]
    key = (apart.key, descending)
    passed = Stretch(source=apart.source, conditions=apart.conditions, terms=((apart.order, descending) if apart.order else terms[0], key))
    # Where the list itself reads what lies apart, rows are named by the key that lies beside the value: one index has both.
    return Stretch(source=full.source, conditions=full.conditions, terms=terms if apart.order else (terms[0], key), passed=passed)


def _terms(spec: ListSpec, sort: Sequence[SortTerm], *, empty_last: bool = False) -> list[Term]:
    """What to order by, and whether descending: the asked columns, rows without a value last, and the key.

    The first column orders its values only, unless `empty_last`: _walk reads rows without one by themselves.
    """
    terms: list[Term] = []
    for place, (column, descending) in enumerate(sort):
        assert column.order is not None
        if column.filled and (place or empty_last):
            terms.append((sql.SQL("(not ({}))").format(column.filled), False))
        terms.append((column.order, descending))
        if column.order == spec.key:
            # Nothing comes after the key; named twice it would keep the planner from leaving out partitions.
            return terms
    return [*terms, (spec.key, sort[0].descending)]


async def _count(uow: UnitOfWork, spec: ListSpec, query: ListQuery) -> tuple[int, bool]:
    where = all_of(query.conditions)
    capped = sql.SQL("select count(*) from (select from {} where {} limit {}) counted").format(spec.source, where, EXACT_UP_TO + 1)
    exact = int(await uow.value(capped))
    if exact <= EXACT_UP_TO:
        return exact, False
    return max(exact, await _estimate(uow, spec, query)), True


async def _estimate(uow: UnitOfWork, spec: ListSpec, query: ListQuery) -> int:
    conditions = query.conditions
    if query.share is not None:
        # PostgreSQL expects the same few rows of any fragment of a text.
        conditions = tuple(one for one in conditions if one == spec.hidden)
    plan = await uow.value(sql.SQL("explain (format json) select from {} where {}").format(spec.source, all_of(conditions)))
    return round(int(plan[0]["Plan"]["Plan Rows"]) * (1 if query.share is None else query.share))


def _sort(text: str, spec: ListSpec, errors: FieldErrors) -> tuple[SortTerm, ...]:
    terms: list[SortTerm] = []
    for word in text.split(","):
        name = word.strip().removeprefix("-")
        column = spec.columns.get(name)
        if column is None or column.order is None:
            allowed = ", ".join(key for key, column in spec.columns.items() if column.order and not column.not_sorted)
            errors.add(
                "sort", "unknown_field", f"This list can't be sorted by “{name}”. Sort by {allowed}, with “-” in front for descending."
            )
        elif column.not_sorted:
            errors.add("sort", "not_sortable", column.not_sorted)
        elif any(term.column.key == name for term in terms):
            errors.add("sort", "repeated", f"“{name}” stands twice; name each column once.")
        else:
            terms.append(SortTerm(column, word.strip().startswith("-")))
    return tuple(terms)


def _number(name: str, text: str, greatest: int, errors: FieldErrors) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= greatest:
        return int(text)
    errors.add(name, "not_in_range", f"This must be a whole number from 1 to {greatest}.")
    return 1


def _filter(name: str, text: str, spec: ListSpec, errors: FieldErrors) -> sql.Composable | None:
    # The key of a column may have dots itself (attributes.tier).
    key, _, word = name.rpartition(".") if name not in spec.columns and "." in name else (name, "", "")
    column = spec.columns.get(key)
    if column is None:
        errors.add(name, "unknown_field", f"This list has no field “{key}”. Filter by {', '.join(spec.columns)}.")
        return None
    if column.not_filtered:
        errors.add(name, "not_searchable", column.not_filtered)
        return None
    allowed = operators_of(column)
    operator = allowed.get(word)
    if operator is None:
        wrong = f"“{word}” is no operator of {key}" if word else f"{key} needs an operator"
        errors.add(name, "unknown_operator", f"{wrong}. Write {key}.{next(iter(allowed))}=…; operators are {', '.join(allowed)}.")
        return None
    try:
        return operator(text)
    except ValueError as problem:
        errors.add(name, "invalid_value", str(problem))
        return None
