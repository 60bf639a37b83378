"""Events that come twice, late, or while accounts change (product.md 3.3, 4.5, 5.3, 5.5)."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from ringdesk.kit import clock
from ringdesk.kit.db import Database
from tests.features.desk.test_pop import EMMA, JANE, desk, make, tell
from tests.support.people import People

ACCOUNTS = "/api/v1/accounts"


@pytest.fixture
async def aiko(as_aiko: httpx.AsyncClient) -> httpx.AsyncClient:
    """Aiko takes calls."""
    await as_aiko.post("/api/v1/desk/cti/login")
    return as_aiko


@pytest.fixture
async def bilal(as_bilal: httpx.AsyncClient) -> httpx.AsyncClient:
    """Bilal takes calls."""
    await as_bilal.post("/api/v1/desk/cti/login")
    return as_bilal


async def states(client: httpx.AsyncClient) -> list[str]:
    return [call["state"] for call in (await desk(client))["calls"]]


async def legs(client: httpx.AsyncClient, accepted: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = (await client.get(f"/api/v1/interactions/{accepted['interaction_id']}")).json()
    return {leg["extension"]: leg for leg in found["activities"] if leg["kind"] == "agent"}


@pytest.mark.parametrize("handed_over", [True, False])
async def test_an_answer_that_is_told_again_leaves_the_next_telephone_ringing(
    aiko: httpx.AsyncClient, bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient, handed_over: bool
) -> None:
    accepted = await tell(as_ada)
    await tell(as_ada, event="answered")
    if handed_over:
        await tell(as_ada, event="transferred", to_extension="2002")
    await tell(as_ada, event="ringing", call_agent_extension="2002")
    await tell(as_ada, event="answered")
    assert await states(bilal) == ["ringing"]
    await tell(as_ada, event="answered", call_agent_extension="2002")
    assert await states(bilal) == ["talking"]
    assert (await legs(bilal, accepted))["2002"]["ended_at"] is None


async def test_a_transfer_gives_one_history_in_whatever_order_it_is_told(
    aiko: httpx.AsyncClient, bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient
) -> None:
    begin = datetime.now(UTC) - timedelta(minutes=3)
    told: list[dict[str, Any]] = [
        {"event": "ringing", "at": 0},
        {"event": "answered", "at": 5},
        {"event": "transferred", "to_extension": "2002", "at": 20},
        {"event": "ringing", "call_agent_extension": "2002", "at": 21},
        {"event": "answered", "call_agent_extension": "2002", "at": 25},
        {"event": "ended", "call_agent_extension": "2002", "at": 60},
    ]
    orders = list(itertools.permutations(range(len(told))))[::23]
    shapes: set[tuple[Any, ...]] = set()
    for number, order in enumerate(orders):
        accepted: dict[str, Any] = {}
        for place in order:
            event = told[place] | {"at": (begin + timedelta(seconds=told[place]["at"])).isoformat()}
            accepted = await tell(as_ada, call_id=f"order {number}", **event)
        found = await legs(aiko, accepted)
        shapes.add(tuple((leg["call_type"], leg["duration_s"], leg["outcome"]) for _, leg in sorted(found.items())))
    assert shapes == {(("inbound", 15.0, "answered"), ("transfer", 35.0, "answered"))}


async def test_a_card_that_rang_along_closes_when_a_colleague_answers(
    aiko: httpx.AsyncClient, bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient
) -> None:
    emma = await make(as_ada, EMMA)
    await tell(as_ada)
    await tell(as_ada, call_agent_extension="2002")
    assert [one["customer"]["id"] for one in (await desk(bilal))["open"]] == [emma["id"]]
    await tell(as_ada, event="answered")
    seen = await desk(bilal)
    assert (seen["calls"], seen["open"], [one["id"] for one in seen["previous"]]) == ([], [], [emma["id"]])
    assert [one["customer"]["id"] for one in (await desk(aiko))["open"]] == [emma["id"]]


async def test_a_card_that_was_open_before_it_rang_along_stays(
    aiko: httpx.AsyncClient, bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient
) -> None:
    emma = await make(as_ada, EMMA)
    await bilal.post(f"/api/v1/desk/customers/{emma['id']}/open")
    await tell(as_ada)
    await tell(as_ada, call_agent_extension="2002")
    await tell(as_ada, event="answered")
    assert [one["customer"]["id"] for one in (await desk(bilal))["open"]] == [emma["id"]]


class TestAccountsThatChangeDuringACall:
    async def test_the_end_is_heard_though_the_extension_is_gone(
        self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, people: People
    ) -> None:
        accepted = await tell(as_ada)
        await tell(as_ada, event="answered")
        await as_ada.patch(f"{ACCOUNTS}/{people.aiko.id}", json={"extension": None})
        await tell(as_ada, event="ended")
        found = (await as_ada.get(f"/api/v1/interactions/{accepted['interaction_id']}")).json()
        assert found["state"] == "ended"
        assert await states(aiko) == ["wrap_up"]

    async def test_a_telephone_that_changes_hands_takes_neither_leg_nor_desk_along(
        self, aiko: httpx.AsyncClient, bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient, people: People
    ) -> None:
        accepted = await tell(as_ada)
        await tell(as_ada, event="answered")
        await as_ada.patch(f"{ACCOUNTS}/{people.aiko.id}", json={"extension": "2009"})
        await as_ada.patch(f"{ACCOUNTS}/{people.bilal.id}", json={"extension": "2001"})
        await tell(as_ada, event="ended")
        assert (await legs(as_ada, accepted))["2001"]["agent_name"] == "Aiko"
        assert (await states(aiko), await states(bilal)) == (["wrap_up"], [])

    async def test_a_leg_keeps_the_name_and_the_team_of_its_time(
        self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, people: People
    ) -> None:
        accepted = await tell(as_ada)
        await as_ada.patch(f"{ACCOUNTS}/{people.aiko.id}", json={"name": "Aiko T.", "team": "South"})
        await tell(as_ada, event="answered")
        leg = (await legs(as_ada, accepted))["2001"]
        assert (leg["agent_name"], leg["team_name"]) == ("Aiko", "North")

    async def test_a_new_ring_at_an_unknown_extension_is_still_refused(
        self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, people: People
    ) -> None:
        await tell(as_ada)
        body = {"call_id": "c1", "caller_phone_number": "1234567", "call_agent_extension": "2999", "event": "ringing"}
        answer = await as_ada.post("/api/v1/telephony/events", json=body)
        assert answer.json()["errors"][0]["code"] == "unknown_extension"

    @pytest.mark.parametrize("patch", [{"extension": None}, {"cti_enabled": False}, {"password": "another secret"}, {"active": False}])
    async def test_who_loses_the_telephone_or_the_session_is_logged_out_of_it(
        self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, people: People, db: Database, patch: dict[str, object]
    ) -> None:
        await as_ada.patch(f"{ACCOUNTS}/{people.aiko.id}", json=patch)
        async with db.transaction() as uow:
            assert await uow.value("select count(*) from cti_login where user_id = %s", [people.aiko.id]) == 0


class TestPlainSystems:
    async def test_a_transfer_without_ids_is_one_call(
        self, aiko: httpx.AsyncClient, bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient
    ) -> None:
        first = await tell(as_ada, call_id=None)
        await tell(as_ada, call_id=None, event="answered")
        await tell(as_ada, call_id=None, event="transferred", to_extension="2002")
        second = await tell(as_ada, call_id=None, call_agent_extension="2002")
        assert second["interaction_id"] == first["interaction_id"]
        assert {extension: leg["call_type"] for extension, leg in (await legs(aiko, first)).items()} == {
            "2001": "inbound",
            "2002": "transfer",
        }

    async def test_a_number_that_is_told_after_a_word_is_the_number(self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        emma = await make(as_ada, EMMA)
        await tell(as_ada, caller_phone_number="anonymous")
        assert (await tell(as_ada, event="answered"))["customer_ids"] == [emma["id"]]

    async def test_a_blank_id_is_refused(self, as_ada: httpx.AsyncClient, people: People) -> None:
        body = {"call_id": " ", "caller_phone_number": "1234567", "call_agent_extension": "2001"}
        answer = await as_ada.post("/api/v1/telephony/events", json=body)
        assert {error["field"]: error["code"] for error in answer.json()["errors"]} == {"call_id": "blank"}


class TestRelink:
    async def test_what_a_wrong_choice_left_on_the_card_goes_with_it(self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        emma, jane = await make(as_ada, EMMA), await make(as_ada, {**JANE, "phone_1": "020 7946 0111"})
        accepted = await tell(as_ada)
        path = f"/api/v1/interactions/{accepted['interaction_id']}"
        before = (await aiko.get(f"/api/v1/customers/{jane['id']}")).json()
        await aiko.patch(path, json={"customer_id": jane["id"]})
        wrong = (await aiko.get(f"/api/v1/customers/{jane['id']}")).json()
        assert (len(wrong["identities"]), wrong["last_contact"] is None) == (2, False)
        await aiko.patch(path, json={"customer_id": emma["id"]})
        after = (await aiko.get(f"/api/v1/customers/{jane['id']}")).json()
        assert (after["identities"], after["last_contact"]) == (before["identities"], None)
        assert (await aiko.get("/api/v1/customers", params={"q": "79460958"})).json()["items"][0]["id"] == emma["id"]

    async def test_what_another_call_says_too_stays(self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        emma, jane = await make(as_ada, EMMA), await make(as_ada, {**JANE, "phone_1": "020 7946 0111"})
        first, second = await tell(as_ada), await tell(as_ada, call_id="c2", at=(clock.now() + timedelta(seconds=5)).isoformat())
        for accepted in (first, second):
            await aiko.patch(f"/api/v1/interactions/{accepted['interaction_id']}", json={"customer_id": jane["id"]})
        await aiko.patch(f"/api/v1/interactions/{second['interaction_id']}", json={"customer_id": emma["id"]})
        after = (await aiko.get(f"/api/v1/customers/{jane['id']}")).json()
        assert [one["confidence"] for one in after["identities"]] == ["known", "maybe"]
        assert after["last_contact"] is not None

    async def test_an_archived_card_takes_no_call(self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        jane = await make(as_ada, {**JANE, "phone_1": "020 7946 0111"})
        accepted = await tell(as_ada)
        await as_ada.post(f"/api/v1/customers/{jane['id']}/archive", headers={"if-match": '"1"'})
        answer = await aiko.patch(f"/api/v1/interactions/{accepted['interaction_id']}", json={"customer_id": jane["id"]})
        assert answer.status_code == 404

    async def test_a_card_for_a_call_that_has_one_is_not_made(self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        accepted = await tell(as_ada)
        made = await make(aiko, EMMA, link_interaction=accepted["interaction_id"])
        again = await aiko.post("/api/v1/customers", json=EMMA, params={"link_interaction": accepted["interaction_id"]})
        assert (again.status_code, again.json()["type"]) == (409, "urn:ringdesk:problem:already_linked")
        assert [one["id"] for one in (await aiko.get("/api/v1/customers")).json()["items"]] == [made["id"]]
