"""Types of values that are chosen."""

from typing import Any, ClassVar, cast

from ringdesk.kit.fields.base import FieldType, Refusal, is_empty, plain_text

YES = frozenset({"true", "yes", "1"})
NO = frozenset({"false", "no", "0"})


class Bool(FieldType, frozen=True, tag="bool"):
    """Yes or no."""

    widget: ClassVar[str] = "switch"

    def parse(self, value: object, region: str) -> bool | None:
        """See FieldType."""
        if isinstance(value, bool):
            return value
        if is_empty(value):
            return None
        word = str(value).strip().lower() if isinstance(value, str | int) else ""
        if word in YES:
            return True
        if word in NO:
            return False
        raise Refusal("not_a_bool", "Write true or false.")

    def text(self, value: bool) -> str:
        """See FieldType."""
        return "true" if value else "false"

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["boolean", "null"]}


class Choice(FieldType, frozen=True, tag="choice"):
    """One of `options`."""

    widget: ClassVar[str] = "choice"
    options: tuple[str, ...]

    def parse(self, value: object, region: str) -> str | None:
        """See FieldType."""
        if is_empty(value):
            return None
        return _option(value, self.options)

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"enum": [*self.options, None]}


class MultipleChoice(FieldType, frozen=True, tag="multiple_choice"):
    """Some of `options`, in their order; as text with semicolons between them."""

    widget: ClassVar[str] = "choices"
    options: tuple[str, ...]

    def parse(self, value: object, region: str) -> tuple[str, ...] | None:
        """See FieldType."""
        if is_empty(value):
            return None
        if isinstance(value, str):
            items: list[object] = [item for item in value.split(";") if item.strip()]
        elif isinstance(value, list | tuple):
            items = list(cast("list[object]", value))
        else:
            raise Refusal("not_a_list", "Give a list of options.")
        chosen = {_option(item, self.options) for item in items}
        return tuple(option for option in self.options if option in chosen) or None

    def stored(self, value: tuple[str, ...]) -> list[str]:
        """See FieldType."""
        return list(value)

    def text(self, value: tuple[str, ...]) -> str:
        """See FieldType."""
        return "; ".join(value)

    def schema(self) -> dict[str, Any]:
        """See FieldType."""
        return {"type": ["array", "null"], "items": {"enum": list(self.options)}, "uniqueItems": True}


def _option(value: object, options: tuple[str, ...]) -> str:
    word = plain_text(value, 200)
    for option in options:
        # People and files write options as they like; they are kept as the definition has them.
        if word.casefold() == option.casefold():
            return option
    raise Refusal("not_an_option", f"Choose one of: {', '.join(options)}.")
