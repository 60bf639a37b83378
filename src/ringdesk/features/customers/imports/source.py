"""Where an import gets its batches from: a process of its own, or a thread for a file so small that starting one would cost more."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import msgspec
import structlog

from ringdesk.features.customers.imports.batches import Batch, Plan, batches

log = structlog.get_logger(__name__)

# Starting Python with our modules takes half a second, in which a thread reads about 5,000 rows.
SMALL_FILE = 512 * 1024
# What the child said last, for the log.
_STDERR_KEPT = 4_000


class ReaderFailed(Exception):
    """The reading process ended before the end of the file."""


async def read_batches(plan: Plan) -> AsyncGenerator[Batch]:
    """The batches of the file, the next one being read while the caller writes the last. Raises ReaderFailed, OSError."""
    size = (await asyncio.to_thread(Path(plan.path).stat)).st_size
    async with aclosing(_from_thread(plan) if size <= SMALL_FILE else _from_process(plan)) as found:
        async for batch in found:
            yield batch


async def _from_thread(plan: Plan) -> AsyncGenerator[Batch]:
    found = batches(plan)
    while batch := await asyncio.to_thread(next, found, None):
        yield batch


async def _from_process(plan: Plan) -> AsyncGenerator[Batch]:
    decoder = msgspec.msgpack.Decoder(Batch)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ringdesk.features.customers.imports.child", stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    said = asyncio.create_task(process.stderr.read())
    ahead: asyncio.Task[bytes | None] | None = None
    try:
        process.stdin.write(msgspec.json.encode(plan))
        process.stdin.write_eof()
        ahead = asyncio.create_task(_frame(process.stdout))
        while frame := await ahead:
            ahead = asyncio.create_task(_frame(process.stdout))
            yield decoder.decode(frame)
        await _check_end(process, said)
    finally:
        await _end(process, [said, *([ahead] if ahead else [])])


async def _frame(pipe: asyncio.StreamReader) -> bytes | None:
    head = await pipe.read(4)
    if not head:
        return None
    try:
        while len(head) < 4:
            head += await pipe.readexactly(4 - len(head))
        return await pipe.readexactly(int.from_bytes(head, "big"))
    except asyncio.IncompleteReadError:
        return None


async def _check_end(process: Process, said: asyncio.Task[bytes]) -> None:
    code = await process.wait()
    if code != 0:
        last_words = (await said)[-_STDERR_KEPT:].decode(errors="replace")
        log.error("import_reader_failed", exit_code=code, stderr=last_words)
        raise ReaderFailed(f"The process that reads the file ended with code {code}.")


async def _end(process: Process, tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if process.returncode is None:
        process.kill()
    # Its transport closes by itself once the pipes are read to their end.
    for pipe in (process.stdout, process.stderr):
        while pipe and await pipe.read(1 << 16):
            pass
    await process.wait()
