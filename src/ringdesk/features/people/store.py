"""Every query about users, teams, sessions and attempts to sign in."""

from typing import Any
from uuid import UUID

import msgspec

from ringdesk.features.people.models import KeyRow, SessionUser, User
from ringdesk.features.people.schemas import Team
from ringdesk.kit.db import UnitOfWork

_USER = (
    "select u.id, u.email, u.name, u.roles, u.team_id, t.name as team_name, u.extension, u.cti_enabled, u.language, u.active,"
    " u.password_hash, u.created_at, coalesce(t.switched_off, '{}') as switched_off from app_user u left join team t on t.id = u.team_id"
)


async def user_by_email(uow: UnitOfWork, email: str) -> User | None:
    """The account with this e-mail address, whatever its case."""
    return await uow.one(User, _USER + " where lower(u.email) = lower(%s)", [email])


async def user_by_id(uow: UnitOfWork, user_id: UUID) -> User | None:
    """The account with this id."""
    return await uow.one(User, _USER + " where u.id = %s", [user_id])


async def users(uow: UnitOfWork) -> list[User]:
    """Every account, by name."""
    return await uow.all(User, _USER + " order by u.name, u.id")


async def add_user(uow: UnitOfWork, user: User) -> None:
    """Store a new account."""
    await uow.run(
        "insert into app_user (id, email, name, password_hash, roles, team_id, extension, cti_enabled, language, active)"
        " values (%(id)s, %(email)s, %(name)s, %(password_hash)s, %(roles)s, %(team_id)s, %(extension)s,"
        " %(cti_enabled)s, %(language)s, %(active)s)",
        msgspec.structs.asdict(user),
    )


_TEAM = (
    "select t.id, t.name, t.wrap_up_seconds, (select count(*) from app_user u where u.team_id = t.id) as people, t.switched_off from team t"
)


async def lock_teams(uow: UnitOfWork) -> None:
    """Let nobody else change teams until the commit."""
    await uow.send("lock table team in share row exclusive mode")


async def teams(uow: UnitOfWork) -> list[Team]:
    """Every team, by name."""
    return await uow.all(Team, _TEAM + " order by t.name, t.id")


async def change_team(uow: UnitOfWork, team: Team) -> None:
    """Store a team as it is now."""
    await uow.run(
        "update team set name = %s, wrap_up_seconds = %s, switched_off = %s where id = %s",
        [team.name, team.wrap_up_seconds, team.switched_off, team.id],
    )


async def remove_team(uow: UnitOfWork, team_id: UUID) -> None:
    """Forget a team that nobody is in."""
    await uow.run("delete from team where id = %s", [team_id])


async def add_team(uow: UnitOfWork, team: Team) -> None:
    """Store a new team."""
    await uow.run(
        "insert into team (id, name, wrap_up_seconds, switched_off) values (%s, %s, %s, %s)",
        [team.id, team.name, team.wrap_up_seconds, team.switched_off],
    )


async def wrap_up_seconds(uow: UnitOfWork, user_id: UUID) -> int:
    """How long this person may take to wrap up; of somebody without a team, what a new team has."""
    found = await uow.value(
        "select coalesce(t.wrap_up_seconds, 120) from app_user u left join team t on t.id = u.team_id where u.id = %s", [user_id]
    )
    return int(found or 0)


async def preferences(uow: UnitOfWork, user_id: UUID) -> dict[str, Any]:
    """What the user's desktop remembers, by key."""
    found = await uow.value("select coalesce(jsonb_object_agg(key, value), '{}') from user_preference where user_id = %s", [user_id])
    return dict(found)


async def set_preference(uow: UnitOfWork, user_id: UUID, key: str, value: Any, *, most: int) -> bool:
    """Remember a value under this key, unless it would be a new one beyond `most`; whether it was."""
    changed = await uow.run(
        "insert into user_preference (user_id, key, value) select %(user)s, %(key)s, %(value)s::jsonb"
        " where (select count(*) from user_preference where user_id = %(user)s and key <> %(key)s) < %(most)s"
        " on conflict (user_id, key) do update set value = excluded.value",
        {"user": user_id, "key": key, "value": msgspec.json.encode(value).decode(), "most": most},
    )
    return changed > 0


async def change_user(uow: UnitOfWork, user: User) -> None:
    """Store an account as it is now."""
    await uow.run(
        "update app_user set name = %(name)s, password_hash = %(password_hash)s, roles = %(roles)s, team_id = %(team_id)s,"
        " extension = %(extension)s, cti_enabled = %(cti_enabled)s, language = %(language)s, active = %(active)s where id = %(id)s",
        msgspec.structs.asdict(user),
    )


async def keep_password(uow: UnitOfWork, user: User) -> None:
    """Store the account's password hash if it is another one."""
    await uow.send(
        "update app_user set password_hash = %(hash)s where id = %(id)s and password_hash is distinct from %(hash)s",
        {"hash": user.password_hash, "id": user.id},
    )


async def lock_users(uow: UnitOfWork) -> None:
    """Let nobody else change accounts until the end of this transaction (rules over several accounts are checked first)."""
    await uow.run("lock table app_user in share row exclusive mode")


async def end_sessions_of(uow: UnitOfWork, user_id: UUID) -> list[bytes]:
    """Forget every session of this user; their token hashes."""
    return [bytes(found) for found in await uow.values("delete from session where user_id = %s returning token_hash", [user_id])]


async def end_stale_sessions(uow: UnitOfWork, *, idle_hours: float) -> list[bytes]:
    """Forget the sessions whose time is over; their token hashes."""
    found = await uow.values(
        "delete from session where expires_at <= now() or last_seen_at <= now() - make_interval(secs => %s) returning token_hash",
        [idle_hours * 3600],
    )
    return [bytes(token_hash) for token_hash in found]


async def forget_attempts(uow: UnitOfWork) -> None:
    """Forget attempts to sign in whose window is over."""
    await uow.send("delete from throttle where resets_at <= now()")


_KEY = "select id, name, prefix, scopes, created_at, last_used_at, revoked_at from api_key"


async def keys(uow: UnitOfWork) -> list[KeyRow]:
    """Every key, revoked ones too, newest first."""
    return await uow.all(KeyRow, _KEY + " order by created_at desc, id")


async def key_by_hash(uow: UnitOfWork, key_hash: bytes) -> KeyRow | None:
    """The key of this digest, unless it was revoked."""
    return await uow.one(KeyRow, _KEY + " where key_hash = %s and revoked_at is null", [key_hash])


async def key_by_id(uow: UnitOfWork, key_id: UUID) -> KeyRow | None:
    """The key with this id, revoked or not."""
    return await uow.one(KeyRow, _KEY + " where id = %s", [key_id])


async def add_key(uow: UnitOfWork, key: KeyRow, key_hash: bytes) -> bool:
    """Store a new key; False when a key of this name exists."""
    added = await uow.run(
        "insert into api_key (id, name, key_hash, prefix, scopes, created_at) values (%s, %s, %s, %s, %s, %s)"
        " on conflict (name) do nothing",
        [key.id, key.name, key_hash, key.prefix, key.scopes, key.created_at],
    )
    return added > 0


async def touch_key(uow: UnitOfWork, key_id: UUID) -> None:
    """Note that the key is in use, to the minute."""
    await uow.send(
        "update api_key set last_used_at = now() where id = %s and (last_used_at is null or last_used_at < now() - interval '1 minute')",
        [key_id],
    )


async def revoke_key(uow: UnitOfWork, key_id: UUID) -> None:
    """Let nobody in with this key again."""
    await uow.run("update api_key set revoked_at = now() where id = %s and revoked_at is null", [key_id])


async def add_session(uow: UnitOfWork, *, token_hash: bytes, user_id: UUID, hours: float, address: str) -> None:
    """Store a session that ends `hours` from now, whatever happens."""
    await uow.run(
        "insert into session (token_hash, user_id, expires_at, address) values (%s, %s, now() + make_interval(secs => %s), %s)",
        [token_hash, user_id, hours * 3600, address],
    )


async def session_user(uow: UnitOfWork, token_hash: bytes, *, idle_hours: float) -> SessionUser | None:
    """Whose session this is, unless it is unknown, ended, idle for too long, or of an account that was switched off."""
    return await uow.one(
        SessionUser,
        "select u.id, u.name, u.roles, u.team_id, t.name as team_name, u.extension, u.language,"
        " s.last_seen_at < now() - interval '1 minute' as stale, coalesce(t.switched_off, '{}') as switched_off"
        " from session s join app_user u on u.id = s.user_id left join team t on t.id = u.team_id"
        " where s.token_hash = %s and s.expires_at > now() and s.last_seen_at > now() - make_interval(secs => %s) and u.active",
        [token_hash, idle_hours * 3600],
    )


async def touch_session(uow: UnitOfWork, token_hash: bytes) -> None:
    """Note that the session is in use."""
    await uow.send("update session set last_seen_at = now() where token_hash = %s", [token_hash])


async def end_session(uow: UnitOfWork, token_hash: bytes) -> UUID | None:
    """Forget the session; whose it was, None if there was none."""
    return await uow.value("delete from session where token_hash = %s returning user_id", [token_hash])


async def count_attempt(uow: UnitOfWork, key: str, *, window_seconds: float) -> tuple[int, float]:
    """Count one more attempt under this key; how many there were since the window began, and how many seconds it still lasts.

    One statement, so that processes and machines count together.
    """
    cursor = await uow.conn.execute(
        "insert into throttle as t (key, count, resets_at) values (%(key)s, 1, now() + make_interval(secs => %(window)s))"
        " on conflict (key) do update set count = case when t.resets_at <= now() then 1 else t.count + 1 end,"
        " resets_at = case when t.resets_at <= now() then excluded.resets_at else t.resets_at end"
        " returning count, extract(epoch from resets_at - now())::float8",
        {"key": key, "window": window_seconds},
    )
    row = await cursor.fetchone()
    return (row[0], row[1]) if row else (1, window_seconds)


async def forgive(uow: UnitOfWork, *, account: str, address: str) -> None:
    """After a success: forget the account's failures, and the one attempt that was counted against the address."""
    await uow.send("delete from throttle where key = %s", [account])
    await uow.send("update throttle set count = greatest(count - 1, 0) where key = %s", [address])
