"""The description of the API (OpenAPI 3.1), at /api/v1/openapi.json."""

import importlib.metadata
from typing import Any

from litestar import Litestar, Response, Router, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, Reference, SecurityScheme

from ringdesk.features.people import SESSION_COOKIE
from ringdesk.web.validation import ApiRequest

_TEXT = {"type": "string"}
_FIELD_ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["field", "code", "message"],
    "properties": {
        "field": _TEXT | {"description": "The path in the request, such as addresses[0].city."},
        "code": _TEXT | {"description": "A stable word, such as required or too_long."},
        "message": _TEXT | {"description": "A sentence for a person."},
    },
}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Why a request was not carried out (RFC 9457). Some problems have more members, such as `current` after a stale edit.",
    "required": ["type", "title", "status", "detail", "errors", "request_id"],
    "properties": {
        "type": _TEXT | {"description": "urn:ringdesk:problem: and a stable word."},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT | {"description": "What happened, and what to do next."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        "request_id": _TEXT | {"description": "Quote it to the administrator: the log has it."},
    },
}
_REFUSED = {
    "description": "The request was not carried out.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def openapi_config() -> OpenAPIConfig:
    """How the framework describes our routes."""
    schemes: dict[str, SecurityScheme | Reference] = {
        "session": SecurityScheme(type="apiKey", name=SESSION_COOKIE, security_scheme_in="cookie", description="Set by POST /auth/login."),
        "key": SecurityScheme(type="http", scheme="bearer", description="An API key; its scopes are its rights."),
    }
    return OpenAPIConfig(
        title="Ringdesk",
        version=importlib.metadata.version("ringdesk"),
        description="Customers, their history and the calls of a contact centre.",
        components=Components(security_schemes=schemes),
        security=[{"session": []}, {"key": []}],
        use_handler_docstrings=True,
        # The document is served by `openapi_json`; this only keeps the framework's own copy out of the way.
        openapi_router=Router("/api/v1/schema", route_handlers=[], opt={"right": None}, include_in_schema=False),
    )


@get("/openapi.json", opt={"right": None}, include_in_schema=False, sync_to_thread=False)
def openapi_json(request: ApiRequest) -> Response[dict[str, Any]]:
    """The description of this API (OpenAPI 3.1)."""
    return Response(describe(request.app), headers={"cache-control": "no-cache"})


def describe(app: Litestar) -> dict[str, Any]:
    """The document, with our problems instead of the framework's errors; made once per application."""
    if "openapi" not in app.state:
        document = app.openapi_schema.to_schema()
        document["components"].setdefault("schemas", {}).update(Problem=_PROBLEM, FieldError=_FIELD_ERROR)
        for item in document["paths"].values():
            for operation in item.values():
                if isinstance(operation, dict) and "responses" in operation:
                    operation["responses"].pop("400", None)
                    operation["responses"]["default"] = _REFUSED
        app.state["openapi"] = document
    return app.state["openapi"]
