"""What can go wrong with the embedded server, each with what to do about it."""

from pathlib import Path


class EmbeddedPostgresError(Exception):
    """Base of every failure of the embedded PostgreSQL.

    `reason` says what was seen, `advice` what the reader can do next; `str()` gives both.
    """

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(f"{reason} {advice}")
        self.reason = reason
        self.advice = advice


class NoBinaries(EmbeddedPostgresError):
    """No PostgreSQL server programs were found in any of the places looked at."""

    def __init__(self, looked_at: list[str]) -> None:
        super().__init__(
            f"No PostgreSQL server programs were found (looked at: {'; '.join(looked_at)}).",
            "Run `make setup`, or install the package `postgresql`, or point RINGDESK_PG_BIN at a folder with initdb, pg_ctl and postgres,"
            " or use an external server with RINGDESK_DATABASE_URL.",
        )


class BinariesDoNotRun(EmbeddedPostgresError):
    """The server programs exist but cannot be used here."""

    def __init__(self, bin_dir: Path, detail: str) -> None:
        super().__init__(
            f"The PostgreSQL programs in {bin_dir} do not run: {detail}",
            "Install the package `postgresql` (15 or newer) and set RINGDESK_PG_BIN to its bin folder,"
            " or use an external server with RINGDESK_DATABASE_URL.",
        )


class DataDirNotWritable(EmbeddedPostgresError):
    """The data directory cannot be made, written or reached by the account that runs the server."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(
            f"The data directory {path} cannot be used: {detail}.",
            "Set RINGDESK_DATA_DIR (or --data-dir) to a folder on a local disk that this account may write,"
            " or change the owner and mode of this one.",
        )


class DiskFull(EmbeddedPostgresError):
    """The file system of the data directory has no room for the server to work."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(
            f"The disk that holds {path} is full: {detail}.",
            "Free some space there (the server needs it to start, nothing was lost), or move the data directory to a larger disk"
            " and set RINGDESK_DATA_DIR.",
        )


class OtherMajorVersion(EmbeddedPostgresError):
    """The stored data were written by another major version of PostgreSQL."""

    def __init__(self, path: Path, *, data_major: int, server_major: int, fitting_bin_dir: Path | None) -> None:
        found = (
            f"set RINGDESK_PG_BIN={fitting_bin_dir} to go on with it"
            if fitting_bin_dir
            else "install it and set RINGDESK_PG_BIN to its bin folder"
        )
        super().__init__(
            f"The data in {path} are of PostgreSQL {data_major}, but the server found here is {server_major}.",
            f"PostgreSQL {data_major} is needed to read them: {found}; to change over, make a `ringdesk backup` with it and"
            f" `ringdesk restore` that into a new data directory.",
        )
        self.data_major = data_major
        self.server_major = server_major


class DataDirInUse(EmbeddedPostgresError):
    """Another PostgreSQL, which we did not start, owns the data directory."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(
            f"The data directory {path} belongs to another PostgreSQL server: {detail}.",
            "Stop that server, or connect to it with RINGDESK_DATABASE_URL, or choose another RINGDESK_DATA_DIR.",
        )


class NoUnprivilegedAccount(EmbeddedPostgresError):
    """We run as root and there is no other account to run the server as (PostgreSQL refuses root)."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"PostgreSQL does not run as root and no other account can be used: {detail}.",
            "Make one (`useradd --system ringdesk`), or run ringdesk as an ordinary user.",
        )


class TrigramsUnusable(EmbeddedPostgresError):
    """The database cuts text so that search of names in Japanese or Swedish would find nothing."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"This database can't search text of every language: {detail}.",
            "It needs the extension pg_trgm and a database made with a UTF-8 locale:"
            " CREATE DATABASE ringdesk TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C.UTF-8'.",
        )


class ServerDidNotStart(EmbeddedPostgresError):
    """The server failed for a reason we don't recognise; its own last words are quoted."""

    def __init__(self, path: Path, last_words: str) -> None:
        super().__init__(
            f"The embedded PostgreSQL in {path} did not start: {last_words or 'it said nothing'}",
            f"Its log is in {path / 'log'}.",
        )
