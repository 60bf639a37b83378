"""Who may call a route: one guard for all of them, driven by the `right` that each declares. docs/adr/0003-csrf-by-origin.md."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from ringdesk.features.people import PARTS, RIGHTS, SESSION_COOKIE, Actor, KeyRing, SwitchedOff, actor_of_session
from ringdesk.kit.db import Database
from ringdesk.kit.problems import Forbidden, Problem, Unauthenticated

Connection = ASGIConnection[Any, Any, Any, Any]
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class CrossSite(Problem):
    """A browser sent this request from a page that is not ours."""

    slug = "csrf"
    status = 403
    title = "The request came from another site"


async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Lets a request through when it may; sets its user. Raises CrossSite, Unauthenticated, Forbidden, SwitchedOff."""
    method = str(connection.scope.get("method", "GET"))
    if method == "OPTIONS":
        return
    bearer = connection.headers.get("authorization")
    if bearer is None and method not in _SAFE:
        refuse_cross_site(connection)
    right = handler.opt["right"]
    if right is None:
        return
    actor = await _actor(connection, bearer)
    connection.scope["user"] = actor
    if right not in actor.rights:
        raise Forbidden(f"This needs the right {right}, which {actor.name} does not have. An administrator can give it.")
    part = handler.opt.get("part")
    if part in actor.switched_off:
        raise SwitchedOff.of(actor.team_name, part)


def refuse_cross_site(connection: Connection) -> None:
    """Raises CrossSite for a request that a browser says comes from another origin.

    Every browser of the last five years sends Sec-Fetch-Site; older ones send Origin with every unsafe request from elsewhere.
    A program sends neither, and nobody can make it act against its will.
    """
    fetch_site = connection.headers.get("sec-fetch-site")
    origin = connection.headers.get("origin")
    if fetch_site is not None:
        allowed = fetch_site in {"same-origin", "none"}
    elif origin is not None:
        allowed = urlsplit(origin).netloc in {connection.headers.get("host"), connection.headers.get("x-forwarded-host")}
    else:
        allowed = True
    if not allowed:
        raise CrossSite("Only pages of this server may change something in your name. Open Ringdesk itself and do it there.")


def require_declared_rights(app: Litestar) -> None:
    """Raises RuntimeError when a route declares no right, or one that is not in the table: found at the start, not in use."""
    undeclared = [
        f"{method} {route.path}: {handler.opt.get('right', 'no right')}"
        for route in app.routes
        for handler in getattr(route, "route_handlers", [getattr(route, "route_handler", None)])
        if isinstance(handler, BaseRouteHandler)
        for method in (sorted(handler.http_methods) if isinstance(handler, HTTPRouteHandler) else ["ASGI"])
        if method != "OPTIONS"
        and (handler.opt.get("right", "no right") not in {None, *RIGHTS} or handler.opt.get("part") not in {None, *PARTS})
    ]
    if undeclared:
        raise RuntimeError('Every route declares opt={"right": ...} with a right of features/people/rights.py: ' + "; ".join(undeclared))


async def _actor(connection: Connection, bearer: str | None) -> Actor:
    if bearer is not None:
        keys: KeyRing = connection.app.state["keys"]
        scheme, _, key = bearer.partition(" ")
        if scheme.lower() == "bearer" and (actor := await keys.actor_of(key.strip())):
            return actor
        raise Unauthenticated("This key is not valid, or was revoked: send the header Authorization: Bearer KEY.")
    db: Database = connection.app.state["db"]
    if (token := connection.cookies.get(SESSION_COOKIE)) and (actor := await actor_of_session(db, token)):
        return actor
    raise Unauthenticated("Sign in (POST /api/v1/auth/login), or send the header Authorization: Bearer KEY.")
