"""Two cards of one customer become one and two again, at the desk (product.md 1.8)."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk
from tests.support.eventually import eventually


async def two_cards(centre: Centre, last_name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A customer with two cards, one number on both."""
    first = await centre.customer("Marianne", last_name, email=f"{last_name.lower()}@example.com")
    second = await centre.customer("Mary Anne", last_name, phone_1=first["phone_1"])

    async def found() -> bool:
        return bool((await centre.aiko.ask("GET", f"/customers/{first['id']}/duplicates"))["items"])

    # The worker looks at cards a moment after they changed.
    await eventually(found, within=20)
    return first, second


async def open_card(desk: Desk, centre: Centre, card: dict[str, Any]) -> None:
    await desk.page.goto(f"{centre.url}/desk/customers/{card['id']}")
    await desk.is_live()
    await desk.shows(card["display_name"])


async def test_a_duplicate_is_compared_merged_and_parted_again(centre: Centre, desk: Desk) -> None:
    first, second = await two_cards(centre, "Dashwood")
    async with centre.bilal.browsing(f"/desk/customers/{second['id']}") as elsewhere:
        bilal = Desk(elsewhere)
        await bilal.is_live()
        await bilal.shows("Mary Anne Dashwood")

        # The card tells who may be the same, and why.
        await open_card(desk, centre, first)
        await expect(desk.card.get_by_role("list", name="Reasons")).to_contain_text("Same number")
        await desk.card.get_by_role("button", name="Merge with Mary Anne Dashwood").click()

        # Side by side: the arrow keys choose, and the result follows.
        name = desk.page.get_by_role("group", name="First name")
        await expect(name.get_by_role("radio", checked=True)).to_be_focused()
        await desk.page.keyboard.press("ArrowRight")
        result = desk.page.get_by_role("region", name="Result")
        await expect(result).to_contain_text("Mary Anne Dashwood")
        await desk.page.keyboard.press("Control+Enter")

        # One card, also where the other one was open.
        await desk.shows("Mary Anne Dashwood")
        await expect(desk.page).to_have_url(f"{centre.url}/desk/customers/{first['id']}")
        await expect(elsewhere).to_have_url(f"{centre.url}/desk/customers/{first['id']}")
        await expect(bilal.row("Mary Anne Dashwood")).to_have_count(1)

        # And back, from the notice.
        await desk.page.get_by_role("region", name="Notices").get_by_role("button", name="Undo").click()
        await desk.shows("Marianne Dashwood")
        await expect(bilal.row("Mary Anne Dashwood")).to_have_count(1)
        await expect(bilal.row("Marianne Dashwood")).to_have_count(0)
    assert (await centre.aiko.ask("GET", f"/customers/{second['id']}"))["first_name"] == "Mary Anne"


async def test_who_types_in_the_card_that_goes_loses_nothing(centre: Centre, desk: Desk) -> None:
    first = await centre.customer("Fanny", "Price")
    second = await centre.customer("Frances", "Price")
    await open_card(desk, centre, second)
    box = await desk.edit("Company", "Mansfield Park Ltd")
    await centre.bilal.ask("POST", f"/customers/{first['id']}/merge", {"other_id": second["id"]})
    note = desk.page.get_by_role("status").filter(has_text="Bilal merged this card into Fanny Price")
    await expect(note).to_be_visible()
    await expect(box).to_be_focused()
    await expect(box).to_have_value("Mansfield Park Ltd")
    await note.get_by_role("button", name="Go to the card").click()
    await desk.shows("Fanny Price")
    moved = desk.card.get_by_role("textbox", name="Company")
    await expect(moved).to_have_value("Mansfield Park Ltd")
    await moved.press("Enter")

    async def stored() -> bool:
        return (await centre.sven.ask("GET", f"/customers/{second['id']}"))["company_name"] == "Mansfield Park Ltd"

    await eventually(stored)


async def test_the_queue_keeps_two_apart_and_a_new_card_is_warned_of(centre: Centre, desk: Desk) -> None:
    first, _ = await two_cards(centre, "Elton")
    await desk.run("Go to duplicates")
    queue = desk.page.get_by_role("list", name="Probable duplicates")
    pair = queue.get_by_role("listitem", name="Marianne Elton and Mary Anne Elton")
    await pair.focus()
    await desk.page.keyboard.press("n")
    await expect(pair).to_have_count(0)
    await desk.page.get_by_role("region", name="Notices").get_by_role("button", name="Undo").click()
    await expect(pair).to_have_count(1)

    await desk.page.goto(f"{centre.url}/desk")
    await desk.is_live()
    await desk.run("New customer")
    await desk.card.get_by_label("Phone 1").fill(first["phone_1"])
    warning = desk.card.get_by_role("status").filter(has_text="may exist already")
    await expect(warning).to_contain_text("Marianne Elton")
    await expect(desk.card.get_by_label("Phone 1")).to_be_focused()
    await warning.get_by_role("button", name="Open Marianne Elton").click()
    await desk.shows("Marianne Elton")


async def test_two_cards_of_somebody_are_led_to_the_merge_page(centre: Centre, desk: Desk) -> None:
    one, other = [await centre.customer("Philadelphia", last_name) for last_name in ("Hawkins", "Elton")]
    await desk.page.goto(f"{centre.url}/desk/customers/{one['id']}")
    await desk.shows("Philadelphia Hawkins")
    await desk.page.keyboard.press("Control+k")
    await desk.page.get_by_role("dialog").get_by_role("combobox").fill("another merge")
    await desk.page.keyboard.press("Enter")
    dialog = desk.page.get_by_role("dialog", name="Merge with another customer…")
    await dialog.get_by_role("combobox").fill("Philadelphia")
    found = dialog.get_by_role("option")
    # The card that one stands at is not offered.
    await expect(found).to_have_count(1)
    await expect(found).to_contain_text("Philadelphia Elton")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_role("heading", name="Merge two cards")).to_be_visible()
    async with centre.sven.browsing("/customers?first_name.eq=Philadelphia&sort=display_name") as page:
        merge = page.get_by_role("link", name="Merge…")
        await page.get_by_role("checkbox", name="Select every row of the page").click()
        await merge.click()
        await expect(page).to_have_url(
            re.compile(rf"/customers/merge/{other['id']}/{one['id']}|/customers/merge/{one['id']}/{other['id']}")
        )
        await page.keyboard.press("Control+k")
        await page.get_by_role("dialog").get_by_role("combobox").fill("customers import")
        await page.get_by_role("option", name="Import customers").click()
        await expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
