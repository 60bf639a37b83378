"""Views of lists: one's own, and those that a team shares (product.md 1.6)."""

from typing import Any

import httpx
import pytest

from ringdesk.features.people import store as people_store
from ringdesk.features.people.schemas import Team
from ringdesk.kit.db import Database
from ringdesk.kit.ids import new_id
from tests.support.people import People

VIEWS = "/api/v1/views"
LAYOUT = {"columns": [{"key": "city", "width": 140, "hidden": False}, {"key": "email", "width": None, "hidden": True}]}


async def save(client: httpx.AsyncClient, name: str = "Umeå", **more: Any) -> httpx.Response:
    return await client.post(VIEWS, json={"list": "customers", "name": name, "query": "city.eq=Umeå&sort=-created_at"} | more)


async def names(client: httpx.AsyncClient, of: str = "customers") -> list[str]:
    return [view["name"] for view in (await client.get(VIEWS, params={"list": of})).json()["items"]]


async def told(db: Database, kind: str) -> list[tuple[list[str], Any]]:
    async with db.transaction() as uow:
        cursor = await uow.conn.execute("select topics, payload from event_log where type = %s order by pos", [kind])
        return list(await cursor.fetchall())


class TestSave:
    async def test_keeps_what_the_list_shows_and_its_columns_for_oneself(
        self, as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient, as_sven: httpx.AsyncClient
    ) -> None:
        saved = (await save(as_aiko, layout=LAYOUT)).json()
        assert (saved["query"], saved["layout"], saved["owner_name"], saved["team"]) == (
            "city.eq=Umeå&sort=-created_at",
            LAYOUT,
            "Aiko",
            None,
        )
        assert await names(as_aiko) == ["Umeå"]
        # Neither a colleague nor a supervisor sees what somebody keeps to themselves; nor does another list.
        assert await names(as_bilal) == await names(as_sven) == await names(as_aiko, "requests") == []

    async def test_refuses_a_second_view_of_a_name_and_one_without(self, as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient) -> None:
        await save(as_aiko, "Mine")
        for name, code in (("mine", "taken"), ("  ", "required"), ("x" * 81, "too_long")):
            refused = await save(as_aiko, name)
            assert (refused.status_code, refused.json()["errors"][0]["field"]) in {(422, "name"), (400, "name")}, refused.text
            assert refused.json()["errors"][0]["code"] == code
        assert (await save(as_bilal, "Mine")).status_code == 201
        assert (await save(as_aiko, "Mine", list="requests")).status_code == 201

    async def test_tells_only_the_owner(self, db: Database, as_aiko: httpx.AsyncClient, people: People) -> None:
        saved = (await save(as_aiko)).json()
        assert await told(db, "view.changed") == [([f"desk:{people.aiko.id}"], {"view": saved})]


class TestShare:
    async def test_gives_a_view_to_the_whole_team(
        self, db: Database, as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, people: People
    ) -> None:
        shared = (await save(as_sven, "Gold", team_id=str(people.team_id))).json()
        assert shared["team"]["name"] == "North"
        assert await names(as_aiko) == ["Gold"]
        assert [topics for topics, _ in await told(db, "view.changed")] == [[f"desk:{people.sven.id}", f"team:{people.team_id}"]]
        trail = (await as_ada.get("/api/v1/audit", params={"entity.eq": "view"})).json()["items"]
        assert [(entry["action"], entry["actor"]) for entry in trail] == [("view.created", "Sven")]

    async def test_is_for_supervisors_and_administrators(
        self, db: Database, as_aiko: httpx.AsyncClient, as_sven: httpx.AsyncClient, as_ada: httpx.AsyncClient, people: People
    ) -> None:
        south = Team(id=new_id(), name="South", people=0)
        async with db.transaction() as uow:
            await people_store.add_team(uow, south)
        assert (await save(as_aiko, team_id=str(people.team_id))).json()["type"] == "urn:ringdesk:problem:not_yours_to_share"
        assert (await save(as_sven, team_id=str(south.id))).status_code == 403
        assert (await save(as_ada, team_id=str(south.id))).status_code == 201
        assert (await save(as_ada, "None", team_id=str(new_id()))).json()["errors"][0]["field"] == "team_id"
        # Supervisors see what every team has, agents only their own team's.
        assert await names(as_sven) == ["Umeå"]
        assert await names(as_aiko) == []

    async def test_can_be_taken_back(self, db: Database, as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient, people: People) -> None:
        shared = (await save(as_sven, team_id=str(people.team_id))).json()
        alone = (await as_sven.patch(f"{VIEWS}/{shared['id']}", json={"team_id": None})).json()
        assert alone["team"] is None
        assert await names(as_aiko) == []
        assert await told(db, "view.removed") == [([f"team:{people.team_id}"], {"id": shared["id"], "kept_by": str(people.sven.id)})]


class TestChange:
    @pytest.fixture
    async def shared(self, as_sven: httpx.AsyncClient, people: People) -> str:
        """A view of Sven's that the team has."""
        return f"{VIEWS}/{(await save(as_sven, team_id=str(people.team_id))).json()['id']}"

    async def test_is_seen_by_everybody_who_uses_it(self, as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient, shared: str) -> None:
        changed = (await as_sven.patch(shared, json={"name": "Luleå", "query": "city.eq=Luleå"})).json()
        assert (await as_aiko.get(VIEWS)).json()["items"] == [changed]

    async def test_is_not_for_those_who_only_use_it(self, as_aiko: httpx.AsyncClient, shared: str) -> None:
        assert (await as_aiko.patch(shared, json={"name": "Mine"})).status_code == 403
        assert (await as_aiko.delete(shared)).status_code == 403

    async def test_of_what_one_may_not_see_is_not_found(self, as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient) -> None:
        mine = (await save(as_aiko)).json()["id"]
        assert (await as_bilal.patch(f"{VIEWS}/{mine}", json={"name": "Yours"})).status_code == 404
        assert (await as_bilal.delete(f"{VIEWS}/{mine}")).status_code == 404

    async def test_deletes_for_everybody(self, db: Database, as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, shared: str) -> None:
        assert (await as_ada.delete(shared)).status_code == 204
        assert await names(as_aiko) == []
        assert len(await told(db, "view.removed")) == 1
