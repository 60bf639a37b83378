"""The figures of docs/adr/0002: the same two jobs through SQLAlchemy's ORM, its Core, and psycopg with our unit of work.

Write: one transaction like the creation of a customer: a customer, three identities, one entry of the event log.
Read: one customer by its key, in a transaction. One client, then eight at once.
"""

import asyncio
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec
from measure import CACHE, Report, Row, ms, percentile, say
from sqlalchemy import ForeignKey, Text, Uuid, bindparam, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from ringdesk.kit.db import Database
from ringdesk.kit.embedded_postgres import EmbeddedPostgres
from ringdesk.kit.ids import new_id
from ringdesk.migrations.runner import migrate

JOBS = 400
Job = Callable[[int], Awaitable[object]]


class Base(DeclarativeBase):
    """The tables as SQLAlchemy's ORM sees them."""


class CustomerRow(Base):
    """The columns of `customer` that the jobs use."""

    __tablename__ = "customer"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    first_name: Mapped[str] = mapped_column(Text)
    last_name: Mapped[str] = mapped_column(Text)
    display_name: Mapped[str] = mapped_column(Text)
    sort_name: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text)
    addresses: Mapped[Any] = mapped_column(JSONB, default=list)
    attributes: Mapped[Any] = mapped_column(JSONB, default=dict)
    identities: Mapped[list["IdentityRow"]] = relationship(lazy="raise")


class IdentityRow(Base):
    """The columns of `customer_identity` that the jobs use."""

    __tablename__ = "customer_identity"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("customer.id"))
    kind: Mapped[str] = mapped_column(Text)
    raw: Mapped[str] = mapped_column(Text)
    normalised: Mapped[str] = mapped_column(Text)
    position: Mapped[int]


class Card(msgspec.Struct):
    """The columns that the read fetches."""

    id: UUID
    first_name: str
    last_name: str
    display_name: str
    sort_name: str
    search_text: str
    addresses: list[Any]
    attributes: dict[str, Any]


LOG = text("select log_events(:entries)").bindparams(bindparam("entries", type_=JSONB))
INSERT = "insert into customer (id, first_name, last_name, display_name, sort_name, search_text) values (%s, %s, %s, %s, %s, %s)"
IDENTITY = "insert into customer_identity (id, customer_id, kind, raw, normalised, position) values (%s, %s, %s, %s, %s, %s)"


def _names(i: int) -> tuple[str, str, str, str, str]:
    return ("Aiko", f"Tanaka {i}", f"Aiko Tanaka {i}", f"aiko tanaka {i}", f"aiko tanaka {i} +44207946{i:04}")


def _identities(customer: UUID, i: int) -> list[tuple[UUID, UUID, str, str, str, int]]:
    return [(new_id(), customer, "phone", f"020 7946 {i}{n}", f"+44207946{i:05}{n}", n) for n in (1, 2, 3)]


def _event(customer: UUID) -> dict[str, object]:
    return {"type": "customer.created", "topics": ["customers", f"customer:{customer}"], "payload": {"customer": str(customer)}}


def orm(engine: AsyncEngine, ids: list[UUID]) -> tuple[Job, Job]:
    """The jobs through the ORM."""
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def write(i: int) -> None:
        first, last, display, sort, search = _names(i)
        key = new_id()
        identities = [IdentityRow(id=a, customer_id=b, kind=c, raw=d, normalised=e, position=f) for a, b, c, d, e, f in _identities(key, i)]
        async with sessions() as session, session.begin():
            session.add(
                CustomerRow(
                    id=key,
                    first_name=first,
                    last_name=last,
                    display_name=display,
                    sort_name=sort,
                    search_text=search,
                    identities=identities,
                )
            )
            await session.flush()
            await session.execute(LOG, {"entries": [_event(key)]})

    async def read(i: int) -> CustomerRow | None:
        session: AsyncSession
        async with sessions() as session, session.begin():
            return await session.get(CustomerRow, ids[i % len(ids)])

    return write, read


def core(engine: AsyncEngine, ids: list[UUID]) -> tuple[Job, Job]:
    """The jobs through Core, with the read made into a Struct."""
    columns = [getattr(CustomerRow, name) for name in Card.__struct_fields__]

    async def write(i: int) -> None:
        first, last, display, sort, search = _names(i)
        key = new_id()
        values = {"id": key, "first_name": first, "last_name": last, "display_name": display, "sort_name": sort, "search_text": search}
        names = ("id", "customer_id", "kind", "raw", "normalised", "position")
        async with engine.begin() as conn:
            await conn.execute(insert(CustomerRow), [values | {"addresses": [], "attributes": {}}])
            await conn.execute(insert(IdentityRow), [dict(zip(names, row, strict=True)) for row in _identities(key, i)])
            await conn.execute(LOG, {"entries": [_event(key)]})

    async def read(i: int) -> Card | None:
        async with engine.begin() as conn:
            row = (await conn.execute(select(*columns).where(CustomerRow.id == ids[i % len(ids)]))).one_or_none()
            return Card(*row) if row else None

    return write, read


def psycopg_pipelined(db: Database, ids: list[UUID]) -> tuple[Job, Job]:
    """The jobs through the unit of work of kit/db.py."""

    async def write(i: int) -> None:
        key = new_id()
        async with db.transaction() as uow:
            await uow.send(INSERT, [key, *_names(i)])
            for row in _identities(key, i):
                await uow.send(IDENTITY, row)
            uow.log_event("customer.created", ["customers", f"customer:{key}"], {"customer": key})

    async def read(i: int) -> Card | None:
        async with db.transaction() as uow:
            return await uow.one(
                Card,
                "select id, first_name, last_name, display_name, sort_name, search_text, addresses, attributes from customer where id = %s",
                [ids[i % len(ids)]],
            )

    return write, read


async def timed(job: Job, clients: int) -> tuple[float, float, float]:
    """p50 and p99 in seconds, and jobs a second, of JOBS jobs by this many clients."""
    took: list[float] = []
    counter = iter(range(JOBS))

    async def client() -> None:
        for i in counter:
            started = time.perf_counter()
            await job(i)
            took.append(time.perf_counter() - started)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return percentile(took, 0.5), percentile(took, 0.99), JOBS / (time.perf_counter() - began)


async def compare(dsn: str) -> Report:
    """Measure everything on the database behind `dsn`."""
    report = Report(bench="adr_sqlalchemy_vs_psycopg")
    db = Database(dsn, size=8)
    await db.open()
    ids = [new_id() for _ in range(1000)]
    async with db.bulk() as uow, uow.conn.cursor() as cursor:
        await cursor.executemany(INSERT, [(key, *_names(i)) for i, key in enumerate(ids)])
    engine = create_async_engine(dsn.replace("postgresql://", "postgresql+psycopg://", 1), pool_size=8, max_overflow=0)
    ways = {"psycopg": psycopg_pipelined(db, ids), "Core": core(engine, ids), "ORM": orm(engine, ids)}
    for clients in (1, 8):
        for place, job in enumerate(("write", "read")):
            best: tuple[float, float, float] | None = None
            for name, jobs in ways.items():
                say(f"{job} through {name}, {clients} clients")
                await timed(jobs[place], clients)  # warms statements, plans and pools
                p50, p99, rate = await timed(jobs[place], clients)
                best = best or (p50, p99, rate)
                baseline = "" if name == "psycopg" else f"{best[2] / rate:.1f}x fewer than psycopg"
                report.rows.append(
                    Row(
                        name=f"{job}: {name}",
                        load=f"{clients} clients",
                        value=f"p50 {ms(p50)}, p99 {ms(p99)}, {rate:.0f}/s",
                        baseline=baseline,
                    )
                )
    await engine.dispose()
    await db.close()
    return report


def main() -> int:
    """Measure on an embedded server of its own, with a disk that is waited for."""
    folder = CACHE / "adr_sqlalchemy_vs_psycopg"
    shutil.rmtree(folder, ignore_errors=True)
    with EmbeddedPostgres(folder) as server:
        migrate(server.dsn)
        return asyncio.run(compare(server.dsn)).close()


if __name__ == "__main__":
    sys.exit(main())
