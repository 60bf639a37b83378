"""HTTP of recordings: parse, call, answer."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, delete, get, patch, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, HeaderParameter, JSONBody
from litestar.response import Stream

from ringdesk.features.interactions.recordings import files, service, sources
from ringdesk.features.interactions.recordings.errors import UnusableRecording
from ringdesk.features.interactions.recordings.schemas import (
    Listening,
    NewRecordingSource,
    Recording,
    Recordings,
    RecordingSource,
    RecordingSourcePatch,
    RecordingSources,
)
from ringdesk.features.people import Actor
from ringdesk.kit.crypto import Vault
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings

PersonRequest = Request[Actor, Any, Any]
_PIECE = 1 << 20


class RecordingForm(msgspec.Struct):
    """The parts of an upload; `activity_id`: the leg that was recorded, where it is known."""

    file: UploadFile | None = None
    activity_id: str | None = None


class RecordingController(Controller):
    """The recordings of a conversation."""

    path = "/interactions/{interaction_id:uuid}/recordings"
    tags = ("recordings",)

    @get(opt={"right": "interactions:read", "part": "journey"})
    async def every(self, db: NamedDependency[Database], interaction_id: FromPath[UUID]) -> Recordings:
        """The recordings that were uploaded and those that its source system keeps."""
        return await service.of_interaction(db, interaction_id)

    @post(opt={"right": "recordings:write"}, request_max_body_size=files.LARGEST + (1 << 20))
    async def upload(
        self,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        request: PersonRequest,
        interaction_id: FromPath[UUID],
        data: Annotated[RecordingForm, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> Recording:
        """Upload a recording: WAV, MP3, Ogg, Opus or M4A, at most 256 MB."""
        if data.file is None:
            raise UnusableRecording("required", "Send the file as the part “file” of a multipart form.")
        try:
            activity_id = UUID(data.activity_id) if data.activity_id else None
        except ValueError:
            raise UnusableRecording("invalid_format", "This is no id.", field="activity_id") from None
        return await service.upload(
            db,
            settings,
            request.user,
            interaction_id,
            activity_id=activity_id,
            file_name=data.file.filename,
            pieces=_pieces(data.file),
        )

    @delete("/{recording_id:uuid}", opt={"right": "recordings:write"})
    async def remove(
        self, db: NamedDependency[Database], request: PersonRequest, interaction_id: FromPath[UUID], recording_id: FromPath[UUID]
    ) -> None:
        """Remove an uploaded recording with its file, for ever."""
        await service.remove(db, request.user, interaction_id, recording_id)

    @post("/{recording_id:uuid}/listen", opt={"right": "recordings:listen", "part": "journey"})
    async def begin_listening(
        self,
        db: NamedDependency[Database],
        vault: NamedDependency[Vault],
        request: PersonRequest,
        interaction_id: FromPath[UUID],
        recording_id: FromPath[UUID],
    ) -> Listening:
        """Ask for leave to listen, which is noted in the audit trail. Agents listen to conversations that they were in."""
        return await service.begin_listening(db, vault, request.user, interaction_id, recording_id)


class ListenController(Controller):
    """The sound itself."""

    path = "/recordings/listen"
    tags = ("recordings",)

    @get("/{ticket:str}", opt={"right": "recordings:listen", "part": "journey"}, media_type="audio/*")
    async def sound(
        self,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        vault: NamedDependency[Vault],
        request: PersonRequest,
        ticket: FromPath[str],
        wanted: Annotated[str | None, HeaderParameter(name="Range", description="The part that is wanted: bytes=0-1023.")] = None,
    ) -> Stream:
        """The recording for which `ticket` was given; ranges are served, so that one can seek."""
        sound = await service.sound(db, settings, vault, request.user, ticket, wanted=wanted)
        return Stream(sound.pieces, status_code=sound.status, headers=sound.headers, media_type=sound.headers["content-type"])


class RecordingSourceController(Controller):
    """Where other systems keep their recordings."""

    path = "/recording-sources"
    tags = ("recordings",)

    @get(opt={"right": "recordings:define"})
    async def every(self, db: NamedDependency[Database]) -> RecordingSources:
        """Every source with a template, and the sources that interactions came from lately."""
        return await sources.every(db)

    @post(opt={"right": "recordings:define"})
    async def add(self, db: NamedDependency[Database], request: PersonRequest, data: JSONBody[NewRecordingSource]) -> RecordingSource:
        """Say where a source keeps its recordings: an address with variables such as {external_id} or {started_at:%Y/%m/%d}."""
        return await sources.add(db, request.user, data)

    @patch("/{source:str}", opt={"right": "recordings:define"})
    async def change(
        self, db: NamedDependency[Database], request: PersonRequest, source: FromPath[str], data: JSONBody[RecordingSourcePatch]
    ) -> RecordingSource:
        """Change a template, or make it inactive."""
        return await sources.change(db, request.user, source, data)

    @delete("/{source:str}", opt={"right": "recordings:define"})
    async def remove(self, db: NamedDependency[Database], request: PersonRequest, source: FromPath[str]) -> None:
        """Take a template out; the recordings stay where they are."""
        await sources.remove(db, request.user, source)


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(_PIECE):
        yield piece
