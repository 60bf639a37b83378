"""Recordings on the wire (product.md 3.8)."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

Source = Annotated[str, Meta(min_length=1, max_length=100)]
Template = Annotated[str, Meta(min_length=1, max_length=2_000)]


class Recording(Struct, frozen=True, kw_only=True):
    """A recording of an interaction, or of one leg of it (`activity_id`).

    `file`: uploaded and kept here; `link`: kept by the system that made it, where a template says; its type and size are not known before.
    """

    id: UUID
    kind: Literal["file", "link"]
    interaction_id: UUID
    activity_id: UUID | None
    name: str
    media_type: str | None
    size: int | None
    created_at: datetime


class Recordings(Struct, frozen=True):
    """The recordings of an interaction, the oldest first."""

    items: list[Recording]


class RecordingsChanged(Struct, frozen=True):
    """Payload of recordings.changed: every recording of the interaction."""

    interaction_id: UUID
    recordings: list[Recording]


class Listening(Struct, frozen=True):
    """Leave to listen to a recording: `url` answers to whoever asked, with ranges, until `expires_at`."""

    url: str
    expires_at: datetime


class RecordingSource(Struct, frozen=True, kw_only=True):
    """Where a source system keeps its recordings. `example` is what the template makes of a made-up call."""

    source: str
    template: str
    active: bool
    example: str


class RecordingSources(Struct, frozen=True):
    """Every source with a template, by name; `known` are the sources that interactions came from lately."""

    items: list[RecordingSource]
    known: list[str]


class RecordingSourcesChanged(Struct, frozen=True):
    """Payload of recording_sources.changed: every source with a template."""

    items: list[RecordingSource]


class NewRecordingSource(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A template to add for the interactions of a source."""

    source: Source
    template: Template
    active: bool = True


class RecordingSourcePatch(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to change; absent members stay. An inactive template shows no recordings."""

    template: Template | UnsetType = UNSET
    active: bool | UnsetType = UNSET
