"""The list of interactions over all customers: found, followed, opened, kept as a view (product.md 3.2, 3.3, 4.6)."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk


def cell(page: Page, column: str, row: int = 0) -> Locator:
    """What stands in a column of a row."""
    return page.locator(f'[row-index="{row}"] [col-id="{column}"]')


async def test_interactions_are_found_followed_live_exported_and_opened_where_they_belong(centre: Centre) -> None:
    customer = await centre.customer("Georgiana", "Darcy")
    async with centre.sven.browsing("/interactions?q=georgiana") as page:
        await expect(page.get_by_text("No interaction matches")).to_be_visible()
        await Desk(page).is_live()
        call = await centre.call(centre.bilal, customer["phone_1"])
        # It comes by itself, and shows how it goes on.
        await expect(page.get_by_text("1–1 of 1")).to_be_visible()
        await expect(cell(page, "customer_name")).to_have_text("Georgiana Darcy")
        await expect(cell(page, "result")).to_have_text("In progress")
        await call.answered()
        await call.ended()
        await expect(cell(page, "result")).to_have_text("Answered")
        await expect(cell(page, "agent_id")).to_have_text("Bilal")
        journey = await centre.bilal.ask("GET", f"/customers/{customer['id']}/journey")
        [leg] = [one for one in journey["items"][0]["activities"] if one["kind"] == "agent"]
        await centre.bilal.ask("PUT", f"/activities/{leg['id']}/tags", {"tags": ["Pemberley visit"]})
        await expect(cell(page, "tag")).to_have_text("Pemberley visit")
        await centre.bilal.ask("POST", f"/activities/{leg['id']}/wrap-up", {"code": "callback"})
        await expect(cell(page, "wrap_up")).to_have_text("Callback agreed")
        await centre.bilal.change(customer, last_name="Fitzwilliam")
        await expect(cell(page, "customer_name")).to_have_text("Georgiana Fitzwilliam")
        # Found by the beginning of its tag, in any case; taken away as it is found.
        await page.keyboard.press("/")
        await page.keyboard.type("pember")
        await expect(page).to_have_url(f"{centre.url}/interactions?q=pember")
        await expect(page.get_by_text("1–1 of 1")).to_be_visible()
        async with page.expect_download() as downloading:
            await page.get_by_role("link", name="Export").click()
        file = await (await downloading.value).path()
        text = await asyncio.to_thread(Path(file).read_text, "utf-8-sig")
        [line] = csv.DictReader(io.StringIO(text))
        assert (line["customer_name"], line["tags"], line["wrap_up"]) == ("Georgiana Fitzwilliam", "Pemberley visit", "callback")
        # Opened by keyboard: the customer, with this interaction.
        await page.keyboard.press("Escape")
        await page.get_by_role("gridcell").first.focus()
        await page.keyboard.press("Enter")
        await Desk(page).shows("Georgiana Fitzwilliam")
        await expect(page.locator("[data-interaction]").get_by_text("Pemberley visit")).to_be_visible()
        await expect(page).to_have_url(re.compile(f"interaction={journey['items'][0]['id']}"))
        await page.get_by_role("button", name="Show the whole journey").click()
        await expect(page).to_have_url(f"{centre.url}/desk/customers/{customer['id']}")


async def test_who_called_without_a_card_is_linked_from_the_interaction_and_shown_where_it_belongs(centre: Centre) -> None:
    number = centre.number()
    call = await centre.call(centre.bilal, number)
    await call.ended()
    customer = await centre.customer("Eleanor", "Allen")
    async with centre.sven.browsing(f"/interactions?ani.eq=%2B{number[1:]}") as page:
        await expect(cell(page, "customer_name")).to_have_text("Unknown customer")
        await page.get_by_role("gridcell").first.click()
        await expect(page.get_by_role("heading", name="Whose is it?")).to_be_visible()
        await page.get_by_label("Name, number or e-mail").fill("Allen")
        await page.get_by_role("option", name="Eleanor Allen").click()
        await Desk(page).shows("Eleanor Allen")
        await expect(page.locator("[data-interaction]")).to_have_count(1)
        await expect(page).to_have_url(re.compile(f"/desk/customers/{customer['id']}"))


async def test_a_view_keeps_its_filter_and_the_width_that_a_column_was_dragged_to(centre: Centre) -> None:
    customer = await centre.customer("Henry", "Tilney")
    call = await centre.call(centre.bilal, customer["phone_1"])
    await call.ended()
    await centre.sven.prefer(**{"list.interactions": {}})
    async with centre.sven.browsing("/interactions?q=tilney") as page:
        grid = page.get_by_role("grid", name="Interactions")
        heading = grid.locator('.ag-header-cell[col-id="customer_name"]')
        await expect(heading).to_be_visible()
        edge = await heading.locator(".ag-header-cell-resize").bounding_box()
        before = await heading.bounding_box()
        assert edge
        assert before
        await page.mouse.move(edge["x"] + edge["width"] / 2, edge["y"] + 10)
        await page.mouse.down()
        await page.mouse.move(edge["x"] + edge["width"] / 2 + 90, edge["y"] + 10, steps=6)
        async with page.expect_response("**/desk/preferences/list.interactions"):
            await page.mouse.up()
        after = await heading.bounding_box()
        assert after
        assert abs(after["width"] - before["width"] - 90) <= 2
        await page.keyboard.press("v")
        await page.get_by_role("menuitem", name="Save as a view…").click()
        await page.get_by_role("dialog").get_by_label("Name").fill("The Tilneys")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("button", name="The Tilneys")).to_be_visible()
        await page.reload()
        await expect(heading).to_be_visible()
        reloaded = await heading.bounding_box()
        assert reloaded
        assert abs(reloaded["width"] - after["width"]) <= 1
        # The list as it comes, and then as the view has it.
        await centre.sven.prefer(**{"list.interactions": {}})
        await page.goto(f"{centre.url}/interactions")
        await expect(heading).to_be_visible()
        await page.keyboard.press("v")
        await page.get_by_role("menuitem", name="The Tilneys").click()
        await expect(page).to_have_url(f"{centre.url}/interactions?q=tilney")
        await expect(heading).to_have_css("width", f"{round(after['width'])}px")
