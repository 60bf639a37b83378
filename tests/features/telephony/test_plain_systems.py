"""What telephone systems leave out: call ids, ends, the telephones that stop ringing (product.md 5.3, 3.4, 4.5)."""

from typing import Any

import httpx
import pytest
from litestar import Litestar
from msgspec import structs

from ringdesk.features.desk.service import finish_due
from ringdesk.features.telephony.jobs import end_silent_calls
from ringdesk.kit.crypto import open_vault
from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import Bus
from ringdesk.kit.jobs import JobContext
from ringdesk.kit.settings import Settings
from ringdesk.web.app import create_app
from tests.conftest import client_of
from tests.features.desk.test_pop import EMMA, desk, make, tell
from tests.support.lifespan import running
from tests.support.people import People, sign_in

PAIR = {"call_id": None, "queue": None}


@pytest.fixture
async def emma(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient) -> dict[str, Any]:
    """Emma has a card, and Aiko waits for calls."""
    await as_aiko.post("/api/v1/desk/cti/login")
    return await make(as_ada, EMMA)


async def journey(client: httpx.AsyncClient, customer: dict[str, Any]) -> list[tuple[str, str | None]]:
    items = (await client.get(f"/api/v1/customers/{customer['id']}/journey")).json()["items"]
    return [(item["state"], item["result"]) for item in items]


async def age(db: Database, interval: str) -> None:
    """So much time passes for every call."""
    async with db.transaction() as uow:
        await uow.run("update desk_call set since = since - %s::interval", [interval])
        await uow.run("update call set updated_at = updated_at - %s::interval", [interval])


class TestWithoutIds:
    async def test_who_calls_again_later_pops_again(
        self, emma: dict[str, Any], as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, db: Database
    ) -> None:
        first = await tell(as_ada, **PAIR)
        await age(db, "6 minutes")
        await finish_due(db)
        second = await tell(as_ada, **PAIR)
        assert first["interaction_id"] != second["interaction_id"]
        assert len((await desk(as_aiko))["calls"]) == 1
        assert [state for state, _ in await journey(as_ada, emma)] == ["in_progress", "ended"]

    async def test_an_end_that_is_told_twice_is_one(self, emma: dict[str, Any], as_ada: httpx.AsyncClient) -> None:
        for event in ("ringing", "answered", "ended", "ended", "leg_ended"):
            await tell(as_ada, **PAIR, event=event)
        assert await journey(as_ada, emma) == [("ended", "answered")]


class TestWithoutEnds:
    @pytest.mark.parametrize(
        ("events", "silence", "result"),
        [
            (["ringing"], "59 minutes", None),
            (["ringing"], "61 minutes", "abandoned"),
            (["ringing", "answered"], "11 hours", None),
            (["ringing", "answered"], "13 hours", "answered"),
        ],
    )
    async def test_a_call_that_must_be_over_is_ended(
        self,
        emma: dict[str, Any],
        as_aiko: httpx.AsyncClient,
        as_ada: httpx.AsyncClient,
        db: Database,
        settings: Settings,
        events: list[str],
        silence: str,
        result: str | None,
    ) -> None:
        for event in events:
            await tell(as_ada, event=event)
        await age(db, silence)
        await end_silent_calls(JobContext(db, settings, Bus(db), open_vault(settings)))
        [(state, ended_as)] = await journey(as_ada, emma)
        assert (state, ended_as if result else None) == ("ended" if result else "in_progress", result)
        talking = [call["state"] for call in (await desk(as_aiko))["calls"] if call["state"] == "talking"]
        assert bool(talking) == (result is None and "answered" in events)


async def test_the_other_telephones_stop_when_one_answers(
    emma: dict[str, Any], as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient
) -> None:
    await as_bilal.post("/api/v1/desk/cti/login")
    await tell(as_ada)
    await tell(as_ada, call_agent_extension="2002")
    assert [call["state"] for call in (await desk(as_aiko))["calls"]] == ["ringing"]

    await tell(as_ada, event="answered", call_agent_extension="2002")

    assert (await desk(as_aiko))["calls"] == []
    assert [call["state"] for call in (await desk(as_bilal))["calls"]] == ["talking"]
    [item] = (await as_ada.get(f"/api/v1/customers/{emma['id']}/journey")).json()["items"]
    assert {leg["agent_name"]: leg["outcome"] for leg in item["activities"]} == {"Aiko": "cancelled", "Bilal": "answered"}


class TestInheritance:
    """The later leg has no wrap-up time to wait for: the earlier one's outcome is stored for it all the same (product.md 3.4)."""

    async def _handed_over(self, ada: httpx.AsyncClient) -> str:
        await tell(ada)
        await tell(ada, event="answered")
        await tell(ada, event="transferred", to_extension="2002")
        await tell(ada, event="ringing", call_agent_extension="2002")
        await tell(ada, event="answered", call_agent_extension="2002")
        return (await tell(ada, event="ended"))["interaction_id"]

    async def _codes(self, ada: httpx.AsyncClient, interaction_id: str) -> list[list[str]]:
        found = (await ada.get(f"/api/v1/interactions/{interaction_id}")).json()
        return [[given["code"] for given in leg["wrap_ups"]] for leg in found["activities"]]

    async def test_of_an_agent_who_is_logged_out(self, emma: dict[str, Any], as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        interaction_id = await self._handed_over(as_ada)
        [call] = (await desk(as_aiko))["calls"]
        await as_aiko.post(f"/api/v1/desk/calls/{call['activity_id']}/finish", json={"code": "resolved"})
        assert await self._codes(as_ada, interaction_id) == [["resolved"], ["resolved"]]

    async def test_of_a_team_without_wrap_up_time(
        self, emma: dict[str, Any], as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient, db: Database
    ) -> None:
        await as_bilal.post("/api/v1/desk/cti/login")
        async with db.transaction() as uow:
            await uow.run("update team set wrap_up_seconds = 0")
        interaction_id = await self._handed_over(as_ada)
        found = (await as_ada.get(f"/api/v1/interactions/{interaction_id}")).json()
        await as_aiko.post(f"/api/v1/activities/{found['activities'][0]['id']}/wrap-up", json={"code": "resolved"})
        assert await self._codes(as_ada, interaction_id) == [["resolved"], ["resolved"]]


async def test_a_deployment_can_open_cards_at_the_answer(
    settings: Settings, db: Database, people: People, open_app: Litestar, emma: dict[str, Any]
) -> None:
    app = create_app(structs.replace(settings, pop_at="answer"), db)
    async with running(app), client_of(app) as one, client_of(app) as other:
        aiko, ada = await sign_in(db, one, people.aiko), await sign_in(db, other, people.ada)
        await tell(ada)
        seen = await desk(aiko)
        assert (seen["settings"]["pop_at"], [call["state"] for call in seen["calls"]], seen["open"]) == ("answer", ["ringing"], [])
        await tell(ada, event="answered")
        assert [item["customer"]["id"] for item in (await desk(aiko))["open"]] == [emma["id"]]
