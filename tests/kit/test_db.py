"""The unit of work: all or nothing, and what it says when the database fails."""

import msgspec
import psycopg
import pytest

from ringdesk.kit.db import Database


class Setting(msgspec.Struct):
    key: str
    value: object


async def put(db: Database, key: str, value: str) -> None:
    async with db.transaction() as uow:
        await uow.run("insert into setting (key, value) values (%s, to_jsonb(%s::text))", [key, value])


async def count(db: Database) -> int:
    async with db.transaction() as uow:
        return await uow.value("select count(*) from setting where key like 'test.%%'", [])


async def test_what_was_written_is_there_after_the_block(db: Database) -> None:
    await put(db, "test.a", "x")
    async with db.transaction() as uow:
        assert await uow.one(Setting, "select key, value from setting where key = %s", ["test.a"]) == Setting("test.a", "x")
        assert await uow.all(Setting, "select key, value from setting where key = 'test.none'") == []
        assert await uow.one(Setting, "select key, value from setting where key = 'test.none'") is None
        assert await uow.value("select value from setting where key = 'test.none'") is None
        assert await uow.values("select n from generate_series(1, 3) n") == [1, 2, 3]


async def test_an_exception_in_the_block_undoes_everything_events_too(db: Database) -> None:
    async def fail() -> None:
        async with db.transaction() as uow:
            await uow.run("insert into setting (key, value) values ('test.a', '1')")
            uow.log_event("test.happened", ["customers"], {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await count(db) == 0
    async with db.transaction() as uow:
        assert await uow.value("select count(*) from event_log") == 0


async def test_a_queued_write_that_fails_raises_at_the_end_and_undoes_everything(db: Database) -> None:
    async def write() -> None:
        async with db.transaction() as uow:
            await uow.send("insert into setting (key, value) values ('test.a', '1')")
            await uow.send("insert into setting (key) values ('test.b')")
            uow.log_event("test.happened", ["customers"], {})

    with pytest.raises(psycopg.errors.NotNullViolation):
        await write()
    assert await count(db) == 0
    async with db.transaction() as uow:
        assert await uow.value("select count(*) from event_log") == 0


async def test_a_write_that_is_waited_for_raises_where_it_stands(db: Database) -> None:
    async def write() -> None:
        async with db.transaction() as uow:
            with pytest.raises(psycopg.errors.NotNullViolation):
                await uow.run("insert into setting (key) values ('test.b')")
            await uow.run("select 1")

    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        await write()


async def test_a_constraint_that_is_checked_at_the_commit_raises_from_the_block(db: Database) -> None:
    async with db.transaction() as uow:
        await uow.run("create table known (n int primary key)")
        await uow.run("create table late (n int references known deferrable initially deferred)")

    async def write() -> None:
        async with db.transaction() as uow:
            await uow.run("insert into late values (7)")
            uow.log_event("test.happened", ["customers"], {})

    try:
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            await write()
        async with db.transaction() as uow:
            assert await uow.value("select count(*) from late") == 0
            assert await uow.value("select count(*) from event_log") == 0
    finally:
        async with db.transaction() as uow:
            await uow.run("drop table late, known")


async def test_run_tells_how_many_rows_it_touched(db: Database) -> None:
    await put(db, "test.a", "x")
    await put(db, "test.b", "x")
    async with db.transaction() as uow:
        assert await uow.run("delete from setting where key like 'test.%%'", []) == 2


async def test_after_the_server_cut_every_connection_the_next_transaction_works(db: Database, database_dsn: str) -> None:
    own = Database(database_dsn, size=2)
    await own.open()
    try:
        async with own.transaction() as uow:
            await uow.value("select 1")
        async with db.transaction() as uow:
            pids = [conn.info.backend_pid for conn in own.pool._pool]
            await uow.values("select pg_terminate_backend(pid) from unnest(%s::int[]) pid", [pids])
        with pytest.raises(psycopg.OperationalError):
            async with own.transaction() as uow:
                await uow.value("select 1")
        async with own.transaction() as uow:
            assert await uow.value("select 1") == 1
    finally:
        await own.close()


async def test_bulk_copies_and_commits_with_its_events(db: Database) -> None:
    async with db.bulk() as uow:
        async with uow.conn.cursor().copy("copy setting (key, value) from stdin") as copy:
            for number in range(3):
                await copy.write_row((f"test.{number}", "1"))
        uow.log_event("test.copied", ["imports"], {"rows": 3})
    assert await count(db) == 3
    async with db.transaction() as uow:
        assert await uow.value("select payload->>'rows' from event_log") == "3"
