"""The telephony role: connects every configured telephone system."""

from typing import Any

import msgspec

from ringdesk.features import telephony
from ringdesk.kit.crypto import open_vault
from ringdesk.kit.db import Database
from ringdesk.kit.ids import new_id
from ringdesk.kit.jobs import JobContext
from ringdesk.kit.settings import Settings
from ringdesk.web.connections import AsteriskSettings, adapters


async def connect(context: JobContext) -> None:
    """Keep the telephone systems connected until cancelled."""
    taker = telephony.of(context.db, context.settings)
    await telephony.Switchboard(context.db, context.bus, taker, adapters(context.db, context.vault)).run()


async def add_asterisk(db: Database, settings: Settings, *, name: str, password: str, chosen: dict[str, Any]) -> None:
    """Store (or change) the connection of this name; a running telephony role follows at once.

    `chosen` are members of AsteriskSettings; the password is stored encrypted. Raises msgspec.ValidationError.
    """
    stored = msgspec.to_builtins(msgspec.convert(chosen, AsteriskSettings))
    secret = open_vault(settings).encrypt(password)
    async with db.transaction() as uow:
        await uow.run(
            "insert into telephony_connection (id, name, kind, settings, secret) values (%s, %s, 'asterisk', %s::jsonb, %s)"
            " on conflict (name) do update set kind = excluded.kind, settings = excluded.settings, secret = excluded.secret, active = true",
            [new_id(), name, msgspec.json.encode(stored).decode(), secret],
        )
        uow.log_event("telephony.connections_changed", [telephony.TOPIC], {"name": name})
