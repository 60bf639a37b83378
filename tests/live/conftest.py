"""A real Asterisk per test, on ports of its own, with its log in the report of a test that fails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import Protocol, runtime_checkable

import pytest
import pytest_asyncio

from tests.support.asterisk.fetch import AsteriskTree, fetch_asterisk
from tests.support.asterisk.server import Asterisk

_HERE = Path(__file__).parent


@runtime_checkable
class Logged(Protocol):
    """A fixture with a log that explains a failure."""

    def log(self) -> str: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.live)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the end of what the programs under test logged to the report of a test that failed."""
    report = yield
    if report.when == "call" and report.failed and isinstance(item, pytest.Function):
        for name, fixture in item.funcargs.items():
            if isinstance(fixture, Logged):
                report.sections.append((f"Log of {name}", fixture.log()))
    return report


@pytest.fixture(scope="session")
def asterisk_tree() -> AsteriskTree:
    return fetch_asterisk()


@pytest_asyncio.fixture
async def pbx(asterisk_tree: AsteriskTree, tmp_path: Path) -> AsyncIterator[Asterisk]:
    async with Asterisk(asterisk_tree, tmp_path / "pbx") as asterisk:
        yield asterisk
