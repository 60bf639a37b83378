"""The web desktop: its built files, and index.html for every address that is one of its pages."""

import gzip
import mimetypes
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath

from ringdesk.kit.problems import NotFound

STATIC = Path(__file__).parent / "static"
_COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg+xml", "application/manifest+json")
_NOT_BUILT = (
    b"<!doctype html><title>Ringdesk</title><p>The desktop is not built yet: run <code>make setup</code>. The API is at /api/v1.</p>"
)


class Asset(msgspec.Struct, frozen=True):
    """One file, ready to be sent."""

    body: bytes
    gzipped: bytes | None
    kind: str
    etag: str
    # Built names carry a hash of their content: they never change.
    immutable: bool


class Desktop:
    """The files of one build, read once and compressed at their first use."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._folder = folder
        self._cache: dict[str, tuple[int, Asset]] = {}

    def find(self, path: str) -> Asset | None:
        """The file at this path below the build, or None. Nothing outside the folder is ever found."""
        if "\0" in path:
            return None
        file = (self._folder / path.lstrip("/")).resolve()
        if not file.is_relative_to(self._folder.resolve()) or not file.is_file():
            return None
        modified = file.stat().st_mtime_ns
        known = self._cache.get(path)
        if known and known[0] == modified:
            return known[1]
        asset = _read(file, immutable=path.lstrip("/").startswith("assets/"))
        self._cache[path] = (modified, asset)
        return asset


def _read(file: Path, *, immutable: bool) -> Asset:
    body = file.read_bytes()
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if kind == "application/javascript":
        # What is called text gets it with the answer.
        kind += "; charset=utf-8"
    # Level 6: the files are read a few times in a process's life; more would cost the start more than the line gains.
    gzipped = gzip.compress(body, 6) if kind.startswith(_COMPRESSED) and len(body) > 1000 else None
    return Asset(body, gzipped, kind, f'"{sha256(body).hexdigest()[:20]}"', immutable)


desktop = Desktop()


@get(["/", "/{path:path}"], opt={"right": None}, include_in_schema=False, sync_to_thread=False)
def serve_desktop(request: Request[Any, Any, Any], path: FromPath[str] = "/") -> Response[bytes]:
    """A file of the desktop, or its start page for the address of a page."""
    if path.startswith("/api/") or path == "/api":
        raise NotFound(f"There is nothing at {path}.")
    asset = desktop.find(path) if path != "/" else None
    if asset is None:
        if "." in path.rsplit("/", 1)[-1] or path.startswith("/assets/"):
            raise NotFound(f"There is no file {path}.")
        asset = desktop.find("/index.html") or Asset(_NOT_BUILT, None, "text/html", '"not-built"', immutable=False)
    headers = {
        "etag": asset.etag,
        "cache-control": "public, max-age=31536000, immutable" if asset.immutable else "no-cache",
        "vary": "accept-encoding",
    }
    if request.headers.get("if-none-match") == asset.etag:
        return Response(b"", status_code=304, headers=headers)
    if asset.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.gzipped, media_type=asset.kind, headers=headers | {"content-encoding": "gzip"})
    return Response(asset.body, media_type=asset.kind, headers=headers)
