"""Uploaded recordings as files in the data directory, under names that say nothing."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from ringdesk.features.interactions.recordings.errors import UnusableRecording
from ringdesk.features.interactions.recordings.rules import Part, media_type_of, suffix_of

LARGEST = 256 * 1024 * 1024
"""Bytes of one recording: four hours of uncompressed telephone speech, or a day of Opus."""
_PIECE = 256 * 1024
_HEAD = 16


def folder(data_dir: Path) -> Path:
    """Where recordings lie."""
    return data_dir / "recordings"


def path_of(data_dir: Path, file: str) -> Path:
    """Where the file of this name lies; a folder for each of 256 beginnings keeps them small."""
    return folder(data_dir) / file[:2] / file


async def keep(data_dir: Path, pieces: AsyncIterator[bytes]) -> tuple[str, str, int]:
    """Write an upload to a new file; its name, what it is, and its size. Raises UnusableRecording, and then leaves nothing."""
    name = secrets.token_hex(16)
    path = path_of(data_dir, name)
    await asyncio.to_thread(_make_folder, path.parent)
    file = await asyncio.to_thread(_create, path)
    try:
        media_type, size = await _write(file, pieces)
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise
    finally:
        await asyncio.to_thread(file.close)
    return name, media_type, size


async def _write(file: BinaryIO, pieces: AsyncIterator[bytes]) -> tuple[str, int]:
    head, size = b"", 0
    async for piece in pieces:
        head += piece[: max(0, _HEAD - len(head))]
        size += len(piece)
        if size > LARGEST:
            raise UnusableRecording("too_large", f"A recording has at most {LARGEST // 1024 // 1024} MB. Send it as Opus or MP3.")
        await asyncio.to_thread(file.write, piece)
    media_type = media_type_of(head)
    if media_type is None:
        raise UnusableRecording("not_a_recording", "Send a WAV, MP3, Ogg, Opus or M4A file; this is none, whatever it is called.")
    await asyncio.to_thread(_settle, file)
    return media_type, size


async def drop(data_dir: Path, files: list[str]) -> None:
    """Delete these files; one that is gone already is no failure."""
    for name in files:
        await asyncio.to_thread(path_of(data_dir, name).unlink, missing_ok=True)


async def read(path: Path, part: Part) -> AsyncIterator[bytes]:
    """A part of a file, piece by piece."""
    file = await asyncio.to_thread(path.open, "rb")
    try:
        await asyncio.to_thread(file.seek, part.first)
        left = part.last - part.first + 1
        while left > 0 and (piece := await asyncio.to_thread(file.read, min(_PIECE, left))):
            left -= len(piece)
            yield piece
    finally:
        await asyncio.to_thread(file.close)


async def whole(data_dir: Path, *, file: str) -> AsyncIterator[bytes]:
    """A file from its beginning to its end, piece by piece; nothing of one that was removed a moment ago."""
    path = path_of(data_dir, file)
    try:
        size = (await asyncio.to_thread(path.stat)).st_size
    except FileNotFoundError:
        return
    async for piece in read(path, Part(0, size - 1)):
        yield piece


def older_than(data_dir: Path, moment: float) -> list[str]:
    """The names of the files last written before `moment` (seconds since 1970)."""
    found: list[str] = []
    for path in folder(data_dir).glob("??/*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < moment:
                found.append(path.name)
    return found


def shown_name(name: str, media_type: str) -> str:
    """The name under which a browser saves it: nothing but what every system takes, with the right ending."""
    stem = name.rsplit(".", 1)[0]
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "-_ ") else "_" for char in stem).strip("_ ")[:80]
    return f"{plain or 'recording'}.{suffix_of(media_type)}"


def _make_folder(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
