"""Recordings that another system keeps, fetched by us: the browser needs no way to it, and nobody listens without a trace (docs/adr/0018).

A request goes to the server that the template names and nowhere else: its address is looked up once and checked, redirects are not
followed, and addresses inside our own network are refused unless the operator names the server.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Collection
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

from ringdesk.features.interactions.recordings.errors import RecordingUnavailable
from ringdesk.features.interactions.recordings.rules import type_by_name, type_told

# A person waits for it with a finger on the button.
TIMEOUT_S = 10.0
_PIECE = 128 * 1024


class Fetched(Struct):
    """What the other system answered: 200, 206 or 416, the headers that matter, and its bytes."""

    status: int
    headers: dict[str, str]
    pieces: AsyncIterator[bytes]


class _Pinned(HTTPConnection):
    """A connection to an address that was checked, whatever the name means by now."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        super().__init__(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80), timeout=TIMEOUT_S)
        self._address, self._secure = address, parts.scheme == "https"

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), timeout=TIMEOUT_S)
        self.sock: Any = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host) if self._secure else plain


async def fetch(url: str, *, wanted: str | None, inside: Collection[str]) -> Fetched:
    """Ask for a recording, or the part of it that the Range header `wanted` names. Raises RecordingUnavailable.

    `inside`: servers (`name` or `name:port`) that may be in our own network.
    """
    parts = urlsplit(url)
    connection, answer = await asyncio.to_thread(_ask, parts, wanted, inside)
    status = answer.status
    kind = type_told(answer.getheader("content-type")) or type_by_name(parts.path)
    if status not in (200, 206, 416) or kind is None:
        await asyncio.to_thread(connection.close)
        said = f"answered {status}" if status not in (200, 206) else "sent something that is no recording"
        raise RecordingUnavailable(f"{parts.hostname} {said}. An administrator can look at the address of its recordings.")
    headers = {"content-type": kind, "accept-ranges": answer.getheader("accept-ranges") or ("bytes" if status == 206 else "none")}
    headers |= {name: value for name in ("content-length", "content-range") if (value := answer.getheader(name))}
    return Fetched(status, headers, _pieces(connection, answer))


async def _pieces(connection: HTTPConnection, answer: HTTPResponse) -> AsyncIterator[bytes]:
    try:
        while piece := await asyncio.to_thread(answer.read, _PIECE):
            yield piece
    finally:
        await asyncio.to_thread(connection.close)


def _ask(parts: SplitResult, wanted: str | None, inside: Collection[str]) -> tuple[HTTPConnection, HTTPResponse]:
    name = parts.hostname or ""
    address = _address(parts, name, inside)
    connection = _Pinned(parts, address)
    headers = {"user-agent": "Ringdesk", "accept": "audio/*", "accept-encoding": "identity"} | ({"range": wanted} if wanted else {})
    try:
        connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""), headers=headers)
        return connection, connection.getresponse()
    except (OSError, HTTPException) as problem:
        connection.close()
        raise RecordingUnavailable(f"{name} can't be reached ({problem}). Try again, or ask whoever runs it.") from problem


def _address(parts: SplitResult, name: str, inside: Collection[str]) -> str:
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = [str(one[4][0]) for one in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]
    except OSError as problem:
        raise RecordingUnavailable(f"Nobody knows the server {name}. An administrator can look at its template.") from problem
    allowed = name in inside or f"{name}:{port}" in inside
    for address in found:
        if allowed or ipaddress.ip_address(address.split("%")[0]).is_global:
            return address
    raise RecordingUnavailable(f"{name} is in our own network. An operator can allow it with RINGDESK_RECORDING_HOSTS.")
