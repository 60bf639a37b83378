"""A PostgreSQL server that Ringdesk brings, starts and stops by itself.

    with EmbeddedPostgres(data_dir) as server:
        connect(server.dsn)

See docs/adr/0010-embedded-postgresql.md for why it works as it does.
"""

from .errors import (
    BinariesDoNotRun,
    DataDirInUse,
    DataDirNotWritable,
    DiskFull,
    EmbeddedPostgresError,
    NoBinaries,
    NoUnprivilegedAccount,
    OtherMajorVersion,
    ServerDidNotStart,
    TrigramsUnusable,
)
from .server import EmbeddedPostgres

__all__ = [
    "BinariesDoNotRun",
    "DataDirInUse",
    "DataDirNotWritable",
    "DiskFull",
    "EmbeddedPostgres",
    "EmbeddedPostgresError",
    "NoBinaries",
    "NoUnprivilegedAccount",
    "OtherMajorVersion",
    "ServerDidNotStart",
    "TrigramsUnusable",
]
