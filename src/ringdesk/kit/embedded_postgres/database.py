"""What every database of Ringdesk must be able to do, embedded or external."""

import time

import psycopg
from psycopg import sql

from .errors import TrigramsUnusable

# Names that a database with a locale other than UTF-8 loses or cuts: a word of n letters has n + 1 trigrams.
SAMPLES = ("山田", "Åsa")


def require_trigrams(dsn: str) -> None:
    """Makes sure that the extension pg_trgm is there and works for every language.

    Errors: TrigramsUnusable; psycopg.OperationalError when the database can't be reached.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        _require_trigrams(connection)


def open_for_business(dsn: str, *, admin_dsn: str, database: str, patience_s: float) -> None:
    """Makes the database if it is missing and checks it; waits up to `patience_s` seconds for a server that is still starting.

    Errors: TrigramsUnusable; psycopg.OperationalError after that time.
    """
    give_up = time.monotonic() + patience_s
    while True:
        try:
            return require_trigrams(dsn)
        except psycopg.OperationalError as error:
            if f'database "{database}" does not exist' in str(error):
                with psycopg.connect(admin_dsn, autocommit=True) as connection:
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
            elif time.monotonic() > give_up:
                raise
            else:
                time.sleep(0.05)


def _require_trigrams(connection: psycopg.Connection) -> None:
    try:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except psycopg.Error as error:
        raise TrigramsUnusable(f"the extension pg_trgm can't be installed ({error.diag.message_primary})") from error
    for sample in SAMPLES:
        row = connection.execute("SELECT show_trgm(%s)", [sample]).fetchone()
        trigrams: list[str] = row[0] if row else []
        if len(trigrams) != len(sample) + 1:
            raise TrigramsUnusable(f"for the name {sample} it finds {len(trigrams)} of {len(sample) + 1} trigrams")
