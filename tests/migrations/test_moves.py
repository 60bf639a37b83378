"""Migrations that move data: rows that a user would have, before, and what the user sees afterwards."""

import os
from collections.abc import Iterator

import psycopg
import pytest

from ringdesk.migrations.runner import migrate
from tests.support.database import PREFIX, create_database, drop_database

pytestmark = pytest.mark.database


@pytest.fixture
def empty() -> Iterator[str]:
    """A database without a schema."""
    name = f"{PREFIX}{os.getpid()}_moves"
    yield create_database(name)
    drop_database(name)


def test_the_last_contact_moves_with_the_customer(empty: str) -> None:
    migrate(empty, "0004")
    with psycopg.connect(empty) as conn:
        conn.execute(
            "insert into customer (id, display_name, sort_name, last_contact_at, last_contact_channel, last_contact_agent) values"
            " (gen_random_uuid(), 'Emma', 'emma', '2026-11-20T10:00:00Z', 'email', 'Aiko'),"
            " (gen_random_uuid(), 'Edward', 'edward', '2026-11-21T10:00:00Z', null, null),"
            " (gen_random_uuid(), 'Never', 'never', null, null, null)"
        )

    migrate(empty)

    with psycopg.connect(empty) as conn:
        moved = conn.execute(
            "select c.display_name, to_char(k.at at time zone 'utc', 'DD HH24:MI'), k.channel, k.agent"
            " from customer c left join customer_contact k on k.customer_id = c.id order by c.sort_name"
        ).fetchall()
    assert moved == [("Edward", "21 10:00", "voice", None), ("Emma", "20 10:00", "email", "Aiko"), ("Never", None, None, None)]


def test_cards_that_were_there_are_in_the_order_of_their_addresses(empty: str) -> None:
    migrate(empty, "0020")
    with psycopg.connect(empty) as conn:
        conn.execute(
            """insert into customer (id, display_name, sort_name, addresses) values
               (gen_random_uuid(), 'Emma', 'emma', '[{"street": "Ås 2", "country": "SE"}, {"street": "Bo 1", "primary": true}]'),
               (gen_random_uuid(), 'Edward', 'edward', '[{"street": "Ås 1", "country": "SE", "primary": true}]'),
               (gen_random_uuid(), 'Never', 'never', '[]')"""
        )

    migrate(empty)

    with psycopg.connect(empty) as conn:
        found = conn.execute(
            "select n.name, c.display_name from customer_order o join customer_order_column n on n.id = o.column_id"
            " join customer c on c.id = o.customer_id order by n.name, o.value"
        ).fetchall()
    assert found == [("country", "Edward"), ("street", "Emma"), ("street", "Edward")]
