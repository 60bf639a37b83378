"""Every query of views."""

from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from ringdesk.features.lists.schemas import Layout, View
from ringdesk.kit.db import UnitOfWork


class _Row(msgspec.Struct):
    id: UUID
    list: str
    name: str
    query: str
    layout: Any
    owner_id: UUID
    owner_name: str
    team: Any
    updated_at: Any


_VIEW = (
    "select v.id, v.list, v.name, v.query, v.layout, v.owner_id, u.name as owner_name,"
    " case when t.id is not null then jsonb_build_object('id', t.id, 'name', t.name) end as team, v.updated_at"
    " from list_view v join app_user u on u.id = v.owner_id left join team t on t.id = v.team_id"
)


async def usable(uow: UnitOfWork, name: str, *, user_id: UUID, team_id: UUID | None, every_team: bool) -> list[View]:
    """The views of a list that a person owns or that a team shares (theirs, or `every_team`), by name."""
    rows = await uow.all(
        _Row,
        _VIEW
        + " where v.list = %s and (v.owner_id = %s or (v.team_id is not null and (%s or v.team_id = %s))) order by lower(v.name), v.id",
        [name, user_id, every_team, team_id],
    )
    return [_view(row) for row in rows]


async def read_for_change(uow: UnitOfWork, view_id: UUID) -> View | None:
    """A view, held until the commit, or None."""
    row = await uow.one(_Row, _VIEW + " where v.id = %s for update of v", [view_id])
    return _view(row) if row else None


async def hold(uow: UnitOfWork, name: str) -> None:
    """Let nobody else change the views of this list until the commit: names are compared."""
    await uow.send("select pg_advisory_xact_lock(7217, hashtext(%s))", [name])


async def same_name(uow: UnitOfWork, view: View) -> bool:
    """Whether those who see this view have another one of its name: its owner among their own, or the team."""
    return bool(
        await uow.value(
            "select exists (select from list_view where list = %s and lower(name) = lower(%s) and id <> %s"
            " and case when %s::uuid is null then team_id is null and owner_id = %s else team_id = %s end)",
            [view.list, view.name, view.id, *([view.team.id if view.team else None, view.owner_id, view.team.id if view.team else None])],
        )
    )


async def owned(uow: UnitOfWork, name: str, user_id: UUID) -> int:
    """How many views of a list a person has."""
    return int(await uow.value("select count(*) from list_view where list = %s and owner_id = %s", [name, user_id]))


async def team_name(uow: UnitOfWork, team_id: UUID) -> str | None:
    """The name of a team, or None."""
    return await uow.value("select name from team where id = %s", [team_id])


async def put(uow: UnitOfWork, view: View) -> None:
    """Write a view, new or changed."""
    await uow.run(
        "insert into list_view (id, list, name, owner_id, team_id, query, layout, updated_at)"
        " values (%(id)s, %(list)s, %(name)s, %(owner)s, %(team)s, %(query)s, %(layout)s, %(updated_at)s)"
        " on conflict (id) do update set name = excluded.name, team_id = excluded.team_id, query = excluded.query,"
        " layout = excluded.layout, updated_at = excluded.updated_at",
        {
            "id": view.id,
            "list": view.list,
            "name": view.name,
            "owner": view.owner_id,
            "team": view.team.id if view.team else None,
            "query": view.query,
            "layout": Jsonb(msgspec.to_builtins(view.layout)) if view.layout else None,
            "updated_at": view.updated_at,
        },
    )


async def remove(uow: UnitOfWork, view_id: UUID) -> None:
    """Delete a view."""
    await uow.run("delete from list_view where id = %s", [view_id])


def _view(row: _Row) -> View:
    values = msgspec.structs.asdict(row)
    return msgspec.convert(values | {"layout": msgspec.convert(row.layout, Layout | None)}, View)
