"""The list of requests: its columns, filters and quick search (product.md 2.6)."""

from collections.abc import Iterable
from uuid import UUID

from msgspec import structs
from psycopg import sql

from ringdesk.features import customers
from ringdesk.features.requests import definition_store, store
from ringdesk.features.requests.rules import PRIORITIES
from ringdesk.features.requests.schemas import Request, RequestField, RequestSchema
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.fields import Phone
from ringdesk.kit.folding import fold
from ringdesk.kit.list_fields import Held, field_column
from ringdesk.kit.list_filters import Column, Condition, Searched, mentions, reference
from ringdesk.kit.listing import ListQuery, ListSpec, Page, fetch, parse

FIELD = "fields."
"""Before the key of a field of a type, in the names of columns."""
_SEARCHED = Searched(sql.SQL("r.search_text"))
_RANK = sql.SQL("array_position(array['low', 'normal', 'high', 'urgent'], r.priority)")
_OVERDUE = sql.SQL("(r.status = 'active' and r.due_on < (now() at time zone 'utc')::date)")


def spec(schema: RequestSchema, region: str) -> ListSpec:
    """The list where there are these types and fields of requests. `region` (ISO 3166) reads what is compared with."""
    types = tuple(one.key for one in schema.types)
    return ListSpec(
        columns={column.key: column for column in [*_columns(types), *(_field(one, region) for one in schema.fields)]},
        source=store.SOURCE,
        key=sql.SQL("r.id"),
        default_sort="-created_at",
        search=_search,
    )


async def page(uow: UnitOfWork, parameters: Iterable[tuple[str, str]], reader: UUID | None, *, region: str) -> Page[Request]:
    """The page that an address line asks for. Raises InvalidFields naming what can't be used."""
    described = spec(await definition_store.schema(uow), region)
    return await fetch(uow, Request, store.COLUMNS, described, asked(parameters, described, reader))


def asked(parameters: Iterable[tuple[str, str]], described: ListSpec, reader: UUID | None) -> ListQuery:
    """What an address line asks for; `me` as an owner is the reader. Raises InvalidFields naming what can't be used."""
    meant = [(name, str(reader) if name == "owner_id.eq" and value == "me" else value) for name, value in parameters]
    return parse(meant, described)


def _search(q: str) -> list[sql.Composable]:
    # By the words of the request itself and of its customer, each through its own index.
    return [
        sql.SQL(
            "r.id in (select s.id from request s where {} union all"
            " select s.id from customer k join request s on s.customer_id = k.id where {})"
        ).format(mentions(Searched(sql.SQL("s.search_text")), fragment), mentions(Searched(sql.SQL("k.search_text")), fragment))
        for fragment in dict.fromkeys(fold(q).split())
    ]


def _columns(types: tuple[str, ...]) -> list[Column]:
    due = sql.SQL("(r.due_on::timestamp at time zone 'utc')")
    return [
        Column(key="number", kind="number", value=sql.SQL("r.number"), order=sql.SQL("r.number")),
        Column(
            key="title",
            kind="text",
            value=sql.SQL("r.title"),
            order=sql.SQL('sort_key(r.title) collate "C"'),
            found_in=_SEARCHED,
        ),
        Column(key="type", kind="choice", value=sql.SQL("r.type"), order=sql.SQL("r.type"), options=types),
        Column(key="status", kind="choice", value=sql.SQL("r.status"), order=sql.SQL("r.status"), options=("active", "closed")),
        Column(key="priority", kind="choice", value=sql.SQL("r.priority"), order=_RANK, options=PRIORITIES),
        # Sorted by what lies in another table: no index has it (docs/subsystems/lists.md).
        Column(
            key="customer_name",
            kind="text",
            value=sql.SQL("c.display_name"),
            order=sql.SQL("c.sort_name"),
            found_in=Searched(sql.SQL("c.search_text")),
        ),
        reference("customer_id", sql.SQL("r.customer_id")),
        structs.replace(
            reference("owner_id", sql.SQL("r.owner_id"), empties=True), order=sql.SQL("sort_key(coalesce(u.name, '')) collate \"C\"")
        ),
        Column(key="due_on", kind="instant", value=due, order=sql.SQL("r.due_on"), filled=sql.SQL("r.due_on is not null")),
        Column(key="overdue", kind="flags", value=_OVERDUE, operators={"eq": _overdue}),
        Column(key="created_at", kind="instant", value=sql.SQL("r.created_at"), order=sql.SQL("r.created_at")),
        Column(key="updated_at", kind="instant", value=sql.SQL("r.updated_at"), order=sql.SQL("r.updated_at")),
        Column(
            key="closed_at",
            kind="instant",
            value=sql.SQL("r.closed_at"),
            order=sql.SQL("r.closed_at"),
            filled=sql.SQL("r.closed_at is not null"),
        ),
    ]


def _field(one: RequestField, region: str) -> Column:
    """A field of a type. Values are looked through, one request after the other; nothing keeps them in an order."""
    held = Held(column=sql.SQL("r.fields"), name=one.key)
    return field_column(
        FIELD + one.key,
        one.type,
        held,
        region=region,
        operators={"contains": _digits_in(held)} if isinstance(one.type, Phone) else None,
        not_sorted=f"The list can't be sorted by “{one.label}”. Filter by it, and sort by another column.",
    )


def _digits_in(held: Held) -> Condition:
    def contains(text: str) -> sql.Composable:
        digits = customers.digits_of(text).lstrip("0")
        if not digits:
            raise ValueError("Write some digits of the number.")
        return sql.SQL("strpos(regexp_replace({}, '[^0-9]', '', 'g'), {}) > 0").format(held.text, digits)

    return contains


def _overdue(text: str) -> sql.Composable:
    if text not in ("true", "false"):
        raise ValueError("Write true or false.")
    return _OVERDUE if text == "true" else sql.SQL("not coalesce({}, false)").format(_OVERDUE)
