"""The list of the audit trail: its columns, filters and quick search."""

from collections.abc import Iterable, Sequence
from typing import LiteralString
from uuid import UUID

from msgspec import structs
from psycopg import sql

from ringdesk.features.audit.schemas import AuditEntry
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.folding import fold
from ringdesk.kit.ids import first_id_at
from ringdesk.kit.list_filters import Column, Searched, any_of, begins_with, exactly, mentions, reference, span_of
from ringdesk.kit.listing import ListQuery, ListSpec, Page, fetch, parse

# What has an id that is a UUID, and what it is called.
_NAMED: dict[str, LiteralString] = {
    "customer": "select display_name from customer where id = a.entity_id::uuid",
    "request": "select 'REQ-' || number || ' ' || title from request where id = a.entity_id::uuid",
    "account": "select name from app_user where id = a.entity_id::uuid",
    "team": "select name from team where id = a.entity_id::uuid",
    "api_key": "select name from api_key where id = a.entity_id::uuid",
    "attribute": "select label from attribute where id = a.entity_id::uuid",
    "import": "select file_name from import where id = a.entity_id::uuid",
    "view": "select name from list_view where id = a.entity_id::uuid",
}
COLUMNS = sql.SQL("a.id, a.at, a.actor_id, a.actor, a.action, a.entity, a.entity_id, {} as name, a.before, a.after").format(
    sql.SQL("case a.entity {} end").format(
        sql.SQL(" ").join(sql.SQL("when {} then ({})").format(entity, sql.SQL(query)) for entity, query in _NAMED.items())
    )
)
_ID = sql.SQL("a.id")
_NAMES = Searched(sql.SQL("fold(name)"))


async def page(uow: UnitOfWork, parameters: Iterable[tuple[str, str]]) -> Page[AuditEntry]:
    """The page that an address line asks for. Raises InvalidFields naming what can't be used."""
    return await fetch(uow, AuditEntry, COLUMNS, SPEC, asked(parameters))


async def of_things(uow: UnitOfWork, entity: str, ids: Sequence[str]) -> list[AuditEntry]:
    """Everything that was done to these things, oldest first."""
    query = sql.SQL("select {} from audit_entry a where a.entity = %s and a.entity_id = any(%s) order by a.id").format(COLUMNS)
    return await uow.all(AuditEntry, query, [entity, list(ids)])


def asked(parameters: Iterable[tuple[str, str]]) -> ListQuery:
    """What an address line asks for. Raises InvalidFields naming what can't be used."""
    return parse(parameters, SPEC)


def _search(q: str) -> list[sql.Composable]:
    # Who, what was done, or the id of what it was done to: each by an index.
    return [
        any_of(
            [
                sql.SQL("a.entity_id = {}").format(fragment),
                begins_with(sql.SQL('a.action collate "C"'), fragment),
                sql.SQL("a.actor_id = any(array(select id from app_user where {} union all select id from api_key where {}))").format(
                    mentions(_NAMES, fold(fragment)), mentions(_NAMES, fold(fragment))
                ),
            ]
        )
        for fragment in dict.fromkeys(q.split())
    ]


def _words(key: str, value: sql.Composable) -> Column:
    """A column of words of our own (`customer.changed`)."""
    column = exactly(key, value)

    def ne(text: str) -> sql.Composable:
        return sql.SQL("not {}").format(column.operators["eq"](text))

    return structs.replace(column, operators={**column.operators, "ne": ne})


def _record() -> Column:
    def eq(text: str) -> sql.Composable:
        # What a customer was under another id, before two cards became one, is their history too (docs/adr/0015).
        try:
            also = sql.SQL("select old_id::text from customer_alias where customer_id = {}").format(UUID(text.strip()))
        except ValueError:
            return sql.SQL("a.entity_id = {}").format(text.strip())
        return sql.SQL("a.entity_id = any(array(select {}::text union all {}))").format(text.strip(), also)

    return Column(
        key="entity_id", kind="own", value=sql.SQL("a.entity_id"), filled=sql.SQL("a.entity_id is not null"), operators={"eq": eq}
    )


def _moment() -> Column:
    """When: compared as the key, which is the time and what the trail is partitioned and ordered by."""

    def since(text: str) -> sql.Composable:
        return sql.SQL("a.id >= {}").format(first_id_at(span_of(text)[0]))

    def until(text: str) -> sql.Composable:
        return sql.SQL("a.id < {}").format(first_id_at(span_of(text)[1]))

    def within(text: str) -> sql.Composable:
        return sql.SQL("({} and {})").format(since(text), until(text))

    return Column(
        key="at",
        kind="own",
        value=_ID,
        order=_ID,
        operators={"gte": since, "lte": until, "eq": within},
    )


_ACTOR = reference("actor_id", sql.SQL("a.actor_id"), empties=True)
_COLUMNS = (
    _moment(),
    _ACTOR,
    _words("action", sql.SQL('a.action collate "C"')),
    _words("entity", sql.SQL('a.entity collate "C"')),
    _record(),
)
SPEC = ListSpec(
    columns={column.key: column for column in _COLUMNS},
    source=sql.SQL("audit_entry a"),
    key=_ID,
    default_sort="-at",
    search=_search,
)
