"""Asterisk as a telephone system behind `features.telephony.port`: keeps a link up and emits what it says as facts.

On every connect it waits for FullyBooted, then asks what runs (CoreShowChannels, Status, QueueStatus) while events already
flow, and says what it found: facts on what was missed, then `Resynced`. Facts are handed over in order; when `emit`
raises they are handed over again until it takes them, because the fold does not mind repetition and would mind a loss.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NoReturn

import msgspec
import structlog

from ringdesk.connectors.asterisk.ami import QUEUE_SIZE, ActionRefused, AmiError, AmiLink, AmiOptions, LoginRefused, Received
from ringdesk.connectors.asterisk.devices import DeviceRules
from ringdesk.connectors.asterisk.messages import Message
from ringdesk.connectors.asterisk.translate import Translator
from ringdesk.connectors.asterisk.words import SKIPPED
from ringdesk.features.telephony.facts import Fact, LinkLost, LinkRestored, Resynced
from ringdesk.features.telephony.port import ConnectorStatus, Emit, LinkState, Unhandled
from ringdesk.kit.clock import now

log = structlog.get_logger(__name__)

# What an AMI user is asked to hear: `system` brings FullyBooted, `call` and `agent` the calls, `user` what a dialplan says
# by itself. Left out are the chatty classes (dialplan, reporting, security, dtmf, cdr, log, verbose).
EVENT_CLASSES = "system,call,agent,user"
# The most frequent events of those classes that say nothing here; Asterisk then does not even send them.
_FILTERED = ("CEL", "DeviceStateChange", "QueueMemberStatus", "NewConnectedLine", "BridgeEnter", "BridgeLeave")
# A large PBX takes a minute to load its dialplan.
BOOT_TIMEOUT = 60.0
# First retry soon, then double up to half a minute, by chance in the upper half, so that many do not come at once.
FIRST_RETRY, LONGEST_RETRY = 0.5, 30.0
# A wrong password does not get right by itself, and PBXs ban addresses that keep trying.
REFUSED_RETRY = 60.0
# While facts cannot be stored.
EMIT_RETRY, LONGEST_EMIT_RETRY = 0.2, 5.0
# FullyBooted gives whole seconds of uptime.
_UPTIME_SLACK = timedelta(seconds=5)


def retry_delay(failures: int, chance: float) -> float:
    """Seconds before the next try after `failures` (from 1) in a row; `chance` in 0..1 spreads it over the upper half."""
    longest = min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(failures - 1, 10))
    return longest * (0.5 + chance / 2)


class AsteriskConnector:
    """One Asterisk. `on_unhandled` gets what is neither used nor known to be of no use; it must not block."""

    def __init__(
        self,
        source: str,
        options: AmiOptions,
        *,
        devices: DeviceRules | None = None,
        on_unhandled: Callable[[Unhandled], None] | None = None,
        queue_size: int = QUEUE_SIZE,
    ) -> None:
        self._source = source
        self._options = options
        self._on_unhandled = on_unhandled
        self._queue_size = queue_size
        self._translator = Translator(source, devices, self._unhandled)
        self._status = ConnectorStatus(state="stopped", since=now(), remote=f"{options.host}:{options.port}")
        self._runner: asyncio.Task[NoReturn] | None = None
        self._stopped = False
        self._failures = 0
        self._booted_at: datetime | None = None

    @property
    def source(self) -> str:
        """The key of the connection; every fact carries it."""
        return self._source

    def status(self) -> ConnectorStatus:
        """The state now; cheap, never blocks."""
        return self._status

    async def run(self, emit: Emit) -> None:
        """Keep the link up and emit facts until `stop` or cancellation. Raises RuntimeError if it already runs."""
        if self._runner:
            raise RuntimeError(f"the connection {self._source} already runs")
        if self._stopped:
            return
        self._runner = asyncio.create_task(self._keep_up(emit), name=f"asterisk-{self._source}")
        try:
            await asyncio.wait([self._runner])
        finally:
            self._runner.cancel()
            await asyncio.wait([self._runner])
            self._set("stopped", "")
            runner, self._runner = self._runner, None
        if runner and not runner.cancelled():
            runner.result()

    async def stop(self) -> None:
        """End `run`; returns when the link is closed. Calling it twice, or before `run`, does no harm."""
        self._stopped = True
        if self._runner:
            self._runner.cancel()
            await asyncio.wait([self._runner])

    async def _keep_up(self, emit: Emit) -> NoReturn:
        while True:
            try:
                self._set("connecting", self._status.detail)
                await self._session(emit)
            except LoginRefused as trouble:
                self._set("refused", f"{trouble}. Check user, password, permitted addresses and rights in manager.conf.")
                delay = REFUSED_RETRY
            except (AmiError, OSError, TimeoutError) as trouble:
                self._failures += 1
                self._set("retrying", str(trouble) or f"no answer from {self._status.remote} in time")
                delay = retry_delay(self._failures, random.random())  # noqa: S311 - it spreads load and keeps no secret.
            log.warning("telephony.link_down", source=self._source, state=self._status.state, detail=self._status.detail, retry_s=delay)
            await asyncio.sleep(delay)

    async def _session(self, emit: Emit) -> NoReturn:
        """One link from connect to its end, which is always an exception."""
        link = await AmiLink.open(self._options, skip=SKIPPED, queue_size=self._queue_size)
        heard = False
        try:
            await link.login(self._options, events=EVENT_CLASSES)
            booted = await self._booted(link)
            await self._emit(emit, [LinkRestored(source=self._source, at=self._translator.clock(now()))])
            heard = True
            await self._listen(link, booted, emit)
        except (AmiError, TimeoutError) as trouble:
            # The link may break while we still ask what runs: what came by then is not to be missed.
            await self._emit(emit, self._facts(link.waiting()))
            if heard:
                await self._emit(emit, [LinkLost(source=self._source, at=self._translator.clock(now()), reason=str(trouble))])
            raise
        finally:
            await link.close()

    async def _booted(self, link: AmiLink) -> Message:
        try:
            return await link.booted(BOOT_TIMEOUT)
        except TimeoutError as late:
            raise AmiError(
                f"FullyBooted did not come within {BOOT_TIMEOUT:.0f} s: Asterisk is still starting, or the user lacks `read = system`"
            ) from late

    def _facts(self, received: Sequence[Received]) -> list[Fact]:
        return [fact for item in received for fact in self._translator.translate(item.message, item.at)]

    async def _listen(self, link: AmiLink, booted: Message, emit: Emit) -> NoReturn:
        pong = await link.action("Ping")
        self._translator.set_clock(pong, now())
        for name in _FILTERED:
            with contextlib.suppress(ActionRefused):  # Without the right to filter there is just more to read.
                await link.action("Filter", [("Operation", "Add"), ("Filter", f"!Event: {name}")])
        facts = await self._resync(link, booted)
        await self._emit(emit, facts)
        self._failures = 0
        self._set("connected", self._status.detail if self._status.state == "connected" else "")
        while True:
            await self._emit(emit, self._facts(await link.batch()))

    async def _resync(self, link: AmiLink, booted: Message) -> list[Fact]:
        asked = now()
        refused: list[str] = []

        async def listing(action: str) -> list[Message] | None:
            try:
                return await link.listing(action)
            except ActionRefused as refusal:
                refused.append(str(refusal))
                return None

        channels, status, queues = [await listing(action) for action in ("CoreShowChannels", "Status", "QueueStatus")]
        # What came before the lists goes before them.
        facts = self._facts(link.waiting())
        for member in queues or []:
            if member.name == "QueueMember":
                self._translator.translate(member, asked)
        if channels is None and status is None:
            self._set("connected", f"calls in progress cannot be listed ({'; '.join(refused)}): calls that end during an outage stay open")
            return facts
        asked_at = self._translator.clock(asked)
        missed, live = self._translator.resync(channels or [], status or [], asked_at=asked_at)
        restarted = self._restarted(booted)
        return [
            *facts,
            *missed,
            Resynced(source=self._source, at=asked_at, live=tuple(live), restarted=restarted, booted_at=self._booted_at),
        ]

    def _restarted(self, booted: Message) -> bool:
        """Whether Asterisk was started anew since it was last heard: the time of its start moved."""
        uptime = booted.get("Uptime")
        if not uptime.isdigit():
            return False
        before, self._booted_at = self._booted_at, self._translator.clock(now()) - timedelta(seconds=int(uptime))
        return before is not None and self._booted_at - before > _UPTIME_SLACK

    async def _emit(self, emit: Emit, facts: Sequence[Fact]) -> None:
        delay = EMIT_RETRY
        while facts:
            try:
                await emit(facts)
            except Exception as trouble:
                # Whatever it was, these facts are not stored, and losing them is worse than repeating them.
                log.exception("telephony.emit_failed", source=self._source, facts=len(facts))
                self._set(self._status.state, f"facts cannot be stored and are kept for another try: {trouble}")
                await asyncio.sleep(delay)
                delay = min(LONGEST_EMIT_RETRY, delay * 2)
                continue
            if delay > EMIT_RETRY:
                self._set(self._status.state, "")
            self._status = msgspec.structs.replace(self._status, facts=self._status.facts + len(facts))
            return

    def _unhandled(self, message: Message, at: datetime) -> None:
        self._status = msgspec.structs.replace(self._status, unhandled=self._status.unhandled + 1)
        if self._on_unhandled:
            self._on_unhandled(Unhandled(source=self._source, at=at, name=message.name, fields=message.fields()))

    def _set(self, state: LinkState, detail: str) -> None:
        changed = state != self._status.state
        reconnects = self._status.reconnects + (changed and state in ("retrying", "refused"))
        since = now() if changed else self._status.since
        self._status = msgspec.structs.replace(self._status, state=state, detail=detail, since=since, reconnects=reconnects)
