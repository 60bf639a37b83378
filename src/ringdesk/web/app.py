"""The one assembly: features, sign-in, events, desktop and health in one ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Controller, Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide

from ringdesk.features import audit, customers, desk, interactions, lists, people, requests, telephony
from ringdesk.kit.crypto import Vault, open_vault
from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import Bus
from ringdesk.kit.settings import Settings
from ringdesk.web.access import guard, require_declared_rights
from ringdesk.web.desktop import serve_desktop
from ringdesk.web.edge import Edge
from ringdesk.web.events import EventsController, follow
from ringdesk.web.health import HealthController
from ringdesk.web.openapi import openapi_config, openapi_json
from ringdesk.web.problems import HANDLERS
from ringdesk.web.validation import ApiRequest

API = "/api/v1"
FEATURES = (people, lists, customers, interactions, requests, desk, telephony, audit)
# JSON bodies are kilobytes; routes that take files set their own limit.
LARGEST_BODY = 2 * 1024 * 1024


def create_app(settings: Settings, db: Database, *, bus: Bus | None = None, vault: Vault | None = None) -> Litestar:
    """The web application. Its lifespan opens `db` (and closes it again if it did) and the event bus."""
    bus = bus or Bus(db, follow)
    vault = vault or open_vault(settings)
    db.vault = db.vault or vault
    keys = people.KeyRing(db)
    listener = telephony.EventListener(db, telephony.of(db, settings), region=settings.default_region)

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        opened = db.pool.closed
        if opened:
            await db.open()
        await bus.start()
        try:
            yield
        finally:
            await bus.stop()
            if opened:
                await db.close()

    api = Router(API, route_handlers=[*feature_controllers(), EventsController, openapi_json])
    app = Litestar(
        [api, HealthController, serve_desktop],
        request_class=ApiRequest,
        guards=[guard],
        dependencies={
            "db": Provide(lambda: db, sync_to_thread=False),
            "settings": Provide(lambda: settings, sync_to_thread=False),
            "bus": Provide(lambda: bus, sync_to_thread=False),
            "vault": Provide(lambda: vault, sync_to_thread=False),
            "key_ring": Provide(lambda: keys, sync_to_thread=False),
            "listener": Provide(lambda: listener, sync_to_thread=False),
        },
        exception_handlers=HANDLERS,
        lifespan=[lifespan],
        state=State({"db": db, "settings": settings, "bus": bus, "vault": vault, "keys": keys}),
        openapi_config=openapi_config(),
        # Ours are set up once per process, by ringdesk.kit.telemetry.
        logging_config=None,
        request_max_body_size=LARGEST_BODY,
    )
    require_declared_rights(app)
    app.asgi_handler = Edge(app.asgi_handler)
    return app


def feature_controllers() -> list[type[Controller]]:
    """The controllers of every feature."""
    return [controller for feature in FEATURES for controller in feature.controllers]
