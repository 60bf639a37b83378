"""Every query of what channels do with somebody whom nobody knows."""

from msgspec import Struct

from ringdesk.features.interactions.schemas import Channel, Unknown
from ringdesk.kit.db import UnitOfWork


class Chosen(Struct, frozen=True):
    """What administrators chose for a channel."""

    channel: Channel
    unknown: Unknown


async def chosen(uow: UnitOfWork) -> list[Chosen]:
    """The channels for which somebody chose."""
    return await uow.all(Chosen, "select channel, unknown from arrival_policy")


async def chosen_for(uow: UnitOfWork, channel: Channel) -> Unknown | None:
    """What was chosen for a channel, if anything."""
    return await uow.value("select unknown from arrival_policy where channel = %s", [channel])


async def put(uow: UnitOfWork, channel: Channel, unknown: Unknown) -> None:
    """Write what was chosen for a channel."""
    await uow.run(
        "insert into arrival_policy (channel, unknown) values (%s, %s) on conflict (channel) do update set unknown = excluded.unknown",
        [channel, unknown],
    )
