"""What a channel does when somebody gets in touch whom nobody knows: a form for the agent, or a card at once (product.md 4.5)."""

from ringdesk.features.interactions import arrival_store
from ringdesk.features.interactions.schemas import CHANNELS, Channel, Unknown
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.settings import load_settings

# Whoever writes on these is known by the address alone.
_DIGITAL: frozenset[Channel] = frozenset({"email", "chat", "sms", "social", "web"})


def begins_with(channel: Channel) -> Unknown:
    """What a channel does until an administrator chooses; of calls the operator says (`RINGDESK_UNKNOWN_CALLER`)."""
    if channel == "voice":
        return load_settings().unknown_caller
    return "card" if channel in _DIGITAL else "form"


async def unknown_on(uow: UnitOfWork, channel: Channel) -> Unknown:
    """What a channel does."""
    return await arrival_store.chosen_for(uow, channel) or begins_with(channel)


async def unknown_everywhere(uow: UnitOfWork) -> dict[Channel, Unknown]:
    """What every channel does."""
    every: dict[Channel, Unknown] = {channel: begins_with(channel) for channel in CHANNELS}
    every.update({one.channel: one.unknown for one in await arrival_store.chosen(uow)})
    return every


async def set_unknown(uow: UnitOfWork, channel: Channel, unknown: Unknown) -> None:
    """From now on a channel does this."""
    await arrival_store.put(uow, channel, unknown)
