"""Interactions from before they told their agents and tags are found by both (product.md 3.9)."""

from uuid import UUID

import psycopg

from ringdesk.kit import ids
from ringdesk.migrations.runner import migrate
from tests.support import database

AGENT = UUID("01890000-0000-7000-8000-00000000000a")


def test_an_upgrade_writes_agents_and_tags_and_leaves_no_index_half_made() -> None:
    dsn = database.create_database("ringdesk_test_found_by")
    migrate(dsn, "0016")
    call = ids.new_id()
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(
            "insert into interaction (id, channel, direction, started_at, type, state, source)"
            " values (%s, 'voice', 'inbound', now(), 'agent', 'ended', 'events')",
            [call],
        )
        for kind, agent, tags in (("agent", AGENT, ["Återköp", "vip"]), ("ivr", None, ["VIP"]), ("wrap_up", UUID(int=1), [])):
            conn.execute(
                "insert into activity (id, interaction_id, kind, agent_id, tags, started_at) values (%s, %s, %s, %s, %s, now())",
                [ids.new_id(), call, kind, agent, tags],
            )
    migrate(dsn)
    with psycopg.connect(dsn, autocommit=True) as conn:
        found = conn.execute("select agents, tags from interaction where id = %s", [call]).fetchone()
        assert found
        assert (found[0], sorted(found[1])) == ([AGENT], ["aterkop", "vip"])
        assert conn.execute("select indexrelid::regclass::text from pg_index where not indisvalid").fetchall() == []
    database.drop_database("ringdesk_test_found_by")
