"""Errors as their readers get them: one shape, all fields at once, nothing of ours given away."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import httpx
import msgspec
import psycopg
import pytest
import pytest_asyncio
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody
from msgspec import Meta
from psycopg_pool import PoolTimeout

from ringdesk.kit.db import Database
from ringdesk.kit.problems import FieldErrors
from ringdesk.kit.settings import Settings
from ringdesk.web.app import create_app
from ringdesk.web.validation import collect
from tests.conftest import client_of
from tests.support.lifespan import running


class Address(msgspec.Struct, forbid_unknown_fields=True):
    city: Annotated[str, msgspec.Meta(max_length=10)]
    postcode: str


class Body(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    addresses: Annotated[list[Address], msgspec.Meta(max_length=2)]
    consent: dict[str, bool] = {}
    number: Annotated[int, msgspec.Meta(ge=1)] | msgspec.UnsetType | None = msgspec.UNSET


@post("/try/body", opt={"right": None})
async def take_body(data: JSONBody[Body]) -> None:
    """Takes a body."""


@get("/try/number", opt={"right": None})
async def take_number(page: FromQuery[int], size: FromQuery[int] = 1) -> None:
    """Takes numbers."""


@get("/try/defect", opt={"right": None})
async def fail() -> None:
    """Has a defect."""
    raise ZeroDivisionError("the secret of the house")


@get("/try/database-away", opt={"right": None})
async def lose_database() -> None:
    """Loses the database."""
    raise psycopg.OperationalError("the connection is lost")


@get("/try/pool-empty", opt={"right": None})
async def exhaust_pool() -> None:
    """Finds no connection."""
    raise PoolTimeout("no connection in 10 s")


@post("/try/failing-commit", opt={"right": None})
async def fail_at_commit(db: NamedDependency[Database]) -> dict[str, bool]:
    """Writes what only the commit refuses."""
    async with db.transaction() as uow:
        await uow.run("insert into checked_late values (7), (7)")
    return {"written": True}


@pytest_asyncio.fixture
async def trial(db: Database, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application with routes that misbehave."""
    app = create_app(settings, db)
    for handler in (take_body, take_number, fail, lose_database, exhaust_pool, fail_at_commit):
        app.register(handler)
    async with running(app), client_of(app) as client:
        yield client


def fields(answer: httpx.Response) -> dict[str, str]:
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


async def test_every_error_is_a_problem_document_with_the_request_id(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/nothing/here", headers={"x-request-id": "call-42"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == "call-42"
    document = answer.json()
    assert document == {
        "type": "urn:ringdesk:problem:not_found",
        "title": "Not found",
        "status": 404,
        "detail": "There is nothing at /api/v1/nothing/here.",
        "errors": [],
        "request_id": "call-42",
    }


async def test_a_request_id_that_could_forge_a_log_line_is_replaced(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz", headers={"x-request-id": "x" * 65})
    assert len(answer.headers["x-request-id"]) == 32


async def test_all_field_errors_come_at_once_with_their_paths(trial: httpx.AsyncClient) -> None:
    body = {
        "name": 5,
        "addresses": [{"city": "Ely", "postcode": "CB7"}, {"city": "Llanfairpwllgwyngyll", "county": "Gwynedd"}],
        "consent": {"sms": "perhaps"},
        "number": 0,
        "nickname": "Bo",
    }
    answer = await trial.post("/try/body", json=body)
    assert answer.status_code == 422
    assert fields(answer) == {
        "name": "wrong_type",
        "addresses[1].city": "too_long",
        "addresses[1].postcode": "required",
        "addresses[1].county": "unknown_field",
        "consent.sms": "wrong_type",
        "number": "too_small",
        "nickname": "unknown_field",
    }


async def test_a_list_that_is_too_long_is_named_besides_what_is_wrong_inside(trial: httpx.AsyncClient) -> None:
    good = {"city": "Ely", "postcode": "CB7"}
    answer = await trial.post("/try/body", json={"name": "Bo", "addresses": [good, good, good]})
    assert fields(answer) == {"addresses": "too_long"}


@pytest.mark.parametrize(
    ("content", "status"), [(b"{", 400), (b"", 400), (b'{"name": "\\ud800"}', 400), (b"[]", 422), (b"7", 422), (b"null", 422)]
)
async def test_a_body_that_is_no_object_is_refused_in_words(trial: httpx.AsyncClient, content: bytes, status: int) -> None:
    answer = await trial.post("/try/body", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert answer.json()["detail"]


async def test_bad_parameters_are_named_all_at_once(trial: httpx.AsyncClient) -> None:
    answer = await trial.get("/try/number", params={"page": "one", "size": "two"})
    assert (answer.status_code, set(fields(answer))) == (422, {"page", "size"})


async def test_a_defect_gives_nothing_away_but_the_request_id(trial: httpx.AsyncClient) -> None:
    answer = await trial.get("/try/defect")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/try/database-away", "/try/pool-empty"])
async def test_without_the_database_the_caller_is_told_when_to_come_again(trial: httpx.AsyncClient, path: str) -> None:
    answer = await trial.get(path)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


@pytest_asyncio.fixture
async def checked_late(db: Database) -> AsyncIterator[None]:
    """A table that looks at its rows at the commit only."""
    async with db.transaction() as uow:
        await uow.run("drop table if exists checked_late, numbers_known")
        await uow.run("create table numbers_known (n int primary key)")
        await uow.run(
            "create table checked_late (n int references numbers_known deferrable initially deferred,"
            " unique (n) deferrable initially deferred)"
        )
    yield
    async with db.transaction() as uow:
        await uow.run("drop table checked_late, numbers_known")


async def rows_written(db: Database) -> int:
    async with db.transaction() as uow:
        return await uow.value("select count(*) from checked_late")


@pytest.mark.usefixtures("checked_late")
async def test_a_commit_that_fails_is_a_500_and_leaves_no_row(trial: httpx.AsyncClient, db: Database) -> None:
    async with db.transaction() as uow:
        await uow.run("insert into numbers_known values (7)")
    assert (await trial.post("/try/failing-commit")).status_code == 500
    assert await rows_written(db) == 0


@pytest.mark.usefixtures("checked_late")
async def test_naming_what_is_gone_by_the_commit_can_be_tried_again(trial: httpx.AsyncClient, db: Database) -> None:
    answer = await trial.post("/try/failing-commit")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:ringdesk:problem:gone_meanwhile")
    assert await rows_written(db) == 0


async def test_a_text_with_a_nul_is_the_callers_mistake(as_ada: httpx.AsyncClient) -> None:
    answer = await as_ada.post(
        "/api/v1/accounts", json={"email": "a\u0000b@example.com", "name": "A", "roles": ["agent"], "password": "0123456789"}
    )
    assert answer.status_code == 422


async def test_answers_carry_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/", "/healthz", "/api/v1/nothing"):
        headers = (await client.get(path)).headers
        assert "default-src 'none'; script-src 'self';" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    assert (await client.get("/api/v1/nothing")).headers["cache-control"] == "no-store"


def test_a_permitted_null_and_a_missing_optional_field_are_fine() -> None:
    errors = FieldErrors()
    collect({"name": "Bo", "addresses": [], "number": None}, Body, "", errors)
    assert errors.items == []


class TestUnreadable:
    @pytest.mark.parametrize("body", [b'{"email":"\xff","password":"x"}', b"[" * 100_000, b'{"email":', b"\x00"])
    async def test_a_body_that_is_no_json_is_a_bad_request(self, client: httpx.AsyncClient, body: bytes) -> None:
        answer = await client.post("/api/v1/auth/login", content=body, headers={"content-type": "application/json"})

        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"

    async def test_a_form_part_that_is_no_text_is_a_bad_request(self, as_ada: httpx.AsyncClient) -> None:
        form = b'--b\r\nContent-Disposition: form-data; name="start"\r\n\r\n\xff\xfe\r\n--b--\r\n'

        answer = await as_ada.post("/api/v1/imports", content=form, headers={"content-type": "multipart/form-data; boundary=b"})

        assert answer.status_code == 400, answer.text

    async def test_an_address_with_a_null_byte_is_not_found(self, client: httpx.AsyncClient) -> None:
        assert (await client.get("/assets/%00")).status_code == 404


@pytest.mark.parametrize(
    ("value", "kind", "code", "sentence"),
    [
        ("", Annotated[str, Meta(min_length=1)], "required", "This is needed."),
        ("short", Annotated[str, Meta(min_length=10)], "too_short", "At least 10 characters are needed."),
        ("long", Annotated[str, Meta(max_length=3)], "too_long", "At most 3 characters fit. Shorten it."),
        ([1, 2], Annotated[list[int], Meta(max_length=1)], "too_long", "At most 1 can be given."),
        (3601, Annotated[int, Meta(le=3600)], "too_large", "The greatest value is 3600."),
        (-1, Annotated[int, Meta(ge=0)], "too_small", "The smallest value is 0."),
        ("x", int, "wrong_type", "Give a whole number."),
        (None, str, "wrong_type", "Give text."),
        ("red", Literal["green", "blue"], "invalid_choice", "'red' is none of the choices."),
        ("x", UUID, "invalid_format", "This is no UUID."),
        ("soon", datetime, "invalid_format", "Write a moment as 2026-11-22T10:30:00Z."),
        ("a", Annotated[str, Meta(pattern="^[0-9]$", description="Give one digit.")], "invalid_format", "Give one digit."),
    ],
)
def test_what_is_wrong_is_said_in_words_for_people(value: object, kind: object, code: str, sentence: str) -> None:
    errors = FieldErrors()
    collect(value, kind, "field", errors)
    assert [(one.field, one.code, one.message) for one in errors.items] == [("field", code, sentence)]


async def test_the_character_nul_is_named_with_its_field(as_aiko: httpx.AsyncClient) -> None:
    body = {"first_name": "a\0", "addresses": [{"street": "b\0"}]}
    answer = await as_aiko.post("/api/v1/customers", json=body)
    assert {error["field"]: error["code"] for error in answer.json()["errors"]} == {
        "first_name": "control_characters",
        "addresses[0].street": "control_characters",
    }
    asked = await as_aiko.get("/api/v1/tags", params={"q": "a\0"})
    assert [error["field"] for error in asked.json()["errors"]] == ["q"]
