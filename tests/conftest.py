"""What every test can ask for: a database, the application, and the people who use it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from ringdesk.kit.crypto import open_vault
from ringdesk.kit.db import Database
from ringdesk.kit.settings import Settings
from ringdesk.web.app import create_app
from tests.support import database
from tests.support.lifespan import running
from tests.support.people import People, add_people, sign_in


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what uses the database: these tests run a second time on the oldest PostgreSQL that is supported."""
    for item in items:
        if isinstance(item, pytest.Function) and "database_dsn" in item.fixturenames:
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def database_dsn() -> Iterator[str]:
    """The connection string of the migrated database of this run."""
    name, dsn = database.prepare()
    yield dsn
    database.drop_database(name)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the application under test."""
    data_dir: Path = tmp_path_factory.mktemp("data")
    return Settings(data_dir=data_dir, default_region="GB")


@pytest_asyncio.fixture(scope="session")
async def open_database(database_dsn: str, settings: Settings) -> AsyncIterator[Database]:
    """Open connections to the database of this run; tests ask for `db`, which is empty."""
    db = Database(database_dsn, size=8, vault=open_vault(settings))
    await db.open()
    yield db
    await db.close()


@pytest_asyncio.fixture
async def db(open_database: Database) -> Database:
    """The database as the migrations made it: nobody, nothing."""
    async with open_database.transaction() as uow:
        await uow.run("select test_support.reset()")
    return open_database


@pytest_asyncio.fixture(scope="session")
async def open_app(settings: Settings, open_database: Database) -> AsyncIterator[Litestar]:
    """The running application; tests ask for `app`, which comes with an empty database."""
    app = create_app(settings, open_database)
    async with running(app):
        yield app


@pytest.fixture
def app(db: Database, open_app: Litestar) -> Litestar:
    """The running application on an empty database."""
    return open_app


@asynccontextmanager
async def client_of(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application, as a browser on our own pages would be."""
    # An error that escapes is answered as a 500 by us; a test wants to see that answer.
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # pyright: ignore[reportArgumentType]  # the framework types ASGI more narrowly
    headers = {"sec-fetch-site": "same-origin"}
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=headers) as client:
        yield client


@pytest_asyncio.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who has not signed in."""
    async with client_of(app) as client:
        yield client


@pytest_asyncio.fixture
async def people(db: Database) -> People:
    """The accounts of Ada, Sven, Aiko and Bilal."""
    return await add_people(db)


@pytest_asyncio.fixture
async def clients(app: Litestar) -> AsyncIterator[AsyncExitStack]:
    """Closes the clients of a test."""
    async with AsyncExitStack() as stack:
        yield stack


@pytest_asyncio.fixture
async def as_ada(app: Litestar, db: Database, people: People, clients: AsyncExitStack) -> httpx.AsyncClient:
    """The administrator, signed in."""
    return await sign_in(db, await clients.enter_async_context(client_of(app)), people.ada)


@pytest_asyncio.fixture
async def as_sven(app: Litestar, db: Database, people: People, clients: AsyncExitStack) -> httpx.AsyncClient:
    """The supervisor, signed in."""
    return await sign_in(db, await clients.enter_async_context(client_of(app)), people.sven)


@pytest_asyncio.fixture
async def as_aiko(app: Litestar, db: Database, people: People, clients: AsyncExitStack) -> httpx.AsyncClient:
    """An agent, signed in."""
    return await sign_in(db, await clients.enter_async_context(client_of(app)), people.aiko)


@pytest_asyncio.fixture
async def as_bilal(app: Litestar, db: Database, people: People, clients: AsyncExitStack) -> httpx.AsyncClient:
    """Another agent, signed in."""
    return await sign_in(db, await clients.enter_async_context(client_of(app)), people.bilal)
