"""Attributes on the wire and in the event log."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType, field

from ringdesk.kit.fields import AnyType

Privacy = Literal["plain", "personal", "sensitive"]
"""What a value says of a person (product.md 1.9): nothing, something, or something that only few may see: encrypted and masked."""


IndexState = Literal["none", "building", "ready", "failed"]


class ListIndex(Struct, frozen=True, kw_only=True):
    """What the customer list can do with an attribute, and how far its index is (`progress` in percent while `building`).

    `detail` says why one `failed`; it is tried again by itself.
    """

    searchable: bool = False
    sortable: bool = False
    state: IndexState = "none"
    progress: int = 0
    detail: str | None = None


class Conversion(Struct, frozen=True, kw_only=True):
    """Stored values that are being encrypted or decrypted after a change of the class, in percent."""

    state: Literal["none", "running"] = "none"
    progress: int = 0


class Attribute(Struct, frozen=True, kw_only=True):
    """A field that an administrator added to the card. `hidden_at`: it was deleted then, and can be restored; its values are kept."""

    id: UUID
    key: str
    label: str
    type: AnyType
    required: bool
    help: str
    privacy: Privacy
    hidden_at: datetime | None
    index: ListIndex = field(default_factory=ListIndex)
    conversion: Conversion = field(default_factory=Conversion)


class Attributes(Struct, frozen=True):
    """Every attribute: the shown ones in the order of the card, then the hidden ones, last hidden first."""

    items: list[Attribute]


class NewAttribute(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An attribute to add. Without a `key` it gets one made of its label."""

    label: str
    type: AnyType
    key: str | None = None
    required: bool = False
    help: str = ""
    privacy: Privacy = "plain"
    searchable: bool = False
    sortable: bool = False


class AttributePatch(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to change; absent members stay. The key stays for ever: programs and files know it."""

    label: str | UnsetType = UNSET
    type: AnyType | UnsetType = UNSET
    required: bool | UnsetType = UNSET
    help: str | UnsetType = UNSET
    privacy: Privacy | UnsetType = UNSET
    searchable: bool | UnsetType = UNSET
    sortable: bool | UnsetType = UNSET


class AttributeOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """The shown attributes in their new order, all of them."""

    ids: list[UUID]


class SchemaChanged(Struct, frozen=True):
    """The event `schema.customers_changed`: the attributes as they are now."""

    attributes: list[Attribute]


class ConversionProgress(Struct, frozen=True):
    """The event `schema.conversion_progress`: how far the values of an attribute are after a change of its class."""

    attribute_id: UUID
    conversion: Conversion


class IndexProgress(Struct, frozen=True):
    """The event `schema.index_progress`: how far the index of an attribute is."""

    attribute_id: UUID
    index: ListIndex
