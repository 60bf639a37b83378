"""Prepares a database for the demo: accounts, customers, history, and the simulated telephone system."""

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec
import structlog
from psycopg.types.json import Jsonb

from ringdesk.features import people
from ringdesk.features.people.passwords import hash_in_thread
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.ids import new_id
from ringdesk.kit.settings import Settings
from ringdesk.seed.customers import Register
from ringdesk.seed.rows import copy
from ringdesk.seed.staff import CODES, STAFF, WRAP_UP_SECONDS, Agent, Colleague
from ringdesk.seed.stories import HISTORY, Archive

log = structlog.get_logger(__name__)

CUSTOMERS = 2_000
SEED = 1_876
PASSWORDS = "demo-sign-ins.json"
MARK = "demo.filled"
# Any constant, the same in every process: two demos that start at once fill once.
FILL_LOCK = 7210


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """An account of the demo and its password, as it is printed."""

    name: str
    email: str
    password: str
    roles: tuple[str, ...]
    extension: str | None


async def prepare(db: Database, settings: Settings, *, customers: int = CUSTOMERS) -> list[SignIn]:
    """Fill an empty database with the sample centre; the second time only tell the sign-ins. Takes some three seconds.

    Passwords are made per installation, kept in `demo-sign-ins.json` of the data directory (mode 0600). A database that already has
    customers keeps them and gets the accounts and the simulator only.
    """
    async with db.bulk() as uow:
        await uow.conn.execute("select pg_advisory_xact_lock(%s)", [FILL_LOCK])
        passwords = await _accounts(db, settings.data_dir)
        if not await uow.value("select exists (select from setting where key = %s)", [MARK]):
            started = clock.now()
            empty = not await uow.value("select exists (select from customer)")
            await _configure(uow)
            if empty:
                await _fill(uow, settings.default_region, started, customers)
            await uow.conn.execute("insert into setting (key, value) values (%s, %s)", [MARK, Jsonb({"at": started, "seed": SEED})])
            log.info("demo_filled", customers=customers if empty else 0, seconds=round((clock.now() - started).total_seconds(), 2))
    return [
        SignIn(name=who.name, email=who.email, password=passwords[who.email], roles=who.roles, extension=who.extension)
        for who in STAFF
        if who.signs_in
    ]


async def _fill(uow: UnitOfWork, region: str, now: datetime, customers: int) -> None:
    cursor = await uow.conn.execute(
        "select u.id, u.name, t.name, u.extension from app_user u left join team t on t.id = u.team_id"
        " where u.extension is not null and u.email = any(%s) order by u.extension",
        [[who.email for who in STAFF]],
    )
    agents = [Agent(*row) for row in await cursor.fetchall()]
    archive = Archive(agents, now=now, seed=SEED)
    made = list(Register(now=now, region=region, seed=SEED).customers(customers))
    for customer in made:
        archive.write(customer)
    await _partitions(uow, now - HISTORY, now)
    await copy(uow, "customer", [customer.row for customer in made])
    await copy(uow, "customer_contact", list(archive.contacts.values()))
    await copy(uow, "customer_identity", [identity for customer in made for identity in customer.identities])
    await copy(uow, "request", archive.requests)
    await uow.conn.execute("select setval('request_number', (select coalesce(max(number), 1000) from request))")
    await copy(uow, "request_choice", archive.choices)
    await copy(uow, "interaction", archive.interactions)
    await copy(uow, "activity", archive.activities)
    await copy(uow, "activity_comment", archive.comments)
    # Without it the first lists would be planned for empty tables.
    for table in ("customer", "customer_identity", "interaction", "activity", "request"):
        await uow.conn.execute(f"analyze {table}".encode())


async def _partitions(uow: UnitOfWork, since: datetime, until: datetime) -> None:
    month = since.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while month <= until:
        for parent in ("interaction", "activity"):
            await uow.conn.execute("select make_month_partition(%s, %s::date)", [parent, month])
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


async def _configure(uow: UnitOfWork) -> None:
    for position, (code, label) in enumerate(CODES.items(), 1):
        await uow.conn.execute(
            "insert into wrap_up_code (code, label, position) values (%s, %s, %s) on conflict do nothing", [code, Jsonb(label), position]
        )
    await uow.conn.execute("update team set wrap_up_seconds = %s", [WRAP_UP_SECONDS])
    await uow.conn.execute(
        "insert into telephony_connection (id, name, kind) values (%s, 'simulator', 'simulator') on conflict (name) do nothing", [new_id()]
    )


async def _accounts(db: Database, data_dir: Path) -> dict[str, str]:
    """Make the accounts that are missing; the passwords by e-mail address."""
    kept = _kept_passwords(data_dir)
    passwords = kept or {who.email: f"{who.name.split()[0].lower()}-{secrets.token_urlsafe(6)}" for who in STAFF if who.signs_in}
    async with db.transaction() as uow:
        known = await uow.values("select lower(email) from app_user")
    for who in STAFF:
        if who.email not in known:
            # Who does not sign in gets a password that nobody learns.
            await _account(db, who, passwords.get(who.email) or secrets.token_urlsafe(24))
        elif kept is None and who.signs_in:
            # The database outlived its data directory, and with it the passwords.
            hashed = await hash_in_thread(passwords[who.email])
            async with db.transaction() as uow:
                await uow.run("update app_user set password_hash = %s where lower(email) = %s", [hashed, who.email])
    if kept is None:
        _keep_passwords(data_dir, passwords)
    return passwords


async def _account(db: Database, who: Colleague, password: str) -> UUID:
    return await people.create_user(
        db,
        email=who.email,
        name=who.name,
        roles=list(who.roles),
        password=password,
        extension=who.extension,
        team=who.team,
        language=who.language,
    )


def _kept_passwords(data_dir: Path) -> dict[str, str] | None:
    path = data_dir / PASSWORDS
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str]) if path.exists() else None


def _keep_passwords(data_dir: Path, passwords: dict[str, str]) -> None:
    data_dir.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(data_dir / PASSWORDS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.encode(passwords))
