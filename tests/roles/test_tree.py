"""`ringdesk serve`: all roles in one tree that starts, mends and stops itself."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.eventually import eventually

pytestmark = pytest.mark.once

# Three programs that load while other tests run on the same cores.
READY_WITHIN_S = 45.0


@pytest.fixture
def port() -> int:
    """A port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


@asynccontextmanager
async def serve(dsn: str, data_dir: Path, port: int) -> AsyncIterator[Process]:
    """A running tree, ready; stopped at the end if the test did not do it."""
    environ = os.environ | {"RINGDESK_DATABASE_URL": dsn, "RINGDESK_DATA_DIR": str(data_dir), "RINGDESK_LOG_LEVEL": "WARNING"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ringdesk.cli", "serve", "--port", str(port), stdout=PIPE, stderr=PIPE, env=environ
    )
    try:
        assert process.stdout
        async with asyncio.timeout(READY_WITHIN_S):
            assert await process.stdout.readline() == f"Ringdesk is ready at http://127.0.0.1:{port}\n".encode()
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


def children(pid: int) -> dict[str, int]:
    """The roles' processes by role."""
    found: dict[str, int] = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        if b"ringdesk.roles.child" in words:
            found[words[words.index(b"ringdesk.roles.child") + 1].decode()] = int(child)
    return found


async def ready(port: int) -> bool:
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(f"http://127.0.0.1:{port}/readyz", timeout=5)).status_code == 200
        except httpx.TransportError:
            return False


async def test_it_serves_and_stops_in_order(database_dsn: str, tmp_path: Path, port: int) -> None:
    async with serve(database_dsn, tmp_path, port) as process:
        roles = children(process.pid)
        assert set(roles) == {"web", "worker", "telephony"}
        assert await ready(port)
        process.terminate()
        async with asyncio.timeout(15):
            assert await process.wait() == 0
        assert not any(_alive(pid) for pid in roles.values())


async def test_a_role_that_is_killed_is_started_again_and_no_request_is_refused_for_long(
    database_dsn: str, tmp_path: Path, port: int
) -> None:
    async with serve(database_dsn, tmp_path, port) as process:
        for role in ("web", "worker", "telephony"):
            before = children(process.pid)
            os.kill(before[role], signal.SIGKILL)
            await eventually(
                lambda role=role, before=before: children(process.pid).get(role) not in {None, before[role]}, within=READY_WITHIN_S
            )
        await eventually(lambda: ready(port), within=READY_WITHIN_S)


async def test_when_the_tree_is_killed_its_roles_end_too(database_dsn: str, tmp_path: Path, port: int) -> None:
    async with serve(database_dsn, tmp_path, port) as process:
        roles = children(process.pid)
        process.kill()
        await eventually(lambda: not any(_alive(pid) for pid in roles.values()), within=15)


def _alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
