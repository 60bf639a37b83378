"""What of a customer lies in the tables of customers themselves, and moves with a merge."""

from uuid import UUID

from ringdesk.features.customers.merging.references import Folded, Moved, declare
from ringdesk.kit.db import UnitOfWork


async def _latest_contact(uow: UnitOfWork, duplicate: UUID, survivor: UUID) -> None:
    await uow.send(
        """insert into customer_contact as known (customer_id, at, channel, agent)
           select %(survivor)s, at, channel, agent from customer_contact where customer_id = %(duplicate)s
           on conflict (customer_id) do update set at = excluded.at, channel = excluded.channel, agent = excluded.agent
           where known.at < excluded.at""",
        {"survivor": survivor, "duplicate": duplicate},
    )


async def _same_neighbours(uow: UnitOfWork, duplicate: UUID, survivor: UUID) -> None:
    # Who is not the one is not the other either: they are one person now.
    await uow.send(
        """insert into not_duplicate (first_id, second_id, by_name, at)
           select least(other, %(survivor)s), greatest(other, %(survivor)s), by_name, at from (
               select case when first_id = %(duplicate)s then second_id else first_id end as other, by_name, at
               from not_duplicate where %(duplicate)s in (first_id, second_id)) n
           where other <> %(survivor)s on conflict do nothing""",
        {"survivor": survivor, "duplicate": duplicate},
    )


async def _by_the_service(_uow: UnitOfWork, _duplicate: UUID, _survivor: UUID) -> None:
    """The service writes the identities of the one card, since they hang on its fields."""


IDENTITIES = Folded(table="customer_identity", key=("id",), fold=_by_the_service)
declare(
    IDENTITIES,
    Folded(table="customer_contact", key=("customer_id",), fold=_latest_contact),
    Folded(table="not_duplicate", key=("first_id", "second_id"), fold=_same_neighbours, columns=("first_id", "second_id")),
    # Ids that meant the one card mean the other.
    Moved(table="customer_alias", key="old_id"),
)
