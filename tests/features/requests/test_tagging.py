"""Which request a call is about: choices, overriding, relinking, moving and undoing (product.md 2.3, 2.5, 3.6, 3.7)."""

from functools import partial
from typing import Any

import httpx
import pytest

from ringdesk.kit.db import Database
from tests.features.desk.test_events import Desk
from tests.features.desk.test_pop import JANE, desk, make, tell
from tests.features.requests.conftest import REQUESTS, ended_call, open_one, read, slug, tag, wrong
from tests.support.people import People


async def title(client: httpx.AsyncClient, interaction_id: str) -> str | None:
    """What the interaction is about."""
    request = (await read(client, interaction_id))["request"]
    return request and request["title"]


async def history(client: httpx.AsyncClient, interaction_id: str) -> dict[str, Any]:
    return (await client.get(f"/api/v1/interactions/{interaction_id}/tagging")).json()


async def move(client: httpx.AsyncClient, interaction_id: str, **to: Any) -> httpx.Response:
    return await client.post(f"/api/v1/interactions/{interaction_id}/move", json=to)


async def undo(client: httpx.AsyncClient, moved: httpx.Response) -> httpx.Response:
    made = moved.json()["move"]
    return await client.post(f"/api/v1/interactions/{made['interaction_id']}/moves/{made['id']}/undo")


@pytest.fixture
async def three(emma: dict[str, Any], as_aiko: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Three requests of Emma's: a, b and c."""
    return [await open_one(as_aiko, customer_id=emma["id"], title=name) for name in "abc"]


@pytest.fixture
def watched(db: Database, as_bilal: httpx.AsyncClient, people: People) -> Desk:
    """Bilal's desk."""
    return Desk(db, as_bilal, str(people.bilal.id))


class TestChoosing:
    async def test_the_last_leg_that_chose_wins_whenever_it_did(
        self, handed_over: str, three: list[dict[str, Any]], as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient
    ) -> None:
        a, b, c = three
        await tag(as_bilal, handed_over, b)
        answer = await tag(as_aiko, handed_over, a)
        # Taken, and it does not count: Bilal's leg started later.
        assert (answer.status_code, answer.json()["request"]["title"]) == (200, "b")
        await tag(as_bilal, handed_over, c)
        assert await title(as_aiko, handed_over) == "c"
        # Bilal takes his choice back: the previous leg's stands.
        await tag(as_bilal, handed_over, None)
        assert await title(as_aiko, handed_over) == "a"
        told = [(one["by_name"], one["stands"]) for one in (await history(as_aiko, handed_over))["choices"]]
        assert told == [("Bilal", False), ("Aiko", True), ("Bilal", False), ("Bilal", False)]

    async def test_a_supervisor_s_later_change_overrides(
        self,
        handed_over: str,
        three: list[dict[str, Any]],
        as_bilal: httpx.AsyncClient,
        as_sven: httpx.AsyncClient,
    ) -> None:
        a, b, c = three
        await tag(as_bilal, handed_over, a)
        await tag(as_sven, handed_over, b)
        assert await title(as_bilal, handed_over) == "b"
        assert (await tag(as_bilal, handed_over, c)).json()["request"]["title"] == "b"

    async def test_only_a_request_of_the_same_customer_can_be_chosen(
        self, handed_over: str, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient
    ) -> None:
        jane = await make(as_ada, JANE | {"phone_1": "0161 496 0001"})
        hers = await open_one(as_aiko, customer_id=jane["id"])
        assert wrong(await tag(as_aiko, handed_over, hers)) == {"request_id": "other_customer"}
        assert wrong(await tag(as_aiko, handed_over, {"id": jane["id"]})) == {"request_id": "unknown_request"}

    async def test_the_request_shows_at_every_desk_that_has_the_call(
        self, handed_over: str, three: list[dict[str, Any]], as_bilal: httpx.AsyncClient, watched: Desk
    ) -> None:
        told = await watched.verify(lambda: tag(as_bilal, handed_over, three[0]))
        assert "call.changed" in told
        [call] = (await desk(as_bilal))["calls"]
        assert call["request"]["title"] == "a"

    async def test_a_new_title_shows_at_every_desk_that_has_the_call(
        self, handed_over: str, three: list[dict[str, Any]], as_bilal: httpx.AsyncClient, watched: Desk
    ) -> None:
        await tag(as_bilal, handed_over, three[0])
        rename = partial(as_bilal.patch, f"{REQUESTS}/{three[0]['id']}", json={"title": "Renamed"}, headers={"if-match": "*"})
        assert await watched.verify(rename) == ["request.changed"]
        [call] = (await desk(as_bilal))["calls"]
        assert call["request"]["title"] == "Renamed"

    async def test_it_goes_on_showing_while_the_call_goes_on(
        self, handed_over: str, three: list[dict[str, Any]], as_bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient, watched: Desk
    ) -> None:
        await tag(as_bilal, handed_over, three[0])
        await watched.verify(lambda: tell(as_ada, event="ended"))
        [call] = (await desk(as_bilal))["calls"]
        assert (call["state"], call["request"]["title"]) == ("wrap_up", "a")


class TestRelinking:
    async def test_a_request_opened_in_the_call_goes_along(
        self, handed_over: str, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient
    ) -> None:
        jane = await make(as_ada, JANE | {"phone_1": "0161 496 0001"})
        opened = await open_one(as_aiko, interaction_id=handed_over)
        moved = (await as_aiko.patch(f"/api/v1/interactions/{handed_over}", json={"customer_id": jane["id"]})).json()
        assert (moved["customer_id"], moved["request"]["id"]) == (jane["id"], opened["id"])
        assert (await as_aiko.get(f"{REQUESTS}/{opened['id']}")).json()["customer_id"] == jane["id"]

    async def test_one_that_has_more_to_it_stays_and_is_found_again(
        self, handed_over: str, emma: dict[str, Any], three: list[dict[str, Any]], as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient
    ) -> None:
        jane = await make(as_ada, JANE | {"phone_1": "0161 496 0001"})
        await tag(as_aiko, handed_over, three[0])
        away = (await as_aiko.patch(f"/api/v1/interactions/{handed_over}", json={"customer_id": jane["id"]})).json()
        assert (away["request_id"], away["request"]) == (None, None)
        back = (await as_aiko.patch(f"/api/v1/interactions/{handed_over}", json={"customer_id": emma["id"]})).json()
        assert back["request"]["title"] == "a"


class TestMoving:
    @pytest.fixture
    async def call(self, emma: dict[str, Any], as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> str:
        return await ended_call(as_ada)

    async def test_to_a_request_to_none_and_back(self, call: str, three: list[dict[str, Any]], as_bilal: httpx.AsyncClient) -> None:
        first = await move(as_bilal, call, request_id=three[0]["id"])
        assert first.json()["interaction"]["request"]["title"] == "a"
        second = await move(as_bilal, call, request_id=None)
        assert second.json()["interaction"]["request"] is None
        assert slug(await undo(as_bilal, first)) == "moved_since"
        assert (await undo(as_bilal, second)).json()["interaction"]["request"]["title"] == "a"
        assert (await undo(as_bilal, first)).json()["interaction"]["request"] is None
        again = await undo(as_bilal, first)
        assert (again.status_code, again.json()["move"]["undone_by"]) == (200, "Bilal")

    async def test_to_a_new_request(self, call: str, emma: dict[str, Any], as_bilal: httpx.AsyncClient) -> None:
        moved = (await move(as_bilal, call, new_request={"type": "question", "title": "New one"})).json()
        assert (moved["request"]["title"], moved["request"]["customer_id"]) == ("New one", emma["id"])
        assert moved["interaction"]["request_id"] == moved["request"]["id"]
        assert wrong(await move(as_bilal, call, new_request={"type": "question", "title": ""})) == {"title": "required"}

    async def test_to_another_customer_and_back(
        self, call: str, emma: dict[str, Any], as_bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient
    ) -> None:
        jane = await make(as_ada, JANE | {"phone_1": "0161 496 0001"})
        moved = await move(as_bilal, call, customer_id=jane["id"])
        assert moved.json()["interaction"]["customer_id"] == jane["id"]
        assert (await undo(as_bilal, moved)).json()["interaction"]["customer_id"] == emma["id"]

    async def test_never_into_or_out_of_a_closed_one_except_by_a_supervisor_with_a_reason(
        self, call: str, three: list[dict[str, Any]], as_bilal: httpx.AsyncClient, as_sven: httpx.AsyncClient
    ) -> None:
        closed = three[0]
        await as_bilal.post(f"{REQUESTS}/{closed['id']}/close")
        assert slug(await move(as_bilal, call, request_id=closed["id"], reason="please")) == "request_closed"
        unsaid = await move(as_sven, call, request_id=closed["id"])
        assert (slug(unsaid), unsaid.json()["needs"]) == ("request_closed", "reason")
        moved = await move(as_sven, call, request_id=closed["id"], reason="It belongs there")
        assert moved.json()["interaction"]["request"]["status"] == "closed"
        assert slug(await move(as_bilal, call, request_id=three[1]["id"])) == "request_closed"
        assert slug(await undo(as_bilal, moved)) == "request_closed"
        assert (await undo(as_sven, moved)).json()["interaction"]["request"] is None

    async def test_a_supervisor_s_change_can_not_be_moved_away_by_an_agent(
        self, call: str, three: list[dict[str, Any]], as_bilal: httpx.AsyncClient, as_sven: httpx.AsyncClient
    ) -> None:
        await move(as_sven, call, request_id=three[0]["id"])
        refused = await move(as_bilal, call, request_id=three[1]["id"])
        assert (refused.status_code, slug(refused), "Sven" in refused.json()["detail"]) == (409, "choice_stands", True)
        assert [one["by_name"] for one in (await history(as_sven, call))["choices"]] == ["Sven"]

    async def test_exactly_one_target_is_named(self, call: str, three: list[dict[str, Any]], as_bilal: httpx.AsyncClient) -> None:
        assert wrong(await move(as_bilal, call)) == {"request_id": "one_target"}
        both = await move(as_bilal, call, request_id=None, customer_id=three[0]["customer_id"])
        assert wrong(both) == {"request_id": "one_target"}

    async def test_a_leg_goes_where_its_interaction_goes_and_has_no_way_of_its_own(
        self, handed_over: str, emma: dict[str, Any], as_bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient
    ) -> None:
        jane = await make(as_ada, JANE | {"phone_1": "0161 496 0001"})
        legs = [leg["id"] for leg in (await read(as_bilal, handed_over))["activities"]]
        assert len(legs) == 2
        alone = await as_bilal.post(f"/api/v1/activities/{legs[0]}/move", json={"customer_id": jane["id"]})
        assert alone.status_code == 404
        assert (await move(as_bilal, legs[0], customer_id=jane["id"])).status_code == 404

        await move(as_bilal, handed_over, customer_id=jane["id"])

        moved = (await as_bilal.get(f"/api/v1/customers/{jane['id']}/journey")).json()["items"]
        assert [[leg["id"] for leg in item["activities"]] for item in moved] == [legs]
        assert (await as_bilal.get(f"/api/v1/customers/{emma['id']}/journey")).json()["items"] == []

    async def test_every_move_is_in_the_trail(
        self, call: str, three: list[dict[str, Any]], as_bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient
    ) -> None:
        await move(as_bilal, call, request_id=three[0]["id"], reason="Same matter")
        [made] = (await history(as_bilal, call))["moves"]
        assert (made["by_name"], made["from_request"], made["to_request"], made["reason"]) == ("Bilal", None, three[0]["id"], "Same matter")
        entries = (await as_ada.get("/api/v1/audit", params={"entity.eq": "interaction", "entity_id.eq": call})).json()["items"]
        assert entries[0]["action"] == "interaction.tagged"
        assert entries[0]["after"] == {"request_id": three[0]["id"], "reason": "Same matter"}
