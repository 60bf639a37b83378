"""The unit of work: one transaction per request or job, committed before the answer leaves. docs/subsystems/unit-of-work.md."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Generic, LiteralString, TypeVar

import msgspec
from psycopg import AsyncConnection, AsyncCursor, OperationalError, sql
from psycopg.rows import class_row, scalar_row
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool

from ringdesk.kit.crypto import Vault
from ringdesk.kit.sealed import masked_json

type_ = type
T = TypeVar("T")
Query = LiteralString | bytes | sql.Composed | sql.SQL
Params = Mapping[str, Any] | Sequence[Any] | None

set_json_dumps(msgspec.json.encode)
set_json_loads(msgspec.json.decode)


class LoggedEvent(msgspec.Struct, frozen=True):
    """One visible change, as it will stand in the event log: who hears of it (topics), what it is, and its payload."""

    type: str
    topics: list[str]
    payload: Any


class Answer(Generic[T]):
    """Rows that were asked for; they are waited for when they are read."""

    def __init__(self, cursor: AsyncCursor[T]) -> None:
        self._cursor = cursor

    async def one(self) -> T | None:
        """The first row, or None."""
        return await self._cursor.fetchone()

    async def all(self) -> list[T]:
        """Every row."""
        return await self._cursor.fetchall()


class VaultMissing(RuntimeError):
    """Sensitive values can't be sealed or opened here."""


class UnitOfWork:
    """One open transaction. Statements are pipelined: a write is sent without waiting, a read waits for its rows."""

    def __init__(self, conn: AsyncConnection[Any], vault: Vault | None = None) -> None:
        self.conn = conn
        self.events: list[LoggedEvent] = []
        self._vault = vault

    @property
    def vault(self) -> Vault:
        """What sensitive values in the rows are sealed with. Raises VaultMissing where the program was put together without one."""
        if self._vault is None:
            raise VaultMissing("This program opened its database without the keys of the installation.")
        return self._vault

    async def one(self, kind: type_[T], query: Query, params: Params = None) -> T | None:
        """The first row as a `kind` (fields by column name), or None."""
        return await (await self.ask(kind, query, params)).one()

    async def all(self, kind: type_[T], query: Query, params: Params = None) -> list[T]:
        """Every row as a `kind` (fields by column name)."""
        return await (await self.ask(kind, query, params)).all()

    async def ask(self, kind: type_[T], query: Query, params: Params = None) -> "Answer[T]":
        """Send a query without waiting for its rows: several asked in a row cost one round trip."""
        cursor = self.conn.cursor(row_factory=class_row(kind))
        await cursor.execute(query, params)
        return Answer(cursor)

    async def value(self, query: Query, params: Params = None) -> Any:
        """The first column of the first row, or None without rows."""
        cursor = self.conn.cursor(row_factory=scalar_row)
        await cursor.execute(query, params)
        return await cursor.fetchone()

    async def values(self, query: Query, params: Params = None) -> list[Any]:
        """The first column of every row."""
        cursor = self.conn.cursor(row_factory=scalar_row)
        await cursor.execute(query, params)
        return await cursor.fetchall()

    async def run(self, query: Query, params: Params = None) -> int:
        """Carry out a write and wait for it; the number of rows it touched."""
        async with self.conn.pipeline():  # leaving a nested pipeline waits for its results
            cursor = await self.conn.execute(query, params)
        return cursor.rowcount

    async def send(self, query: Query, params: Params = None) -> None:
        """Queue a write without waiting; its error, if any, is raised by the next read or at the commit."""
        await self.conn.execute(query, params)

    async def reuse_plans(self) -> None:
        """Keep one plan for each statement of this transaction, whatever it is asked with: for those that look for a few rows by an index.

        Over the months of a partitioned table a plan of its own takes ten times as long as the search.
        """
        await self.send("set local plan_cache_mode = force_generic_plan")

    def log_event(self, type: str, topics: list[str], payload: Any) -> None:  # noqa: A002 - the word of the wire contract
        """Note a visible change; it is written and announced by the last statement before the commit.

        `payload` is a msgspec Struct or plain data. Positions are taken in commit order (docs/subsystems/event-log.md).
        """
        self.events.append(LoggedEvent(type, topics, payload))

    async def finish(self) -> None:
        """Write the noted events and commit, in one round trip."""
        if self.events:
            entries = masked_json(msgspec.json.encode(self.events))
            await self.conn.execute("select log_events(%s::jsonb)", [entries.decode()])
        await self.conn.commit()


class Database:
    """A pool of connections to one PostgreSQL."""

    def __init__(self, dsn: str, *, size: int = 12, vault: Vault | None = None) -> None:
        """`dsn` is a libpq connection string or URL; `size` the most connections this process opens; `vault` see `UnitOfWork.vault`."""
        self.dsn = dsn
        self.vault = vault
        # A request waits at most 10 s for a connection: by then its user has given up, and an error frees the queue.
        self.pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
            dsn, min_size=2, max_size=size, open=False, timeout=10, kwargs={"prepare_threshold": 2}
        )

    async def open(self) -> None:
        """Connect. Raises psycopg_pool.PoolTimeout if the server can't be reached within 20 s."""
        await self.pool.open(wait=True, timeout=20)

    async def close(self) -> None:
        """Give every connection back."""
        await self.pool.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[UnitOfWork]:
        """One transaction: committed when the block ends well, rolled back when it raises. A failing commit raises here."""
        try:
            async with self.pool.connection() as conn, conn.pipeline():
                uow = UnitOfWork(conn, self.vault)
                yield uow
                await uow.finish()
        except OperationalError:
            # The server went away, and with it every idle connection: replace them before the next request meets one.
            await self.pool.check()
            raise

    @asynccontextmanager
    async def single(self) -> AsyncIterator[UnitOfWork]:
        """Every statement by itself, committed at once: for one read, or one write that nothing else depends on.

        It saves the round trips of BEGIN and COMMIT. No events can be logged here.
        """
        try:
            async with self.pool.connection() as conn:
                await conn.set_autocommit(True)
                try:
                    yield UnitOfWork(conn, self.vault)
                finally:
                    await conn.set_autocommit(False)
        except OperationalError:
            await self.pool.check()
            raise

    @asynccontextmanager
    async def bulk(self) -> AsyncIterator[UnitOfWork]:
        """Like `transaction`, without pipelining: for COPY, which PostgreSQL doesn't take in a pipeline."""
        async with self.pool.connection() as conn:
            uow = UnitOfWork(conn, self.vault)
            yield uow
            await uow.finish()
