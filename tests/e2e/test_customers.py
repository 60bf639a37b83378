"""The customer list (product.md 1.6)."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk

# A town of their own, so that a filter finds these and none of the other tests' customers.
TOWN = "Highbury"
NAMES = ("Abel", "Berta", "Cecil", "Dora", "Émile", "Frida", "Gustav")


class CustomerList:
    """The list as one sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.grid = page.get_by_role("grid", name="Customers")
        self.range = page.get_by_role("navigation", name="Pages").get_by_role("status")

    def cell(self, row: int, column: str = "display_name") -> Locator:
        """A cell of the row at this place, the first one is 0."""
        return self.grid.locator(f'.ag-row[row-index="{row}"] .ag-cell[col-id="{column}"]')

    async def begins_with(self, *names: str) -> None:
        """Wait until the first rows are these."""
        for place, name in enumerate(names):
            await expect(self.cell(place)).to_have_text(name)

    async def sort_by(self, heading: str, direction: str) -> None:
        """Click a heading; wait until it shows the direction."""
        header = self.grid.get_by_role("columnheader", name=heading)
        await header.click()
        await expect(header).to_have_attribute("aria-sort", direction)


async def _residents(centre: Centre) -> None:
    listed = await centre.sven.ask("GET", f"/customers?city.eq={TOWN}")
    if listed["total"] == 0:
        for name in NAMES:
            await centre.customer(name, "Bates-Perry", addresses=[{"city": TOWN, "country": "GB", "primary": True}])


async def test_the_list_is_sorted_by_its_headings(centre: Centre) -> None:
    await _residents(centre)
    async with centre.aiko.browsing(f"/customers?city.eq={TOWN}") as page:
        customers = CustomerList(page)
        await customers.begins_with("Gustav Bates-Perry", "Frida Bates-Perry")
        await customers.sort_by("Name", "ascending")
        await customers.begins_with("Abel Bates-Perry", "Berta Bates-Perry")
        await customers.sort_by("Name", "descending")
        await customers.begins_with("Gustav Bates-Perry", "Frida Bates-Perry")
        await customers.sort_by("Number", "descending")
        await customers.sort_by("Number", "ascending")
        await customers.begins_with("Abel Bates-Perry")
        await page.go_back()
        await expect(customers.grid.get_by_role("columnheader", name="Number")).to_have_attribute("aria-sort", "descending")
        await customers.begins_with("Gustav Bates-Perry")


async def test_the_list_is_searched_filtered_and_paged(centre: Centre) -> None:
    await _residents(centre)
    for number in range(1, 31):
        await centre.customer(f"Guest{number:02}", "Bates-Perry", addresses=[{"city": "Randalls", "country": "GB", "primary": True}])
    async with centre.aiko.browsing("/customers") as page:
        customers = CustomerList(page)
        await expect(customers.cell(0)).to_be_visible()
        await page.keyboard.press("/")
        search = page.get_by_role("searchbox", name="Name, number or e-mail")
        await expect(search).to_be_focused()
        await search.fill("bates-perry")
        await expect(customers.range).to_have_text("1–37 of 37")
        await page.get_by_role("button", name="Filter").click()
        form = page.get_by_role("form", name="Filter")
        await form.get_by_role("combobox", name="Column").click()
        await form.get_by_role("option", name="City").click()
        await form.get_by_label("Value").fill("randalls")
        await form.get_by_label("Value").press("Enter")
        await expect(customers.range).to_have_text("1–30 of 30")
        await expect(page.get_by_text("City contains randalls")).to_be_visible()

        await page.get_by_role("combobox", name="Rows on a page").click()
        await page.get_by_role("option", name="25 per page").click()
        await expect(customers.range).to_have_text("1–25 of 30")
        await page.get_by_role("button", name="Next page").click()
        await expect(customers.range).to_have_text("26–30 of 30")
        await expect(page.get_by_role("button", name="Next page")).to_be_disabled()
        await page.get_by_role("textbox", name="Page", exact=True).fill("1")
        await page.get_by_role("textbox", name="Page", exact=True).press("Enter")
        await expect(customers.range).to_have_text("1–25 of 30")

        # The address has it all: the same list after a reload.
        await page.reload()
        await expect(customers.range).to_have_text("1–25 of 30")
        await expect(search).to_have_value("bates-perry")
        await page.get_by_role("button", name="Remove the filter on City").click()
        await expect(customers.range).to_have_text("1–25 of 37")
        await search.fill("nobody at all")
        await expect(page.get_by_text("No customer matches")).to_be_visible()
        await page.get_by_role("button", name="Show all customers").click()
        await expect(search).to_have_value("")
        await expect(customers.cell(0)).to_be_visible()


async def test_the_list_is_walked_by_keys_and_enter_opens_on_the_desk(centre: Centre) -> None:
    await _residents(centre)
    async with centre.aiko.browsing(f"/customers?city.eq={TOWN}&sort=first_name") as page:
        customers = CustomerList(page)
        await customers.begins_with("Abel Bates-Perry")
        for key, row in (("j", 0), ("j", 1), ("ArrowDown", 2), ("k", 1)):
            await page.keyboard.press(key)
            await expect(customers.cell(row)).to_be_focused()
        await page.keyboard.press("Enter")
        await Desk(page).shows("Berta Bates-Perry")
        await expect(Desk(page).row("Berta Bates-Perry")).to_be_visible()
        await page.go_back()
        await customers.cell(3).click()
        await Desk(page).shows("Dora Bates-Perry")


async def test_a_change_by_somebody_else_shows_in_the_rows(centre: Centre) -> None:
    customer = await centre.customer("Anna", "Weston-Before")
    async with centre.aiko.browsing("/customers?q=weston-before") as page:
        customers = CustomerList(page)
        await customers.begins_with("Anna Weston-Before")
        await Desk(page).is_live()
        await centre.bilal.change(customer, last_name="Weston-After")
        await customers.begins_with("Anna Weston-After")


async def test_a_page_past_the_end_and_a_failing_server_say_what_to_do(centre: Centre) -> None:
    await _residents(centre)
    async with centre.aiko.browsing(f"/customers?city.eq={TOWN}&page=9") as page:
        customers = CustomerList(page)
        await page.get_by_role("button", name="Go to the first page").click()
        await customers.begins_with("Gustav Bates-Perry")
        await page.route(re.compile(r"/api/v1/customers\?"), lambda route: route.abort())
        await customers.grid.get_by_role("columnheader", name="Name").click()
        await expect(page.get_by_role("alert")).to_contain_text("The server did not answer")
        await page.unroute(re.compile(r"/api/v1/customers\?"))
        await page.get_by_role("button", name="Try again").click()
        await customers.begins_with("Abel Bates-Perry")
        await expect(page.get_by_role("alert")).to_have_count(0)
