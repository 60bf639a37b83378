"""Runs a command with RINGDESK_TEST_DATABASE_URL naming a private cluster of the oldest supported PostgreSQL of this machine's packages.

    with_oldest_postgres.py COMMAND [ARGUMENT ...]

The cluster lives in a temporary folder and ends with the command. Fails when there is no packaged server of version 15 or newer.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ringdesk.kit.embedded_postgres import EmbeddedPostgres

PACKAGED = Path("/usr/lib/postgresql")
OLDEST_SUPPORTED = 15


def main(command: list[str]) -> int:
    """The exit status of the command."""
    versions = sorted(int(path.parents[1].name) for path in PACKAGED.glob("*/bin/initdb") if path.parents[1].name.isdigit())
    wanted = next((version for version in versions if version >= OLDEST_SUPPORTED), None)
    if wanted is None:
        print(f"no PostgreSQL {OLDEST_SUPPORTED} or newer in {PACKAGED}: apt-get install postgresql", file=sys.stderr)
        return 1
    os.environ["RINGDESK_PG_BIN"] = str(PACKAGED / str(wanted) / "bin")
    with tempfile.TemporaryDirectory(prefix="ringdesk-oldest-") as folder:
        # The server's account, when we are root, must pass through it.
        Path(folder).chmod(0o711)
        with EmbeddedPostgres(Path(folder), durable=False) as server:
            # The command must find the embedded server's own programs again, where it tests those.
            environment = {name: value for name, value in os.environ.items() if name != "RINGDESK_PG_BIN"}
            print(f"on PostgreSQL {wanted}", flush=True)
            return subprocess.run(command, env={**environment, "RINGDESK_TEST_DATABASE_URL": server.dsn}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
