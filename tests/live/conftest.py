"""A real Asterisk per test, on ports of its own, with its log in the report of a test that fails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.asterisk.fetch import AsteriskTree, fetch_asterisk
from tests.support.asterisk.server import Asterisk

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.live)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the end of the PBX's log to the report of a test that failed."""
    report = yield
    asterisk = item.funcargs.get("pbx") if isinstance(item, pytest.Function) else None
    if report.when == "call" and report.failed and isinstance(asterisk, Asterisk):
        report.sections.append(("Asterisk", asterisk.log(lines=200)))
    return report


@pytest.fixture(scope="session")
def asterisk_tree() -> AsteriskTree:
    return fetch_asterisk()


@pytest_asyncio.fixture
async def pbx(asterisk_tree: AsteriskTree, tmp_path: Path) -> AsyncIterator[Asterisk]:
    async with Asterisk(asterisk_tree, tmp_path / "pbx") as asterisk:
        yield asterisk
