"""The telephony role: connects every configured telephone system."""

from ringdesk.features.telephony import Switchboard, Telephony
from ringdesk.kit.jobs import JobContext
from ringdesk.web.connections import adapters


async def connect(context: JobContext) -> None:
    """Keep the telephone systems connected until cancelled."""
    telephony = Telephony(context.db, region=context.settings.default_region)
    await Switchboard(context.db, context.bus, telephony, adapters(context.db, context.vault)).run()
