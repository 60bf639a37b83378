"""The API of imports."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody, QueryParameter
from litestar.response import File

from ringdesk.features.customers.imports import service
from ringdesk.features.customers.imports.errors import UnusableFile
from ringdesk.features.customers.imports.schemas import Import, ImportChoices, Imports, KeptCustomers
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings

ActorRequest = Request[Actor, Any, Any]
_RIGHT = {"right": "customers:import"}
_PIECE = 1 << 20


class ImportForm(msgspec.Struct):
    """The parts of an upload. `mapping` is JSON {header: field}; `start` false keeps the file until its mapping is checked.

    `key` and `on_duplicate`: see ImportChoices.
    """

    file: UploadFile | None = None
    mapping: str | None = None
    start: str = "true"
    key: str | None = None
    on_duplicate: str | None = None


class ImportsController(Controller):
    """Files of customers (product.md 1.7)."""

    path = "/imports"
    tags = ("imports",)

    @post(opt=_RIGHT, request_max_body_size=service.LARGEST_FILE + (1 << 20))
    async def upload(
        self,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        request: ActorRequest,
        data: Annotated[ImportForm, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> Import:
        """Upload a CSV file or an Excel workbook; it is imported at once unless start=false."""
        if data.file is None:
            raise UnusableFile("required", "Send the file as the part “file” of a multipart form.")
        if data.start.lower() not in ("true", "false"):
            raise UnusableFile("not_an_option", "Write “true” or “false”.", field="start")
        return await service.upload(
            db,
            settings,
            request.user,
            file_name=data.file.filename[:255],
            pieces=_pieces(data.file),
            choices=service.Choices(data.mapping, data.key or None, data.on_duplicate or None),
            start=data.start.lower() == "true",
        )

    @get(opt=_RIGHT)
    async def newest(self, db: NamedDependency[Database]) -> Imports:
        """The newest 100 imports."""
        return await service.newest(db)

    @get("/{import_id:uuid}", opt=_RIGHT)
    async def one(self, db: NamedDependency[Database], import_id: FromPath[UUID]) -> Import:
        """One import and how far it is."""
        return await service.get(db, import_id)

    @post("/{import_id:uuid}/start", opt=_RIGHT, status_code=200)
    async def start(
        self,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        request: ActorRequest,
        import_id: FromPath[UUID],
        data: JSONBody[ImportChoices | None] = None,
    ) -> Import:
        """Start an import, or go on with one that was cancelled or failed."""
        return await service.start(db, settings, request.user, import_id, data)

    @post("/{import_id:uuid}/check", opt=_RIGHT, status_code=200)
    async def check(
        self,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        request: ActorRequest,
        import_id: FromPath[UUID],
        data: JSONBody[ImportChoices | None] = None,
    ) -> Import:
        """Dry run: find out what an import would do with every row. Its counts come in `check`, and by event; nothing is written."""
        return await service.check_rows(db, settings, request.user, import_id, data)

    @post("/{import_id:uuid}/undo", opt=_RIGHT, status_code=200)
    async def undo(self, db: NamedDependency[Database], request: ActorRequest, import_id: FromPath[UUID]) -> Import:
        """Take back what an import did. What people changed since stays, and is listed under `kept`."""
        return await service.undo(db, request.user, import_id)

    @get("/{import_id:uuid}/kept", opt=_RIGHT)
    async def kept(
        self,
        db: NamedDependency[Database],
        import_id: FromPath[UUID],
        after: Annotated[int, QueryParameter(ge=0, le=2**62, description="The number after which the page begins.")] = 0,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 100,
    ) -> KeptCustomers:
        """The customers of whom an undo kept something, and what: they were changed, or came into use, after the import."""
        return await service.kept(db, import_id, after, limit)

    @post("/{import_id:uuid}/cancel", opt=_RIGHT, status_code=200)
    async def cancel(self, db: NamedDependency[Database], request: ActorRequest, import_id: FromPath[UUID]) -> Import:
        """Stop an import; the rows that are in stay."""
        return await service.cancel(db, request.user, import_id)

    @get("/{import_id:uuid}/refused.csv", opt=_RIGHT, media_type="text/csv")
    async def refused(self, db: NamedDependency[Database], settings: NamedDependency[Settings], import_id: FromPath[UUID]) -> File:
        """The rows that were refused, with their line and the reasons."""
        name, path = await service.refused_file(db, settings, import_id)
        return File(path, filename=name, media_type="text/csv; charset=utf-8", content_disposition_type="attachment")


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(_PIECE):
        yield piece
