"""Long ways over the desk, as people walk them through a morning (product.md 1.1, 1.2, 1.10, 4.1, 4.3)."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk
from tests.e2e.test_requests import interactions

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
    assert names == ["Details", "Attributes", "Addresses", "Identities", "Marketing consent", "Duplicates"]
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
