"""Emma and her requests."""

from typing import Any

import httpx
import pytest

from tests.features.desk.test_pop import EMMA, make, tell

REQUESTS = "/api/v1/requests"


def wrong(answer: httpx.Response) -> dict[str, str]:
    """The fields that were refused, with the code of each."""
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def slug(answer: httpx.Response) -> str:
    """Which problem was answered."""
    return answer.json()["type"].rpartition(":")[2]


async def open_one(client: httpx.AsyncClient, **given: Any) -> dict[str, Any]:
    """Open a request."""
    answer = await client.post(REQUESTS, json={"type": "question", "title": "Wrong invoice"} | given)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def edit(client: httpx.AsyncClient, request: dict[str, Any], **given: Any) -> httpx.Response:
    """Change a request as somebody who sees it as it is given."""
    return await client.patch(f"{REQUESTS}/{request['id']}", json=given, headers={"if-match": f'"{request["version"]}"'})


async def tag(client: httpx.AsyncClient, interaction_id: str, request: dict[str, Any] | None, **more: Any) -> httpx.Response:
    """Choose a request for an interaction."""
    return await client.patch(f"/api/v1/interactions/{interaction_id}", json={"request_id": request and request["id"], **more})


async def read(client: httpx.AsyncClient, interaction_id: str) -> dict[str, Any]:
    """An interaction as it is now."""
    return (await client.get(f"/api/v1/interactions/{interaction_id}")).json()


async def ended_call(ada: httpx.AsyncClient, **event: Any) -> str:
    """A call of Emma's that Aiko took, ended; its interaction."""
    for kind in ("ringing", "answered", "ended"):
        accepted = await tell(ada, event=kind, **event)
    return accepted["interaction_id"]


@pytest.fixture
async def emma(as_ada: httpx.AsyncClient) -> dict[str, Any]:
    """A customer."""
    return await make(as_ada, EMMA)


@pytest.fixture
async def handed_over(emma: dict[str, Any], as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient, as_ada: httpx.AsyncClient) -> str:
    """A call of Emma's that goes on: Aiko answered it and handed it to Bilal. Its interaction."""
    await as_aiko.post("/api/v1/desk/cti/login")
    await as_bilal.post("/api/v1/desk/cti/login")
    await tell(as_ada)
    await tell(as_ada, event="answered")
    await tell(as_ada, event="transferred", to_extension="2002")
    await tell(as_ada, event="ringing", call_agent_extension="2002")
    accepted = await tell(as_ada, event="answered", call_agent_extension="2002")
    return accepted["interaction_id"]
