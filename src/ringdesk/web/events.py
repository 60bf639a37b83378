"""Live events for the desktop and for programs: server-sent events over the event log. docs/subsystems/event-log.md."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, QueryParameter
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from ringdesk.features.people import Actor, parts_topic
from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import Bus, LogEntry, Stream, entries_after, reaches_back_to
from ringdesk.kit.problems import FieldErrors, Forbidden, Problem
from ringdesk.kit.telemetry import EVENT_LAG, EVENTS, STREAMS

# Proxies and browsers give up on silence after 30 to 60 s.
PING_S = 15.0
# What is asked for by one stream: a desk follows its open customers by itself and asks for a handful.
MOST_TOPICS = 50
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    # nginx would hold back the lines until its buffer is full.
    (b"x-accel-buffering", b"no"),
]
# topic kind -> the right that hearing it needs, and whether it names a row
_TOPICS = {
    "customers": ("customers:read", False),
    "customer": ("customers:read", True),
    "interactions": ("interactions:read", False),
    "interaction": ("interactions:read", True),
    "requests": ("requests:read", False),
    "request": ("requests:read", True),
    "imports": ("customers:import", False),
    "recording_sources": ("recordings:define", False),
    "schema": ("customers:read", False),
    "wrap_up_codes": ("interactions:read", False),
    "teams": ("people:read", False),
    "accounts": ("people:write", False),
    "team": ("people:read", True),
}

# What a stream does not tell of, where the listener's team works without that part of the desktop.
_UNHEARD = {"journey": frozenset({"interaction.changed", "activity.changed", "activity.removed", "comment.added"})}

_KNOWN = ", ".join(f"{kind}:ID" if names_row else kind for kind, (_, names_row) in _TOPICS.items())


class PositionGone(Problem):
    """Entries after the asked position are no longer in the log."""

    slug = "position_gone"
    status = 410
    title = "Too far back"


class _CustomerRef(msgspec.Struct):
    id: UUID


class _Open(msgspec.Struct):
    customer: _CustomerRef


class _Opened(msgspec.Struct):
    open: _Open


class _OnDesk(msgspec.Struct):
    open: list[_Open]


def follow(entry: LogEntry, bus: Bus) -> None:
    """Called for every entry before it is told: who hears a customer follows what is open on the desk; ended sessions hear no more."""
    EVENTS.labels(entry.type).inc()
    EVENT_LAG.observe((datetime.now(UTC) - entry.at).total_seconds())
    if entry.type in {"session.ended", "desk.parts_changed"}:
        # A desk whose parts were switched comes back at once, as one that may hear what it may hear now.
        for topic in entry.topics:
            for stream in bus.listeners(topic):
                stream.close()
    elif entry.type == "desk.customers_changed":
        for topic in entry.topics:
            for stream in bus.listeners(topic):
                for one in msgspec.json.decode(entry.payload, type=_OnDesk).open:
                    bus.subscribe(stream, f"customer:{one.customer.id}")
    elif customer := _desk_customer(entry):
        for topic in entry.topics:
            for stream in bus.listeners(topic) if topic.startswith("desk:") else ():
                if entry.type == "desk.customer_opened":
                    bus.subscribe(stream, f"customer:{customer}")
                else:
                    bus.unsubscribe(stream, f"customer:{customer}")


def _desk_customer(entry: LogEntry) -> UUID | None:
    if entry.type == "desk.customer_opened":
        return msgspec.json.decode(entry.payload, type=_Opened).open.customer.id
    if entry.type == "desk.customer_closed":
        return msgspec.json.decode(entry.payload, type=_Open).customer.id
    return None


class EventStream(ASGIResponse):
    """The answer to one subscriber: what was missed, then what happens, until the client leaves or its session ends."""

    def __init__(self, *, db: Database, bus: Bus, actor: Actor, topics: set[str], after: int | None) -> None:
        super().__init__()
        self._db, self._bus, self._actor, self._after = db, bus, actor, after
        self._stream = Stream(set(topics))
        self._desk = f"desk:{actor.id}" if actor.id and "desk:use" in actor.rights else None
        self._stream.topics.add(f"session:{actor.session}" if actor.session else f"key:{actor.key_id}")
        self._stream.unheard = frozenset[str]().union(*(_UNHEARD.get(part, frozenset()) for part in actor.switched_off))
        if actor.team_id:
            self._stream.topics.add(parts_topic(actor.team_id))
        if self._desk:
            # What administrators define shows on every desk at once.
            self._stream.topics |= {self._desk, "schema", "wrap_up_codes", "teams"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the stream. Raises PositionGone before the first byte."""
        stream, bus = self._stream, self._bus
        # Nothing is queued yet, but from here on `follow` sees what this desk opens and closes.
        stream.position = _NEVER
        bus.add(stream)
        try:
            missed = await self._missed()
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await send({"type": "http.response.body", "body": b": ok\n\n" + missed, "more_body": True})
            del missed
            with STREAMS.track_inprogress():
                await _tell(stream, receive, send)
        finally:
            bus.remove(stream)

    async def _missed(self) -> bytes:
        """The entries after the asked position up to one from which on the stream hears everything live: none twice, none lost."""
        stream, bus = self._stream, self._bus
        async with self._db.transaction() as uow:
            if self._after is not None and not await reaches_back_to(uow, self._after):
                raise PositionGone("Load the snapshot again and continue from its position.")
            # What it opens from here on, `follow` adds.
            opened = await open_customers(uow, self._actor.id) if self._desk and self._actor.id else []
            for customer in opened:
                bus.subscribe(stream, f"customer:{customer}")
            begin = max(bus.position, self._after or 0)
            stream.position = begin
            if self._after is None or begin == self._after:
                return b""
            entries = await entries_after(uow, self._after, stream.topics, until=begin)
        return b"".join(entry.line() for entry in entries if entry.type not in stream.unheard)


# Greater than any position: a stream at it takes nothing.
_NEVER = 2**63


async def open_customers(uow: Any, user_id: UUID) -> list[UUID]:
    """The customers that are open on this user's desk."""
    return await uow.values("select customer_id from desk_customer where user_id = %s and closed_at is null", [user_id])


async def _tell(stream: Stream, receive: Receive, send: Send) -> None:
    """Send what the stream gets, in as few writes as there are moments, until it is closed."""
    watcher = asyncio.create_task(_watch(stream, receive))
    try:
        while True:
            try:
                async with asyncio.timeout(PING_S):
                    line = await stream.queue.get()
            except TimeoutError:
                await send({"type": "http.response.body", "body": b": ping\n\n", "more_body": True})
                continue
            lines: list[bytes] = []
            while line is not None:
                lines.append(line)
                if stream.queue.empty():
                    break
                line = stream.queue.get_nowait()
            if lines:
                await send({"type": "http.response.body", "body": b"".join(lines), "more_body": line is not None})
            if line is None:
                if not lines:
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
    finally:
        watcher.cancel()


async def _watch(stream: Stream, receive: Receive) -> None:
    """Ends the stream when its client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.close()


class StreamAnswer(Response[None]):
    """Carries an EventStream through the framework."""

    def __init__(self, stream: EventStream) -> None:
        super().__init__(None, media_type="text/event-stream")
        self._event_stream = stream

    def to_asgi_response(self, *_arguments: Any, **_options: Any) -> ASGIResponse:
        """The stream itself."""
        return self._event_stream


class EventsController(Controller):
    """The live event stream."""

    tags = ("events",)

    @get("/events", opt={"right": "events:read"}, media_type="text/event-stream")
    async def events(
        self,
        request: Request[Actor, Any, Any],
        db: NamedDependency[Database],
        bus: NamedDependency[Bus],
        after: Annotated[int | None, QueryParameter(ge=0, le=2**62)] = None,
        topics: Annotated[str, QueryParameter(max_length=4000)] = "",
        last_event_id: Annotated[str | None, HeaderParameter(name="Last-Event-ID")] = None,
    ) -> StreamAnswer:
        """Server-sent events from the position `after` (or the header Last-Event-ID, which browsers send on their own) on.

        Lines: `id: POS`, `event: TYPE`, `data: {"pos", "type", "at", "payload"}`. Without a position it starts with what happens
        next. 410 when the position is no longer in the log: load the snapshot again. A person always hears their own desk, the
        customers open on it, and what administrators define; `topics` (comma separated) adds
        `customers`, `customer:ID`, `interactions`, `interaction:ID`, `requests`, `request:ID`,
        `team:ID`, `imports`, `schema`, `wrap_up_codes`, `teams`, `accounts`.
        """
        actor = request.user
        # A browser that reconnects repeats the address with its first `after`, and says where it is in the header.
        if last_event_id and last_event_id.isdecimal() and len(last_event_id) <= 18:
            after = int(last_event_id)
        return StreamAnswer(EventStream(db=db, bus=bus, actor=actor, topics=_checked(topics, actor), after=after))


def _checked(topics: str, actor: Actor) -> set[str]:
    """The asked topics. Raises InvalidFields for one that does not exist, Forbidden for one that this actor may not hear."""
    asked = {topic.strip() for topic in topics.split(",") if topic.strip()}
    errors = FieldErrors()
    if len(asked) > MOST_TOPICS:
        errors.add("topics", "too_many", f"Ask for at most {MOST_TOPICS} topics.")
    checked: set[str] = set()
    for topic in asked:
        kind, colon, row = topic.partition(":")
        right, names_row = _TOPICS.get(kind, ("", False))
        if kind == "desk" and topic == f"desk:{actor.id}":
            continue
        if not right or names_row != bool(colon):
            errors.add(
                "topics",
                "invalid_choice",
                f"There is no topic {topic[:60]!r}; there are {_KNOWN}.",
            )
            continue
        try:
            checked.add(f"{kind}:{UUID(row)}" if names_row else kind)
        except ValueError:
            errors.add("topics", "invalid_format", f"{row[:60]!r} is no id.")
            continue
        if right not in actor.rights or (kind == "team" and not _may_hear_team(actor, row)):
            raise Forbidden(f"The topic {topic} needs the right {right}.")
    errors.raise_if_any()
    return checked


def _may_hear_team(actor: Actor, team: str) -> bool:
    return UUID(team) == actor.team_id or bool(actor.roles & {"supervisor", "administrator"})
