"""The types that system fields have: validation with a precise message, and normalisation (product.md 1.1, 1.3, 12)."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, cast

from msgspec import Struct

from ringdesk.features.customers.models import Reach
from ringdesk.features.customers.schemas import Address
from ringdesk.kit.phones import PhoneError, normalise

CHANNELS = ("voice", "email", "sms", "chat", "social", "video", "web")
"""Channels for which a customer can agree to marketing."""
MAX_ADDRESSES = 20
MAX_EMAIL = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
# What mail servers take in practice: no quoted local parts, no bare addresses; the domain has a dot (RFC 5321, 4.1.2, narrowed).
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_](?:[\w-]{0,61}[^\W_])?")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?", re.IGNORECASE)
_BLANKS = re.compile(" {2,}")
ADDRESS_LIMITS = {"street": 200, "city": 100, "region": 100, "postcode": 20, "country": 60}


class Refusal(Exception):
    """A value that a field can't take. `field` is the path below the field (`[1].city`), `code` stable, the text says what to do."""

    def __init__(self, code: str, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class Refusals(Exception):
    """Several refusals of one field (parts of an address list)."""

    def __init__(self, items: list[Refusal]) -> None:
        super().__init__(f"{len(items)} values are not valid")
        self.items = items


class FieldType(Struct, frozen=True):
    """One type. `parse(value, region)` gives what is stored, or raises Refusal or Refusals; `region` reads national numbers.

    `kind` chooses the list's operators (kit.listing), `form` what JSON takes, for the API's schema.
    """

    name: str
    kind: str
    parse: Callable[[object, str], Any]
    form: dict[str, Any]


def text(limit: int) -> FieldType:
    """One line of text with at most `limit` characters; absent is ""."""
    return FieldType("text", "text", lambda value, _: plain_text(value, limit), {"type": ["string", "null"], "maxLength": limit})


def choice(*options: str) -> FieldType:
    """One word of a fixed list; the first is the default."""

    def parse(value: object, _: str) -> str:
        if is_empty(value):
            return options[0]
        if value not in options:
            raise Refusal("not_an_option", f"Choose one of: {', '.join(options)}.")
        return str(value)

    return FieldType("choice", "choice", parse, {"type": "string", "enum": list(options)})


# Invisible marks that turn the direction of what follows: pasted along with numbers from address books, and a way to let a name look
# like another one. Scripts that run from right to left show well without them.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def is_empty(value: object) -> bool:
    """Whether the value clears its field: absent, or nothing but blanks."""
    return value is None or (isinstance(value, str) and not value.strip())


def plain_text(value: object, limit: int) -> str:
    """`value` as one line of composed Unicode (NFC) with single blanks and none around it."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refusal("not_text", "This must be text.")
    visible = value if value.isprintable() else value.translate(_TURNING)
    line = _BLANKS.sub(" ", unicodedata.normalize("NFC", visible).strip())
    if len(line) > limit:
        raise Refusal("too_long", f"At most {limit} characters fit; this has {len(line)}. Shorten it.")
    if not line.isprintable() and any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in line):
        raise Refusal("control_characters", "Remove line breaks and control characters.")
    return line


def _phone(value: object, region: str) -> Reach | None:
    if is_empty(value):
        return None
    if not isinstance(value, str):
        raise Refusal("invalid_phone", "A telephone number is text, such as “+46 70 123 45 67”.")
    raw = value.translate(_TURNING).strip()
    try:
        return Reach(raw, normalise(raw, region).normalised)
    except PhoneError as error:
        raise Refusal("invalid_phone", error.message) from None


def _email(value: object, _: str) -> Reach | None:
    if is_empty(value):
        return None
    line = plain_text(value, MAX_EMAIL)
    if not _EMAIL.fullmatch(line):
        raise Refusal("invalid_email", "Write an e-mail address such as “name@example.com”.")
    return Reach(line, line.lower())


def _language(value: object, _: str) -> str | None:
    if is_empty(value):
        return None
    found = _LANGUAGE.fullmatch(plain_text(value, 20).replace("_", "-"))
    if not found:
        raise Refusal("invalid_language", "Write a language tag such as “sv”, “en-GB” or “zh-Hant” (BCP 47).")
    language, script, region = found.groups()
    return "-".join(part for part in (language.lower(), script and script.title(), region and region.upper()) if part)


def _external_id(value: object, _: str) -> str | None:
    return plain_text(str(value) if isinstance(value, int) and not isinstance(value, bool) else value, 200) or None


def _consent(value: object, _: str) -> dict[str, bool]:
    if value is None:
        return {}
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


def _attributes(value: object, _: str) -> dict[str, object]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refusal("not_an_object", "Give an object of attribute key and value.")
    unknown = [
        Refusal("unknown_attribute", f"No attribute has the key “{key}”.", field=f".{key}") for key in cast("dict[str, object]", value)
    ]
    if unknown:
        raise Refusals(unknown)
    return {}


def _addresses(value: object, _: str) -> tuple[Address, ...]:
    if value is None:
        return ()
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


PHONE = FieldType("phone", "phone", _phone, {"type": ["string", "null"], "maxLength": 28, "examples": ["+46 70 123 45 67"]})
EMAIL = FieldType("email", "text", _email, {"type": ["string", "null"], "maxLength": MAX_EMAIL, "examples": ["name@example.com"]})
LANGUAGE = FieldType("language", "text", _language, {"type": ["string", "null"], "examples": ["sv", "en-GB"]})
EXTERNAL_ID = FieldType("text", "text", _external_id, {"type": ["string", "null"], "maxLength": 200})
CONSENT = FieldType("consent", "consent", _consent, {"type": ["object", "null"], "additionalProperties": {"type": "boolean"}})
ATTRIBUTES = FieldType("attributes", "none", _attributes, {"type": ["object", "null"]})
ADDRESSES = FieldType(
    "addresses",
    "none",
    _addresses,
    {
        "type": ["array", "null"],
        "maxItems": MAX_ADDRESSES,
        "items": {
            "type": "object",
            "properties": {name: {"type": "string", "maxLength": limit} for name, limit in ADDRESS_LIMITS.items()}
            | {"primary": {"type": "boolean"}},
            "additionalProperties": False,
        },
    },
)
