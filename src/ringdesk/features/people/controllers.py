"""Sign-in, the signed-in person, colleagues and teams."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ringdesk.features.people import service
from ringdesk.features.people.addresses import client_address
from ringdesk.features.people.models import Actor
from ringdesk.features.people.schemas import Colleagues, Login, Session, Teams
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings

SESSION_COOKIE = "ringdesk_session"


class AuthController(Controller):
    """Sign in, sign out, who am I."""

    path = "/auth"
    tags = ["people"]

    @post("/login", opt={"right": None}, status_code=200)
    async def login(self, data: JSONBody[Login], request: Request[Any, Any, Any], db: NamedDependency[Database], settings: NamedDependency[Settings]) -> Response[Session]:
        """Start a session; its cookie comes with the answer. An earlier session of this browser ends."""
        if earlier := request.cookies.get(SESSION_COOKIE):
            await service.sign_out(db, earlier)
        address = client_address(request.scope, trusted_proxies=settings.trusted_proxies)
        token, user = await service.sign_in(db, data, address=address)
        return Response(Session(user), status_code=200, cookies=[_cookie(token, settings)])

    @post("/logout", opt={"right": None}, status_code=204)
    async def logout(self, request: Request[Any, Any, Any], db: NamedDependency[Database], settings: NamedDependency[Settings]) -> Response[None]:
        """End the session and its event streams."""
        if token := request.cookies.get(SESSION_COOKIE):
            await service.sign_out(db, token)
        gone = _cookie("", settings)
        gone.max_age = 0
        return Response(None, status_code=204, cookies=[gone])

    @get("/session", opt={"right": "desk:use"})
    async def session(self, request: Request[Actor, Any, Any], db: NamedDependency[Database]) -> Session:
        """The signed-in person."""
        return Session(await service.me(db, request.user))


class PeopleController(Controller):
    """Colleagues and teams."""

    tags = ["people"]

    @get("/users", opt={"right": "people:read"})
    async def list_users(self, db: NamedDependency[Database]) -> Colleagues:
        """The active users, by name."""
        return Colleagues(await service.colleagues(db))

    @get("/teams", opt={"right": "people:read"})
    async def list_teams(self, db: NamedDependency[Database]) -> Teams:
        """Every team, by name."""
        return Teams(await service.teams(db))


def _cookie(token: str, settings: Settings) -> Cookie:
    # Without max_age it is a session cookie: it ends with the browser, or before that when the server says so.
    return Cookie(key=SESSION_COOKIE, value=token, path="/", httponly=True, secure=settings.secure_cookies, samesite="lax")
