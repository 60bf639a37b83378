"""Recordings: uploaded or kept elsewhere, listened to with a trace (product.md 3.8)."""

import asyncio
import io
import wave
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar

from ringdesk.features import interactions
from ringdesk.features.interactions.recordings import files, jobs, remote, rules
from ringdesk.features.interactions.recordings.errors import RecordingUnavailable
from ringdesk.kit.crypto import open_vault
from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import Bus
from ringdesk.kit.jobs import JobContext
from ringdesk.kit.problems import FieldErrors
from ringdesk.kit.settings import Settings
from tests.features.desk.test_pop import EMMA, make, tell


def sound(seconds: float = 0.25) -> bytes:
    """A WAV file of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * int(8000 * seconds))
    return out.getvalue()


WAV = sound()


@pytest.fixture
async def call(as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient) -> dict[str, Any]:
    """A call of Emma's that Aiko answered, ended."""
    await make(as_ada, EMMA)
    await tell(as_ada)
    await tell(as_ada, event="answered")
    accepted = await tell(as_ada, event="ended")
    return (await as_aiko.get(f"/api/v1/interactions/{accepted['interaction_id']}")).json()


def path(call: dict[str, Any], end: str = "") -> str:
    return f"/api/v1/interactions/{call['id']}/recordings{end}"


async def upload(client: httpx.AsyncClient, call: dict[str, Any], body: bytes = WAV, name: str = "call.wav", **form: str) -> httpx.Response:
    return await client.post(path(call), files={"file": (name, body, "application/octet-stream")}, data=form)


async def listed(client: httpx.AsyncClient, call: dict[str, Any]) -> list[dict[str, Any]]:
    return (await client.get(path(call))).json()["items"]


async def leave(client: httpx.AsyncClient, call: dict[str, Any], recording: str) -> str:
    answer = await client.post(path(call, f"/{recording}/listen"))
    assert answer.status_code == 201, answer.text
    return answer.json()["url"]


def stored(settings: Settings) -> list[Path]:
    return [one for one in files.folder(settings.data_dir).glob("*/*") if one.is_file()]


class TestUpload:
    async def test_is_kept_under_a_name_that_says_nothing_and_told(
        self, as_sven: httpx.AsyncClient, call: dict[str, Any], settings: Settings, db: Database
    ) -> None:
        before = set(stored(settings))
        leg = call["activities"][0]["id"]
        answer = await upload(as_sven, call, name="../../Emma & Aiko.WAV", activity_id=leg)
        assert answer.status_code == 201, answer.text
        recording = answer.json()
        assert (recording["name"], recording["media_type"], recording["size"], recording["activity_id"], recording["kind"]) == (
            "Emma & Aiko.WAV",
            "audio/wav",
            len(WAV),
            leg,
            "file",
        )
        [file] = set(stored(settings)) - before
        assert file.read_bytes() == WAV
        assert "Emma" not in str(file.relative_to(settings.data_dir))
        assert await listed(as_sven, call) == [recording]
        async with db.transaction() as uow:
            told = await uow.value("select payload from event_log where type = 'recordings.changed' order by pos desc limit 1")
        assert told == {"interaction_id": call["id"], "recordings": [recording]}

    @pytest.mark.parametrize(
        ("body", "code"), [(b"<script>alert(1)</script>", "not_a_recording"), (b"", "not_a_recording"), (b"%PDF-1.7", "not_a_recording")]
    )
    async def test_of_what_is_no_recording_is_refused_and_leaves_nothing(
        self, as_sven: httpx.AsyncClient, call: dict[str, Any], settings: Settings, body: bytes, code: str
    ) -> None:
        before = set(stored(settings))
        answer = await upload(as_sven, call, body, "call.mp3")
        assert answer.status_code == 422
        assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("file", code)]
        assert set(stored(settings)) == before

    async def test_that_is_too_large_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "LARGEST", 100)

        async def pieces() -> AsyncIterator[bytes]:
            yield WAV[:60]
            yield WAV[60:120]

        with pytest.raises(files.UnusableRecording, match="at most"):
            await files.keep(tmp_path, pieces())
        assert stored(Settings(data_dir=tmp_path)) == []

    async def test_names_what_is_missing_or_unknown(
        self, as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient, call: dict[str, Any]
    ) -> None:
        assert (await as_sven.post(path(call), files={"other": b"x"})).json()["errors"][0]["code"] == "required"
        assert (await upload(as_sven, call, activity_id="x")).json()["errors"][0]["field"] == "activity_id"
        assert (await upload(as_sven, call, activity_id=call["id"])).json()["errors"][0]["code"] == "unknown_activity"
        assert (await upload(as_sven, call | {"id": call["activities"][0]["id"]})).status_code == 404
        assert (await upload(as_aiko, call)).status_code == 403


class TestListening:
    async def test_is_noted_once_however_many_ranges_are_asked_for(
        self, as_sven: httpx.AsyncClient, as_ada: httpx.AsyncClient, call: dict[str, Any]
    ) -> None:
        recording = (await upload(as_sven, call)).json()
        url = await leave(as_sven, call, recording["id"])
        whole = await as_sven.get(url)
        assert (whole.status_code, whole.content) == (200, WAV)
        assert whole.headers["content-type"] == "audio/wav"
        assert whole.headers["accept-ranges"] == "bytes"
        assert whole.headers["x-content-type-options"] == "nosniff"
        assert whole.headers["content-disposition"] == 'inline; filename="call.wav"'
        assert whole.headers["cache-control"] == "no-store"
        for asked, part in (("bytes=0-9", WAV[:10]), ("bytes=100-", WAV[100:]), ("bytes=-5", WAV[-5:]), ("bytes=40-99999999", WAV[40:])):
            answer = await as_sven.get(url, headers={"range": asked})
            assert (answer.status_code, answer.content) == (206, part)
            assert answer.headers["content-range"].endswith(f"/{len(WAV)}")
            assert answer.headers["content-length"] == str(len(part))
        assert (await as_sven.get(url, headers={"range": f"bytes={len(WAV)}-"})).status_code == 416
        trail = (await as_ada.get("/api/v1/audit", params={"entity.eq": "recording", "entity_id.eq": recording["id"]})).json()["items"]
        assert [(one["action"], one["actor"]) for one in trail] == [("recording.listened", "Sven"), ("recording.added", "Sven")]

    async def test_is_for_agents_who_were_in_the_conversation(
        self, as_sven: httpx.AsyncClient, as_aiko: httpx.AsyncClient, as_bilal: httpx.AsyncClient, call: dict[str, Any]
    ) -> None:
        recording = (await upload(as_sven, call)).json()
        url = await leave(as_aiko, call, recording["id"])
        assert (await as_aiko.get(url)).content == WAV
        refused = await as_bilal.post(path(call, f"/{recording['id']}/listen"))
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:ringdesk:problem:not_yours_to_hear")
        # Nor does an address help that somebody else was given.
        assert (await as_bilal.get(url)).status_code == 410
        assert (await as_sven.get(url[:-4] + "AAA=")).status_code == 410

    async def test_is_over_when_the_recording_is_removed_and_its_file_goes(
        self, as_sven: httpx.AsyncClient, call: dict[str, Any], settings: Settings, db: Database
    ) -> None:
        recording = (await upload(as_sven, call)).json()
        url = await leave(as_sven, call, recording["id"])
        async with db.transaction() as uow:
            file = await uow.value("select file from recording where id = %s", [UUID(recording["id"])])
        assert (await as_sven.delete(path(call, f"/{recording['id']}"))).status_code == 204
        assert (await as_sven.get(url)).status_code == 404
        assert await listed(as_sven, call) == []
        await jobs.drop_files(context(settings, db), names=[file])
        assert not files.path_of(settings.data_dir, file).exists()


def context(settings: Settings, db: Database) -> JobContext:
    return JobContext(db=db, settings=settings, bus=Bus(db), vault=open_vault(settings))


async def test_an_erasure_takes_rows_now_and_files_with_the_commit(
    as_sven: httpx.AsyncClient, call: dict[str, Any], settings: Settings, db: Database
) -> None:
    await upload(as_sven, call)
    await upload(as_sven, call)
    before = set(stored(settings))
    with pytest.raises(RuntimeError, match="no"):
        async with db.transaction() as uow:
            assert await interactions.remove_recordings_of(uow, [UUID(call["id"])]) == 2
            raise RuntimeError("no")
    assert len(await listed(as_sven, call)) == 2
    async with db.transaction() as uow:
        await interactions.remove_recordings_of(uow, [UUID(call["id"])])
        queued = await uow.value(
            "select args from procrastinate_jobs where task_name = 'interactions.drop_recordings' order by id desc limit 1"
        )
    assert await listed(as_sven, call) == []
    await jobs.drop_files(context(settings, db), **queued)
    assert len(before - set(stored(settings))) == 2


async def test_files_of_uploads_that_were_cut_off_are_swept_after_a_day(
    as_sven: httpx.AsyncClient, call: dict[str, Any], settings: Settings, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await upload(as_sven, call)
    kept = set(stored(settings))
    lost = files.path_of(settings.data_dir, "ab" + "0" * 30)
    lost.parent.mkdir(exist_ok=True)
    lost.write_bytes(b"half")
    await jobs.sweep_files(context(settings, db))
    assert lost.exists()
    monkeypatch.setattr(jobs, "ABANDONED_AFTER_S", -10)
    await jobs.sweep_files(context(settings, db))
    assert not lost.exists()
    async with db.transaction() as uow:
        mine = await uow.values("select file from recording")
    assert {files.path_of(settings.data_dir, name) for name in mine} <= kept & set(stored(settings))


class TestSources:
    URL = "https://rec.example.com/{started_at:%Y/%m/%d}/{external_id}-{extension}.mp3"

    async def test_a_template_makes_a_recording_of_each_answered_leg(
        self, as_ada: httpx.AsyncClient, as_sven: httpx.AsyncClient, call: dict[str, Any]
    ) -> None:
        added = await as_ada.post("/api/v1/recording-sources", json={"source": call["source"], "template": self.URL})
        assert added.status_code == 201, added.text
        assert added.json()["example"] == "https://rec.example.com/2026/11/22/1763803800.42-2001.mp3"
        [leg] = call["activities"]
        found = await listed(as_sven, call)
        assert [(one["kind"], one["id"], one["activity_id"]) for one in found] == [("link", leg["id"], leg["id"])]
        assert (await as_ada.get("/api/v1/recording-sources")).json()["known"] == [call["source"]]
        again = await as_ada.post("/api/v1/recording-sources", json={"source": call["source"], "template": self.URL})
        assert [error["code"] for error in again.json()["errors"]] == ["taken"]
        off = await as_ada.patch(f"/api/v1/recording-sources/{call['source']}", json={"active": False})
        assert off.json()["active"] is False
        assert await listed(as_sven, call) == []
        assert (await as_ada.delete(f"/api/v1/recording-sources/{call['source']}")).status_code == 204
        assert (await as_sven.get("/api/v1/recording-sources")).status_code == 403

    @pytest.mark.parametrize(
        ("template", "code"),
        [
            ("ftp://rec.example.com/{external_id}", "invalid_format"),
            ("https://{external_id}/x", "invalid_format"),
            ("https://rec.example.com{external_id}", "invalid_format"),
            ("https://user:secret@rec.example.com/x", "invalid_format"),
            ("https://rec.example.com/{colour}", "unknown_variable"),
            ("https://rec.example.com/{external_id!r}", "invalid_format"),
            ("https://rec.example.com/{external_id:>99999999}", "invalid_format"),
            ("https://rec.example.com/{started_at:%c}", "invalid_format"),
            ("https://rec.example.com/{external_id.__class__}", "unknown_variable"),
            ("https://rec.example.com/{external_id", "invalid_format"),
            ("https://rec.example.com/a b", "invalid_format"),
        ],
    )
    def test_a_template_that_could_lead_elsewhere_is_refused(self, template: str, code: str) -> None:
        errors = FieldErrors()
        rules.check_template(template, errors)
        assert [error.code for error in errors.items] == [code]

    @pytest.mark.parametrize(("name", "end"), [("a/b?c#d", "a%2Fb%3Fc%23d"), ("..", None), ("ä ö", "%C3%A4%20%C3%B6")])
    async def test_what_another_system_says_stays_one_part_of_the_address(
        self, as_ada: httpx.AsyncClient, name: str, end: str | None
    ) -> None:
        pushed = await as_ada.post(
            "/api/v1/interactions",
            json={"source": "pbx", "external_id": name, "channel": "voice", "started_at": "2026-11-20T10:00:00Z"},
        )
        interaction = await as_ada.get(f"/api/v1/interactions/{pushed.json()['id']}")
        known = msgspec.json.decode(interaction.content, type=interactions.Interaction)
        found = rules.address("https://rec.example.com/calls/{external_id}", known, None)
        assert found == (f"https://rec.example.com/calls/{end}" if end else None)


class TestRemote:
    """A recording that another system keeps is passed on, and our server asks nobody else for it."""

    @pytest.fixture
    async def keeper(self) -> AsyncIterator[tuple[str, list[str]]]:
        """A recording server, and what it was asked."""
        asked: list[str] = []

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            request = (await reader.readuntil(b"\r\n\r\n")).decode()
            asked.append(request)
            if "/moved" in request:
                writer.write(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/inside\r\ncontent-length: 0\r\n\r\n")
            elif "/page" in request:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nhi")
            elif "range: bytes=0-3" in request:
                writer.write(
                    b"HTTP/1.1 206 Partial Content\r\ncontent-type: audio/x-wav\r\n"
                    b"content-range: bytes 0-3/8\r\ncontent-length: 4\r\n\r\nRIFF"
                )
            else:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: audio/x-wav\r\ncontent-length: 4\r\nset-cookie: a=b\r\n\r\nRIFF")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
        server.close()
        await server.wait_closed()

    async def test_with_its_ranges_and_none_of_its_cookies(self, keeper: tuple[str, list[str]]) -> None:
        host, asked = keeper
        fetched = await remote.fetch(f"http://{host}/a.wav?x=1", wanted="bytes=0-3", inside=[host])
        assert (fetched.status, b"".join([piece async for piece in fetched.pieces])) == (206, b"RIFF")
        assert fetched.headers == {
            "content-type": "audio/wav",
            "accept-ranges": "bytes",
            "content-length": "4",
            "content-range": "bytes 0-3/8",
        }
        assert asked[0].startswith("GET /a.wav?x=1 HTTP/1.1\r\n")
        whole = await remote.fetch(f"http://{host}/a.wav", wanted=None, inside=[host])
        assert "set-cookie" not in whole.headers
        assert b"".join([piece async for piece in whole.pieces]) == b"RIFF"

    @pytest.mark.parametrize("where", ["/moved", "/page"])
    async def test_a_redirect_or_a_page_is_refused(self, keeper: tuple[str, list[str]], where: str) -> None:
        host, asked = keeper
        with pytest.raises(RecordingUnavailable):
            await remote.fetch(f"http://{host}{where}", wanted=None, inside=[host])
        assert len(asked) == 1

    async def test_inside_our_own_network_only_where_the_operator_said_so(self, keeper: tuple[str, list[str]]) -> None:
        host, asked = keeper
        for name in (host, host.replace("127.0.0.1", "localhost"), "169.254.169.254"):
            with pytest.raises(RecordingUnavailable, match="own network"):
                await remote.fetch(f"http://{name}/a.wav", wanted=None, inside=["other.example.com"])
        assert asked == []

    async def test_reaches_the_listener_through_the_api(
        self, app: Litestar, as_ada: httpx.AsyncClient, as_aiko: httpx.AsyncClient, call: dict[str, Any], keeper: tuple[str, list[str]]
    ) -> None:
        host, _ = keeper
        await as_ada.post("/api/v1/recording-sources", json={"source": call["source"], "template": f"http://{host}/{{leg_id}}.wav"})
        url = await leave(as_aiko, call, call["activities"][0]["id"])
        refused = await as_aiko.get(url)
        assert (refused.status_code, refused.json()["type"]) == (502, "urn:ringdesk:problem:recording_unavailable")


def test_a_file_is_known_by_its_content() -> None:
    known = {
        WAV: "audio/wav",
        b"ID3\x04rest": "audio/mpeg",
        b"\xff\xfb\x90\x00": "audio/mpeg",
        b"OggS\x00\x02": "audio/ogg",
        b"\0\0\0\x20ftypM4A \0": "audio/mp4",
        b"\0\0\0\x20ftypqt  \0": None,
        b"\xff\xd8\xff\xe0": None,
        b"<html>": None,
        b"": None,
    }
    assert {head: rules.media_type_of(head[:16]) for head in known} == known
