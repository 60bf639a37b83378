"""Every route x every role: the answer is what the table of rights says, and a route that forgot to declare stops the start."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest
from litestar import Litestar, get
from litestar.handlers import HTTPRouteHandler

from ringdesk.features.people import PARTS, RIGHTS, SCOPES, create_key
from ringdesk.kit.db import Database
from ringdesk.web.access import require_declared_rights
from tests.conftest import client_of
from tests.support.people import People, sign_in

SOMEBODY = "01890000-0000-7000-8000-000000000000"
# Far beyond the newest entry: the stream is refused with 410 instead of never ending.
QUERY = {"/api/v1/events": {"after": str(2**60)}}


class Route(NamedTuple):
    method: str
    path: str
    right: str


def routes(app: Litestar) -> Iterator[Route]:
    """Every route that asks for a right, with ids filled in."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            if not isinstance(handler, HTTPRouteHandler) or handler.opt.get("right") is None:
                continue
            path = "/".join(
                SOMEBODY if "id:" in part or "uuid" in part else "key" if part.startswith("{") else part for part in route.path.split("/")
            )
            for method in sorted(handler.http_methods - {"OPTIONS"}):
                yield Route(str(method), path, handler.opt["right"])


async def ask(client: httpx.AsyncClient, route: Route, **options: Any) -> httpx.Response:
    return await client.request(route.method, route.path, params=QUERY.get(route.path), **options)


async def test_there_are_routes_to_check(app: Litestar) -> None:
    found = list(routes(app))
    assert len(found) > 30
    assert {route.right for route in found} <= set(RIGHTS)


async def test_without_a_session_every_route_says_sign_in_first(app: Litestar, client: httpx.AsyncClient) -> None:
    for route in routes(app):
        answer = await ask(client, route)
        assert answer.status_code == 401, route
        assert answer.json()["type"] == "urn:ringdesk:problem:unauthenticated", route


@pytest.mark.parametrize("role", ["agent", "supervisor", "administrator"])
async def test_each_role_gets_exactly_the_routes_of_its_rights(
    app: Litestar, client: httpx.AsyncClient, db: Database, people: People, role: str
) -> None:
    person = {"agent": people.aiko, "supervisor": people.sven, "administrator": people.ada}[role]
    await sign_in(db, client, person)
    for route in routes(app):
        answer = await ask(client, route)
        if role in RIGHTS[route.right]:
            assert answer.status_code not in {401, 403}, (route, answer.text)
            assert answer.status_code < 500, (route, answer.text)
        else:
            assert (answer.status_code, answer.json()["type"]) == (403, "urn:ringdesk:problem:forbidden"), route


@pytest.mark.parametrize("scope", SCOPES)
async def test_a_key_gets_exactly_the_routes_of_its_scope(app: Litestar, db: Database, people: People, scope: str) -> None:
    key = (await create_key(db, None, name=f"only {scope}", scopes=[scope])).key
    implied = {"customers:write": {"customers:import"}, "interactions:write": {"interactions:push"}}.get(scope, set()) | {scope}
    async with client_of(app) as client:
        for route in routes(app):
            answer = await ask(client, route, headers={"authorization": f"Bearer {key}"})
            if route.right in implied:
                assert answer.status_code not in {401, 403}, (route, answer.text)
                assert answer.status_code < 500, (route, answer.text)
            else:
                assert answer.status_code == 403, route


JOURNEY = {
    "GET /api/v1/customers/ID/journey",
    "GET /api/v1/customers/ID/changes",
    "GET /api/v1/customers/ID/requests",
    "GET /api/v1/interactions",
    "GET /api/v1/interactions/ID",
    "GET /api/v1/interactions/ID/tagging",
    "POST /api/v1/interactions/ID/move",
    "POST /api/v1/interactions/ID/moves/ID/undo",
    "POST /api/v1/activities/ID/comments",
    "POST /api/v1/activities/ID/wrap-up",
    "PATCH /api/v1/activities/ID",
    "PUT /api/v1/activities/ID/tags",
    "GET /api/v1/interactions/ID/recordings",
    "POST /api/v1/interactions/ID/recordings/ID/listen",
    "GET /api/v1/recordings/listen/key",
    "GET /api/v1/tags",
    "POST /api/v1/desk/interactions",
    "POST /api/v1/desk/interactions/ID/accept",
}
CARD = {
    "GET /api/v1/customers/ID",
    "PATCH /api/v1/customers/ID",
    "POST /api/v1/customers/ID/archive",
    "POST /api/v1/customers/ID/unarchive",
    "POST /api/v1/customers/ID/identities",
    "POST /api/v1/customers/ID/identities/ID/confirm",
    "DELETE /api/v1/customers/ID/identities/ID",
}
MERGING = {
    "POST /api/v1/customers/ID/merge",
    "POST /api/v1/customers/ID/merge/preview",
    "GET /api/v1/customers/ID/merges",
    "POST /api/v1/customer-merges/ID/undo",
    "GET /api/v1/customers/ID/duplicates",
    "GET /api/v1/customer-duplicates",
    "PUT /api/v1/customers/ID/not-duplicates/ID",
    "DELETE /api/v1/customers/ID/not-duplicates/ID",
}
OFF = {"journey": JOURNEY, "card": CARD, "merging": MERGING}


def test_every_switch_has_its_routes() -> None:
    assert set(OFF) == set(PARTS)


@pytest.mark.parametrize("part", PARTS)
async def test_what_a_team_has_switched_off_is_answered_to_its_agents_by_nothing_else_than_who_can_switch_it_on(
    app: Litestar, client: httpx.AsyncClient, db: Database, people: People, as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, part: str
) -> None:
    await sign_in(db, client, people.aiko)
    assert (await as_ada.patch(f"/api/v1/teams/{people.team_id}", json={"switched_off": [part]})).status_code == 200
    refused: set[str] = set()
    for route in routes(app):
        if "agent" not in RIGHTS[route.right]:
            continue
        answer = await ask(client, route)
        if answer.status_code == 403:
            problem = answer.json()
            assert (problem["type"], problem["part"]) == ("urn:ringdesk:problem:switched_off", part), route
            assert "North works without" in problem["detail"]
            assert "administrator" in problem["detail"]
            refused.add(f"{route.method} {route.path.replace(SOMEBODY, 'ID')}")
            # Who leads answers for all of it, whatever the team works with; so does a program.
            assert (await ask(as_sven, route)).status_code not in {401, 403}, route
    assert refused == OFF[part]
    await as_ada.patch(f"/api/v1/teams/{people.team_id}", json={"switched_off": []})
    assert (await client.get(f"/api/v1/customers/{SOMEBODY}/journey")).status_code == 404


@pytest.fixture
async def chloe(db: Database, client: httpx.AsyncClient, people: People, as_ada: httpx.AsyncClient) -> httpx.AsyncClient:
    """Aiko, whose team does without everything."""
    await sign_in(db, client, people.aiko)
    assert (await as_ada.patch(f"/api/v1/teams/{people.team_id}", json={"switched_off": list(PARTS)})).status_code == 200
    return client


async def test_a_team_without_the_journey_links_the_conversations_that_its_agents_were_in_alone(
    chloe: httpx.AsyncClient, as_ada: httpx.AsyncClient, db: Database
) -> None:
    chat = {"source": "webchat", "channel": "chat", "started_at": "2026-11-20T10:00:00Z"}
    leg = {"external_id": "a1", "kind": "agent", "started_at": "2026-11-20T10:00:10Z", "agent_email": "aiko@example.com"}
    others = (await as_ada.post("/api/v1/interactions", json=chat | {"external_id": "c1"})).json()["id"]
    own = (await as_ada.post("/api/v1/interactions", json=chat | {"external_id": "c2", "activities": [leg]})).json()["id"]
    card = (await as_ada.post("/api/v1/customers", json={"first_name": "Emma"})).json()
    for body in ({}, {"customer_id": card["id"]}):
        refused = await chloe.patch(f"/api/v1/interactions/{others}", json=body)
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:ringdesk:problem:switched_off")
    assert (await chloe.patch(f"/api/v1/interactions/{own}", json={"customer_id": card["id"]})).json()["customer_id"] == card["id"]


async def test_a_team_without_the_card_is_listed_what_tells_customers_apart(chloe: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> None:
    fields = {
        "first_name": "Emma",
        "phone_1": "020 7946 0958",
        "phone_2": "020 7946 0959",
        "external_id": "E-1",
        "consent": {"sms": True},
        "addresses": [{"street": "Way 1", "city": "Highbury"}],
    }
    await as_ada.post("/api/v1/customers", json=fields)
    [row] = (await chloe.get("/api/v1/customers?first_name.eq=Emma&sort=city")).json()["items"]
    assert (row["display_name"], row["phone_1"], row["addresses"][0]["city"]) == ("Emma", "020 7946 0958", "Highbury")
    assert (row["phone_2"], row["external_id"], row["consent"], row["addresses"][0]["street"]) == (None, None, {}, "")
    for query in ("phone_2.contains=0959", "external_id.eq=E-1", "street.eq=Way 1", "sort=consent", "consent.contains=sms"):
        assert (await chloe.get(f"/api/v1/customers?{query}")).status_code == 422, query


def test_a_route_that_declares_no_right_stops_the_start() -> None:
    @get("/open-to-all", sync_to_thread=False)
    def forgotten() -> str:
        return ""

    with pytest.raises(RuntimeError, match="GET /open-to-all: no right"):
        require_declared_rights(Litestar([forgotten], openapi_config=None))


def test_a_route_whose_right_is_not_in_the_table_stops_the_start() -> None:
    @get("/misspelt", opt={"right": "customer:read"}, sync_to_thread=False)
    def misspelt() -> str:
        return ""

    with pytest.raises(RuntimeError, match="GET /misspelt: customer:read"):
        require_declared_rights(Litestar([misspelt], openapi_config=None))
