"""Long ways over the desk, as people walk them through a morning (product.md 1.1, 1.2, 1.10, 3.5, 3.7, 4.1 to 4.4, 4.8)."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk
from tests.e2e.test_requests import interactions, requests

PHONE = {"type": "phone"}


def part(desk: Desk, name: str) -> Locator:
    """A section of the card."""
    return desk.card.get_by_role("region", name=re.compile(rf"^{name}"))


async def seen_from(centre: Centre, customer: dict[str, Any], channel: str, address: str) -> None:
    """A conversation with a customer from an address that the card lacks."""
    told = {"source": "webchat", "external_id": secrets.token_hex(6), "channel": channel, "customer_id": customer["id"], "address": address}
    await centre.ada.ask("POST", "/interactions", told | {"started_at": "2026-11-20T10:00:00Z", "ended_at": "2026-11-20T10:02:00Z"})


@pytest_asyncio.fixture
async def second_home(centre: Centre) -> AsyncIterator[str]:
    """Fields for numbers: a plain one, and one that only some may see."""
    plain = await centre.ada.ask("POST", "/customer-attributes", {"label": "Second home", "type": PHONE})
    hidden = await centre.ada.ask("POST", "/customer-attributes", {"label": "Safe house", "type": PHONE, "privacy": "sensitive"})
    yield plain["key"]
    for made in (plain, hidden):
        await centre.ada.ask("DELETE", f"/customer-attributes/{made['id']}")


async def test_a_customer_is_found_in_the_panel_and_reached_at_every_number(centre: Centre, desk: Desk, second_home: str) -> None:
    page = desk.page
    numbers = [f"020 7946 04{slot:02}" for slot in range(8)]
    phones = {f"phone_{slot}": numbers[slot - 1] for slot in range(1, 6)}
    secret = {second_home: numbers[6], "safe_house": numbers[7]}
    emma = await centre.customer("Philip", "Elton", email="philip@example.com", attributes=secret, **phones)
    await centre.aiko.ask("POST", f"/customers/{emma['id']}/identities", {"kind": "phone", "value": numbers[5]})
    await seen_from(centre, emma, "email", "elton@vicarage.example")
    await seen_from(centre, emma, "chat", "not-elton")
    await centre.aiko.ask("POST", "/requests", {"type": "question", "title": "A charade", "customer_id": emma["id"]})

    # The panel's own search opens a customer, and resting on the row shows the details.
    await desk.customers.get_by_role("combobox").fill("elton phil")
    await expect(desk.customers.get_by_role("option").filter(has_text="Philip Elton")).to_be_visible()
    await page.keyboard.press("Enter")
    await desk.shows("Philip Elton")
    await desk.row("Philip Elton").get_by_role("link").hover()
    details = page.get_by_role("dialog", name="Philip Elton")
    await expect(details).to_contain_text("philip@example.com")
    await page.mouse.move(700, 500)
    await expect(details).to_have_count(0)

    # Every address is on the card; of those only seen so far, one click says whether they are the customer's.
    addresses = part(desk, "Identities").get_by_role("listitem")
    await expect(addresses).to_have_count(10)
    for number in numbers[:7]:
        await expect(addresses.filter(has_text=number)).to_have_count(1)
    await expect(addresses.filter(has_text=numbers[6])).to_contain_text("Second home")
    await expect(addresses.filter(has_text=numbers[7])).to_have_count(0)
    await expect(addresses.filter(has_text="unconfirmed")).to_have_count(2)
    await part(desk, "Identities").get_by_role("button", name="Confirm elton@vicarage.example").click()
    await part(desk, "Identities").get_by_role("button", name="Remove not-elton").click()
    await expect(addresses.filter(has_text="unconfirmed")).to_have_count(0)
    await expect(addresses.filter(has_text="elton@vicarage.example")).to_have_count(1)
    await expect(addresses).to_have_count(9)

    await folds(desk)

    # All numbers are offered alike, but for the one that is not for everybody's eyes.
    await page.get_by_role("button", name=re.compile("^Reply to REQ")).click()
    ways = page.get_by_role("menuitem").filter(has_text="Telephone")
    await expect(ways).to_have_count(7)
    await expect(ways.filter(has_text=numbers[7])).to_have_count(0)
    await expect(ways.filter(has_text=numbers[6])).to_contain_text("Second home")
    await ways.filter(has_text=numbers[5]).click()
    await expect(interactions(page).first).to_contain_text(numbers[5])
    await ended(page)


async def folds(desk: Desk) -> None:
    """Each section of the card closes, and opens as it was."""
    headings = desk.card.get_by_role("heading", level=3).get_by_role("button")
    names = [name.split("\n")[0] for name in await headings.all_inner_texts()]
    assert names == ["Details", "Customer fields", "Addresses", "Identities", "Marketing consent", "Duplicates"]
    for name in names:
        heading = part(desk, name).get_by_role("heading", level=3).get_by_role("button")
        content = desk.card.locator(f'[id="{await heading.get_attribute("aria-controls")}"]')
        await expect(content).to_be_visible()
        await heading.press("Enter")
        await expect(heading).to_have_attribute("aria-expanded", "false")
        await expect(content).to_be_hidden()
        await heading.press("Enter")
        await expect(content).to_be_visible()


async def ended(page: Page) -> None:
    """The conversation that was begun at the desk is over and has its outcome."""
    await page.keyboard.press("Alt+e")
    await page.get_by_role("button", name="Finish").click()
    await expect(page.get_by_role("button", name="Finish")).to_have_count(0)


@pytest_asyncio.fixture
async def order_number(centre: Centre) -> AsyncIterator[None]:
    """Calls have a field of their own."""
    made = await centre.ada.ask("POST", "/activity-fields", {"label": "Parcel number", "type": {"type": "text"}})
    await centre.ada.ask("PUT", "/field-sets/voice", {"fields": [{"key": made["key"], "required": False}]})
    yield
    await centre.ada.ask("PUT", "/field-sets/voice", {"fields": []})


async def test_a_request_is_replied_to_moved_to_and_closed_and_all_of_it_stands_on_the_time_line(
    centre: Centre, desk: Desk, order_number: None
) -> None:
    page = desk.page
    customer = await centre.customer("John", "Knightley")
    made = [
        await centre.bilal.ask("POST", "/requests", {"type": "question", "title": title, "customer_id": customer["id"]})
        for title in ("The lost umbrella", "A wet carriage")
    ]
    call = await centre.call(centre.aiko, customer["phone_1"])
    await desk.shows("John Knightley")
    await call.answered()
    moments = page.locator("[data-milestone]")
    await expect(moments).to_have_count(2)
    await expect(moments.filter(has_text="The lost umbrella")).to_contain_text("Request opened")
    await expect(moments.filter(has_text="The lost umbrella")).to_contain_text("Bilal")

    # Replying says what the call is about, and writing is what comes next.
    umbrella, carriage = (requests(page).filter(has_text=one["title"]) for one in made)
    await umbrella.get_by_role("button", name="Reply to REQ").click()
    await expect(page.get_by_role("textbox", name="Title")).to_be_focused()
    await expect(umbrella.first.get_by_label("The call is about this")).to_be_visible()
    await expect(interactions(page).first).to_contain_text("The lost umbrella")
    editor = page.get_by_role("region", name=re.compile("^REQ-"))
    await editor.get_by_label("Description").fill("Left in the blue coach")
    await page.keyboard.press("Control+Enter")
    await editor.get_by_role("button", name="Tags").click()
    await editor.get_by_role("combobox", name="Tags").press_sequentially("Umbrella")
    await page.keyboard.press("Enter")
    await editor.get_by_role("button", name="Save tags").click()
    await expect(interactions(page).first.get_by_text("Umbrella", exact=True)).to_be_visible()
    stored = await centre.aiko.ask("GET", f"/requests/{made[0]['id']}")
    assert stored["description"] == "Left in the blue coach"

    # A leg is dragged, and says that its whole call moves.
    await interactions(page).first.get_by_text("Inbound", exact=True).hover()
    await page.mouse.down()
    await carriage.hover(position={"x": 160, "y": 8})
    await carriage.hover(position={"x": 170, "y": 10})
    await expect(page.get_by_text("the whole interaction moves, with all of its parts")).to_be_visible()
    await page.mouse.up()
    await expect(page.get_by_text("the whole interaction moves, with all of its parts")).to_have_count(0)
    await expect(interactions(page).first).to_contain_text("A wet carriage")
    await expect(carriage.first.get_by_label("The call is about this")).to_be_visible()
    await call.ended()

    # It is closed elsewhere: that stands there at once, and narrows and hides like the rest.
    await centre.bilal.ask("POST", f"/requests/{made[1]['id']}/close", {})
    await expect(moments.filter(has_text="Request closed")).to_contain_text("A wet carriage")
    await page.get_by_role("search", name="Filter the journey").get_by_role("button", name="Requests").click()
    await expect(moments).to_have_count(0)
    await page.get_by_role("search", name="Filter the journey").get_by_role("button", name="Requests").click()
    await expect(moments).to_have_count(3)
    await umbrella.get_by_role("button", name="Show only").click()
    await expect(moments).to_have_count(1)
    await umbrella.get_by_role("button", name="Show only").click()
    await expect(moments).to_have_count(3)

    # What a program told by itself is no part of a conversation: it moves alone, by dragging and by keyboard, and back.
    parcel = {"source": "shop", "external_id": secrets.token_hex(4), "started_at": "2026-11-20T09:00:00Z", "text": "Umbrella sent by post"}
    await centre.ada.ask("POST", "/activities", parcel | {"customer_id": customer["id"]})
    alone = interactions(page).filter(has_text="Umbrella sent by post")
    await expect(alone.get_by_label("Stands alone")).to_be_visible()
    await alone.hover()
    await page.mouse.down()
    await umbrella.hover(position={"x": 160, "y": 8})
    await umbrella.hover(position={"x": 170, "y": 10})
    await expect(page.get_by_text("it stands alone and moves by itself")).to_be_visible()
    await page.mouse.up()
    await expect(alone).to_contain_text("The lost umbrella")
    await expect(interactions(page).first).to_contain_text("A wet carriage")
    await page.get_by_role("button", name="Undo").first.click()
    await expect(alone).not_to_contain_text("The lost umbrella")
    await alone.get_by_role("button", expanded=False).press("m")
    await expect(page.get_by_role("dialog").get_by_text("It stands alone and moves by itself.")).to_be_visible()
    await expect(page.get_by_role("dialog").get_by_role("button", name="The lost umbrella")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(alone).to_contain_text("The lost umbrella")

    # What a closed request's call was about can still be filled in.
    leg = interactions(page).first
    await expect(leg.get_by_label("closed")).to_be_visible()
    if await leg.get_by_role("button", expanded=False).count():
        await leg.get_by_role("button", expanded=False).first.click()
    await leg.get_by_role("button", name="Fields").click()
    await leg.get_by_role("textbox", name="Parcel number").fill("A-77")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_label("Fields of this activity")).to_contain_text("A-77")


@pytest_asyncio.fixture
async def as_before(centre: Centre) -> AsyncIterator[None]:
    """What Ada sets here holds for this test only."""
    yield
    await centre.ada.ask("PATCH", "/request-policies/voice", {"action": "none"})
    await centre.ada.ask("PATCH", "/request-policies/chat", {"unknown": "card"})
    [team] = (await centre.ada.ask("GET", "/teams"))["items"]
    await centre.ada.ask("PATCH", f"/teams/{team['id']}", {"switched_off": []})


async def test_an_unknown_chat_has_a_form_a_request_is_proposed_and_a_card_that_is_off_does_not_show(
    centre: Centre, desk: Desk, as_before: None
) -> None:
    page = desk.page
    async with centre.ada.browsing("/administration/request-policies/chat") as admin:
        await admin.get_by_role("radio", name="A form for the agent").check()
        await admin.keyboard.press("Control+Enter")
        await expect(admin.get_by_role("link", name="Chat")).to_contain_text("A form for the agent")
    handle = f"louisa-{secrets.token_hex(3)}"
    leg = {"external_id": "a1", "kind": "agent", "agent_email": centre.aiko.email, "started_at": "2026-11-20T10:00:01Z"}
    chat = {"source": "webchat", "external_id": handle, "channel": "chat", "started_at": "2026-11-20T10:00:00Z", "address": handle}
    taken = leg | {"answered_at": "2026-11-20T10:00:05Z"}
    await centre.ada.ask("POST", "/interactions", chat | {"name": "Louisa Anne Musgrove", "activities": [taken]})
    form = page.get_by_role("form", name="New customer")
    await expect(form.get_by_label("First name")).to_have_value("Louisa Anne")
    await expect(form.get_by_label("Last name")).to_have_value("Musgrove")
    await expect(form.get_by_text(handle)).to_be_visible()
    await form.get_by_label("Last name").press("Enter")
    await desk.shows("Louisa Anne Musgrove")
    address = part(desk, "Identities").get_by_role("listitem").filter(has_text=handle)
    await expect(address).to_have_count(1)
    await expect(address).not_to_contain_text("unconfirmed")
    done = "2026-11-20T10:05:00Z"
    await centre.ada.ask("POST", "/interactions", chat | {"ended_at": done, "activities": [taken | {"ended_at": done}]})

    # The latest request is proposed as the call is answered: once it is not about it, once it is.
    await centre.ada.ask("PATCH", "/request-policies/voice", {"action": "propose"})
    customer = await centre.customer("Charles", "Hayter")
    await centre.bilal.ask("POST", "/requests", {"type": "question", "title": "A living at Winthrop", "customer_id": customer["id"]})
    proposal = page.get_by_role("complementary", name="Is this about")
    for answer, current in (("No", 0), ("Yes, link it", 1)):
        call = await centre.call(centre.aiko, customer["phone_1"])
        await call.answered()
        await page.get_by_role("link", name=re.compile("Charles Hayter")).first.click()
        await expect(proposal).to_contain_text("A living at Winthrop")
        await proposal.get_by_role("button", name=answer).click()
        await expect(proposal).to_have_count(0)
        await expect(requests(page).get_by_label("The call is about this")).to_have_count(current)
        await call.ended()
        await page.get_by_role("button", name="Finish").first.click()

    # A team without the card has the journey alone.
    [team] = (await centre.ada.ask("GET", "/teams"))["items"]
    await expect(desk.card).to_have_count(1)
    await centre.ada.ask("PATCH", f"/teams/{team['id']}", {"switched_off": ["card"]})
    await expect(desk.card).to_have_count(0)
    await expect(interactions(page).first).to_be_visible()
    await centre.ada.ask("PATCH", f"/teams/{team['id']}", {"switched_off": []})
    await expect(desk.card).to_have_count(1)
