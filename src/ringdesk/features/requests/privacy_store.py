"""Every query by which requests are handed over and erased."""

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

from ringdesk.kit.db import UnitOfWork


async def whole(uow: UnitOfWork, customers: Sequence[UUID]) -> list[Any]:
    """The requests of these customers, oldest first."""
    return await uow.values(
        """select to_jsonb(r) - 'search_text' - 'version' || jsonb_build_object('owner', u.name)
           from request r left join app_user u on u.id = r.owner_id where r.customer_id = any(%s) order by r.id""",
        [list(customers)],
    )


async def moves(uow: UnitOfWork, customers: Sequence[UUID]) -> list[Any]:
    """The moves from or to these customers, oldest first."""
    return await uow.values(
        "select to_jsonb(m) from interaction_move m where from_customer = any(%(ids)s) or to_customer = any(%(ids)s) order by id",
        {"ids": list(customers)},
    )


async def of_customers(uow: UnitOfWork, customers: Sequence[UUID]) -> list[UUID]:
    """The requests of these customers."""
    return await uow.values("select id from request where customer_id = any(%s)", [list(customers)])


_ERASE: dict[LiteralString, LiteralString] = {
    "interaction_move": """delete from interaction_move where from_customer = any(%(customers)s) or to_customer = any(%(customers)s)
                               or interaction_id = any(%(interactions)s)
                               or from_request in (select id from request where customer_id = any(%(customers)s))
                               or to_request in (select id from request where customer_id = any(%(customers)s))""",
    "request_choice": """delete from request_choice where interaction_id = any(%(interactions)s)
                             or request_id in (select id from request where customer_id = any(%(customers)s))""",
    "request": "delete from request where customer_id = any(%(customers)s)",
}


async def erase(uow: UnitOfWork, customers: Sequence[UUID], interactions: Sequence[UUID]) -> dict[str, int]:
    """Delete the requests of these customers, and the choices and moves of these interactions; how many rows of which table."""
    params = {"customers": list(customers), "interactions": list(interactions)}
    await uow.run(
        "update interaction set request_id = null where request_id in (select id from request where customer_id = any(%(customers)s))",
        params,
    )
    return {table: await uow.run(query, params) for table, query in _ERASE.items()}
