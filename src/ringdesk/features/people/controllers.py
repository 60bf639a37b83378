"""Sign-in, the signed-in person, colleagues and teams."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, patch, post, put
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ringdesk.features.people import accounts, keys, service, teams
from ringdesk.features.people.addresses import client_address
from ringdesk.features.people.models import Actor
from ringdesk.features.people.schemas import (
    Account,
    AccountPatch,
    Accounts,
    ApiKeys,
    Colleagues,
    Login,
    MadeApiKey,
    NewAccount,
    NewApiKey,
    NewTeam,
    Session,
    Team,
    TeamPatch,
    Teams,
)
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings

SESSION_COOKIE = "ringdesk_session"
PersonRequest = Request[Actor, Any, Any]


class AuthController(Controller):
    """Sign in, sign out, who am I."""

    path = "/auth"
    tags = ("people",)

    @post("/login", opt={"right": None}, status_code=200)
    async def login(
        self, data: JSONBody[Login], request: Request[Any, Any, Any], db: NamedDependency[Database], settings: NamedDependency[Settings]
    ) -> Response[Session]:
        """Start a session; its cookie comes with the answer. An earlier session of this browser ends."""
        address = client_address(request.scope, trusted_proxies=settings.trusted_proxies)
        token, user = await service.sign_in(db, data, address=address)
        if earlier := request.cookies.get(SESSION_COOKIE):
            await service.sign_out(db, earlier)
        return Response(Session(user), status_code=200, cookies=[_cookie(token, settings)])

    @post("/logout", opt={"right": None}, status_code=204)
    async def logout(
        self, request: Request[Any, Any, Any], db: NamedDependency[Database], settings: NamedDependency[Settings]
    ) -> Response[None]:
        """End the session and its event streams."""
        if token := request.cookies.get(SESSION_COOKIE):
            await service.sign_out(db, token)
        gone = _cookie("", settings)
        gone.max_age = 0
        return Response(None, status_code=204, cookies=[gone])

    @get("/session", opt={"right": "desk:use"})
    async def session(self, request: PersonRequest, db: NamedDependency[Database]) -> Session:
        """The signed-in person."""
        return Session(await service.me(db, request.user))


class AccountController(Controller):
    """Accounts of people, for administrators."""

    path = "/accounts"
    tags = ("people",)

    @get("/", opt={"right": "people:write"})
    async def list_accounts(self, db: NamedDependency[Database]) -> Accounts:
        """Every account, by name, also those that were switched off."""
        return Accounts(await accounts.every(db))

    @post("/", opt={"right": "people:write"})
    async def create_account(self, data: JSONBody[NewAccount], request: PersonRequest, db: NamedDependency[Database]) -> Account:
        """Make an account."""
        return await accounts.create(db, request.user, data)

    @patch("/{account_id:uuid}", opt={"right": "people:write"})
    async def change_account(
        self, account_id: FromPath[UUID], data: JSONBody[AccountPatch], request: PersonRequest, db: NamedDependency[Database]
    ) -> Account:
        """Change an account. With new roles, a new password or switched off, the person is signed out everywhere."""
        return await accounts.change(db, request.user, account_id, data)


class ApiKeyController(Controller):
    """Keys of programs, for administrators."""

    path = "/api-keys"
    tags = ("people",)

    @get("/", opt={"right": "people:write"})
    async def list_keys(self, db: NamedDependency[Database]) -> ApiKeys:
        """Every key, newest first, revoked ones too."""
        return ApiKeys(await keys.every(db))

    @post("/", opt={"right": "people:write"})
    async def create_key(self, data: JSONBody[NewApiKey], request: PersonRequest, db: NamedDependency[Database]) -> MadeApiKey:
        """Make a key. What a program sends as its bearer token is in the answer, this once."""
        return await keys.create(db, request.user, name=data.name, scopes=data.scopes)

    @post("/{key_id:uuid}/revoke", opt={"right": "people:write"}, status_code=204)
    async def revoke_key(
        self, key_id: FromPath[UUID], request: PersonRequest, db: NamedDependency[Database], key_ring: NamedDependency[keys.KeyRing]
    ) -> None:
        """Let nobody in with this key again; its event streams end. Other web processes follow within a second."""
        await keys.revoke(db, request.user, key_id)
        key_ring.forget(key_id)


class PreferenceController(Controller):
    """What a person's desktop remembers."""

    path = "/desk/preferences"
    tags = ("people",)

    @put("/{key:str}", opt={"right": "desk:use"}, status_code=204)
    async def set_preference(self, key: FromPath[str], data: JSONBody[Any], request: PersonRequest, db: NamedDependency[Database]) -> None:
        """Remember any JSON value under a key; GET /auth/session tells them all."""
        await service.set_preference(db, request.user, key, data)


class PeopleController(Controller):
    """Colleagues."""

    tags = ("people",)

    @get("/users", opt={"right": "people:read"})
    async def list_users(self, db: NamedDependency[Database]) -> Colleagues:
        """The active users, by name."""
        return Colleagues(await service.colleagues(db))


class TeamController(Controller):
    """Teams."""

    path = "/teams"
    tags = ("people",)

    @get(opt={"right": "people:read"})
    async def every(self, db: NamedDependency[Database]) -> Teams:
        """Every team, by name."""
        return await teams.every(db)

    @post(opt={"right": "people:write"})
    async def add(self, data: JSONBody[NewTeam], request: PersonRequest, db: NamedDependency[Database]) -> Team:
        """Make a team."""
        return await teams.add(db, request.user, data)

    @patch("/{team_id:uuid}", opt={"right": "people:write"})
    async def change(
        self, team_id: FromPath[UUID], data: JSONBody[TeamPatch], request: PersonRequest, db: NamedDependency[Database]
    ) -> Team:
        """Change its name, or how long its people have to wrap up a call."""
        return await teams.change(db, request.user, team_id, data)

    @delete("/{team_id:uuid}", opt={"right": "people:write"})
    async def remove(self, team_id: FromPath[UUID], request: PersonRequest, db: NamedDependency[Database]) -> None:
        """Take away a team that nobody is in; the legs that it handled keep its name."""
        await teams.remove(db, request.user, team_id)


def _cookie(token: str, settings: Settings) -> Cookie:
    # Without max_age it is a session cookie: it ends with the browser, or before that when the server says so.
    return Cookie(key=SESSION_COOKIE, value=token, path="/", httponly=True, secure=settings.secure_cookies, samesite="lax")
