"""The outermost layer: request ids, access log, metrics and security headers, also for answers that no route gave."""

import time

import structlog
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from ringdesk.kit.telemetry import REQUESTS, choose_request_id

log = structlog.get_logger(__name__)

# Everything the desktop needs comes from its own origin. Its component library writes style elements and attributes
# (Mantine, AG Grid), which only 'unsafe-inline' for styles admits; scripts stay strict.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:;"
    " connect-src 'self'; media-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
SECURITY_HEADERS = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]


class Edge:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"), None)
        request_id = choose_request_id(given)
        begun = time.perf_counter()
        status = 500
        counted = False

        def count() -> None:
            nonlocal counted
            if counted:
                return
            counted = True
            seconds = time.perf_counter() - begun
            # The template of the path, so that ids in it don't make a new series each.
            route = str(scope.get("path_template") or "(none)") if status != 404 else "(none)"
            REQUESTS.labels(scope["method"], route, str(status)).observe(seconds)
            # Probes come every few seconds and say nothing when they succeed.
            say = log.debug if route in _PROBES and status == 200 else log.info
            say("request", method=scope["method"], path=scope["path"], route=route, status=status, ms=round(seconds * 1000, 1))

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", []), *SECURITY_HEADERS, (b"x-request-id", request_id.encode())]
                if not any(name.lower() == b"cache-control" for name, _ in headers):
                    # What the API answers is somebody's data: no cache keeps it.
                    headers.append((b"cache-control", b"no-store"))
                message["headers"] = headers
                if any(name.lower() == b"content-type" and value.startswith(b"text/event-stream") for name, value in headers):
                    count()
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_headers)
            finally:
                count()
