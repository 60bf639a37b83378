"""What administrators define: types of requests, and the fields that they share (product.md 2.2)."""

from typing import Any

import httpx
import pytest

from ringdesk.kit.db import Database
from tests.features.requests.conftest import edit, open_one, slug, wrong

TYPES, FIELDS = "/api/v1/request-types", "/api/v1/request-fields"


async def add_field(ada: httpx.AsyncClient, label: str, kind: dict[str, Any]) -> str:
    answer = await ada.post(FIELDS, json={"label": label, "type": kind})
    assert answer.status_code == 201, answer.text
    return answer.json()["key"]


async def add_type(ada: httpx.AsyncClient, label: str, **given: Any) -> dict[str, Any]:
    answer = await ada.post(TYPES, json={"label": label, **given})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def schema(client: httpx.AsyncClient) -> dict[str, Any]:
    return (await client.get(TYPES)).json()


@pytest.fixture
async def invoice(as_ada: httpx.AsyncClient) -> dict[str, Any]:
    """A type that needs the number of an invoice and may have an amount."""
    number = await add_field(as_ada, "Invoice number", {"type": "alphanumeric_15"})
    amount = await add_field(as_ada, "Amount", {"type": "decimal"})
    return await add_type(
        as_ada, "Invoice", close_after_days=10, fields=[{"key": number, "required": True}, {"key": amount, "required": False}]
    )


async def test_the_first_types_are_there_and_close_after_five_days(as_aiko: httpx.AsyncClient) -> None:
    assert [(one["key"], one["close_after_days"]) for one in (await schema(as_aiko))["types"]] == [("question", 5), ("service_request", 5)]


async def test_a_request_has_the_fields_of_its_type(as_aiko: httpx.AsyncClient, invoice: dict[str, Any], emma: dict[str, Any]) -> None:
    missing = await as_aiko.post("/api/v1/requests", json={"type": "invoice", "title": "x", "customer_id": emma["id"]})
    assert wrong(missing) == {"fields.invoice_number": "required"}
    refused = await as_aiko.post(
        "/api/v1/requests",
        json={
            "type": "invoice",
            "title": " ",
            "customer_id": emma["id"],
            "fields": {"invoice_number": "far too long for it", "amount": "a lot", "colour": "red"},
        },
    )
    assert wrong(refused) == {
        "title": "required",
        "fields.invoice_number": "too_long",
        "fields.amount": "not_a_number",
        "fields.colour": "unknown_field",
    }
    opened = await open_one(as_aiko, type="invoice", customer_id=emma["id"], fields={"invoice_number": "A77", "amount": "12,5"})
    assert opened["fields"] == {"invoice_number": "A77", "amount": "12.5"}


async def test_a_field_serves_several_types_each_with_its_own_order_and_need(as_ada: httpx.AsyncClient, invoice: dict[str, Any]) -> None:
    other = await add_type(as_ada, "Refund", fields=[{"key": "amount", "required": True}, {"key": "invoice_number", "required": False}])
    assert other["fields"] == [{"key": "amount", "required": True}, {"key": "invoice_number", "required": False}]
    assert invoice["fields"] == [{"key": "invoice_number", "required": True}, {"key": "amount", "required": False}]
    renamed = await as_ada.patch(f"{FIELDS}/amount", json={"label": "Sum"})
    assert renamed.status_code == 200
    assert [one["label"] for one in (await schema(as_ada))["fields"]] == ["Invoice number", "Sum"]


async def test_values_are_kept_when_a_field_leaves_and_a_type_changes(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, invoice: dict[str, Any], emma: dict[str, Any]
) -> None:
    opened = await open_one(as_aiko, type="invoice", customer_id=emma["id"], fields={"invoice_number": "A77", "amount": "12.5"})
    await as_ada.patch(f"{TYPES}/invoice", json={"fields": [{"key": "invoice_number", "required": True}]})
    refused = await edit(as_aiko, opened, fields={"amount": "1"})
    assert wrong(refused) == {"fields.amount": "unknown_field"}
    elsewhere = (await edit(as_aiko, opened, type="question")).json()
    assert elsewhere["fields"] == {"invoice_number": "A77", "amount": "12.5"}
    back = (await edit(as_aiko, elsewhere, type="invoice")).json()
    assert (back["type"], back["fields"]) == ("invoice", {"invoice_number": "A77", "amount": "12.5"})


async def test_a_new_type_of_value_must_fit_what_is_stored(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, invoice: dict[str, Any], emma: dict[str, Any]
) -> None:
    for number in ("A77", "1234"):
        await open_one(as_aiko, type="invoice", customer_id=emma["id"], title=f"Invoice {number}", fields={"invoice_number": number})
    refused = await as_ada.patch(f"{FIELDS}/invoice_number", json={"type": {"type": "integer"}})
    assert (refused.status_code, slug(refused), refused.json()["misfits"]) == (409, "values_do_not_fit", 1)
    assert refused.json()["sample"][0]["name"].endswith("Invoice A77")
    taken = await as_ada.patch(f"{FIELDS}/invoice_number", json={"type": {"type": "text"}})
    assert (taken.status_code, taken.json()["type"]["type"]) == (200, "text")


async def test_types_out_of_use_keep_their_requests_and_come_back(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, invoice: dict[str, Any], emma: dict[str, Any]
) -> None:
    opened = await open_one(as_aiko, type="invoice", customer_id=emma["id"], fields={"invoice_number": "A77"})
    assert (await as_ada.delete(f"{TYPES}/invoice")).json()["hidden_at"]
    refused = await as_aiko.post("/api/v1/requests", json={"type": "invoice", "title": "x", "customer_id": emma["id"]})
    assert wrong(refused) == {"type": "unknown_type"}
    renamed = await edit(as_aiko, opened, title="Still editable", fields={"invoice_number": "B8"})
    assert (renamed.json()["title"], renamed.json()["fields"]) == ("Still editable", {"invoice_number": "B8"})
    assert (await as_ada.post(f"{TYPES}/invoice/restore")).json()["hidden_at"] is None
    assert await open_one(as_aiko, type="invoice", customer_id=emma["id"], fields={"invoice_number": "A78"})


async def test_the_last_type_stays(as_ada: httpx.AsyncClient) -> None:
    assert (await as_ada.delete(f"{TYPES}/question")).status_code == 200
    assert slug(await as_ada.delete(f"{TYPES}/service_request")) == "last_type"
    assert (await as_ada.delete(f"{TYPES}/question")).status_code == 200


async def test_a_field_out_of_use_leaves_every_form_and_comes_back_with_its_values(
    as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, invoice: dict[str, Any], emma: dict[str, Any]
) -> None:
    await open_one(as_aiko, type="invoice", customer_id=emma["id"], fields={"invoice_number": "A77"})
    await as_ada.delete(f"{FIELDS}/invoice_number")
    without = await open_one(as_aiko, type="invoice", customer_id=emma["id"], title="Without")
    assert without["fields"] == {}
    assert wrong(await as_ada.post(TYPES, json={"label": "New", "fields": [{"key": "invoice_number", "required": True}]})) == {
        "fields[0].key": "out_of_use"
    }
    await as_ada.post(f"{FIELDS}/invoice_number/restore")
    items = (await as_aiko.get(f"/api/v1/customers/{emma['id']}/requests")).json()["items"]
    assert [one["fields"] for one in items] == [{}, {"invoice_number": "A77"}]


async def test_what_is_wrong_with_a_definition_is_told_at_once(as_ada: httpx.AsyncClient, invoice: dict[str, Any]) -> None:
    assert wrong(await as_ada.post(TYPES, json={"label": " ", "fields": [{"key": "nope", "required": True}]})) == {
        "label": "required",
        "fields[0].key": "unknown_field",
    }
    assert wrong(await as_ada.post(TYPES, json={"label": "INVOICE", "key": "question"})) == {"label": "taken", "key": "taken"}
    twice = [{"key": "amount", "required": True}, {"key": "amount", "required": False}]
    assert wrong(await as_ada.patch(f"{TYPES}/invoice", json={"fields": twice})) == {"fields[1].key": "repeated"}
    assert wrong(await as_ada.post(FIELDS, json={"label": "Amount", "type": {"type": "choice", "options": []}})) == {
        "label": "taken",
        "type.options": "required",
    }
    assert set(wrong(await as_ada.patch(f"{TYPES}/invoice", json={"close_after_days": -1}))) == {"close_after_days"}


async def test_types_are_put_into_an_order_that_every_desk_hears(as_ada: httpx.AsyncClient, db: Database, invoice: dict[str, Any]) -> None:
    wanted = ["invoice", "question", "service_request"]
    assert [one["key"] for one in (await as_ada.put(f"{TYPES}/order", json={"keys": wanted})).json()["types"]] == wanted
    assert wrong(await as_ada.put(f"{TYPES}/order", json={"keys": wanted[:2]})) == {"keys": "not_all"}
    async with db.transaction() as uow:
        told = await uow.value("select payload from event_log where type = 'schema.requests_changed' order by pos desc limit 1")
    assert told == await schema(as_ada)


async def test_only_administrators_define(as_aiko: httpx.AsyncClient, as_sven: httpx.AsyncClient) -> None:
    for client in (as_aiko, as_sven):
        assert (await client.post(TYPES, json={"label": "Mine"})).status_code == 403
        assert (await client.post(FIELDS, json={"label": "Mine", "type": {"type": "text"}})).status_code == 403
