"""Every query of the desk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from ringdesk.features.desk.schemas import CallState
from ringdesk.kit.db import Answer, UnitOfWork

# product.md 4.1: the last ten distinct customers that an agent closed.
PREVIOUS_KEPT = 10


class DeskCall(Struct, frozen=True):
    """One leg at one agent's desk; `since` is when its state began.

    `opened_request`: the request that a policy opened for it; `proposed_request`: the one that it proposes (product.md 4.4).
    `by_hand`: the agent ends it at the desk; no other system tells of its end.
    """

    activity_id: UUID
    interaction_id: UUID
    user_id: UUID
    state: CallState
    since: datetime
    wrap_up_until: datetime | None
    opened_request: UUID | None = None
    proposed_request: UUID | None = None
    by_hand: bool = False


async def put_call(uow: UnitOfWork, call: DeskCall) -> None:
    """Show a call, or its new state."""
    await uow.send(
        """
        insert into desk_call (activity_id, interaction_id, user_id, state, since, wrap_up_until, by_hand)
        values (%s, %s, %s, %s, %s, %s, %s)
        on conflict (activity_id) do update set state = excluded.state, since = excluded.since, wrap_up_until = excluded.wrap_up_until
        """,
        [call.activity_id, call.interaction_id, call.user_id, call.state, call.since, call.wrap_up_until, call.by_hand],
    )


async def mark_call(uow: UnitOfWork, activity_id: UUID, *, opened: UUID | None, proposed: UUID | None) -> None:
    """What a policy did for a call: the request that it opened, or proposes."""
    await uow.send(
        "update desk_call set opened_request = %s, proposed_request = %s where activity_id = %s", [opened, proposed, activity_id]
    )


async def calls_opening(uow: UnitOfWork, request_id: UUID) -> list[DeskCall]:
    """The calls on desks for which a policy opened this request."""
    return await uow.all(DeskCall, "select * from desk_call where opened_request = %s", [request_id])


async def by_hand_since_before(uow: UnitOfWork, at: datetime) -> list[DeskCall]:
    """The conversations that agents began at the desk before `at` and did not end."""
    return await uow.all(DeskCall, "select * from desk_call where by_hand and state <> 'wrap_up' and since < %s", [at])


async def drop_call(uow: UnitOfWork, activity_id: UUID) -> None:
    """Take a call off the desk."""
    await uow.send("delete from desk_call where activity_id = %s", [activity_id])


async def call_of(uow: UnitOfWork, activity_id: UUID) -> DeskCall | None:
    """The desk call of this leg."""
    return await uow.one(
        DeskCall,
        "select * from desk_call where activity_id = %s",
        [activity_id],
    )


async def calls_of_user(uow: UnitOfWork, user_id: UUID) -> list[DeskCall]:
    """The calls on an agent's desk, oldest first."""
    return await uow.all(
        DeskCall,
        "select * from desk_call where user_id = %s order by activity_id",
        [user_id],
    )


async def ask_for_calls(uow: UnitOfWork, interaction_id: UUID) -> Answer[DeskCall]:
    """Ask which legs of an interaction are on their agents' desks, without waiting."""
    return await uow.ask(
        DeskCall,
        "select * from desk_call where interaction_id = %s order by activity_id",
        [interaction_id],
    )


async def extensions_with_calls(uow: UnitOfWork) -> list[str]:
    """The extensions of agents who have a call on their desk, from ringing to the end of its wrap-up."""
    return await uow.values(
        "select distinct u.extension from desk_call d join app_user u on u.id = d.user_id where u.extension is not null"
    )


async def due(uow: UnitOfWork, at: datetime) -> list[DeskCall]:
    """The calls whose wrap-up time is over at `at`, at most 100."""
    return await uow.all(
        DeskCall,
        "select * from desk_call where wrap_up_until <= %s order by wrap_up_until limit 100",
        [at],
    )


async def ringing_since_before(uow: UnitOfWork, at: datetime) -> list[DeskCall]:
    """The calls that have been ringing since before `at`."""
    return await uow.all(DeskCall, "select * from desk_call where state = 'ringing' and since < %s", [at])


async def restart_ready(uow: UnitOfWork, user_id: UUID, at: datetime) -> datetime | None:
    """Let the time since which the agent is ready begin anew, if the agent is logged in to CTI; that time."""
    return await uow.value("update cti_login set since = %s where user_id = %s returning since", [at, user_id])


async def next_due(uow: UnitOfWork) -> datetime | None:
    """When the next wrap-up time ends."""
    return await uow.value("select min(wrap_up_until) from desk_call")


class DeskCustomer(Struct, frozen=True):
    """A customer on an agent's desk; `closed_at` None while open."""

    customer_id: UUID
    opened_by: Literal["pop", "choice"]
    opened_at: datetime
    closed_at: datetime | None


async def open_customer(uow: UnitOfWork, user_id: UUID, customer_id: UUID, by: str, at: datetime) -> bool:
    """Open a customer; one that is open already stays as it is. Whether it was closed before."""
    opened = await uow.value(
        """
        insert into desk_customer (user_id, customer_id, opened_by, opened_at) values (%s, %s, %s, %s)
        on conflict (user_id, customer_id) do update
        set opened_by = excluded.opened_by, opened_at = excluded.opened_at, closed_at = null where desk_customer.closed_at is not null
        returning true
        """,
        [user_id, customer_id, by, at],
    )
    return opened is not None


async def popped_by(uow: UnitOfWork, user_id: UUID, interaction_id: UUID, since: datetime) -> UUID | None:
    """The customer of this interaction, if a call opened that card on the agent's desk since then and no other call there is theirs."""
    return await uow.value(
        """
        select d.customer_id from desk_customer d join interaction i on i.customer_id = d.customer_id
        where d.user_id = %(user)s and i.id = %(interaction)s and d.closed_at is null and d.opened_by = 'pop' and d.opened_at >= %(since)s
          and not exists (select from desk_call c join interaction o on o.id = c.interaction_id
                          where c.user_id = d.user_id and o.customer_id = d.customer_id)
        """,
        {"user": user_id, "interaction": interaction_id, "since": since},
    )


async def close_customer(uow: UnitOfWork, user_id: UUID, customer_id: UUID, at: datetime) -> bool:
    """Close an open customer and forget all but the last closed ones; whether it was open."""
    closed = await uow.run(
        "update desk_customer set closed_at = %s where user_id = %s and customer_id = %s and closed_at is null", [at, user_id, customer_id]
    )
    await forget_surplus(uow, user_id)
    return closed > 0


async def fold_customer(uow: UnitOfWork, duplicate: UUID, survivor: UUID) -> None:
    """Who has the one card on the desk has the other instead, open if one of them is."""
    await uow.send(
        """
        insert into desk_customer as d (user_id, customer_id, opened_by, opened_at, closed_at)
        select user_id, %(survivor)s, opened_by, opened_at, closed_at from desk_customer where customer_id = %(duplicate)s
        on conflict (user_id, customer_id) do update
        set opened_by = excluded.opened_by, opened_at = excluded.opened_at, closed_at = excluded.closed_at
        where d.closed_at is not null and (excluded.closed_at is null or excluded.closed_at > d.closed_at)
        """,
        {"survivor": survivor, "duplicate": duplicate},
    )


async def desks_with(uow: UnitOfWork, customers: Sequence[UUID]) -> list[UUID]:
    """The people who have one of these customers on their desk, open or previous."""
    return await uow.values("select distinct user_id from desk_customer where customer_id = any(%s) order by user_id", [list(customers)])


async def calls_with(uow: UnitOfWork, customers: Sequence[UUID]) -> list[DeskCall]:
    """The calls on desks that belong, or may belong, to one of these customers."""
    return await uow.all(
        DeskCall,
        "select d.* from desk_call d join interaction i on i.id = d.interaction_id"
        " where i.customer_id = any(%(ids)s) or i.candidates && %(ids)s order by d.activity_id",
        {"ids": list(customers)},
    )


async def forget_surplus(uow: UnitOfWork, user_id: UUID) -> None:
    """Forget all but the last closed customers of a desk."""
    await uow.send(
        "delete from desk_customer where user_id = %s and closed_at is not null and customer_id not in"
        " (select customer_id from desk_customer where user_id = %s and closed_at is not null order by closed_at desc limit %s)",
        [user_id, user_id, PREVIOUS_KEPT],
    )


async def open_among(uow: UnitOfWork, customer_ids: Sequence[UUID]) -> list[UUID]:
    """Those of these customers that are open on some desk."""
    return await uow.values(
        "select distinct customer_id from desk_customer where customer_id = any(%s) and closed_at is null", [list(customer_ids)]
    )


async def take_away(uow: UnitOfWork, customer_ids: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """Take these customers off every desk; user and customer of each place where one was open or previous."""
    cursor = await uow.conn.execute(
        "delete from desk_customer where customer_id = any(%s) returning user_id, customer_id", [list(customer_ids)]
    )
    return await cursor.fetchall()


async def customers_of(uow: UnitOfWork, user_id: UUID) -> list[DeskCustomer]:
    """Open customers in the order in which they were opened, then the closed ones, last closed first."""
    return await uow.all(
        DeskCustomer,
        "select customer_id, opened_by, opened_at, closed_at from desk_customer where user_id = %s"
        " order by closed_at is not null, closed_at desc, opened_at",
        [user_id],
    )


async def cti_since(uow: UnitOfWork, user_id: UUID) -> datetime | None:
    """Since when the agent is logged in to CTI; None: not."""
    return await uow.value("select since from cti_login where user_id = %s", [user_id])


async def log_in(uow: UnitOfWork, user_id: UUID, at: datetime) -> None:
    """Log in to CTI; a second time changes nothing."""
    await uow.send("insert into cti_login (user_id, since) values (%s, %s) on conflict do nothing", [user_id, at])


async def log_out(uow: UnitOfWork, user_id: UUID) -> None:
    """Log out of CTI."""
    await uow.send("delete from cti_login where user_id = %s", [user_id])


async def last_note(uow: UnitOfWork, interaction_id: UUID, reader: UUID) -> tuple[str, str] | None:
    """Author and text of the newest comment that somebody else wrote on the interaction."""
    row: Any = await uow.value(
        "select jsonb_build_array(author_name, text) from activity_comment where interaction_id = %s and author_id is distinct from %s"
        " order by id desc limit 1",
        [interaction_id, reader],
    )
    return (row[0], row[1]) if row else None


async def open_anywhere(uow: UnitOfWork, ids: Sequence[UUID]) -> list[UUID]:
    """Those of these customers who are open on somebody's desk."""
    return await uow.values("select distinct customer_id from desk_customer where closed_at is null and customer_id = any(%s)", [list(ids)])


async def any_on_desks(uow: UnitOfWork, interactions: Sequence[UUID]) -> bool:
    """Whether a leg of one of these interactions is on somebody's desk."""
    return bool(await uow.value("select exists (select from desk_call where interaction_id = any(%s))", [list(interactions)]))
