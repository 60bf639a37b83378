"""Takes the pictures of docs/guide: a server of its own, the sample centre, calls told by API, a real Chromium.

    .venv/bin/python scripts/screenshots.py [NAME ...]

Without names every picture is taken anew. Calls come over the event listener instead of the simulator, so that each picture shows the
moment that it is about.
"""

import asyncio
import json
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, LiteralString

import httpx
from playwright.async_api import Browser, Page, expect

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # The tests' helpers lie beside this folder, not in the package.

from ringdesk.kit.crypto import open_vault
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings
from ringdesk.roles.database import database
from ringdesk.seed import demo
from tests.live.office import Ringdesk
from tests.support.browser import chromium

IMAGES = ROOT / "docs" / "guide" / "images"
ADA = "ada@example.com"
AIKO = "aiko@example.com"
SVEN = "sven@example.com"
# A page is settled when nothing moves any more: the longest transition of the desktop takes 200 ms.
SETTLED_MS = 600


class Centre:
    """The sample centre, told of calls by API."""

    def __init__(self, server: Ringdesk, key: str, passwords: dict[str, str], callers: dict[str, str]) -> None:
        self.server, self.passwords, self.callers = server, passwords, callers
        self._api = httpx.AsyncClient(base_url=f"{server.url}/api/v1", headers={"authorization": f"Bearer {key}"})

    async def call(self, number: str, event: str = "ringing", **more: Any) -> str:
        """Tell of a call at Aiko's telephone; its id."""
        call_id = more.pop("call_id", secrets.token_hex(4))
        said = {"caller_phone_number": number, "call_agent_extension": "1001", "event": event, "call_id": call_id, "queue": "Support"}
        answer = await self._api.post("/telephony/events", json=said | {"called_number": "+442079460000"} | more)
        answer.raise_for_status()
        return call_id

    async def end(self, call_id: str) -> None:
        """The call is over."""
        await self.call(self.callers["known"], "ended", call_id=call_id)


@asynccontextmanager
async def centre() -> AsyncIterator[Centre]:
    """A filled server without a simulator."""
    server = Ringdesk()
    settings = Settings(data_dir=server.data_dir, default_region="GB")
    with database(settings) as dsn:
        db = Database(dsn, vault=open_vault(settings))
        await db.open()
        sign_ins = await demo.prepare(db, settings)
        async with db.transaction() as uow:
            await uow.run("update telephony_connection set active = false")
            await uow.run("update team set wrap_up_seconds = 600")
            callers = {name: str(await uow.value(query)) for name, query in _CALLERS.items()}
        await db.close()
        async with server:
            printed = await server.command("apikey", "create", "pictures", "--scope", "telephony:write")
            key = next(word for word in printed.split() if len(word) > 30)
            yield Centre(server, key, {who.email: who.password for who in sign_ins}, callers)


# The customers whom the pictures show: with much history, with a shared number, and from Japan.
_CALLERS: dict[str, LiteralString] = {
    "known": """
        select phone_1 from customer c where preferred_language = 'en' and kind = 'person' and length(display_name) < 24
        and (select count(*) from customer_identity i where i.normalised = c.phone_1) = 1
        order by (select count(*) from interaction i where i.customer_id = c.id) desc, id limit 1
    """,
    "shared": """
        select normalised from customer_identity where kind = 'phone' group by normalised having count(*) between 2 and 4
        order by count(*) desc, normalised limit 1
    """,
    "japanese": """
        select phone_1 from customer c where preferred_language = 'ja' and kind = 'person'
        and (select count(*) from customer_identity i where i.normalised = c.phone_1) = 1
        order by (select count(*) from interaction i where i.customer_id = c.id) desc, id limit 1
    """,
}


class Desk:
    """Aiko's browser."""

    def __init__(self, page: Page, at: Centre) -> None:
        self.page, self.at = page, at

    async def take(self, name: str) -> None:
        """Take the picture once the page is settled."""
        await self.page.wait_for_timeout(SETTLED_MS)
        IMAGES.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
        print(f"docs/guide/images/{name}.png")

    async def popped(self, call_id: str) -> str:
        """Wait until the call is in the call bar."""
        await expect(self.page.get_by_role("region", name=self.telephone).get_by_role("button").nth(1)).to_be_visible()
        return call_id

    telephone = "Telephone"


@asynccontextmanager
async def signed_in(browser: Browser, at: Centre, email: str, *, width: int = 1440, height: int = 900) -> AsyncIterator[Desk]:
    """Somebody's browser, on the desk."""
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="en-GB", timezone_id="Europe/London")
    page = await context.new_page()
    await page.goto(at.server.url)
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password", exact=True).fill(at.passwords[email])
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("region", name="Telephone")).to_be_visible()
    log_in = page.get_by_role("button", name="Log in")
    if await log_in.is_visible():
        await log_in.click()
    try:
        yield Desk(page, at)
    finally:
        await context.close()


async def sign_in(browser: Browser, at: Centre) -> None:
    """The page before anything."""
    page = await browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
    await page.goto(at.server.url)
    await expect(page.get_by_label("E-mail")).to_be_visible()
    await Desk(page, at).take("sign-in")
    await page.close()


async def pop(browser: Browser, at: Centre) -> None:
    """A known caller, from ringing to wrap-up."""
    async with signed_in(browser, at, AIKO) as desk:
        await desk.take("desk-empty")
        call_id = await at.call(at.callers["known"])
        await expect(desk.page.get_by_role("article").first).to_be_visible()
        await desk.take("pop")
        await at.call(at.callers["known"], "answered", call_id=call_id)
        await desk.take("talking")
        await at.end(call_id)
        await expect(desk.page.get_by_role("form")).to_be_visible()
        await desk.take("wrap-up")


async def no_match(browser: Browser, at: Centre) -> None:
    """An unknown caller: the form is filled in from what the call knows."""
    async with signed_in(browser, at, AIKO) as desk:
        call_id = await at.call("+442079460881", caller_name="Marianne Dashwood")
        await expect(desk.page.get_by_role("button", name="Create")).to_be_visible()
        await desk.take("no-match")
        await at.end(call_id)


async def chooser(browser: Browser, at: Centre) -> None:
    """A number that several customers have."""
    async with signed_in(browser, at, AIKO) as desk:
        call_id = await at.call(at.callers["shared"])
        await expect(desk.page.get_by_role("option").first).to_be_visible()
        await desk.take("chooser")
        await at.end(call_id)


async def dark(browser: Browser, at: Centre) -> None:
    """The same in the dark."""
    async with signed_in(browser, at, AIKO) as desk:
        await _command(desk.page, "Theme: dark")
        call_id = await at.call(at.callers["known"])
        await expect(desk.page.get_by_role("article").first).to_be_visible()
        await desk.take("dark")
        await at.end(call_id)
        await _command(desk.page, "Theme: light")


async def japanese(browser: Browser, at: Centre) -> None:
    """A Japanese agent and a Japanese customer."""
    async with signed_in(browser, at, AIKO) as desk:
        await _command(desk.page, "Language: Japanese")
        call_id = await at.call(at.callers["japanese"])
        await expect(desk.page.get_by_role("article").first).to_be_visible()
        await desk.take("japanese")
        await at.end(call_id)
        await _command(desk.page, "英語")


async def narrow(browser: Browser, at: Centre) -> None:
    """Small windows: the left pane folds, then the card becomes a drawer."""
    for width in (1024, 768):
        async with signed_in(browser, at, AIKO, width=width) as desk:
            call_id = await at.call(at.callers["known"])
            await expect(desk.page.get_by_role("article").first).to_be_visible()
            await desk.take(f"narrow-{width}")
            await at.end(call_id)


async def palette(browser: Browser, at: Centre) -> None:
    """Everything by keyboard."""
    async with signed_in(browser, at, AIKO) as desk:
        await desk.page.keyboard.press("Control+k")
        await desk.take("palette")
        await desk.page.keyboard.press("Escape")
        await desk.page.keyboard.press("?")
        await desk.take("keys")


async def requests(browser: Browser, at: Centre) -> None:
    """Why customers call: on the desk, in the list, and what administrators define."""
    async with signed_in(browser, at, ADA) as desk:
        await desk.page.goto(f"{at.server.url}/administration/request-types/question")
        for label in ("Order number", "Shop"):
            await desk.page.get_by_role("button", name="New field").click()
            await desk.page.get_by_role("dialog").get_by_label("Label").fill(label)
            await desk.page.keyboard.press("Control+Enter")
            await expect(desk.page.get_by_role("dialog")).to_have_count(0)
        await desk.page.keyboard.press("Control+Enter")
        await desk.take("request-types")
    async with signed_in(browser, at, AIKO) as desk:
        call_id = await at.call(at.callers["known"])
        await at.call(at.callers["known"], "answered", call_id=call_id)
        await expect(desk.page.get_by_role("article").first).to_be_visible()
        await desk.page.keyboard.press("Alt+r")
        await desk.page.get_by_role("dialog").get_by_label("Title").fill("The invoice of October has the old address")
        await desk.page.keyboard.press("Control+Enter")
        await expect(desk.page.get_by_role("dialog")).to_have_count(0)
        await desk.take("requests-of-customer")
        await at.end(call_id)
        await desk.page.goto(f"{at.server.url}/requests?status.eq=active")
        await expect(desk.page.get_by_role("gridcell").first).to_be_visible()
        await desk.take("requests")


async def interactions(browser: Browser, at: Centre) -> None:
    """Every conversation, with those whose customer nobody knows yet."""
    async with signed_in(browser, at, SVEN) as desk:
        await at.end(await at.call("+442079460882"))
        await desk.page.goto(f"{at.server.url}/interactions")
        await expect(desk.page.get_by_role("gridcell").first).to_be_visible()
        await desk.take("interactions")


async def customers(browser: Browser, at: Centre) -> None:
    """The list, and the import of a file."""
    async with signed_in(browser, at, SVEN) as desk:
        # Lately in touch first: names for which every machine has a font.
        await desk.page.goto(f"{at.server.url}/customers?sort=-last_contact_at")
        await expect(desk.page.get_by_role("gridcell").first).to_be_visible()
        await desk.take("customers")
        await desk.page.goto(f"{at.server.url}/customers/import")
        await expect(desk.page.get_by_role("button", name="Choose a file")).to_be_visible()
        chosen = {"name": "kunder.csv", "mimeType": "text/csv", "buffer": _FILE.encode("latin-1")}
        await desk.page.locator("input[type=file]").set_input_files(chosen)  # pyright: ignore[reportArgumentType]  # a FilePayload
        await desk.page.get_by_role("button", name="Check the file").click()
        await expect(desk.page.get_by_role("button", name="Start the import")).to_be_visible()
        await desk.take("import")


async def administration(browser: Browser, at: Centre) -> None:
    """The frame of every page that administrators have."""
    async with signed_in(browser, at, ADA) as desk:
        await desk.page.goto(f"{at.server.url}/administration/wrap-up-codes/callback")
        name = desk.page.get_by_label("Name in English")
        await name.fill("Call back agreed")
        await desk.page.keyboard.press("Control+Enter")
        await expect(desk.page.get_by_role("region", name="History").get_by_role("listitem")).to_have_count(1)
        await desk.take("administration")


async def policies(browser: Browser, at: Centre) -> None:
    """What happens to the request when a call is answered: where it is set, and what an agent sees of it."""
    async with signed_in(browser, at, ADA) as desk:
        await desk.page.goto(f"{at.server.url}/administration/request-policies/voice")
        await desk.page.get_by_role("radio", name="Propose").check()
        await desk.page.keyboard.press("Control+Enter")
        await expect(desk.page.get_by_role("region", name="History").get_by_role("listitem")).to_have_count(1)
        await desk.take("request-policies")
    async with signed_in(browser, at, AIKO) as desk:
        call = await at.call(at.callers["known"])
        await desk.popped(call)
        await at.call(at.callers["known"], "answered", call_id=call)
        await expect(desk.page.get_by_role("region", name="Requests of this customer")).to_be_visible()
        await desk.page.keyboard.press("Alt+r")
        await desk.page.get_by_role("dialog").get_by_label("Title").fill("Where is my order?")
        await desk.page.keyboard.press("Control+Enter")
        await at.end(call)
        await desk.page.get_by_role("button", name="Finish").first.click()
        call = await at.call(at.callers["known"])
        await at.call(at.callers["known"], "answered", call_id=call)
        await expect(desk.page.get_by_role("button", name="Yes, link it")).to_be_visible()
        await desk.take("proposal")
        await at.end(call)


_FILE = """Förnamn;Efternamn;Mobil;E-post;Ort;Kundnummer
Åsa;Öberg;070-174 06 05;asa.oberg@example.com;Umeå;A-1001
Nils;Häggkvist;070-174 06 06;nils@example.com;Göteborg;A-1002
Märta;Sjöström;070-174 06 07;;Luleå;A-1003
"""


async def _command(page: Page, name: str) -> None:
    await page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("combobox").fill(name)
    await dialog.get_by_role("option", name=name).first.click()
    await expect(dialog).to_have_count(0)
    await page.wait_for_timeout(SETTLED_MS)


_EVERY = (sign_in, no_match, chooser, dark, japanese, narrow, palette, customers, requests, interactions, administration, pop, policies)
PICTURES: dict[str, Callable[[Browser, Centre], Awaitable[None]]] = {picture.__name__.replace("_", "-"): picture for picture in _EVERY}


async def main(names: list[str]) -> None:
    """Take the named pictures, or all."""
    async with centre() as at, chromium() as browser:
        for name, picture in PICTURES.items():
            if not names or name in names:
                await picture(browser, at)


if __name__ == "__main__":
    if unknown := set(sys.argv[1:]) - set(PICTURES):
        sys.exit(f"There is no picture {', '.join(sorted(unknown))}; there are {json.dumps(sorted(PICTURES))}.")
    asyncio.run(main(sys.argv[1:]))
