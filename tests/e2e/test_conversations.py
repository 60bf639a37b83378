"""Requests that follow conversations, replies, chats that update themselves, and parts that are switched off (product.md 4.2, 4.4, 4.8)."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk, popped
from tests.e2e.test_requests import interactions, requests


@pytest_asyncio.fixture(autouse=True)
async def as_before(centre: Centre) -> AsyncIterator[None]:
    """What Ada sets here holds for these tests only."""
    yield
    for channel in ("voice", "chat"):
        await centre.ada.ask("PATCH", f"/request-policies/{channel}", {"action": "none"})
    [team] = (await centre.ada.ask("GET", "/teams"))["items"]
    await centre.ada.ask("PATCH", f"/teams/{team['id']}", {"switched_off": []})


async def push(centre: Centre, chat: str, **more: Any) -> dict[str, Any]:
    """A web chat that another system holds tells how it stands."""
    body = {"source": "webchat", "external_id": chat, "channel": "chat", "started_at": "2026-11-20T10:00:00Z", "address": chat}
    return await centre.ada.ask("POST", "/interactions", body | {"name": "Harriet Smith", "queue": "Web"} | more)


def message(number: int, text: str) -> dict[str, Any]:
    return {"external_id": f"m{number}", "started_at": f"2026-11-20T10:00:0{number}Z", "text": text}


async def test_a_request_opens_with_the_call_is_written_where_it_stands_or_discarded(centre: Centre, desk: Desk) -> None:
    page = desk.page
    async with centre.ada.browsing("/administration/request-policies/voice") as admin:
        await admin.get_by_role("radio", name="Open a new request").check()
        await admin.keyboard.press("Control+Enter")
        await expect(admin.get_by_role("link", name=re.compile("Telephone"))).to_contain_text("Open a new request")
    _, call = await popped(centre, desk, "Harriet", "Smith")
    await call.answered()
    line = requests(page).filter(has_text="Support · call")
    await expect(line.first).to_be_visible()
    await page.keyboard.press("Alt+t")
    title = page.get_by_role("textbox", name="Title")
    await expect(title).to_be_focused()
    await title.fill("Wants to be painted")
    await page.keyboard.press("Control+Enter")
    await expect(interactions(page).first).to_contain_text("Wants to be painted")
    await call.ended()
    await expect(page.get_by_role("button", name="Finish")).to_be_visible()
    # What somebody wrote is not offered for discarding.
    await expect(page.get_by_role("button", name=re.compile("^Discard"))).to_have_count(0)
    await page.get_by_role("button", name="Finish").click()

    _, call = await popped(centre, desk, "Augusta", "Hawkins")
    await call.answered()
    await expect(requests(page).filter(has_text="Support · call").first).to_be_visible()
    await call.ended()
    await page.get_by_role("button", name=re.compile("^Discard")).click()
    await expect(requests(page)).to_have_count(0)
    await expect(interactions(page).first).not_to_contain_text("Support · call")


async def test_a_reply_begins_a_conversation_about_its_request(centre: Centre, desk: Desk) -> None:
    page = desk.page
    customer = await centre.customer("Robert", "Martin", email="robert@example.com")
    await centre.bilal.ask("POST", "/requests", {"type": "question", "title": "Abbey Mill farm", "customer_id": customer["id"]})
    await page.goto(f"{centre.url}/desk/customers/{customer['id']}")
    await page.get_by_role("button", name=re.compile("^Reply to REQ")).click()
    await page.get_by_role("menuitem", name="robert@example.com").click()
    await expect(page.get_by_role("textbox", name="Title")).to_be_focused()
    await page.get_by_role("button", name="Comment").first.click()
    await page.get_by_role("textbox", name="Comment").fill("Sent the drawings")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("region", name=re.compile("^REQ-")).get_by_text("Sent the drawings")).to_be_visible()
    await expect(interactions(page).first).to_contain_text("Abbey Mill farm")
    await page.keyboard.press("Alt+e")
    await page.get_by_role("button", name="Finish").click()
    await expect(desk.call_bar.get_by_text("Robert Martin")).to_have_count(0)


async def test_a_chat_is_accepted_and_shows_each_new_message_by_itself(centre: Centre, desk: Desk) -> None:
    page = desk.page
    await centre.ada.ask("PATCH", "/request-policies/chat", {"action": "open"})
    chat = f"harriet-{secrets.token_hex(4)}"
    made = await push(centre, chat, activities=[message(1, "Is somebody there?")])
    await page.goto(f"{centre.url}/desk/customers/{made['customer_id']}")
    await page.get_by_role("button", name="Accept").click()
    await expect(desk.call_bar.get_by_text("In contact").first).to_be_visible()
    await expect(requests(page).filter(has_text="Web · chat").first).to_be_visible()
    for number, text in ((2, "I have a question"), (3, "See https://example.com/riddle")):
        await push(centre, chat, activities=[message(number, text)])
        await expect(interactions(page).first.get_by_text(text)).to_be_visible()
    await expect(page.get_by_role("link", name="https://example.com/riddle")).to_have_attribute("target", "_blank")
    await desk.call_bar.get_by_role("button", name="End").click()
    await expect(page.get_by_role("button", name="Finish")).to_be_visible()
    await push(centre, chat, ended_at="2026-11-22T10:00:00Z")


async def test_changes_of_the_card_stand_in_the_journey_and_what_is_switched_off_is_gone_at_once(centre: Centre, desk: Desk) -> None:
    page = desk.page
    customer, call = await popped(centre, desk, "Frank", "Weston")
    await page.get_by_role("button", name="Changes").click()
    await expect(page.get_by_text("Card created")).to_be_visible()
    await centre.bilal.change(customer, last_name="Churchill")
    await expect(page.get_by_text("Card edited:")).to_contain_text("Last name")
    [team] = (await centre.ada.ask("GET", "/teams"))["items"]
    async with centre.ada.browsing(f"/administration/teams/{team['id']}") as admin:
        for part in ("Customers panel and journey", "Merging"):
            await admin.get_by_role("checkbox", name=part).uncheck()
        await admin.keyboard.press("Control+Enter")
        await expect(desk.customers).to_have_count(0)
        # The card has the whole page, and its calls are still handled.
        await expect(page.get_by_role("button", name="Details")).to_be_visible()
        await expect(page.get_by_role("button", name="Duplicates")).to_have_count(0)
        await expect(interactions(page)).to_have_count(0)
        await call.answered()
        await expect(desk.call_bar.get_by_text("Talking").first).to_be_visible()
        for part in ("Customers panel and journey", "Merging"):
            await admin.get_by_role("checkbox", name=part).check()
        await admin.keyboard.press("Control+Enter")
        await expect(interactions(page).first).to_be_visible()
    await page.get_by_role("button", name="Changes").click()
    await call.ended()
