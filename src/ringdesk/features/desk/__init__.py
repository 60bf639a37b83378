"""The agent's desk: calls, open and previous customers, CTI (product.md 4.1, 4.5, 5.2)."""

from ringdesk.features.desk import digital as digital
from ringdesk.features.desk import merging as merging
from ringdesk.features.desk import privacy as privacy
from ringdesk.features.desk.controllers import CardChangesController, DeskController
from ringdesk.features.desk.jobs import end_wrap_ups
from ringdesk.features.desk.service import Leg, show, take_off
from ringdesk.features.desk.store import DeskCall, ask_for_calls, extensions_with_calls
from ringdesk.features.desk.taking import take_up

controllers = [DeskController, CardChangesController]

__all__ = [
    "DeskCall",
    "Leg",
    "ask_for_calls",
    "controllers",
    "end_wrap_ups",
    "extensions_with_calls",
    "show",
    "take_off",
    "take_up",
]
