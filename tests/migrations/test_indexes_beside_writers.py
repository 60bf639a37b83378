"""Indexes of big tables are made while others write, and are left alone where they are (docs/recipes/migration.md)."""

import os
from collections.abc import Iterator

import psycopg
import pytest

from ringdesk.migrations.runner import migrate
from tests.support.database import PREFIX, create_database, drop_database

pytestmark = pytest.mark.database
NAMES = ["interaction_candidates", "audit_entry_taken_from", "audit_entry_given_to", "audit_entry_record", "audit_entry_action"]


@pytest.fixture
def empty() -> Iterator[str]:
    """A database without a schema."""
    name = f"{PREFIX}{os.getpid()}_indexes"
    yield create_database(name)
    drop_database(name)


def test_one_that_is_there_is_kept_and_one_that_was_cut_off_is_made_to_its_end(empty: str) -> None:
    migrate(empty, "0020")
    with psycopg.connect(empty, autocommit=True) as conn:
        # As revision 15 made it, part by part under names of PostgreSQL's.
        conn.execute("create index interaction_candidates on interaction using gin (candidates) where candidates <> '{}'")
        kept = conn.execute("select 'interaction_candidates'::regclass::oid").fetchone()
        # As a killed upgrade leaves one.
        conn.execute("create index audit_entry_record on only audit_entry (entity_id, id desc)")
        assert conn.execute("select indisvalid from pg_index where indexrelid = 'audit_entry_record'::regclass").fetchone() == (False,)
    migrate(empty)
    with psycopg.connect(empty, autocommit=True) as conn:
        assert conn.execute("select 'interaction_candidates'::regclass::oid").fetchone() == kept
        valid = conn.execute("select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid where i.indisvalid").fetchall()
        assert set(NAMES) <= {name for (name,) in valid}
        assert conn.execute("select indexrelid::regclass::text from pg_index where not indisvalid").fetchall() == []
        assert conn.execute("select to_regclass('audit_entry_entity')").fetchone() == (None,)
        twice = """select indrelid::regclass, indkey::text, pg_get_expr(indexprs, indrelid), pg_get_expr(indpred, indrelid), indclass::text
                   from pg_index where indrelid::regclass::text like any (array['interaction%', 'audit_entry%']) group by 1, 2, 3, 4, 5
                   having count(*) > 1"""
        assert conn.execute(twice).fetchall() == []
