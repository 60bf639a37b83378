"""Requests on the time line of a customer, among the interactions (product.md 4.2, 3.9)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from ringdesk.features.requests.service import close_idle
from ringdesk.kit.db import Database
from tests.features.interactions.test_push import CHAT
from tests.features.requests.conftest import open_one
from tests.support.people import People

MORNING = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


async def journey(client: httpx.AsyncClient, customer: dict[str, Any], **asked: Any) -> dict[str, Any]:
    """One page of a journey."""
    answer = await client.get(f"/api/v1/customers/{customer['id']}/journey", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def moments(client: httpx.AsyncClient, customer: dict[str, Any], **asked: Any) -> list[tuple[str, str, str]]:
    """What a page says of requests: what happened, to which one, and who did it."""
    page = await journey(client, customer, **asked)
    return [(one["kind"], one["request"]["title"], one["by_name"]) for one in page["requests"]]


async def talked_at(client: httpx.AsyncClient, customer: dict[str, Any], minute: int) -> str:
    """A chat of this customer's, begun so many minutes after ten."""
    began = (MORNING + timedelta(minutes=minute)).isoformat()
    told = {"external_id": f"c-{minute}", "customer_id": customer["id"], "address": None, "started_at": began, "ended_at": began}
    return (await client.post("/api/v1/interactions", json=CHAT | told)).json()["id"]


async def opened_at(db: Database, client: httpx.AsyncClient, customer: dict[str, Any], minute: int, title: str = "") -> dict[str, Any]:
    """A request that was opened so many minutes after ten."""
    made = await open_one(client, customer_id=customer["id"], title=title or f"at {minute}")
    async with db.transaction() as uow:
        await uow.run("update request set created_at = %s where id = %s", [MORNING + timedelta(minutes=minute), made["id"]])
    return made


async def close(client: httpx.AsyncClient, request: dict[str, Any]) -> None:
    assert (await client.post(f"/api/v1/requests/{request['id']}/close", json={})).status_code == 200


async def test_its_opening_and_closing_stand_at_their_time_with_who_did_it(
    as_aiko: httpx.AsyncClient, as_sven: httpx.AsyncClient, db: Database, emma: dict[str, Any], people: People
) -> None:
    await open_one(as_aiko, customer_id=emma["id"], title="The kettle leaks")
    closed = await open_one(as_sven, customer_id=emma["id"], title="Wrong invoice")
    await close(as_aiko, closed)
    assert await moments(as_aiko, emma) == [
        ("closed", "Wrong invoice", "Aiko"),
        ("opened", "Wrong invoice", "Sven"),
        ("opened", "The kettle leaks", "Aiko"),
    ]
    [first, *_] = (await journey(as_aiko, emma))["requests"]
    stored = (await as_aiko.get(f"/api/v1/requests/{closed['id']}")).json()
    assert first["at"] == stored["closed_at"]
    assert first["request"] == {name: stored[name] for name in ("id", "number", "title", "status")}
    # One that goes on again is not closed.
    await as_sven.post(f"/api/v1/requests/{closed['id']}/reopen", json={"reason": "Not paid yet"})
    assert ("closed", "Wrong invoice", "Aiko") not in await moments(as_aiko, emma)


async def test_one_that_closed_by_itself_names_nobody(
    as_aiko: httpx.AsyncClient, db: Database, emma: dict[str, Any], people: People
) -> None:
    made = await open_one(as_aiko, customer_id=emma["id"])
    async with db.transaction() as uow:
        await uow.run("update request set touched_at = now() - interval '1 year', created_at = now() - interval '1 year'")
    await close_idle(db, UUID(made["id"]), datetime.now(UTC))
    assert await moments(as_aiko, emma) == [("closed", "Wrong invoice", ""), ("opened", "Wrong invoice", "Aiko")]


MANY, FEW = (-5, 1, 2, 3, 4, 15, 15, 25, 40), (5, 25)


@pytest.mark.parametrize(("limit", "opened"), [(1, MANY), (2, MANY), (5, MANY), (3, FEW)])
async def test_pages_hold_each_once_where_it_stands_among_the_interactions(
    as_ada: httpx.AsyncClient,
    as_aiko: httpx.AsyncClient,
    db: Database,
    emma: dict[str, Any],
    people: People,
    limit: int,
    opened: tuple[int, ...],
) -> None:
    talks = {await talked_at(as_ada, emma, minute): minute for minute in (0, 10, 20, 30)}
    for minute in opened:
        await opened_at(db, as_aiko, emma, minute)
    read: list[int] = []
    cursor: str | None = None
    while True:
        page = await journey(as_aiko, emma, limit=limit, **({"cursor": cursor} if cursor else {}))
        here = [talks[one["id"]] for one in page["items"]]
        here += [int((datetime.fromisoformat(one["at"]) - MORNING).total_seconds() // 60) for one in page["requests"]]
        assert len(page["items"]) <= limit
        read += sorted(here, reverse=True)
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert read == sorted([*talks.values(), *opened], reverse=True)


async def test_are_narrowed_like_the_interactions(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, as_sven: httpx.AsyncClient, db: Database, emma: dict[str, Any], people: People
) -> None:
    early = await opened_at(db, as_aiko, emma, 0, "early")
    await opened_at(db, as_sven, emma, 60, "late")
    later = (MORNING + timedelta(minutes=30)).isoformat()
    assert await moments(as_aiko, emma, request=early["id"]) == [("opened", "early", "Aiko")]
    assert await moments(as_aiko, emma, **{"from": later}) == [("opened", "late", "Sven")]
    assert await moments(as_aiko, emma, to=later) == [("opened", "early", "Aiko")]
    assert await moments(as_aiko, emma, agent=str(people.sven.id)) == [("opened", "late", "Sven")]
    # No channel and no tag is a request's.
    assert await moments(as_aiko, emma, channel="chat") == []
    assert await moments(as_aiko, emma, tag="invoice") == []


async def test_a_request_of_another_customer_stands_in_their_journey_alone(
    as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, emma: dict[str, Any], people: People
) -> None:
    jane = (await as_ada.post("/api/v1/customers", json={"first_name": "Jane"})).json()
    await open_one(as_aiko, customer_id=jane["id"])
    assert await moments(as_aiko, emma) == []
    assert await moments(as_aiko, jane) == [("opened", "Wrong invoice", "Aiko")]
