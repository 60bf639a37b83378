"""SIP messages as text: parse, build, answer a digest challenge (RFC 3261, RFC 2617)."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field

_COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length"}


@dataclass(frozen=True, slots=True)
class SipMessage:
    """One request or response; header names in lower case, in the order they came."""

    start: str
    headers: list[tuple[str, str]]
    body: str = ""

    @property
    def is_response(self) -> bool:
        return self.start.startswith("SIP/2.0 ")

    @property
    def status(self) -> int:
        """The status code of a response."""
        return int(self.start.split(" ", 2)[1])

    @property
    def method(self) -> str:
        """The method of a request, or the one that a response answers."""
        return self["cseq"].split()[-1] if self.is_response else self.start.split(" ", 1)[0]

    @property
    def sequence(self) -> int:
        return int(self["cseq"].split()[0])

    def __getitem__(self, name: str) -> str:
        """The first header of this name; KeyError if there is none."""
        for key, value in self.headers:
            if key == name:
                return value
        raise KeyError(name)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def encode(self) -> bytes:
        lines = [self.start, *(f"{_title(key)}: {value}" for key, value in self.headers)]
        lines += [f"Content-Length: {len(self.body.encode())}", "", self.body]
        return "\r\n".join(lines).encode()


def parse(data: bytes) -> SipMessage:
    """Read one datagram.

    Raises:
        ValueError: it is not a SIP message.
    """
    head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
    start, *lines = head.split("\r\n")
    if "SIP/2.0" not in start:
        raise ValueError(f"not SIP: {start[:60]!r}")
    headers: list[tuple[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        key = name.strip().lower()
        headers.append((_COMPACT.get(key, key), value.strip()))
    return SipMessage(start, [pair for pair in headers if pair[0] != "content-length"], body)


def options_request(own_port: int, server_port: int) -> bytes:
    """An OPTIONS request: the SIP way to ask whether somebody is there."""
    return SipMessage(
        f"OPTIONS sip:127.0.0.1:{server_port} SIP/2.0",
        [
            ("via", f"SIP/2.0/UDP 127.0.0.1:{own_port};branch={new_branch()};rport"),
            ("max-forwards", "70"),
            ("from", f"<sip:probe@127.0.0.1>;tag={new_token()}"),
            ("to", f"<sip:127.0.0.1:{server_port}>"),
            ("call-id", new_token()),
            ("cseq", "1 OPTIONS"),
            ("contact", f"<sip:probe@127.0.0.1:{own_port}>"),
        ],
    ).encode()


def new_token() -> str:
    return secrets.token_hex(8)


def new_branch() -> str:
    """A Via branch; the fixed prefix marks RFC 3261 senders (8.1.1.7)."""
    return f"z9hG4bK{new_token()}"


def tag_of(address: str) -> str:
    """The tag parameter of a From or To value; empty if it has none."""
    found = re.search(r";tag=([^;>\s]+)", address)
    return found[1] if found else ""


def uri_of(address: str) -> str:
    """The URI of a name-addr such as ``"Ada" <sip:ada@example.org>;tag=1``."""
    found = re.search(r"<([^>]+)>", address)
    return found[1] if found else address.split(";")[0]


def user_of(address: str) -> str:
    """The user part of an address: the number for a telephone."""
    found = re.search(r"sips?:([^@;>]+)@", address)
    return found[1] if found else ""


def display_name_of(address: str) -> str:
    found = re.match(r'\s*"((?:[^"\\]|\\.)*)"\s*<', address)
    return re.sub(r"\\(.)", r"\1", found[1]) if found else ""


@dataclass(slots=True)
class Session:
    """The SDP side of a call: no media flows from our phones, but the offer must be valid."""

    port: int
    version: int = field(default=0)

    def describe(self, direction: str = "sendrecv") -> str:
        """A new description; every one has a higher version, as RFC 3264 section 8 asks."""
        self.version += 1
        lines = [
            "v=0",
            f"o=- {self.port} {self.version} IN IP4 127.0.0.1",
            "s=-",
            "c=IN IP4 127.0.0.1",
            "t=0 0",
            f"m=audio {self.port} RTP/AVP 0 101",
            "a=rtpmap:0 PCMU/8000",
            "a=rtpmap:101 telephone-event/8000",
            f"a={direction}",
        ]
        return "\r\n".join(lines) + "\r\n"


def digest(challenge: str, *, user: str, secret: str, method: str, uri: str, client_nonce: str) -> str:
    """The Authorization value that answers a WWW-Authenticate challenge (MD5, qop auth)."""

    def part(name: str) -> str:
        found = re.search(rf'\b{name}="?([^",]+)"?', challenge)
        return found[1] if found else ""

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    owner = md5(f"{user}:{part('realm')}:{secret}")
    asked = md5(f"{method}:{uri}")
    answer = md5(f"{owner}:{part('nonce')}:00000001:{client_nonce}:auth:{asked}")
    value = (
        f'Digest username="{user}", realm="{part("realm")}", nonce="{part("nonce")}", '
        f'uri="{uri}", response="{answer}", algorithm=MD5, '
        f'qop=auth, nc=00000001, cnonce="{client_nonce}"'
    )
    opaque = part("opaque")
    return f'{value}, opaque="{opaque}"' if opaque else value


def _title(name: str) -> str:
    special = {"call-id": "Call-ID", "cseq": "CSeq"}
    return special.get(name, name.title())
