"""What the lists that administrators define (attributes, wrap-up codes) have in common: keys, patches, and an order of their own."""

import re
from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from msgspec import UNSET, Struct, structs

from ringdesk.kit.problems import FieldErrors

KEY_LIMIT = 40
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""What programs and files call a definition; it never changes."""

Id = TypeVar("Id")


def checked_key(field: str, key: str, taken: Collection[str], errors: FieldErrors) -> str:
    """`key`, noted in `errors` under the name `field` if it can't be one or another definition has it."""
    if not KEY.fullmatch(key):
        errors.add(field, "invalid_format", f"Begin with a letter; up to {KEY_LIMIT} characters fit: a to z, 0 to 9, underscore.")
    elif key in taken:
        errors.add(field, "taken", f"“{key}” is in use, perhaps by one that was taken out of use. Choose another, or bring that one back.")
    return key


def given(patch: Struct) -> dict[str, Any]:
    """The members of a patch that were sent."""
    return {name: value for name, value in structs.asdict(patch).items() if value is not UNSET}


def check_order(field: str, wanted: Sequence[Id], known: Sequence[Id]) -> None:
    """Raises InvalidFields unless `wanted` names each of `known` once."""
    errors = FieldErrors()
    if len(wanted) != len(known) or set(wanted) != set(known):
        errors.add(field, "not_all", "Name every one of them once; load them again if another administrator changed them.")
    errors.raise_if_any()
