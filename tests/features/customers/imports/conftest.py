"""Files that become customers, and what the base then says of them."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ringdesk.features.customers import service as customers
from ringdesk.features.customers.attributes import service as attributes
from ringdesk.features.customers.attributes.schemas import Attribute, NewAttribute
from ringdesk.features.customers.imports import engine, service
from ringdesk.features.customers.imports.engine import Files
from ringdesk.features.customers.imports.schemas import ImportRow
from ringdesk.features.customers.schemas import Customer
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database
from ringdesk.kit.fields import AnyType
from ringdesk.kit.settings import Settings

ADA = Actor(id=None, name="Ada", kind="user", rights=frozenset({"customers:import", "customers:write"}))


class Base:
    """The customers of a test: `bring` imports a file, `card` reads what came of it."""

    def __init__(self, db: Database, settings: Settings, folder: Path) -> None:
        self.db, self.settings, self.folder = db, settings, folder
        self._files = 0

    def file(self, text: str) -> Path:
        """A file with this text."""
        self._files += 1
        path = self.folder / f"customers{self._files}.csv"
        path.write_text(text, encoding="utf-8")
        return path

    async def bring(self, text: str, *, settings: Settings | None = None, **choices: Any) -> ImportRow:
        """Import a file with this text; `key` and `on_duplicate` as asked."""
        begun = await service.register_file(self.db, settings or self.settings, self.file(text), user_name="Ada", **choices)
        row = await engine.run(self.db, self.settings.data_dir, begun.id)
        assert row is not None
        assert row.state == "done", row.detail
        assert row.read == row.created + row.updated + row.ignored + row.refused
        return row

    async def undo(self, row: ImportRow) -> ImportRow:
        """Undo an import to its end."""
        await service.undo(self.db, ADA, row.id)
        undone = await engine.run(self.db, self.settings.data_dir, row.id)
        assert undone is not None
        assert undone.state == "undone", undone.detail
        return undone

    async def refused(self, row: ImportRow) -> str:
        """The file of refused rows."""
        return Files(self.settings.data_dir).refused(row.id).read_text(encoding="utf-8-sig")

    async def value(self, query: Any, *params: Any) -> Any:
        """One value of the database."""
        async with self.db.transaction() as uow:
            return await uow.value(query, list(params))

    async def cards(self) -> dict[str, Customer]:
        """Every card by its name."""
        async with self.db.transaction() as uow:
            found = [await customers.get(uow, one) for one in await uow.values("select id from customer order by number")]
        return {one.display_name: one for one in found if one}

    async def card(self, name: str) -> Customer:
        """The card of this name."""
        return (await self.cards())[name]

    async def edit(self, customer_id: UUID, **values: Any) -> Customer:
        """Change a card as Aiko would."""
        actor = Actor(id=None, name="Aiko", kind="user", rights=frozenset())
        return await customers.edit(self.db, actor, customer_id, values, version=None, region=self.settings.default_region)

    async def attribute(self, label: str, kind: AnyType, **more: Any) -> Attribute:
        """Let the card have one more field."""
        return await attributes.add(self.db, ADA, NewAttribute(label=label, type=kind, **more))


Bring = Callable[..., Awaitable[ImportRow]]


@pytest.fixture
def base(db: Database, settings: Settings, tmp_path: Path) -> Base:
    """Customers that come from files."""
    return Base(db, settings, tmp_path)
