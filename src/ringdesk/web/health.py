"""For load balancers and monitoring: is the process up, can it serve, what does it measure."""

from typing import Any

import psycopg
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from psycopg_pool import PoolTimeout

from ringdesk.kit.db import Database
from ringdesk.kit.eventlog import Bus


class HealthController(Controller):
    """Open to anybody who reaches the port; nothing of what they say is secret."""

    include_in_schema = False

    @get("/healthz", opt={"right": None}, sync_to_thread=False)
    def healthz(self) -> dict[str, str]:
        """The process runs."""
        return {"status": "ok"}

    @get("/readyz", opt={"right": None})
    async def readyz(self, db: NamedDependency[Database], bus: NamedDependency[Bus]) -> Response[dict[str, Any]]:
        """Whether requests can be served: 200, or 503 with what is missing."""
        try:
            async with db.transaction() as uow:
                database = await uow.value("select 1") == 1
        except (psycopg.Error, PoolTimeout):
            database = False
        ready = database and bus.connected
        checks = {"database": database, "events": bus.connected}
        return Response({"status": "ready" if ready else "not_ready", "checks": checks}, status_code=200 if ready else 503)

    @get("/metrics", opt={"right": None}, sync_to_thread=False)
    def metrics(self) -> Response[bytes]:
        """Prometheus text."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8"))
