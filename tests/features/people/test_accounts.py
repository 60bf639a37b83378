"""What administrators do with accounts and keys."""

import httpx
import pytest

from ringdesk.features.people import SCOPES, create_user
from ringdesk.kit.db import Database
from ringdesk.kit.problems import InvalidFields
from tests.support.people import PASSWORD, People

ACCOUNTS = "/api/v1/accounts"
KEYS = "/api/v1/api-keys"
NEW = {"email": "Chloe@example.com", "name": "Chloé", "roles": ["agent"], "password": "ten letters", "team": "South", "extension": "2004"}


class TestCreate:
    async def test_a_new_person_can_sign_in(self, as_ada: httpx.AsyncClient, client: httpx.AsyncClient) -> None:
        answer = await as_ada.post(ACCOUNTS, json=NEW)
        assert answer.status_code == 201, answer.text
        assert (answer.json()["team"]["name"], answer.json()["active"]) == ("South", True)
        signed_in = await client.post("/api/v1/auth/login", json={"email": "chloe@example.com", "password": "ten letters"})
        assert signed_in.json()["user"]["name"] == "Chloé"

    async def test_everything_that_is_taken_is_told_at_once(self, as_ada: httpx.AsyncClient) -> None:
        answer = await as_ada.post(ACCOUNTS, json=NEW | {"email": "AIKO@example.com", "extension": "2001"})
        assert (answer.status_code, {e["field"]: e["code"] for e in answer.json()["errors"]}) == (
            422,
            {"email": "taken", "extension": "taken"},
        )

    async def test_everything_that_is_wrong_is_told_at_once(self, as_ada: httpx.AsyncClient) -> None:
        answer = await as_ada.post(ACCOUNTS, json={"email": "x", "name": "", "roles": ["boss"], "password": "short", "extension": "12a"})
        assert {e["field"] for e in answer.json()["errors"]} == {"email", "name", "roles[0]", "password", "extension"}

    async def test_the_audit_trail_knows_who_made_whom_and_no_password(
        self, as_ada: httpx.AsyncClient, people: People, db: Database
    ) -> None:
        made = (await as_ada.post(ACCOUNTS, json=NEW | {"team": "North"})).json()["id"]
        async with db.transaction() as uow:
            cursor = await uow.conn.execute("select actor_id, action, entity_id::text, after::text from audit_entry")
            rows = await cursor.fetchall()
        assert [row[:3] for row in rows] == [(people.ada.id, "account.created", made)]
        assert "ten letters" not in rows[0][3]
        assert "argon2" not in rows[0][3]


class TestChange:
    async def test_only_what_is_sent_changes(self, as_ada: httpx.AsyncClient, people: People) -> None:
        answer = await as_ada.patch(f"{ACCOUNTS}/{people.aiko.id}", json={"extension": None, "team": "South"})
        assert answer.status_code == 200, answer.text
        changed = answer.json()
        assert (changed["name"], changed["roles"], changed["extension"], changed["team"]["name"]) == ("Aiko", ["agent"], None, "South")

    @pytest.mark.parametrize("patch", [{"roles": ["supervisor"]}, {"password": "another secret"}, {"active": False}])
    async def test_new_rights_a_new_password_and_switching_off_end_every_session(
        self, as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, people: People, patch: dict[str, object]
    ) -> None:
        assert (await as_ada.patch(f"{ACCOUNTS}/{people.aiko.id}", json=patch)).status_code == 200
        assert (await as_aiko.get("/api/v1/auth/session")).status_code == 401

    async def test_a_new_name_ends_no_session(self, as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, people: People) -> None:
        await as_ada.patch(f"{ACCOUNTS}/{people.aiko.id}", json={"name": "Aiko T."})
        assert (await as_aiko.get("/api/v1/auth/session")).json()["user"]["name"] == "Aiko T."

    async def test_who_was_switched_off_can_not_sign_in_and_leaves_the_extension_to_others(
        self, as_ada: httpx.AsyncClient, client: httpx.AsyncClient, people: People
    ) -> None:
        await as_ada.patch(f"{ACCOUNTS}/{people.aiko.id}", json={"active": False})
        assert (await client.post("/api/v1/auth/login", json={"email": "aiko@example.com", "password": PASSWORD})).status_code == 401
        assert (await as_ada.patch(f"{ACCOUNTS}/{people.bilal.id}", json={"extension": "2001"})).status_code == 200
        again = await as_ada.patch(f"{ACCOUNTS}/{people.aiko.id}", json={"active": True})
        assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "extension")

    @pytest.mark.parametrize("patch", [{"active": False}, {"roles": ["agent"]}])
    async def test_the_last_administrator_stays_one(self, as_ada: httpx.AsyncClient, people: People, patch: dict[str, object]) -> None:
        answer = await as_ada.patch(f"{ACCOUNTS}/{people.ada.id}", json=patch)
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:ringdesk:problem:last_administrator")

    async def test_nobody_is_404(self, as_ada: httpx.AsyncClient, people: People) -> None:
        assert (await as_ada.patch(f"{ACCOUNTS}/{people.team_id}", json={"name": "X"})).status_code == 404


class TestKeys:
    async def test_a_key_is_shown_once_and_stored_as_a_digest(
        self, as_ada: httpx.AsyncClient, client: httpx.AsyncClient, db: Database
    ) -> None:
        made = (await as_ada.post(KEYS, json={"name": "CRM", "scopes": ["customers:read"]})).json()
        key = made["key"]
        listed = (await as_ada.get(KEYS)).json()["items"]
        assert [entry["name"] for entry in listed] == ["CRM"]
        assert key not in str(listed)
        async with db.transaction() as uow:
            assert await uow.value("select count(*) from api_key where api_key::text like '%%' || %s || '%%'", [key[12:]]) == 0
        answer = await client.get("/api/v1/customers", headers={"authorization": f"Bearer {key}"})
        assert answer.status_code == 200
        assert (await as_ada.get(KEYS)).json()["items"][0]["last_used_at"]

    async def test_a_key_needs_no_origin_and_its_word_counts_more_than_a_cookie(
        self, as_aiko: httpx.AsyncClient, as_ada: httpx.AsyncClient
    ) -> None:
        key = (await as_ada.post(KEYS, json={"name": "CRM", "scopes": ["people:read"]})).json()["key"]
        headers = {"authorization": f"Bearer {key}", "sec-fetch-site": "cross-site"}
        assert (await as_aiko.get("/api/v1/users", headers=headers)).status_code == 200
        assert (await as_aiko.get("/api/v1/customers", headers=headers)).status_code == 403

    @pytest.mark.parametrize("value", ["Bearer nonsense", "Bearer ", "Basic YTpi", "nonsense"])
    async def test_a_bad_key_is_refused_even_with_a_good_session(self, as_aiko: httpx.AsyncClient, value: str) -> None:
        assert (await as_aiko.get("/api/v1/users", headers={"authorization": value})).status_code == 401

    async def test_unknown_scopes_and_taken_names_are_told(self, as_ada: httpx.AsyncClient) -> None:
        assert (await as_ada.post(KEYS, json={"name": "CRM", "scopes": ["desk:use"]})).status_code == 422
        assert (await as_ada.post(KEYS, json={"name": "CRM", "scopes": list(SCOPES)})).status_code == 201
        again = await as_ada.post(KEYS, json={"name": "CRM", "scopes": list(SCOPES)})
        assert (again.status_code, again.json()["errors"][0]["code"]) == (422, "taken")


class TestCommand:
    async def test_a_bad_account_is_refused_with_everything_that_is_wrong(self, db: Database) -> None:
        with pytest.raises(InvalidFields) as refused:
            await create_user(db, email="", name="", roles=[], password="short", extension="abc", language="fr")
        assert {error.field for error in refused.value.errors} == {"email", "name", "roles", "password", "extension", "language"}


class TestNames:
    async def test_names_are_lines_with_something_to_be_seen(self, as_ada: httpx.AsyncClient, people: People) -> None:
        for bad in ("   ", "\u200b", "a\nb"):
            answer = await as_ada.patch(f"{ACCOUNTS}/{people.aiko.id}", json={"name": bad, "team": "North"})
            assert [error["field"] for error in answer.json()["errors"]] == ["name"], bad
            assert (await as_ada.patch(f"{ACCOUNTS}/{people.aiko.id}", json={"team": bad})).status_code == 422
        assert (await as_ada.patch(f"{ACCOUNTS}/{people.aiko.id}", json={"name": "  Aiko   T. "})).json()["name"] == "Aiko T."

    async def test_a_team_is_found_in_whatever_case(self, as_ada: httpx.AsyncClient, people: People) -> None:
        answer = await as_ada.patch(f"{ACCOUNTS}/{people.aiko.id}", json={"team": " north "})
        assert answer.json()["team"] == {"id": str(people.team_id), "name": "North"}

    async def test_an_extension_ends_where_it_ends(self, as_ada: httpx.AsyncClient, people: People) -> None:
        answer = await as_ada.patch(f"{ACCOUNTS}/{people.bilal.id}", json={"extension": "2001\n"})
        assert [error["message"] for error in answer.json()["errors"]] == ["An extension has 1 to 15 digits, * or #."]


class TestTrail:
    async def test_a_new_password_is_told_without_it_and_nothing_else(self, as_ada: httpx.AsyncClient, people: People) -> None:
        await as_ada.patch(f"{ACCOUNTS}/{people.aiko.id}", json={"password": "another secret"})
        await as_ada.patch(f"{ACCOUNTS}/{people.aiko.id}", json={"name": "Aiko"})
        [told] = (await as_ada.get("/api/v1/audit", params={"entity_id.eq": str(people.aiko.id)})).json()["items"]
        assert (told["action"], told["before"], told["after"]) == ("account.password_set", None, None)


class TestKeysThatAdminister:
    async def test_nobody_gives_what_they_lack(self, as_ada: httpx.AsyncClient, client: httpx.AsyncClient, people: People) -> None:
        key = (await as_ada.post(KEYS, json={"name": "staff sync", "scopes": ["people:read", "people:write"]})).json()["key"]
        headers = {"authorization": f"Bearer {key}"}
        refused = [
            await client.post(ACCOUNTS, json=NEW | {"roles": ["administrator"]}, headers=headers),
            await client.patch(f"{ACCOUNTS}/{people.ada.id}", json={"password": "another secret"}, headers=headers),
            await client.patch(f"{ACCOUNTS}/{people.aiko.id}", json={"roles": ["administrator"]}, headers=headers),
            await client.post(KEYS, json={"name": "more", "scopes": ["audit:read"]}, headers=headers),
        ]
        assert [answer.status_code for answer in refused] == [403] * 4
        assert (await client.post(ACCOUNTS, json=NEW, headers=headers)).status_code == 201
        assert (await client.post(KEYS, json={"name": "less", "scopes": ["people:read"]}, headers=headers)).status_code == 201
