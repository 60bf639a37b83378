"""The telephony role: keeps every configured telephone system connected, each by one process only (hot standby by lock)."""

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID

import psycopg
import structlog
from msgspec import Struct

from ringdesk.features import people
from ringdesk.features.telephony import store
from ringdesk.features.telephony.facts import Fact
from ringdesk.features.telephony.port import Connector
from ringdesk.features.telephony.service import Telephony
from ringdesk.features.telephony.store import ConnectionRow
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.eventlog import Bus, Stream

log = structlog.get_logger(__name__)

# A standby waits inside the server for the lock, which is free as soon as the owner's connection is gone; the owner looks
# this often whether it still holds it. That keeps fail-over within a few seconds (bars.md R3: 10 s).
LOCK_INTERVAL_S = 2.0
TOPIC = "telephony"

Factory = Callable[[ConnectionRow, frozenset[str]], Connector]
"""Makes the adapter of a connection for the extensions of our people; the assembly knows which adapter."""


@people.changed.subscribe
async def tell_the_switchboard(uow: UnitOfWork, change: people.Change) -> None:
    """Somebody's extension may have changed: adapters tell telephones from lines by the extensions that people have."""
    if change.entity == "account":
        uow.log_event("telephony.extensions_changed", [TOPIC], {})


class _Wanted(Struct, frozen=True):
    row: ConnectionRow
    extensions: frozenset[str]


class Switchboard:
    """Runs the connectors of all active connections and follows changes of their configuration."""

    def __init__(self, db: Database, bus: Bus, telephony: Telephony, factory: Factory) -> None:
        self._db, self._bus, self._telephony, self._factory = db, bus, telephony, factory
        self._running: dict[UUID, tuple[_Wanted, asyncio.Task[None]]] = {}

    async def run(self) -> None:
        """Until cancelled."""
        news = Stream({TOPIC})
        self._bus.add(news)
        try:
            while True:
                try:
                    await self._follow_configuration()
                except psycopg.OperationalError as problem:
                    log.warning("telephony_configuration_unread", error=str(problem), retry_after_s=LOCK_INTERVAL_S)
                    await asyncio.sleep(LOCK_INTERVAL_S)
                    continue
                await news.queue.get()
        finally:
            self._bus.remove(news)
            for connection_id in list(self._running):
                await self._stop(connection_id)

    async def _follow_configuration(self) -> None:
        async with self._db.transaction() as uow:
            extensions = frozenset(await store.extensions(uow))
            wanted = {row.id: _Wanted(row, extensions) for row in await store.active_connections(uow)}
        for connection_id, (running, _) in list(self._running.items()):
            if wanted.get(connection_id) != running:
                await self._stop(connection_id)
        for connection_id, one in wanted.items():
            if connection_id not in self._running:
                self._running[connection_id] = (one, asyncio.create_task(self._own(one), name=f"telephony {one.row.name}"))

    async def _stop(self, connection_id: UUID) -> None:
        _, task = self._running.pop(connection_id)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def _own(self, wanted: _Wanted) -> None:
        """Be the one process that talks to this telephone system, or wait to become it."""
        row = wanted.row
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._db.dsn, autocommit=True) as lock:
                    await lock.execute("select pg_advisory_lock(hashtextextended(%s, 7205))", [str(row.id)])
                    log.info("telephony_connection_owned", connection=row.name)
                    await self._talk(lock, wanted)
            except psycopg.Error as problem:
                log.warning("telephony_lock_lost", connection=row.name, error=str(problem), retry_after_s=LOCK_INTERVAL_S)
                await asyncio.sleep(LOCK_INTERVAL_S)

    async def _talk(self, lock: psycopg.AsyncConnection[tuple[object, ...]], wanted: _Wanted) -> None:
        connector = self._factory(wanted.row, wanted.extensions)
        talk = asyncio.create_task(connector.run(self._emit), name=f"connector {wanted.row.name}")
        try:
            while not talk.done():
                await asyncio.wait([talk], timeout=LOCK_INTERVAL_S)
                await lock.execute("select 1")
            talk.result()
        finally:
            await connector.stop()
            talk.cancel()
            await asyncio.gather(talk, return_exceptions=True)

    async def _emit(self, facts: Sequence[Fact]) -> None:
        await self._telephony.take(facts)
