"""The desk's events are complete: what was shown before + the events = what a fresh load shows, for every action."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from ringdesk.features.customers.imports import engine
from ringdesk.features.desk.service import finish_due
from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import LogEntry, entries_after
from ringdesk.kit.settings import Settings
from tests.features.desk.test_pop import EMMA, JANE, desk, make, tell
from tests.support.desk_state import State, apply
from tests.support.people import People

FOLLOWED = ("position", "user", "cti", "calls", "open", "previous", "wrap_up_codes")


class Desk:
    """Aiko's desk as a desktop follows it."""

    def __init__(self, db: Database, aiko: httpx.AsyncClient, user_id: str) -> None:
        self.db, self.aiko, self.user_id = db, aiko, user_id

    async def load(self) -> State:
        snapshot = await desk(self.aiko)
        return {name: snapshot[name] for name in FOLLOWED}

    async def verify(self, action: Callable[[], Awaitable[Any]]) -> list[str]:
        """Carry out the action; the types of its events, once they have been proved complete."""
        state = await self.load()
        await action()
        fresh = await self.load()
        heard = [
            self._topic(),
            "schema",
            "wrap_up_codes",
            "teams",
            *(f"customer:{item['customer']['id']}" for item in [*state["open"], *fresh["open"]]),
        ]
        heard += [f"customer:{call['customer']['id']}" for call in state["calls"] if call["customer"]]
        async with self.db.transaction() as uow:
            entries = await entries_after(uow, state["position"], set(heard), until=fresh["position"])
        for entry in entries:
            state = apply(state, _wire(entry))
        state["position"] = fresh["position"]
        assert state == fresh
        return [entry.type for entry in entries]

    def _topic(self) -> str:
        return f"desk:{self.user_id}"


def _wire(entry: LogEntry) -> dict[str, Any]:
    return msgspec.json.decode(entry.line().split(b"data: ")[1])


@pytest.fixture
async def watched(db: Database, as_aiko: httpx.AsyncClient, people: People) -> Desk:
    return Desk(db, as_aiko, str(people.aiko.id))


async def test_cti(watched: Desk, as_aiko: httpx.AsyncClient) -> None:
    assert await watched.verify(lambda: as_aiko.post("/api/v1/desk/cti/login")) == ["cti.changed"]
    assert await watched.verify(lambda: as_aiko.post("/api/v1/desk/cti/logout")) == ["cti.changed"]


async def test_opening_and_closing_customers(watched: Desk, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
    emma, jane = await make(as_ada, EMMA), await make(as_ada, JANE)
    for customer in (emma, jane):
        open_it = partial(as_aiko.post, f"/api/v1/desk/customers/{customer['id']}/open")
        assert await watched.verify(open_it) == ["desk.customer_opened"]
    assert await watched.verify(lambda: as_aiko.post(f"/api/v1/desk/customers/{emma['id']}/close")) == ["desk.customer_closed"]
    assert await watched.verify(lambda: as_aiko.post(f"/api/v1/desk/customers/{emma['id']}/close")) == []
    assert await watched.verify(lambda: as_aiko.post(f"/api/v1/desk/customers/{emma['id']}/open")) == ["desk.customer_opened"]


async def test_what_administrators_change_meanwhile(
    watched: Desk, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, people: People
) -> None:
    accepted = await tell(as_ada)
    [leg] = (await as_aiko.get(f"/api/v1/interactions/{accepted['interaction_id']}")).json()["activities"]
    await as_aiko.post(f"/api/v1/activities/{leg['id']}/wrap-up", json={"code": "resolved"})
    rename = partial(as_ada.patch, "/api/v1/wrap-up-codes/resolved", json={"labels": {"en": "Solved"}})
    assert await watched.verify(rename) == ["wrap_up_codes.changed"]
    add = partial(as_ada.post, "/api/v1/wrap-up-codes", json={"code": "theirs", "labels": {"en": "Theirs"}, "teams": [str(people.team_id)]})
    assert await watched.verify(add) == ["wrap_up_codes.changed"]
    team = partial(as_ada.patch, f"/api/v1/teams/{people.team_id}", json={"name": "North-West", "wrap_up_seconds": 30})
    assert await watched.verify(team) == ["teams.changed"]
    account = partial(as_ada.patch, f"/api/v1/accounts/{people.aiko.id}", json={"name": "Aiko T.", "extension": "2999", "team": "East"})
    assert await watched.verify(account) == ["teams.changed", "desk.user_changed"]


async def test_what_the_desktop_remembers(watched: Desk, as_aiko: httpx.AsyncClient) -> None:
    layout = {"columns": [{"key": "city", "width": 120, "hidden": False}]}
    put = partial(as_aiko.put, "/api/v1/desk/preferences/list.customers", json=layout)
    assert await watched.verify(put) == ["desk.preference_changed"]


async def test_what_a_team_has_switched_off(watched: Desk, as_ada: httpx.AsyncClient, people: People) -> None:
    switch = partial(as_ada.patch, f"/api/v1/teams/{people.team_id}", json={"switched_off": ["merging", "card"]})
    assert await watched.verify(switch) == ["teams.changed"]
    assert (await watched.load())["user"]["switched_off"] == ["card", "merging"]
    away = partial(as_ada.patch, f"/api/v1/accounts/{people.aiko.id}", json={"team": None})
    assert await watched.verify(away) == ["desk.parts_changed", "desk.user_changed"]
    assert (await watched.load())["user"]["switched_off"] == []


async def test_an_edit_by_somebody_else(watched: Desk, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
    emma = await make(as_ada, EMMA)
    await as_aiko.post(f"/api/v1/desk/customers/{emma['id']}/open")

    async def rename() -> None:
        answer = await as_ada.patch(f"/api/v1/customers/{emma['id']}", json={"last_name": "Knightley"}, headers={"if-match": '"1"'})
        assert answer.status_code == 200, answer.text

    assert "customer.changed" in await watched.verify(rename)


async def test_two_cards_that_become_one_and_two_again(watched: Desk, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
    await as_aiko.post("/api/v1/desk/cti/login")
    emma, jane = await make(as_ada, EMMA), await make(as_ada, JANE | {"phone_1": "020 7946 0999"})
    for card in (jane, emma):
        await as_aiko.post(f"/api/v1/desk/customers/{card['id']}/open")
    await as_aiko.post(f"/api/v1/desk/customers/{emma['id']}/close")
    await tell(as_ada)
    merge = partial(as_ada.post, f"/api/v1/customers/{jane['id']}/merge", json={"other_id": emma["id"]})
    types = await watched.verify(merge)
    # First that two are one, then what that does to the desk: a card on the screen goes where it went.
    assert types[:2] == ["customer.merged", "desk.customers_changed"]
    assert "call.changed" in types
    [merged] = (await as_aiko.get(f"/api/v1/customers/{jane['id']}/merges")).json()["items"]
    undo = partial(as_ada.post, f"/api/v1/customer-merges/{merged['id']}/undo")
    assert {"customer.unmerged", "desk.customers_changed", "call.changed"} <= set(await watched.verify(undo))


async def test_a_whole_call(watched: Desk, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
    await as_aiko.post("/api/v1/desk/cti/login")
    await make(as_ada, EMMA)
    assert {"call.changed", "desk.customer_opened"} <= set(await watched.verify(lambda: tell(as_ada)))
    for kind in ("answered", "held", "resumed", "ended"):
        assert "call.changed" in await watched.verify(partial(tell, as_ada, event=kind))
    [call] = (await desk(as_aiko))["calls"]
    finished = await watched.verify(lambda: as_aiko.post(f"/api/v1/desk/calls/{call['activity_id']}/finish", json={"code": "resolved"}))
    assert "call.closed" in finished


async def test_a_missed_call(watched: Desk, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
    await as_aiko.post("/api/v1/desk/cti/login")
    await tell(as_ada)
    assert await watched.verify(lambda: tell(as_ada, event="abandoned")) == ["call.closed", "cti.changed"]


async def test_a_choice_among_several(watched: Desk, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
    await as_aiko.post("/api/v1/desk/cti/login")
    _, jane = await make(as_ada, EMMA), await make(as_ada, JANE)
    accepted = await tell(as_ada)
    types = await watched.verify(
        lambda: as_aiko.patch(f"/api/v1/interactions/{accepted['interaction_id']}", json={"customer_id": jane["id"]})
    )
    assert {"call.changed", "desk.customer_opened"} <= set(types)


async def test_a_card_made_for_the_call(watched: Desk, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
    await as_aiko.post("/api/v1/desk/cti/login")
    accepted = await tell(as_ada)
    types = await watched.verify(lambda: make(as_aiko, EMMA, link_interaction=accepted["interaction_id"]))
    assert {"call.changed", "desk.customer_opened"} <= set(types)


async def test_a_wrap_up_time_that_runs_out(watched: Desk, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, db: Database) -> None:
    await as_aiko.post("/api/v1/desk/cti/login")
    for event in ("ringing", "answered", "ended"):
        await tell(as_ada, event=event)
    async with db.transaction() as uow:
        await uow.run("update desk_call set wrap_up_until = now() - interval '1 second'")
    assert "call.closed" in await watched.verify(lambda: finish_due(db))


async def test_an_import_that_changes_an_open_card_and_is_undone(
    watched: Desk, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    emma = await make(as_ada, EMMA)
    await as_aiko.post(f"/api/v1/desk/customers/{emma['id']}/open")
    begun: dict[str, Any] = {}

    async def carry_out(path: str, **parts: Any) -> None:
        answer = await as_ada.post(f"/api/v1/imports{path}", **parts)
        assert answer.status_code in (200, 201), answer.text
        begun.update(answer.json())
        await engine.run(db, settings.data_dir, UUID(begun["id"]))

    table = f"Phone,Last name\n{emma['phone_1']},Knightley\n4001,New\n"
    files = {"file": ("customers.csv", table.encode(), "text/csv")}
    bring = partial(carry_out, "", files=files, data={"key": "phone", "on_duplicate": "update"})
    assert await watched.verify(bring) == ["customer.changed"]
    [new] = [row for row in (await as_ada.get("/api/v1/customers")).json()["items"] if row["display_name"] == "New"]
    for act in ("open", "close", "open"):
        await as_aiko.post(f"/api/v1/desk/customers/{new['id']}/{act}")
    assert await watched.verify(partial(carry_out, f"/{begun['id']}/undo")) == ["customer.changed", "desk.customer_removed"]
