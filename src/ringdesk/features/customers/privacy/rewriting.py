"""What a journal or trail says of one attribute, wherever it says it, rewritten. Pure."""

from collections.abc import Callable
from typing import Any, cast

from msgspec import Struct

Change = Callable[[Any], Any]


class Rewriting(Struct, frozen=True, kw_only=True):
    """How the values of the attribute `key` are rewritten: `change` makes a value, `words` are what quick search knew one by.

    `hides`: whether addresses that the attribute brought are left out where they stand beside it.
    """

    key: str
    change: Change
    words: Callable[[Any], list[str]]
    hides: bool


def rewritten(node: Any, how: Rewriting) -> Any:
    """The document with every value of the attribute changed: by its key under `attributes`, and by its name in trails."""
    if isinstance(node, dict):
        return _members(cast("dict[str, Any]", node), how)
    if isinstance(node, list):
        return [rewritten(item, how) for item in cast("list[Any]", node) if not (how.hides and _brought(item, how.key))]
    return node


def _members(node: dict[str, Any], how: Rewriting) -> dict[str, Any]:
    found: dict[str, Any] = {}
    words: list[str] = []
    for name, value in node.items():
        if name == "attributes" and isinstance(value, dict) and how.key in value:
            values = cast("dict[str, Any]", value)
            words += how.words(values[how.key]) if how.hides else []
            found[name] = {**values, how.key: _changed(values[how.key], how)}
        elif name == f"attributes.{how.key}":
            found[name] = _changed(value, how)
        else:
            found[name] = rewritten(value, how)
    text = found.get("search_text")
    if words and isinstance(text, str):
        found["search_text"] = " ".join(word for word in text.split(" ") if word not in words)
    return found


def _changed(value: Any, how: Rewriting) -> Any:
    return None if value is None else how.change(value)


def _brought(item: object, key: str) -> bool:
    """Whether this is an identity, or an address of a draft, that the attribute brought."""
    if not isinstance(item, dict):
        return False
    one = cast("dict[str, Any]", item)
    return one.get("attribute") == key or (one.get("key") == key and "reach" in one)
