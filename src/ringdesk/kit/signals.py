"""How a feature tells others, inside the same transaction, what it has just done, without knowing them."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from ringdesk.kit.db import UnitOfWork

F = TypeVar("F")
Subscriber = Callable[[UnitOfWork, F], Awaitable[None]]


class Signal(Generic[F]):
    """A kind of fact that a feature publishes in its `events.py`. Whoever subscribes acts in the publisher's transaction."""

    def __init__(self) -> None:
        self._subscribers: list[Subscriber[F]] = []

    def subscribe(self, subscriber: Subscriber[F]) -> Subscriber[F]:
        """Call `subscriber(uow, fact)` for every fact from now on; usable as a decorator. Subscribing twice counts once."""
        if subscriber not in self._subscribers:
            self._subscribers.append(subscriber)
        return subscriber

    async def send(self, uow: UnitOfWork, fact: F) -> None:
        """Tell every subscriber, in the order in which they subscribed. An exception of one undoes the transaction."""
        for subscriber in self._subscribers:
            await subscriber(uow, fact)
