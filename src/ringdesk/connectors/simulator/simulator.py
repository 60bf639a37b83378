"""Plays scripts at the telephones of whoever takes calls, and tells what a telephone system would tell."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, TypeAlias

from ringdesk.connectors.simulator.scripts import KNOWN, OPENING, SCRIPTS, Role, Script, Step
from ringdesk.features.telephony.facts import (
    CallEnded,
    CallFact,
    CallStarted,
    CallTransferred,
    Fact,
    LegEnded,
    LegRinging,
    LinkRestored,
    QueueEntered,
    Resynced,
)
from ringdesk.features.telephony.port import ConnectorStatus, Emit, LinkState
from ringdesk.kit import clock, ids

# How often it looks who is free, and how long an agent has been free before the next call comes.
LOOK_EVERY_S = 1.0
REST_S = (3.0, 8.0)
# Facts that could not be stored are handed over again after these times (seconds); the last one repeats.
RETRY_AFTER_S = (0.5, 1.0, 2.0, 5.0)


@dataclass(frozen=True)
class Caller:
    """Somebody who calls: the number as the network shows it, and the name if it shows one."""

    number: str
    name: str | None = None


@dataclass(frozen=True)
class Callers:
    """Who may call: `known` numbers lead to one customer, `shared` ones to several, `unknown` ones to none."""

    known: Sequence[Caller]
    unknown: Sequence[Caller]
    shared: Sequence[Caller]


@dataclass(frozen=True)
class Extensions:
    """The telephones: `free` ones can take a call now, `colleagues` are those that nobody watches."""

    free: Sequence[str]
    colleagues: Sequence[str] = ()


Sleep: TypeAlias = Callable[[float], Awaitable[object]]


@dataclass(frozen=True)
class _Call:
    id: str
    script: Script
    caller: Caller
    telephones: dict[Role, str]

    def leg(self, role: Role) -> str:
        return f"{self.id}-{role}"


@dataclass
class _Desk:
    busy: set[str] = field(default_factory=set[str])
    free_since: dict[str, tuple[datetime, float]] = field(default_factory=dict[str, tuple[datetime, float]])
    """Per free telephone: since when, and how many seconds later its next call comes."""


class Simulator:
    """A telephone system with imaginary callers; satisfies the port `Connector`.

    Agents answer after some seconds, talk for a while, and the caller hangs up, as at a telephone on the desk. Nobody calls while no
    extension is free. The same `random` and clock give the same calls.
    """

    def __init__(
        self,
        source: str,
        *,
        extensions: Callable[[], Awaitable[Extensions]],
        callers: Callable[[], Awaitable[Callers]],
        dnis: str = "+442079460000",
        speed: float = 1.0,
        opening: Sequence[Script] = OPENING,
        random: Random | None = None,
        now: Callable[[], datetime] = clock.now,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`extensions` and `callers` are asked again and again; waits are divided by `speed`; `opening` is played first, in order."""
        self._source, self._dnis, self._speed = source, dnis, speed
        self._extensions, self._callers = extensions, callers
        self._random = random or Random()
        self._now, self._sleep = now, sleep
        self._opening = list(opening)
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._state: LinkState = "stopped"
        self._since = now()
        self._detail = ""
        self._facts = self._calls = 0
        self._boot = ids.new_id().hex[:12]

    @property
    def source(self) -> str:
        """The key of the connection."""
        return self._source

    def status(self) -> ConnectorStatus:
        """The state now."""
        return ConnectorStatus(state=self._state, since=self._since, detail=self._detail, remote="simulator", facts=self._facts)

    async def stop(self) -> None:
        """End `run`; the calls in progress are hung up first."""
        self._stopping.set()
        await self._ended.wait()

    async def run(self, emit: Emit) -> None:
        """Play calls until `stop` or cancellation."""
        self._ended.clear()
        try:
            booted = self._now()
            # Calls of an earlier run have nobody left in them.
            await self._tell(
                emit,
                [LinkRestored(source=self._source, at=booted), Resynced(source=self._source, at=booted, restarted=True, booted_at=booted)],
            )
            await self._serve(emit)
        finally:
            self._set("stopped", "")
            self._ended.set()

    async def _serve(self, emit: Emit) -> None:
        desk = _Desk()
        async with asyncio.TaskGroup() as calls:
            while not self._stopping.is_set():
                extensions = await self._extensions()
                rested = self._rested(desk, extensions.free)
                callers = await self._callers() if rested else None
                for extension in rested:
                    if callers and extension not in desk.busy and (call := self._next_call(desk, extension, extensions, callers)):
                        desk.busy.update(call.telephones.values())
                        calls.create_task(self._play(emit, desk, call))
                await self._pause(LOOK_EVERY_S)

    def _rested(self, desk: _Desk, extensions: Sequence[str]) -> list[str]:
        at = self._now()
        free = [extension for extension in extensions if extension not in desk.busy]
        desk.free_since = {e: desk.free_since.get(e) or (at, self._random.uniform(*REST_S) / self._speed) for e in free}
        return [e for e, (since, rest) in desk.free_since.items() if (at - since).total_seconds() >= rest]

    def _next_call(self, desk: _Desk, agent: str, extensions: Extensions, callers: Callers) -> _Call | None:
        script = self._opening.pop(0) if self._opening else self._random.choices(SCRIPTS, [script.weight for script in SCRIPTS])[0]
        telephones: dict[Role, str] = {"agent": agent}
        if script.needs_colleague:
            others = [e for e in (*extensions.colleagues, *extensions.free) if e != agent and e not in desk.busy]
            if others:
                telephones["colleague"] = self._random.choice(others)
            else:
                script = KNOWN
        pool = (
            {"known": callers.known, "unknown": callers.unknown, "shared": callers.shared}[script.caller]
            or callers.known
            or callers.unknown
        )
        if not pool:
            return None
        self._calls += 1
        return _Call(f"sim-{self._boot}-{self._calls}", script, self._random.choice(pool), telephones)

    async def _play(self, emit: Emit, desk: _Desk, call: _Call) -> None:
        live: set[Role] = set()
        try:
            for step in call.script.steps:
                await self._pause(self._random.uniform(*step.after))
                if self._stopping.is_set():
                    await self._tell(emit, self._cut_off(call, live))
                    return
                if step.role and step.fact is LegRinging:
                    live.add(step.role)
                if step.role and step.fact is LegEnded:
                    live.discard(step.role)
                await self._tell(emit, [self._fact(call, step)])
        finally:
            desk.busy.difference_update(call.telephones.values())

    def _fact(self, call: _Call, step: Step) -> CallFact:
        said: dict[str, Any] = {"source": self._source, "call_id": call.id, "at": self._now(), **step.more}
        if step.fact is CallStarted:
            said |= {"direction": "inbound", "ani": call.caller.number, "dnis": self._dnis, "caller_name": call.caller.name}
        elif step.fact is QueueEntered:
            said |= {"queue": call.script.queue}
        elif step.role and step.fact is CallTransferred:
            said |= {"leg_id": call.leg(step.role), "to_extension": call.telephones["agent"]}
        elif step.role:
            said |= {"leg_id": call.leg(step.role), "extension": call.telephones[step.role]}
        return step.fact(**said)

    def _cut_off(self, call: _Call, live: set[Role]) -> list[Fact]:
        common: dict[str, Any] = {"source": self._source, "call_id": call.id, "at": self._now()}
        legs = [LegEnded(**common, leg_id=call.leg(role), extension=call.telephones[role]) for role in sorted(live)]
        return [*legs, CallEnded(**common)]

    async def _tell(self, emit: Emit, facts: Sequence[Fact]) -> None:
        """Hand the facts over, again and again until they are stored; given up only when stopped."""
        for pause in itertools.chain(RETRY_AFTER_S, itertools.repeat(RETRY_AFTER_S[-1])):
            try:
                await emit(facts)
            except Exception as problem:  # noqa: BLE001 - whatever kept them from being stored, the port wants them handed over again
                self._set("retrying", f"The facts of a call could not be stored ({problem}); trying again.")
                if self._stopping.is_set():
                    return
                await self._pause(pause)
            else:
                self._facts += len(facts)
                if self._state != "connected":
                    self._set("connected", "")
                break

    async def _pause(self, seconds: float) -> None:
        """Wait, but not beyond `stop`."""
        wait = asyncio.ensure_future(self._sleep(seconds / self._speed))
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((wait, stopping), return_when=asyncio.FIRST_COMPLETED)
        finally:
            wait.cancel()
            stopping.cancel()
            await asyncio.gather(wait, stopping, return_exceptions=True)

    def _set(self, state: LinkState, detail: str) -> None:
        self._state, self._since, self._detail = state, self._now(), detail
