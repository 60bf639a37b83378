"""What administrators define, and how it reaches the desks (product.md 0, 1.2, 3.4)."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk, popped


def rows(page: Page, title: str) -> Locator:
    """The rows of the list on the left."""
    return page.get_by_role("list", name=title).get_by_role("listitem")


async def save(page: Page, name: str = "Save") -> None:
    """Press the button and wait until nothing is left to save."""
    await page.get_by_role("button", name=re.compile(f"^{name}")).click()
    await expect(page.get_by_text("not saved")).to_have_count(0)


async def test_a_code_for_a_team_is_on_its_open_desks_at_once(centre: Centre, desk: Desk) -> None:
    _, call = await popped(centre, desk, "Harriet", "Smith")
    await call.answered()
    await call.ended()
    picker = desk.call_bar.get_by_role("combobox", name="Outcome")
    async with centre.ada.browsing("/administration/wrap-up-codes") as page:
        await page.get_by_role("button", name="Add code").click()
        await page.get_by_label("Name in English").fill("Voucher sent")
        await expect(page.get_by_label("Code", exact=True)).to_have_attribute("placeholder", "voucher_sent")
        await page.get_by_role("combobox", name="Teams").click()
        await page.get_by_role("option", name="North").click()
        await page.keyboard.press("Escape")
        await save(page, "Add code C")
        await expect(page).to_have_url(re.compile("/voucher_sent$"))
        await picker.fill("vouch")
        await expect(desk.page.get_by_role("option", name="Voucher sent")).to_be_visible()
        await page.get_by_role("checkbox", name="In use").uncheck()
        await save(page)
        await expect(desk.page.get_by_role("option", name="Voucher sent")).to_have_count(0)
        history = page.get_by_role("region", name="History").get_by_role("listitem")
        await expect(history.first).to_contain_text("Ada changed")
        await expect(history.first).to_contain_text("In use")
        await expect(history.last).to_contain_text("Ada added")


async def test_codes_are_put_in_order_by_dragging_and_by_keyboard(centre: Centre) -> None:
    async with centre.ada.browsing("/administration/wrap-up-codes") as page:
        listed = rows(page, "Wrap-up codes")
        await expect(listed.first).to_be_visible()
        first, third = await listed.nth(0).inner_text(), await listed.nth(2).inner_text()
        await listed.nth(2).drag_to(listed.nth(0), target_position={"x": 60, "y": 4})
        await expect(listed.nth(0)).to_have_text(third.replace("\n", ""))
        await expect(listed.nth(1)).to_have_text(first.replace("\n", ""))
        await listed.nth(0).get_by_role("link").focus()
        await page.keyboard.press("Alt+ArrowDown")
        await expect(listed.nth(0)).to_have_text(first.replace("\n", ""))
        await expect(page.get_by_text(re.compile("is now number 2 of"))).to_have_count(1)
        # The focus stays on what moves, so that it can be moved on.
        await page.keyboard.press("Alt+ArrowDown")
        await expect(listed.nth(2)).to_have_text(third.replace("\n", ""))
        await page.reload()
        await expect(listed.nth(2)).to_have_text(third.replace("\n", ""))


async def test_what_was_typed_waits_while_one_looks_elsewhere(centre: Centre) -> None:
    async with centre.ada.browsing("/administration/teams") as page:
        await rows(page, "Teams").filter(has_text="North").get_by_role("link").click()
        await page.get_by_label("Name").fill("North and West")
        await expect(rows(page, "Teams").filter(has_text="North")).to_contain_text("not saved")
        await page.get_by_role("link", name="Users").click()
        await page.get_by_role("link", name="Teams").click()
        await rows(page, "Teams").filter(has_text="North").get_by_role("link").click()
        await expect(page.get_by_label("Name")).to_have_value("North and West")
        await page.get_by_role("button", name="Undo changes").click()
        await expect(page.get_by_label("Name")).to_have_value("North")


async def test_the_wrap_up_time_of_a_team_is_that_of_the_next_call(centre: Centre, desk: Desk) -> None:
    async with centre.ada.browsing("/administration/teams") as page:
        await rows(page, "Teams").filter(has_text="North").get_by_role("link").click()
        await page.get_by_label("Wrap-up time in seconds").fill("3000")
        await save(page)
        _, call = await popped(centre, desk, "Jane", "Bennet")
        await call.answered()
        await call.ended()
        await expect(desk.call_bar.get_by_text(re.compile(r"\b49:\d\d\b"))).to_be_visible()
        await page.get_by_label("Wrap-up time in seconds").fill("120")
        await save(page)


async def test_a_new_user_signs_in_and_errors_stand_beside_their_fields(centre: Centre) -> None:
    async with centre.ada.browsing("/administration/users") as page:
        await expect(rows(page, "Users").first).to_be_visible()
        await page.keyboard.press("Alt+a")
        await expect(page.get_by_label("Name")).to_be_focused()
        await page.get_by_label("Name").fill("Chloé Marchand")
        await page.get_by_label("E-mail").fill("chloe@example.com")
        await page.get_by_label("Extension").fill("2001")
        await page.get_by_label("Password", exact=True).fill("short")
        await page.get_by_role("button", name=re.compile("^Add user C")).click()
        await expect(page.get_by_text("At least 10 characters")).to_be_visible()
        await page.get_by_label("Password", exact=True).fill("ten letters")
        await page.get_by_role("button", name=re.compile("^Add user C")).click()
        await expect(page.get_by_text("Somebody has this extension already.")).to_be_visible()
        await page.get_by_label("Extension").fill("2077")
        await save(page, "Add user C")
        await expect(rows(page, "Users").filter(has_text="Chloé Marchand")).to_contain_text("2077")
    profile = await centre.new_profile()
    page = await profile.new_page()
    await page.goto(centre.url)
    await page.get_by_label("E-mail").fill("chloe@example.com")
    await page.get_by_label("Password", exact=True).fill("ten letters")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("region", name="Telephone")).to_be_visible()
    await profile.close()


async def test_a_field_comes_onto_open_cards_and_goes(centre: Centre, desk: Desk) -> None:
    await popped(centre, desk, "Anne", "Elliot")
    async with centre.ada.browsing("/administration/customer-fields/+") as page:
        await page.get_by_label("Label").fill("Contract")
        await page.get_by_label("Type").select_option("choice")
        await page.get_by_role("combobox", name="Options").fill("Gold")
        await page.keyboard.press("Enter")
        await save(page, "Add field C")
        await expect(desk.card.get_by_text("Contract")).to_be_visible()
        await page.get_by_role("button", name="Hide field").click()
        await expect(desk.card.get_by_text("Contract")).to_have_count(0)
        await expect(rows(page, "Customer fields").filter(has_text="Contract")).to_contain_text("its values are kept")


async def test_a_second_administrator_overwrites_nothing_unnoticed(centre: Centre) -> None:
    team = await centre.ada.ask("POST", "/teams", {"name": "Weekend"})
    async with centre.ada.browsing(f"/administration/teams/{team['id']}") as page:
        await page.get_by_label("Name").fill("Weekend shift")
        await expect(page.get_by_text("not saved")).to_be_visible()
        await centre.ada.ask("PATCH", f"/teams/{team['id']}", {"name": "Night shift"})
        await expect(page.get_by_role("alert")).to_contain_text("Somebody else changed the same field")
        await page.get_by_role("button", name="Undo changes").click()
        await expect(page.get_by_label("Name")).to_have_value("Night shift")
        # What can't be undone asks once more, and what is gone keeps its name in the history.
        await page.get_by_role("button", name="Remove team").click()
        await page.get_by_role("button", name="Remove Night shift? Press once more").click()
        await expect(rows(page, "Teams").filter(has_text="Night shift")).to_have_count(0)
        history = page.get_by_role("region", name="History").get_by_role("listitem")
        await expect(history.first).to_contain_text("Ada removed Night shift")


async def test_who_is_signed_out_by_an_administrator_is_told(centre: Centre) -> None:
    body = {"email": "temp@example.com", "name": "Temp", "roles": ["agent"], "password": "ten letters"}
    account = await centre.ada.ask("POST", "/accounts", body)
    profile = await centre.new_profile()
    page = await profile.new_page()
    await page.goto(centre.url)
    await expect(page.get_by_text("You were signed out")).to_have_count(0)
    await page.get_by_label("E-mail").fill("temp@example.com")
    await page.get_by_label("Password", exact=True).fill("ten letters")
    await page.get_by_role("button", name="Sign in").click()
    await Desk(page).is_live()
    await centre.ada.ask("PATCH", f"/accounts/{account['id']}", {"password": "other letters"})
    await expect(page.get_by_text("You were signed out")).to_be_visible()
    await profile.close()


async def test_only_administrators_have_these_pages(centre: Centre) -> None:
    async with centre.sven.browsing("/administration/users") as page:
        await expect(page).to_have_url(re.compile("/desk"))
        await expect(page.get_by_role("link", name="Administration")).to_have_count(0)
