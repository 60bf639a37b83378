"""Calls: what telephone systems say, and what became of each call (product.md 5)."""

from ringdesk.features.telephony import privacy as privacy
from ringdesk.features.telephony.controllers import TelephonyController
from ringdesk.features.telephony.jobs import JOBS
from ringdesk.features.telephony.listener import EventListener
from ringdesk.features.telephony.runtime import TOPIC, Factory, Switchboard
from ringdesk.features.telephony.service import Stored, Telephony, of
from ringdesk.features.telephony.store import ConnectionRow, active_connections, extensions_away, extensions_logged_in

controllers = [TelephonyController]

__all__ = [
    "JOBS",
    "TOPIC",
    "ConnectionRow",
    "EventListener",
    "Factory",
    "Stored",
    "Switchboard",
    "Telephony",
    "active_connections",
    "controllers",
    "extensions_away",
    "extensions_logged_in",
    "of",
]
