"""Rules of this repository that no ready linter knows: run by `make lint`; prints `file:line: what and why`.

Each rule is a function from a file to complaints, listed in RULES with the files that it looks at.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 600
SHORTEST_REASON = 8

# Written so that this file doesn't contain what it looks for.
PLACES = re.compile(
    r"registry\.np[m]js|pythonho[s]ted|py[p]i\.org|deb\.deb[i]an|/wor[k]/(?:main|shared)|/roo[t]/\.|\.\./share[d]/(?:design|telephony)"
)
SILENCED = re.compile(r"#\s*(type: ignore|pyright: ignore|noqa)\b(?P<codes>\[[^\]]*\]|:\s*[A-Z0-9, ]+)?(?P<reason>.*)$")
TS_SILENCED = re.compile(r"(@ts-ignore|@ts-nocheck|eslint-disable|@ts-expect-error)(?P<reason>.*)$")
TS_SLEEP = re.compile(r"waitForTimeout\(|new Promise\(\s*\(?\w*\)?\s*=>\s*setTimeout")
SLEEPS = {("time", "sleep"), ("asyncio", "sleep"), ("anyio", "sleep"), ("trio", "sleep")}
SKIPS = {"skip", "skipif", "xfail", "importorskip"}
# What a connector may know of Ringdesk, and what of that the simulator may not.
OPEN_TO_CONNECTORS = ("ringdesk.kit", "ringdesk.features.telephony.facts", "ringdesk.features.telephony.port", "ringdesk.connectors")
CLOSED_TO_SIMULATOR = ("ringdesk.kit.db", "ringdesk.kit.eventlog", "ringdesk.kit.embedded_postgres")


@dataclass(frozen=True)
class Source:
    """One file of the repository."""

    path: PurePosixPath
    text: str

    @property
    def lines(self) -> list[str]:
        """The text by line."""
        return self.text.splitlines()

    def tree(self) -> ast.Module:
        """The syntax tree of a Python file."""
        return ast.parse(self.text, str(self.path))


Complaint = tuple[int, str]
Rule = Callable[[Source], Iterator[Complaint]]


def too_long(source: Source) -> Iterator[Complaint]:
    """A file is one room with one purpose; beyond this length it is several."""
    if len(source.lines) > LONGEST_FILE:
        yield LONGEST_FILE, f"{len(source.lines)} lines; split it (at most {LONGEST_FILE})"


def names_a_place(source: Source) -> Iterator[Complaint]:
    """The repository stands alone: no host of a package registry, no path of somebody's machine."""
    for number, line in enumerate(source.lines, 1):
        if found := PLACES.search(line):
            yield number, f"names {found.group()!r}, which is not everybody's"


def silenced_without_reason(source: Source) -> Iterator[Complaint]:
    """A checker is silenced for one named rule, with the reason on the same line."""
    for number, line in enumerate(source.lines, 1):
        found = SILENCED.search(line)
        if found and (not found["codes"] or len(found["reason"].strip(" #()-")) < SHORTEST_REASON):
            yield number, "silences a checker without naming the rule and the reason: `# noqa: S608  (why)`"
        found = TS_SILENCED.search(line) if source.path.suffix in {".ts", ".tsx"} else None
        if found and ("expect-error" not in found.group(1) or len(found["reason"].strip(" :-*/")) < SHORTEST_REASON):
            yield number, "silences the checker; use `@ts-expect-error: why` at most"


def sleeps(source: Source) -> Iterator[Complaint]:
    """A test waits for what it expects (`eventually`), never for a time."""
    if source.path.suffix != ".py":
        for number, line in enumerate(source.lines, 1):
            if TS_SLEEP.search(line):
                yield number, "sleeps; wait for what is expected"
        return
    for node in ast.walk(source.tree()):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)) if (module, name) in SLEEPS:
                yield node.lineno, "sleeps; wait with `eventually`"
            case ast.ImportFrom(module=str(module), names=names) if any((module, alias.name) in SLEEPS for alias in names):
                yield node.lineno, "imports sleep; wait with `eventually`"


def skips(source: Source) -> Iterator[Complaint]:
    """A test that can't run is a failure, with a message that says what is missing."""
    for node in ast.walk(source.tree()):
        match node:
            case ast.Attribute(value=ast.Name(id="pytest") | ast.Attribute(attr="mark"), attr=name) if name in SKIPS:
                yield node.lineno, f"uses {name}; make it run, or fail with what to install"


def reaches_into_a_feature(source: Source) -> Iterator[Complaint]:
    """A feature uses another through its `__init__` only; a connector knows facts and ports only."""
    package = source.path.with_suffix("").parts[1:]  # without "src"
    for line, module in _imports(source, package):
        target = module.split(".")
        if package[1] == "features" and target[:2] == ["ringdesk", "features"] and len(target) > 3 and target[2] != package[2]:
            yield line, f"imports {module}; take it from ringdesk.features.{target[2]}, which says what others may use"
        if package[1] == "connectors" and target[0] == "ringdesk":
            if not module.startswith(OPEN_TO_CONNECTORS):
                yield line, f"imports {module}; a connector knows the facts and ports of telephony and kit"
            elif "simulator" in package and module.startswith(CLOSED_TO_SIMULATOR):
                yield line, f"imports {module}; the simulator emits facts and nothing else"


def _imports(source: Source, package: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Every (line, imported module), relative ones resolved; `from a import b` gives a.b too when that is a module of ours."""
    inside = package[:-1]
    for node in ast.walk(source.tree()):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            start = list(inside[: len(inside) - node.level + 1]) if node.level else []
            module = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                deeper = f"{module}.{alias.name}"
                yield node.lineno, deeper if _is_module(deeper) else module


def _is_module(name: str) -> bool:
    path = ROOT / "src" / Path(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def stale_locks() -> Iterator[str]:
    """Locks that were not made from today's pyproject.toml."""
    sys.path.insert(0, str(ROOT / "scripts"))
    from lock import stale

    for name in stale():
        yield f"requirements/{name}.lock:1: not made from today's pyproject.toml; run `make lock`"


CODE = {".py", ".ts", ".tsx", ".css", ".mjs", ".sql"}
GENERATED = "generated.ts"
RULES: list[tuple[Rule, Callable[[PurePosixPath], bool]]] = [
    (too_long, lambda path: path.suffix in CODE and path.name != GENERATED),
    (names_a_place, lambda path: True),
    (silenced_without_reason, lambda path: path.suffix in {".py", ".ts", ".tsx"} and path.name not in {GENERATED, "lint_own.py"}),
    # tests/support holds `eventually` itself, and peers that play at a human pace.
    (
        sleeps,
        lambda path: (
            (path.parts[0] == "tests" and path.parts[1] != "support" and path.suffix == ".py")
            or path.name.endswith((".test.ts", ".test.tsx"))
        ),
    ),
    (skips, lambda path: path.parts[0] == "tests" and path.suffix == ".py"),
    (reaches_into_a_feature, lambda path: path.parts[:2] == ("src", "ringdesk") and path.suffix == ".py" and len(path.parts) > 4),
]


def main() -> int:
    """Checks every file that git tracks or would; the exit status is the number of complaints, at most 100."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    complaints = list(stale_locks())
    for name in sorted(filter(None, listed.stdout.split("\0"))):
        path = ROOT / name
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # Data, or deleted but not yet committed so.
        source = Source(PurePosixPath(name), text)
        for rule, applies in RULES:
            if applies(source.path):
                complaints += [f"{name}:{line}: {what}" for line, what in rule(source)]
    print("\n".join(complaints) or "own rules: nothing to complain about")
    return min(len(complaints), 100)


if __name__ == "__main__":
    sys.exit(main())
