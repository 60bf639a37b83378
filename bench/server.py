"""A real `ringdesk serve` for a bench: started on a data directory, waited for, stopped."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wire import HOST, free_port

# A start is measured in seconds; after this long something is wrong.
PATIENCE_S = 60.0


class NotReady(RuntimeError):
    """The server did not get ready; its log says why."""


def command() -> list[str]:
    """How to call `ringdesk` of the environment that runs the bench."""
    return [str(Path(sys.executable).with_name("ringdesk"))]


@contextmanager
def serving(data_dir: Path, **environment: str) -> Iterator[tuple[int, float]]:
    """`ringdesk serve` on this data directory, with these settings: its port, and the seconds from start to ready."""
    port = free_port()
    log = data_dir / "serve.log"
    with log.open("wb") as out:
        started = time.perf_counter()
        process = subprocess.Popen(
            [*command(), "serve", "--port", str(port), "--data-dir", str(data_dir)],
            stdout=out,
            stderr=out,
            env=os.environ | {"RINGDESK_LOG_LEVEL": "WARNING"} | environment,
        )
        try:
            wait_until_ready(port, process, log)
            yield port, time.perf_counter() - started
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path, path: str = "/readyz") -> None:
    """Until the page answers with 200. Raises NotReady."""
    give_up = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < give_up:
        if process.poll() is not None:
            raise NotReady(f"it ended with status {process.returncode}: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (OSError, urllib.error.HTTPError):
            pass
        time.sleep(0.02)
    raise NotReady(f"not ready after {PATIENCE_S:.0f} s: {log.read_text()[-2000:]}")
