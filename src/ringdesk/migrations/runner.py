"""Brings a database to the newest schema; several processes may try at once."""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

# Any constant will do, as long as every process takes the same lock before it migrates.
MIGRATION_LOCK = 7200


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def migrate(dsn: str, revision: str = "head") -> None:
    """Run the missing migrations up to `revision` on the database at `dsn` (libpq string or URL), one process at a time.

    Raises UnsuitableDatabase when the server cannot serve Ringdesk.
    """
    _refuse_unsuitable(dsn)
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(dsn), poolclass=NullPool)
    config = _config()
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
        connection.commit()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.execute(text("select pg_advisory_unlock(:lock)"), {"lock": MIGRATION_LOCK})
        connection.commit()


def newest_revision() -> str:
    """The revision that this program expects a database to be at."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("The package was installed without its migrations.")
    return head


class UnsuitableDatabase(RuntimeError):
    """The database server lacks something that Ringdesk needs; the text says what and how to get it."""


def _refuse_unsuitable(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        if conn.info.server_version < 150000:
            raise UnsuitableDatabase(f"PostgreSQL 15 or newer is needed; this server is {conn.info.server_version // 10000}.")
        conn.execute("create extension if not exists pg_trgm")
        row = conn.execute("select show_trgm('山田')").fetchone()
        if not row or not row[0]:
            raise UnsuitableDatabase(
                "This database cannot search Japanese or Swedish text: its LC_CTYPE leaves their trigrams empty."
                " Make one with: create database ringdesk encoding 'UTF8' locale 'C.UTF-8' template template0."
            )
