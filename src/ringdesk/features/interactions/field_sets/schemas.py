"""Field sets on the wire and in the event log."""

from msgspec import Struct

from ringdesk.features.interactions.schemas import Channel
from ringdesk.kit.field_pools import FormField, PoolField


class ActivityField(PoolField, frozen=True, kw_only=True):
    """A field that activities can have; several channels may share it. `hidden_at`: it was taken out of use then; its values are kept."""


class FieldSet(Struct, frozen=True, kw_only=True):
    """The fields that activities of a channel show, in their order."""

    channel: Channel
    fields: list[FormField]


class FieldSets(Struct, frozen=True):
    """The field set of every channel, and every field, those out of use last. Payload of schema.activities_changed, too."""

    sets: list[FieldSet]
    fields: list[ActivityField]


class FieldSetPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """All fields of a channel in their order; one that is left out keeps its values and shows no more."""

    fields: list[FormField]
