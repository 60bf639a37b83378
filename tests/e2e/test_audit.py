"""Administrators read who did what."""

from __future__ import annotations

import csv
import io

from playwright.async_api import expect

from tests.e2e.centre import Centre


async def test_a_change_is_found_read_whole_and_exported(centre: Centre) -> None:
    customer = await centre.customer("Astrid", "Trail")
    async with centre.ada.browsing("/administration/audit") as page:
        grid = page.get_by_role("grid", name="Audit trail")
        await expect(grid).to_be_visible()
        await page.get_by_label("Search people, actions or ids").fill(customer["id"])
        await expect(grid.get_by_role("row")).to_have_count(2)
        entry = grid.get_by_role("row").last
        await expect(entry).to_contain_text("Customer created")
        await expect(entry).to_contain_text("Astrid Trail")
        # By keyboard: the first row, its details, the record itself.
        await grid.get_by_role("gridcell").first.focus()
        await page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("row", name="last_name – Trail")).to_be_visible()
        await dialog.get_by_role("link", name="Astrid Trail").click()
        await expect(page.get_by_role("heading", name="Astrid Trail")).to_be_visible()
        await page.go_back()
        async with page.expect_download() as downloading:
            await page.get_by_role("link", name="Export").click()
        path = await (await downloading.value).path()
        text = path.read_bytes().decode("utf-8-sig")
        assert [(row["action"], row["name"]) for row in csv.DictReader(io.StringIO(text))] == [("customer.created", "Astrid Trail")]
