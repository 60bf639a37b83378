"""Settings of one installation, from `RINGDESK_*` environment variables. docs/guide/operators.md has them in one table."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator may set; every field is the variable RINGDESK_<FIELD>."""

    data_dir: Path
    """Where the embedded database, the secret key and uploaded files live."""
    database_url: str | None = None
    """An external PostgreSQL 15 or newer (`postgresql://...`); without it the embedded one is used."""
    host: str = "127.0.0.1"
    port: int = 8080
    default_region: str = "GB"
    """ISO 3166 region in which a number without a country code is read (product.md 1.3)."""
    duplicates: Literal["allow", "warn", "refuse"] = "allow"
    """What happens when a customer is given a number or e-mail that another has: nothing, a question, a refusal (product.md 1.4)."""
    pop_at: Literal["ringing", "answer"] = "ringing"
    """When the caller's card opens: as the telephone rings, or when the agent answers (product.md 4.5)."""
    unknown_caller: Literal["form", "card"] = "form"
    """What an unknown caller gets when an agent's telephone rings: a form to fill in, or a card at once (product.md 4.5)."""
    secret_key: str | None = None
    """Keys for encryption at rest, newest first, comma separated; without it they are read from `secret_key_file`."""
    secret_key_file: Path | None = None
    """Default: `secret.key` in the data directory, made at the first start."""
    recording_hosts: str = ""
    """Servers in our own network that keep recordings (`name` or `name:port`, comma separated); all others must have public addresses."""
    secure_cookies: bool = False
    """Set when the desktop is served over HTTPS: the session cookie is then sent over HTTPS only."""
    trusted_proxies: int = 0
    """How many reverse proxies stand in front (their X-Forwarded-For entries are believed)."""
    log_level: str = "INFO"
    pool_size: int = 12
    """Connections of one process to PostgreSQL: on 2 cores more than 12 only queue inside the server."""


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """/var/lib/ringdesk for root, else the user's XDG data directory."""
    if os.geteuid() == 0:
        return Path("/var/lib/ringdesk")
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "ringdesk"


def load_settings(environ: Mapping[str, str] = os.environ, **overrides: object) -> Settings:
    """Settings from the environment, `overrides` (not None) first. Raises SettingsError naming every bad variable."""
    raw: dict[str, object] = {"data_dir": default_data_dir(environ)}
    for field in Settings.__struct_fields__:
        if value := environ.get(f"RINGDESK_{field.upper()}"):
            raw[field] = value
    raw |= {key: value for key, value in overrides.items() if value is not None}
    bad: list[str] = []
    for info in msgspec.structs.fields(Settings):
        if info.name in raw:
            try:
                raw[info.name] = msgspec.convert(raw[info.name], info.type, strict=False, dec_hook=_path)
            except msgspec.ValidationError as problem:
                bad.append(f"RINGDESK_{info.name.upper()}: {problem}")
    if bad:
        raise SettingsError("; ".join(bad))
    return Settings(**raw)  # pyright: ignore[reportArgumentType]  # each value was converted to its field's type above


class SettingsError(ValueError):
    """A RINGDESK_* variable has a value that cannot be used."""


def _path(kind: type, value: object) -> object:
    return Path(str(value)).expanduser() if kind is Path else value
