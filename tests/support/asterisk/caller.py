"""A customer on the telephone network: one call placed by SIPp, with the time of every message.

SIPp is another program with its own clock reading and SIP stack, so what it says about a call is
evidence that neither the PBX nor Ringdesk could have coloured.
"""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.support.asterisk.config import TRUNK_TOKEN
from tests.support.asterisk.ports import free_port, free_udp_block
from tests.support.asterisk.server import Asterisk
from tests.support.asterisk.sip import SipMessage, new_branch, new_token

# Prompts and ringing take seconds; longer means that the call is lost.
WAIT_S: Final = 20.0
# How often the trace is looked at: SIPp writes it as it goes, and has no other way to tell.
_LOOK_AGAIN_S: Final = 0.02
_SCENARIO: Final = Path(__file__).with_name("scenarios") / "caller.xml"
_numbers = count(1)


class CallFailed(RuntimeError):
    """SIPp is missing, or the call took another course than its scenario."""


@dataclass(frozen=True, slots=True)
class Traced:
    """One line of SIPp's message trace."""

    at: float
    """Seconds since the epoch, to the microsecond."""
    sent: bool
    sequence: str
    """The CSeq value, e.g. ``1 INVITE``."""
    start: str
    """The first line of the message, e.g. ``SIP/2.0 200 OK``."""


class Caller:
    """One call of a customer, in progress from ``async with`` on; the end of the block ends it."""

    def __init__(self, pbx: Asterisk, dialled: str, *, number: str, name: str = "") -> None:
        self.number = number
        self.name = name
        self.dialled = dialled
        self._pbx = pbx
        self._folder = pbx.layout.base / f"caller{next(_numbers)}"
        self._process: asyncio.subprocess.Process | None = None
        self._port = free_port(socket.SOCK_DGRAM)
        self._call_id = new_token()

    async def __aenter__(self) -> Self:
        if shutil.which("sipp") is None:
            raise CallFailed("The live tests need SIPp: install the package sip-tester.")
        self._folder.mkdir(parents=True)
        with (self._folder / "screen.log").open("wb") as screen:
            self._process = await asyncio.create_subprocess_exec(
                *("setpriv", "--pdeathsig", "KILL", "sipp"),
                f"127.0.0.1:{self._pbx.layout.sip_port}",
                *("-sf", str(_SCENARIO), "-m", "1", "-nostdin"),
                *("-cid_str", f"{self._call_id}-%u"),
                *("-i", "127.0.0.1", "-p", str(self._port)),
                # SIPp takes the RTP port and, for RTCP and video, three more.
                *("-mi", "127.0.0.1", "-mp", str(free_udp_block(4))),
                *("-ci", "127.0.0.1", "-cp", str(free_port(socket.SOCK_DGRAM))),
                *("-s", self.dialled, "-key", "number", self.number),
                *("-key", "name", self.name, "-key", "trunk", TRUNK_TOKEN),
                *("-trace_shortmsg", "-shortmessage_file", str(self._trace_file)),
                *("-trace_err", "-error_file", str(self._error_file)),
                cwd=self._folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=screen,
                stderr=screen,
                start_new_session=True,
            )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def hears_ringing(self) -> float:
        """Wait for 180 Ringing; when it came."""
        return (await self._traced(lambda line: line.start.startswith("SIP/2.0 180"))).at

    async def answered(self) -> float:
        """Wait for the 200 OK of the INVITE; when SIPp got it."""
        return (await self._traced(_is_answer)).at

    async def refused(self) -> str:
        """Wait for a final refusal; its status line, e.g. ``SIP/2.0 486 Busy Here``."""
        return (
            await self._traced(
                lambda line: (
                    not line.sent and line.sequence == "1 INVITE" and line.start.startswith(("SIP/2.0 4", "SIP/2.0 5", "SIP/2.0 6"))
                )
            )
        ).start

    async def ended(self) -> None:
        """Wait until the call is over on both sides.

        Raises:
            CallFailed: SIPp saw something that does not belong into a telephone call.
        """
        async with asyncio.timeout(WAIT_S):
            code = await self._running.wait()
        if code != 0:
            raise CallFailed(f"SIPp ended with {code}\n{_text(self._error_file)}")

    @property
    def answered_at(self) -> float | None:
        """When SIPp got its 200 OK; None if it has none yet."""
        return next((line.at for line in self.trace() if _is_answer(line)), None)

    async def hang_up(self) -> None:
        """Put the receiver down: a BYE after the answer, a CANCEL before it."""
        await self._traced(lambda line: line.sent)
        signal = SipMessage(
            f"INFO sip:hook@127.0.0.1:{self._port} SIP/2.0",
            [
                ("via", f"SIP/2.0/UDP 127.0.0.1:{self._port};branch={new_branch()}"),
                ("from", "<sip:hook@127.0.0.1>;tag=hook"),
                ("to", "<sip:caller@127.0.0.1>"),
                ("call-id", f"{self._call_id}-1"),
                ("cseq", "900 INFO"),
            ],
        )
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hook:
            hook.sendto(signal.encode(), ("127.0.0.1", self._port))
        await self.ended()

    def trace(self) -> list[Traced]:
        """Every SIP message so far, in order."""
        return [
            Traced(float(epoch), direction == "S", sequence.removeprefix("CSeq:"), start)
            for _, _, epoch, direction, _, sequence, start in self._rows()
        ]

    @property
    def _trace_file(self) -> Path:
        return self._folder / "messages.tsv"

    @property
    def _error_file(self) -> Path:
        return self._folder / "errors.log"

    @property
    def _running(self) -> asyncio.subprocess.Process:
        assert self._process is not None, "the call was not placed"
        return self._process

    def _rows(self) -> list[list[str]]:
        # The last line may be half written.
        lines = _text(self._trace_file).split("\n")[:-1]
        return [line.split("\t") for line in lines]

    async def _traced(self, wanted: Callable[[Traced], bool]) -> Traced:
        async with asyncio.timeout(WAIT_S):
            while True:
                for line in self.trace():
                    if wanted(line):
                        return line
                if self._running.returncode is not None:
                    raise CallFailed(
                        f"SIPp ended with {self._running.returncode} before that\n"
                        + "\n".join(str(line) for line in self.trace())
                        + f"\n{_text(self._error_file)}"
                    )
                await asyncio.sleep(_LOOK_AGAIN_S)


def _is_answer(line: Traced) -> bool:
    return not line.sent and line.sequence == "1 INVITE" and line.start.startswith("SIP/2.0 200")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
