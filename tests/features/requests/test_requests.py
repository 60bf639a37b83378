"""The life of a request (product.md 2.1, 2.3, 2.4)."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from ringdesk.features.requests import service, store
from ringdesk.kit import clock
from ringdesk.kit.db import Database
from tests.features.desk.test_pop import JANE, make, tell
from tests.features.requests.conftest import REQUESTS, edit, ended_call, open_one, read, slug, tag, wrong
from tests.support.people import People


async def close(client: httpx.AsyncClient, request: dict[str, Any], **given: Any) -> httpx.Response:
    return await client.post(f"{REQUESTS}/{request['id']}/close", json=given)


async def close_idle(db: Database, **later: float) -> None:
    """What the job does so much later."""
    at = clock.now() + timedelta(**later)
    async with db.transaction() as uow:
        due = await store.idle(uow, at, 100)
    for request_id in due:
        await service.close_idle(db, request_id, at)


async def status_of(client: httpx.AsyncClient, request: dict[str, Any]) -> str:
    return (await client.get(f"{REQUESTS}/{request['id']}")).json()["status"]


class TestOpening:
    async def test_it_has_a_number_an_owner_and_a_customer(self, as_aiko: httpx.AsyncClient, emma: dict[str, Any], people: People) -> None:
        first = await open_one(as_aiko, customer_id=emma["id"], due_on="2026-12-01", priority="high", description="See https://x.example")
        second = await open_one(as_aiko, customer_id=emma["id"], owner_id=None)
        assert second["number"] > first["number"]
        assert (first["customer_name"], first["owner_name"], first["created_by"]) == ("Emma Woodhouse", "Aiko", "Aiko")
        assert (first["status"], first["priority"], first["due_on"], first["version"]) == ("active", "high", "2026-12-01", 1)
        assert second["owner_id"] is None
        assert (await as_aiko.get(f"{REQUESTS}/{first['id']}")).json() == first

    async def test_everything_that_is_wrong_is_told_at_once(self, as_aiko: httpx.AsyncClient, people: People) -> None:
        nobody = "00000000-0000-7000-8000-000000000000"
        refused = await as_aiko.post(REQUESTS, json={"type": "none", "title": "t" * 201, "owner_id": nobody})
        assert wrong(refused) == {"type": "unknown_type", "title": "too_long", "owner_id": "unknown_user", "customer_id": "required"}
        gone = await as_aiko.post(REQUESTS, json={"type": "question", "title": "t", "customer_id": nobody})
        assert wrong(gone) == {"customer_id": "unknown_customer"}

    async def test_one_for_a_call_takes_its_customer_and_tags_it(
        self, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, emma: dict[str, Any], people: People
    ) -> None:
        call, _about_nothing = await ended_call(as_ada), await ended_call(as_ada, call_id="c2")
        opened = await open_one(as_aiko, interaction_id=call)
        assert opened["customer_id"] == emma["id"]
        assert (await read(as_aiko, call))["request"] == {
            "id": opened["id"],
            "number": opened["number"],
            "title": "Wrong invoice",
            "status": "active",
        }
        journey = (await as_aiko.get(f"/api/v1/customers/{emma['id']}/journey", params={"request": opened["id"]})).json()
        assert [item["id"] for item in journey["items"]] == [call]

    async def test_one_for_an_unknown_caller_links_the_call(
        self, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, emma: dict[str, Any], people: People
    ) -> None:
        call = await ended_call(as_ada, caller_phone_number="0161 496 0000")
        unknown = await as_aiko.post(REQUESTS, json={"type": "question", "title": "t", "interaction_id": call})
        assert wrong(unknown) == {"interaction_id": "no_customer"}
        await open_one(as_aiko, interaction_id=call, customer_id=emma["id"])
        assert (await read(as_aiko, call))["customer_id"] == emma["id"]
        jane = await make(as_ada, JANE | {"phone_1": "0161 496 0001"})
        other = await as_aiko.post(REQUESTS, json={"type": "question", "title": "t", "interaction_id": call, "customer_id": jane["id"]})
        assert wrong(other) == {"customer_id": "other_customer"}


class TestEditing:
    async def test_changes_are_written_told_and_audited(
        self, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, emma: dict[str, Any], people: People, db: Database
    ) -> None:
        opened = await open_one(as_aiko, customer_id=emma["id"])
        answer = await edit(as_aiko, opened, title="Two invoices", owner_id=str(people.bilal.id), due_on="2026-12-24")
        changed = answer.json()
        assert (changed["title"], changed["owner_name"], changed["due_on"]) == ("Two invoices", "Bilal", "2026-12-24")
        assert answer.headers["etag"] == '"2"'
        async with db.transaction() as uow:
            told = await uow.value("select payload from event_log where type = 'request.changed' order by pos desc limit 1")
        assert (told["request"], told["changed"], told["by_name"]) == (changed, ["title", "owner_id", "due_on"], "Aiko")
        [entry, _] = (await as_ada.get("/api/v1/audit", params={"entity.eq": "request", "entity_id.eq": opened["id"]})).json()["items"]
        assert (entry["action"], entry["before"]["title"], entry["after"]["title"]) == ("request.changed", "Wrong invoice", "Two invoices")

    async def test_a_stale_edit_gets_the_request_as_it_is(self, as_aiko: httpx.AsyncClient, emma: dict[str, Any]) -> None:
        opened = await open_one(as_aiko, customer_id=emma["id"])
        now = (await edit(as_aiko, opened, title="First")).json()
        late = await edit(as_aiko, opened, title="Second")
        assert (late.status_code, slug(late), late.json()["current"]) == (409, "stale_request", now)
        unsaid = await as_aiko.patch(f"{REQUESTS}/{opened['id']}", json={"title": "x"})
        assert unsaid.status_code == 428

    async def test_an_edit_that_changes_nothing_writes_nothing(self, as_aiko: httpx.AsyncClient, emma: dict[str, Any]) -> None:
        opened = await open_one(as_aiko, customer_id=emma["id"])
        assert (await edit(as_aiko, opened, title=" Wrong  invoice ")).json() == opened


class TestClosing:
    async def test_a_closed_request_takes_no_edit_and_no_link_but_comments(
        self, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, emma: dict[str, Any], people: People
    ) -> None:
        call, later = await ended_call(as_ada), await ended_call(as_ada, call_id="c2")
        opened = await open_one(as_aiko, interaction_id=call)
        closed = (await close(as_aiko, opened, reason="Paid back")).json()
        assert (closed["status"], closed["closing_reason"], closed["closed_by"]) == ("closed", "Paid back", "Aiko")
        assert slug(await edit(as_aiko, closed, title="x")) == "request_closed"
        assert slug(await tag(as_aiko, later, closed)) == "request_closed"
        assert slug(await tag(as_aiko, call, None)) == "request_closed"
        [leg] = (await read(as_aiko, call))["activities"]
        assert (await as_aiko.post(f"/api/v1/activities/{leg['id']}/comments", json={"text": "Thanks"})).status_code == 201
        assert (await as_aiko.post(f"/api/v1/activities/{leg['id']}/wrap-up", json={"code": "resolved"})).status_code == 201
        assert await status_of(as_aiko, opened) == "closed"
        assert (await close(as_aiko, opened)).json()["closing_reason"] == "Paid back"

    async def test_not_while_one_of_its_calls_goes_on(
        self, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, emma: dict[str, Any], people: People, db: Database
    ) -> None:
        accepted = await tell(as_ada, event="answered")
        opened = await open_one(as_aiko, interaction_id=accepted["interaction_id"])
        assert slug(await close(as_aiko, opened)) == "request_in_use"
        await close_idle(db, days=30)
        assert await status_of(as_aiko, opened) == "active"
        await tell(as_ada, event="ended")
        assert (await close(as_aiko, opened)).status_code == 200

    async def test_supervisors_reopen(
        self, as_aiko: httpx.AsyncClient, as_sven: httpx.AsyncClient, emma: dict[str, Any], people: People
    ) -> None:
        opened = await open_one(as_aiko, customer_id=emma["id"])
        await close(as_aiko, opened)
        assert (await as_aiko.post(f"{REQUESTS}/{opened['id']}/reopen")).status_code == 403
        again = (await as_sven.post(f"{REQUESTS}/{opened['id']}/reopen", json={"reason": "Not paid after all"})).json()
        assert (again["status"], again["closed_at"], again["closed_by"]) == ("active", None, None)


class TestClosingByItself:
    async def test_after_the_days_of_its_type_without_any_update(
        self, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, emma: dict[str, Any], db: Database
    ) -> None:
        await as_ada.patch("/api/v1/request-types/service_request", json={"close_after_days": 0})
        opened = await open_one(as_aiko, customer_id=emma["id"])
        never = await open_one(as_aiko, customer_id=emma["id"], type="service_request")
        await close_idle(db, days=4, hours=23)
        assert await status_of(as_aiko, opened) == "active"
        await close_idle(db, days=5, hours=1)
        closed = (await as_aiko.get(f"{REQUESTS}/{opened['id']}")).json()
        assert (closed["status"], closed["closed_by"]) == ("closed", "")
        await close_idle(db, days=3000)
        assert await status_of(as_aiko, never) == "active"

    @pytest.mark.parametrize("update", ["edit", "comment", "wrap_up", "tags", "tagging", "call"])
    async def test_every_update_of_it_or_its_activities_starts_the_days_anew(
        self, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, emma: dict[str, Any], people: People, db: Database, update: str
    ) -> None:
        call = await ended_call(as_ada, at="2026-11-01T10:00:00Z")
        opened = await open_one(as_aiko, interaction_id=call)
        async with db.transaction() as uow:
            # Everything so far happened ten days ago.
            await uow.run("update request set touched_at = now() - interval '10 days'")
            await uow.run("update activity set finished_at = null")
        async with db.transaction() as uow:
            assert len(await store.idle(uow, clock.now(), 10)) == 1
        [leg] = (await read(as_aiko, call))["activities"]
        match update:
            case "edit":
                await edit(as_aiko, opened, title="Two invoices")
            case "comment":
                await as_aiko.post(f"/api/v1/activities/{leg['id']}/comments", json={"text": "Thanks"})
            case "wrap_up":
                await as_aiko.post(f"/api/v1/activities/{leg['id']}/wrap-up", json={"code": "resolved"})
            case "tags":
                await as_aiko.put(f"/api/v1/activities/{leg['id']}/tags", json={"tags": ["refund"]})
            case "tagging":
                await tag(as_aiko, await ended_call(as_ada, call_id="c2", at="2026-11-01T10:00:00Z"), opened)
            case _:
                await tell(as_ada, call_id="c3", event="ringing")
                accepted = await tell(as_ada, call_id="c3", event="ended")
                async with db.transaction() as uow:
                    await uow.run("update interaction set request_id = %s where id = %s", [opened["id"], accepted["interaction_id"]])
        await close_idle(db, days=1)
        assert await status_of(as_aiko, opened) == "active"
        await close_idle(db, days=6)
        assert await status_of(as_aiko, opened) == "closed"


async def test_a_customer_s_requests_show_the_active_ones_first(as_aiko: httpx.AsyncClient, emma: dict[str, Any]) -> None:
    made = [await open_one(as_aiko, customer_id=emma["id"], title=title) for title in ("a", "b", "c")]
    await close(as_aiko, made[2])
    shown = (await as_aiko.get(f"/api/v1/customers/{emma['id']}/requests")).json()
    assert ([one["title"] for one in shown["items"]], shown["total"]) == (["b", "a", "c"], 3)
