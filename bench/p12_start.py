"""P12: how long a new user waits for a usable page (cold `make run` in a clean clone), and a restart takes (warm `ringdesk serve`).

    python bench/p12_start.py [--warm | --cold]      only one of them

Bars: cold <= 4 minutes, warm <= 4 s to ready. Baseline of the warm start: the same database started and stopped on its own,
plus an empty Python process that imports the web framework.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from measure import CACHE, Report, Row, cpu_of_children, percentile, say
from server import serving
from wire import HOST, free_port

from ringdesk.kit.embedded_postgres import EmbeddedPostgres

ROOT = Path(__file__).parent.parent
COLD_S, WARM_S = 240.0, 4.0
WARM_RUNS = 5
# The page is the desktop itself: its frame and the script that it loads.
USABLE = (b'<div id="root"', b"<script")


def warm(report: Report) -> None:
    """The start of a server that has run here before."""
    folder = CACHE / "start"
    folder.mkdir(parents=True, exist_ok=True)
    with serving(folder):
        pass  # The first start makes the database; it is the cold one's business.
    bare: list[float] = []
    took: list[float] = []
    cpu: list[float] = []
    for _ in range(WARM_RUNS):
        started = time.perf_counter()
        with EmbeddedPostgres(folder):
            pass
        subprocess.run([sys.executable, "-c", "import litestar, uvicorn, psycopg"], check=True)
        bare.append(time.perf_counter() - started)
        used = cpu_of_children()
        with serving(folder) as (_, seconds):
            took.append(seconds)
        cpu.append(cpu_of_children() - used)
    typical = percentile(took, 0.5)
    report.rows.append(
        Row(
            name="warm `ringdesk serve` to ready",
            load=f"{WARM_RUNS} starts",
            value=f"median {typical:.1f} s, worst {max(took):.1f} s; CPU {percentile(cpu, 0.5):.1f} s with the stop",
            baseline=f"database alone + imports {percentile(bare, 0.5):.1f} s",
            bar=f"<= {WARM_S:.0f} s",
            passed=typical <= WARM_S,
        )
    )


def cold(report: Report) -> None:
    """`make run` in a fresh clone of what is committed, until the desktop's page is there and the demo can be signed in to."""
    with tempfile.TemporaryDirectory(prefix="ringdesk-cold-") as place:
        # The embedded server runs as another account when we are root, and must reach its folder.
        Path(place).chmod(0o755)
        clone, data = Path(place) / "ringdesk", Path(place) / "data"
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)], check=True)
        port = free_port()
        environ = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
        environ |= {"RINGDESK_DATA_DIR": str(data), "RINGDESK_PORT": str(port)}
        log = Path(place) / "run.log"
        started = time.perf_counter()
        with log.open("wb") as out:
            process = subprocess.Popen(["make", "run"], cwd=clone, env=environ, stdout=out, stderr=out, start_new_session=True)
        try:
            took = _until_usable(port, process, started)
        finally:
            _end(process)
        said = log.read_text(errors="replace")
        shutil.copy(log, CACHE / "cold-run.log")
    report.rows.append(
        Row(
            name="cold `make run` to a usable page",
            load="clean clone, package caches as they are",
            value=f"{took:.0f} s" if took else "never",
            bar=f"<= {COLD_S:.0f} s",
            passed=took is not None and took <= COLD_S and "aiko@example.com" in said,
        )
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop `make` and all that it started, unless it has ended by itself."""
    for number, patience in ((signal.SIGTERM, 30.0), (signal.SIGKILL, 10.0)):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return


def _until_usable(port: int, process: subprocess.Popen[bytes], started: float) -> float | None:
    """Seconds until the desktop's page was served; None when it was not within twice the bar."""
    while time.perf_counter() - started < 2 * COLD_S and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=2) as answer:
                page = answer.read()
            if answer.status == 200 and all(mark in page for mark in USABLE):
                return time.perf_counter() - started
        except OSError:
            pass
        time.sleep(0.1)
    return None


def main() -> int:
    """Measure both starts, or one of them."""
    CACHE.mkdir(parents=True, exist_ok=True)
    report = Report(bench="p12_start")
    if "--cold" not in sys.argv[1:]:
        say("P12: warm starts")
        warm(report)
    if "--warm" not in sys.argv[1:]:
        say("P12: a clean clone")
        cold(report)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
