"""What every page has: languages, themes, the palette and the map of keys."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.centre import Centre, Person
from tests.e2e.desk import Desk, popped


@pytest_asyncio.fixture
async def bilal(centre: Centre) -> AsyncIterator[Person]:
    """Bilal, who gets his own language and theme back."""
    yield centre.bilal
    await centre.bilal.prefer(language="en", theme="auto")


async def test_the_language_changes_at_once_and_is_remembered(bilal: Person) -> None:
    async with bilal.browsing() as page:
        await Desk(page).is_live()
        await page.get_by_role("button", name="Language: English").click()
        await page.get_by_role("menuitem", name="Svenska").click()
        await expect(page.get_by_role("link", name="Kunder")).to_be_visible()
        await expect(page.locator("html")).to_have_attribute("lang", "sv")
        await page.get_by_role("button", name="Språk: Svenska").click()
        await page.get_by_role("menuitem", name="日本語").click()
        await expect(page.get_by_role("link", name="顧客")).to_be_visible()
        await expect(page.get_by_role("button", name="言語：日本語")).to_be_visible()
    async with bilal.browsing_elsewhere() as elsewhere:
        await expect(elsewhere.locator("html")).to_have_attribute("lang", "ja")


async def test_the_theme_turns_dark_and_is_remembered(bilal: Person) -> None:
    async with bilal.browsing() as page:
        await Desk(page).is_live()
        await page.get_by_role("button", name="User menu for Bilal").click()
        await page.get_by_role("menuitem", name="Dark").click()
        await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
        colour = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert colour == "rgb(22, 25, 31)"
    async with bilal.browsing_elsewhere() as elsewhere:
        await expect(elsewhere.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


async def test_the_palette_finds_commands_and_customers(centre: Centre, desk: Desk) -> None:
    await centre.customer("Georgiana", "Darcy")
    await desk.page.keyboard.press("Control+k")
    dialog = desk.page.get_by_role("dialog")
    await expect(dialog.get_by_role("combobox")).to_be_focused()
    await desk.page.keyboard.type("georgiana")
    await expect(dialog.get_by_role("option", name="Georgiana Darcy")).to_have_attribute("aria-selected", "true")
    await desk.page.keyboard.press("Enter")
    await desk.shows("Georgiana Darcy")
    await desk.run("Go to customers")
    await expect(desk.page.get_by_role("grid", name="Customers")).to_be_visible()


async def test_the_map_of_keys_opens_by_a_key_and_not_while_typing(centre: Centre, desk: Desk) -> None:
    await popped(centre, desk, "Charlotte", "Lucas")
    await desk.page.keyboard.press("?")
    dialog = desk.page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(dialog.get_by_text("Go to the newest call")).to_be_visible()
    await desk.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    box = await desk.edit("First name", "Char")
    await box.press("End")
    await desk.page.keyboard.type("?")
    await expect(box).to_have_value("Char?")
    await expect(dialog).to_have_count(0)
