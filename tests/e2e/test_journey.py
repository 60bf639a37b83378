"""The journey as agents read it: its bar, an opened activity, filters, its end; and how requests are marked (product.md 2.6, 3.5, 3.9)."""

from __future__ import annotations

import re
import secrets

from playwright.async_api import expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk
from tests.e2e.test_requests import interactions


async def test_a_transferred_call_tells_all_of_itself_and_is_found_by_every_filter(centre: Centre, desk: Desk) -> None:
    page = desk.page
    customer = await centre.customer("Catherine", "Morland")
    call = await centre.call(centre.aiko, customer["phone_1"])
    leg = {"caller_phone_number": call.number, "call_id": call.id}
    for event, extension in (("answered", centre.aiko.extension), ("transferred", centre.aiko.extension)):
        await centre.tell(**leg, call_agent_extension=extension, event=event, to_extension=centre.bilal.extension)
    for event in ("ringing", "answered", "ended"):
        await centre.tell(**leg, call_agent_extension=centre.bilal.extension, event=event)
    other = await centre.call(centre.aiko, customer["phone_1"])
    await other.ended()
    journey = await centre.aiko.ask("GET", f"/customers/{customer['id']}/journey")
    transferred = journey["items"][1]
    legs = {one["agent_name"]: one["id"] for one in transferred["activities"] if one["kind"] == "agent"}
    for person, code in ((centre.aiko, "billing"), (centre.bilal, "callback")):
        await person.ask("POST", f"/activities/{legs[person.name]}/wrap-up", {"code": code})
    await centre.aiko.ask("PUT", f"/activities/{legs['Aiko']}/tags", {"tags": ["Northanger"]})
    made = await centre.aiko.ask("POST", "/requests", {"type": "question", "title": "Abbey visit", "customer_id": customer["id"]})
    await centre.aiko.ask("PATCH", f"/interactions/{transferred['id']}", {"request_id": made["id"]})
    await page.goto(f"{centre.url}/desk/customers/{customer['id']}")

    await expect(interactions(page)).to_have_count(2)
    item = page.locator(f'[data-interaction="{transferred["id"]}"]')
    bar = item.locator("[data-line]")
    await expect(bar.locator("time")).to_have_attribute("datetime", transferred["started_at"])
    for what in ("Telephone", "Inbound", "Agent"):
        await expect(bar.get_by_label(what, exact=True)).to_be_visible()
    national = f"0{customer['phone_1'][3:5]} {customer['phone_1'][5:9]} {customer['phone_1'][9:]}"
    for text in (national, "Billing question", "Callback agreed"):
        await expect(bar).to_contain_text(text)
    await expect(bar).to_have_text(re.compile(r"\d:\d\d$"))

    await bar.click()
    inside = item.get_by_role("listitem")
    first = inside.filter(has_text="Aiko").first
    for text in ("Inbound", "North", f"ext. {centre.aiko.extension}", "Billing question"):
        await expect(first).to_contain_text(text)
    await expect(first).to_have_text(re.compile(r"\d\d:\d\d.*\d:\d\d"))
    await expect(first.get_by_title(re.compile("^ID "))).to_have_text("Aiko")
    second = inside.filter(has_text="Bilal").first
    for text in ("Transfer", f"ext. {centre.bilal.extension}", "Callback agreed"):
        await expect(second).to_contain_text(text)

    await page.get_by_role("combobox", name="Agent").select_option("Bilal")
    await expect(interactions(page)).to_have_count(1)
    await page.get_by_role("button", name="Clear filter").click()
    await expect(interactions(page)).to_have_count(2)
    await page.get_by_role("combobox", name="Tag").fill("northa")
    await expect(page.get_by_role("option", name="Northanger")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(interactions(page)).to_have_count(1)
    await page.get_by_role("button", name="Clear filter").click()
    await page.get_by_role("button", name="Show only the interactions of REQ-").click()
    await expect(interactions(page)).to_have_count(1)
    await page.get_by_role("button", name="Clear filter").click()
    await page.get_by_role("combobox", name="Dates").select_option("Choose dates…")
    await page.get_by_label("To date").fill("2020-01-01")
    await expect(page.get_by_text("No interaction matches the filter")).to_be_visible()
    await page.get_by_role("search").get_by_role("button", name="Clear filter").click()
    await expect(interactions(page)).to_have_count(2)

    details = desk.card.get_by_role("button", name="Details")
    await expect(desk.field("First name")).to_be_visible()
    await details.click()
    await expect(desk.field("First name")).to_have_count(0)
    await details.click()
    await expect(desk.field("First name")).to_be_visible()


async def test_scrolling_down_asks_for_what_came_before(centre: Centre) -> None:
    customer = await centre.customer("Isabella", "Thorpe")
    source = f"sms-{secrets.token_hex(4)}"
    told = [
        {
            "source": source,
            "external_id": str(number),
            "channel": "sms",
            "customer_id": customer["id"],
            "started_at": f"2026-10-{1 + number // 3:02}T1{number % 3}:00:00Z",
            "ended_at": f"2026-10-{1 + number // 3:02}T1{number % 3}:01:00Z",
        }
        for number in range(80)
    ]
    await centre.ada.ask("POST", "/interactions/bulk", {"items": told})
    async with centre.aiko.browsing(f"/desk/customers/{customer['id']}") as page:
        await expect(interactions(page).first).to_be_visible()
        await expect(page.get_by_text("80 interactions in all")).to_have_count(0)
        await interactions(page).first.hover()
        async with page.expect_request(re.compile("cursor=")):
            await page.mouse.wheel(0, 20_000)
        await expect(interactions(page).first).to_be_visible()
        await page.mouse.wheel(0, 20_000)
        await expect(page.get_by_text("80 interactions in all")).to_be_visible()


async def test_an_overdue_request_is_marked_everywhere_and_its_addresses_are_links_for_all(centre: Centre) -> None:
    customer = await centre.customer("James", "Morland")
    told = {"title": "Where is the carriage", "description": "See https://carriage.example/7", "due_on": "2020-01-02"}
    made = await centre.aiko.ask("POST", "/requests", {"type": "question", "customer_id": customer["id"]} | told)
    async with centre.aiko.browsing("/requests?q=carriage") as page:
        row = page.get_by_role("row").filter(has_text="Where is the carriage")
        await expect(row.locator("[data-overdue]")).to_contain_text("overdue since")
        await page.get_by_text("By priority").click()
        card = page.get_by_role("listitem").filter(has_text="Where is the carriage")
        await expect(card.locator("[data-overdue]")).to_contain_text("overdue since")
    address = "https://carriage.example/7"
    async with centre.aiko.browsing(f"/requests/{made['id']}") as page:
        await expect(page.get_by_role("link", name=address)).to_have_attribute("target", "_blank")
    await centre.aiko.ask("POST", f"/requests/{made['id']}/close")
    async with centre.bilal.browsing(f"/requests/{made['id']}") as page:
        # Closed: he may not edit it.
        await expect(page.get_by_label("Title")).to_have_count(0)
        await expect(page.get_by_role("link", name=address)).to_have_attribute("target", "_blank")


async def test_the_order_of_attributes_is_changed_by_dragging(centre: Centre) -> None:
    for label in ("Carriage", "Horses"):
        await centre.ada.ask("POST", "/customer-attributes", {"label": label, "type": {"type": "text"}})
    async with centre.ada.browsing("/administration/customer-fields") as page:
        lines = page.get_by_role("list", name=re.compile("ields|ttributes")).get_by_role("listitem")
        carriage, horses = lines.filter(has_text="Carriage"), lines.filter(has_text="Horses")
        await expect(horses).to_be_visible()
        async with page.expect_response(lambda answer: answer.request.method == "PUT"):
            await horses.drag_to(carriage, target_position={"x": 40, "y": 3})
        await expect(lines.filter(has_text=re.compile("Carriage|Horses")).first).to_contain_text("Horses")
        labels = [one["label"] for one in (await centre.aiko.ask("GET", "/customer-attributes"))["items"]]
        assert labels.index("Horses") < labels.index("Carriage")
    for one in (await centre.ada.ask("GET", "/customer-attributes"))["items"]:
        if one["label"] in ("Carriage", "Horses"):
            await centre.ada.ask("DELETE", f"/customer-attributes/{one['id']}")
