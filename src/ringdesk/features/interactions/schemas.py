"""Interactions and activities on the wire (product.md 3.2, 3.3). Rows are read straight into these Structs."""

from datetime import datetime
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, field

Channel = Literal["voice", "email", "chat", "sms", "social", "video", "web", "event"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
Direction = Literal["inbound", "outbound"]
CallType = Literal["inbound", "outbound", "transfer", "conference", "consult"]
Unknown = Literal["form", "card"]
ActivityKind = Literal["ivr", "agent", "message", "wrap_up", "campaign_attempt"]


class Comment(Struct, frozen=True):
    """A remark on an activity; immutable once written (product.md 3.5)."""

    id: UUID
    text: str
    author_name: str
    at: datetime


class WrapUp(Struct, frozen=True):
    """An outcome code given to a leg; the last one applied counts. `inherited`: taken over from an earlier leg (product.md 3.4)."""

    id: UUID
    code: str
    labels: dict[str, str]
    note: str | None
    applied_at: datetime
    by_name: str | None
    inherited: bool


class Activity(Struct, frozen=True):
    """One part of an interaction. Durations in seconds, answer to end; 0 if never answered, null while it lasts.

    `media_type` is what it went through: a call that goes on with pictures has a leg of another one than its interaction.
    Null: whoever brought it in did not say.

    `fields` holds values by the keys of activity fields; those that its field set does not show are kept, too (product.md 3.3).

    In events `tags`, `fields`, `wrap_ups` and `comments` are left out when they did not change.
    """

    id: UUID
    interaction_id: UUID
    kind: ActivityKind
    call_type: CallType | None
    agent_id: UUID | None
    agent_name: str | None
    team_name: str | None
    extension: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    duration_s: float | None
    outcome: str | None
    media_type: Channel | None = None
    tags: list[str] | UnsetType = UNSET
    fields: dict[str, Any] | UnsetType = UNSET
    text: str | None = None
    wrap_up_until: datetime | None = None
    finished_at: datetime | None = None
    wrap_ups: list[WrapUp] | UnsetType = UNSET
    comments: list[Comment] | UnsetType = UNSET


class RequestTag(Struct, frozen=True):
    """The request that an interaction is tagged with, as far as the journey shows it."""

    id: UUID
    number: int
    title: str
    status: Literal["active", "closed"]


class Interaction(Struct, frozen=True):
    """One conversation, first contact to end. `candidates` are the customers it may belong to while `customer_id` is null.

    `standalone`: no conversation, but one activity that another system told of by itself; it moves alone (product.md 3.7).

    In events `activities` is left out, and `request` too where it did not change.
    """

    id: UUID
    customer_id: UUID | None
    candidates: list[UUID]
    channel: Channel
    direction: Direction
    ani: str | None
    dnis: str | None
    queue: str | None
    caller_name: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    duration_s: float | None
    type: Literal["agent", "ivr"]
    state: Literal["in_progress", "ended"]
    result: str | None
    source: str
    external_id: str | None
    standalone: bool = False
    request_id: UUID | UnsetType | None = UNSET
    request: RequestTag | UnsetType | None = UNSET
    activities: list[Activity] | UnsetType = UNSET


class RequestMilestone(Struct, frozen=True, kw_only=True):
    """The opening or the closing of a request, as a moment of the journey. `by_name` "": the system closed it by itself.

    One that was reopened is not closed: its opening stands, and the audit trail tells of what was between.
    """

    kind: Literal["opened", "closed"]
    at: datetime
    by_name: str
    request: RequestTag


class InteractionRow(Struct, frozen=True, kw_only=True):
    """One interaction in the list over all customers.

    `candidates`: how many customers it may belong to while `customer_id` is null. `agents` in the order in which they joined; `wrap_up` is
    the code that was given last.
    """

    id: UUID
    customer_id: UUID | None
    customer_name: str | None
    candidates: int
    channel: Channel
    direction: Direction
    ani: str | None
    dnis: str | None
    queue: str | None
    caller_name: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    duration_s: float | None
    type: Literal["agent", "ivr"]
    state: Literal["in_progress", "ended"]
    result: str | None
    source: str
    external_id: str | None
    request_id: UUID | None
    request_number: int | None
    request_title: str | None
    agents: list[str]
    tags: list[str]
    wrap_up: str | None


class InteractionPage(Struct):
    """One page of the list. `total` is exact up to 10,000, beyond that an estimate."""

    items: list[InteractionRow]
    page: int
    page_size: int
    total: int
    total_is_estimate: bool


class JourneyPage(Struct):
    """One page of a journey, newest first. `position` is the log position that it is current to.

    `requests` are the openings and closings of requests in the stretch of time that the page covers, among its interactions.
    """

    position: int
    items: list[Interaction]
    next_cursor: str | None
    requests: list[RequestMilestone] = field(default_factory=list[RequestMilestone])


class WrapUpCode(Struct):
    """An outcome that an agent can choose; `uses` by this agent in the last 30 days, to show the usual ones first.

    `channels` and `teams` name those that it is for; empty: all.
    """

    code: str
    labels: dict[str, str]
    channels: list[Channel]
    teams: list[UUID]
    active: bool
    uses: int


class NewWrapUpCode(Struct, forbid_unknown_fields=True, kw_only=True):
    """A code to add behind the others. `labels`: its name by language (en, sv, ja), at least one."""

    code: str
    labels: dict[str, str]
    channels: list[Channel] = field(default_factory=list[Channel])
    teams: list[UUID] = field(default_factory=list[UUID])


class WrapUpCodePatch(Struct, forbid_unknown_fields=True, kw_only=True):
    """What to change of a code; absent members stay. An inactive code can't be chosen and still names old outcomes."""

    labels: dict[str, str] | UnsetType = UNSET
    channels: list[Channel] | UnsetType = UNSET
    teams: list[UUID] | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class WrapUpCodeOrder(Struct, forbid_unknown_fields=True):
    """Every code in its new order."""

    codes: list[str]


class WrapUpCodes(Struct):
    """The codes, in their administered order."""

    items: list[WrapUpCode]


class NewComment(Struct, forbid_unknown_fields=True):
    """What an agent writes on an activity."""

    text: Annotated[str, Meta(min_length=1, max_length=10_000)]


class NewTags(Struct, forbid_unknown_fields=True):
    """All the tags of an activity."""

    tags: list[str]


class ActivityPatch(Struct, forbid_unknown_fields=True):
    """What to change of an activity. `fields`: values by key, null clears, absent ones stay."""

    fields: dict[str, Any]


class Tag(Struct, frozen=True):
    """A tag in use."""

    name: str
    uses: int


class Tags(Struct, frozen=True):
    """Tags in use, the most used first."""

    items: list[Tag]


class NewWrapUp(Struct, forbid_unknown_fields=True):
    """The outcome of a leg."""

    code: Annotated[str, Meta(min_length=1, max_length=50)]
    note: Annotated[str, Meta(max_length=10_000)] | None = None


class InteractionPatch(Struct, forbid_unknown_fields=True):
    """Relink: the customer that this interaction belongs to. Tag: the request that it is about, null for none.

    `reason` is needed where the request is closed, or the present one is, which supervisors may.
    """

    customer_id: UUID | UnsetType = UNSET
    request_id: UUID | UnsetType | None = UNSET
    reason: Annotated[str, Meta(max_length=1_000)] = ""


class WrapUpCodesChanged(Struct):
    """Payload of wrap_up_codes.changed: every code in its order; its `uses` are nobody's and say nothing."""

    wrap_up_codes: list[WrapUpCode]


class WrapUpCodeUsed(Struct):
    """Payload of wrap_up_codes.used: one more use by the person whose desk hears it."""

    code: str


class InteractionChanged(Struct):
    """Payload of interaction.changed; `interaction.activities` is left out."""

    interaction: Interaction


class ActivityChanged(Struct):
    """Payload of activity.changed."""

    activity: Activity
    customer_id: UUID | None


class ActivityRemoved(Struct):
    """Payload of activity.removed."""

    activity_id: UUID
    interaction_id: UUID
    customer_id: UUID | None


class CommentAdded(Struct):
    """Payload of comment.added."""

    activity_id: UUID
    interaction_id: UUID
    customer_id: UUID | None
    comment: Comment
