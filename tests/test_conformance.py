"""docs/conformance.md names tests that exist, under every number of the sections that it covers."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs/conformance.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<clause>[^|]+) \| (?P<tests>[^|]+) \| (?P<screen>[^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([^`]+?)::([^`]+)`")
NUMBERS = [
    *(f"1.{number}" for number in range(1, 11)),
    *(f"2.{number}" for number in range(1, 7)),
    *(f"3.{number}" for number in range(1, 12)),
    *(f"4.{number}" for number in range(1, 9)),
    "12",
]


def rows() -> list[tuple[str, str]]:
    """Clause and tests of every row, without the headings of the tables."""
    found = [(row["clause"], row["tests"]) for row in ROW.finditer(DOCUMENT)]
    return [row for row in found if row[0] != "clause" and not row[0].startswith("---")]


def members_of(path: Path) -> set[str]:
    """The tests of a Python file as pytest names them below the file."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{one.name}" for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
    return found


def test_every_test_that_is_named_exists() -> None:
    named = sorted(set(NAMED.findall(DOCUMENT)) - {("path", "name")})
    known = {name: members_of(ROOT / name) for name in {path for path, _ in named} if name.endswith(".py") and (ROOT / name).is_file()}
    missing: list[str] = []
    for path, name in named:
        if path.endswith(".py"):
            there = name in known.get(path, set())
        else:
            # The titles of the desktop's tests are strings in their file.
            there = (ROOT / path).is_file() and f"'{name}'" in (ROOT / path).read_text(encoding="utf-8")
        if not there:
            missing.append(f"{path}::{name}")
    assert missing == []
    assert len(named) > 200


def test_every_row_has_its_tests_or_says_that_it_has_none() -> None:
    odd = [clause for clause, tests in rows() if tests not in ("no test", "not built") and NAMED.sub("", tests).replace("<br>", "") != ""]
    assert odd == []
    assert len(rows()) > 300


def test_every_number_has_its_table() -> None:
    assert re.findall(r"^### ([\d.]+) ", DOCUMENT, re.MULTILINE) == NUMBERS
