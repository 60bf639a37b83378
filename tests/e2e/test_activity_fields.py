"""What is known of a conversation: fields filled in at wrap-up and later, and its recording (product.md 3.3, 3.8, 3.9)."""

from __future__ import annotations

import asyncio
import io
import re
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e.centre import Centre
from tests.e2e.desk import Desk, popped


def sound(seconds: float) -> bytes:
    """A WAV file of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * int(8000 * seconds))
    return out.getvalue()


async def define(page: Page, label: str) -> None:
    """Give calls one more field."""
    await page.get_by_role("button", name="New field").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Label").fill(label)
    await page.keyboard.press("Control+Enter")
    await expect(dialog).to_have_count(0)


async def choose_outcome(page: Page, name: str) -> None:
    """Choose the outcome of the call that has just ended."""
    await expect(page.get_by_role("combobox", name="Outcome")).to_be_visible()
    await page.keyboard.press("Alt+u")
    await expect(page.get_by_role("combobox", name="Outcome")).to_be_focused()
    await page.keyboard.type(name[:4])
    await expect(page.get_by_role("listbox", name="Outcome").get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("combobox", name="Outcome")).to_have_value(name)


@pytest_asyncio.fixture
async def no_sources_left(centre: Centre) -> AsyncIterator[None]:
    """No system keeps recordings afterwards."""
    yield
    for one in (await centre.ada.ask("GET", "/recording-sources"))["items"]:
        await centre.ada.ask("DELETE", f"/recording-sources/{one['source']}")


@pytest_asyncio.fixture
async def no_fields_left(centre: Centre) -> AsyncIterator[None]:
    """Calls have no fields afterwards: nobody else's test is to meet them."""
    yield
    await centre.ada.ask("PUT", "/field-sets/voice", {"fields": []})


async def test_a_field_is_defined_filled_in_at_wrap_up_and_changed_in_the_journey(centre: Centre, desk: Desk, no_fields_left: None) -> None:
    async with centre.ada.browsing("/administration/field-sets/voice") as page:
        await define(page, "Order number")
        await define(page, "See also")
        await page.get_by_role("checkbox", name="Order number is required").check()
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("region", name="History").get_by_role("listitem").first).to_be_visible()
    _, call = await popped(centre, desk, "Anne", "Elliot")
    await call.answered()
    await call.ended()
    wrap_up = desk.page.get_by_role("form", name="Wrap-up of the call with Anne Elliot")
    await choose_outcome(desk.page, "Resolved")
    await wrap_up.get_by_label("Order number").focus()
    await desk.page.keyboard.press("Control+Enter")
    await expect(wrap_up.get_by_text("“Order number” is needed.")).to_be_visible()
    await wrap_up.get_by_label("Order number").fill("A-77")
    await desk.page.keyboard.press("Control+Enter")
    await expect(wrap_up).to_have_count(0)
    await desk.page.locator("[data-line]").first.click()
    values = desk.page.get_by_label("Fields of this activity")
    await expect(values).to_contain_text("A-77")
    await values.get_by_role("button", name="Order number").click()
    box = desk.page.get_by_role("textbox", name="See also")
    await expect(desk.page.get_by_role("textbox", name="Order number")).to_be_focused()
    await box.fill("https://shop.example.com/orders/77")
    await desk.page.keyboard.press("Control+Enter")
    link = values.get_by_role("link", name="https://shop.example.com/orders/77")
    await expect(link).to_have_attribute("target", "_blank")


async def test_a_recording_is_added_played_by_keyboard_and_each_listening_is_noted(centre: Centre, desk: Desk, tmp_path: Path) -> None:
    customer, call = await popped(centre, desk, "Frederick", "Wentworth")
    await call.answered()
    await call.ended()
    file = tmp_path / "wentworth.wav"
    file.write_bytes(sound(30))
    async with centre.sven.browsing(f"/desk/customers/{customer['id']}") as page:
        await page.locator("[data-line]").first.click()
        await page.locator("input[type=file]").set_input_files(file)
        await expect(page.get_by_role("button", name="Play wentworth.wav")).to_be_visible()
    await desk.page.locator("[data-line]").first.click()
    await desk.page.get_by_role("button", name="Play wentworth.wav").focus()
    await desk.page.keyboard.press("Enter")
    position = desk.page.get_by_role("slider", name="Position in wentworth.wav")
    await expect(position).to_have_attribute("aria-valuemax", "30")
    pause = desk.page.get_by_role("button", name="Pause wentworth.wav")
    await expect(pause).to_be_visible()
    await pause.press("Enter")
    await position.focus()
    for _ in range(3):
        await desk.page.keyboard.press("ArrowRight")
    await expect(desk.page.get_by_text("0:15 / 0:30")).to_be_visible()
    await desk.page.get_by_role("combobox", name="Speed").select_option("1.5")
    await desk.page.get_by_role("button", name="Play wentworth.wav").press("Enter")
    await expect(pause).to_be_visible()
    assert await desk.page.locator("audio").evaluate("audio => audio.playbackRate") == 1.5
    trail = await centre.ada.ask("GET", "/audit?entity.eq=recording&action.eq=recording.listened")
    assert [one["actor"] for one in trail["items"]] == ["Aiko"]


@pytest_asyncio.fixture
async def keeper() -> AsyncIterator[tuple[str, list[str]]]:
    """The address of a system that keeps recordings, and what it was asked for."""
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        asked.append(request.split(" ", 2)[1])
        whole = sound(20)
        wanted = re.search(r"(?i)\r\nrange: bytes=(\d+)-(\d*)", request)
        first, last = (int(wanted[1]), int(wanted[2] or len(whole) - 1)) if wanted else (0, len(whole) - 1)
        status = f"206 Partial Content\r\ncontent-range: bytes {first}-{last}/{len(whole)}" if wanted else "200 OK"
        part = whole[first : last + 1]
        writer.write(f"HTTP/1.1 {status}\r\ncontent-type: audio/wav\r\ncontent-length: {len(part)}\r\n\r\n".encode() + part)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
    server.close()


async def test_a_recording_plays_from_the_system_that_keeps_it(
    centre: Centre, desk: Desk, keeper: tuple[str, list[str]], no_sources_left: None
) -> None:
    url, asked = keeper
    _, call = await popped(centre, desk, "Benjamin", "Wentworth")
    await call.answered()
    await call.ended()
    async with centre.ada.browsing("/administration/recordings") as page, centre.ada.browsing("/administration/recordings") as second:
        await expect(second.get_by_role("button", name="Add system")).to_be_visible()
        await page.get_by_role("button", name="Add system").click()
        await page.get_by_role("combobox", name="System").fill("events")
        await page.get_by_label("Address of a recording").fill(f"{url}/{{leg_id}}.wav")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text(f"{url}/{{leg_id}}.wav")).to_be_visible()
        # Also where it was open already.
        await expect(second.get_by_text(f"{url}/{{leg_id}}.wav")).to_be_visible()
    await desk.page.locator("[data-line]").first.click()
    await desk.page.get_by_role("button", name=re.compile("^Play")).first.press("Enter")
    await expect(desk.page.get_by_role("slider")).to_have_attribute("aria-valuemax", "20")
    await expect(desk.page.get_by_role("button", name=re.compile("^Pause")).first).to_be_visible()
    assert asked
    assert all(path.endswith(".wav") for path in asked)
    trail = await centre.ada.ask("GET", "/audit?entity.eq=recording&action.eq=recording.listened&page_size=1")
    assert trail["items"][0]["actor"] == "Aiko"


async def test_a_narrowed_journey_stands_in_the_address_and_comes_back_with_the_customer(centre: Centre, desk: Desk) -> None:
    customer, call = await popped(centre, desk, "Louisa", "Musgrove")
    await call.ended()
    await desk.page.get_by_role("combobox", name="Channel").select_option("email")
    await expect(desk.page.get_by_text("No interaction matches the filter")).to_be_visible()
    assert desk.page.url.endswith(f"/desk/customers/{customer['id']}?channel=email")
    await desk.page.reload()
    await expect(desk.page.get_by_role("combobox", name="Channel")).to_have_value("email")
    await popped(centre, desk, "Henrietta", "Hayter")
    await expect(desk.page.get_by_role("combobox", name="Channel")).to_have_value("")
    await desk.row("Louisa Musgrove").get_by_role("link").first.click()
    await expect(desk.page.get_by_role("combobox", name="Channel")).to_have_value("email")
