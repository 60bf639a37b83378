"""One server and one browser for all tests of this folder; every test gets a tidy desk and brings customers of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.e2e.centre import Centre, running
from tests.e2e.desk import Desk

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the end of what the server logged to the report of a test that failed."""
    report = yield
    if report.when == "call" and report.failed and isinstance(item, pytest.Function):
        centre = item.funcargs.get("centre")
        if isinstance(centre, Centre):
            report.sections.append(("Log of the server", centre.server.log(40)))
    return report


@pytest_asyncio.fixture(scope="session")
async def running_centre() -> AsyncIterator[Centre]:
    async with running() as centre:
        for person in (centre.aiko, centre.bilal):
            await person.ask("POST", "/desk/cti/login")
        yield centre


@pytest_asyncio.fixture
async def centre(running_centre: Centre) -> AsyncIterator[Centre]:
    """The centre, with empty desks before and after."""
    yield running_centre
    for person in (running_centre.aiko, running_centre.bilal):
        await person.clear_desk()


@pytest_asyncio.fixture
async def page(centre: Centre) -> AsyncIterator[Page]:
    """Aiko's browser, on the desk."""
    async with centre.aiko.browsing() as page:
        await Desk(page).is_live()
        yield page


@pytest.fixture
def desk(page: Page) -> Desk:
    """Aiko's desk."""
    return Desk(page)
