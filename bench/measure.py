"""What every bench shares: percentiles, the table it prints, the result it leaves behind."""

import os
import platform
import resource
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

CACHE = Path(__file__).parent.parent / ".cache" / "bench"
RESULTS = CACHE / "results"


class Row(msgspec.Struct, kw_only=True):
    """One figure: what was measured on how much, its baseline of the same run, its bar."""

    name: str
    load: str
    value: str
    baseline: str = ""
    bar: str = ""
    passed: bool | None = None
    """None: a figure without a bar."""


class Report(msgspec.Struct, kw_only=True):
    """What a bench found."""

    bench: str
    at: datetime = msgspec.field(default_factory=lambda: datetime.now(UTC))
    cores: int = msgspec.field(default_factory=lambda: os.cpu_count() or 1)
    python: str = msgspec.field(default_factory=platform.python_version)
    load_average: float = msgspec.field(default_factory=lambda: os.getloadavg()[0])
    """Of the minute before: above the number of cores the machine had other work."""
    rows: list[Row] = msgspec.field(default_factory=list[Row])

    @property
    def passed(self) -> bool:
        """Whether every figure with a bar meets it."""
        return all(row.passed is not False for row in self.rows)

    def close(self) -> int:
        """Print the table, keep it as JSON in `.cache/bench/results`, and return the exit status."""
        RESULTS.mkdir(parents=True, exist_ok=True)
        (RESULTS / f"{self.bench}.json").write_bytes(msgspec.json.format(msgspec.json.encode(self)))
        print(table([self]))
        return 0 if self.passed else 1


def table(reports: Sequence[Report]) -> str:
    """The figures of some benches as aligned text."""
    head = ("figure", "load", "measured", "baseline, same run", "bar", "")
    lines: list[tuple[str, ...]] = [head]
    for report in reports:
        for row in report.rows:
            verdict = "" if row.passed is None else "pass" if row.passed else "FAIL"
            lines.append((row.name, row.load, row.value, row.baseline, row.bar, verdict))
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    body = "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)
    conditions = ", ".join(f"{r.bench}: {r.cores} cores, load {r.load_average:.1f} before, {r.at:%Y-%m-%d %H:%M}Z" for r in reports)
    return f"{body}\n({conditions}; Python {platform.python_version()})"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ms(seconds: float) -> str:
    """Seconds as milliseconds, for people."""
    return f"{seconds * 1000:.2f} ms" if seconds < 0.01 else f"{seconds * 1000:.1f} ms"


def cpu_of_children() -> float:
    """CPU seconds of all processes that this one started and that have ended, with theirs: what a busy machine can't falsify much."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def say(text: str) -> None:
    """Tell the watcher how far the bench is."""
    print(text, file=sys.stderr, flush=True)
