"""WCAG 2.2 AA on every page, as far as a program can tell: light, dark, Japanese."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk

OPTIONS: Final = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "light": {"theme": "light", "language": "en"},
    "dark": {"theme": "dark", "language": "en"},
    "japanese": {"theme": "light", "language": "ja"},
}


async def clean(page: Page, what: str) -> None:
    """Fail with every violation on the page."""
    # Colours are measured as they are: in the middle of a transition they are nobody's.
    await page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
    found = await Axe().run(page, options=OPTIONS)
    violations = [
        f"{one['id']}: {one['help']}\n" + "\n".join(f"  {node['html'][:200]}\n  {node['failureSummary']}" for node in one["nodes"][:3])
        for one in found.response["violations"]
    ]
    assert not violations, f"{what}:\n" + "\n".join(violations)


@pytest_asyncio.fixture(params=LOOKS)
async def dressed(request: pytest.FixtureRequest, centre: Centre) -> AsyncIterator[Centre]:
    """The centre while Aiko and Sven look at it in one of the looks."""
    for person in (centre.aiko, centre.sven):
        await person.prefer(**LOOKS[request.param])
    yield centre
    for person in (centre.aiko, centre.sven):
        await person.prefer(theme="auto", language="en")


async def test_the_pages_are_accessible(dressed: Centre) -> None:
    centre = dressed
    known = await centre.customer("Clara", "Brereton", email="clara@example.com")
    shared = await centre.customer("Esther", "Denham")
    await centre.customer("山田", "花子", phone_1=shared["phone_1"])
    async with centre.aiko.browsing() as page:
        desk = Desk(page)
        call = await centre.call(centre.aiko, known["phone_1"])
        await desk.shows("Clara Brereton")
        await expect(page.get_by_role("article")).to_have_count(1)
        await clean(page, "the desk with a call")
        await page.keyboard.press("Control+k")
        await expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
        await clean(page, "the palette")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await call.answered()
        await call.ended()
        await expect(page.get_by_role("form")).to_be_visible()
        await clean(page, "the wrap-up")
        await centre.call(centre.aiko, centre.number(), caller_name="Sidney Parker")
        await desk.shows("Sidney Parker")
        await clean(page, "the form of an unknown caller")
        await centre.call(centre.aiko, shared["phone_1"])
        await expect(page.get_by_role("option")).to_have_count(2)
        await clean(page, "the chooser")
    async with centre.sven.browsing("/customers") as page:
        await expect(page.get_by_role("gridcell").first).to_be_visible()
        await clean(page, "the customer list")
        await page.goto(f"{centre.url}/customers/import")
        await page.locator("input[type=file]").set_input_files(
            {"name": "a.csv", "mimeType": "text/csv", "buffer": b"Name,Email\nAnn,ann@example.com\n"}
        )
        await expect(page.get_by_role("table")).to_be_visible()
        await clean(page, "the import")
        await page.context.clear_cookies()
        await page.goto(centre.url)
        await expect(page.get_by_role("textbox").first).to_be_visible()
        await clean(page, "the sign-in")
