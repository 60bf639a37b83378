"""What every field type knows, and how a value is refused."""

import re
import unicodedata
from typing import Any, ClassVar

from msgspec import Struct

from ringdesk.kit.problems import FieldErrors

# Invisible marks that turn the direction of what follows: pasted along with numbers from address books, and a way to let a name look
# like another one. Scripts that run from right to left show well without them.
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_BLANKS = re.compile(" {2,}")


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


class FieldType(Struct, frozen=True, tag_field="type"):
    """One type of value (product.md 12). A definition stores its type as JSON: the tag, and the settings that the type has.

    Two laws hold for every value `v` that `parse` returns: `parse(stored(v)) == v` and `parse(text(v)) == v`.
    """

    widget: ClassVar[str]
    """The form widget that edits it, a name that the desktop knows."""

    def parse(self, value: object, region: str) -> Any:
        """The value that is kept; None when `value` (any JSON) is empty. Raises Refusal or Refusals, nothing else.

        `region` (ISO 3166) is where telephone numbers without a country code are read.
        """
        raise NotImplementedError

    def stored(self, value: Any) -> Any:
        """The value as JSON, as it lies in the database and goes on the wire."""
        return value

    def text(self, value: Any) -> str:
        """The value in a CSV file or a line of text."""
        return str(self.stored(value))

    def schema(self) -> dict[str, Any]:
        """What JSON takes, as JSON Schema (2020-12)."""
        raise NotImplementedError


def stored_form(kind: FieldType, value: object, region: str) -> object | None:
    """`value` (any JSON or text) as this type stores it; None when it is empty. Raises Refusal or Refusals."""
    kept = kind.parse(value, region)
    return None if kept is None else kind.stored(kept)


def is_empty(value: object) -> bool:
    """Whether the value clears its field: absent, or nothing but blanks."""
    return value is None or (isinstance(value, str) and not value.strip())


def plain_text(value: object, limit: int) -> str:
    """`value` as one line of composed Unicode (NFC) with single blanks and none around it; "" for None. Raises Refusal."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refusal("not_text", "This must be text.")
    visible = value if value.isprintable() else value.translate(TURNING)
    line = _BLANKS.sub(" ", unicodedata.normalize("NFC", visible).strip())
    _refuse_beyond(line, limit)
    if not line.isprintable() and any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in line):
        raise Refusal("control_characters", "Remove line breaks and control characters.")
    return line


def checked_line(field: str, value: object, limit: int, errors: FieldErrors) -> str:
    """`plain_text` of a field; what it refuses is noted in `errors` under the name `field`, and the line is then ""."""
    try:
        return plain_text(value, limit)
    except Refusal as refusal:
        errors.add(field, refusal.code, refusal.message)
        return ""


def says_something(text: str) -> bool:
    """Whether a person can read anything in it: a letter or a digit, of any script. Blanks and invisible characters say nothing."""
    return any(char.isalnum() for char in text)


def paragraphs(value: object, limit: int) -> str:
    """`value` as lines of composed Unicode, none ending in blanks, none empty at the ends; "" for None. Raises Refusal."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refusal("not_text", "This must be text.")
    composed = unicodedata.normalize("NFC", value.translate(TURNING))
    text = "\n".join(line.rstrip() for line in composed.splitlines()).strip("\n")
    _refuse_beyond(text, limit)
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text):
        raise Refusal("control_characters", "Remove the control characters.")
    return text


def _refuse_beyond(text: str, limit: int) -> None:
    if len(text) > limit:
        raise Refusal("too_long", f"At most {limit} characters fit; this has {len(text)}. Shorten it.")
