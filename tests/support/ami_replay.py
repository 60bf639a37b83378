"""A server that plays a capture to the real client, byte for byte, over a socket.

It greets and answers the sign-in with the captured bytes (only the ActionID becomes the client's), then sends every
recorded message as it was; answers to the client's actions go between two of them, as Asterisk does. It can send the bytes in
any pieces, break the link anywhere in them, and go on from there with the next connection.
"""

import asyncio
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, TypeAlias

from ringdesk.connectors.asterisk.messages import Message, MessageParser
from tests.support.fake_ami import GREETING, block

Pieces: TypeAlias = Callable[[bytes], Iterator[bytes]]
AfterCut: TypeAlias = Literal["goes_on", "is_gone"]

SENTINEL = "ReplayEnded"
"""An event sent after the last byte of the capture: who has seen it has seen everything."""
_END = b"\r\n\r\n"


def whole(data: bytes) -> Iterator[bytes]:
    """Each message in one piece."""
    yield data


def single_bytes(data: bytes) -> Iterator[bytes]:
    """Each byte by itself."""
    for byte in data:
        yield bytes((byte,))


def pieces_of(sizes: Sequence[int]) -> Pieces:
    """Pieces of these sizes, again and again."""
    endless = itertools.cycle(sizes)

    def cut(data: bytes) -> Iterator[bytes]:
        start = 0
        while start < len(data):
            size = next(endless)
            yield data[start : start + size]
            start += size

    return cut


class Replay:
    """Plays `capture`. Each offset in `cuts` breaks the link once after that many bytes of the capture.

    `after_cut`: whether the call `goes_on` where it was, or `is_gone` (nothing is listed, nothing more is sent).
    `events_after_lists`: hold the recorded events back until the client has asked what runs, else send them at once; both
    happen. `password`: any other is refused. `actions` is what the clients asked for, in order; `connections` counts them.
    """

    def __init__(
        self,
        capture: bytes,
        *,
        pieces: Pieces = whole,
        cuts: Sequence[int] = (),
        after_cut: AfterCut = "goes_on",
        password: str = "secret",
        times: int = 1,
        events_after_lists: bool = False,
    ) -> None:
        self._greeting, _, rest = capture.partition(b"\r\n")
        head, _, body = rest.partition(_END)
        self._sign_in = head + _END
        blocks = [data + _END for data in body.split(_END) if data]
        self._booted = next(data for data in blocks if data.startswith(b"Event: FullyBooted"))
        self._blocks = [data for data in blocks if not data.startswith(b"Event: FullyBooted")] * times
        self._offset = len(self._greeting) + 2 + len(self._sign_in) + len(self._booted)
        self._pieces = pieces
        self._cuts = sorted(cuts)
        self._after_cut = after_cut
        self._password = password
        self._events_after_lists = events_after_lists
        self._next = 0
        self._live: dict[str, Message] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.actions: list[Message] = []
        self.port = 0
        self._lists_asked = False

    async def __aenter__(self) -> "Replay":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._lists_asked = False
        answers: asyncio.Queue[bytes] = asyncio.Queue()
        signed_in = asyncio.Event()
        listening = asyncio.create_task(self._listen(reader, answers, signed_in))
        try:
            await self._send(writer, self._greeting + b"\r\n")
            while not signed_in.is_set():
                await self._send(writer, await answers.get())
            await self._send(writer, self._booted)
            while self._events_after_lists and not self._lists_asked:
                await self._send(writer, await answers.get())
            await self._play(writer, answers)
            while True:
                await self._send(writer, await answers.get())
        except (ConnectionError, EOFError):
            pass  # The client went, or the cut came: what was sent still arrives, as it does when a process ends.
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            writer.close()

    async def _play(self, writer: asyncio.StreamWriter, answers: "asyncio.Queue[bytes]") -> None:
        """Raises EOFError where the link is to be cut."""
        while self._next < len(self._blocks):
            while not answers.empty():
                await self._send(writer, answers.get_nowait())
            data = self._blocks[self._next]
            if self._cuts and self._cuts[0] < self._offset + len(data):
                part = data[: max(0, self._cuts.pop(0) - self._offset)]
                await self._send(writer, part)
                if self._after_cut == "is_gone":
                    self._blocks, self._live = [], {}
                raise EOFError
            await self._send(writer, data)
            self._offset += len(data)
            self._next += 1
            self._note(data)
        await self._send(writer, f"Event: {SENTINEL}\r\nPrivilege: user,all\r\n\r\n".encode())

    def _note(self, data: bytes) -> None:
        """Keep the channels that run now, for the lists."""
        (message,) = _parse(data)
        uniqueid = message.get("Uniqueid")
        if message.name in ("Newchannel", "Newstate"):
            self._live[uniqueid] = message
        elif message.name == "Hangup":
            self._live.pop(uniqueid, None)

    async def _send(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        for piece in self._pieces(data):
            writer.write(piece)
            # The reader's turn, so that it gets this piece by itself.
            await asyncio.sleep(0)
        await writer.drain()

    async def _listen(self, reader: asyncio.StreamReader, answers: "asyncio.Queue[bytes]", signed_in: asyncio.Event) -> None:
        while True:
            data = await reader.readuntil(_END)
            (action,) = _parse(data)
            self.actions.append(action)
            for answer in self._answer(action):
                answers.put_nowait(answer)
            self._lists_asked = self._lists_asked or action.get("Action") == "QueueStatus"
            if action.get("Action") == "Login" and action.get("Secret") == self._password:
                signed_in.set()

    def _answer(self, action: Message) -> Iterator[bytes]:
        name, action_id = action.get("Action"), action.get("ActionID")
        if name == "Login":
            if action.get("Secret") != self._password:
                yield block(("Response", "Error"), ("ActionID", action_id), ("Message", "Authentication failed"))
                return
            lines = self._sign_in.splitlines(keepends=True)
            yield b"".join(f"ActionID: {action_id}\r\n".encode() if line.startswith(b"ActionID:") else line for line in lines)
        elif name in ("CoreShowChannels", "Status", "QueueStatus"):
            yield block(("Response", "Success"), ("ActionID", action_id), ("EventList", "start"))
            items = list(self._live.values()) if name != "QueueStatus" else []
            for item in items:
                event = "CoreShowChannel" if name == "CoreShowChannels" else "Status"
                pairs = [(key, value) for key, value in item.pairs if key not in ("Event", "Privilege", "Timestamp")]
                yield block(("Event", event), ("ActionID", action_id), *pairs, ("Duration", "00:00:01"), ("Seconds", "1"))
            yield block(("Event", f"{name}Complete"), ("ActionID", action_id), ("EventList", "Complete"), ("ListItems", str(len(items))))
        else:
            yield block(("Response", "Success"), ("ActionID", action_id))


def _parse(data: bytes) -> list[Message]:
    return MessageParser().feed(GREETING + data)[1:]
