"""Numbers and e-mail addresses in attributes are the customer's identities too (product.md 1.2)."""

from typing import Any

import httpx
import pytest

from tests.features.desk.test_pop import tell
from tests.support.people import People

ATTRIBUTES = "/api/v1/customer-attributes"
CUSTOMERS = "/api/v1/customers"
PHONE = {"type": "phone"}


@pytest.fixture
async def second_home(as_ada: httpx.AsyncClient) -> dict[str, Any]:
    """A field for a number."""
    return (await as_ada.post(ATTRIBUTES, json={"label": "Second home", "type": PHONE})).json()


async def create(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post(CUSTOMERS, json={"first_name": "Emma"} | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def change(client: httpx.AsyncClient, customer: dict[str, Any], **fields: Any) -> dict[str, Any]:
    current = await read(client, customer)
    answer = await client.patch(f"{CUSTOMERS}/{customer['id']}", json=fields, headers={"if-match": f'"{current["version"]}"'})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def read(client: httpx.AsyncClient, customer: dict[str, Any]) -> dict[str, Any]:
    return (await client.get(f"{CUSTOMERS}/{customer['id']}")).json()


async def found(client: httpx.AsyncClient, number: str) -> list[tuple[str, str]]:
    items = (await client.get(f"{CUSTOMERS}/lookup", params={"phone": number})).json()["matches"]
    return [(item["customer"]["id"], item["confidence"]) for item in items]


def addresses(customer: dict[str, Any]) -> list[tuple[str, str]]:
    """Each address with what has it: an attribute, or the slot of a phone field."""
    return [(one["normalised"], one["attribute"] or f"phone_{one['position']}") for one in customer["identities"]]


async def test_a_number_in_a_field_is_looked_up_searched_and_pops(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, second_home: dict[str, Any], people: People
) -> None:
    emma = await create(as_aiko, phone_1="020 7946 0001", attributes={"second_home": "020 7946 0958"})
    assert addresses(emma) == [("+442079460001", "phone_1"), ("+442079460958", "second_home")]
    assert await found(as_aiko, "0044 20 7946 0958") == [(emma["id"], "known")]
    listed = (await as_aiko.get(CUSTOMERS, params={"q": "79460958"})).json()["items"]
    assert [one["id"] for one in listed] == [emma["id"]]
    assert (await tell(as_ada))["customer_ids"] == [emma["id"]]


async def test_an_e_mail_address_in_a_field_is_one_too(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, people: People) -> None:
    await as_ada.post(ATTRIBUTES, json={"label": "Work mail", "type": {"type": "email"}})
    emma = await create(as_aiko, attributes={"work_mail": "Emma@Hartfield.example"})
    assert addresses(emma) == [("emma@hartfield.example", "work_mail")]


async def test_it_goes_with_its_value_and_comes_with_another(
    as_aiko: httpx.AsyncClient, second_home: dict[str, Any], people: People
) -> None:
    emma = await create(as_aiko, attributes={"second_home": "020 7946 0958"})
    emma = await change(as_aiko, emma, attributes={"second_home": "020 7946 0959"})
    assert addresses(emma) == [("+442079460959", "second_home")]
    assert await found(as_aiko, "020 7946 0958") == []
    emma = await change(as_aiko, emma, attributes={"second_home": None})
    assert addresses(emma) == []
    assert (await as_aiko.get(CUSTOMERS, params={"q": "79460959"})).json()["items"] == []


async def test_a_number_that_a_field_of_the_card_has_too_stays_as_long_as_one_of_them_has_it(
    as_aiko: httpx.AsyncClient, second_home: dict[str, Any], people: People
) -> None:
    emma = await create(as_aiko, phone_1="020 7946 0958", attributes={"second_home": "+44 20 7946 0958"})
    assert addresses(emma) == [("+442079460958", "phone_1")]
    emma = await change(as_aiko, emma, phone_1=None)
    assert addresses(emma) == [("+442079460958", "second_home")]
    emma = await change(as_aiko, emma, phone_2="020 7946 0958")
    emma = await change(as_aiko, emma, attributes={"second_home": None})
    assert addresses(emma) == [("+442079460958", "phone_2")]
    assert await found(as_aiko, "020 7946 0958") == [(emma["id"], "known")]


async def test_an_edit_of_something_else_leaves_it(as_aiko: httpx.AsyncClient, second_home: dict[str, Any], people: People) -> None:
    emma = await create(as_aiko, attributes={"second_home": "020 7946 0958"})
    [identity] = emma["identities"]
    emma = await change(as_aiko, emma, last_name="Woodhouse", phone_1="020 7946 0001")
    assert identity in emma["identities"]
    assert await found(as_aiko, "020 7946 0958") == [(emma["id"], "known")]


async def test_who_takes_it_off_the_card_clears_the_field(as_aiko: httpx.AsyncClient, second_home: dict[str, Any], people: People) -> None:
    emma = await create(as_aiko, attributes={"second_home": "020 7946 0958"})
    [identity] = emma["identities"]
    answer = await as_aiko.delete(f"{CUSTOMERS}/{emma['id']}/identities/{identity['id']}")
    assert (answer.status_code, answer.json()["attributes"], answer.json()["identities"]) == (200, {}, [])


async def test_a_call_that_nobody_was_known_for_comes_to_the_card(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, second_home: dict[str, Any], people: People
) -> None:
    accepted = await tell(as_ada)
    emma = await create(as_aiko)
    await change(as_aiko, emma, attributes={"second_home": "020 7946 0958"})
    stored = (await as_aiko.get(f"/api/v1/interactions/{accepted['interaction_id']}")).json()
    assert stored["customer_id"] == emma["id"]


async def test_a_field_that_becomes_a_number_makes_its_values_addresses_and_back(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, people: People
) -> None:
    field = (await as_ada.post(ATTRIBUTES, json={"label": "Neighbour", "type": {"type": "text"}})).json()
    emma = await create(as_aiko, phone_1="020 7946 0001", attributes={"neighbour": "020 7946 0958"})
    harriet = await create(as_aiko, phone_1="020 7946 0002", attributes={"neighbour": "020 7946 0002"})
    retyped = await as_ada.patch(f"{ATTRIBUTES}/{field['id']}", json={"type": PHONE})
    assert retyped.status_code == 200, retyped.text
    assert await found(as_aiko, "020 7946 0958") == [(emma["id"], "known")]
    assert [one["id"] for one in (await as_aiko.get(CUSTOMERS, params={"q": "79460958"})).json()["items"]] == [emma["id"]]
    assert addresses(await read(as_aiko, harriet)) == [("+442079460002", "phone_1")]
    await as_ada.patch(f"{ATTRIBUTES}/{field['id']}", json={"type": {"type": "text"}})
    assert await found(as_aiko, "020 7946 0958") == []
    assert addresses(await read(as_aiko, harriet)) == [("+442079460002", "phone_1")]


async def test_a_hidden_field_is_not_looked_up_until_it_is_restored(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, second_home: dict[str, Any], people: People
) -> None:
    emma = await create(as_aiko, attributes={"second_home": "020 7946 0958"})
    await as_ada.delete(f"{ATTRIBUTES}/{second_home['id']}")
    assert await found(as_aiko, "020 7946 0958") == []
    # An edit meanwhile doesn't bring it back.
    await change(as_aiko, emma, last_name="Woodhouse")
    assert await found(as_aiko, "020 7946 0958") == []
    await as_ada.post(f"{ATTRIBUTES}/{second_home['id']}/restore")
    assert await found(as_aiko, "020 7946 0958") == [(emma["id"], "known")]


async def test_a_number_in_two_fields_stays_with_the_other(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, second_home: dict[str, Any], people: People
) -> None:
    await as_ada.post(ATTRIBUTES, json={"label": "Third home", "type": PHONE})
    emma = await create(as_aiko, attributes={"second_home": "020 7946 0958", "third_home": "020 7946 0958"})
    assert len(emma["identities"]) == 1
    await as_ada.delete(f"{ATTRIBUTES}/{second_home['id']}")
    assert await found(as_aiko, "020 7946 0958") == [(emma["id"], "known")]
    emma = await change(as_aiko, emma, attributes={"third_home": None})
    assert await found(as_aiko, "020 7946 0958") == []
