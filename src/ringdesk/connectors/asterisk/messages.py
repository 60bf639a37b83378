"""The bytes of the Asterisk Manager Interface: messages in, actions out. Pure; works on pieces of any size.

A message is a run of `Key: value` lines, each ended by CRLF, closed by an empty line. What the protocol's own
description leaves out, and this reads as Asterisk means it: keys repeat (`Variable`, `ChanVariable`, `Output`); a value may
hold a bare newline; an event may hold a key `Response`, so the first line alone tells what a message is; keys change
case between events (`Uniqueid`, `UniqueID`); the greeting is one line without an empty one.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Literal, TypeAlias

MessageKind: TypeAlias = Literal["greeting", "event", "response"]

GREETING = "Asterisk Call Manager"
# The longest greeting seen is 30 bytes; something that talks on without a line end is not a manager interface.
MAX_GREETING = 256
# The longest message seen (the list of all commands) is 12 kB. One that is longer than this is dropped, not kept in memory.
MAX_MESSAGE = 256 * 1024
_END = b"\r\n\r\n"


class ProtocolError(Exception):
    """What was read is not the Asterisk Manager Interface."""


class Message:
    """One message. Keys are found whatever their case; a repeated key gives its first value, or all with `all`."""

    __slots__ = ("_first", "kind", "name", "pairs")

    def __init__(self, kind: MessageKind, name: str, pairs: list[tuple[str, str]]) -> None:
        self.kind: MessageKind = kind
        self.name = name
        """The event's name, the word after `Response:`, or the version in the greeting."""
        self.pairs = pairs
        self._first: dict[str, str] = {}
        for key, value in pairs:
            self._first.setdefault(key.lower(), value)

    def get(self, key: str) -> str:
        """The first value of `key`, or an empty string."""
        return self._first.get(key.lower(), "")

    def all(self, key: str) -> list[str]:
        """Every value of `key`, in order."""
        key = key.lower()
        return [value for name, value in self.pairs if name.lower() == key]

    def fields(self) -> Mapping[str, str]:
        """All keys as they were written, repeated ones joined by newlines."""
        joined: dict[str, str] = {}
        for key, value in self.pairs:
            joined[key] = f"{joined[key]}\n{value}" if key in joined else value
        return joined

    def __repr__(self) -> str:
        return f"Message({self.kind}, {self.name}, {self.pairs!r})"


class MessageParser:
    """Turns bytes, in pieces of any size, into messages. Events named in `skip` are passed over unread."""

    def __init__(self, skip: Collection[str] = ()) -> None:
        self._skip = frozenset(f"Event: {name}".encode() for name in skip)
        self._buffer = bytearray()
        self._searched = 0
        self._greeted = False
        self._dropping = False
        self.oversized = 0
        """How many messages were dropped because they were longer than `MAX_MESSAGE`."""

    def feed(self, data: bytes) -> list[Message]:
        """The messages that `data` completes. Raises ProtocolError if the other side does not speak AMI."""
        self._buffer += data
        found: list[Message] = []
        if not self._greeted:
            greeting = self._greeting()
            if greeting is None:
                return found
            found.append(greeting)
        while (end := self._buffer.find(_END, self._searched)) >= 0:
            block = bytes(self._buffer[:end])
            del self._buffer[: end + len(_END)]
            self._searched = 0
            if self._dropping:
                self._dropping = False
            elif (message := self._message(block)) is not None:
                found.append(message)
        self._searched = max(0, len(self._buffer) - len(_END) + 1)
        if len(self._buffer) > MAX_MESSAGE:
            self._drop()
        return found

    def _greeting(self) -> Message | None:
        line, end, rest = self._buffer.partition(b"\r\n")
        if not end:
            if len(self._buffer) > MAX_GREETING or not GREETING.encode().startswith(self._buffer[: len(GREETING)]):
                raise ProtocolError("the other side does not greet as an Asterisk Manager Interface: is the port right?")
            return None
        text = line.decode("utf-8", "replace")
        if not text.startswith(GREETING):
            raise ProtocolError("the other side does not greet as an Asterisk Manager Interface: is the port right?")
        self._buffer, self._greeted = rest, True
        return Message("greeting", text.removeprefix(GREETING).strip(" /"), [])

    def _drop(self) -> None:
        if not self._dropping:
            self._dropping = True
            self.oversized += 1
        # The end of the message may begin in what was read last.
        del self._buffer[: -len(_END) + 1]
        self._searched = 0

    def _message(self, block: bytes) -> Message | None:
        head, _, _ = block.partition(b"\r\n")
        if bytes(head) in self._skip:
            return None
        pairs: list[tuple[str, str]] = []
        # PostgreSQL stores no NUL in a text; it has no meaning here either.
        for line in block.decode("utf-8", "replace").replace("\0", "").split("\r\n"):
            key, colon, value = line.partition(":")
            if colon and key and " " not in key:
                pairs.append((key, value.removeprefix(" ")))
            elif pairs:
                # A line without a key goes on with the value before it.
                pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]}\n{line}")
        if not pairs:
            return None
        key, name = pairs[0]
        return Message("event" if key.lower() == "event" else "response", name, pairs)


def encode_action(name: str, action_id: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """The bytes of an action. Raises ValueError on a line end in a key or value: it would begin a header of its own."""
    lines = [("Action", name), ("ActionID", action_id), *fields]
    for key, value in lines:
        if any(end in text for end in "\r\n\0" for text in (key, value)):
            raise ValueError(f"a line end in the header {key!r} of the action {name}")
    return "".join(f"{key}: {value}\r\n" for key, value in lines).encode() + b"\r\n"
