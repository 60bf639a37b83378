"""The port that every telephone system is connected through.

An adapter (`connectors/asterisk`, the simulator, ...) turns what its system says into facts and hands them over; it
knows nothing of customers, rows or screens. Whoever runs it gives it `emit` and waits for nothing else from it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

import msgspec

from ringdesk.features.telephony.facts import Fact

Emit: TypeAlias = Callable[[Sequence[Fact]], Awaitable[None]]
"""Takes facts in the order they were heard; returns when they are safe. It may take its time. If it raises, the same
facts are handed over again after a pause, for as long as it takes: they may be repeated, never lost. What can never be
stored has to be put aside by `emit` itself."""

LinkState: TypeAlias = Literal["stopped", "connecting", "connected", "retrying", "refused"]


class Unhandled(msgspec.Struct, frozen=True, kw_only=True):
    """Something the telephone system said that is neither used nor known to be of no use (product.md 5.1)."""

    source: str
    at: datetime
    name: str
    fields: Mapping[str, str]


class ConnectorStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How a connection is doing, for people to read.

    `refused`: reached, but it will not let us in (wrong password, no right): someone has to change something;
    it is still tried again, slowly. `detail` says in one sentence what is wrong and what to do; never a secret.
    """

    state: LinkState
    since: datetime
    detail: str = ""
    remote: str = ""
    facts: int = 0
    unhandled: int = 0
    reconnects: int = 0


class Connector(Protocol):
    """One connection to one telephone system."""

    @property
    def source(self) -> str:
        """The key of the connection; every fact carries it."""
        ...

    async def run(self, emit: Emit) -> None:
        """Keep the link up and emit facts until `stop` or cancellation. Trouble with the link never raises."""
        ...

    def status(self) -> ConnectorStatus:
        """The state now; cheap, never blocks."""
        ...

    async def stop(self) -> None:
        """End `run`; returns when the link is closed. Calling it twice, or before `run`, does no harm."""
        ...
