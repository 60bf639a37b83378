"""Conversations and their parts: journey, comments, wrap-ups, links to customers (product.md 3)."""

from ringdesk.features.interactions import merging as merging
from ringdesk.features.interactions.arrivals import set_unknown, unknown_everywhere
from ringdesk.features.interactions.controllers import (
    ActivityController,
    InteractionController,
    JourneyController,
    TagController,
    WrapUpCodeController,
)
from ringdesk.features.interactions.events import (
    LegTold,
    Linked,
    RequestChosen,
    Tagged,
    WorkedOn,
    activity_changed,
    activity_removed,
    interaction_changed,
    leg_told,
    linked,
    request_chosen,
    tagged,
    worked_on,
)
from ringdesk.features.interactions.field_sets import ActivityFieldController, FieldSetController
from ringdesk.features.interactions.field_sets.service import fill_in_within
from ringdesk.features.interactions.privacy import ErasingInteractions, erasing_interactions
from ringdesk.features.interactions.push import PushAloneController, PushController
from ringdesk.features.interactions.recordings import JOBS, ListenController, RecordingController, RecordingSourceController
from ringdesk.features.interactions.recordings import remove_of as remove_recordings_of
from ringdesk.features.interactions.rules import kind_of_address
from ringdesk.features.interactions.schemas import (
    CHANNELS,
    Activity,
    CallType,
    Channel,
    Interaction,
    NewWrapUp,
    RequestTag,
    Unknown,
    WrapUpCode,
)
from ringdesk.features.interactions.service import (
    apply_wrap_up,
    codes_for,
    comment_within,
    complete,
    finish_leg,
    get_with_request,
    link,
    note_contact,
    set_request,
)
from ringdesk.features.interactions.store import (
    drop_activity,
    get,
    get_activity,
    get_for_change,
    hold,
    put_activity,
    put_interaction,
    request_tags,
    set_candidates,
    set_wrap_up_time,
)

controllers = [
    JourneyController,
    InteractionController,
    PushController,
    PushAloneController,
    ActivityController,
    TagController,
    WrapUpCodeController,
    FieldSetController,
    ActivityFieldController,
    RecordingController,
    ListenController,
    RecordingSourceController,
]

__all__ = [
    "CHANNELS",
    "JOBS",
    "Activity",
    "CallType",
    "Channel",
    "ErasingInteractions",
    "Interaction",
    "LegTold",
    "Linked",
    "NewWrapUp",
    "RequestChosen",
    "RequestTag",
    "Tagged",
    "Unknown",
    "WorkedOn",
    "WrapUpCode",
    "activity_changed",
    "activity_removed",
    "apply_wrap_up",
    "codes_for",
    "comment_within",
    "complete",
    "controllers",
    "drop_activity",
    "erasing_interactions",
    "fill_in_within",
    "finish_leg",
    "get",
    "get_activity",
    "get_for_change",
    "get_with_request",
    "hold",
    "interaction_changed",
    "kind_of_address",
    "leg_told",
    "link",
    "linked",
    "note_contact",
    "put_activity",
    "put_interaction",
    "remove_recordings_of",
    "request_chosen",
    "request_tags",
    "set_candidates",
    "set_request",
    "set_unknown",
    "set_wrap_up_time",
    "tagged",
    "unknown_everywhere",
    "worked_on",
]
