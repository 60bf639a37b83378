"""Runs the published figures: `bench/run` when there is one, else every bench/p*.py, one after the other."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """1 when any of them failed or there is none."""
    runner = ROOT / "bench" / "run"
    if os.access(runner, os.X_OK):
        return subprocess.run([str(runner)], cwd=ROOT, check=False).returncode
    scripts = sorted((ROOT / "bench").glob("p[0-9]*.py"))
    failed = [script.name for script in scripts if subprocess.run([sys.executable, str(script)], cwd=ROOT, check=False).returncode != 0]
    print(f"{len(scripts)} benches, failed: {', '.join(failed) or 'none'}" if scripts else "there is no bench")
    return 1 if failed or not scripts else 0


if __name__ == "__main__":
    sys.exit(main())
