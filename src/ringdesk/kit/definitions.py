"""What the things that administrators define (attributes, request types and fields, wrap-up codes) have in common.

Keys, labels, types of values, patches, an order of their own, and the values that rows hold for them.
"""

import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar, cast
from uuid import UUID

from msgspec import UNSET, Struct, structs

from ringdesk.kit.fields import AnyType, Choice, Email, FieldType, MultipleChoice, Phone, Refusal, checked_line, stored_form
from ringdesk.kit.folding import fold
from ringdesk.kit.problems import FieldErrors, Problem

KEY_LIMIT = 40
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""What programs and files call a definition; it never changes."""
LABEL_LIMIT, HELP_LIMIT, OPTION_LIMIT = 100, 500, 100
MOST_OPTIONS = 200
"""Options of a choice: more is a table of its own, and nobody reads so long a list."""
_NO_KEY = re.compile(r"[^a-z0-9]+")
_MISFITS_SHOWN = 5
_FIRST = UUID(int=0)

Id = TypeVar("Id")


class Defined(Protocol):
    """A field that an administrator defined."""

    @property
    def label(self) -> str:
        """What people read."""
        ...

    @property
    def type(self) -> AnyType:
        """What it holds."""
        ...

    @property
    def required(self) -> bool:
        """Whether a new row needs it."""
        ...


def cell_of(kind: AnyType, stored: Any) -> str:
    """A stored value as a file has it, and as an import reads it again."""
    if stored is None or isinstance(kind, Phone | Email):
        return str(stored or "")
    # It was checked when it was stored, so it can be read again; no other type depends on a region.
    read = cast("FieldType", kind)
    return read.text(read.parse(stored, ""))


class StoredValue(Struct, frozen=True):
    """The value that the row `id`, which people know as `name`, holds for a field."""

    id: UUID
    name: str
    value: Any


class Misfit(Struct, frozen=True):
    """A stored value that is none of the new type."""

    id: UUID
    name: str
    value: object
    message: str


class ValuesDoNotFit(Problem):
    """Stored values are none of the new type; `misfits` counts them, `sample` shows some (product.md 1.2)."""

    slug: ClassVar[str] = "values_do_not_fit"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "Some stored values do not fit the new type"


def checked_key(field: str, key: str, taken: Collection[str], errors: FieldErrors) -> str:
    """`key`, noted in `errors` under the name `field` if it can't be one or another definition has it."""
    if not KEY.fullmatch(key):
        errors.add(field, "invalid_format", f"Begin with a letter; up to {KEY_LIMIT} characters fit: a to z, 0 to 9, underscore.")
    elif key in taken:
        errors.add(field, "taken", f"“{key}” is in use, perhaps by one that was taken out of use. Choose another, or bring that one back.")
    return key


def key_of(label: str, otherwise: str) -> str:
    """A key made of a label; it begins with `otherwise` where the label has no letters of the Latin alphabet."""
    key = _NO_KEY.sub("_", fold(label)).strip("_")[:KEY_LIMIT].rstrip("_")
    return key if KEY.fullmatch(key) else f"{otherwise}_{key}"[:KEY_LIMIT].rstrip("_")


def free_key(label: str, taken: Collection[str], otherwise: str) -> str:
    """A key for this label that is not in `taken`; see `key_of`."""
    key = key_of(label, otherwise)
    number = 2
    free = key
    while free in taken:
        free = f"{key[:36]}_{number}"
        number += 1
    return free


def checked_label(value: str, errors: FieldErrors) -> str:
    """`value` as what a definition is called."""
    before = len(errors.items)
    label = checked_line("label", value, LABEL_LIMIT, errors)
    if not label and len(errors.items) == before:
        errors.add("label", "required", "Write what it is called.")
    return label


class Labelled(Protocol):
    """What people choose by its label among others in use."""

    @property
    def key(self) -> str:
        """What programs call it."""
        ...

    @property
    def label(self) -> str:
        """What people read."""
        ...

    @property
    def hidden_at(self) -> datetime | None:
        """Since when it is out of use."""
        ...


def refuse_same_label(label: str, known: Iterable[Labelled], beside: str | None, errors: FieldErrors) -> None:
    """People must tell apart what they choose from: note a label that another one than `beside` (a key) has."""
    if any(one.label.casefold() == label.casefold() and one.key != beside and one.hidden_at is None for one in known):
        errors.add("label", "taken", f"Another one is called “{label}” already; choose another name.")


def checked_type(kind: AnyType, errors: FieldErrors) -> AnyType:
    """`kind` with its options cleaned."""
    if not isinstance(kind, Choice | MultipleChoice):
        return kind
    options: list[str] = []
    for place, option in enumerate(kind.options):
        line = checked_line(f"type.options[{place}]", option, OPTION_LIMIT, errors)
        if ";" in line:
            errors.add(f"type.options[{place}]", "semicolon", "An option can't hold a semicolon: files have it between options.")
        elif line and line.casefold() in {known.casefold() for known in options}:
            errors.add(f"type.options[{place}]", "repeated", f"“{line}” stands twice.")
        elif line:
            options.append(line)
    if not options:
        errors.add("type.options", "required", "Give at least one option.")
    elif len(options) > MOST_OPTIONS:
        errors.add("type.options", "too_many", f"A choice has at most {MOST_OPTIONS} options; this has {len(options)}.")
    return Choice(options=tuple(options)) if isinstance(kind, Choice) else MultipleChoice(options=tuple(options))


def given(patch: Struct) -> dict[str, Any]:
    """The members of a patch that were sent."""
    return {name: value for name, value in structs.asdict(patch).items() if value is not UNSET}


def check_order(field: str, wanted: Sequence[Id], known: Sequence[Id]) -> None:
    """Raises InvalidFields unless `wanted` names each of `known` once."""
    errors = FieldErrors()
    if len(wanted) != len(known) or set(wanted) != set(known):
        errors.add(field, "not_all", "Name every one of them once; load them again if another administrator changed them.")
    errors.raise_if_any()


def collect_values(
    given: object,
    definitions: Mapping[str, Defined],
    *,
    under: str,
    base: Mapping[str, object] | None,
    region: str,
    errors: FieldErrors,
) -> dict[str, object]:
    """The stored values of a row after `given` (key to value, null clears) on top of `base`; None: a new row.

    A new row needs every required field; an edit only can't clear one, so that rows from before it was required stay editable.
    What is wrong is noted in `errors` under `under.KEY`. `region` (ISO 3166) is where telephone numbers are read.
    """
    values = dict(base or {})
    if given is not None and not isinstance(given, dict):
        errors.add(under, "not_an_object", "Give an object of key and value.")
        return values
    for key, value in cast("dict[str, object]", given or {}).items():
        definition = definitions.get(key)
        if definition is None:
            known = f"There are {', '.join(definitions)}." if definitions else "An administrator can add some."
            errors.add(f"{under}.{key}", "unknown_field", f"Nothing here has the key “{key}”. {known}")
            continue
        try:
            stored = stored_form(definition.type, value, region)
        except Refusal as refusal:
            errors.add(f"{under}.{key}{refusal.field}", refusal.code, refusal.message)
            continue
        if stored is not None:
            values[key] = stored
        elif definition.required and base is not None:
            errors.add(f"{under}.{key}", "required", f"“{definition.label}” is needed.")
        else:
            values.pop(key, None)
    if base is None:
        require_values(values, definitions, under=under, errors=errors)
    return values


def require_values(values: Mapping[str, object], definitions: Mapping[str, Defined], *, under: str, errors: FieldErrors) -> None:
    """Note every required field that has no value and nothing else wrong with it."""
    for key, definition in definitions.items():
        if definition.required and key not in values and not any(item.field == f"{under}.{key}" for item in errors.items):
            errors.add(f"{under}.{key}", "required", f"“{definition.label}” is needed.")


async def retype(
    label: str,
    old: FieldType,
    new: FieldType,
    *,
    region: str,
    after: Callable[[UUID], Awaitable[Sequence[StoredValue]]],
    write: Callable[[Sequence[tuple[UUID, object]]], Awaitable[None]],
    shown: Callable[[object], object] = lambda value: value,
) -> None:
    """Read every stored value of the field `label` as one of its new type and write it so. Raises ValuesDoNotFit; nothing is lost.

    `after(id)` gives the next values in the order of their rows' ids, [] behind the last; `write` stores values anew; `shown` is
    what the sample may show of one.
    """
    misfits, last = 0, _FIRST
    sample: list[Misfit] = []
    while values := await after(last):
        anew: list[tuple[UUID, object]] = []
        for one in values:
            # Every type reads what another one writes as text: 42 becomes "42", yes becomes "true".
            text = old.text(old.parse(one.value, region))
            try:
                anew.append((one.id, stored_form(new, text, region)))
            except Refusal as refusal:
                misfits += 1
                if len(sample) < _MISFITS_SHOWN:
                    sample.append(Misfit(one.id, one.name, shown(one.value), refusal.message))
        if not misfits:
            await write(anew)
        last = values[-1].id
    if misfits:
        raise ValuesDoNotFit(
            f"{misfits} of the stored values of “{label}” do not fit. Correct them where they stand, or add another field.",
            extra={"misfits": misfits, "sample": sample},
        )
