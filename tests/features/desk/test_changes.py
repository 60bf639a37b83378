"""What was done to a card, as entries of its journey (product.md 0: the journey has edits too)."""

from typing import Any, LiteralString

import httpx

from ringdesk.kit.db import Database
from tests.features.desk.test_pop import EMMA, JANE, make
from tests.features.requests.conftest import ended_call


async def changes(client: httpx.AsyncClient, card: dict[str, Any], **params: Any) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/customers/{card['id']}/changes", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def change(client: httpx.AsyncClient, card: dict[str, Any], **fields: Any) -> None:
    answer = await client.patch(f"/api/v1/customers/{card['id']}", json=fields, headers={"if-match": "*"})
    assert answer.status_code == 200, answer.text


async def test_edits_tell_which_fields_and_no_values(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient) -> None:
    emma = await make(as_ada, EMMA)
    await change(as_aiko, emma, last_name="Knightley", preferred_language="sv")
    answer = await changes(as_aiko, emma)
    told = [(one["kind"], one["by_name"], one["fields"]) for one in answer["items"]]
    assert told == [("changed", "Aiko", ["last_name", "preferred_language"]), ("created", "Ada", [])]
    assert "Knightley" not in str(answer)


async def test_pages_go_on_where_the_last_one_ended(as_ada: httpx.AsyncClient) -> None:
    emma = await make(as_ada, EMMA)
    for name in "abcd":
        await change(as_ada, emma, last_name=name)
    first = await changes(as_ada, emma, limit=2)
    second = await changes(as_ada, emma, limit=2, cursor=first["next_cursor"])
    third = await changes(as_ada, emma, limit=2, cursor=second["next_cursor"])
    ids = [one["id"] for page in (first, second, third) for one in page["items"]]
    assert (len(set(ids)), ids, third["next_cursor"]) == (5, sorted(ids, reverse=True), None)


async def test_merges_and_their_undoing_tell_the_other_card(as_ada: httpx.AsyncClient) -> None:
    emma, jane = await make(as_ada, EMMA), await make(as_ada, JANE | {"phone_1": "0161 496 0001"})
    await change(as_ada, jane, last_name="Churchill")
    merged = (await as_ada.post(f"/api/v1/customers/{emma['id']}/merge", json={"other_id": jane["id"]})).json()
    told = [(one["kind"], one["card_number"]) for one in (await changes(as_ada, emma))["items"]]
    # What the other card was is history of this one, too.
    assert told == [("merged", jane["number"]), ("changed", None), ("created", None), ("created", None)]
    await as_ada.post(f"/api/v1/customer-merges/{merged['merge']['id']}/undo")
    told = [(one["kind"], one["card_number"]) for one in (await changes(as_ada, emma))["items"]]
    assert told[0] == ("unmerged", jane["number"])


async def test_an_interaction_that_changed_hands_is_told_on_both_cards(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient) -> None:
    emma, jane = await make(as_ada, EMMA), await make(as_ada, JANE | {"phone_1": "0161 496 0001"})
    call = await ended_call(as_ada)
    await as_aiko.patch(f"/api/v1/interactions/{call}", json={"customer_id": jane["id"]})
    given = (await changes(as_aiko, emma))["items"]
    assert [(one["kind"], one["interaction_id"], one["other_name"]) for one in given if one["interaction_id"]] == [
        ("given", call, "Jane Fairfax")
    ]
    taken = (await changes(as_aiko, jane))["items"]
    assert [(one["kind"], one["by_name"], one["other_name"]) for one in taken if one["interaction_id"]] == [
        ("taken", "Aiko", "Emma Woodhouse")
    ]


async def test_each_part_of_the_question_walks_an_index(as_ada: httpx.AsyncClient, db: Database) -> None:
    emma = await make(as_ada, EMMA)
    questions: list[LiteralString] = [
        """explain select id from audit_entry where action = 'interaction.linked' and before->>'customer_id' is not null
           and before->>'customer_id' = %s order by id desc limit 50""",
        """explain select id from audit_entry where action = 'interaction.linked' and before->>'customer_id' is not null
           and after->>'customer_id' = %s order by id desc limit 50""",
    ]
    async with db.transaction() as uow:
        await uow.send("set local enable_seqscan = off")
        for question in questions:
            plan = await uow.values(question, [emma["id"]])
            assert "Seq Scan" not in "\n".join(plan)
