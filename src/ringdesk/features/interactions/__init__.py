"""Conversations and their parts: journey, comments, wrap-ups, links to customers (product.md 3)."""

from ringdesk.features.interactions.controllers import (
    ActivityController,
    InteractionController,
    JourneyController,
    TagController,
    WrapUpCodeController,
)
from ringdesk.features.interactions.events import Linked, activity_changed, activity_removed, interaction_changed, linked
from ringdesk.features.interactions.schemas import Activity, Interaction, NewWrapUp, WrapUpCode
from ringdesk.features.interactions.service import apply_wrap_up, codes_for, finish_leg, link, note_contact
from ringdesk.features.interactions.store import (
    drop_activity,
    get,
    get_activity,
    hold,
    put_activity,
    put_interaction,
    set_candidates,
    set_wrap_up_time,
)

controllers = [JourneyController, InteractionController, ActivityController, TagController, WrapUpCodeController]

__all__ = [
    "Activity",
    "Interaction",
    "Linked",
    "NewWrapUp",
    "WrapUpCode",
    "activity_changed",
    "activity_removed",
    "apply_wrap_up",
    "codes_for",
    "controllers",
    "drop_activity",
    "finish_leg",
    "get",
    "get_activity",
    "hold",
    "interaction_changed",
    "link",
    "linked",
    "note_contact",
    "put_activity",
    "put_interaction",
    "set_candidates",
    "set_wrap_up_time",
]
