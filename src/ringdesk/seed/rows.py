"""Rows as COPY takes them, keys that the same chance makes again, and the copying itself."""

from collections.abc import Sequence
from datetime import date, datetime
from random import Random
from typing import Any
from uuid import UUID

import msgspec
from psycopg import sql
from psycopg.types.json import Jsonb

from ringdesk.kit.db import UnitOfWork


class CustomerRow(msgspec.Struct, kw_only=True):
    """A row of `customer`."""

    id: UUID
    kind: str
    first_name: str
    last_name: str
    company_name: str
    display_name: str
    sort_name: str
    search_text: str
    addresses: Jsonb
    preferred_language: str | None
    consent: Jsonb
    phone_1: str | None
    phone_2: str | None
    phone_3: str | None
    phone_4: str | None
    phone_5: str | None
    email: str | None
    city: str | None
    created_at: datetime
    updated_at: datetime


class ContactRow(msgspec.Struct, kw_only=True):
    """A row of `customer_contact`: when a customer was last in touch."""

    customer_id: UUID
    at: datetime
    channel: str
    agent: str | None


class IdentityRow(msgspec.Struct, kw_only=True):
    """A row of `customer_identity`."""

    id: UUID
    customer_id: UUID
    kind: str
    raw: str
    normalised: str
    position: int
    created_at: datetime


class InteractionRow(msgspec.Struct, kw_only=True):
    """A row of `interaction`."""

    id: UUID
    customer_id: UUID | None
    candidates: list[UUID] = msgspec.field(default_factory=list[UUID])
    channel: str
    direction: str
    ani: str | None
    dnis: str | None
    queue: str | None
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    duration_s: float | None = None
    type: str
    state: str = "ended"
    result: str | None = None
    source: str = "sample"
    external_id: str
    request_id: UUID | None = None


class RequestRow(msgspec.Struct, kw_only=True):
    """A row of `request`."""

    id: UUID
    number: int
    customer_id: UUID
    type: str
    title: str
    description: str
    status: str
    owner_id: UUID | None
    due_on: date | None
    priority: str
    closing_reason: str = ""
    search_text: str
    opened_in: UUID | None
    created_at: datetime
    created_by: str
    updated_at: datetime
    touched_at: datetime
    closed_at: datetime | None
    closed_by: str | None


class ChoiceRow(msgspec.Struct, kw_only=True):
    """A row of `request_choice`."""

    id: UUID
    interaction_id: UUID
    leg_id: UUID | None
    request_id: UUID
    overriding: bool = False
    by_id: UUID
    by_name: str
    at: datetime


class ActivityRow(msgspec.Struct, kw_only=True):
    """A row of `activity`."""

    id: UUID
    interaction_id: UUID
    kind: str
    call_type: str | None = None
    agent_id: UUID | None = None
    agent_name: str | None = None
    team_name: str | None = None
    extension: str | None = None
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    duration_s: float | None = None
    outcome: str | None = None
    media_type: str | None = None
    tags: list[str] = msgspec.field(default_factory=list[str])
    text: str | None = None
    leg_id: UUID | None = None
    code: str | None = None
    inherited: bool = False
    finished_at: datetime | None = None


class CommentRow(msgspec.Struct, kw_only=True):
    """A row of `activity_comment`."""

    id: UUID
    activity_id: UUID
    interaction_id: UUID
    author_id: UUID
    author_name: str
    text: str
    at: datetime


def repeatable_id(at: datetime, random: Random) -> UUID:
    """A UUIDv7 of that time whose random part comes from `random` (the ids of kit/ids.py are never the same twice)."""
    return UUID(int=int(at.timestamp() * 1000) << 80 | 0x7 << 76 | random.getrandbits(12) << 64 | 0b10 << 62 | random.getrandbits(62))


async def copy(uow: UnitOfWork, table: str, rows: Sequence[msgspec.Struct]) -> None:
    """Write the rows into the table by COPY; `uow` comes from `Database.bulk`."""
    if not rows:
        return
    names = rows[0].__struct_fields__
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names)))
    async with uow.conn.cursor() as cursor, cursor.copy(statement) as writer:
        for row in rows:
            await writer.write_row(as_tuple(row))


def as_tuple(row: msgspec.Struct) -> tuple[Any, ...]:
    """The values of a row in the order of its columns."""
    return msgspec.structs.astuple(row)
