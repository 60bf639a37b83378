"""Journey, comments and wrap-ups over HTTP (product.md 3.4, 3.5, 3.9)."""

import asyncio
from typing import Any

import httpx
import pytest

from ringdesk.features.desk.service import finish_due
from ringdesk.kit.db import Database
from tests.features.desk.test_pop import EMMA, desk, make, tell
from tests.support.people import People


@pytest.fixture
async def handed_over(as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> dict[str, Any]:
    """A call of Emma's that Aiko answered and handed to Bilal, who answered it; ended."""
    await as_aiko.post("/api/v1/desk/cti/login")
    await as_bilal.post("/api/v1/desk/cti/login")
    await make(as_ada, EMMA)
    await tell(as_ada)
    await tell(as_ada, event="answered")
    await tell(as_ada, event="transferred", to_extension="2002")
    await tell(as_ada, event="ringing", call_agent_extension="2002")
    await tell(as_ada, event="answered", call_agent_extension="2002")
    accepted = await tell(as_ada, event="ended")
    return (await as_aiko.get(f"/api/v1/interactions/{accepted['interaction_id']}")).json()


async def wrap_ups(client: httpx.AsyncClient, interaction: dict[str, Any]) -> list[list[tuple[str, bool]]]:
    """Code and inherited of every wrap-up, leg by leg."""
    fresh = (await client.get(f"/api/v1/interactions/{interaction['id']}")).json()
    return [[(given["code"], given["inherited"]) for given in leg["wrap_ups"]] for leg in fresh["activities"]]


async def finish(client: httpx.AsyncClient, **given: Any) -> None:
    [call] = (await desk(client))["calls"]
    answer = await client.post(f"/api/v1/desk/calls/{call['activity_id']}/finish", json=given)
    assert answer.status_code == 204, answer.text


class TestWrapUp:
    async def test_a_leg_without_outcome_inherits_the_earlier_one_at_the_end_of_its_wrap_up_time(
        self, handed_over: dict[str, Any], as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient
    ) -> None:
        await finish(as_aiko, code="resolved", note="All done")
        assert await wrap_ups(as_aiko, handed_over) == [[("resolved", False)], []]

        await finish(as_bilal)

        assert await wrap_ups(as_aiko, handed_over) == [[("resolved", False)], [("resolved", True)]]

    async def test_the_note_of_an_inherited_outcome_follows_the_one_it_is_taken_from(
        self, handed_over: dict[str, Any], as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient
    ) -> None:
        await finish(as_aiko, code="resolved", note="first")
        await finish(as_bilal)

        giver, heir = (leg["id"] for leg in handed_over["activities"])
        await as_aiko.post(f"/api/v1/activities/{giver}/wrap-up", json={"code": "resolved", "note": "second"})

        fresh = (await as_aiko.get(f"/api/v1/interactions/{handed_over['id']}")).json()
        assert {leg["id"]: [given["note"] for given in leg["wrap_ups"]] for leg in fresh["activities"]}[heir] == ["second"]

    async def test_one_applied_later_replaces_the_inherited_one(
        self, handed_over: dict[str, Any], as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient
    ) -> None:
        await finish(as_aiko, code="resolved")
        await finish(as_bilal)

        given = await as_bilal.post(f"/api/v1/activities/{handed_over['activities'][1]['id']}/wrap-up", json={"code": "callback"})

        assert given.status_code == 201, given.text
        assert await wrap_ups(as_aiko, handed_over) == [[("resolved", False)], [("callback", False)]]

    async def test_an_outcome_given_after_the_others_time_is_inherited_too(
        self, handed_over: dict[str, Any], as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient
    ) -> None:
        await finish(as_bilal)
        assert await wrap_ups(as_aiko, handed_over) == [[], []]

        await finish(as_aiko, code="complaint")

        assert await wrap_ups(as_aiko, handed_over) == [[("complaint", False)], [("complaint", True)]]

    async def test_the_last_outcome_wins_and_the_earlier_one_stays_in_the_trail(
        self, handed_over: dict[str, Any], as_aiko: httpx.AsyncClient
    ) -> None:
        leg = handed_over["activities"][0]["id"]
        await as_aiko.post(f"/api/v1/activities/{leg}/wrap-up", json={"code": "resolved"})
        await as_aiko.post(f"/api/v1/activities/{leg}/wrap-up", json={"code": "complaint"})

        assert (await wrap_ups(as_aiko, handed_over))[0] == [("resolved", False), ("complaint", False)]

    async def test_another_agents_leg_is_refused_and_a_supervisor_may(
        self, handed_over: dict[str, Any], as_bilal: httpx.AsyncClient, as_sven: httpx.AsyncClient
    ) -> None:
        leg = handed_over["activities"][0]["id"]

        assert (await as_bilal.post(f"/api/v1/activities/{leg}/wrap-up", json={"code": "resolved"})).status_code == 403
        assert (await as_sven.post(f"/api/v1/activities/{leg}/wrap-up", json={"code": "resolved"})).status_code == 201

    async def test_an_unknown_code_is_told_with_the_choices(self, handed_over: dict[str, Any], as_aiko: httpx.AsyncClient) -> None:
        answer = await as_aiko.post(f"/api/v1/activities/{handed_over['activities'][0]['id']}/wrap-up", json={"code": "nonsense"})

        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert error["field"] == "code"
        assert "resolved" in error["message"]

    async def test_the_wrap_up_time_ends_by_itself(self, handed_over: dict[str, Any], as_aiko: httpx.AsyncClient, db: Database) -> None:
        async with db.transaction() as uow:
            await uow.run("update desk_call set wrap_up_until = now() - interval '1 second'")

        await finish_due(db)

        assert (await desk(as_aiko))["calls"] == []
        fresh = (await as_aiko.get(f"/api/v1/interactions/{handed_over['id']}")).json()
        assert all(leg["finished_at"] for leg in fresh["activities"])

    async def test_the_codes_an_agent_uses_are_counted(self, handed_over: dict[str, Any], as_aiko: httpx.AsyncClient) -> None:
        await finish(as_aiko, code="callback")

        codes = (await as_aiko.get("/api/v1/wrap-up-codes")).json()["items"]
        assert {code["code"]: code["uses"] for code in codes if code["uses"]} == {"callback": 1}


class TestComment:
    async def test_a_comment_stands_in_the_journey_with_author_and_time(
        self, handed_over: dict[str, Any], as_bilal: httpx.AsyncClient
    ) -> None:
        leg = handed_over["activities"][1]["id"]

        written = await as_bilal.post(f"/api/v1/activities/{leg}/comments", json={"text": "  See https://example.com/invoice  "})

        assert written.status_code == 201
        journey = (await as_bilal.get(f"/api/v1/customers/{handed_over['customer_id']}/journey")).json()
        [comment] = journey["items"][0]["activities"][1]["comments"]
        assert (comment["text"], comment["author_name"]) == ("See https://example.com/invoice", "Bilal")

    async def test_marks_that_turn_the_direction_are_left_out_of_a_comment(
        self, handed_over: dict[str, Any], as_bilal: httpx.AsyncClient
    ) -> None:
        path = f"/api/v1/activities/{handed_over['activities'][1]['id']}/comments"
        assert (await as_bilal.post(path, json={"text": "Owes \u202e001 kr"})).json()["text"] == "Owes 001 kr"
        assert (await as_bilal.post(path, json={"text": "\u202e"})).status_code == 422

    async def test_a_comment_stays_as_it_was_written(self, handed_over: dict[str, Any], as_sven: httpx.AsyncClient) -> None:
        path = f"/api/v1/activities/{handed_over['activities'][1]['id']}/comments"
        written = (await as_sven.post(path, json={"text": "Pays on Friday"})).json()

        for method in ("PUT", "PATCH", "DELETE"):
            for address in (path, f"{path}/{written['id']}"):
                assert (await as_sven.request(method, address, json={"text": "Pays never"})).status_code in (404, 405)
        await as_sven.post(path, json={"text": "On Monday, sorry"})

        fresh = (await as_sven.get(f"/api/v1/interactions/{handed_over['id']}")).json()
        assert [comment["text"] for comment in fresh["activities"][1]["comments"]] == ["Pays on Friday", "On Monday, sorry"]

    @pytest.mark.parametrize("text", ["", "   "])
    async def test_an_empty_comment_is_refused(self, handed_over: dict[str, Any], as_bilal: httpx.AsyncClient, text: str) -> None:
        answer = await as_bilal.post(f"/api/v1/activities/{handed_over['activities'][1]['id']}/comments", json={"text": text})

        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["text"]


class TestJourney:
    async def test_pages_go_back_in_time_without_gap_or_double(self, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        emma = await make(as_ada, EMMA)
        for day in range(1, 8):
            await tell(as_ada, call_id=f"c{day}", at=f"2026-11-0{day}T10:00:00Z")
            await tell(as_ada, call_id=f"c{day}", event="ended", at=f"2026-11-0{day}T10:01:00Z")

        seen: list[str] = []
        params: dict[str, Any] = {"limit": 3}
        while True:
            page = (await as_aiko.get(f"/api/v1/customers/{emma['id']}/journey", params=params)).json()
            seen += [item["started_at"][:10] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            params["cursor"] = page["next_cursor"]

        assert seen == [f"2026-11-0{day}" for day in range(7, 0, -1)]

    async def test_filters_by_agent_channel_and_date(self, handed_over: dict[str, Any], as_aiko: httpx.AsyncClient) -> None:
        path = f"/api/v1/customers/{handed_over['customer_id']}/journey"
        bilal = handed_over["activities"][1]["agent_id"]
        started = handed_over["started_at"]

        async def count(**params: str) -> int:
            answer = await as_aiko.get(path, params=params)
            assert answer.status_code == 200, answer.text
            return len(answer.json()["items"])

        assert await count(agent=bilal) == 1
        assert await count(agent=handed_over["customer_id"]) == 0
        assert await count(channel="voice") == 1
        assert await count(channel="email") == 0
        assert await count(**{"from": started}) == 1
        assert await count(to=started) == 0

    async def test_of_an_unknown_customer_is_not_found(self, as_aiko: httpx.AsyncClient) -> None:
        assert (await as_aiko.get("/api/v1/customers/01930000-0000-7000-8000-000000000000/journey")).status_code == 404

    async def test_a_bound_that_is_no_time_is_named_as_it_was_given(self, handed_over: dict[str, Any], as_aiko: httpx.AsyncClient) -> None:
        answer = await as_aiko.get(f"/api/v1/customers/{handed_over['customer_id']}/journey", params={"from": "yesterday", "to": "now"})
        assert answer.status_code == 422
        assert {error["field"] for error in answer.json()["errors"]} == {"from", "to"}


class TestTags:
    async def test_are_kept_once_each_and_stay_when_the_call_goes_on(self, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
        accepted = await tell(as_ada)
        found = (await as_aiko.get(f"/api/v1/interactions/{accepted['interaction_id']}")).json()
        path = f"/api/v1/activities/{found['activities'][0]['id']}/tags"

        tagged = await as_aiko.put(path, json={"tags": ["  VIP ", "Återköp", "vip", ""]})

        assert tagged.status_code == 200, tagged.text
        assert tagged.json()["tags"] == ["VIP", "Återköp"]
        await tell(as_ada, event="answered")
        again = (await as_aiko.get(f"/api/v1/interactions/{accepted['interaction_id']}")).json()
        assert again["activities"][0]["tags"] == ["VIP", "Återköp"]

    async def test_that_do_not_fit_are_named(self, as_aiko: httpx.AsyncClient, handed_over: dict[str, Any]) -> None:
        path = f"/api/v1/activities/{handed_over['activities'][0]['id']}/tags"
        answer = await as_aiko.put(path, json={"tags": ["fine", "x" * 51, "a\nb"]})
        assert answer.status_code == 422
        assert {error["field"]: error["code"] for error in answer.json()["errors"]} == {
            "tags[1]": "too_long",
            "tags[2]": "control_characters",
        }
        many = await as_aiko.put(path, json={"tags": [f"tag {number}" for number in range(51)]})
        assert [error["code"] for error in many.json()["errors"]] == ["too_many"]

    async def test_in_use_are_proposed_the_usual_ones_first(self, as_aiko: httpx.AsyncClient, handed_over: dict[str, Any]) -> None:
        first, second = (f"/api/v1/activities/{leg['id']}/tags" for leg in handed_over["activities"][:2])
        await as_aiko.put(first, json={"tags": ["Återköp", "Angry"]})
        await as_aiko.put(second, json={"tags": ["återköp", "Repair"]})
        await as_aiko.put(second, json={"tags": ["ÅTERKÖP", "Repair"]})

        async def proposed(q: str) -> list[tuple[str, int]]:
            return [(tag["name"], tag["uses"]) for tag in (await as_aiko.get("/api/v1/tags", params={"q": q})).json()["items"]]

        assert await proposed("A") == [("Återköp", 2), ("Angry", 1)]
        assert await proposed("") == [("Återköp", 2), ("Angry", 1), ("Repair", 1)]
        await as_aiko.put(first, json={"tags": []})
        assert await proposed("a") == [("Återköp", 1)]

    async def test_narrow_the_journey(self, as_aiko: httpx.AsyncClient, handed_over: dict[str, Any]) -> None:
        await as_aiko.put(f"/api/v1/activities/{handed_over['activities'][0]['id']}/tags", json={"tags": ["Återköp"]})
        path = f"/api/v1/customers/{handed_over['customer_id']}/journey"
        found = [len((await as_aiko.get(path, params={"tag": tag})).json()["items"]) for tag in ("aterkop", "repair")]
        assert found == [1, 0]

    async def test_who_swap_tags_at_once_do_not_wait_for_each_other(
        self, as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, as_sven: httpx.AsyncClient, people: People
    ) -> None:
        accepted = [await tell(as_ada, call_id=call_id) for call_id in ("x", "y")]
        found = [(await as_ada.get(f"/api/v1/interactions/{one['interaction_id']}")).json() for one in accepted]
        first, second = (one["activities"][0]["id"] for one in found)
        for turn in range(20):
            tags = [["alpha"], ["beta"]] if turn % 2 else [["beta"], ["alpha"]]
            answers = await asyncio.gather(
                as_aiko.put(f"/api/v1/activities/{first}/tags", json={"tags": tags[0]}),
                as_sven.put(f"/api/v1/activities/{second}/tags", json={"tags": tags[1]}),
            )
            assert [answer.status_code for answer in answers] == [200, 200]
        in_use = (await as_ada.get("/api/v1/tags")).json()["items"]
        assert sorted((tag["name"], tag["uses"]) for tag in in_use) == [("alpha", 1), ("beta", 1)]
