"""Whatever fits the API's own description, and whatever does not, is answered: never by a 500, and refusals in one shape."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from litestar import Litestar
from schemathesis import GenerationMode

from ringdesk.kit.db import Database
from tests.support.people import People
from tests.support.server import serving

pytestmark = pytest.mark.once

# For each operation and way of generating, in each round.
EXAMPLES = 5
ROUNDS = 6
# Later rounds stop here: a slow machine does fewer.
BUDGET_S = 45.0
# A stream never ends (tests/web/test_events.py has its bad input); signing out would end the session that all of this uses.
LEFT_OUT = {("GET", "/api/v1/events"), ("POST", "/api/v1/auth/logout"), ("POST", "/api/v1/auth/login")}


@pytest_asyncio.fixture
async def url(app: Litestar) -> AsyncIterator[str]:
    """Where the application is served."""
    async with serving(app) as url:
        yield url


@pytest.mark.timeout(240)
async def test_no_input_makes_the_api_fail(url: str, as_ada: httpx.AsyncClient, people: People, db: Database) -> None:
    # Ada with every role: what nobody may do is tried in tests/web/test_rights.py.
    async with db.transaction() as uow:
        await uow.run("update app_user set roles = '{administrator,agent,supervisor}', extension = '2009' where id = %s", [people.ada.id])
    failures, tried = await asyncio.to_thread(_try_all, url, dict(as_ada.cookies))
    assert not failures, "\n".join(failures[:20])
    assert tried > 200


def _try_all(url: str, cookies: dict[str, str]) -> tuple[list[str], int]:
    schema = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json")
    give_up = time.monotonic() + BUDGET_S
    failures: list[str] = []
    tried = 0
    found: list[Any] = list(schema.get_all_operations())
    operations = [operation.ok() for operation in found]
    for round_ in range(ROUNDS):
        for operation, mode in itertools.product(operations, (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)):
            if (operation.method.upper(), operation.path) in LEFT_OUT:
                continue
            # The first round is always whole: every operation is asked, however slow the machine.
            if round_ and time.monotonic() > give_up:
                return failures, tried
            tried += _try(operation, mode, round_, cookies, failures)
    return failures, tried


def _try(operation: Any, mode: GenerationMode, round_: int, cookies: dict[str, str], failures: list[str]) -> int:
    tried = 0

    @seed(round_)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        nonlocal tried
        tried += 1
        if problem := _complaint(case.call(cookies=cookies, timeout=20)):
            failures.append(f"{case.method} {case.formatted_path} {case.query} {case.body!r:.300}: {problem}")

    try:
        check()
    except Unsatisfiable:
        # Nothing can be wrong about an operation that takes no input.
        assert mode is GenerationMode.NEGATIVE, operation.path
    return tried


def _complaint(answer: Any) -> str | None:
    if answer.status_code >= 500:
        return f"{answer.status_code} {answer.text[:300]}"
    if answer.status_code >= 400:
        kind = answer.headers.get("content-type", [""])[0]
        if not kind.startswith("application/problem+json"):
            return f"{answer.status_code} is no problem document but {kind}"
        if missing := {"type", "title", "status", "detail", "errors", "request_id"} - set(answer.json()):
            return f"{answer.status_code} lacks {sorted(missing)}"
    return None
