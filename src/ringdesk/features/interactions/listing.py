"""The list of interactions over all customers: its columns, filters and quick search (product.md 3.2, 3.3)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from psycopg import sql

from ringdesk.features import customers
from ringdesk.features.interactions.schemas import CHANNELS, InteractionRow
from ringdesk.kit import list_sample, phones
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.fields import Duration, Refusal
from ringdesk.kit.folding import fold
from ringdesk.kit.ids import first_id_at
from ringdesk.kit.list_filters import (
    Column,
    Condition,
    Searched,
    any_of,
    begins_with,
    compared,
    either,
    exactly,
    mentions,
    reference,
    span_of,
)
from ringdesk.kit.listing import ListQuery, ListSpec, Page, fetch, parse

MOST_CUSTOMERS = 1_000
"""Customers that a searched word is looked up for by their keys: some 10 ms. A word that more of them have is met among the newest."""
MOST_INTERACTIONS = 2_000
"""Interactions with an outcome that are looked at one by one; an outcome that more have is met among the newest."""
MOST_TAGS = 200
"""Tags that a beginning stands for, the most used ones: more than anybody reads before they type another letter."""
RESULTS = ("answered", "abandoned", "not_accepted", "ivr_only", "busy", "no_answer", "failed")
# A key says when an interaction was first heard of; what is told of its start later moves it by less than that.
_KEY_WITHIN = timedelta(days=1)
_DIGITS_TO_LOOK_FOR = 4
_REQUEST_NUMBER = re.compile(r"(?:req-)?(\d{1,15})")

SOURCE = sql.SQL("interaction i left join customer c on c.id = i.customer_id left join request r on r.id = i.request_id")
# The key of an activity is greater than its interaction's (ids.id_after), which spares the older partitions.
_PARTS = sql.SQL("activity a where a.interaction_id = i.id and a.id >= i.id")
# Not as EXISTS: of that PostgreSQL makes a join with every outcome that was ever given.
_LAST = sql.SQL("(select a.code from {} and a.kind = 'wrap_up' and not a.inherited order by a.id desc limit 1)").format(_PARTS)
COLUMNS = sql.SQL(
    "i.id, i.customer_id, c.display_name as customer_name, cardinality(i.candidates) as candidates, i.channel, i.direction, i.ani, i.dnis,"
    " i.queue, i.caller_name, i.started_at, i.answered_at, i.ended_at, i.duration_s, i.type, i.state, i.result, i.source, i.external_id,"
    " i.request_id, r.number as request_number, r.title as request_title,"
    " array(select one.name from (select a.agent_name as name, min(a.started_at) as at from {parts} and a.kind <> 'wrap_up'"
    "       and a.agent_name is not null group by a.agent_name) one order by one.at) as agents,"
    " case when i.tags = '{{}}' then array[]::text[] else array(select distinct on (fold(t.name)) t.name"
    "       from (select unnest(a.tags) as name from {parts}) t order by fold(t.name)) end as tags,"
    " {last} as wrap_up"
).format(parts=_PARTS, last=_LAST)


class Words(Struct, frozen=True):
    """A searched word, and the customers who have it, if they are few; None: they are many."""

    fragment: str
    customers: Sequence[UUID] | None


async def asked(uow: UnitOfWork, parameters: Iterable[tuple[str, str]], *, reader: UUID | None, region: str) -> tuple[ListSpec, ListQuery]:
    """The list, and what an address line asks of it; `me` as an agent is the reader. Raises InvalidFields naming what can't be used."""
    given = [(name, str(reader) if name == "agent_id.eq" and value == "me" else value) for name, value in parameters]
    # Two years are some thirty tables: that looks dear enough to be compiled, or shared among processes, and takes longer so than a page.
    await uow.send("select set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)")
    texts = await list_sample.texts_of(uow, "customer", "search_text")
    searched = Searched(sql.SQL("c.search_text"), texts)
    fragments = customers.search_fragments(next((value for name, value in given if name == "q"), ""))
    words = [await _look_up(uow, searched, one) for one in fragments]
    codes = {code.strip() for name, value in given if name in ("wrap_up.eq", "wrap_up.in") for code in value.split(",")}
    outcomes = {code: await _interactions_with(uow, code) for code in codes}
    described = ListSpec(
        columns={column.key: column for column in _columns(searched, region, outcomes)},
        source=SOURCE,
        key=sql.SQL("i.id"),
        default_sort="-started_at",
        search=lambda _: [_mention(one, searched, region) for one in words],
    )
    return described, parse(given, described)


async def page(uow: UnitOfWork, parameters: Iterable[tuple[str, str]], *, reader: UUID | None, region: str) -> Page[InteractionRow]:
    """The page that an address line asks for. Raises InvalidFields naming every parameter that can't be used."""
    described, query = await asked(uow, parameters, reader=reader, region=region)
    return await fetch(uow, InteractionRow, COLUMNS, described, query)


async def _interactions_with(uow: UnitOfWork, code: str) -> Sequence[UUID] | None:
    query = sql.SQL("select interaction_id from activity where code = {} and kind = 'wrap_up' and not inherited limit {}")
    found = await uow.values(query.format(code, MOST_INTERACTIONS + 1))
    return found if len(found) <= MOST_INTERACTIONS else None


async def _look_up(uow: UnitOfWork, searched: Searched, fragment: str) -> Words:
    found = await uow.values(
        sql.SQL("select c.id from customer c where {} limit {}").format(mentions(searched, fragment), MOST_CUSTOMERS + 1)
    )
    return Words(fragment, found if len(found) <= MOST_CUSTOMERS else None)


def _mention(word: Words, searched: Searched, region: str) -> sql.Composable:
    """What quick search means by a word: one of its customer's, the number, a tag that begins so, or the request."""
    few = word.customers
    found = [
        mentions(searched, word.fragment) if few is None else sql.SQL("i.customer_id = {}").format(_one_of(few)),
        _tagged(word.fragment, whole=False),
    ]
    digits = customers.digits_of(word.fragment)
    if len(digits) >= _DIGITS_TO_LOOK_FOR and digits == word.fragment.lstrip("+"):
        found.append(_begins(word.fragment, region))
    if number := _REQUEST_NUMBER.fullmatch(word.fragment):
        found.append(sql.SQL("i.request_id = (select s.id from request s where s.number = {})").format(int(number[1])))
    if "@" in word.fragment:
        found.append(begins_with(_ANI, word.fragment))
    return any_of(found)


def _one_of(keys: Sequence[UUID]) -> sql.Composable:
    """Any of these keys. Out of the planner's sight: it would weigh each of a thousand against what it knows of each of thirty months."""
    return sql.SQL("any(array(select unnest({}::uuid[])))").format(sql.Literal([str(one) for one in keys]))


_ANI = sql.SQL('i.ani collate "C"')


def _begins(text: str, region: str) -> sql.Composable:
    """That the customer's number begins with these digits, in whatever form they are written."""
    digits = customers.digits_of(text)
    if not digits:
        raise ValueError("Write the first digits of the number.")
    if text.strip().startswith("+"):
        starts = ["+" + digits]
    elif digits.startswith("00"):
        starts = ["+" + digits[2:]]
    else:
        # A national form with its 0, the same without it, an international one without its +, and a short code.
        plan = phones.plan_of(region)
        starts = ["+" + plan.code + digits.removeprefix(plan.trunk), "+" + digits, digits]
    return any_of([begins_with(_ANI, start) for start in dict.fromkeys(starts)])


def _number_operators(region: str) -> Mapping[str, Condition]:
    def eq(text: str) -> sql.Composable:
        # What is no number is the address of another channel, or what a telephone system said instead.
        forms = {text.strip(), text.strip().lower()}
        with suppress(phones.PhoneError):
            forms.add(phones.normalise(text.strip(), region).normalised)
        return any_of([sql.SQL("{} = {}").format(_ANI, form) for form in sorted(forms)])

    def starts(text: str) -> sql.Composable:
        if re.search(r"[^\W\d]", text):
            return begins_with(_ANI, text.strip().lower())
        return _begins(text, region)

    return {"starts": starts, "eq": eq, "in": either(eq)}


def _tagged(text: str, *, whole: bool) -> sql.Composable:
    folded = fold(text).strip()
    if whole:
        return sql.SQL("(i.tags <> '{{}}' and i.tags @> array[{}])").format(folded)
    meant = sql.SQL("select t.folded from tag t where t.uses > 0 and {} order by t.uses desc limit {}").format(
        begins_with(sql.SQL('t.folded collate "C"'), folded), MOST_TAGS
    )
    return sql.SQL("(i.tags <> '{{}}' and i.tags && array({}))").format(meant)


def _tags() -> Column:
    def checked(text: str) -> str:
        if not text.strip():
            raise ValueError("Write a tag, or its beginning.")
        return text

    def eq(text: str) -> sql.Composable:
        return _tagged(checked(text), whole=True)

    return Column(
        key="tag",
        kind="own",
        value=sql.SQL("i.tags"),
        filled=sql.SQL("i.tags <> '{}'"),
        operators={
            "eq": eq,
            "starts": lambda text: _tagged(checked(text), whole=False),
            "in": either(eq),
        },
    )


def _agents() -> Column:
    def eq(text: str) -> sql.Composable:
        try:
            return sql.SQL("(i.agents <> '{{}}' and i.agents @> array[{}::uuid])").format(str(UUID(text.strip())))
        except ValueError:
            raise ValueError("Write the id of an agent, or me.") from None

    return Column(
        key="agent_id",
        kind="own",
        value=sql.SQL("i.agents"),
        filled=sql.SQL("i.agents <> '{}'"),
        operators={"eq": eq, "in": either(eq)},
    )


def _wrap_ups(given: Mapping[str, Sequence[UUID] | None]) -> Column:
    """The outcome that was given last. `given`: the interactions in which a code was given, if they are few."""

    def eq(text: str) -> sql.Composable:
        code = text.strip()
        held = sql.SQL("{} = {}").format(_LAST, code)
        few = given.get(code)
        return held if few is None else sql.SQL("(i.id = {} and {})").format(_one_of(few), held)

    return Column(
        key="wrap_up",
        kind="own",
        value=_LAST,
        filled=sql.SQL("{} is not null").format(_LAST),
        operators={"eq": eq, "in": either(eq)},
    )


def _request() -> Column:
    def eq(text: str) -> sql.Composable:
        number = _REQUEST_NUMBER.fullmatch(fold(text).strip())
        if not number:
            raise ValueError("Write the number of a request, such as REQ-1042.")
        return sql.SQL("i.request_id = (select s.id from request s where s.number = {})").format(int(number[1]))

    return Column(
        key="request_number",
        kind="own",
        value=sql.SQL("r.number"),
        filled=sql.SQL("i.request_id is not null"),
        operators={"eq": eq, "in": either(eq)},
    )


def _moment() -> Column:
    """When it began: in the order of the keys, which is that of the journey, too, and that of the partitions."""

    def since(text: str) -> sql.Composable:
        start = span_of(text)[0]
        return sql.SQL("(i.started_at >= {} and i.id >= {})").format(start, first_id_at(_earlier(start)))

    def until(text: str) -> sql.Composable:
        end = span_of(text)[1]
        return sql.SQL("(i.started_at < {} and i.id < {})").format(end, first_id_at(_later(end)))

    return Column(
        key="started_at",
        kind="own",
        value=sql.SQL("i.started_at"),
        order=sql.SQL("i.id"),
        operators={"gte": since, "lte": until, "eq": lambda text: sql.SQL("({} and {})").format(since(text), until(text))},
    )


def _earlier(at: datetime) -> datetime:
    return at - _KEY_WITHIN if at.year > 1 else at


def _later(at: datetime) -> datetime:
    return at + _KEY_WITHIN if at.year < 9999 else at


def _duration() -> Column:
    def seconds(text: str) -> int:
        try:
            read = Duration().parse(text, "")
        except Refusal as refusal:
            raise ValueError(refusal.message) from None
        if read is None:
            raise ValueError("Write a length of time, such as 1:05:00, or a number of seconds.")
        return read

    value = sql.SQL("i.duration_s")
    found = compared(value, seconds)
    return Column(
        key="duration_s",
        kind="own",
        value=value,
        order=value,
        filled=sql.SQL("i.duration_s is not null"),
        operators={word: found[word] for word in ("gte", "lte")},
    )


def _exactly(key: str) -> Column:
    """A column of words that a program gives."""
    name = sql.Identifier("i", key)
    return exactly(key, sql.SQL('{} collate "C"').format(name), filled=sql.SQL("{} is not null").format(name))


def _columns(searched: Searched, region: str, outcomes: Mapping[str, Sequence[UUID] | None]) -> list[Column]:
    ani = sql.SQL("i.ani is not null")
    return [
        _moment(),
        Column(key="channel", kind="choice", value=sql.SQL("i.channel"), options=CHANNELS),
        Column(key="direction", kind="choice", value=sql.SQL("i.direction"), options=("inbound", "outbound")),
        Column(key="ani", kind="own", value=_ANI, order=_ANI, filled=ani, operators=_number_operators(region)),
        _exactly("dnis"),
        Column(
            key="queue",
            kind="text",
            value=sql.SQL("i.queue"),
            order=sql.SQL('fold(i.queue) collate "C"'),
            filled=sql.SQL("i.queue is not null"),
        ),
        Column(
            key="customer_name",
            kind="text",
            value=sql.SQL("c.display_name"),
            filled=sql.SQL("i.customer_id is not null"),
            found_in=searched,
        ),
        reference("customer_id", sql.SQL("i.customer_id"), empties=True),
        _agents(),
        Column(key="type", kind="choice", value=sql.SQL("i.type"), options=("agent", "ivr")),
        Column(key="state", kind="choice", value=sql.SQL("i.state"), options=("in_progress", "ended")),
        Column(key="result", kind="choice", value=sql.SQL("i.result"), filled=sql.SQL("i.result is not null"), options=RESULTS),
        _request(),
        reference("request_id", sql.SQL("i.request_id"), empties=True),
        _duration(),
        _wrap_ups(outcomes),
        _tags(),
        *(
            Column(key=key, kind="instant", value=value, filled=sql.SQL("{} is not null").format(value))
            for key, value in (("answered_at", sql.SQL("i.answered_at")), ("ended_at", sql.SQL("i.ended_at")))
        ),
        _exactly("source"),
        _exactly("external_id"),
    ]
