"""All field errors of a request body at once: msgspec stops at the first, so a refused body is walked again here."""

import re
import types
import typing
from typing import Annotated, Any, Union

import msgspec
from litestar import Request
from litestar.exceptions import ClientException

from ringdesk.kit.problems import FieldErrors

BODY = "ringdesk_body"

_NAMES = {"str": "text", "int": "a whole number", "float": "a number", "bool": "true or false", "array": "a list", "object": "an object"}

# What msgspec says, as the stable words of our wire (docs/recipes/problem.md) and a sentence for people; the first that matches counts.
_SAYINGS = (
    (re.compile(r"^Expected .* of length >= 1$"), "required", "This is needed."),
    (re.compile(r"^Expected `array` of length >= (\S+)"), "too_short", "At least {0} are needed."),
    (re.compile(r"^Expected .* of length >= (\S+)"), "too_short", "At least {0} characters are needed."),
    (re.compile(r"^Expected `array` of length <= (\S+)"), "too_long", "At most {0} can be given."),
    (re.compile(r"^Expected .* of length <= (\S+)"), "too_long", "At most {0} characters fit. Shorten it."),
    (re.compile(r"^Expected .* >=? (\S+)"), "too_small", "The smallest value is {0}."),
    (re.compile(r"^Expected .* <=? (\S+)"), "too_large", "The greatest value is {0}."),
    (re.compile(r"matching regex '(.*)'"), "invalid_format", "Write it in the form {0}."),
    (re.compile(r"^Invalid enum value (.*)"), "invalid_choice", "{0} is none of the choices."),
    (re.compile(r"^Object missing required field"), "required", "This field is needed."),
    (re.compile(r"^Object contains unknown field"), "unknown_field", "There is no such field."),
    (re.compile(r"^Expected `(\w+)[^`]*`, got"), "wrong_type", "Give {0}."),
    (re.compile(r"^Invalid RFC3339"), "invalid_format", "Write a moment as 2026-11-22T10:30:00Z."),
    (re.compile(r"^Invalid (.*)"), "invalid_format", "This is no {0}."),
)


class ApiRequest(Request[Any, Any, Any]):
    """A request that remembers its parsed body, so that a refusal can name every field."""

    async def json(self) -> Any:
        """The parsed body. Errors: litestar SerializationException for what is no JSON."""
        try:
            value = await super().json()
        except (UnicodeDecodeError, RecursionError) as problem:
            raise ClientException("The body is no JSON that can be read: send UTF-8, and nest it less deeply.") from problem
        if b"\\u0000" in await self.body():
            errors = FieldErrors()
            _refuse_nul(value, "", errors)
            errors.raise_if_any()
        self.scope.setdefault("state", {})[BODY] = value
        return value


def collect(value: Any, kind: Any, path: str, errors: FieldErrors) -> None:
    """Note every way in which `value` (parsed JSON) is not a `kind`; `path` names the value (`addresses[0].city`)."""
    kind = _without_none(kind, value)
    if kind is None:
        return
    origin = typing.get_origin(kind) or kind
    arguments = typing.get_args(kind)
    if origin is Annotated:
        collect(value, arguments[0], path, errors) if _is_nested(arguments[0]) else None
        _check_whole(value, kind, path, errors, nested=_is_nested(arguments[0]))
    elif isinstance(origin, type) and issubclass(origin, msgspec.Struct):
        _collect_struct(value, kind, origin, path, errors)
    elif origin in (list, tuple, set, frozenset) and arguments and isinstance(value, list):
        for index, item in enumerate(typing.cast("list[Any]", value)):
            collect(item, arguments[0], f"{path}[{index}]", errors)
    elif origin is dict and len(arguments) == 2 and isinstance(value, dict):
        for key, item in typing.cast("dict[str, Any]", value).items():
            collect(item, arguments[1], f"{path}.{key}" if path else key, errors)
    else:
        _check_whole(value, kind, path, errors, nested=False)


def _refuse_nul(value: Any, path: str, errors: FieldErrors) -> None:
    """Note every text with the character NUL, which no database keeps."""
    if isinstance(value, str) and "\0" in value:
        errors.add(path, "control_characters", "Remove the NUL character.")
    elif isinstance(value, dict):
        for key, item in typing.cast("dict[str, Any]", value).items():
            _refuse_nul(item, f"{path}.{key}" if path else key, errors)
    elif isinstance(value, list):
        for index, item in enumerate(typing.cast("list[Any]", value)):
            _refuse_nul(item, f"{path}[{index}]", errors)


def say(message: str) -> tuple[str, str]:
    """The code and the sentence for what msgspec says of one value."""
    text = message.split(" - at ")[0]
    for pattern, code, sentence in _SAYINGS:
        if found := pattern.search(text):
            return code, sentence.format(*(_NAMES.get(part, part) for part in found.groups()))
    return "invalid", text.replace("`", "").rstrip(".") + "."


def _collect_struct(value: Any, kind: Any, cls: type[msgspec.Struct], path: str, errors: FieldErrors) -> None:
    if not isinstance(value, dict):
        errors.add(path, "wrong_type", "Expected an object.")
        return
    body = typing.cast("dict[str, Any]", value)
    known = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name, field in known.items():
        place = f"{path}.{name}" if path else name
        if name in body:
            collect(body[name], field.type, place, errors)
        elif field.required:
            errors.add(place, "required", "This field is needed.")
    if cls.__struct_config__.forbid_unknown_fields:
        for name in body.keys() - known.keys():
            errors.add(f"{path}.{name}" if path else name, "unknown_field", "There is no such field.")


def _check_whole(value: Any, kind: Any, path: str, errors: FieldErrors, *, nested: bool) -> None:
    try:
        msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as problem:
        # Of a nested value only what concerns the whole is said here (its length, say); its parts were walked one by one.
        if nested and " - at " in str(problem):
            return
        code, sentence = say(str(problem))
        # Whoever asks for a form that a pattern describes says it in words, too.
        words = next((meta.description for meta in getattr(kind, "__metadata__", ()) if meta.pattern and meta.description), None)
        errors.add(path, code, words if code == "invalid_format" and words else sentence)


def _without_none(kind: Any, value: Any) -> Any:
    """The one type of a union that the value is checked against; None when the value is a permitted null."""
    if typing.get_origin(kind) not in (Union, types.UnionType):
        return kind
    options = [option for option in typing.get_args(kind) if option not in (type(None), msgspec.UnsetType)]
    if value is None and type(None) in typing.get_args(kind):
        return None
    return options[0] if len(options) == 1 else kind


def _is_nested(kind: Any) -> bool:
    origin = typing.get_origin(kind) or kind
    return origin in (list, tuple, set, frozenset, dict) or (isinstance(origin, type) and issubclass(origin, msgspec.Struct))
