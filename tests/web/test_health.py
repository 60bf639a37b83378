"""What load balancers and monitoring see."""

import httpx
from litestar import Litestar

from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings
from ringdesk.web.app import create_app
from tests.conftest import client_of
from tests.support.eventually import eventually


async def test_a_running_process_with_a_database_is_ready(app: Litestar, client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}

    async def ready() -> bool:
        return (await client.get("/readyz")).status_code == 200

    await eventually(ready)


async def test_without_a_database_it_lives_and_is_not_ready(settings: Settings) -> None:
    away = Database("postgresql://ringdesk@127.0.0.1:1/ringdesk")
    away.pool.timeout = 0.05
    await away.pool.open(wait=False)
    async with client_of(create_app(settings, away)) as client:
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["checks"]) == (503, {"database": False, "events": False})
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.post("/api/v1/auth/login", json={"email": "a@example.com", "password": "x"})).status_code == 503
    await away.close()


async def test_metrics_count_requests_by_route_not_by_address(client: httpx.AsyncClient) -> None:
    await client.get("/api/v1/customers/01890000-0000-7000-8000-000000000000")
    await client.get("/api/v1/made-up-address")
    text = (await client.get("/metrics")).text
    assert 'ringdesk_request_seconds_count{method="GET",route="/api/v1/customers/{customer_id}",status="401"}' in text
    assert "made-up-address" not in text
    assert "ringdesk_event_lag_seconds_bucket" in text


async def test_the_description_of_the_api_names_every_public_path(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/openapi.json")
    document = answer.json()
    assert document["openapi"].startswith("3.1")
    assert {"/api/v1/auth/login", "/api/v1/customers", "/api/v1/events", "/api/v1/telephony/events", "/api/v1/desk/snapshot"} <= set(
        document["paths"]
    )


async def test_the_description_says_what_a_refusal_looks_like(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/v1/openapi.json")).json()
    assert {"Problem", "FieldError"} <= set(document["components"]["schemas"])
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert "400" not in operation["responses"], (method, path)
            assert "application/problem+json" in operation["responses"]["default"]["content"], (method, path)
