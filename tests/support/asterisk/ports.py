"""Free ports on 127.0.0.1 that stay free for a while.

They are taken from below the range from which the kernel hands out ports for outgoing
connections, so that a PBX that was killed finds its ports again when it restarts.
"""

from __future__ import annotations

import random
import socket
from typing import Final

_FIRST: Final = 20_000
_LAST: Final = 32_000
# A machine on which this many random ports are all taken has another problem.
_TRIES: Final = 200


def free_port(kind: socket.SocketKind) -> int:
    """A port on which nobody listens now (``SOCK_STREAM`` or ``SOCK_DGRAM``).

    Raises:
        RuntimeError: none was found.
    """
    for _ in range(_TRIES):
        port = random.randint(_FIRST, _LAST)
        if _is_free(port, kind):
            return port
    raise RuntimeError(f"no free port between {_FIRST} and {_LAST}")


def free_udp_block(size: int) -> int:
    """The first of ``size`` neighbouring free UDP ports, starting at an even one (for RTP)."""
    for _ in range(_TRIES):
        first = random.randrange(_FIRST, _LAST - size, 2)
        if all(_is_free(port, socket.SOCK_DGRAM) for port in range(first, first + size)):
            return first
    raise RuntimeError(f"no {size} neighbouring free UDP ports between {_FIRST} and {_LAST}")


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            # A port on which only finished connections linger can be listened on again.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
