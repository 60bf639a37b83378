"""Every failure as one RFC 9457 problem document. docs/recipes/problem.md."""

from collections.abc import Callable
from typing import Any

import psycopg
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from psycopg_pool import PoolTimeout

from ringdesk.kit.problems import FieldError, FieldErrors, InvalidFields, NotFound, Problem
from ringdesk.kit.telemetry import current_request_id
from ringdesk.web.validation import BODY, collect, say

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
# A restart of the database takes a second or two; earlier retries only add to its work.
RETRY_AFTER_S = 2

_SLUGS = {
    400: ("bad_request", "The request cannot be read"),
    401: ("unauthenticated", "Sign in first"),
    403: ("forbidden", "You may not do this"),
    404: ("not_found", "Not found"),
    405: ("method_not_allowed", "This address does not know that method"),
    413: ("too_large", "The request is too large"),
    415: ("unsupported_media_type", "This kind of content is not understood"),
    429: ("too_many_requests", "Too many requests"),
}
# What a value that passed our checks can still be refused for by PostgreSQL: a NUL in a text, a number or time out of range.
_UNSTORABLE = ("22021", "22P05", "22003", "22008", "22007")


def document(
    status: int, slug: str, title: str, detail: str, *, errors: list[FieldError] | None = None, extra: dict[str, Any] | None = None
) -> Response[Any]:
    """The answer to a request that failed; `extra` members are added to the document."""
    members = dict(extra or {})
    headers = {"cache-control": "no-store"}
    if retry_after := members.pop("retry_after", None):
        headers["retry-after"] = str(retry_after)
    content = {
        "type": f"urn:ringdesk:problem:{slug}",
        "title": title,
        "status": status,
        "detail": detail,
        "errors": errors or [],
        "request_id": current_request_id(),
        **members,
    }
    return Response(content, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def on_problem(_request: Request[Any, Any, Any], problem: Problem) -> Response[Any]:
    """One of our own failures."""
    return document(problem.status, problem.slug, problem.title, problem.detail, errors=problem.errors, extra=problem.extra)


def _on_the_wire(request: Request[Any, Any, Any], argument: str) -> str:
    """What callers call an argument of the handler."""
    parameter = request.route_handler.parsed_fn_signature.parameters.get(argument)
    return getattr(parameter.kwarg_definition, "name", None) or argument if parameter else argument


def on_invalid(request: Request[Any, Any, Any], problem: ValidationException) -> Response[Any]:
    """A request whose parameters or body have the wrong shape: every field that is wrong, with its path."""
    errors = FieldErrors()
    extra: list[dict[str, Any]] = problem.extra if isinstance(problem.extra, list) else []
    for item in extra:
        key = str(item.get("key", ""))
        if item.get("source") != "body" and key != "data":
            name = _on_the_wire(request, key.removeprefix("path.").removeprefix("query."))
            errors.add(name, *(say(str(item.get("message", ""))) if name else ("invalid", problem.detail)))
    field = request.route_handler.parsed_fn_signature.parameters.get("data")
    state = request.scope.get("state", {})
    if field is not None and BODY in state:
        collect(state[BODY], field.annotation, "", errors)
    elif field is not None and any(item.get("key") == "data" for item in extra):
        return document(
            400, "bad_request", "The request cannot be read", "Send a body with this request; the API's description says which."
        )
    if not errors.items:
        for item in extra:
            errors.add(str(item.get("key", "")), *say(str(item.get("message", ""))))
    if not errors.items:
        return document(400, "bad_request", "The request cannot be read", problem.detail)
    names = ", ".join(dict.fromkeys(item.field or "the whole body" for item in errors.items))
    return document(
        InvalidFields.status,
        InvalidFields.slug,
        InvalidFields.title,
        f"Correct these fields and send the request again: {names}.",
        errors=errors.items,
    )


def on_http_error(request: Request[Any, Any, Any], problem: HTTPException) -> Response[Any]:
    """An error of the framework: no such address, wrong method, unreadable body."""
    if problem.status_code == 404:
        return document(404, NotFound.slug, NotFound.title, f"There is nothing at {request.scope['path']}.")
    if "disconnected prematurely" in problem.detail:
        # Nobody is there to read this, and nothing was done: no error of ours.
        log.debug("client_gone")
        return document(400, "bad_request", "The request cannot be read", "The request ended in the middle.")
    if problem.status_code >= 500:
        return on_unexpected(request, problem)
    slug, title = _SLUGS.get(problem.status_code, ("bad_request", "The request cannot be carried out"))
    answer = document(problem.status_code, slug, title, problem.detail)
    for name, value in (problem.headers or {}).items():
        answer.set_header(name.lower(), value)
    return answer


def on_database_away(_request: Request[Any, Any, Any], problem: Exception) -> Response[Any]:
    """The database can't be reached: nothing was changed, the caller may try again."""
    log.error("database_away", error=str(problem))
    detail = "The database does not answer. Nothing was changed; the same request can be sent again in a moment."
    return document(503, "database_away", "Not available for a moment", detail, extra={"retry_after": RETRY_AFTER_S})


def on_data_error(request: Request[Any, Any, Any], problem: psycopg.DataError) -> Response[Any]:
    """A value that the database can't hold is the caller's mistake; any other data error is ours."""
    if problem.sqlstate in _UNSTORABLE or "NUL (0x00)" in str(problem):
        log.info("unstorable_value", error=str(problem))
        detail = "A value cannot be stored: a text contains the character NUL, or a number or time is out of range."
        given = [*request.query_params.multi_items(), *request.path_params.items()]
        errors = [FieldError(name, "control_characters", "Remove the NUL character.") for name, value in given if "\0" in str(value)]
        return document(422, "unstorable_value", "A value cannot be stored", detail, errors=errors)
    return on_unexpected(request, problem)


def on_gone_meanwhile(_request: Request[Any, Any, Any], problem: psycopg.errors.ForeignKeyViolation) -> Response[Any]:
    """What the request names was removed, or became part of another card, between our look at it and the commit."""
    log.warning("gone_meanwhile", error=str(problem))
    detail = "Something that the request names was removed or merged at the same moment. Nothing was changed: send it again."
    return document(409, "gone_meanwhile", "It changed at the same moment", detail)


def on_undecodable(_request: Request[Any, Any, Any], problem: UnicodeDecodeError) -> Response[Any]:
    """Bytes of the request that are no UTF-8 where text is expected, such as a text part of a form."""
    log.info("undecodable_request", error=str(problem))
    return document(400, "bad_request", "The request cannot be read", "Send text in UTF-8.")


def on_unexpected(_request: Request[Any, Any, Any], problem: Exception) -> Response[Any]:
    """A defect of ours: the log has everything, the caller gets the request id to quote."""
    log.error("request_failed", exc_info=problem)
    return document(500, "unexpected", "Something went wrong on our side", "Nothing was changed. Tell your administrator the request id.")


HANDLERS: dict[int | type[Exception], Callable[[Request[Any, Any, Any], Any], Response[Any]]] = {
    Problem: on_problem,
    ValidationException: on_invalid,
    HTTPException: on_http_error,
    psycopg.OperationalError: on_database_away,
    PoolTimeout: on_database_away,
    psycopg.DataError: on_data_error,
    psycopg.errors.ForeignKeyViolation: on_gone_meanwhile,
    UnicodeDecodeError: on_undecodable,
    Exception: on_unexpected,
}
