"""Imports over HTTP: upload, mapping, start, cancel, refused rows; who may, and what is refused."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from ringdesk.features.customers.imports import engine, service
from ringdesk.features.customers.imports.engine import Files
from ringdesk.features.customers.imports.jobs import resume_imports
from ringdesk.kit.crypto import open_vault
from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import Bus
from ringdesk.kit.jobs import JobContext
from ringdesk.kit.settings import Settings

IMPORTS = "/api/v1/imports"
TABLE = "Name;Phone;E-mail\r\nÅsa Öberg;020 7946 0018;asa@example.com\r\nSven;call me;sven@example.com\r\n"


async def upload(
    client: httpx.AsyncClient, content: bytes = TABLE.encode(), *, name: str = "customers.csv", **parts: str
) -> httpx.Response:
    return await client.post(IMPORTS, files={"file": (name, content, "text/csv")}, data=parts)


async def carry_out(db: Database, settings: Settings, begun: dict[str, Any]) -> None:
    await engine.run(db, settings.data_dir, UUID(begun["id"]))


async def queued(db: Database) -> list[str]:
    async with db.transaction() as uow:
        return await uow.values("select args ->> 'import_id' from procrastinate_jobs where task_name = 'customers.run_import' order by id")


async def test_a_supervisor_uploads_a_file_and_its_rows_become_customers(
    as_sven: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    answer = await upload(as_sven)
    assert answer.status_code == 201
    begun = answer.json()
    assert begun["state"] == "running"
    assert begun["mapping"] == {"Name": "name", "Phone": "phone_1", "E-mail": "email"}
    assert begun["total_rows"] == 2
    assert await queued(db) == [begun["id"]]
    await carry_out(db, settings, begun)
    ended = (await as_sven.get(f"{IMPORTS}/{begun['id']}")).json()
    assert {key: ended[key] for key in ("state", "read", "created", "updated", "ignored", "refused")} == {
        "state": "done",
        "read": 2,
        "created": 1,
        "updated": 0,
        "ignored": 0,
        "refused": 1,
    }
    assert ended["sample"] == []
    assert (await as_sven.get("/api/v1/customers/lookup", params={"phone": "+442079460018"})).json()["matches"][0]["customer"][
        "display_name"
    ] == "Åsa Öberg"
    assert [item["id"] for item in (await as_sven.get(IMPORTS)).json()["items"]] == [begun["id"]]
    assert not Files(settings.data_dir).upload(UUID(begun["id"])).exists()


async def test_the_refused_rows_are_a_file_for_a_spreadsheet(as_sven: httpx.AsyncClient, db: Database, settings: Settings) -> None:
    begun = (await upload(as_sven, name="Kunder 2026.csv")).json()
    assert (await as_sven.get(f"{IMPORTS}/{begun['id']}/refused.csv")).status_code == 404
    await carry_out(db, settings, begun)
    answer = await as_sven.get(f"{IMPORTS}/{begun['id']}/refused.csv")
    assert answer.status_code == 200
    assert "Kunder%202026" in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "Name;Phone;E-mail;line;reason",
        'Sven;call me;sven@example.com;3;"Phone “call me”: A telephone number has digits only; remove “call me”."',
    ]


async def test_a_mapping_can_be_looked_at_and_changed_before_the_start(
    as_sven: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    kept = (await upload(as_sven, b"Who,Where\nAda,020 7946 0018\n", start="false")).json()
    assert (kept["state"], kept["mapping"], kept["sample"]) == ("uploaded", {}, [["Ada", "020 7946 0018"]])
    assert await queued(db) == []
    refused = await as_sven.post(f"{IMPORTS}/{kept['id']}/start", json={})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "no_usable_column"
    begun = await as_sven.post(f"{IMPORTS}/{kept['id']}/start", json={"mapping": {"Who": "name", "Where": "phone_1"}})
    assert begun.status_code == 200
    assert begun.json()["state"] == "running"
    await carry_out(db, settings, kept)
    assert (await as_sven.get(f"{IMPORTS}/{kept['id']}")).json()["created"] == 1
    again = await as_sven.post(f"{IMPORTS}/{kept['id']}/start", json={})
    assert again.status_code == 409
    assert "done" in again.json()["detail"]


async def test_a_mapping_can_come_with_the_file(as_sven: httpx.AsyncClient) -> None:
    begun = (await upload(as_sven, b"Who,Where\nAda,020 7946 0018\n", mapping='{"Who": "name"}')).json()
    assert (begun["state"], begun["mapping"]) == ("running", {"Who": "name"})


async def test_a_cancelled_import_can_go_on(
    as_sven: httpx.AsyncClient, as_ada: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    begun = (await upload(as_sven)).json()
    cancelled = await as_ada.post(f"{IMPORTS}/{begun['id']}/cancel")
    assert cancelled.status_code == 200
    assert (cancelled.json()["state"], cancelled.json()["detail"]) == ("cancelled", "Cancelled by Ada.")
    await carry_out(db, settings, begun)
    assert (await as_sven.get(f"{IMPORTS}/{begun['id']}")).json()["read"] == 0
    assert (await as_ada.post(f"{IMPORTS}/{begun['id']}/cancel")).status_code == 409
    assert (await as_sven.post(f"{IMPORTS}/{begun['id']}/start")).status_code == 200
    await carry_out(db, settings, begun)
    assert (await as_sven.get(f"{IMPORTS}/{begun['id']}")).json()["created"] == 1


async def test_an_import_whose_process_died_is_queued_again(as_sven: httpx.AsyncClient, db: Database, settings: Settings) -> None:
    begun = (await upload(as_sven)).json()
    await resume_imports(JobContext(db, settings, Bus(db), open_vault(settings)))
    assert await queued(db) == [begun["id"], begun["id"]]


async def test_every_step_is_in_the_audit_trail(as_sven: httpx.AsyncClient, db: Database) -> None:
    begun = (await upload(as_sven)).json()
    await as_sven.post(f"{IMPORTS}/{begun['id']}/cancel")
    await as_sven.post(f"{IMPORTS}/{begun['id']}/start")
    async with db.transaction() as uow:
        found = await uow.values("select action from audit_entry where entity = 'import' and entity_id = %s order by id", [begun["id"]])
    assert found == ["import.started", "import.cancelled", "import.started"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"Name,Phone\n", "no_rows"),
        (b"PK\x03\x04" + b"\x00" * 100, "broken_workbook"),
        (bytes(range(256)) * 8, "not_text"),
        (b"Colour,Size\nred,7\n", "no_usable_column"),
    ],
)
async def test_a_file_that_cannot_be_imported_is_refused_and_not_kept(
    as_sven: httpx.AsyncClient, settings: Settings, content: bytes, code: str
) -> None:
    kept_before = set(Files(settings.data_dir).folder.glob("*"))
    answer = await upload(as_sven, content)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert [error["code"] for error in answer.json()["errors"]] == [code]
    assert set(Files(settings.data_dir).folder.glob("*")) == kept_before
    assert (await as_sven.get(IMPORTS)).json()["items"] == []


async def test_a_file_larger_than_other_requests_may_be_is_taken(as_sven: httpx.AsyncClient) -> None:
    answer = await upload(as_sven, b"Name,Note\n" + (b"Ada," + b"x" * 1_000 + b"\n") * 3_000, start="false")
    assert answer.status_code == 201
    assert answer.json()["total_rows"] == 3_000


async def test_a_file_beyond_the_limit_is_refused_and_not_kept(
    as_sven: httpx.AsyncClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LARGEST_FILE", 1_000)
    answer = await upload(as_sven, b"Name\n" + b"Ada\n" * 1_000)
    assert [error["code"] for error in answer.json()["errors"]] == ["too_large"]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"mapping": "not json"}, "mapping"),
        ({"mapping": "[1]"}, "mapping"),
        ({"mapping": '{"Nobody": "name"}'}, "mapping.Nobody"),
        ({"start": "maybe"}, "start"),
    ],
)
async def test_bad_parts_of_an_upload_are_named(as_sven: httpx.AsyncClient, parts: dict[str, str], field: str) -> None:
    answer = await upload(as_sven, TABLE.encode(), name="customers.csv", **parts)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def test_an_upload_without_a_file_is_told_so(as_sven: httpx.AsyncClient) -> None:
    answer = await as_sven.post(IMPORTS, files={"mapping": (None, "{}")})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "file"


async def test_agents_may_not_import(as_aiko: httpx.AsyncClient) -> None:
    assert (await upload(as_aiko)).status_code == 403
    assert (await as_aiko.get(IMPORTS)).status_code == 403


@pytest.mark.parametrize(("method", "rest"), [("GET", ""), ("POST", "/start"), ("POST", "/cancel"), ("GET", "/refused.csv")])
async def test_an_import_that_is_not_there_is_not_found(as_sven: httpx.AsyncClient, method: str, rest: str) -> None:
    assert (await as_sven.request(method, f"{IMPORTS}/{uuid4()}{rest}")).status_code == 404


async def test_a_file_name_never_becomes_a_path(as_sven: httpx.AsyncClient, settings: Settings) -> None:
    begun = (await upload(as_sven, name="../../etc/passwd.csv", start="false")).json()
    assert [path.name for path in Files(settings.data_dir).folder.glob(f"{begun['id']}*")] == [f"{begun['id']}.csv"]
    assert not Path(begun["file_name"]).is_absolute()


KEYED = "Name;Phone;E-mail\r\nÅsa;4001;asa@example.com\r\nSven;call me;\r\nÅsa Ö;4001;\r\nEva;;eva@example.com\r\n"


async def test_a_check_counts_what_a_run_would_do_and_writes_nothing(as_sven: httpx.AsyncClient, db: Database, settings: Settings) -> None:
    kept = (await upload(as_sven, KEYED.encode(), start="false")).json()
    checking = await as_sven.post(f"{IMPORTS}/{kept['id']}/check", json={"key": "phone", "on_duplicate": "update"})
    assert checking.status_code == 200, checking.text
    assert (checking.json()["state"], checking.json()["check"]["read"]) == ("checking", 0)
    assert await queued(db) == [kept["id"]]
    await carry_out(db, settings, kept)
    checked = (await as_sven.get(f"{IMPORTS}/{kept['id']}")).json()
    assert (checked["state"], checked["key"], checked["on_duplicate"]) == ("checked", "phone", "update")
    assert checked["check"] == {
        "read": 4,
        "created": 2,
        "updated": 1,
        "ignored": 0,
        "refused": 1,
        "in_base": 0,
        "in_file": 1,
        "without_key": 1,
    }
    [refused] = checked["refused_sample"]
    assert (refused["line"], refused["cells"]) == (3, ["Sven", "call me", ""])
    assert (await as_sven.get("/api/v1/customers")).json()["total"] == 0
    report = await as_sven.get(f"{IMPORTS}/{kept['id']}/refused.csv")
    assert report.content.decode("utf-8-sig").splitlines()[1].startswith("Sven;call me;;3;")

    begun = await as_sven.post(f"{IMPORTS}/{kept['id']}/start")
    assert (begun.status_code, begun.json()["state"], begun.json()["refused_sample"]) == (200, "running", [])
    await carry_out(db, settings, kept)
    done = (await as_sven.get(f"{IMPORTS}/{kept['id']}")).json()
    assert [done[name] for name in ("created", "updated", "ignored", "refused")] == [2, 1, 0, 1]


async def test_a_check_that_is_stopped_leaves_the_import_as_it_was(as_sven: httpx.AsyncClient, db: Database, settings: Settings) -> None:
    kept = (await upload(as_sven, start="false")).json()
    await as_sven.post(f"{IMPORTS}/{kept['id']}/check")
    stopped = (await as_sven.post(f"{IMPORTS}/{kept['id']}/cancel")).json()
    assert (stopped["state"], stopped["check"]) == ("uploaded", None)
    await carry_out(db, settings, kept)
    assert (await as_sven.get(f"{IMPORTS}/{kept['id']}")).json()["state"] == "uploaded"


async def test_another_check_takes_the_place_of_one_that_is_under_way(as_sven: httpx.AsyncClient, db: Database, settings: Settings) -> None:
    kept = (await upload(as_sven, start="false")).json()
    await as_sven.post(f"{IMPORTS}/{kept['id']}/check")
    refused = await as_sven.post(f"{IMPORTS}/{kept['id']}/check")
    assert refused.status_code == 409
    await as_sven.post(f"{IMPORTS}/{kept['id']}/cancel")
    await as_sven.post(f"{IMPORTS}/{kept['id']}/check", json={"mapping": {"Name": "name"}})
    await carry_out(db, settings, kept)
    checked = (await as_sven.get(f"{IMPORTS}/{kept['id']}")).json()
    assert (checked["state"], checked["mapping"], checked["check"]["created"]) == ("checked", {"Name": "name"}, 2)


async def test_a_key_can_come_with_the_file(as_sven: httpx.AsyncClient, db: Database, settings: Settings) -> None:
    begun = (await upload(as_sven, KEYED.encode(), key="phone", on_duplicate="fill")).json()
    await carry_out(db, settings, begun)
    done = (await as_sven.get(f"{IMPORTS}/{begun['id']}")).json()
    assert (done["key"], done["on_duplicate"], done["created"], done["updated"]) == ("phone", "fill", 2, 1)


@pytest.mark.parametrize(
    ("choices", "field", "code"),
    [
        ({"key": "shoe_size"}, "key", "not_an_option"),
        ({"key": "external_id"}, "key", "not_mapped"),
        ({"key": "phone", "on_duplicate": "destroy"}, "on_duplicate", "invalid_choice"),
        ({"mapping": {"Nobody": "name"}}, "mapping.Nobody", "unknown_column"),
        ({"sheet": "2"}, "sheet", "unknown_field"),
    ],
)
async def test_choices_that_cannot_be_made_are_named(as_sven: httpx.AsyncClient, choices: dict[str, Any], field: str, code: str) -> None:
    kept = (await upload(as_sven, start="false")).json()
    for act in ("check", "start"):
        answer = await as_sven.post(f"{IMPORTS}/{kept['id']}/{act}", json=choices)
        assert answer.status_code in (400, 422), answer.text
        assert (answer.json()["errors"][0]["field"], answer.json()["errors"][0]["code"]) == (field, code)
    assert (await as_sven.get(f"{IMPORTS}/{kept['id']}")).json()["state"] == "uploaded"


async def test_an_import_is_undone_and_what_stays_is_listed(as_sven: httpx.AsyncClient, db: Database, settings: Settings) -> None:
    begun = (await upload(as_sven, KEYED.encode())).json()
    assert (await as_sven.post(f"{IMPORTS}/{begun['id']}/undo")).status_code == 409
    await carry_out(db, settings, begun)
    rows = (await as_sven.get("/api/v1/customers")).json()["items"]
    eva = next(row for row in rows if row["display_name"] == "Eva")
    await as_sven.patch(f"/api/v1/customers/{eva['id']}", json={"last_name": "Ek"}, headers={"if-match": '"1"'})
    undoing = await as_sven.post(f"{IMPORTS}/{begun['id']}/undo")
    assert (undoing.status_code, undoing.json()["state"]) == (200, "undoing")
    await carry_out(db, settings, begun)
    undone = (await as_sven.get(f"{IMPORTS}/{begun['id']}")).json()
    assert (undone["state"], undone["undo"]) == ("undone", {"removed": 2, "restored": 0, "kept": 1, "gone": 0, "by_name": "Sven"})
    kept = (await as_sven.get(f"{IMPORTS}/{begun['id']}/kept")).json()
    assert kept == {
        "items": [
            {
                "id": eva["id"],
                "number": eva["number"],
                "display_name": "Eva Ek",
                "reason": "changed",
                "fields": ["last_name"],
                "by_name": "Sven",
            }
        ],
        "next_after": None,
    }
    assert (await as_sven.get("/api/v1/customers")).json()["total"] == 1


async def test_agents_may_neither_check_nor_undo(as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient) -> None:
    kept = (await upload(as_sven, start="false")).json()
    for act in ("check", "undo"):
        assert (await as_aiko.post(f"{IMPORTS}/{kept['id']}/{act}")).status_code == 403
