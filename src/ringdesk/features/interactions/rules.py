"""Decisions about wrap-ups and tags; pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from ringdesk.features.customers import IdentityKind
from ringdesk.features.interactions.schemas import Channel
from ringdesk.kit.fields import checked_line
from ringdesk.kit.folding import fold
from ringdesk.kit.problems import FieldErrors

LANGUAGES = ("en", "sv", "ja")
"""The languages of the desktop."""
LABEL_LIMIT = 60
"""Characters of a code's name: what a button takes."""
TAG_LIMIT = 50
"""Characters of a tag (product.md 3.3)."""
_KINDS: dict[Channel, IdentityKind] = {"email": "email", "chat": "chat", "web": "chat", "social": "social"}
MOST_TAGS = 50
"""Tags of one activity: more than anybody reads."""


class LegWrapUp(Struct, frozen=True):
    """An answered agent leg as the inheritance of wrap-ups sees it.

    `finished`: its wrap-up time is over. `own_code`: the last outcome that was applied to it, if any.
    """

    leg_id: UUID
    started_at: datetime
    finished: bool
    own_code: str | None
    inherited_code: str | None = None


def inherited_codes(legs: Iterable[LegWrapUp]) -> dict[UUID, str | None]:
    """The outcome that each leg must carry as inherited; None: it must carry none (product.md 3.4).

    A leg whose wrap-up time ended without an outcome of its own takes that of the nearest earlier leg that has one.
    """
    wanted: dict[UUID, str | None] = {}
    nearest: str | None = None
    for leg in sorted(legs, key=lambda leg: (leg.started_at, leg.leg_id)):
        wanted[leg.leg_id] = nearest if leg.finished and leg.own_code is None else None
        nearest = leg.own_code or nearest
    return wanted


def kind_of_address(channel: Channel) -> IdentityKind:
    """What kind of address a customer has on a channel."""
    return _KINDS.get(channel, "phone")


def checked_tags(given: Sequence[str], errors: FieldErrors) -> list[str]:
    """The tags of an activity in the order given: up to TAG_LIMIT characters, each once in whatever case (product.md 3.3)."""
    tags: dict[str, str] = {}
    for place, text in enumerate(given):
        if tag := checked_line(f"tags[{place}]", text, TAG_LIMIT, errors):
            tags.setdefault(fold(tag), tag)
    if len(tags) > MOST_TAGS:
        errors.add("tags", "too_many", f"An activity has at most {MOST_TAGS} tags; this has {len(tags)}.")
    return list(tags.values())


def checked_labels(labels: Mapping[str, str], errors: FieldErrors) -> dict[str, str]:
    """The names of a code by language, at least one."""
    found: dict[str, str] = {}
    for language, text in labels.items():
        if language not in LANGUAGES:
            errors.add(f"labels.{language}", "unknown_language", f"Languages are {', '.join(LANGUAGES)}.")
            continue
        if line := checked_line(f"labels.{language}", text, LABEL_LIMIT, errors):
            found[language] = line
    if not any(text.strip() for text in labels.values()):
        errors.add("labels", "required", "Write what agents read, in at least one language.")
    return found
