"""WCAG 2.2 AA on every page, as far as a program can tell: light, dark, Japanese."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk
from tests.support.eventually import eventually

EVERYTHING: Final = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# Colours are all that the dark theme changes; the other rules take most of the time.
COLOURS: Final = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


@dataclass(frozen=True, slots=True)
class Look:
    """How a person has the desktop, and the rules that this may break."""

    theme: str
    language: str
    rules: dict[str, Any]


LOOKS: Final = {
    "light": Look("light", "en", EVERYTHING),
    "dark": Look("dark", "en", COLOURS),
    "japanese": Look("light", "ja", EVERYTHING),
}


async def clean(page: Page, what: str, look: Look) -> None:
    """Fail with every violation on the page."""
    # Colours are measured as they are: in the middle of a transition they are nobody's.
    await page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
    options = {"runOnly": look.rules, "resultTypes": ["violations"]}
    found = await Axe().run(page, options=options)
    violations = [
        f"{one['id']}: {one['help']}\n" + "\n".join(f"  {node['html'][:200]}\n  {node['failureSummary']}" for node in one["nodes"][:3])
        for one in found.response["violations"]
    ]
    assert not violations, f"{what}:\n" + "\n".join(violations)


@pytest_asyncio.fixture(params=LOOKS)
async def look(request: pytest.FixtureRequest, centre: Centre) -> AsyncIterator[Look]:
    """Everybody has the desktop in one of the looks."""
    look = LOOKS[request.param]
    for person in (centre.aiko, centre.sven, centre.ada):
        await person.prefer(theme=look.theme, language=look.language)
    yield look
    for person in (centre.aiko, centre.sven, centre.ada):
        await person.prefer(theme="auto", language="en")


async def test_the_pages_are_accessible(centre: Centre, look: Look) -> None:
    known = await centre.customer("Clara", "Brereton", email="clara@example.com")
    shared = await centre.customer("Esther", "Denham")
    await centre.customer("山田", "花子", phone_1=shared["phone_1"])
    async with centre.aiko.browsing() as page:
        desk = Desk(page)
        call = await centre.call(centre.aiko, known["phone_1"])
        await desk.shows("Clara Brereton")
        await expect(page.get_by_role("article")).to_have_count(1)
        await clean(page, "the desk with a call", look)
        await page.keyboard.press("Control+k")
        await expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
        await clean(page, "the palette", look)
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await call.answered()
        await call.ended()
        await expect(page.get_by_role("form")).to_be_visible()
        await clean(page, "the wrap-up", look)
        await centre.call(centre.aiko, centre.number(), caller_name="Sidney Parker")
        await desk.shows("Sidney Parker")
        await clean(page, "the form of an unknown caller", look)
        await centre.call(centre.aiko, shared["phone_1"])
        await expect(page.get_by_role("option")).to_have_count(2)
        await clean(page, "the chooser", look)
    async with centre.sven.browsing("/customers?q=brereton") as page:
        await expect(page.get_by_role("gridcell").first).to_be_visible()
        await clean(page, "the customer list", look)
        await page.goto(f"{centre.url}/customers/import")
        await page.locator("input[type=file]").set_input_files(
            {"name": "a.csv", "mimeType": "text/csv", "buffer": b"Name,Email\nAnn,ann@example.com\n"}
        )
        await expect(page.get_by_role("table")).to_be_visible()
        await clean(page, "the import", look)
        # The second button of the page: "Check the file" in whatever language.
        await page.get_by_role("main").get_by_role("button").filter(has_not=page.locator("svg")).last.click()
        await expect(page.get_by_role("definition").first).to_be_visible()
        await clean(page, "what an import would do", look)
        await page.route(
            "**/api/v1/auth/session", lambda route: route.fulfill(status=401, content_type="application/problem+json", body="{}")
        )
        await page.goto(centre.url)
        await expect(page.get_by_role("textbox").first).to_be_visible()
        await clean(page, "the sign-in", look)


async def test_the_pages_of_requests_are_accessible(centre: Centre, look: Look) -> None:
    customer = await centre.customer("Lydia", "Bennet")
    new = {"type": "question", "title": "Where is it", "customer_id": customer["id"], "due_on": "2020-01-01", "priority": "urgent"}
    made = await centre.aiko.ask("POST", "/requests", new)
    async with centre.aiko.browsing(f"/desk/customers/{customer['id']}") as page:
        # Above the journey, and on its time line.
        await expect(page.get_by_text("Where is it")).to_have_count(2)
        begun = {"customer_id": customer["id"], "channel": "voice", "address": customer["phone_1"], "request_id": made["id"]}
        call = await centre.aiko.ask("POST", "/desk/interactions", begun)
        await expect(page.locator("[data-state=talking]").first).to_be_visible()
        changes = page.locator("search button[aria-pressed=false]")
        await changes.click()
        await page.keyboard.press("Alt+t")
        await expect(page.locator("[data-card-editor] textarea").first).to_be_visible()
        await clean(page, "a reply to a request of a customer", look)
        await page.locator("search button[aria-pressed=true]").last.click()
        await centre.aiko.ask("POST", f"/desk/calls/{call['activity_id']}/end", {})
        await centre.aiko.ask("POST", f"/desk/calls/{call['activity_id']}/finish", {})
        await page.keyboard.press("Alt+r")
        await expect(page.get_by_role("dialog").get_by_role("textbox").first).to_be_focused()
        await clean(page, "a new request", look)
        for address, what in (
            (f"/requests/{made['id']}", "main form"),
            ("/requests", "[role=gridcell]"),
            ("/requests?board=owner", "main h2"),
        ):
            await page.goto(f"{centre.url}{address}")
            await expect(page.locator(what).first).to_be_visible()
            await clean(page, address, look)


async def test_the_pages_of_interactions_are_accessible(centre: Centre, look: Look) -> None:
    call = await centre.call(centre.bilal, centre.number())
    await call.ended()
    async with centre.sven.browsing("/interactions") as page:
        await page.get_by_role("gridcell").first.focus()
        await clean(page, "the list of interactions", look)
        await page.goto(f"{centre.url}/interactions/{call.told['interaction_id']}")
        await expect(page.locator("[data-interaction]")).to_be_visible()
        await clean(page, "an interaction of nobody's", look)


async def test_the_pages_of_administration_are_accessible(centre: Centre, look: Look) -> None:
    [team] = (await centre.ada.ask("GET", "/teams"))["items"]
    async with centre.ada.browsing("/administration/wrap-up-codes/resolved") as page:
        await expect(page.get_by_role("textbox").first).to_be_visible()
        for address in (
            "wrap-up-codes/resolved",
            "users/+",
            "teams",
            f"teams/{team['id']}",
            "field-sets/voice",
            "recordings/+",
            "customer-fields/+",
            "request-types/question",
            "request-policies/voice",
        ):
            await page.goto(f"{centre.url}/administration/{address}")
            await expect(page.locator("main h1")).to_be_visible()
            await expect(page.locator("main form" if "/" in address else "main h2").first).to_be_visible()
            await clean(page, address, look)
        await page.goto(f"{centre.url}/administration/audit")
        await page.get_by_role("gridcell").first.focus()
        await clean(page, "the audit trail", look)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog").get_by_role("table")).to_be_visible()
        await clean(page, "an entry of the audit trail", look)


async def test_the_pages_of_duplicates_are_accessible(centre: Centre, look: Look) -> None:
    first = await centre.customer("Charlotte", "Heywood", email="charlotte@example.com")
    second = await centre.customer("Charlotte", "Haywood", phone_1=first["phone_1"])

    async def found() -> bool:
        return (await centre.aiko.ask("GET", "/customer-duplicates"))["total"] > 0

    await eventually(found, within=20)
    async with centre.aiko.browsing("/customers/duplicates") as page:
        await expect(page.locator("[data-pair]").first).to_be_visible()
        await clean(page, "the queue of duplicates", look)
        await page.goto(f"{centre.url}/customers/merge/{first['id']}/{second['id']}")
        await expect(page.locator("dl").first).to_be_visible()
        await clean(page, "the merge of two cards", look)
        await page.goto(f"{centre.url}/desk/customers/{first['id']}")
        await expect(page.locator("aside").get_by_text("99 %").first).to_be_visible()
        await clean(page, "a card with a duplicate", look)
