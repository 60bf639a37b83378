"""Runs the benches one after the other and prints one table.

python bench/run.py                  P1 at 10 k and 1 M, P2 and P5 at 1 M, P12 warm, P13's quality
python bench/run.py --full           P1 also at 5 M, P3 and P4 at 1.5 M, P6 at 1 M, P8, P12 also cold, P13 also over 1 M
python bench/run.py --size 10k       everything on 10 k customers, to see that the benches work
"""

import argparse
import subprocess
import sys
from pathlib import Path

import msgspec
from measure import RESULTS, Report, say, table

HERE = Path(__file__).parent


def main() -> int:
    """Run them; 1 when a bar was missed or a bench broke."""
    parser = argparse.ArgumentParser(description="Run the benches and print one table.")
    parser.add_argument("--size", choices=["10k", "100k", "1m", "5m"], default="1m")
    parser.add_argument(
        "--full", action="store_true", help="P1 at 5 M customers, P3 and P4 at 1.5 M, P6, P8, and P12 in a clean clone as well"
    )
    arguments = parser.parse_args()
    sizes: list[str] = list(dict.fromkeys(["10k", arguments.size, *(["5m"] if arguments.full else [])]))
    benches: dict[str, list[str]] = {
        "p1_lookup": sizes,
        "p2_event_to_desk": [arguments.size],
        "p5_create": [arguments.size],
        **(
            {"p3_list": ["1500k"], "p4_search": ["1500k"], "p6_import": ["1000000"], "p6_agents": [], "p8_journey": ["busy"]}
            if arguments.full
            else {}
        ),
        "p12_start": [] if arguments.full else ["--warm"],
        "p13_duplicates": [] if arguments.full else ["--quality"],
    }
    broken: list[str] = []
    for name, options in benches.items():
        result = RESULTS / f"{name}.json"
        result.unlink(missing_ok=True)
        status = subprocess.run([sys.executable, str(HERE / f"{name}.py"), *options], stdout=subprocess.DEVNULL).returncode
        if not result.exists():
            broken.append(f"{name} ended with status {status} and without a result")
    reports = [
        msgspec.json.decode((RESULTS / f"{name}.json").read_bytes(), type=Report) for name in benches if (RESULTS / f"{name}.json").exists()
    ]
    print(table(reports))
    for complaint in broken:
        say(complaint)
    return 1 if broken or not all(report.passed for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
