"""A call rings and the card is there: over HTTP, as a telephone system and a desktop see it (product.md 4.5, 5.2, 5.3)."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from ringdesk.features.desk.service import finish_due
from ringdesk.features.telephony import Telephony
from ringdesk.features.telephony.facts import CallEnded, CallStarted, LegAnswered, LegEnded, LegRinging
from ringdesk.kit import clock
from ringdesk.kit.db import Database
from tests.support.people import People, sign_in

EMMA = {"kind": "person", "first_name": "Emma", "last_name": "Woodhouse", "phone_1": "020 7946 0958"}
JANE = {"kind": "person", "first_name": "Jane", "last_name": "Fairfax", "phone_1": "+44 20 7946 0958"}


async def tell(ada: httpx.AsyncClient, **event: Any) -> dict[str, Any]:
    """A telephone system tells something."""
    said = {"caller_phone_number": "02079460958", "call_agent_extension": "2001", "call_id": "c1", "queue": "support"} | event
    answer = await ada.post("/api/v1/telephony/events", json=said)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def desk(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/api/v1/desk/snapshot")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def make(client: httpx.AsyncClient, customer: dict[str, Any], **params: Any) -> dict[str, Any]:
    answer = await client.post("/api/v1/customers", json=customer, params=params)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
async def aiko(as_aiko: httpx.AsyncClient) -> httpx.AsyncClient:
    assert (await as_aiko.post("/api/v1/desk/cti/login")).json()["logged_in"] is True
    return as_aiko


class TestRinging:
    async def test_one_match_pops_and_is_linked(self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        emma = await make(as_ada, EMMA)

        accepted = await tell(as_ada)

        assert accepted["customer_ids"] == [emma["id"]]
        seen = await desk(aiko)
        [call] = seen["calls"]
        assert call["customer"]["display_name"] == "Emma Woodhouse"
        assert (call["state"], call["direction"], call["ani"], call["queue"]) == ("ringing", "inbound", "+442079460958", "support")
        assert [item["customer"]["id"] for item in seen["open"]] == [emma["id"]]
        assert seen["open"][0]["by"] == "pop"

    async def test_the_two_fields_of_a_plain_telephone_system_are_enough(self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        await make(as_ada, EMMA)

        answer = await as_ada.post(
            "/api/v1/telephony/events", json={"caller_phone_number": "+44 20 7946 0958", "call_agent_extension": "2001"}
        )
        again = await as_ada.post("/api/v1/telephony/events", json={"caller_phone_number": "020 7946 0958", "call_agent_extension": "2001"})

        assert answer.status_code == 202
        assert again.json() == answer.json()
        assert [call["customer"]["display_name"] for call in (await desk(aiko))["calls"]] == ["Emma Woodhouse"]

    async def test_the_next_caller_ends_a_pop_that_nobody_ended(self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        await tell(as_ada, call_id=None)
        await tell(as_ada, call_id=None, caller_phone_number="020 7946 0001")

        assert [call["ani"] for call in (await desk(aiko))["calls"]] == ["+442079460001"]

    async def test_several_matches_are_offered_and_the_choice_links(self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        emma, jane = await make(as_ada, EMMA), await make(as_ada, JANE)

        await tell(as_ada)

        [call] = (await desk(aiko))["calls"]
        assert call["customer"] is None
        assert {item["customer"]["id"] for item in call["candidates"]} == {emma["id"], jane["id"]}
        answer = await aiko.patch(f"/api/v1/interactions/{call['interaction_id']}", json={"customer_id": jane["id"]})
        assert answer.status_code == 200, answer.text
        seen = await desk(aiko)
        assert seen["calls"][0]["customer"]["id"] == jane["id"]
        assert seen["calls"][0]["candidates"] == []
        assert [item["customer"]["id"] for item in seen["open"]] == [jane["id"]]

    async def test_an_unmade_choice_leaves_the_interaction_unknown_with_its_candidates(
        self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient
    ) -> None:
        emma, jane = await make(as_ada, EMMA), await make(as_ada, JANE)

        accepted = await tell(as_ada)
        await tell(as_ada, event="ended")

        stored = (await aiko.get(f"/api/v1/interactions/{accepted['interaction_id']}")).json()
        assert stored["customer_id"] is None
        assert set(stored["candidates"]) == {emma["id"], jane["id"]}

    async def test_a_card_made_later_does_not_take_a_call_that_others_may_have_made(
        self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient
    ) -> None:
        for card in (EMMA, JANE):
            await make(as_ada, card)
        accepted = await tell(as_ada)
        await tell(as_ada, event="ended")

        made = await make(as_ada, {"kind": "person", "first_name": "Harriet", "phone_1": "020 7946 0958"})

        stored = (await aiko.get(f"/api/v1/interactions/{accepted['interaction_id']}")).json()
        assert stored["customer_id"] is None
        assert (await aiko.get(f"/api/v1/customers/{made['id']}/journey")).json()["items"] == []

    async def test_an_address_that_is_confirmed_brings_the_calls_that_nobody_else_can_have_made(
        self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient
    ) -> None:
        harriet = await make(as_ada, {"kind": "person", "first_name": "Harriet"})
        first = await tell(as_ada)
        await aiko.patch(f"/api/v1/interactions/{first['interaction_id']}", json={"customer_id": harriet["id"]})
        undecided = await tell(as_ada, call_id="c2")
        [identity] = (await aiko.get(f"/api/v1/customers/{harriet['id']}")).json()["identities"]

        answer = await aiko.post(f"/api/v1/customers/{harriet['id']}/identities/{identity['id']}/confirm")

        assert answer.status_code == 200, answer.text
        stored = (await aiko.get(f"/api/v1/interactions/{undecided['interaction_id']}")).json()
        assert stored["customer_id"] == harriet["id"]

    async def test_no_match_becomes_a_card_that_takes_the_call(self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        accepted = await tell(as_ada, caller_name="Harriet Smith")
        [call] = (await desk(aiko))["calls"]
        assert (call["customer"], call["candidates"], call["caller_name"]) == (None, [], "Harriet Smith")

        made = await make(
            aiko,
            {"kind": "person", "first_name": "Harriet", "last_name": "Smith", "phone_1": "020 7946 0958"},
            link_interaction=accepted["interaction_id"],
        )

        seen = await desk(aiko)
        assert seen["calls"][0]["customer"]["id"] == made["id"]
        assert [item["customer"]["id"] for item in seen["open"]] == [made["id"]]

    async def test_an_unconfirmed_address_leads_to_the_chooser(self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        harriet = await make(as_ada, {"kind": "person", "first_name": "Harriet"})
        accepted = await tell(as_ada)
        await aiko.patch(f"/api/v1/interactions/{accepted['interaction_id']}", json={"customer_id": harriet["id"]})

        await tell(as_ada, call_id="c2")

        call = next(call for call in (await desk(aiko))["calls"] if call["interaction_id"] != accepted["interaction_id"])
        assert call["customer"] is None
        assert [item["customer"]["id"] for item in call["candidates"]] == [harriet["id"]]

    async def test_without_cti_nothing_pops_but_the_call_is_stored(self, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        emma = await make(as_ada, EMMA)

        await tell(as_ada)

        assert (await desk(as_aiko))["calls"] == []
        journey = (await as_aiko.get(f"/api/v1/customers/{emma['id']}/journey")).json()
        assert [item["activities"][0]["agent_name"] for item in journey["items"]] == ["Aiko"]

    async def test_only_the_agent_whose_telephone_rings_sees_it(
        self, aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient
    ) -> None:
        await as_bilal.post("/api/v1/desk/cti/login")
        await make(as_ada, EMMA)

        await tell(as_ada)

        assert (await desk(as_bilal))["calls"] == []

    async def test_ringing_at_several_closes_at_the_others_on_answer(
        self, aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient
    ) -> None:
        await as_bilal.post("/api/v1/desk/cti/login")
        await tell(as_ada)
        await tell(as_ada, call_agent_extension="2002")
        assert len((await desk(aiko))["calls"]) == len((await desk(as_bilal))["calls"]) == 1

        await tell(as_ada, event="answered", call_agent_extension="2002")
        await tell(as_ada, event="leg_ended")

        assert (await desk(aiko))["calls"] == []
        assert (await desk(as_bilal))["calls"][0]["state"] == "talking"


class TestWholeCall:
    async def test_ringing_answered_ended_wrapped_up(
        self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, people: People, db: Database
    ) -> None:
        emma = await make(as_ada, EMMA)
        accepted = await tell(as_ada, at="2026-11-22T10:00:00Z")
        await tell(as_ada, event="answered", at="2026-11-22T10:00:05Z")
        assert (await desk(aiko))["calls"][0]["state"] == "talking"
        await tell(as_ada, event="ended", at="2026-11-22T10:01:05Z")
        [call] = (await desk(aiko))["calls"]
        assert call["state"] == "wrap_up"
        assert call["wrap_up_until"] is not None
        code = (await aiko.get("/api/v1/wrap-up-codes")).json()["items"][0]["code"]

        done = await aiko.post(f"/api/v1/desk/calls/{call['activity_id']}/finish", json={"code": code, "note": "Wants the invoice as PDF"})

        assert done.status_code == 204, done.text
        assert (await desk(aiko))["calls"] == []
        [item] = (await aiko.get(f"/api/v1/customers/{emma['id']}/journey")).json()["items"]
        assert item["id"] == accepted["interaction_id"]
        assert (item["state"], item["result"], item["duration_s"], item["type"]) == ("ended", "answered", 65.0, "agent")
        [leg] = item["activities"]
        assert (leg["agent_id"], leg["agent_name"], leg["team_name"], leg["extension"]) == (str(people.aiko.id), "Aiko", "North", "2001")
        assert (leg["call_type"], leg["outcome"], leg["duration_s"]) == ("inbound", "answered", 60.0)
        assert [(given["code"], given["note"], given["by_name"], given["inherited"]) for given in leg["wrap_ups"]] == [
            (code, "Wants the invoice as PDF", "Aiko", False)
        ]
        card = (await aiko.get(f"/api/v1/customers/{emma['id']}")).json()
        assert card["last_contact"]["agent_name"] == "Aiko"
        assert card["last_contact"]["channel"] == "voice"

    async def test_a_call_that_is_told_all_at_once_still_asks_for_its_outcome(
        self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, db: Database
    ) -> None:
        at = clock.now()
        leg: dict[str, Any] = {"source": "pbx", "call_id": "quick", "at": at, "leg_id": "l", "extension": "2001"}
        facts = [LegRinging(**leg), LegAnswered(**leg), LegEnded(**leg), CallEnded(source="pbx", call_id="quick", at=at)]

        await Telephony(db, region="GB").take(facts)

        assert [call["state"] for call in (await desk(aiko))["calls"]] == ["wrap_up"]

    async def test_a_late_event_reopens_nothing(self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        accepted = await tell(as_ada, at="2026-11-22T10:00:00Z")
        await tell(as_ada, event="ended", at="2026-11-22T10:00:30Z")
        before = (await aiko.get(f"/api/v1/interactions/{accepted['interaction_id']}")).json()

        await tell(as_ada, event="ringing", at="2026-11-22T10:00:01Z")

        assert (await aiko.get(f"/api/v1/interactions/{accepted['interaction_id']}")).json() == before
        assert (await desk(aiko))["calls"] == []

    async def test_a_transfer_takes_the_relinked_customer_and_the_note_along(
        self, aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient
    ) -> None:
        await as_bilal.post("/api/v1/desk/cti/login")
        await make(as_ada, EMMA)
        jane = await make(as_ada, {**JANE, "phone_1": "020 7946 0777"})
        accepted = await tell(as_ada)
        await tell(as_ada, event="answered")
        [call] = (await desk(aiko))["calls"]
        await aiko.patch(f"/api/v1/interactions/{accepted['interaction_id']}", json={"customer_id": jane["id"]})
        await aiko.post(f"/api/v1/activities/{call['activity_id']}/comments", json={"text": "She calls for her aunt"})

        await tell(as_ada, event="transferred", to_extension="2002")
        await tell(as_ada, event="ringing", call_agent_extension="2002")

        [taken] = (await desk(as_bilal))["calls"]
        assert taken["customer"]["id"] == jane["id"]
        assert taken["call_type"] == "transfer"
        assert taken["note_from"] == {"agent_name": "Aiko", "text": "She calls for her aunt"}
        assert (await desk(aiko))["calls"][0]["state"] == "wrap_up"

    async def test_an_unknown_extension_is_told_clearly(self, as_ada: httpx.AsyncClient) -> None:
        answer = await as_ada.post("/api/v1/telephony/events", json={"caller_phone_number": "02079460958", "call_agent_extension": "9999"})

        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["call_agent_extension"]
        assert "9999" in answer.json()["detail"]


class TestTelephone:
    async def test_signing_out_logs_out_of_the_telephone(self, aiko: httpx.AsyncClient, as_sven: httpx.AsyncClient, db: Database) -> None:
        await aiko.post("/api/v1/auth/logout")

        async with db.transaction() as uow:
            assert await uow.value("select count(*) from cti_login") == 0

    async def test_ready_is_counted_from_the_end_of_the_call(self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        before = (await desk(aiko))["cti"]["since"]
        await tell(as_ada)
        await tell(as_ada, event="abandoned")

        assert (await desk(aiko))["cti"]["since"] > before

    async def test_a_telephone_that_is_never_told_to_be_silent_stops_after_minutes(
        self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, db: Database
    ) -> None:
        await tell(as_ada, call_id=None)
        async with db.transaction() as uow:
            await uow.run("update desk_call set since = now() - interval '6 minutes'")

        await finish_due(db)

        assert (await desk(aiko))["calls"] == []


class TestPanel:
    async def test_closed_customers_become_the_previous_ten(self, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        made = [await make(as_ada, {"kind": "person", "first_name": f"Guest {number}"}) for number in range(12)]
        for customer in made:
            await as_aiko.post(f"/api/v1/desk/customers/{customer['id']}/open")
        assert [item["customer"]["id"] for item in (await desk(as_aiko))["open"]] == [customer["id"] for customer in made]

        for customer in made:
            assert (await as_aiko.post(f"/api/v1/desk/customers/{customer['id']}/close")).status_code == 204

        seen = await desk(as_aiko)
        assert seen["open"] == []
        assert [item["id"] for item in seen["previous"]] == [customer["id"] for customer in reversed(made[2:])]

    async def test_the_previous_ones_are_one_s_own_and_survive_the_sign_out(
        self, as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient, people: People, db: Database
    ) -> None:
        emma = await make(as_ada, EMMA)
        for act in ("open", "close", "open", "close"):
            await as_aiko.post(f"/api/v1/desk/customers/{emma['id']}/{act}")
        await as_aiko.post("/api/v1/auth/logout")
        assert (await as_aiko.get("/api/v1/desk/snapshot")).status_code == 401

        await sign_in(db, as_aiko, people.aiko)

        assert [one["id"] for one in (await desk(as_aiko))["previous"]] == [emma["id"]]
        assert (await desk(as_bilal))["previous"] == []

    async def test_a_user_without_extension_cannot_log_in_to_cti(self, as_ada: httpx.AsyncClient) -> None:
        answer = await as_ada.post("/api/v1/desk/cti/login")

        assert answer.status_code == 409
        assert "extension" in answer.json()["detail"]

    async def test_opening_what_does_not_exist_is_not_found(self, as_aiko: httpx.AsyncClient) -> None:
        assert (await as_aiko.post(f"/api/v1/desk/customers/{UUID(int=0)}/open")).status_code == 404


class TestCardsAtOnce:
    """`RINGDESK_UNKNOWN_CALLER=card` (product.md 4.5)."""

    async def ring(self, db: Database, call_id: str, ani: str, **more: Any) -> None:
        at = clock.now()
        started = CallStarted(source="pbx", call_id=call_id, at=at, ani=ani, **more)
        rings = LegRinging(source="pbx", call_id=call_id, at=at, leg_id="l", extension="2001")
        await Telephony(db, region="GB", unknown_caller="card").take([started, rings])

    async def test_an_unknown_caller_has_a_card_as_the_telephone_rings(self, aiko: httpx.AsyncClient, db: Database) -> None:
        await self.ring(db, "a", "020 7946 0958", caller_name="Anna Maria Bates")
        [call] = (await desk(aiko))["calls"]
        card = (await aiko.get(f"/api/v1/customers/{call['customer']['id']}")).json()
        assert (card["first_name"], card["last_name"], card["phone_1"]) == ("Anna Maria", "Bates", "020 7946 0958")
        assert [one["customer"]["id"] for one in (await desk(aiko))["open"]] == [card["id"]]
        journey = (await aiko.get(f"/api/v1/customers/{card['id']}/journey")).json()["items"]
        assert [one["id"] for one in journey] == [call["interaction_id"]]

    async def test_the_next_call_from_there_finds_it(self, aiko: httpx.AsyncClient, db: Database) -> None:
        for call_id in ("a", "b"):
            await self.ring(db, call_id, "020 7946 0958")
        assert len({call["customer"]["id"] for call in (await desk(aiko))["calls"]}) == 1
        assert len((await aiko.get("/api/v1/customers")).json()["items"]) == 1

    async def test_two_calls_at_once_make_one(self, aiko: httpx.AsyncClient, db: Database) -> None:
        await asyncio.gather(*(self.ring(db, call_id, "020 7946 0958") for call_id in ("a", "b", "c")))
        assert len((await aiko.get("/api/v1/customers")).json()["items"]) == 1

    async def test_a_withheld_number_and_a_shared_one_make_none(
        self, aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient, db: Database
    ) -> None:
        for card in (EMMA, JANE):
            await make(as_ada, card)
        await self.ring(db, "a", "anonymous")
        await self.ring(db, "b", "020 7946 0958")
        assert [call["customer"] for call in (await desk(aiko))["calls"]] == [None, None]
        assert len((await aiko.get("/api/v1/customers")).json()["items"]) == 2
