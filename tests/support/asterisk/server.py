"""Run one Asterisk on 127.0.0.1: start, wait until it is ready, kill, restart, stop."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import time
from pathlib import Path
from typing import Final, Self

from tests.support.asterisk.config import MANAGER_USER, Layout, write_configuration
from tests.support.asterisk.fetch import AsteriskTree
from tests.support.asterisk.manager import ManagerRefused, ManagerWatch
from tests.support.asterisk.ports import free_port, free_udp_block
from tests.support.asterisk.sip import options_request

# A boot takes about 1 s alone; both cores may be busy with the rest of the suite.
BOOT_TIMEOUT_S: Final = 45.0
# A stop that takes longer is a hang: the process is then killed.
STOP_TIMEOUT_S: Final = 10.0
# Ports are chosen before Asterisk binds them; another process may win the race.
BOOT_ATTEMPTS: Final = 3
# How often a boot looks again: a refused connection gives nothing to wait on.
_LOOK_AGAIN_S: Final = 0.05
_RTP_PORTS: Final = 200


class AsteriskDied(RuntimeError):
    """Asterisk did not become ready; the message ends with its log."""


class Asterisk:
    """One PBX with its own folder, ports and secrets; an async context manager.

    ``watch`` is a signed-in Manager connection of the rig itself, renewed by every start.
    """

    def __init__(self, tree: AsteriskTree, base: Path) -> None:
        self._tree = tree
        self._base = base
        self._process: asyncio.subprocess.Process | None = None
        self._watch: ManagerWatch | None = None
        self._last_second = 0
        self.rings: list[tuple[str, float]] = []
        """Which phone of the rig began to ring when, by the phones' own account."""
        self.layout = _choose_layout(base)

    async def __aenter__(self) -> Self:
        for attempt in range(1, BOOT_ATTEMPTS + 1):
            self.layout = _choose_layout(self._base / f"pbx{attempt}")
            write_configuration(self.layout, self._tree)
            try:
                await self.start()
            except AsteriskDied:
                await self.kill()
                if attempt == BOOT_ATTEMPTS:
                    raise
            else:
                break
        return self

    async def __aexit__(self, *_: object) -> None:
        # A stop in order takes a second, and nobody is left to notice.
        await self.kill()

    @property
    def watch(self) -> ManagerWatch:
        assert self._watch is not None, "Asterisk is not running"
        return self._watch

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        assert self._process is not None, "Asterisk is not running"
        return self._process.pid

    async def start(self) -> None:
        """Start on the chosen ports and return when calls can come in.

        Raises:
            AsteriskDied: it ended, or was not ready in time.
        """
        layout = self.layout
        (layout.base / "run/asterisk.ctl").unlink(missing_ok=True)
        with (layout.log / "output.log").open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                # Whatever ends the test run, even kill -9, ends the PBX too.
                *("setpriv", "--pdeathsig", "KILL"),
                *self._tree.command("-C", str(layout.etc / "asterisk.conf"), "-f", "-n"),
                cwd=layout.base,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(BOOT_TIMEOUT_S):
                self._watch = await self._sign_in(self._process)
                await self._watch.event("FullyBooted", timeout_s=BOOT_TIMEOUT_S)
                await self._answers_sip()
        except TimeoutError as error:
            raise AsteriskDied(f"not ready within {BOOT_TIMEOUT_S:.0f} s\n{self.log()}") from error

    async def kill(self) -> None:
        """``kill -9``: what a crash or a power cut looks like."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Stop in order; calls in progress are hung up."""
        await self._end(signal.SIGTERM)

    async def restart(self) -> None:
        """Start again on the same ports after :meth:`kill` or :meth:`stop`.

        Asterisk names a call by the second of its start and a counter that begins anew with the process. No real one
        comes back within the second; ours would, and give a new call the name of an old one.
        """
        await asyncio.sleep(max(0.0, self._last_second + 1 - time.time()))
        await self.start()

    def log(self, lines: int = 150) -> str:
        """The end of what Asterisk printed and logged, for a failure message."""
        texts = [self.layout.log / "output.log", self.layout.log / "messages.log"]
        return "\n".join(f"--- {path.name}\n" + "\n".join(_read(path).splitlines()[-lines:]) for path in texts)

    async def _sign_in(self, process: asyncio.subprocess.Process) -> ManagerWatch:
        while True:
            if process.returncode is not None:
                raise AsteriskDied(f"ended with code {process.returncode}\n{self.log()}")
            try:
                return await ManagerWatch.connect(
                    port=self.layout.manager_port,
                    user=MANAGER_USER,
                    secret=self.layout.manager_secret,
                )
            except OSError:
                await asyncio.sleep(_LOOK_AGAIN_S)
            except ManagerRefused as error:
                raise AsteriskDied(f"another program has the Manager port: {error}") from error

    async def _answers_sip(self) -> None:
        """FullyBooted does not tell whether the SIP port could be bound: ask over SIP."""
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.setblocking(False)
            probe.bind(("127.0.0.1", 0))
            server = ("127.0.0.1", self.layout.sip_port)
            request = options_request(probe.getsockname()[1], self.layout.sip_port)
            while True:
                try:
                    await loop.sock_sendto(probe, request, server)
                    answer = await asyncio.wait_for(loop.sock_recv(probe, 65_536), 0.5)
                except (TimeoutError, ConnectionRefusedError):
                    # Lost while booting; the caller's timeout ends the asking.
                    await asyncio.sleep(_LOOK_AGAIN_S)
                    continue
                if self.layout.token.encode() not in answer:
                    raise AsteriskDied("another program has the SIP port")
                return

    async def _end(self, by: signal.Signals) -> None:
        if self._watch is not None:
            watch, self._watch = self._watch, None
            await watch.close()
        if self._process is None:
            return
        process, self._process = self._process, None
        if process.returncode is None:
            os.kill(process.pid, by)
        try:
            await asyncio.wait_for(process.wait(), STOP_TIMEOUT_S)
        except TimeoutError:
            process.kill()
            await process.wait()
        self._last_second = int(time.time())


def _choose_layout(base: Path) -> Layout:
    rtp = free_udp_block(_RTP_PORTS)
    return Layout(
        base=base,
        manager_port=free_port(socket.SOCK_STREAM),
        sip_port=free_port(socket.SOCK_DGRAM),
        rtp_first=rtp,
        rtp_last=rtp + _RTP_PORTS - 1,
        manager_secret=secrets.token_hex(12),
        agent_secret=secrets.token_hex(12),
        token=f"rig-{secrets.token_hex(6)}",
    )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
