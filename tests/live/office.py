"""A small contact centre for the end-to-end tests: `ringdesk serve` as its own process, connected to a real Asterisk."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import httpx

from tests.support.asterisk.config import MANAGER_USER
from tests.support.asterisk.ports import free_port
from tests.support.asterisk.server import Asterisk
from tests.support.eventually import eventually

PASSWORD: Final = "a quiet room with a view"
# bars.md asks for 4 s of a warm start; this one is cold, makes its database, and shares two cores with a browser and a PBX.
START_S: Final = 60.0
# It gives its roles ten seconds to end before it kills them, and its database a proper shutdown after that.
STOP_S: Final = 60.0
_RINGDESK: Final = Path(sys.executable).with_name("ringdesk")


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who takes calls; `extension` is also the name of the phone."""

    name: str
    email: str
    extension: str


AIKO: Final = Agent("Aiko", "aiko@example.com", "1001")
BILAL: Final = Agent("Bilal", "bilal@example.com", "1002")
TEAM: Final = "North"


class CommandFailed(RuntimeError):
    """A `ringdesk` command ended with an error; the message is what it printed."""


class Ringdesk:
    """`ringdesk serve` with a data directory and an embedded database of its own; an async context manager.

    Leaving it raises TimeoutError if the server does not stop when it is told to; its files are kept then.
    """

    def __init__(self) -> None:
        # Below /tmp itself: as root the database runs as another account, which pytest's own folders shut out.
        self._home = Path(tempfile.mkdtemp(prefix="ringdesk-live-"))
        self._home.chmod(0o755)
        self._port = free_port(socket.SOCK_STREAM)
        self._process: asyncio.subprocess.Process | None = None
        self.url = f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        with self._log_file.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *("setpriv", "--pdeathsig", "TERM", str(_RINGDESK)),
                *("serve", "--host", "127.0.0.1", "--port", str(self._port), "--data-dir", str(self.data_dir)),
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        async with httpx.AsyncClient(base_url=self.url) as client:
            await eventually(lambda: self._ready(client), within=START_S)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        process = self._process
        if process is not None and process.returncode is None:
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(STOP_S):
                await process.wait()
        shutil.rmtree(self._home)

    async def command(self, *arguments: str, password: str = PASSWORD) -> str:
        """Run a `ringdesk` command on this installation, with the password on standard input; what it printed.

        Raises:
            CommandFailed: it ended with an error.
        """
        process = await asyncio.create_subprocess_exec(
            str(_RINGDESK),
            *arguments,
            *("--data-dir", str(self.data_dir)),
            env=self._environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        printed, complained = await process.communicate(password.encode() + b"\n")
        if process.returncode != 0:
            raise CommandFailed(f"ringdesk {' '.join(arguments)}: {complained.decode()}")
        return printed.decode()

    async def hire(self, *agents: Agent) -> None:
        """Make the agents' accounts."""
        for agent in agents:
            await self.command(
                *("user", "create", agent.email, "--name", agent.name, "--role", "agent"),
                *("--extension", agent.extension, "--team", TEAM, "--password-stdin"),
            )

    async def connect(self, pbx: Asterisk) -> None:
        """Connect the telephone system; returns when it says that the link is up."""
        await self.command(
            *("telephony", "add-asterisk", "main", "--host", "127.0.0.1", "--port", str(pbx.layout.manager_port)),
            *("--user", MANAGER_USER, "--password-stdin"),
            password=pbx.layout.manager_secret,
        )
        # The rig's own connection hears every other one sign in.
        own = f"/{pbx.watch.local_port}"
        await pbx.watch.event(
            "SuccessfulAuth", where=lambda event: event["AccountID"] == MANAGER_USER and not event["RemoteAddress"].endswith(own)
        )

    def signed_in(self, agent: Agent) -> SignedIn:
        """A client of the API for this agent; use it with `async with`."""
        return SignedIn(self.url, agent)

    def log(self, lines: int = 120) -> str:
        """The end of what the server printed."""
        return "\n".join(self._log_file.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    @property
    def data_dir(self) -> Path:
        """Where its database, keys and files lie."""
        return self._home / "data"

    @property
    def _log_file(self) -> Path:
        return self._home / "serve.log"

    @property
    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("RINGDESK_")}
        # The customers of the tests write their numbers as in Britain; a test that keeps recordings does so on this machine.
        return inherited | {"RINGDESK_DEFAULT_REGION": "GB", "RINGDESK_RECORDING_HOSTS": "127.0.0.1"}

    async def _ready(self, client: httpx.AsyncClient) -> bool:
        assert self._process is not None
        if self._process.returncode is not None:
            raise CommandFailed(f"ringdesk serve ended with {self._process.returncode}\n{self.log()}")
        try:
            return (await client.get("/readyz")).status_code == 200
        except httpx.TransportError:
            return False


class SignedIn:
    """The API as one agent uses it."""

    def __init__(self, url: str, agent: Agent) -> None:
        self._agent = agent
        self._client = httpx.AsyncClient(base_url=f"{url}/api/v1", headers={"sec-fetch-site": "same-origin"})

    async def __aenter__(self) -> Self:
        await self.post("/auth/login", {"email": self._agent.email, "password": PASSWORD})
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._client.aclose()

    async def get(self, path: str) -> Any:
        response = await self._client.get(path)
        assert response.is_success, response.text
        return response.json()

    async def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        response = await self._client.post(path, json=body)
        assert response.is_success, response.text
        return response.json() if response.content else None

    async def add_customer(self, first_name: str, last_name: str, phone: str) -> Any:
        """A person with one telephone number."""
        return await self.post("/customers", {"kind": "person", "first_name": first_name, "last_name": last_name, "phone_1": phone})

    async def last_interaction(self, customer_id: str) -> Any:
        """The newest interaction of a customer, once it has ended."""

        async def ended() -> Any:
            journey = await self.get(f"/customers/{customer_id}/journey")
            assert journey["items"], f"nothing in the journey of {customer_id}"
            newest = journey["items"][0]
            assert newest["state"] == "ended", newest
            return newest

        return await eventually(ended)
