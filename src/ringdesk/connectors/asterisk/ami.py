"""One link to an Asterisk Manager Interface, from connect to its end. It never reconnects: `adapter` opens the next one.

A task of its own reads: it parses, hands answers to whoever waits for them and puts events into a bounded queue. It never
waits for business code, because Asterisk cuts off a reader that stalls for some seconds and drops its events. When the
queue is full the link is broken on purpose: what was queued is still worked off, and the resync that follows every
connect finds what was missed. Dropping single events silently would leave calls half told for ever.

An action is sent once. If the link breaks before its answer, it fails with `LinkBroken` and is never sent again: whether
Asterisk acted on it is unknown, and a second Originate would ring a second telephone.
"""

import asyncio
import contextlib
import hashlib
import itertools
import ssl
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ringdesk.connectors.asterisk.messages import Message, MessageParser, ProtocolError, encode_action
from ringdesk.kit.clock import now

# Asterisk answers within milliseconds; ten seconds is a machine in trouble, and the link is of no use then.
ANSWER_TIMEOUT = 10.0
# A connection over a slow network, TLS included.
CONNECT_TIMEOUT = 10.0
# A silent link is tried with a Ping: routers forget idle connections after some minutes, and a dead PBX sends nothing.
QUIET_BEFORE_PING = 15.0
# At the highest rate measured (7,200 messages a second, most of them skipped unread) some seconds of a stalled consumer,
# at about 1.5 kB a message some 30 MB.
QUEUE_SIZE = 20_000
# One list of everything that runs: far above what one Asterisk carries.
MAX_LIST = 50_000
# How much is handed over at once.
BATCH_SIZE = 500


class AmiError(Exception):
    """Something is wrong with the link; the text says what, and never holds the secret."""


class LinkBroken(AmiError):
    """The link ended. An action that was under way may or may not have been carried out; it is not sent again."""


class LoginRefused(AmiError):
    """Asterisk was reached but does not let us in: the user, the password or its rights have to be changed."""


class ActionRefused(AmiError):
    """Asterisk answered `Response: Error`."""

    def __init__(self, action: str, message: str) -> None:
        super().__init__(f"{action}: {message}")
        self.message = message


@dataclass(frozen=True, kw_only=True)
class AmiOptions:
    """Where and how to connect. `auth="md5"` sends the secret hashed with a challenge; without TLS prefer it.

    `ca_file` names the authority of a self-signed certificate; `verify=False` accepts any certificate.
    """

    host: str
    port: int = 5038
    username: str
    secret: str = field(repr=False)
    auth: Literal["plain", "md5"] = "plain"
    tls: bool = False
    ca_file: str | None = None
    verify: bool = True


@dataclass(frozen=True)
class Received:
    """An event with the local time at which it was read (UTC)."""

    message: Message
    at: datetime


@dataclass
class _Pending:
    action: str
    answer: asyncio.Future[list[Message]]
    listing: bool
    items: list[Message] = field(default_factory=list[Message])


def _tls(options: AmiOptions) -> ssl.SSLContext | None:
    if not options.tls:
        return None
    context = ssl.create_default_context(cafile=options.ca_file)
    if not options.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class AmiLink:
    """One link. Use `AmiLink.open`, then `login`; read with `batch` until it raises `LinkBroken`; always `close`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, skip: Collection[str], queue_size: int) -> None:
        self._reader = reader
        self._writer = writer
        self._parser = MessageParser(skip)
        self._queue: deque[Received] = deque()
        self._queue_size = queue_size
        self._arrived = asyncio.Event()
        self._greeting: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._booted: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._pending: dict[str, _Pending] = {}
        self._ids = itertools.count(1)
        self._broken: LinkBroken | None = None
        self._heard = asyncio.get_running_loop().time()
        self._tasks = [asyncio.create_task(self._read(), name="ami-reader"), asyncio.create_task(self._keep_alive(), name="ami-ping")]

    @classmethod
    async def open(cls, options: AmiOptions, *, skip: Collection[str] = (), queue_size: int = QUEUE_SIZE) -> "AmiLink":
        """Connect and read the greeting. Raises AmiError, OSError (also for TLS) or TimeoutError."""
        async with asyncio.timeout(CONNECT_TIMEOUT):
            reader, writer = await asyncio.open_connection(options.host, options.port, ssl=_tls(options))
        link = cls(reader, writer, skip, queue_size)
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await asyncio.shield(link._greeting)
        except BaseException:
            await link.close()
            raise
        return link

    async def login(self, options: AmiOptions, *, events: str) -> None:
        """Sign in and ask for the event classes of `events` (comma separated). Raises LoginRefused or LinkBroken."""
        credentials = [("Username", options.username), ("Secret", options.secret)]
        try:
            if options.auth == "md5":
                challenge = (await self.action("Challenge", [("AuthType", "MD5")])).get("Challenge")
                key = hashlib.md5((challenge + options.secret).encode(), usedforsecurity=False).hexdigest()
                credentials = [("Username", options.username), ("AuthType", "MD5"), ("Key", key)]
            await self.action("Login", [*credentials, ("Events", events)])
        except ActionRefused as refused:
            raise LoginRefused(f"Asterisk refuses the sign-in of {options.username!r}: {refused.message}") from refused

    async def booted(self, timeout: float) -> Message:
        """The event FullyBooted: only then are the dialplan and the channels there. Raises TimeoutError or LinkBroken."""
        async with asyncio.timeout(timeout):
            return await asyncio.shield(self._booted)

    async def action(self, name: str, fields: Sequence[tuple[str, str]] = ()) -> Message:
        """Send an action once and return its answer. Raises ActionRefused, LinkBroken or TimeoutError."""
        return (await self._ask(name, fields, listing=False))[0]

    async def listing(self, name: str, fields: Sequence[tuple[str, str]] = ()) -> list[Message]:
        """The items of an action that answers with a list. Some lists refuse when they are empty: that is an empty list."""
        try:
            return await self._ask(name, fields, listing=True)
        except ActionRefused as refused:
            if refused.message.lower().startswith(("no active", "no channels", "no queues", "there are no")):
                return []
            raise

    async def batch(self) -> list[Received]:
        """What came since the last call, at least one event. Raises LinkBroken once all that came was handed over."""
        while not self._queue:
            if self._broken:
                raise self._broken
            self._arrived.clear()
            await self._arrived.wait()
        return [self._queue.popleft() for _ in range(min(len(self._queue), BATCH_SIZE))]

    def waiting(self) -> list[Received]:
        """What came since the last call, without waiting for more."""
        came = list(self._queue)
        self._queue.clear()
        return came

    def abort(self, reason: str) -> None:
        """End the link now, without waiting for anything. The first reason stands."""
        if self._broken:
            return
        self._broken = LinkBroken(reason)
        for pending in self._pending.values():
            if not pending.answer.done():
                pending.answer.set_exception(LinkBroken(f"{reason}; whether Asterisk carried out {pending.action} is unknown"))
        self._pending.clear()
        for waited in (self._greeting, self._booted):
            if not waited.done():
                waited.set_exception(self._broken)
                waited.exception()  # Nobody need be waiting.
        self._arrived.set()
        self._writer.transport.abort()

    async def close(self) -> None:
        """End the link and wait until it is gone."""
        self.abort("the link was closed")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    @property
    def oversized(self) -> int:
        """How many messages were dropped for their size."""
        return self._parser.oversized

    async def _ask(self, name: str, fields: Sequence[tuple[str, str]], *, listing: bool) -> list[Message]:
        if self._broken:
            raise self._broken
        action_id = f"ringdesk-{next(self._ids)}"
        data = encode_action(name, action_id, fields)
        pending = _Pending(name, asyncio.get_running_loop().create_future(), listing)
        self._pending[action_id] = pending
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT):
                self._writer.write(data)
                await self._writer.drain()
                return await pending.answer
        except (ConnectionError, TimeoutError) as trouble:
            if isinstance(trouble, ConnectionError):
                self.abort(f"the link broke: {trouble}")
                raise LinkBroken(f"the link broke: {trouble}; whether Asterisk carried out {name} is unknown") from trouble
            raise TimeoutError(f"Asterisk did not answer {name} within {ANSWER_TIMEOUT:.0f} s") from trouble
        finally:
            self._pending.pop(action_id, None)
            if pending.answer.done() and not pending.answer.cancelled():
                pending.answer.exception()

    async def _read(self) -> None:
        try:
            while data := await self._reader.read(65536):
                self._heard = asyncio.get_running_loop().time()
                at = now()
                for message in self._parser.feed(data):
                    self._sort(message, at)
                if self._broken:
                    return  # What is still on its way belongs behind the gap.
            self.abort("Asterisk closed the link")
        except (OSError, ProtocolError) as trouble:
            self.abort(f"the link broke: {trouble}")

    def _sort(self, message: Message, at: datetime) -> None:
        if message.kind == "greeting":
            if not self._greeting.done():
                self._greeting.set_result(message.name)
            return
        pending = self._pending.get(message.get("ActionID"))
        if pending and self._answers(pending, message):
            return
        if message.kind == "response":
            return  # The answer to an action that nobody waits for any more.
        if message.name == "FullyBooted" and not self._booted.done():
            self._booted.set_result(message)
        if len(self._queue) >= self._queue_size:
            self.abort(f"more than {self._queue_size} events are waiting to be worked off")
            return
        self._queue.append(Received(message, at))
        self._arrived.set()

    def _answers(self, pending: _Pending, message: Message) -> bool:
        """Whether `message` belongs to the answer of `pending`; an OriginateResponse bears the ActionID, yet is an event."""
        if pending.answer.done():
            return True
        if message.kind == "response":
            if message.name in ("Error", "Failure"):
                pending.answer.set_exception(ActionRefused(pending.action, message.get("Message") or "refused"))
            elif not pending.listing:
                pending.answer.set_result([message])
            return True
        if not pending.listing:
            return False
        if message.get("EventList").lower() in ("complete", "cancelled") or message.name == f"{pending.action}Complete":
            pending.answer.set_result(pending.items)
        elif len(pending.items) >= MAX_LIST:
            self.abort(f"Asterisk lists more than {MAX_LIST} items for {pending.action}")
        else:
            pending.items.append(message)
        return True

    async def _keep_alive(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            quiet = loop.time() - self._heard
            if quiet < QUIET_BEFORE_PING:
                await asyncio.sleep(QUIET_BEFORE_PING - quiet)
                continue
            try:
                await self.action("Ping")
            except TimeoutError:
                self.abort("Asterisk no longer answers")
            except ActionRefused:
                continue  # A refusal is a sign of life too.
            except AmiError:
                return
