"""The database of a process: the embedded one, or the one that the operator names, at the newest schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from ringdesk import migrations
from ringdesk.kit.settings import Settings


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The connection string of a database that is ready for use, for as long as the block lasts.

    Raises a subclass of EmbeddedPostgresError, psycopg.OperationalError or UnsuitableDatabase, each saying what to do.
    """
    if settings.database_url:
        migrate_if_needed(settings.database_url)
        yield settings.database_url
        return
    from ringdesk.kit.embedded_postgres import EmbeddedPostgres

    with EmbeddedPostgres(settings.data_dir) as server:
        migrate_if_needed(server.dsn)
        yield server.dsn


def migrate_if_needed(dsn: str) -> bool:
    """Bring the schema up to date; whether there was anything to do.

    The check alone takes milliseconds: the migration tools, which take a second to load, are loaded only when needed.
    """
    if _revision(dsn) == newest_revision():
        return False
    from ringdesk.migrations.runner import migrate

    migrate(dsn)
    return True


def newest_revision() -> str:
    """The revision of this program: the number of its last migration."""
    versions = Path(migrations.__path__[0]) / "versions"
    return max(path.name.split("_")[0] for path in versions.glob("[0-9]*.py"))


def _revision(dsn: str) -> str | None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        try:
            row = conn.execute("select version_num from alembic_version").fetchone()
        except psycopg.errors.UndefinedTable:
            return None
    return str(row[0]) if row else None
