"""Why customers call, as agents use it: open a request, say what the call is about, move interactions, close (product.md 2, 3.7, 4.2)."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk, popped


def requests(page: Page) -> Locator:
    """The requests above the journey."""
    return page.get_by_role("region", name="Requests of this customer").get_by_role("listitem")


def interactions(page: Page) -> Locator:
    """The interactions of the journey, newest first."""
    return page.locator("[data-interaction]")


async def open_by_keyboard(page: Page, title: str) -> None:
    """Open a request from the desk without the mouse."""
    await expect(page.get_by_role("region", name="Requests of this customer")).to_be_visible()
    await page.keyboard.press("Alt+r")
    box = page.get_by_role("dialog").get_by_label("Title")
    await expect(box).to_be_focused()
    await box.fill(title)
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def past_call(centre: Centre, customer: dict[str, Any]) -> None:
    """A call of this customer's at Bilal's desk, over."""
    call = await centre.call(centre.bilal, customer["phone_1"])
    await call.answered()
    await call.ended()


async def test_a_request_of_a_new_type_is_opened_for_the_call(centre: Centre, desk: Desk) -> None:
    async with centre.ada.browsing("/administration/request-types") as page:
        await page.get_by_role("button", name="Add type").first.click()
        await page.get_by_label("Name", exact=True).fill("Refund")
        await page.get_by_role("button", name="New field").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Label").fill("Order number")
        await page.keyboard.press("Control+Enter")
        await expect(dialog).to_have_count(0)
        await page.get_by_role("checkbox", name="Order number is required").check()
        await page.get_by_role("button", name=re.compile("^Add type Ctrl")).click()
        await expect(page).to_have_url(re.compile("/refund$"))
    _, call = await popped(centre, desk, "Fanny", "Price")
    await call.answered()
    page = desk.page
    await expect(page.get_by_role("region", name="Requests of this customer")).to_be_visible()
    await page.keyboard.press("Alt+r")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Title").fill("Money back for the kettle")
    await dialog.get_by_label("Type").select_option("Refund")
    await page.keyboard.press("Control+Enter")
    # What is wrong stands beside its field, and nothing is lost.
    await expect(dialog.get_by_text("“Order number” is needed.")).to_be_visible()
    await dialog.get_by_label("Order number").fill("4711")
    await page.keyboard.press("Control+Enter")
    line = requests(page).filter(has_text="Money back for the kettle")
    await expect(line.get_by_label("The call is about this")).to_be_visible()
    await expect(interactions(page).first).to_contain_text("Money back for the kettle")
    await call.ended()


async def test_the_call_s_request_is_chosen_among_the_open_ones_and_follows_it(centre: Centre, desk: Desk) -> None:
    customer, call = await popped(centre, desk, "Tom", "Bertram")
    await call.answered()
    for title in ("First matter", "Second matter"):
        await centre.bilal.ask("POST", "/requests", {"type": "question", "title": title, "customer_id": customer["id"]})
    page = desk.page
    # What a colleague opens is there without a reload.
    await expect(requests(page)).to_have_count(2)
    await requests(page).filter(has_text="First matter").get_by_role("button", name="The call is about").click()
    await expect(interactions(page).first).to_contain_text("First matter")
    [item] = (await centre.bilal.ask("GET", f"/customers/{customer['id']}/requests?"))["items"][1:]
    await centre.bilal.ask("PATCH", f"/requests/{item['id']}", {"title": "Renamed matter"}, version=item["version"])
    await expect(interactions(page).first).to_contain_text("Renamed matter")
    await call.ended()


async def test_interactions_are_moved_by_dragging_and_by_keyboard_and_back(centre: Centre, desk: Desk) -> None:
    customer, call = await popped(centre, desk, "Edmund", "Bertram")
    await call.ended()
    await past_call(centre, customer)
    page = desk.page
    await open_by_keyboard(page, "The kettle leaks")
    line = requests(page).filter(has_text="The kettle leaks")
    await expect(line).to_be_visible()
    past = interactions(page).filter(has_text="Bilal")
    await past.get_by_role("button", expanded=False).drag_to(line, target_position={"x": 200, "y": 12})
    await expect(past).to_contain_text("The kettle leaks")
    await page.get_by_role("button", name="Undo").click()
    await expect(past.get_by_text("The kettle leaks")).to_have_count(0)
    await past.get_by_role("button", expanded=False).focus()
    await page.keyboard.press("m")
    dialog = page.get_by_role("dialog", name="Where does this interaction belong?")
    await expect(dialog.get_by_role("button", name="The kettle leaks")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(past).to_contain_text("The kettle leaks")
    # For ever, too: the history of the interaction takes it back.
    await past.get_by_role("button", expanded=False).first.click()
    await past.get_by_role("button", name="Where it was before").click()
    await past.get_by_role("button", name="Undo").click()
    await expect(past.get_by_text("undone by Aiko")).to_have_count(2)
    await expect(past.get_by_text("The kettle leaks")).to_have_count(0)


async def test_a_request_is_edited_closed_and_reopened_on_its_page(centre: Centre, desk: Desk) -> None:
    customer = await centre.customer("Julia", "Bertram")
    made = await centre.aiko.ask("POST", "/requests", {"type": "question", "title": "Where is my order", "customer_id": customer["id"]})
    async with centre.sven.browsing(f"/requests/{made['id']}") as page:
        await page.get_by_label("Due").fill("2020-01-02")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text(re.compile("overdue since"))).to_be_visible()
        # Somebody else changes another field meanwhile: nothing is in the way.
        await page.get_by_label("Title").fill("Where is my parcel")
        current = await centre.aiko.ask("GET", f"/requests/{made['id']}")
        await centre.aiko.ask("PATCH", f"/requests/{made['id']}", {"priority": "urgent"}, version=current["version"])
        await expect(page.get_by_label("Priority")).to_have_value("urgent")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("heading", name="Where is my parcel")).to_be_visible()
        await page.get_by_role("button", name="Close request").click()
        await page.get_by_role("dialog").get_by_label("Reason").fill("See https://parcels.example/1")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_label("Title")).to_have_count(0)
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await expect(page.get_by_role("link", name="https://parcels.example/1")).to_have_attribute("target", "_blank")
        await page.get_by_role("button", name="Reopen").click()
        await page.get_by_role("dialog").get_by_role("button", name=re.compile("^Reopen")).click()
        await expect(page.get_by_label("Title")).to_have_value("Where is my parcel")


async def test_the_list_narrows_to_one_s_own_and_the_board_moves_them(centre: Centre, desk: Desk) -> None:
    customer = await centre.customer("Mary", "Crawford")
    for title, owner in (("Mine to do", centre.aiko), ("Somebody else's", centre.bilal)):
        await owner.ask("POST", "/requests", {"type": "question", "title": title, "customer_id": customer["id"]})
    page = desk.page
    await page.get_by_role("link", name="Requests", exact=True).click()
    await page.get_by_role("searchbox").fill("crawford")
    await expect(page.get_by_role("gridcell", name="Somebody else's")).to_be_visible()
    await page.get_by_role("button", name="Mine").click()
    await expect(page.get_by_role("gridcell", name="Somebody else's")).to_have_count(0)
    await expect(page.get_by_role("gridcell", name="Mine to do")).to_be_visible()
    await page.get_by_text("By priority").click()
    card = page.get_by_role("listitem").filter(has_text="Mine to do")
    urgent = page.get_by_role("region", name="urgent")
    await card.drag_to(urgent, target_position={"x": 60, "y": 60})
    await expect(urgent).to_contain_text("Mine to do")
    await card.get_by_role("link").click()
    await expect(page.get_by_label("Priority")).to_have_value("urgent")
