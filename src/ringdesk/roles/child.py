"""The start of one role inside the tree: `python -m ringdesk.roles.child ROLE`, told its database on standard input."""

import importlib
import os
import socket
import sys

from ringdesk.kit.settings import load_settings
from ringdesk.kit.telemetry import configure_logging
from ringdesk.roles import one

_CODE = {
    "web": ("ringdesk.web.app", "ringdesk.roles.server", "uvicorn.protocols.http.httptools_impl", "uvicorn.lifespan.on"),
    "worker": ("ringdesk.roles.worker", "ringdesk.features.desk"),
    "telephony": ("ringdesk.roles.telephony",),
}


def main(role: str) -> None:
    """Load the role's code while the database starts, then run."""
    settings = load_settings()
    configure_logging(settings.log_level)
    for name in _CODE[role]:
        importlib.import_module(name)
    # Unbuffered: `one` watches the same descriptor for its end.
    dsn = b""
    while not dsn.endswith(b"\n"):
        piece = os.read(sys.stdin.fileno(), 4096)
        if not piece:
            return
        dsn += piece
    given = os.environ.get("RINGDESK_LISTENING_FD")
    listening = socket.socket(fileno=int(given)) if given else None
    one.run(role, settings, dsn.decode().strip(), listening=listening, tied_to_parent=True)


if __name__ == "__main__":
    main(sys.argv[1])
