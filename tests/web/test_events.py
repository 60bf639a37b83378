"""The event stream: nothing lost, nothing twice, nobody hears what is not theirs."""

import asyncio
import random
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from ringdesk.features.people import create_key
from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import Bus, newest_position
from ringdesk.kit.ids import new_id
from ringdesk.web import events
from tests.support.database import cut_listeners
from tests.support.eventually import eventually
from tests.support.people import People
from tests.support.server import serving
from tests.support.sse import subscribe


@pytest_asyncio.fixture
async def url(app: Litestar) -> AsyncIterator[str]:
    """Where the application is served."""
    async with serving(app) as url:
        yield url


@pytest.fixture
def bus(app: Litestar) -> Bus:
    """The bus of the application."""
    return app.state["bus"]


async def tell(db: Database, *topics: str, type: str = "test.happened", payload: object = None) -> int:  # noqa: A002  (the word of the wire)
    """Log an event; the newest position after it."""
    async with db.transaction() as uow:
        uow.log_event(type, list(topics), payload or {})
    async with db.transaction() as uow:
        return await newest_position(uow)


async def test_a_stream_says_at_once_that_it_is_open_and_then_what_happens(
    url: str, as_aiko: httpx.AsyncClient, people: People, db: Database
) -> None:
    async with subscribe(url, cookies=as_aiko.cookies) as stream:
        assert stream.answer.headers["content-type"].startswith("text/event-stream")
        pos = await tell(db, f"desk:{people.aiko.id}", payload={"name": "山田"})
        event = await stream.next()
        assert event == (pos, "test.happened", {"name": "山田"})


async def test_a_person_does_not_hear_another_desk_or_a_topic_that_was_not_asked_for(
    url: str, as_aiko: httpx.AsyncClient, people: People, db: Database
) -> None:
    async with subscribe(url, cookies=as_aiko.cookies) as stream:
        await tell(db, f"desk:{people.bilal.id}")
        await tell(db, "customers")
        last = await tell(db, f"desk:{people.aiko.id}")
        event = await stream.next()
        assert event is not None
        assert event.pos == last


async def test_asked_topics_are_heard_besides_the_own_desk(url: str, as_sven: httpx.AsyncClient, people: People, db: Database) -> None:
    customer = new_id()
    async with subscribe(url, cookies=as_sven.cookies, topics=f"customers,imports,customer:{customer}") as stream:
        for topic in ("customers", "imports", f"customer:{customer}", f"desk:{people.sven.id}"):
            pos = await tell(db, topic)
            event = await stream.next()
            assert event is not None
            assert event.pos == pos


async def test_what_a_team_has_switched_off_is_not_told_from_the_moment_on_that_it_is(
    url: str, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, people: People, db: Database
) -> None:
    customer = new_id()
    own = f"desk:{people.aiko.id}"
    async with subscribe(url, cookies=as_aiko.cookies, topics=f"customer:{customer}") as stream:
        heard = await tell(db, f"customer:{customer}", type="comment.added")
        assert (await stream.next() or (None,))[0] == heard
        await as_ada.patch(f"/api/v1/teams/{people.team_id}", json={"switched_off": ["journey"]})
        types: set[str] = set()
        while event := await stream.next():
            types.add(event.type)
        assert types <= {"teams.changed", "desk.parts_changed"}
    before = await tell(db, own)
    await tell(db, f"customer:{customer}", type="comment.added")
    # Neither of what was missed nor of what happens.
    async with subscribe(url, cookies=as_aiko.cookies, topics=f"customer:{customer}", after=before) as stream:
        await tell(db, f"customer:{customer}", type="comment.added")
        last = await tell(db, own)
        event = await stream.next()
        assert event is not None
        assert event.pos == last


@pytest.mark.parametrize(
    ("topics", "status"), [("imports", 403), (f"team:{new_id()}", 403), ("nonsense", 422), ("customer", 422), ("customer:x", 422)]
)
async def test_topics_that_are_not_there_or_not_allowed_are_refused(as_aiko: httpx.AsyncClient, topics: str, status: int) -> None:
    assert (await as_aiko.get("/api/v1/events", params={"topics": topics})).status_code == status


async def test_resuming_brings_what_was_missed_once_and_then_goes_on(
    url: str, as_aiko: httpx.AsyncClient, people: People, db: Database
) -> None:
    desk = f"desk:{people.aiko.id}"
    begin = await tell(db, desk)
    missed = [await tell(db, desk), await tell(db, desk)]
    async with subscribe(url, cookies=as_aiko.cookies, after=begin) as stream:
        live = await tell(db, desk)
        seen = [await stream.next() for _ in range(3)]
        assert [event and event.pos for event in seen] == [*missed, live]


async def test_the_header_that_browsers_send_counts_more_than_the_first_position(
    url: str, as_aiko: httpx.AsyncClient, people: People, db: Database
) -> None:
    desk = f"desk:{people.aiko.id}"
    begin, seen, missed = await tell(db, desk), await tell(db, desk), await tell(db, desk)
    async with subscribe(url, cookies=as_aiko.cookies, headers={"last-event-id": str(seen)}, after=begin) as stream:
        event = await stream.next()
        assert event is not None
        assert event.pos == missed


async def test_a_client_that_keeps_losing_its_line_misses_nothing_and_gets_nothing_twice(
    url: str, as_aiko: httpx.AsyncClient, people: People, db: Database
) -> None:
    desk = f"desk:{people.aiko.id}"
    begin = await tell(db, desk)
    chance = random.Random(7)

    async def write(count: int) -> None:
        for number in range(count):
            async with db.transaction() as uow:
                uow.log_event("test.happened", [desk], {"number": number})

    writers = [asyncio.create_task(write(40)) for _ in range(6)]
    done = asyncio.gather(*writers)
    seen: list[int] = []
    last = begin
    while len(seen) < 240:
        async with subscribe(url, cookies=as_aiko.cookies, after=last) as stream:
            for _ in range(min(chance.randint(1, 40), 240 - len(seen))):
                event = await stream.next()
                assert event is not None
                seen.append(event.pos)
                last = event.pos
    await done
    async with db.transaction() as uow:
        assert seen == await uow.values("select pos from event_log where pos > %s order by pos", [begin])


async def test_a_position_that_is_no_longer_in_the_log_is_410(as_aiko: httpx.AsyncClient, people: People, db: Database) -> None:
    desk = f"desk:{people.aiko.id}"
    old, gone = await tell(db, desk), await tell(db, desk)
    await tell(db, desk)
    async with db.transaction() as uow:
        await uow.run("delete from event_log where pos <= %s", [gone])
    answer = await as_aiko.get("/api/v1/events", params={"after": old})
    assert (answer.status_code, answer.json()["type"]) == (410, "urn:ringdesk:problem:position_gone")


async def test_a_position_that_the_log_has_not_reached_is_410(as_aiko: httpx.AsyncClient, db: Database) -> None:
    assert (await as_aiko.get("/api/v1/events", params={"after": await tell(db, "customers") + 1})).status_code == 410


async def test_events_survive_the_loss_of_the_listeners_connection(
    url: str, bus: Bus, as_aiko: httpx.AsyncClient, people: People, db: Database
) -> None:
    desk = f"desk:{people.aiko.id}"
    async with subscribe(url, cookies=as_aiko.cookies) as stream:
        first = await tell(db, desk)
        event = await stream.next()
        assert event is not None
        assert event.pos == first
        await eventually(lambda: cut_listeners(db))
        missed = [await tell(db, desk) for _ in range(5)]
        assert [event.pos for _ in missed if (event := await stream.next())] == missed
        await eventually(lambda: bus.connected)


async def test_a_desk_hears_its_customers_while_they_are_open(
    url: str, bus: Bus, as_aiko: httpx.AsyncClient, people: People, db: Database
) -> None:
    created = await as_aiko.post("/api/v1/customers", json={"first_name": "Elin", "phone_1": "+46701234567"})
    assert created.status_code == 201, created.text
    customer = created.json()["id"]
    topic = f"customer:{customer}"

    async with subscribe(url, cookies=as_aiko.cookies) as stream:
        await tell(db, topic)
        assert (await as_aiko.post(f"/api/v1/desk/customers/{customer}/open")).status_code == 200
        assert [event.type for event in await stream.until("desk.customer_opened")] == ["desk.customer_opened"]
        heard = await tell(db, topic)
        event = await stream.next()
        assert event is not None
        assert event.pos == heard

    async with subscribe(url, cookies=as_aiko.cookies, after=heard) as stream:
        again = await tell(db, topic)
        event = await stream.next()
        assert event is not None
        assert event.pos == again
        await as_aiko.post(f"/api/v1/desk/customers/{customer}/close")
        await stream.until("desk.customer_closed")
        await tell(db, topic)
        last = await tell(db, f"desk:{people.aiko.id}")
        event = await stream.next()
        assert event is not None
        assert event.pos == last


async def test_what_happened_to_open_customers_while_the_line_was_lost_is_told(
    url: str, as_aiko: httpx.AsyncClient, people: People, db: Database
) -> None:
    customer = (await as_aiko.post("/api/v1/customers", json={"first_name": "Elin"})).json()["id"]
    before = await tell(db, f"desk:{people.aiko.id}")
    await as_aiko.post(f"/api/v1/desk/customers/{customer}/open")
    changed = await tell(db, f"customer:{UUID(customer)}", type="test.changed")
    async with subscribe(url, cookies=as_aiko.cookies, after=before) as stream:
        seen = await stream.until("test.changed")
        assert [event.type for event in seen] == ["desk.customer_opened", "test.changed"]
        assert seen[-1].pos == changed


async def test_signing_out_ends_the_stream(url: str, bus: Bus, as_aiko: httpx.AsyncClient) -> None:
    async with subscribe(url, cookies=as_aiko.cookies) as stream:
        assert (await as_aiko.post("/api/v1/auth/logout")).status_code == 204
        assert await stream.next() is None
    await eventually(lambda: bus.stream_count() == 0)


async def test_revoking_a_key_ends_its_stream(url: str, as_ada: httpx.AsyncClient, db: Database) -> None:
    made = await create_key(db, None, name="wallboard", scopes=["events:read", "customers:read"])
    async with subscribe(url, headers={"authorization": f"Bearer {made.key}"}, topics="customers") as stream:
        pos = await tell(db, "customers")
        event = await stream.next()
        assert event is not None
        assert event.pos == pos
        assert (await as_ada.post(f"/api/v1/api-keys/{made.api_key.id}/revoke")).status_code == 204
        assert await stream.next() is None
    refused = await as_ada.get("/api/v1/customers", headers={"authorization": f"Bearer {made.key}"})
    assert refused.status_code == 401


async def test_a_client_that_leaves_is_forgotten(url: str, bus: Bus, as_aiko: httpx.AsyncClient) -> None:
    async with subscribe(url, cookies=as_aiko.cookies):
        assert bus.stream_count() == 1
    await eventually(lambda: bus.stream_count() == 0)


async def test_a_silent_stream_says_now_and_then_that_it_lives(
    url: str, as_aiko: httpx.AsyncClient, people: People, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "PING_S", 0.02)
    async with subscribe(url, cookies=as_aiko.cookies) as stream:
        reading = asyncio.create_task(stream.next())
        await eventually(lambda: "ping" in stream.comments)
        await tell(db, f"desk:{people.aiko.id}")
        assert await reading is not None
