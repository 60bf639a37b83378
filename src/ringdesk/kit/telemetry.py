"""What the program says about itself: JSON logs with request ids and without secrets, and Prometheus metrics."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import msgspec
import structlog
from prometheus_client import Counter, Gauge, Histogram

from ringdesk.kit.ids import new_id

REQUESTS = Histogram(
    "ringdesk_request_seconds",
    "Time from a request's arrival to its last byte (streams: to its first byte).",
    ["method", "route", "status"],
    # The bars of the product are 5, 40 and 100 ms; the rest of the scale shows trouble.
    buckets=(0.002, 0.005, 0.01, 0.02, 0.04, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
EVENT_LAG = Histogram(
    "ringdesk_event_lag_seconds",
    "Time from an entry's place in the event log to its hand-over to the streams of this process.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5),
)
EVENTS = Counter("ringdesk_events_total", "Entries of the event log that this process heard.", ["type"])
STREAMS = Gauge("ringdesk_streams", "Event streams open in this process.")
UNHANDLED = Counter("ringdesk_telephony_unhandled_total", "Messages of telephone systems that nothing is made of.", ["source", "name"])
SET_ASIDE = Counter("ringdesk_telephony_facts_set_aside_total", "Facts that could never be stored; the log has them.", ["source"])
FACTS = Counter("ringdesk_telephony_facts_total", "Facts taken from telephone systems.", ["source", "kind"])

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_OF_THE_ROW = re.compile(r"^((?:DETAIL|CONTEXT):).*$", re.MULTILINE)
_SECRET = re.compile(r"password|secret|token|cookie|authorization|api_?key", re.IGNORECASE)


def choose_request_id(given: str | None) -> str:
    """The caller's request id if it is harmless (64 characters of A-Z a-z 0-9 . _ -), else a new one."""
    return given if given and _REQUEST_ID.fullmatch(given) else new_id().hex


def current_request_id() -> str | None:
    """The id of the request or job that is being served, if any."""
    value = structlog.contextvars.get_contextvars().get("request_id")
    return str(value) if value else None


def configure_logging(level: str = "INFO") -> None:
    """One JSON object a line on standard error, for our own loggers and for those of libraries.

    Raises ValueError for an unknown level.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        hide_secrets,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                hide_values,
                structlog.processors.JSONRenderer(serializer=_as_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("alembic", "procrastinate", "psycopg.pool", "uvicorn", "httpx"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


def hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: the values of members whose name sounds like a secret never reach the log."""
    for key in event:
        if _SECRET.search(key):
            event[key] = "(hidden)"
    return event


def hide_values(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: what PostgreSQL adds to an error about the row that it was at never reaches the log: it is customers' data."""
    if isinstance(stack := event.get("exception"), str):
        event["exception"] = _OF_THE_ROW.sub(r"\1 (hidden)", stack)
    return event


def _as_json(event: Any, **_options: Any) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()
