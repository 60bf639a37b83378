"""Months have their partitions, also after a long absence."""

from ringdesk.kit.db import Database


async def test_a_month_is_made_although_rows_of_it_are_stored(db: Database) -> None:
    async with db.transaction() as uow:
        month = await uow.value("select (date_trunc('month', now() at time zone 'utc') + interval '5 months')::date")
        key = await uow.value("select (left(month_floor(%s)::text, 35) || '1')::uuid", [month])
        await uow.run(
            "insert into interaction (id, channel, direction, started_at, type, state, source)"
            " values (%s, 'voice', 'inbound', now(), 'ivr', 'ended', 'test')",
            [key],
        )
        assert await uow.value("select tableoid::regclass::text from interaction where id = %s", [key]) == "interaction_other"

        for _ in range(2):
            await uow.run("select make_month_partitions(6)")

        lies_in = await uow.value("select tableoid::regclass::text from interaction where id = %s", [key])
        assert lies_in == await uow.value("select 'interaction_' || to_char(%s::date, 'YYYYMM')", [month])
        await uow.conn.execute("update interaction set state = 'ended' where id = %s", [key])
