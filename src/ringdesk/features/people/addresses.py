"""Where a request comes from."""

from collections.abc import Mapping
from typing import Any


def client_address(scope: Mapping[str, Any], *, trusted_proxies: int) -> str:
    """The client's network address; with proxies in front, the entry of X-Forwarded-For that the outermost of ours wrote."""
    peer: tuple[str, int] | None = scope.get("client")
    seen = [peer[0] if peer else "unknown"]
    for name, value in scope["headers"]:
        if name == b"x-forwarded-for":
            seen = [part.strip() for part in value.decode("latin-1").split(",")] + seen
    return seen[max(len(seen) - 1 - trusted_proxies, 0)][:64]
