"""P5: customers created over HTTP with the duplicate check, by one client and by eight.

    python bench/p5_create.py [1m]

A real `ringdesk serve` on the data set, which asks about addresses that somebody has (RINGDESK_DUPLICATES=warn). Programs with an API key
post whole cards (names, numbers, e-mail, address, language), one after the other on a kept connection; every twentieth has the e-mail
address of a customer, is answered with a 409 that shows whose it is, and is sent once more with accept_duplicates. Told beside it: what a
form does, which asks for probable duplicates (names, address, everything: product.md 1.8) before each card.

Bars: 150 a second by one client, 400 by eight. Baseline: bare INSERTs of the same customers and identities into the same tables, a
transaction each, on one connection and on eight. The cards are removed at the end.
"""

import asyncio
import secrets
import sys
import time
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import msgspec
import psycopg
import uvloop
from generate import SEED, ensure, folder_of, opened
from measure import Report, Row, cpu_of_children, ms, percentile
from people import People
from server import serving
from wire import Poster

from ringdesk.features import people
from ringdesk.features.customers import identity_rules, rules, store
from ringdesk.features.customers.models import Draft, Reach
from ringdesk.kit import clock
from ringdesk.kit.crypto import Vault
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.ids import new_id

SECONDS = 8.0
WARM_SECONDS = 3.0
BARS = {1: 150, 8: 400}
KNOWN_EVERY = 20
# Where bench customers begin: behind every customer of the data set, so that their numbers and addresses are new.
FIRST = 7_000_000
PLAIN = ("kind", "first_name", "last_name", "company_name", "addresses", "preferred_language", "external_id")
CREATE, ACCEPT, CHECK = "/api/v1/customers", "/api/v1/customers?accept_duplicates=true", "/api/v1/customer-duplicates/check"


class Cards:
    """Cards that nobody has made, one after the other."""

    def __init__(self, known: int) -> None:
        self._people = People(FIRST, clock.now(), SEED)
        self._known = known
        self._places = count()

    def draft(self) -> Draft:
        """The next one."""
        place = next(self._places)
        draft = self._people.draft(FIRST + place)
        email = f"bench-{place}@p5.example"
        draft = msgspec.structs.replace(draft, external_id=f"p5-bench-{place}", email=Reach(email, email))
        if place % KNOWN_EVERY == 0:
            # By e-mail: nearly every known number has unknown conversations, all of which a card with it takes over.
            known = next(one for at in count(place * 7) if (one := self._people.draft(at % self._known).email))
            draft = msgspec.structs.replace(draft, email=known)
        return draft


def body_of(draft: Draft) -> bytes:
    """A card as on the wire."""
    phones = {f"phone_{slot}": reach.raw for slot, reach in draft.phones.items()}
    plain = {name: getattr(draft, name) for name in PLAIN}
    return msgspec.json.encode(plain | phones | {"email": draft.email.raw if draft.email else None})


class Client:
    """Creates cards one after the other; `took` are the seconds for each."""

    def __init__(self, port: int, key: str, cards: Cards, *, form: bool) -> None:
        self._posters = {path: Poster(port, path, key) for path in (CREATE, ACCEPT, CHECK)}
        self._cards, self._form = cards, form
        self.asked = 0
        self.took: list[float] = []

    async def one(self) -> None:
        """Create the next card. Raises RuntimeError when it is refused."""
        body = body_of(self._cards.draft())
        began = time.perf_counter()
        if self._form:
            status, answer = await self._posters[CHECK].post(body)
            if status != 200:
                raise RuntimeError(f"the check was refused with {status}: {answer[:300]!r}")
        status, answer = await self._posters[CREATE].post(body)
        if status == 409:
            self.asked += 1
            status, answer = await self._posters[ACCEPT].post(body)
        if status != 201:
            raise RuntimeError(f"the card was refused with {status}: {answer[:300]!r}")
        self.took.append(time.perf_counter() - began)

    async def close(self) -> None:
        """Hang up."""
        for poster in self._posters.values():
            await poster.close()


async def until(deadline: float, one: Callable[[], Awaitable[None]]) -> None:
    """Do it again and again until then."""
    while time.perf_counter() < deadline:
        await one()


async def posted(port: int, key: str, cards: Cards, clients: int, *, form: bool = False, seconds: float = SECONDS) -> Any:
    """Let so many clients create cards for so long: the clients, cards a second."""
    found = [Client(port, key, cards, form=form) for _ in range(clients)]
    began = time.perf_counter()
    await asyncio.gather(*(until(began + seconds, client.one) for client in found))
    rate = sum(len(client.took) for client in found) / (time.perf_counter() - began)
    for client in found:
        await client.close()
    return found, rate


async def bare(dsn: str, cards: Cards, clients: int) -> float:
    """Customers a second by bare INSERTs on so many connections."""
    made = 0

    async def client(conn: psycopg.AsyncConnection[Any], deadline: float) -> None:
        async def one() -> None:
            nonlocal made
            draft, customer_id = cards.draft(), new_id()
            await store.insert(UnitOfWork(conn), customer_id, draft, rules.derive(draft), identity_rules.identity_rows(draft, new_id))
            await conn.commit()
            made += 1

        await until(deadline, one)

    conns = [await psycopg.AsyncConnection.connect(dsn, prepare_threshold=2) for _ in range(clients)]
    began = time.perf_counter()
    await asyncio.gather(*(client(conn, began + SECONDS / 2) for conn in conns))
    rate = made / (time.perf_counter() - began)
    for conn in conns:
        await conn.close()
    return rate


async def clear(db: Database) -> None:
    """Remove what a run made, and what would be looked at meanwhile."""
    async with db.bulk() as uow:
        made = await uow.values("select id from customer where external_id like 'p5-bench-%%'")
        # Unknown conversations came to the cards that have their numbers.
        await uow.run("update interaction set customer_id = null where customer_id = any(%s)", [made])
        await uow.run("delete from customer where id = any(%s)", [made])
        await uow.run("truncate duplicate_pending")
        await uow.run("delete from api_key where name like 'p5-%%'")


async def run(size: str) -> Report:
    """Measure on the data set of this size."""
    report = Report(bench="p5_create")
    known = ensure(size).customers
    cards = Cards(known)
    with opened(size) as dsn:
        db = Database(dsn, size=2, vault=Vault.for_now())
        await db.open()
        await clear(db)
        key = await people.create_key(db, None, name=f"p5-{secrets.token_hex(4)}", scopes=["customers:read", "customers:write"])
        rates = {clients: await bare(dsn, cards, clients) for clients in BARS}
        try:
            used, total = cpu_of_children(), 0
            with serving(folder_of(size), RINGDESK_DUPLICATES="warn") as (port, _):
                await posted(port, key.key, cards, 8, seconds=WARM_SECONDS)
                for clients, bar in BARS.items():
                    for form in (False, True):
                        found, rate = await posted(port, key.key, cards, clients, form=form)
                        total += sum(len(client.took) for client in found)
                        took = [seconds for client in found for seconds in client.took]
                        asked = sum(client.asked for client in found)
                        who = f"{clients} client{'s' if clients > 1 else ''}, {known:,} customers"
                        report.rows.append(
                            Row(
                                name="probable duplicates, then create" if form else "create",
                                load=f"{who}; {len(took):,} made, {asked} asked",
                                value=f"{rate:,.0f}/s; p50 {ms(percentile(took, 0.5))}, p99 {ms(percentile(took, 0.99))}",
                                baseline=f"bare INSERTs {rates[clients]:,.0f}/s ({rate / rates[clients]:.0%})",
                                bar="" if form else f">= {bar}/s",
                                passed=None if form else rate >= bar,
                            )
                        )
            spent = (cpu_of_children() - used) / total
            report.rows.append(Row(name="CPU of all roles", load=f"{total:,} cards, start and stop included", value=f"{ms(spent)} a card"))
        finally:
            await clear(db)
            await db.close()
    return report


def main() -> int:
    """Measure on the size named on the command line."""
    return uvloop.run(run(sys.argv[1] if len(sys.argv) > 1 else "1m")).close()


if __name__ == "__main__":
    sys.exit(main())
