"""One shape for every error: RFC 9457 problem details, with all field errors at once."""

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one field, and what to do about it.

    `field` is the path in the request (`addresses[0].city`), `code` a stable lower_snake_case word, `message` a sentence.
    """

    field: str
    code: str
    message: str


class Problem(Exception):
    """Base of every failure that a caller is told about. One subclass per failure, in the `errors.py` of its feature."""

    slug: ClassVar[str] = "problem"
    status: ClassVar[int] = 400
    title: ClassVar[str] = "The request cannot be carried out"

    def __init__(self, detail: str, *, errors: list[FieldError] | None = None, extra: Mapping[str, Any] | None = None) -> None:
        """`detail` says what happened and what to do next; `extra` members are added to the problem document."""
        super().__init__(detail)
        self.detail = detail
        self.errors = errors or []
        self.extra = dict(extra or {})


class InvalidFields(Problem):
    """Some fields of the request break a rule."""

    slug = "invalid_fields"
    status = 422
    title = "Some fields are not valid"


class NotFound(Problem):
    """Nothing has this id, or the caller may not know that it exists."""

    slug = "not_found"
    status = 404
    title = "Not found"


class Forbidden(Problem):
    """The signed-in user or key lacks the right."""

    slug = "forbidden"
    status = 403
    title = "You may not do this"


class Unauthenticated(Problem):
    """Neither a valid session nor a valid key came with the request."""

    slug = "unauthenticated"
    status = 401
    title = "Sign in first"


class VersionMissing(Problem):
    """An edit came without the version that it is based on."""

    slug = "version_missing"
    status = 428
    title = "Say which version you edit"


class FieldErrors:
    """Collects field errors, so that a user sees all of them at once."""

    def __init__(self) -> None:
        self.items: list[FieldError] = []

    def add(self, field: str, code: str, message: str) -> None:
        """Note one error."""
        self.items.append(FieldError(field, code, message))

    def raise_if_any(self) -> None:
        """Raises InvalidFields (422) with everything noted so far."""
        if self.items:
            names = ", ".join(dict.fromkeys(item.field for item in self.items))
            raise InvalidFields(f"Correct these fields and send the request again: {names}.", errors=self.items)
