"""Runs an SQL file inside the current migration."""

from pathlib import Path

from alembic import op


def run_script(path: Path) -> None:
    """Carry out every statement of the file, as written: SQLAlchemy would read `%` and `:` in it."""
    connection = op.get_bind().connection.driver_connection
    if connection is None:
        raise RuntimeError("The migration has no open connection.")
    connection.execute(path.read_text())
