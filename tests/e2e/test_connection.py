"""When the line between the browser and the server is cut."""

from __future__ import annotations

from playwright.async_api import expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk, popped
from tests.e2e.line import line_to


async def test_a_lost_connection_shows_and_what_was_missed_comes(centre: Centre) -> None:
    async with line_to(centre.url) as line, centre.aiko.browsing_elsewhere(url=line.url) as page:
        desk = Desk(page)
        await desk.is_live()
        customer, _ = await popped(centre, desk, "Catherine", "Morland")
        await expect(desk.field("E-mail")).to_be_visible()
        await line.cut()
        await expect(desk.call_bar.get_by_text("Connection lost. Last update")).to_be_visible()
        await expect(page.get_by_role("img", name="Connection lost")).to_be_visible()
        await desk.field("E-mail").click()
        await expect(desk.card.get_by_text("Not connected: this cannot be saved now.")).to_be_visible()
        await expect(desk.card.get_by_role("button", name="Save", exact=True)).to_be_disabled()
        await page.keyboard.press("Escape")

        await centre.bilal.change(customer, last_name="Tilney")
        isabella = await centre.customer("Isabella", "Thorpe")
        await centre.call(centre.aiko, isabella["phone_1"])

        await line.mend()
        await desk.is_live()
        await expect(desk.call_bar.get_by_text("Connection lost")).to_have_count(0)
        await desk.shows("Isabella Thorpe")
        await expect(desk.row("Catherine Tilney")).to_be_visible()
