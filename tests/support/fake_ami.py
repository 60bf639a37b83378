"""A manager interface whose every answer a test decides."""

import asyncio
import ssl
from collections.abc import Callable

from ringdesk.connectors.asterisk.ami import AmiOptions
from ringdesk.connectors.asterisk.messages import Message, MessageParser

_END = b"\r\n\r\n"
GREETING = b"Asterisk Call Manager/11.0.0\r\n"
Answer = Callable[[Message], bytes]


def block(*pairs: tuple[str, str]) -> bytes:
    """The bytes of one message."""
    return "".join(f"{key}: {value}\r\n" for key, value in pairs).encode() + b"\r\n"


def success(action: Message) -> bytes:
    """`Response: Success`."""
    return block(("Response", "Success"), ("ActionID", action.get("ActionID")))


def refusal(text: str) -> Answer:
    """`Response: Error` with this message."""
    return lambda action: block(("Response", "Error"), ("ActionID", action.get("ActionID")), ("Message", text))


def nothing(_action: Message) -> bytes:
    """No answer at all."""
    return b""


def listing(*events: tuple[tuple[str, str], ...]) -> Answer:
    """A list of these events."""

    def answer(action: Message) -> bytes:
        action_id = ("ActionID", action.get("ActionID"))
        items = b"".join(block(event[0], action_id, *event[1:]) for event in events)
        return (
            block(("Response", "Success"), action_id, ("EventList", "start"))
            + items
            + block(("Event", f"{action.get('Action')}Complete"), action_id, ("EventList", "Complete"))
        )

    return answer


class FakeAmi:
    """Answers `Success` to what has no answer of its own in `answers`. `actions` is what it was asked, in order."""

    def __init__(self, *, uptime: int | None = 100, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.answers: dict[str, Answer] = dict.fromkeys(("CoreShowChannels", "Status", "QueueStatus"), listing())
        self.actions: list[Message] = []
        self.connections = 0
        self.uptime = uptime
        """None: it never says that it has booted."""
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "FakeAmi":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.hang_up()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def options(self) -> AmiOptions:
        """How to reach it."""
        return AmiOptions(host="127.0.0.1", port=self.port, username="cc", secret="secret")

    def say(self, *pairs: tuple[str, str]) -> None:
        """Send an event to whoever is connected."""
        for writer in self._writers:
            writer.write(block(*pairs))

    def hang_up(self) -> None:
        """Break every link."""
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    def asked(self, action: str) -> int:
        """How often this action came."""
        return sum(message.get("Action") == action for message in self.actions)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GREETING)
        try:
            while True:
                (action,) = MessageParser().feed(GREETING + await reader.readuntil(_END))[1:]
                self.actions.append(action)
                answer = self.answers.get(action.get("Action"), success)(action)
                writer.write(answer)
                if action.get("Action") == "Login" and answer.startswith(b"Response: Success") and self.uptime is not None:
                    writer.write(block(("Event", "FullyBooted"), ("Uptime", str(self.uptime)), ("Status", "Fully Booted")))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # The client went.
        finally:
            writer.close()
