"""The server's configuration files, sized for a machine that the database shares with Ringdesk itself."""

import os
from pathlib import Path

MIB = 1024 * 1024
ROLE = "ringdesk"
DATABASE = "ringdesk"
PORT = 5432  # Only names the socket file; nothing listens on the network.


def memory_bytes() -> int:
    """Memory this process may use: the machine's, or less when its control group limits it."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            text = Path(limit).read_text(encoding="ascii").strip()
        except OSError:
            continue
        if text.isdigit():
            return min(physical, int(text))
    return physical


def _between(low: int, value: int, high: int) -> int:
    return max(low, min(value, high))


def server_settings(memory: int, *, durable: bool) -> dict[str, str]:
    """Settings for postgresql.conf. `memory` in bytes; `durable=False` gives up crash safety for the speed of tests.

    Sources: PostgreSQL 18 manual chapter 19 (resource use: a quarter of the memory when the machine is the database's alone;
    an eighth here because Ringdesk's processes and the page cache share it).
    """
    mib = memory // MIB
    shared = _between(128, mib // 8, 4096) if durable else 128
    settings = {
        "listen_addresses": "''",
        "port": str(PORT),
        "unix_socket_permissions": "0700",
        # Several roles of ringdesk with pools of up to 20, listeners, jobs, and room for psql and backups.
        "max_connections": "200",
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{_between(256, mib // 2, 65536)}MB",
        "work_mem": f"{_between(4, mib // 512, 64)}MB",
        "maintenance_work_mem": f"{_between(64, mib // 32, 1024)}MB",
        "max_wal_size": "2GB",
        # A new card touches some forty pages of indexes; to compress each after every checkpoint took twice as long as to write them
        # (bench/p5_create.py at a million customers: 736 against 359 bare INSERTs a second).
        "wal_compression": "off",
        "random_page_cost": "1.1",
        # Our statements are short; compiling one costs more than running it.
        "jit": "off",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "lc_messages": "'C.UTF-8'",
        "password_encryption": "scram-sha-256",
        # Statements and details may hold customers' data, which doesn't belong in a log.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        # One file per weekday, overwritten a week later: the log is bounded without any outside tool.
        "logging_collector": "on",
        "log_directory": "'../log'",
        "log_filename": "'server-%a.log'",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "1h"}
    return settings


def write_configuration(cluster: Path, settings: dict[str, str], users: list[str]) -> list[Path]:
    """Writes postgresql.conf, pg_hba.conf and pg_ident.conf; returns the files written.

    `users` are the operating-system users who may connect (the kernel names the peer of a unix socket, so no password is stored).
    An `override.conf` beside them, when there, has the last word.
    """
    texts = {
        "postgresql.conf": "# Written anew by ringdesk at each start; put your own settings into override.conf in this folder.\n"
        + "".join(f"{name} = {value}\n" for name, value in settings.items())
        + "include_if_exists 'override.conf'\n",
        "pg_hba.conf": "local all all peer map=ringdesk\nlocal replication all peer map=ringdesk\n",
        "pg_ident.conf": "".join(f'ringdesk "{user}" {ROLE}\n' for user in users),
    }
    for name, text in texts.items():
        path = cluster / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
    return [cluster / name for name in texts]
