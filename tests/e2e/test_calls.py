"""Calls on the desk, from the first ring to the outcome (product.md 4.5, 4.6)."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk, popped


async def test_a_known_caller_pops_and_the_focus_stays(centre: Centre, desk: Desk) -> None:
    edward = await centre.customer("Edward", "Ferrars")
    before = await desk.focused()
    await centre.call(centre.aiko, edward["phone_1"])
    await desk.shows("Edward Ferrars")
    await expect(desk.row("Edward Ferrars").get_by_role("link")).to_have_attribute("aria-current", "true")
    await expect(desk.call_bar.get_by_role("button", name="Edward Ferrars")).to_contain_text("Ringing")
    await expect(desk.announcement).to_have_text("Incoming call, Edward Ferrars, Support")
    await expect(desk.announcement).to_have_attribute("aria-live", "polite")
    assert await desk.focused() == before


async def test_a_call_while_typing_waits_until_it_is_gone_to(centre: Centre, desk: Desk) -> None:
    await popped(centre, desk, "Elinor", "Dashwood")
    box = await desk.edit("First name", "Elin")
    second = await centre.customer("Lucy", "Steele")
    await centre.call(centre.aiko, second["phone_1"])
    await expect(desk.row("Lucy Steele")).to_have_attribute("data-waiting", "true")
    await expect(desk.announcement).to_have_text("Incoming call, Lucy Steele, Support")
    await desk.shows("Elinor Dashwood")
    await expect(box).to_be_focused()
    await expect(box).to_have_value("Elin")
    await desk.page.keyboard.press("Alt+Enter")
    await desk.shows("Lucy Steele")
    await expect(desk.row("Lucy Steele")).not_to_have_attribute("data-waiting", "true")
    # What was typed waits, too.
    await desk.row("Elinor Dashwood").get_by_role("link").click()
    await expect(desk.card.get_by_role("textbox", name="First name")).to_have_value("Elin")


async def test_an_unknown_caller_is_created_and_linked_by_enter(centre: Centre, desk: Desk) -> None:
    number = centre.number()
    await centre.call(centre.aiko, number, caller_name="Marianne Dashwood")
    await desk.shows("Marianne Dashwood")
    form = desk.page.get_by_role("form", name="New customer")
    await expect(form.get_by_label("Phone 1")).to_have_value(re.compile(number[-4:]))
    await expect(form.get_by_label("Last name")).to_have_value("Dashwood")
    await desk.page.keyboard.press("Alt+Enter")
    await expect(form.get_by_label("First name")).to_be_focused()
    await form.get_by_label("E-mail").fill("marianne@example.com")
    await form.get_by_label("E-mail").press("Enter")
    await expect(form).to_have_count(0)
    await expect(desk.page.get_by_role("article")).to_have_count(1)
    await expect(desk.field("E-mail")).to_contain_text("marianne@example.com")
    await expect(desk.call_bar.get_by_role("button", name="Marianne Dashwood")).to_be_visible()


async def test_enter_pressed_twice_makes_one_card(centre: Centre, desk: Desk) -> None:
    number = centre.number()
    await centre.call(centre.aiko, number, caller_name="Henry Crawford")
    form = desk.page.get_by_role("form", name="New customer")
    await form.get_by_label("First name").focus()
    for _ in range(3):
        await desk.page.keyboard.press("Enter")
    await expect(form).to_have_count(0)
    await expect(desk.field("Last name")).to_contain_text("Crawford")
    found = await centre.aiko.ask("GET", f"/customers/lookup?phone={number.replace('+', '%2B')}")
    assert len(found["matches"]) == 1


async def test_one_of_several_is_chosen_by_arrows_and_enter(centre: Centre, desk: Desk) -> None:
    anne = await centre.customer("Anne", "Elliot")
    await centre.customer("Mary", "Musgrove", phone_1=anne["phone_1"])
    await centre.call(centre.aiko, anne["phone_1"])
    options = desk.page.get_by_role("option")
    await expect(options).to_have_count(2)
    await desk.page.keyboard.press("Alt+Enter")
    await expect(desk.page.get_by_role("listbox", name="Who is calling?")).to_be_focused()
    await desk.page.keyboard.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    chosen = "Mary Musgrove" if "Mary" in await options.nth(1).inner_text() else "Anne Elliot"
    await desk.page.keyboard.press("Enter")
    await desk.shows(chosen)
    await expect(desk.call_bar.get_by_role("button", name=chosen)).to_be_visible()


async def test_the_outcome_is_found_by_typing_and_finished_by_keyboard(centre: Centre, desk: Desk) -> None:
    _, call = await popped(centre, desk, "Henry", "Tilney")
    await call.answered()
    await expect(desk.call_bar.get_by_role("button", name="Henry Tilney")).to_contain_text("Talking")
    await call.ended()
    form = desk.page.get_by_role("form", name="Wrap-up of the call with Henry Tilney")
    await expect(form).to_be_visible()
    await desk.page.keyboard.press("Alt+u")
    await expect(form.get_by_role("combobox", name="Outcome")).to_be_focused()
    await desk.page.keyboard.type("bill")
    await expect(desk.page.get_by_role("listbox", name="Outcome").get_by_role("option")).to_have_count(1)
    await desk.page.keyboard.press("Enter")
    await expect(form.get_by_role("combobox", name="Outcome")).to_have_value("Billing question")
    await form.get_by_label("Note (optional)").fill("Wants the invoice as a PDF")
    await desk.page.keyboard.press("Control+Enter")
    await expect(form).to_have_count(0)
    article = desk.page.get_by_role("article").first
    await expect(article).to_contain_text("Billing question")


async def test_a_wrap_up_is_finished_from_anywhere_and_its_note_alone_is_a_comment(centre: Centre, desk: Desk) -> None:
    _, call = await popped(centre, desk, "Eleanor", "Tilney")
    await call.answered()
    await call.ended()
    form = desk.page.get_by_role("form", name="Wrap-up of the call with Eleanor Tilney")
    await form.get_by_label("Note (optional)").fill("Calls back on Friday")
    await expect(form).to_contain_text("Without an outcome the note is kept as a comment.")
    box = desk.page.get_by_role("combobox", name="Search customers")
    await box.focus()
    await desk.page.keyboard.press("Control+Enter")
    await expect(form).to_be_visible()
    await desk.page.evaluate("document.activeElement.blur()")
    await desk.page.keyboard.press("Control+Enter")
    await expect(form).to_have_count(0)
    await desk.page.get_by_role("article").first.get_by_role("button").first.click()
    await expect(desk.page.get_by_role("article").first).to_contain_text("Calls back on Friday")


async def test_a_closed_customer_moves_to_previous_and_opens_again(centre: Centre, desk: Desk) -> None:
    _, call = await popped(centre, desk, "Fanny", "Price")
    await call.ended()
    await expect(desk.call_bar.get_by_role("button", name="Fanny Price")).to_have_count(0)
    await desk.page.keyboard.press("Alt+w")
    previous = desk.customers.get_by_role("button", name="Fanny Price", exact=True)
    await expect(previous).to_be_visible()
    await expect(desk.customers.get_by_role("link", name="Fanny Price")).to_have_count(0)
    await previous.click()
    await desk.shows("Fanny Price")
    await expect(desk.customers.get_by_role("link", name="Fanny Price")).to_be_visible()


async def test_a_call_that_rings_is_there_again_after_a_reload(centre: Centre, desk: Desk, page: Page) -> None:
    await popped(centre, desk, "Emma", "Woodhouse")
    await page.goto(f"{centre.url}/desk")
    await desk.shows("Emma Woodhouse")
    await expect(desk.call_bar.get_by_role("button", name="Emma Woodhouse")).to_contain_text("Ringing")
