"""What a desktop makes of the desk's events: the reference for the events' completeness."""

from copy import deepcopy
from typing import Any

State = dict[str, Any]


def apply(state: State, event: dict[str, Any]) -> State:
    """The desk after one more event. Events that the desk does not show change nothing."""
    after = deepcopy(state)
    payload = event["payload"]
    after["position"] = event["pos"]
    match event["type"]:
        case "call.changed":
            call = payload["call"]
            others = [item for item in after["calls"] if item["activity_id"] != call["activity_id"]]
            after["calls"] = sorted([*others, call], key=lambda item: item["activity_id"])
        case "call.closed":
            after["calls"] = [item for item in after["calls"] if item["activity_id"] != payload["activity_id"]]
        case "desk.customer_opened":
            _open(after, payload["open"])
        case "desk.customer_closed":
            _close(after, payload["customer"])
        case "desk.customer_removed":
            _remove(after, payload["customer_id"])
        case "cti.changed":
            after["cti"] = payload["cti"]
        case "wrap_up_codes.changed" | "wrap_up_codes.used":
            _codes(after, payload)
        case "teams.changed" | "desk.user_changed" | "desk.preference_changed":
            _change_user(after, payload)
        case "request.changed":
            _retitle(after, payload["request"])
        case "desk.customers_changed":
            after |= payload
        case str(kind) if kind.startswith("customer."):
            _refresh(after, payload["customer"])
            _refresh(after, payload.get("restored", payload["customer"]))
        case _:
            pass
    return after


def _change_user(state: State, payload: dict[str, Any]) -> None:
    if "key" in payload:
        state["user"]["preferences"][payload["key"]] = payload["value"]
    elif "teams" in payload:
        user = state["user"]
        known = {one["id"]: one for one in payload["teams"]}
        if team := user["team"] and known[user["team"]["id"]]:
            user["team"] = {"id": team["id"], "name": team["name"]}
            user["switched_off"] = team["switched_off"] if user["roles"] == ["agent"] else []
    else:
        state["user"].update(payload)


def _close(state: State, closed: dict[str, Any]) -> None:
    state["open"] = [item for item in state["open"] if item["customer"]["id"] != closed["id"]]
    state["previous"] = [closed, *(item for item in state["previous"] if item["id"] != closed["id"])][:10]


def _codes(state: State, payload: dict[str, Any]) -> None:
    if "code" in payload:
        [used] = [code for code in state["wrap_up_codes"] if code["code"] == payload["code"]]
        used["uses"] += 1
    else:
        uses = {code["code"]: code["uses"] for code in state["wrap_up_codes"]}
        state["wrap_up_codes"] = [{**code, "uses": uses.get(code["code"], 0)} for code in payload["wrap_up_codes"]]


def _open(state: State, opened: dict[str, Any]) -> None:
    customer = opened["customer"]["id"]
    state["open"] = [*(item for item in state["open"] if item["customer"]["id"] != customer), opened]
    state["previous"] = [item for item in state["previous"] if item["id"] != customer]


def _remove(state: State, customer_id: str) -> None:
    state["open"] = [item for item in state["open"] if item["customer"]["id"] != customer_id]
    state["previous"] = [item for item in state["previous"] if item["id"] != customer_id]


def _retitle(state: State, request: dict[str, Any]) -> None:
    """Every call about this request shows its new values."""
    for call in state["calls"]:
        if call["request"] and call["request"]["id"] == request["id"]:
            call["request"] = {name: request[name] for name in call["request"]}


def _refresh(state: State, customer: dict[str, Any]) -> None:
    """Every summary of this customer shows the new values."""
    contact = customer["last_contact"]
    primary = next((address["city"] for address in customer["addresses"] if address["primary"]), None)
    known = {**customer, "city": primary or None, "last_contact_at": contact["at"] if contact else None}
    for summary in [
        *(item["customer"] for item in state["open"]),
        *state["previous"],
        *(call["customer"] for call in state["calls"] if call["customer"]),
        *(candidate["customer"] for call in state["calls"] for candidate in call["candidates"]),
    ]:
        if summary["id"] == customer["id"]:
            summary.update({name: known[name] for name in summary})
