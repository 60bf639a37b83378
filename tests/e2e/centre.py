"""A contact centre for the browser tests: a server of its own, its people, and calls told through the event listener."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import httpx
from playwright.async_api import Browser, BrowserContext, Page, expect

from ringdesk.features.people import store
from ringdesk.features.people.models import User
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings
from ringdesk.roles.database import database
from tests.live.office import Ringdesk
from tests.support.browser import chromium
from tests.support.people import COOKIE, add_people

# A page beside a server, a database and whatever else two cores are doing.
PAGE_MS: Final = 15_000

expect.set_options(timeout=PAGE_MS)


class Person:
    """Somebody with an account: the API as they use it, and their browser."""

    def __init__(self, centre: Centre, user: User, token: str) -> None:
        self.centre, self.name, self.email, self.extension = centre, user.name, user.email, user.extension or ""
        self._token = token
        self._profile: BrowserContext | None = None
        self._api = httpx.AsyncClient(
            base_url=f"{centre.url}/api/v1", headers={"sec-fetch-site": "same-origin"}, cookies={COOKIE: token}, timeout=30
        )

    async def ask(self, method: str, path: str, body: Any = None, *, version: int | None = None) -> Any:
        """Call the API; the parsed answer."""
        headers = {} if version is None else {"if-match": f'"{version}"'}
        response = await self._api.request(method, path, json=body, headers=headers)
        assert response.is_success, f"{method} {path}: {response.text}"
        return response.json() if response.content else None

    async def change(self, customer: dict[str, Any], **fields: Any) -> None:
        """Change fields of a customer as it stands now."""
        current = await self.ask("GET", f"/customers/{customer['id']}")
        await self.ask("PATCH", f"/customers/{customer['id']}", fields, version=current["version"])

    async def prefer(self, **preferences: Any) -> None:
        """Set what the desktop remembers (theme, language)."""
        for key, value in preferences.items():
            await self.ask("PUT", f"/desk/preferences/{key}", value)

    async def clear_desk(self) -> None:
        """End and finish every call, close every customer: the desk as it is in the morning."""
        snapshot = await self.ask("GET", "/desk/snapshot")
        for call in snapshot["calls"]:
            if call["state"] != "wrap_up":
                await self.centre.end_interaction(call["interaction_id"])
        snapshot = await self.ask("GET", "/desk/snapshot")
        for call in snapshot["calls"]:
            await self.ask("POST", f"/desk/calls/{call['activity_id']}/finish", {})
        for one in snapshot["open"]:
            await self.ask("POST", f"/desk/customers/{one['customer']['id']}/close")

    @asynccontextmanager
    async def browsing(self, path: str = "/desk") -> AsyncIterator[Page]:
        """A page of the desktop in this person's own browser, which has been here before: its cache is filled."""
        if self._profile is None:
            self._profile = await self._new_profile(self.centre.url)
        page = await self._profile.new_page()
        async with telling_more(page):
            await page.goto(f"{self.centre.url}{path}")
            yield page
        await page.close()

    @asynccontextmanager
    async def browsing_elsewhere(self, *, url: str | None = None) -> AsyncIterator[Page]:
        """The desk in a browser that this person never used; `url` is another way to the server."""
        base = url or self.centre.url
        profile = await self._new_profile(base)
        page = await profile.new_page()
        async with telling_more(page):
            await page.goto(f"{base}/desk")
            yield page
        await profile.close()

    async def _new_profile(self, url: str) -> BrowserContext:
        profile = await self.centre.new_profile()
        await profile.add_cookies([{"name": COOKIE, "value": self._token, "url": url}])
        return profile

    async def close(self) -> None:
        """Give up the connections."""
        await self._api.aclose()


@dataclass
class Call:
    """A call that the tests tell of."""

    centre: Centre
    number: str
    extension: str
    id: str
    told: dict[str, Any]

    async def answered(self) -> None:
        """The agent picked up."""
        await self._tell("answered")

    async def ended(self) -> None:
        """Everybody hung up."""
        await self._tell("ended")

    async def _tell(self, event: str) -> None:
        await self.centre.tell(caller_phone_number=self.number, call_agent_extension=self.extension, call_id=self.id, event=event)


class Centre:
    """The running server and everybody who works there."""

    ada: Person
    sven: Person
    aiko: Person
    bilal: Person

    def __init__(self, server: Ringdesk, browser: Browser, key: str) -> None:
        self.url, self.browser, self.server = server.url, browser, server
        self._events = httpx.AsyncClient(base_url=f"{server.url}/api/v1", headers={"authorization": f"Bearer {key}"}, timeout=30)
        self._calls: dict[str, Call] = {}
        self._numbers = iter(range(7_946_0001, 7_946_1000))

    def number(self) -> str:
        """A number that nobody has yet."""
        return f"+4420{next(self._numbers)}"

    async def customer(self, first_name: str, last_name: str, **fields: Any) -> dict[str, Any]:
        """Somebody with a card; their number is new unless one is given."""
        body = {"kind": "person", "first_name": first_name, "last_name": last_name, "phone_1": self.number()} | fields
        return await self.sven.ask("POST", "/customers", body)

    async def call(self, person: Person, number: str, **more: Any) -> Call:
        """A call rings at somebody's telephone."""
        call = Call(self, number, person.extension, secrets.token_hex(6), {})
        call.told = await self.tell(
            **({"caller_phone_number": number, "call_agent_extension": person.extension, "call_id": call.id, "queue": "Support"} | more)
        )
        self._calls[call.told["interaction_id"]] = call
        return call

    async def tell(self, **event: Any) -> dict[str, Any]:
        """Tell the event listener something."""
        response = await self._events.post("/telephony/events", json=event)
        assert response.is_success, response.text
        return response.json()

    async def end_interaction(self, interaction_id: str) -> None:
        """End the call of an interaction."""
        await self._calls[interaction_id].ended()

    async def new_profile(self) -> BrowserContext:
        """A browser of nobody yet."""
        profile = await self.browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", timezone_id="Europe/London")
        profile.set_default_timeout(PAGE_MS)
        return profile

    async def close(self) -> None:
        """Give up the connections."""
        for person in (self.ada, self.sven, self.aiko, self.bilal):
            await person.close()
        await self._events.aclose()


@asynccontextmanager
async def telling_more(page: Page) -> AsyncIterator[None]:
    """Tell a failure within together with what the page showed and complained of."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    try:
        yield
    except BaseException as error:
        text = await page.locator("body").inner_text()
        error.add_note("\n".join([f"{page.url} showed:", text, "--- complaints", *complaints]))
        raise


@asynccontextmanager
async def running() -> AsyncIterator[Centre]:
    """A server with Ada, Sven, Aiko and Bilal, and a browser."""
    server = Ringdesk()
    settings = Settings(data_dir=server.data_dir, default_region="GB")
    with database(settings) as dsn:
        db = Database(dsn)
        await db.open()
        people = await add_people(db)
        async with server, chromium() as browser:
            ada = Person(Centre(server, browser, ""), people.ada, await _token(db, people.ada))
            made = await ada.ask("POST", "/api-keys", {"name": "telephone system", "scopes": ["telephony:write"]})
            centre = Centre(server, browser, made["key"])
            centre.ada = ada
            centre.sven = Person(centre, people.sven, await _token(db, people.sven))
            centre.aiko = Person(centre, people.aiko, await _token(db, people.aiko))
            centre.bilal = Person(centre, people.bilal, await _token(db, people.bilal))
            await db.close()
            yield centre
            await centre.close()


async def _token(db: Database, user: User) -> str:
    """A session of this user, without the time that a password takes."""
    token = secrets.token_urlsafe(32)
    async with db.transaction() as uow:
        await store.add_session(uow, token_hash=sha256(token.encode()).digest(), user_id=user.id, hours=1, address="127.0.0.1")
    return token
