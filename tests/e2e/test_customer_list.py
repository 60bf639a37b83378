"""The customer list as a tool: columns, views, selection, bulk edit with undo, export (product.md 1.6)."""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path

from playwright.async_api import Page, expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk
from tests.e2e.test_customers import CustomerList

TOWN = "Donwell"
NAMES = tuple(f"Guest{number:02}" for number in range(1, 31))


async def _guests(centre: Centre) -> None:
    listed = await centre.sven.ask("GET", f"/customers?city.eq={TOWN}")
    if listed["total"] == 0:
        for name in NAMES:
            await centre.customer(name, "Larkins", addresses=[{"city": TOWN, "country": "GB", "primary": True}])


async def _headings(page: Page) -> list[str]:
    cells = page.get_by_role("grid", name="Customers").get_by_role("columnheader")
    return [text for text in await cells.all_inner_texts() if text.strip()]


async def test_columns_are_chosen_and_follow_to_other_tabs_and_machines(centre: Centre) -> None:
    await _guests(centre)
    await centre.aiko.prefer(**{"list.customers": {}})
    address = f"/customers?city.eq={TOWN}"
    async with centre.aiko.browsing(address) as tab, centre.aiko.browsing(address) as page:
        customers = CustomerList(page)
        await expect(customers.cell(0)).to_be_visible()
        # Agents edit one customer at a time: nothing is selected.
        await expect(page.get_by_role("checkbox")).to_have_count(0)
        await page.keyboard.press("c")
        chooser = page.get_by_role("dialog", name="Columns")
        await expect(chooser.get_by_role("textbox", name="Find a column")).to_be_focused()
        await chooser.get_by_role("checkbox", name="E-mail").uncheck()
        await chooser.get_by_role("checkbox", name="Last name").check()
        for _ in range(9):
            await page.keyboard.press("Alt+ArrowUp")
        async with page.expect_response("**/desk/preferences/list.customers"):
            await page.keyboard.press("Alt+ArrowUp")
        await page.keyboard.press("Escape")
        assert (await _headings(page))[:3] == ["Name", "Last name", "Phone 1"]
        await expect(customers.cell(0, "last_name")).to_have_text("Larkins")
        await expect(CustomerList(tab).cell(0, "last_name")).to_have_text("Larkins")
    async with centre.aiko.browsing(address) as tab, centre.aiko.browsing_elsewhere() as page:
        await page.goto(f"{centre.url}/customers?city.eq={TOWN}")
        await expect(CustomerList(page).cell(0, "last_name")).to_have_text("Larkins")
        assert "E-mail" not in await _headings(page)
        await page.keyboard.press("c")
        await page.get_by_role("button", name="Back to the standard columns").click()
        # Left at once, before the change has come to rest: it is kept all the same.
        await page.goto("about:blank")
        await expect(CustomerList(tab).cell(0, "email")).to_be_visible()


async def test_several_columns_are_sorted_by_with_shift(centre: Centre) -> None:
    await _guests(centre)
    async with centre.aiko.browsing(f"/customers?city.eq={TOWN}&sort=city") as page:
        customers = CustomerList(page)
        await expect(customers.cell(0)).to_be_visible()
        await customers.grid.get_by_role("columnheader", name="Name", exact=True).click(modifiers=["Shift"])
        await expect(page).to_have_url(f"{centre.url}/customers?sort=city%2Cdisplay_name&city.eq={TOWN}")
        await customers.begins_with("Guest01 Larkins", "Guest02 Larkins")


async def test_a_view_is_saved_shared_and_used_by_a_colleague(centre: Centre) -> None:
    await _guests(centre)
    async with centre.sven.browsing(f"/customers?city.eq={TOWN}&sort=display_name") as page:
        await expect(CustomerList(page).cell(0)).to_be_visible()
        await page.keyboard.press("v")
        await page.get_by_role("menuitem", name="Save as a view…").click()
        dialog = page.get_by_role("dialog", name="Save as a view…")
        await dialog.get_by_label("Name").fill("Guests of Donwell")
        await dialog.get_by_role("checkbox").check()
        await page.keyboard.press("Control+Enter")
        await expect(dialog).to_have_count(0)
        await expect(page.get_by_role("button", name="Guests of Donwell")).to_be_visible()
    async with centre.aiko.browsing("/customers") as page:
        customers = CustomerList(page)
        await expect(customers.cell(0)).to_be_visible()
        await page.keyboard.press("v")
        await page.get_by_role("menuitem", name="Guests of Donwell").click()
        await customers.begins_with("Guest01 Larkins", "Guest02 Larkins")
        await expect(page.get_by_text(f"City is {TOWN}")).to_be_visible()
        # Hers to use, not to change.
        await page.keyboard.press("v")
        await expect(page.get_by_role("menuitem", name="Guests of Donwell")).to_be_visible()
        await expect(page.get_by_role("menuitem", name="Delete")).to_have_count(0)


async def test_a_filter_is_changed_and_removed_by_keys(centre: Centre) -> None:
    await _guests(centre)
    async with centre.aiko.browsing("/customers?last_name.eq=Larkins&first_name.contains=Guest0") as page:
        customers = CustomerList(page)
        await expect(customers.range).to_have_text("1–9 of 9")
        chip = page.get_by_role("button", name="First name contains Guest0")
        await chip.press("Enter")
        form = page.get_by_role("form", name="Filter")
        await form.get_by_label("Value").fill("guest1")
        await form.get_by_label("Value").press("Enter")
        await expect(customers.range).to_have_text("1–10 of 10")
        await page.get_by_role("button", name="First name contains guest1").press("Delete")
        await expect(customers.range).to_have_text("1–30 of 30")


async def test_everything_that_matches_is_edited_and_undone(centre: Centre) -> None:
    await _guests(centre)
    async with centre.sven.browsing(f"/customers?city.eq={TOWN}&sort=display_name&page_size=25") as page:
        customers = CustomerList(page)
        await customers.begins_with("Guest01 Larkins")
        await Desk(page).is_live()
        await page.keyboard.press("j")
        await page.keyboard.press("x")
        await expect(page.get_by_text("1 selected")).to_be_visible()
        await page.get_by_role("checkbox", name="Select every row of the page").click()
        await page.get_by_role("button", name="Select all 30 that match").click()
        await page.get_by_role("button", name="Edit selected…").click()
        dialog = page.get_by_role("dialog", name="Bulk edit")
        await dialog.get_by_label("Field").select_option("Language")
        await dialog.get_by_label("New value").select_option("sv")
        await page.keyboard.press("Control+Enter")
        await expect(dialog.get_by_text("This changes 30 customers.")).to_be_visible()
        # Nothing is changed before it is confirmed.
        assert (await centre.sven.ask("GET", f"/customers?city.eq={TOWN}&preferred_language.eq=sv"))["total"] == 0
        await page.keyboard.press("Control+Enter")
        result = page.get_by_role("region", name="Bulk edit")
        await expect(result).to_contain_text("Bulk edit done: 30 of 30")
        await expect(customers.cell(0, "preferred_language")).to_have_text("Swedish")

        changed = (await centre.sven.ask("GET", f"/customers?city.eq={TOWN}&first_name.eq=Guest01"))["items"][0]
        await centre.bilal.change(changed, preferred_language="fi")
        await expect(customers.cell(0, "preferred_language")).to_have_text("Finnish")
        # The way back is still there when one comes again, until it is put away.
        await page.reload()
        await expect(result).to_contain_text("Bulk edit done: 30 of 30")
        await result.get_by_role("button", name="Undo").click()
        await expect(result).to_contain_text("Undone for 29 customers")
        await expect(customers.cell(1, "preferred_language")).to_have_text("")
        await expect(customers.cell(0, "preferred_language")).to_have_text("Finnish")
        await result.get_by_role("button", name="1 kept").click()
        await expect(page.get_by_role("dialog").get_by_role("link", name="Guest01 Larkins")).to_be_visible()
    await centre.bilal.change(changed, preferred_language=None)


async def test_the_list_is_exported_as_it_is_on_the_screen(centre: Centre) -> None:
    await _guests(centre)
    await centre.sven.prefer(
        **{"list.customers": {"columns": [{"key": key, "hidden": False} for key in ("display_name", "city", "last_name")]}}
    )
    async with centre.sven.browsing(f"/customers?city.eq={TOWN}&sort=-display_name") as page:
        await CustomerList(page).begins_with("Guest30 Larkins")
        async with page.expect_download() as downloading:
            await page.get_by_role("link", name="Export").click()
        file = await (await downloading.value).path()
    text = await asyncio.to_thread(Path(file).read_text, "utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["display_name", "city", "last_name"]
    assert rows[1] == ["Guest30 Larkins", TOWN, "Larkins"]
    assert len(rows) == 31
    await centre.sven.prefer(**{"list.customers": {}})
