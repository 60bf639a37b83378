"""What is written on a card, by us and by others (product.md 1.5, 3.5)."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Route, expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk, popped
from tests.support.eventually import eventually


async def test_a_field_is_edited_where_it_stands(centre: Centre, desk: Desk) -> None:
    customer, _ = await popped(centre, desk, "Jane", "Fairfax")
    field = desk.field("Last name")
    await field.focus()
    await desk.page.keyboard.press("F2")
    box = desk.card.get_by_role("textbox", name="Last name")
    await expect(box).to_be_focused()
    await box.fill("Churchill")
    await desk.page.keyboard.press("Escape")
    await expect(field).to_contain_text("Fairfax")
    await expect(field).to_be_focused()
    await desk.page.keyboard.press("F2")
    await box.fill("Churchill")
    await desk.page.keyboard.press("Enter")
    await expect(desk.card.get_by_role("status", name="Saved")).to_be_visible()
    await desk.shows("Jane Churchill")
    assert (await centre.sven.ask("GET", f"/customers/{customer['id']}"))["last_name"] == "Churchill"


async def test_a_refusal_stands_beside_its_field(centre: Centre, desk: Desk) -> None:
    await popped(centre, desk, "Harriet", "Smith")
    box = await desk.edit("E-mail", "no address")
    await box.press("Enter")
    await expect(desk.card.get_by_role("alert")).to_be_visible()
    await expect(box).to_have_value("no address")


async def test_two_who_write_one_field_choose_which_value_stands(centre: Centre, desk: Desk) -> None:
    customer, _ = await popped(centre, desk, "Frank", "Weston")
    box = await desk.edit("First name", "Franklin")
    await centre.bilal.change(customer, first_name="Francis")
    await desk.shows("Francis Weston")
    await expect(box).to_have_value("Franklin")
    await box.press("Enter")
    alert = desk.card.get_by_role("alert")
    await expect(alert).to_contain_text("Somebody else changed this field")
    await expect(alert.get_by_role("button", name="Theirs")).to_contain_text("Francis")
    await alert.get_by_role("button", name="Yours").click()
    await desk.shows("Franklin Weston")

    async def stored() -> bool:
        return (await centre.sven.ask("GET", f"/customers/{customer['id']}"))["first_name"] == "Franklin"

    await eventually(stored)


async def test_a_save_that_comes_second_is_answered_409_and_settled(centre: Centre, desk: Desk) -> None:
    customer, _ = await popped(centre, desk, "George", "Knightley")
    answers: list[int] = []

    async def be_slow(route: Route) -> None:
        # Bilal is quicker: his change is stored while ours is under way.
        if not answers:
            await centre.bilal.change(customer, first_name="Geo")
        response = await route.fetch()
        answers.append(response.status)
        await route.fulfill(response=response)

    box = await desk.edit("First name", "Georgie")
    await desk.page.route(f"**/customers/{customer['id']}", be_slow)
    await box.press("Enter")
    await desk.card.get_by_role("alert").get_by_role("button", name="Theirs").click()
    await desk.shows("Geo Knightley")
    await expect(desk.field("First name")).to_contain_text("Geo")
    assert answers == [409]


async def test_a_comment_is_kept_and_its_address_is_a_link(centre: Centre, desk: Desk) -> None:
    await popped(centre, desk, "Miss", "Bates")
    article = desk.page.get_by_role("article").first
    bar = article.get_by_role("button").first
    if await bar.get_attribute("aria-expanded") == "false":
        await bar.click()
    await article.get_by_role("button", name="Comment", exact=True).last.click()
    box = article.get_by_role("textbox", name="Comment")
    await expect(box).to_be_focused()
    await box.fill("Wants https://example.com/invoice.pdf, by Friday.")
    await box.press("Control+Enter")
    link = article.get_by_role("link", name="https://example.com/invoice.pdf")
    await expect(link).to_have_attribute("href", "https://example.com/invoice.pdf")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")


async def test_a_change_by_somebody_else_shows_without_a_reload(centre: Centre, desk: Desk) -> None:
    customer, _ = await popped(centre, desk, "Augusta", "Hawkins")
    await desk.page.evaluate("window.sameDocument = true")
    await centre.bilal.change(customer, last_name="Elton", email="augusta@example.com")
    await desk.shows("Augusta Elton")
    await expect(desk.field("E-mail")).to_contain_text("augusta@example.com")
    await expect(desk.row("Augusta Elton")).to_be_visible()
    assert await desk.page.evaluate("window.sameDocument")


async def test_an_attribute_shows_on_every_desk_at_once(centre: Centre, desk: Desk) -> None:
    await popped(centre, desk, "Attribute", "Bearer")
    await expect(desk.page.get_by_text("Customer since club year")).to_have_count(0)
    made = await centre.ada.ask("POST", "/customer-attributes", {"label": "Customer since club year", "type": {"type": "integer"}})
    customer, _ = await popped(centre, desk, "Second", "Bearer")
    await expect(desk.page.get_by_role("region", name="Customer fields").get_by_text("Customer since club year")).to_be_visible()
    await centre.sven.change(customer, attributes={made["key"]: "1998"})
    await expect(desk.page.get_by_role("region", name="Customer fields").get_by_text("1998")).to_be_visible()
    await centre.ada.ask("DELETE", f"/customer-attributes/{made['id']}")
    await expect(desk.page.get_by_text("Customer since club year")).to_have_count(0)


async def test_a_number_of_two_customers_is_saved_once_that_is_meant(centre: Centre, desk: Desk) -> None:
    customer, _ = await popped(centre, desk, "Shared", "Number")
    asked = {"type": "urn:ringdesk:problem:shared_address", "title": "Shared", "detail": "It belongs to Emma, too.", "policy": "warn"}

    async def ask_first(route: Route) -> None:
        # As a deployment with RINGDESK_DUPLICATES=warn answers (tests/features/customers/test_api.py).
        if route.request.method == "PATCH" and "accept_duplicates=true" not in route.request.url:
            await route.fulfill(status=409, json=asked, content_type="application/problem+json")
        else:
            await route.continue_()

    await desk.page.route(f"**/api/v1/customers/{customer['id']}*", ask_first)
    await desk.edit("E-mail", "shared@example.com")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_text("It belongs to Emma, too.")).to_be_visible()
    await desk.page.get_by_role("button", name="Save all the same").click()
    await expect(desk.field("E-mail")).to_contain_text("shared@example.com")


async def test_a_leg_is_tagged_by_typing(centre: Centre, desk: Desk) -> None:
    await popped(centre, desk, "Tagged", "Caller")
    leg = desk.page.get_by_role("article").first
    await leg.get_by_role("button", name="Tags").click()
    field = leg.get_by_role("combobox", name="Tags")
    await expect(field).to_be_focused()
    await field.press_sequentially("Repair")
    await field.press("Enter")
    await field.press_sequentially("VIP")
    await leg.get_by_role("button", name="Save tags").click()
    await expect(leg.get_by_role("button", name="Save tags")).to_have_count(0)
    await expect(leg.get_by_text("Repair")).to_be_visible()
    await expect(leg.get_by_text("VIP")).to_be_visible()

    await popped(centre, desk, "Another", "Caller")
    leg = desk.page.get_by_role("article").first
    await leg.get_by_role("button", name="Tags").click()
    await leg.get_by_role("combobox", name="Tags").press_sequentially("rep")
    await desk.page.get_by_role("option", name="Repair").click()
    await leg.get_by_role("button", name="Save tags").click()
    await expect(leg.get_by_role("button", name="Save tags")).to_have_count(0)
    await expect(leg.get_by_text("Repair")).to_be_visible()


async def test_attributes_are_edited_where_they_stand(centre: Centre, desk: Desk) -> None:
    made = [
        await centre.ada.ask("POST", "/customer-attributes", {"label": label, "type": {"type": kind} | more, "help": "For the test"})
        for label, kind, more in (
            ("Plan", "choice", {"options": ["Gold", "Silver"]}),
            ("Seats", "integer", {}),
            ("Remarks", "long_text", {}),
            ("Reviewed", "date_time", {}),
            ("Interests", "multiple_choice", {"options": ["Sailing", "Chess"]}),
            ("Newsletter", "bool", {}),
            ("Portal", "url", {}),
        )
    ]
    customer, _ = await popped(centre, desk, "Anne", "Wentworth")

    async def stored() -> dict[str, Any]:
        return (await centre.aiko.ask("GET", f"/customers/{customer['id']}"))["attributes"]

    try:
        await desk.field("Plan").click()
        await desk.card.get_by_role("combobox", name="Plan").select_option("Gold")
        await expect(desk.field("Plan")).to_contain_text("Gold")
        # What the type refuses is said beside the field, and what was typed stays.
        box = await desk.edit("Seats", "many")
        await box.press("Enter")
        await expect(desk.card.get_by_text("Write a whole number")).to_be_visible()
        await expect(box).to_have_value("many")
        await box.fill("1200")
        await box.press("Enter")
        await expect(desk.field("Seats")).to_contain_text("1200")
        # Enter begins a new line in a long text; Ctrl+Enter saves.
        box = await desk.edit("Remarks", "Calls on Mondays")
        await box.press("Enter")
        await box.press_sequentially("see https://example.com/wentworth")
        await box.press("Control+Enter")
        link = desk.card.get_by_role("link", name="https://example.com/wentworth")
        await expect(link).to_have_attribute("target", "_blank")
        await desk.field("Reviewed").click()
        box = desk.card.get_by_label("Reviewed")
        await box.fill("2026-07-01T10:30")
        await box.press("Enter")
        await expect(desk.field("Reviewed")).to_contain_text("1 Jul 2026, 10:30")
        await desk.field("Interests").click()
        await desk.page.get_by_role("option", name="Chess").click()
        await desk.page.get_by_role("option", name="Sailing").click()
        await desk.page.keyboard.press("Control+Enter")
        await expect(desk.field("Interests")).to_contain_text("Sailing, Chess")
        await desk.field("Newsletter").click()
        await desk.card.get_by_role("combobox", name="Newsletter").select_option("No")
        await expect(desk.field("Newsletter")).to_contain_text("No")
        box = await desk.edit("Portal", "https://portal.example.com/anne")
        await box.press("Enter")
        await expect(desk.card.get_by_role("link", name="https://portal.example.com/anne")).to_be_visible()
        assert await stored() == {
            "plan": "Gold",
            "seats": 1200,
            "remarks": "Calls on Mondays\nsee https://example.com/wentworth",
            "reviewed": "2026-07-01T09:30:00Z",
            "interests": ["Sailing", "Chess"],
            "newsletter": False,
            "portal": "https://portal.example.com/anne",
        }
        # A value that is cleared is gone; one that a colleague changes comes by itself and flashes.
        box = await desk.edit("Seats", "")
        await box.press("Enter")
        await expect(desk.field("Seats")).to_contain_text("empty")
        await centre.bilal.change(customer, attributes={"plan": "Silver"})
        await expect(desk.field("Plan")).to_contain_text("Silver")
        await expect(desk.field("Plan").locator("[data-touched]")).to_have_count(1)
    finally:
        for attribute in made:
            await centre.ada.ask("DELETE", f"/customer-attributes/{attribute['id']}")


async def test_a_new_card_asks_for_required_attributes(centre: Centre, desk: Desk) -> None:
    made = await centre.ada.ask("POST", "/customer-attributes", {"label": "Segment", "type": {"type": "text"}, "required": True})
    try:
        await centre.call(centre.aiko, centre.number(), caller_name="Mary Musgrove")
        form = desk.page.get_by_role("form", name="New customer")
        await form.get_by_label("First name").press("Enter")
        await expect(form.get_by_text("is needed")).to_be_visible()
        await form.get_by_label("Segment").fill("Retail")
        await form.get_by_label("Segment").press("Enter")
        await expect(form).to_have_count(0)
        await expect(desk.field("Segment")).to_contain_text("Retail")
    finally:
        await centre.ada.ask("DELETE", f"/customer-attributes/{made['id']}")


async def test_closing_asks_what_becomes_of_what_was_not_saved(centre: Centre, desk: Desk) -> None:
    page, dialog = desk.page, desk.page.get_by_role("dialog")
    customer, call = await popped(centre, desk, "Isabella", "Thorpe")
    await call.ended()
    await desk.edit("Last name", "Tilney")
    await page.keyboard.press("Alt+w")
    await expect(dialog).to_contain_text("Some edits are not saved.")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    assert (await centre.aiko.ask("GET", f"/customers/{customer['id']}"))["last_name"] == "Tilney"
    # So it is with a customer who was not created yet.
    await page.keyboard.press("Alt+n")
    await desk.card.get_by_role("textbox", name="First name").fill("Catherine")
    await page.keyboard.press("Alt+w")
    await dialog.get_by_role("button", name="Discard").click()
    await expect(dialog).to_have_count(0)
    await expect(desk.row("Catherine")).to_have_count(0)
