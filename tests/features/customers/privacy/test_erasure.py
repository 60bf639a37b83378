"""Erasure really erases: no marker of a customer is left in any column of any table, in any file, or in what the program logged."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import pytest
from psycopg.types.json import Jsonb

from ringdesk.features.customers.bulk import engine as bulk
from ringdesk.features.customers.imports import engine as imports
from ringdesk.features.customers.privacy import searching
from ringdesk.features.interactions.recordings import jobs
from ringdesk.kit.crypto import open_vault
from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import Bus
from ringdesk.kit.ids import new_id
from ringdesk.kit.jobs import JobContext
from ringdesk.kit.settings import Settings
from tests.features.interactions.test_recordings import sound
from tests.support.everywhere import found_anywhere
from tests.support.people import People

NUMBER, MAIL = "020 7946 0981", "zq.marker@example.com"
# Every text that is put in has this in it; numbers and addresses are looked for besides.
MARKER = "Zqmarker"
EVERYTHING = [MARKER, "2079460981", "7946 0981", MAIL]
FILE = f"first_name,last_name,phone_1,email,city\nEd,{MARKER},{NUMBER},{MAIL},{MARKER}stad\nEd,{MARKER},12,{MAIL},\n"
# Where a customer's values lie when everything was done with them that can be done: seeded below, and found in the catalogue.
PLACES = {
    *("customer", "customer_identity", "customer_merge", "customer_merge_row", "interaction", "activity", "activity_comment"),
    *("request", "request_choice", "interaction_move", "call", "tag", "audit_entry", "event_log", "import", "import_change"),
    *("bulk_edit_item", "list_view", "fact_key", "recording"),
}


async def ok(answer: httpx.Response) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


async def a_life(
    ada: httpx.AsyncClient, sven: httpx.AsyncClient, aiko: httpx.AsyncClient, db: Database, settings: Settings, people: People
) -> Any:
    """A customer with whom everything was done that leaves a trace; the card as it is in the end."""
    await ok(await ada.post("/api/v1/customer-attributes", json={"label": "Shoe", "type": {"type": "text"}}))
    await ok(await ada.post("/api/v1/customer-attributes", json={"label": "Passport", "type": {"type": "text"}, "privacy": "sensitive"}))
    upload = await sven.post("/api/v1/imports", files={"file": ("people.csv", FILE.encode(), "text/csv")}, data={"key": "email"})
    import_id = UUID((await ok(upload))["id"])
    await imports.run(db, settings.data_dir, import_id)
    second = FILE.replace("stad", "by").replace("Ed,", f"Edvard {MARKER},")
    upload = await sven.post(
        "/api/v1/imports", files={"file": ("again.csv", second.encode(), "text/csv")}, data={"key": "email", "on_duplicate": "update"}
    )
    await imports.run(db, settings.data_dir, UUID((await ok(upload))["id"]))
    kept = await ok(await sven.post("/api/v1/imports", files={"file": ("kept.csv", FILE.encode(), "text/csv")}, data={"start": "false"}))
    await ok(await sven.post(f"/api/v1/imports/{kept['id']}/check"))
    await imports.run(db, settings.data_dir, UUID(kept["id"]))
    [card] = (await ok(await aiko.get("/api/v1/customers", params={"q": MARKER})))["items"]
    path = f"/api/v1/customers/{card['id']}"

    async def edit(**fields: Any) -> None:
        await ok(await aiko.patch(path, json=fields, headers={"if-match": f'"{(await ok(await aiko.get(path)))["version"]}"'}))

    await edit(attributes={"shoe": f"{MARKER} shoe", "passport": f"{MARKER}-1"}, external_id=f"{MARKER}-77")
    await edit(addresses=[{"street": f"{MARKER} street", "city": f"{MARKER} city"}], company_name=f"{MARKER} Ltd")
    await ok(await aiko.post(f"{path}/identities", json={"kind": "chat", "value": f"{MARKER}@chat"}))
    other = await ok(await aiko.post("/api/v1/customers", json={"first_name": f"{MARKER} twin", "email": f"twin.{MAIL}"}))
    await ok(await aiko.post(f"{path}/merge", json={"other_id": other["id"]}))
    change = {"ids": [card["id"]], "change": {"company_name": f"{MARKER} Group", "attributes": {"shoe": f"{MARKER} boot"}}}
    edit_id = UUID((await ok(await sven.post("/api/v1/bulk-edits", json=change)))["id"])
    await ok(await sven.post(f"/api/v1/bulk-edits/{edit_id}/start"))
    await bulk.run(db, edit_id, region="GB")
    # The text of a bulk edit is what somebody wrote for many customers, not this one's: only what it did to this card is.
    async with db.transaction() as uow:
        await uow.run("update bulk_edit set change = %s where id = %s", [Jsonb({"company_name": "Group"}), edit_id])

    called = await talk(ada, aiko, card["id"])
    await converse(ada, sven, aiko, card["id"], called)
    field = await ok(await ada.post("/api/v1/activity-fields", json={"label": "Order", "type": {"type": "text"}}))
    await ok(await ada.put("/api/v1/field-sets/voice", json={"fields": [{"key": field["key"], "required": False}]}))
    [leg] = [one for one in (await ok(await aiko.get(f"/api/v1/interactions/{called}")))["activities"] if one["kind"] == "agent"]
    await ok(await aiko.patch(f"/api/v1/activities/{leg['id']}", json={"fields": {field["key"]: f"{MARKER} order"}}))
    recording = {"file": (f"{MARKER}.wav", sound() + MARKER.encode(), "audio/wav")}
    await ok(await sven.post(f"/api/v1/interactions/{called}/recordings", files=recording))
    await ok(await aiko.post("/api/v1/views", json={"list": "customers", "name": "Mine", "query": f"email.eq={MAIL}"}))
    return await ok(await aiko.get(path))


async def talk(ada: httpx.AsyncClient, aiko: httpx.AsyncClient, customer_id: str) -> str:
    """A call from the customer to Aiko, from ringing to its end; the interaction."""
    call = {"caller_phone_number": NUMBER, "call_agent_extension": "2001", "call_id": f"{MARKER}-call"}
    for event in ("ringing", "answered", "ended"):
        told = await ok(await ada.post("/api/v1/telephony/events", json={**call, "event": event}))
    assert told["customer_ids"] == [customer_id]
    return told["interaction_id"]


async def converse(ada: httpx.AsyncClient, sven: httpx.AsyncClient, aiko: httpx.AsyncClient, customer_id: str, interaction_id: str) -> None:
    """What agents write about a conversation."""
    journey = await ok(await aiko.get(f"/api/v1/customers/{customer_id}/journey"))
    leg = next(one for item in journey["items"] for one in item["activities"] if one["kind"] == "agent")
    await ok(await aiko.post(f"/api/v1/activities/{leg['id']}/comments", json={"text": f"{MARKER} said so"}))
    await ok(await aiko.put(f"/api/v1/activities/{leg['id']}/tags", json={"tags": [f"{MARKER} tag"]}))
    await ok(await aiko.post(f"/api/v1/activities/{leg['id']}/wrap-up", json={"code": "resolved", "note": f"{MARKER} note"}))
    made = {"customer_id": customer_id, "type": "question", "title": f"{MARKER} title", "description": f"{MARKER} description"}
    request = await ok(await aiko.post("/api/v1/requests", json=made))
    await ok(await sven.patch(f"/api/v1/interactions/{interaction_id}", json={"request_id": request["id"], "reason": f"{MARKER} reason"}))
    again = await ok(await aiko.post("/api/v1/requests", json={**made, "title": f"{MARKER} again"}))
    moved = {"request_id": again["id"], "reason": f"{MARKER} moved"}
    await ok(await sven.post(f"/api/v1/interactions/{interaction_id}/move", json=moved))
    pushed = {
        "source": "chat",
        "external_id": f"{MARKER}-push",
        "channel": "chat",
        "direction": "inbound",
        "address": f"{MARKER}@chat",
        "customer_id": customer_id,
        "name": f"{MARKER} writing",
        "started_at": "2026-11-01T10:00:00Z",
        "ended_at": "2026-11-01T10:05:00Z",
    }
    answer = await ada.post("/api/v1/interactions", json=pushed)
    assert answer.status_code < 300, answer.text


def in_files(folder: Path) -> list[Path]:
    """The files below the data directory in which a marker stands."""
    texts = [text.encode() for text in EVERYTHING]
    return [path for path in folder.rglob("*") if path.is_file() and any(text in path.read_bytes() for text in texts)]


async def run_jobs(db: Database, settings: Settings) -> None:
    """What the worker role does with the files of recordings that are gone."""
    async with db.transaction() as uow:
        names = await uow.values("select args->>'names' from procrastinate_jobs where task_name = %s", [jobs.DROP_FILES.name])
        await uow.run("delete from procrastinate_jobs")
    await jobs.drop_files(
        JobContext(db, settings, Bus(db), open_vault(settings)), names=[one for held in names for one in json.loads(held)]
    )


async def test_no_marker_is_left_in_any_table_file_or_log(
    as_ada: httpx.AsyncClient,
    as_sven: httpx.AsyncClient,
    as_aiko: httpx.AsyncClient,
    db: Database,
    settings: Settings,
    people: People,
    capfd: pytest.CaptureFixture[str],
) -> None:
    card = await a_life(as_ada, as_sven, as_aiko, db, settings, people)
    await ok(await as_aiko.post("/api/v1/customers", json={"first_name": "Eva", "last_name": "Bystander", "email": "eva@example.com"}))
    async with db.transaction() as uow:
        seeded = {table for table, _ in await found_anywhere(uow, EVERYTHING)}
    assert PLACES - seeded == set(), "everything that can hold a customer's values holds some"
    assert in_files(settings.data_dir), "the refused row lies in a file"

    path = f"/api/v1/customers/{card['id']}"
    asked = {"reason": "Asked for by letter of 3 November", "confirm": card["number"]}
    assert (await as_sven.post(f"{path}/erase", json=asked)).status_code == 403
    assert (await as_ada.post(f"{path}/erase", json={**asked, "confirm": 1})).json()["errors"][0]["field"] == "confirm"
    call = {"caller_phone_number": NUMBER, "call_agent_extension": "2001", "call_id": f"{MARKER}-late"}
    await ok(await as_ada.post("/api/v1/telephony/events", json={**call, "event": "ringing"}))
    assert (await as_ada.post(f"{path}/erase", json=asked)).json()["type"].endswith("call_in_progress")
    await ok(await as_ada.post("/api/v1/telephony/events", json={**call, "event": "ended"}))
    stone = await ok(await as_ada.post(f"{path}/erase", json=asked))
    assert stone["counts"]["interaction"] == 3
    # From here on nobody can look the customer up, whatever the search of trails and files still has to do.
    gone = await as_aiko.get(path)
    assert gone.status_code == 410
    assert gone.json()["erasure"]["reason"] == asked["reason"]
    assert (await as_aiko.get("/api/v1/customers/lookup", params={"phone": NUMBER})).json()["matches"] == []
    await searching.run(db, settings.data_dir, UUID(stone["id"]))
    await run_jobs(db, settings)

    async with db.transaction() as uow:
        assert await found_anywhere(uow, EVERYTHING) == []
        assert await uow.value("select count(*) from interaction where duration_s is not null") >= 1
        assert await uow.value("select count(*) from customer") == 1
    assert in_files(settings.data_dir) == []
    logged = "".join(capfd.readouterr())
    assert [text for text in EVERYTHING if text in logged] == []
    for old_id in stone["ids"]:
        assert (await as_aiko.get(f"/api/v1/customers/{old_id}")).status_code == 410
    assert (await ok(await as_ada.get(f"/api/v1/customer-erasures/{stone['id']}")))["finished_at"]
    async with db.transaction() as uow:
        told = await uow.values("select payload from event_log where type = 'customer.erasure_searched'")
    assert told == [{"erasure_id": stone["id"]}]
    [entry] = (await ok(await as_ada.get("/api/v1/audit", params={"action.eq": "customer.erased"})))["items"]
    assert (entry["actor"], entry["after"]["reason"]) == ("Ada", asked["reason"])


async def test_what_is_kept_is_handed_over_as_json_and_as_a_page_in_which_nothing_acts(
    as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient, db: Database, settings: Settings, people: People
) -> None:
    card = await a_life(as_ada, as_sven, as_aiko, db, settings, people)
    path = f"/api/v1/customers/{card['id']}"
    await ok(await as_aiko.patch(path, json={"first_name": "<script>alert(1)</script>"}, headers={"if-match": f'"{card["version"]}"'}))
    asked = {"reason": "Asked for by letter"}
    assert (await as_aiko.post(f"{path}/hand-over", json=asked)).status_code == 403
    found = await ok(await as_sven.post(f"{path}/hand-over", json=asked))
    assert {one["field"]: one["value"] for one in found["customer"]["attributes"]} == {
        "shoe": f"{MARKER} boot",
        "passport": f"{MARKER}-1",
    }
    texts = re.sub(r"\s+", " ", str(found))
    for written in ("order", "said so", "tag", "note", "title", "description", "twin", "street", "writing"):
        assert f"{MARKER} {written}" in texts, written
    assert set(found["sections"]) == {"interactions", "requests", "moves", "merges", "changes"}
    page = await as_sven.post(f"{path}/hand-over", params={"format": "html"}, json=asked)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f"{MARKER} said so" in page.text
    assert "<script" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    trail = await ok(await as_ada.get("/api/v1/audit", params={"action.eq": "customer.handed_over"}))
    assert [(one["actor"], one["after"]) for one in trail["items"]] == [("Sven", asked)] * 2


async def test_a_conversation_that_is_nobodys_alone_stays(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, db: Database) -> None:
    [eva, ed] = [await ok(await as_aiko.post("/api/v1/customers", json={"first_name": name, "phone_1": NUMBER})) for name in ("Eva", "Ed")]
    undecided = new_id()
    async with db.transaction() as uow:
        await uow.run(
            "insert into interaction (id, candidates, channel, direction, ani, started_at, type, state, source)"
            " values (%s, %s, 'voice', 'inbound', '+442079460981', now(), 'agent', 'ended', 'test')",
            [undecided, [UUID(eva["id"]), UUID(ed["id"])]],
        )
    await ok(await as_ada.post(f"/api/v1/customers/{ed['id']}/erase", json={"reason": "Asked", "confirm": ed["number"]}))
    async with db.transaction() as uow:
        assert await uow.value("select candidates from interaction where id = %s and ani is not null", [undecided]) == [UUID(eva["id"])]
    found = (await as_aiko.get("/api/v1/customers/lookup", params={"phone": NUMBER})).json()["matches"]
    assert [one["customer"]["id"] for one in found] == [eva["id"]]


async def test_nobody_is_erased_twice_or_by_an_id_that_was_never_one(as_ada: httpx.AsyncClient) -> None:
    card = await ok(await as_ada.post("/api/v1/customers", json={"first_name": "Ed"}))
    asked = {"reason": "Asked", "confirm": card["number"]}
    await ok(await as_ada.post(f"/api/v1/customers/{card['id']}/erase", json=asked))
    assert (await as_ada.post(f"/api/v1/customers/{card['id']}/erase", json=asked)).status_code == 410
    assert (await as_ada.post(f"/api/v1/customers/{uuid4()}/erase", json=asked)).status_code == 404
    listed = await ok(await as_ada.get("/api/v1/customer-erasures"))
    assert [(one["number"], one["by_name"]) for one in listed["items"]] == [(card["number"], "Ada")]


async def test_the_list_of_erasures_is_searched_filtered_sorted_and_taken_as_csv(
    as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient
) -> None:
    for name, reason in (("Ed", "Letter of 3 November"), ("Eva", "=Phone call")):
        card = await ok(await as_ada.post("/api/v1/customers", json={"first_name": name}))
        await ok(await as_ada.post(f"/api/v1/customers/{card['id']}/erase", json={"reason": reason, "confirm": card["number"]}))

    async def reasons(**asked: str) -> list[str]:
        return [one["reason"] for one in (await ok(await as_ada.get("/api/v1/customer-erasures", params=asked)))["items"]]

    assert await reasons() == ["=Phone call", "Letter of 3 November"]
    assert await reasons(sort="number", page_size="1") == ["Letter of 3 November"]
    assert await reasons(q="ada NOVEMBER") == ["Letter of 3 November"]
    assert await reasons(q=str(card["number"])) == ["=Phone call"]
    assert await reasons(**{"reason.contains": "phone", "finished_at.empty": "true"}) == ["=Phone call"]
    assert (await as_ada.get("/api/v1/customer-erasures", params={"shoe.eq": "1"})).status_code == 422
    file = await as_ada.get("/api/v1/customer-erasures/export.csv", params={"sort": "number"})
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "id,at,number,ids,by_name,reason,finished_at"
    assert [line.split(",")[4:6] for line in lines[1:]] == [["Ada", "Letter of 3 November"], ["Ada", "'=Phone call"]]
    for path in ("", "/export.csv"):
        assert (await as_sven.get(f"/api/v1/customer-erasures{path}")).status_code == 403
    [entry] = (await ok(await as_ada.get("/api/v1/audit", params={"action.eq": "erasures.exported"})))["items"]
    assert entry["after"]["rows"] == 2


async def test_recordings_go_along_in_a_zip_whose_page_links_to_them_and_is_in_the_readers_language(
    as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient, db: Database, settings: Settings, people: People
) -> None:
    card = await a_life(as_ada, as_sven, as_aiko, db, settings, people)
    [with_sound, *_] = (await ok(await as_aiko.get(f"/api/v1/customers/{card['id']}/journey")))["items"]
    for _ in range(2):
        upload = {"file": ("Call: no. 1/2 å.wav", sound(1.0), "audio/wav")}
        await ok(await as_sven.post(f"/api/v1/interactions/{with_sound['id']}/recordings", files=upload))
    async with db.transaction() as uow:
        source = await uow.value("select source from interaction where customer_id = %s and channel = 'voice' limit 1", [card["id"]])
    template = {"source": source, "template": "https://pbx.example.com/calls/{interaction_id}.wav"}
    await ok(await as_ada.post("/api/v1/recording-sources", json=template))
    path = f"/api/v1/customers/{card['id']}/hand-over"
    answer = await as_sven.post(path, params={"format": "zip", "language": "sv"}, json={"reason": "Asked by letter"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    names = archive.namelist()
    assert names[:2] == [f"customer-{card['number']}.html", f"customer-{card['number']}.json"]
    sounds = names[2:]
    assert len(sounds) >= 2
    assert all(re.fullmatch(r"recordings/[\w.-]+( [\w.-]+)*\.wav", name) for name in sounds), sounds
    assert archive.read(sounds[-1]) == sound(1.0)
    page = archive.read(names[0]).decode()
    assert '<html lang="sv">' in page
    assert "<h2>Samtal och kontakter" in page
    assert "<th>Riktning</th>" in page
    assert all(f'<a href="{quote(name)}">' in page for name in sounds)
    told = json.loads(archive.read(names[1]))
    recordings = [one for interaction in told["sections"]["interactions"] for one in interaction["recordings"]]
    assert [one["file"] for one in recordings if "file" in one] == sounds
    assert any(one.get("address", "").startswith("https://pbx.example.com/calls/") for one in recordings)
    in_japanese = await as_sven.post(path, params={"format": "html", "language": "ja"}, json={"reason": "Asked by letter"})
    assert "<h2>顧客カード</h2>" in in_japanese.text
    assert (await as_sven.post(path, params={"language": "xx"}, json={"reason": "Asked"})).status_code in (400, 422)
