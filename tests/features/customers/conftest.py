"""Customers of the tests, and what their events make of a screen that followed them."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from ringdesk.features import customers
from ringdesk.features.customers import service
from ringdesk.features.customers.schemas import Customer
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database

AIKO = Actor(id=uuid4(), name="Aiko", kind="user", rights=frozenset({"customers:read", "customers:write"}))

Make = Callable[..., Awaitable[Customer]]


@pytest.fixture
def make(db: Database) -> Make:
    """Makes a customer as Aiko would in Sweden: `await make(first_name="Åsa")`."""

    async def make_one(**fields: Any) -> Customer:
        return await service.create(db, AIKO, fields, region="SE")

    return make_one


class Screen:
    """Every card as a screen has it that loaded nothing and only followed the event log."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.cards: dict[UUID, dict[str, Any]] = {}
        self.heard: list[tuple[str, list[str], str]] = []
        """Type, changed fields and author of each event."""

    async def follow(self) -> None:
        """Read the log from the start."""
        self.cards, self.heard = {}, []
        async with self._db.transaction() as uow:
            cursor = await uow.conn.execute("select type, topics, payload from event_log where type like 'customer.%' order by pos")
            rows = await cursor.fetchall()
        for kind, topics, payload in rows:
            customer = payload["customer"]
            assert set(topics) == {"customers", f"customer:{customer['id']}"}
            self.cards[UUID(customer["id"])] = customer
            self.heard.append((kind, payload["changed"], payload["by_name"]))

    async def is_complete(self) -> bool:
        """Whether what the events told is what a fresh read gives, for every card."""
        await self.follow()
        async with self._db.transaction() as uow:
            ids = await uow.values("select id from customer")
            fresh = {customer_id: msgspec.to_builtins(await customers.get(uow, customer_id)) for customer_id in ids}
        return fresh == self.cards


@pytest.fixture
def screen(db: Database) -> Screen:
    """A screen that follows the customers' events."""
    return Screen(db)
