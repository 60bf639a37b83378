"""The desk as somebody at a screen knows it: by its words and places, not by its code."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.e2e.centre import Call, Centre

UNSEEN = "document.activeElement === document.body ? '' : document.activeElement.outerHTML"


class Desk:
    """One page that shows the desk."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.call_bar = page.get_by_role("region", name="Telephone")
        self.customers = page.get_by_role("navigation", name="Customers")
        self.card = page.get_by_role("complementary", name="Card")
        self.name = page.get_by_role("heading", level=1)
        self.announcement = page.get_by_test_id("announcement")

    async def is_live(self) -> None:
        """Wait until the event stream is open: what is told from now on is heard."""
        await expect(self.page.get_by_role("img", name="Connected, everything is current")).to_be_visible()

    async def shows(self, name: str) -> None:
        """Wait until the biggest line of the page is this name."""
        await expect(self.name).to_have_text(name)

    def row(self, name: str) -> Locator:
        """A row of the left pane, open or previous."""
        return self.customers.get_by_role("listitem").filter(has_text=name)

    async def focused(self) -> str:
        """What has the focus, as text; empty for nothing."""
        return str(await self.page.evaluate(UNSEEN))

    def field(self, label: str) -> Locator:
        """A value of the card that is not being edited."""
        return self.card.get_by_role("button", name=re.compile(rf"^{re.escape(label)}\b.*Edit$"))

    async def edit(self, label: str, value: str) -> Locator:
        """Type a value into a field of the card; the field, not yet saved."""
        await self.field(label).click()
        box = self.card.get_by_role("textbox", name=label)
        await expect(box).to_be_focused()
        await box.fill(value)
        return box

    async def run(self, command: str) -> None:
        """Run a command by its name in the palette."""
        await self.page.keyboard.press("Control+k")
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_role("combobox").fill(command)
        await dialog.get_by_role("option", name=command).click()
        await expect(dialog).to_have_count(0)


async def popped(centre: Centre, desk: Desk, first_name: str, last_name: str, **fields: Any) -> tuple[dict[str, Any], Call]:
    """A new customer calls Aiko and is on her screen."""
    customer = await centre.customer(first_name, last_name, **fields)
    call = await centre.call(centre.aiko, customer["phone_1"])
    await desk.shows(customer["display_name"])
    return customer, call
