"""The desk as an agent sees it in the browser."""

from __future__ import annotations

import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, Locator, Page, expect

from tests.live.office import PASSWORD, Agent

# A page beside a PBX, a server and another page on two cores.
PAGE_MS: Final = 15_000
expect.set_options(timeout=PAGE_MS)

# Notes when a text is first painted, by the browser's own clock, so that no round trip is counted. It looks when the page
# changes, not all the time: a page that is watched must not be slower for it.
_WATCH: Final = """
([selector, text]) => {
  const seen = (window.seenAt ??= {});
  const there = () =>
    [...document.querySelectorAll(selector)].some(
      (element) => element.innerText.includes(text) && element.getClientRects().length > 0,
    );
  const observer = new MutationObserver(() => {
    if (!there()) return;
    observer.disconnect();
    requestAnimationFrame(() => (seen[text] = Date.now() / 1000));
  });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
}
"""


class DeskPage:
    """One agent's browser, signed in."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.call_bar = page.get_by_role("region", name="Telephone")
        self.name = page.get_by_role("heading", level=1)

    async def log_in_to_cti(self) -> None:
        """Press the telephone icon; from then on calls pop here."""
        logged_out = self.call_bar.get_by_role("button", name="Logged out")
        if await logged_out.is_visible():
            await logged_out.click()
        await expect(logged_out).to_have_count(0)

    async def watch_name(self, name: str) -> None:
        """Note when the page's biggest line, the customer's name, reads `name`. It must not do so yet."""
        await expect(self.name.filter(has_text=name)).to_have_count(0)
        await self.page.evaluate(_WATCH, ["h1", name])

    async def watch_note(self, text: str) -> None:
        """Note when the message of the agent before shows `text`."""
        await self.page.evaluate(_WATCH, ["aside", text])

    async def seen(self, text: str) -> float:
        """When a watched text was painted, in seconds since the epoch.

        Raises:
            playwright.async_api.TimeoutError: it was not.
        """
        handle = await self.page.wait_for_function("text => window.seenAt?.[text]", arg=text)
        return float(await handle.json_value())

    async def shows(self, name: str, state: str) -> None:
        """Wait until the call bar shows the call of `name` in this state (Ringing, Talking, ...)."""
        await expect(self._call(name).filter(has_text=state)).to_be_visible()

    async def shows_no_call(self, name: str) -> None:
        """Wait until the call of `name` has left the call bar."""
        await expect(self._call(name)).to_have_count(0)

    async def shows_finished_call(self, outcome: str) -> None:
        """Wait until the first line of the journey is a call that is over, with its outcome."""
        interaction = self.page.get_by_role("article").first
        await expect(interaction.get_by_text(outcome).first).to_be_visible()
        await expect(interaction.get_by_text("In progress")).to_have_count(0)

    async def relink_to(self, search: str, name: str) -> None:
        """Give the current call to another customer, looked up by `search`, and go to that customer."""
        await self.page.get_by_role("button", name="Another customer…").first.click()
        field = self.page.get_by_role("combobox", name="Name, number or e-mail")
        await field.fill(search)
        await self.page.get_by_role("option", name=re.compile(re.escape(name))).click()
        await expect(field).to_have_count(0)
        await self._call(name).click()
        await expect(self.name.filter(has_text=name)).to_be_visible()

    async def comment(self, text: str) -> None:
        """Write a comment on the call that is going on."""
        journey = await self.newest_interaction()
        await journey.get_by_role("button", name="Comment", exact=True).last.click()
        await journey.get_by_role("textbox", name="Comment").fill(text)
        await journey.get_by_role("button", name="Add comment").click()
        await expect(journey.get_by_role("textbox", name="Comment")).to_have_count(0)
        await expect(journey.get_by_text(text)).to_be_visible()

    async def wrap_up(self, name: str, outcome: str, note: str) -> None:
        """Give the call of `name` its outcome, by keyboard as agents do."""
        form = self.page.get_by_role("form", name=f"Wrap-up of the call with {name}")
        await expect(form).to_be_visible()
        await form.get_by_role("combobox", name="Outcome").fill(outcome)
        await self.page.get_by_role("option", name=outcome).click()
        await form.get_by_label("Note (optional)").fill(note)
        await form.get_by_label("Note (optional)").press("Control+Enter")
        await expect(form).to_have_count(0)

    async def newest_interaction(self) -> Locator:
        """The first line of the journey, opened."""
        interaction = self.page.get_by_role("article").first
        bar = interaction.get_by_role("button").first
        if await bar.get_attribute("aria-expanded") == "false":
            await bar.click()
        return interaction

    def _call(self, name: str) -> Locator:
        return self.call_bar.get_by_role("button").filter(has_text=name)


@asynccontextmanager
async def signed_in(browser: Browser, url: str, agent: Agent) -> AsyncIterator[DeskPage]:
    """A browser of its own for this agent: no cookie is shared with another one's.

    A failure within is told with what the page showed and complained of.
    """
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(PAGE_MS)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    try:
        await page.goto(url)
        await page.get_by_label("E-mail").fill(agent.email)
        await page.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        desk = DeskPage(page)
        await expect(desk.call_bar).to_be_visible()
        yield desk
    except BaseException as error:
        picture = Path(tempfile.gettempdir()) / f"ringdesk-live-{agent.extension}.png"
        await page.screenshot(path=picture)
        text = await page.locator("body").inner_text()
        error.add_note("\n".join([f"{agent.name}'s page ({picture}):", text, "--- complaints", *complaints]))
        raise
    finally:
        await context.close()
