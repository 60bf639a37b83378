"""Every query by which interactions are handed over and erased."""

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

from ringdesk.kit.db import UnitOfWork


async def whole(uow: UnitOfWork, customers: Sequence[UUID]) -> list[Any]:
    """The interactions of these customers with everything that belongs to them but their recordings, oldest first."""
    return await uow.values(
        """
        select to_jsonb(i) - 'candidates' - 'version' || jsonb_build_object('activities', coalesce((
            select jsonb_agg(to_jsonb(a) - 'interaction_id' - 'told_fields' || jsonb_build_object('comments', coalesce((
                select jsonb_agg(jsonb_build_object('at', c.at, 'author', c.author_name, 'text', c.text) order by c.id)
                from activity_comment c where c.interaction_id = i.id and c.activity_id = a.id), '[]')) order by a.id)
            from activity a where a.interaction_id = i.id and a.id >= i.id), '[]'))
        from interaction i where i.customer_id = any(%s) order by i.id
        """,
        [list(customers)],
    )


async def in_progress(uow: UnitOfWork, customers: Sequence[UUID]) -> bool:
    """Whether a conversation with one of these customers is going on; their conversations are held until the commit."""
    states = await uow.values("select state from interaction where customer_id = any(%s) order by id for update", [list(customers)])
    return "in_progress" in states


async def of_customers(uow: UnitOfWork, customers: Sequence[UUID]) -> list[UUID]:
    """The interactions of these customers."""
    return await uow.values("select id from interaction where customer_id = any(%s) order by id", [list(customers)])


async def unknown_from(uow: UnitOfWork, addresses: Sequence[str], customers: Sequence[UUID]) -> list[UUID]:
    """Ended interactions without a customer from one of these addresses, or with these customers as the only candidates."""
    return await uow.values(
        """select id from interaction where customer_id is null and ani = any(%(addresses)s) and state = 'ended'
           union select id from interaction where customer_id is null and candidates <> '{}' and candidates <@ %(ids)s::uuid[]
             and candidates && %(ids)s::uuid[] and state = 'ended' order by 1""",
        {"addresses": list(addresses), "ids": list(customers)},
    )


_EMPTY: dict[LiteralString, LiteralString] = {
    "activity_comment": "delete from activity_comment where interaction_id = any(%(ids)s)",
    "activity": """update activity set text = null, tags = '{}', fields = '{}', told_fields = '{}' where interaction_id = any(%(ids)s)
                       and (text is not null or tags <> '{}' or fields <> '{}' or told_fields <> '{}')""",
    "fact_key": """delete from fact_key where row_id = any(%(ids)s)
                       or row_id in (select id from activity where interaction_id = any(%(ids)s))""",
    "interaction": """update interaction set customer_id = null, candidates = '{}', ani = null, caller_name = null, recording = null,
                          tags = '{}', request_id = null, external_id = null, version = version + 1 where id = any(%(ids)s)""",
}


async def empty(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[str, int]:
    """Take everything personal out of these interactions; how many rows of which table had some."""
    if not ids:
        return {}
    await uow.run(
        """update tag t set uses = t.uses - gone.uses from (
               select fold(name) as folded, count(*) as uses from activity, unnest(tags) as name
               where interaction_id = any(%s) group by 1) gone
           where t.folded = gone.folded""",
        [list(ids)],
    )
    await uow.run("delete from tag where uses <= 0")
    return {table: await uow.run(query, {"ids": list(ids)}) for table, query in _EMPTY.items()}


async def activities(uow: UnitOfWork, ids: Sequence[UUID]) -> list[UUID]:
    """The parts of these interactions."""
    return await uow.values("select id from activity where interaction_id = any(%s)", [list(ids)])


async def forget_candidates(uow: UnitOfWork, customers: Sequence[UUID]) -> None:
    """These customers are nobody's candidates any more."""
    await uow.run(
        """update interaction set candidates = array(select c from unnest(candidates) with ordinality as u(c, place)
               where c <> all(%(ids)s) order by place)
           where candidates <> '{}' and candidates && %(ids)s::uuid[]""",
        {"ids": list(customers)},
    )
