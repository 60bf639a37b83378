"""The types that only customers have, beside those of kit/fields (product.md 1.1)."""

import re
from typing import Any, ClassVar, cast

from ringdesk.features.customers.schemas import Address
from ringdesk.kit.fields import FieldType, Refusal, Refusals, is_empty, plain_text

CHANNELS = ("voice", "email", "sms", "chat", "social", "video", "web")
"""Channels for which a customer can agree to marketing."""
MAX_ADDRESSES = 20
ADDRESS_LIMITS = {"street": 200, "city": 100, "region": 100, "postcode": 20, "country": 60}
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?", re.IGNORECASE)


class Language(FieldType, frozen=True):
    """A language tag (BCP 47)."""

    widget: ClassVar[str] = "language"

    def parse(self, value: object, region: str) -> str | None:
        """See FieldType."""
        if is_empty(value):
            return None
        found = _LANGUAGE.fullmatch(plain_text(value, 20).replace("_", "-"))
        if not found:
            raise Refusal("invalid_language", "Write a language tag such as “sv”, “en-GB” or “zh-Hant” (BCP 47).")
        language, script, place = found.groups()
        return "-".join(part for part in (language.lower(), script and script.title(), place and place.upper()) if part)

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["string", "null"], "examples": ["sv", "en-GB"]}


class ExternalId(FieldType, frozen=True):
    """The key of the customer in another system; a number is taken as its digits."""

    widget: ClassVar[str] = "line"

    def parse(self, value: object, region: str) -> str | None:
        """See FieldType."""
        return plain_text(str(value) if isinstance(value, int) and not isinstance(value, bool) else value, 200) or None

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["string", "null"], "maxLength": 200}


class Consent(FieldType, frozen=True):
    """Whether the customer agreed to marketing, by channel."""

    widget: ClassVar[str] = "consent"

    def parse(self, value: object, region: str) -> dict[str, bool] | None:
        """See FieldType."""
        if value is None:
            return None
        if not isinstance(value, dict):
            raise Refusal("not_an_object", "Give an object of channel and true or false, such as {“email”: true}.")
        refused: list[Refusal] = []
        for channel, agreed in cast("dict[str, object]", value).items():
            if channel not in CHANNELS:
                refused.append(
                    Refusal("unknown_channel", f"There is no channel “{channel}”. Channels are {', '.join(CHANNELS)}.", field=f".{channel}")
                )
            elif not isinstance(agreed, bool):
                refused.append(Refusal("not_a_bool", "This must be true or false.", field=f".{channel}"))
        if refused:
            raise Refusals(refused)
        return dict(cast("dict[str, bool]", value))

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["object", "null"], "additionalProperties": {"type": "boolean"}}


class Attributes(FieldType, frozen=True):
    """Values of the attributes that an administrator defined, by key."""

    widget: ClassVar[str] = "attributes"

    def parse(self, value: object, region: str) -> dict[str, object] | None:
        """See FieldType."""
        if value is None:
            return None
        if not isinstance(value, dict):
            raise Refusal("not_an_object", "Give an object of attribute key and value.")
        unknown = [
            Refusal("unknown_field", f"No attribute has the key “{key}”.", field=f".{key}") for key in cast("dict[str, object]", value)
        ]
        if unknown:
            raise Refusals(unknown)
        return {}

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["object", "null"]}


class Addresses(FieldType, frozen=True):
    """Postal addresses, one of them the primary."""

    widget: ClassVar[str] = "addresses"

    def parse(self, value: object, region: str) -> tuple[Address, ...] | None:
        """See FieldType."""
        return None if value is None else _addresses(value)

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        parts = {name: {"type": "string", "maxLength": limit} for name, limit in ADDRESS_LIMITS.items()}
        item = {"type": "object", "properties": parts | {"primary": {"type": "boolean"}}, "additionalProperties": False}
        return {"type": ["array", "null"], "maxItems": MAX_ADDRESSES, "items": item}


def _addresses(value: object) -> tuple[Address, ...]:
    if not isinstance(value, list):
        raise Refusal("not_a_list", "Give a list of addresses.")
    items = cast("list[object]", value)
    if len(items) > MAX_ADDRESSES:
        raise Refusal("too_many", f"A customer has at most {MAX_ADDRESSES} addresses; this has {len(items)}.")
    refused: list[Refusal] = []
    read = [_address(item, f"[{place}]", refused) for place, item in enumerate(items)]
    if sum(address.primary for address in read) > 1:
        refused.append(Refusal("several_primary", "Only one address can be the primary one."))
    if refused:
        raise Refusals(refused)
    kept = [address for address in read if address != Address(primary=address.primary)]
    if kept and not any(address.primary for address in kept):
        first = kept[0]
        kept[0] = Address(first.street, first.city, first.region, first.postcode, first.country, primary=True)
    return tuple(kept)


def _address(item: object, place: str, refused: list[Refusal]) -> Address:
    if not isinstance(item, dict):
        refused.append(Refusal("not_an_object", "An address is an object with street, city, region, postcode and country.", field=place))
        return Address()
    parts = cast("dict[str, object]", item)
    values: dict[str, str] = {}
    for name, limit in ADDRESS_LIMITS.items():
        try:
            values[name] = plain_text(parts.get(name), limit)
        except Refusal as refusal:
            refused.append(Refusal(refusal.code, refusal.message, field=f"{place}.{name}"))
    refused += [
        Refusal("unknown_field", f"An address has no field “{name}”.", field=f"{place}.{name}")
        for name in parts
        if name not in ADDRESS_LIMITS and name != "primary"
    ]
    primary = parts.get("primary", False)
    if not isinstance(primary, bool):
        refused.append(Refusal("not_a_bool", "This must be true or false.", field=f"{place}.primary"))
        primary = False
    country = values.get("country", "")
    values["country"] = country.upper() if len(country) == 2 else country
    return Address(**values, primary=primary)
