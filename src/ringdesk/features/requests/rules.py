"""Decisions about requests; pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from ringdesk.features.interactions import Channel
from ringdesk.features.requests.schemas import NewRequest, Priority, RequestPatch, RequestSchema, RequestType
from ringdesk.kit.definitions import collect_values, given, require_values
from ringdesk.kit.field_pools import fields_of
from ringdesk.kit.fields import LongText, Refusal, Text
from ringdesk.kit.folding import fold
from ringdesk.kit.problems import FieldErrors

TITLE_LIMIT = 200
"""Characters of a title: what a line of the journey shows without cutting it on a wide screen."""
PRIORITIES: tuple[Priority, ...] = ("low", "normal", "high", "urgent")
_CHANNEL_WORDS: dict[str, dict[Channel, str]] = {
    "en": {
        "voice": "call",
        "email": "e-mail",
        "chat": "chat",
        "sms": "SMS",
        "social": "social message",
        "video": "video call",
        "web": "web message",
        "event": "event",
    },
    "sv": {
        "voice": "samtal",
        "email": "e-post",
        "chat": "chatt",
        "sms": "sms",
        "social": "socialt meddelande",
        "video": "videosamtal",
        "web": "webbmeddelande",
        "event": "händelse",
    },
    "ja": {
        "voice": "電話",
        "email": "メール",
        "chat": "チャット",
        "sms": "SMS",
        "social": "ソーシャルメッセージ",
        "video": "ビデオ通話",
        "web": "Webメッセージ",
        "event": "イベント",
    },
}
_SEARCHED_DESCRIPTION = 2_000
_TITLE, _DESCRIPTION = Text(limit=TITLE_LIMIT), LongText()


class Content(Struct, frozen=True, kw_only=True):
    """What people write into a request, checked."""

    type: str
    title: str
    description: str = ""
    owner_id: UUID | None = None
    due_on: date | None = None
    priority: Priority = "normal"
    fields: dict[str, object] = {}


class Choice(Struct, frozen=True):
    """Somebody's choice of a request for an interaction (None: of none). `leg`: when the leg of whoever chose started, and its id.

    `overriding`: a supervisor's change from outside the call.
    """

    id: UUID
    request_id: UUID | None
    leg: tuple[datetime, UUID] | None
    overriding: bool


def standing(choices: Sequence[Choice]) -> Choice | None:
    """The choice that counts, of choices in the order in which they were made (product.md 2.5).

    A supervisor's last change overrides. Else the latest-started leg that chose a request wins, whenever it did; a leg that took its
    choice back chose none, and the one before it stands.
    """
    overriding = [choice for choice in choices if choice.overriding]
    if overriding:
        return overriding[-1]
    last_of_leg = {choice.leg: choice for choice in choices}
    with_legs = sorted((leg for leg in last_of_leg if leg), reverse=True)
    return next((choice for leg in [*with_legs, None] if (choice := last_of_leg.get(leg)) and choice.request_id), None)


def check_new(new: NewRequest, schema: RequestSchema, *, owner_id: UUID | None, region: str, errors: FieldErrors) -> Content:
    """What a new request holds; everything that is wrong is noted in `errors`."""
    kind = _type(new.type, schema, errors)
    return Content(
        type=new.type,
        title=_title(new.title, errors),
        description=_description(new.description, errors),
        owner_id=owner_id,
        due_on=new.due_on,
        priority=new.priority,
        fields=collect_values(new.fields, fields_of(kind.fields, schema.fields), under="fields", base=None, region=region, errors=errors)
        if kind
        else {},
    )


def check_edit(before: Content, patch: RequestPatch, schema: RequestSchema, *, region: str, errors: FieldErrors) -> Content:
    """What a request holds after an edit. A change of type needs the new type's required fields; values of the old type's are kept."""
    asked = given(patch)
    if "title" in asked:
        asked["title"] = _title(asked["title"], errors)
    if "description" in asked:
        asked["description"] = _description(asked["description"], errors)
    retyped = asked.get("type", before.type) != before.type
    kind = _type(asked["type"], schema, errors) if retyped else next((one for one in schema.types if one.key == before.type), None)
    if kind:
        known = fields_of(kind.fields, schema.fields)
        held = collect_values(asked.get("fields"), known, under="fields", base=before.fields, region=region, errors=errors)
        if retyped:
            require_values(held, known, under="fields", errors=errors)
        asked["fields"] = held
    return Content(**{name: asked.get(name, getattr(before, name)) for name in Content.__struct_fields__})


def changed_names(before: Content, after: Content) -> list[str]:
    """The members that differ; values of fields as `fields.KEY`."""
    plain = [name for name in Content.__struct_fields__ if name != "fields" and getattr(before, name) != getattr(after, name)]
    keys = [key for key in {**before.fields, **after.fields} if before.fields.get(key) != after.fields.get(key)]
    return plain + [f"fields.{key}" for key in keys]


def plain_values(content: Content, names: Iterable[str]) -> dict[str, object]:
    """These members of a request, for the audit trail."""
    return {name: content.fields.get(name[7:]) if name.startswith("fields.") else getattr(content, name) for name in names}


def search_text(number: int, content: Content) -> str:
    """What quick search looks into: the number as people write it, title, description, and the texts of fields."""
    texts = [value for value in content.fields.values() if isinstance(value, str)]
    return fold(" ".join([f"req-{number}", content.title, content.description[:_SEARCHED_DESCRIPTION], *texts]))


def type_in_use(key: str, schema: RequestSchema, errors: FieldErrors) -> RequestType | None:
    """The type with this key; noted in `errors` when nobody can open requests of it."""
    return _type(key, schema, errors)


def type_to_open(wanted: str | None, types: Sequence[RequestType]) -> RequestType | None:
    """The type of a request that opens by itself: the wanted one if it is in use, else the first in use."""
    in_use = [one for one in types if one.hidden_at is None]
    return next((one for one in in_use if one.key == wanted), in_use[0] if in_use else None)


def opening_title(queue: str | None, channel: Channel, language: str) -> str:
    """What a request is called that opens by itself: its queue and its channel, in the agent's language (product.md 4.4)."""
    word = _CHANNEL_WORDS.get(language, _CHANNEL_WORDS["en"])[channel]
    return (f"{queue.strip()} · {word}" if queue and queue.strip() else word)[:TITLE_LIMIT]


def _type(key: str, schema: RequestSchema, errors: FieldErrors) -> RequestType | None:
    found = next((one for one in schema.types if one.key == key and one.hidden_at is None), None)
    if found is None:
        in_use = ", ".join(one.key for one in schema.types if one.hidden_at is None)
        errors.add("type", "unknown_type", f"Choose one of the types: {in_use}.")
    return found


def _title(value: str, errors: FieldErrors) -> str:
    title = _parsed(_TITLE, "title", value, errors)
    if not title and not any(item.field == "title" for item in errors.items):
        errors.add("title", "required", "Say in a few words why the customer called.")
    return title


def _description(value: str, errors: FieldErrors) -> str:
    return _parsed(_DESCRIPTION, "description", value, errors)


def _parsed(kind: Text | LongText, field: str, value: str, errors: FieldErrors) -> str:
    try:
        return kind.parse(value, "") or ""
    except Refusal as refusal:
        errors.add(field, refusal.code, refusal.message)
        return ""
