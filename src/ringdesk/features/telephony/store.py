"""Every query of telephony."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from ringdesk.features.interactions import Unknown
from ringdesk.kit.db import Answer, UnitOfWork


class CallRow(Struct, frozen=True):
    """A stored call: its folded facts as JSON, the activity and the agent of each part by key, and what its interaction is linked to."""

    interaction_id: UUID
    state: str
    legs: dict[str, str]
    crew: dict[str, Any]
    customer_id: UUID | None
    candidates: list[UUID]
    request_id: UUID | None
    request_number: int | None
    request_title: str | None
    request_status: Literal["active", "closed"] | None


class Hold(Struct, frozen=True):
    """A call is held. `request_policy`: what happens to the request when an agent answers (product.md 4.4); null: nothing.

    `unknown`: what an administrator chose for callers whom nobody knows (4.5); null: nothing yet.
    """

    held: str
    request_policy: Literal["open", "propose"] | None
    unknown: Unknown | None


async def hold_call(uow: UnitOfWork, source: str, call_id: str) -> tuple[Answer[Hold], Answer[CallRow]]:
    """Ask for the stored call, if any; until the commit nobody else can begin or change it."""
    # What administrators set comes with the lock: an event must not cost a statement more where there is none.
    hold = await uow.ask(
        Hold,
        "select pg_advisory_xact_lock(hashtextextended(%s, 7203))::text as held,"
        " (select action from request_policy where channel = 'voice') as request_policy,"
        " (select unknown from arrival_policy where channel = 'voice') as unknown",
        [f"{source}\n{call_id}"],
    )
    return hold, await uow.ask(
        CallRow,
        """
        select c.interaction_id, c.state::text as state, c.legs, c.crew, i.customer_id, i.candidates, i.request_id,
               q.number as request_number, q.title as request_title, q.status as request_status
        from call c join interaction i on i.id = c.interaction_id left join request q on q.id = i.request_id
        where c.source = %s and c.call_id = %s for update of i
        """,
        [source, call_id],
    )


class StoredCall(Struct, frozen=True, kw_only=True):
    """A call as it is written: see CallRow."""

    source: str
    call_id: str
    interaction_id: UUID
    state: str
    legs: dict[str, UUID]
    crew: dict[str, "AgentAtExtension"]
    ended_at: datetime | None


async def put_call(uow: UnitOfWork, call: StoredCall) -> None:
    """Write the folded facts of a call."""
    await uow.send(
        """
        insert into call (source, call_id, interaction_id, state, legs, crew, ended_at)
        values (%s, %s, %s, %s::jsonb, %s::jsonb, %s::jsonb, %s)
        on conflict (source, call_id) do update
        set state = excluded.state, legs = excluded.legs, crew = excluded.crew, ended_at = excluded.ended_at, updated_at = now()
        """,
        [
            call.source,
            call.call_id,
            call.interaction_id,
            call.state,
            msgspec.json.encode(call.legs).decode(),
            msgspec.json.encode(call.crew).decode(),
            call.ended_at,
        ],
    )


async def open_calls(uow: UnitOfWork, source: str) -> list[str]:
    """The ids of the calls of this connection that have not ended."""
    return await uow.values("select call_id from call where source = %s and ended_at is null", [source])


class AgentAtExtension(Struct, frozen=True):
    """The person whose telephone an extension is. `logged_in`: takes calls at the desk (CTI)."""

    extension: str
    id: UUID
    name: str
    team_name: str | None
    wrap_up_seconds: int
    logged_in: bool


async def agents_at(uow: UnitOfWork, extensions: Sequence[str]) -> Answer[AgentAtExtension]:
    """Ask for the active people at these extensions."""
    return await uow.ask(
        AgentAtExtension,
        "select u.extension, u.id, u.name, t.name as team_name, coalesce(t.wrap_up_seconds, 120) as wrap_up_seconds,"
        " l.user_id is not null and u.cti_enabled as logged_in from app_user u left join team t on t.id = u.team_id"
        " left join cti_login l on l.user_id = u.id where u.active and u.extension = any(%s)",
        [list(extensions)],
    )


async def extensions(uow: UnitOfWork) -> list[str]:
    """The extensions of all active people."""
    return await uow.values("select extension from app_user where active and extension is not null order by 1")


async def extensions_logged_in(uow: UnitOfWork) -> list[str]:
    """The extensions whose agents take calls at the desk now."""
    return await uow.values(
        """
        select u.extension from cti_login l join app_user u on u.id = l.user_id
        where u.active and u.cti_enabled and u.extension is not null order by 1
        """
    )


async def extensions_away(uow: UnitOfWork) -> list[str]:
    """The extensions of active people who do not take calls at the desk now."""
    return await uow.values(
        """
        select u.extension from app_user u left join cti_login l on l.user_id = u.id
        where u.active and u.extension is not null and l.user_id is null order by 1
        """
    )


class OpenPop(Struct, frozen=True):
    """A call at an extension that the telephone system gave no id, with the customer's number."""

    call_id: str
    ani: str | None
    heard_at: datetime


async def open_pops(uow: UnitOfWork, source: str, extension: str, since: datetime) -> list[OpenPop]:
    """The open calls at this extension that came without an id, last heard of after `since`, newest first.

    Until the commit nobody else can ask the same, so that two events of one call cannot begin it twice.
    """
    await uow.send("select pg_advisory_xact_lock(hashtextextended(%s, 7204))", [f"{source}\n{extension}"])
    return await uow.all(
        OpenPop,
        """
        select c.call_id, i.ani, c.updated_at as heard_at from call c join interaction i on i.id = c.interaction_id
        where c.source = %s and c.ended_at is null and c.updated_at >= %s and c.call_id like 'pop:%%' and c.state->'legs' ? %s
        order by c.updated_at desc
        """,
        [source, since, extension],
    )


class SilentCall(Struct, frozen=True):
    """An open call of which nothing was heard since `heard_at`."""

    call_id: str
    heard_at: datetime


async def ended_pop(uow: UnitOfWork, source: str, extension: str, ani: str, since: datetime) -> str | None:
    """The call from this number at this extension that came without an id and ended last, after `since`."""
    return await uow.value(
        """
        select c.call_id from call c join interaction i on i.id = c.interaction_id
        where c.source = %s and c.ended_at is not null and c.updated_at >= %s and c.call_id like 'pop:%%' and c.state->'legs' ? %s
          and i.ani = %s
        order by c.updated_at desc limit 1
        """,
        [source, since, extension, ani],
    )


async def pop_handed_to(uow: UnitOfWork, source: str, extension: str, ani: str, since: datetime) -> str | None:
    """The open call from this number without an id that was transferred to this extension, last heard of after `since`."""
    return await uow.value(
        """
        select c.call_id from call c join interaction i on i.id = c.interaction_id
        where c.source = %s and c.ended_at is null and c.updated_at >= %s and c.call_id like 'pop:%%' and i.ani = %s
          and c.state->'transfers' @> jsonb_build_array(jsonb_build_object('to_extension', %s::text))
        order by c.updated_at desc limit 1
        """,
        [source, since, ani, extension],
    )


async def extensions_in(uow: UnitOfWork, source: str, call_ids: Sequence[str]) -> set[tuple[str, str]]:
    """The extensions that have a leg in these calls of a source whose legs are named by extensions, each with the call's id."""
    cursor = await uow.conn.execute(
        "select call_id, jsonb_object_keys(state->'legs') from call where source = %s and call_id = any(%s)",
        [source, list(call_ids)],
    )
    return {(call_id, extension) for call_id, extension in await cursor.fetchall()}


async def silent_calls(uow: UnitOfWork, source: str, *, ringing_before: datetime, talking_before: datetime) -> list[SilentCall]:
    """The open calls that were last heard of before these times, at most 500: those that nobody took, and those that somebody did."""
    return await uow.all(
        SilentCall,
        """
        select c.call_id, c.updated_at as heard_at from call c join interaction i on i.id = c.interaction_id
        where c.source = %s and c.ended_at is null
          and c.updated_at < case when i.answered_at is null then %s::timestamptz else %s::timestamptz end
        order by c.updated_at limit 500
        """,
        [source, ringing_before, talking_before],
    )


class ConnectionRow(Struct, frozen=True):
    """A configured telephone system; `secret` is encrypted."""

    id: UUID
    name: str
    kind: str
    settings: dict[str, Any]
    secret: bytes | None


async def active_connections(uow: UnitOfWork) -> list[ConnectionRow]:
    """The telephone systems to be connected to."""
    return await uow.all(ConnectionRow, "select id, name, kind, settings, secret from telephony_connection where active order by name")


async def forget_calls(uow: UnitOfWork, interactions: Sequence[UUID]) -> int:
    """Forget what was told of the calls that became these interactions; how many they were."""
    return await uow.run("delete from call where interaction_id = any(%s)", [list(interactions)])
