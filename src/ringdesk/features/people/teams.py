"""Use cases of administrators: teams, and how long their wrap-up time is (product.md 0, 3.4)."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import structs

from ringdesk.features.people import store
from ringdesk.features.people.errors import TeamInUse
from ringdesk.features.people.events import (
    Change,
    TeamRemoving,
    changed,
    parts_changed,
    parts_topic,
    team_removing,
    teams_changed,
)
from ringdesk.features.people.models import Actor
from ringdesk.features.people.names import checked_name
from ringdesk.features.people.rights import PARTS, Part
from ringdesk.features.people.schemas import NewTeam, Team, TeamPatch, Teams
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.definitions import given
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import FieldErrors, NotFound


async def every(db: Database) -> Teams:
    """Every team, by name."""
    async with db.transaction() as uow:
        return Teams(await store.teams(uow))


async def add(db: Database, actor: Actor, new: NewTeam) -> Team:
    """Make a team. Raises InvalidFields."""
    async with db.transaction() as uow:
        await store.lock_teams(uow)
        name = await _checked_name(uow, new.name, None)
        team = Team(id=new_id(), name=name, wrap_up_seconds=new.wrap_up_seconds, people=0, switched_off=_ordered(new.switched_off))
        return await _add(uow, actor, team)


async def named(uow: UnitOfWork, actor: Actor | None, name: str) -> Team:
    """The team with this name in whatever case, made if there is none, inside the caller's transaction. Raises InvalidFields (`team`)."""
    await store.lock_teams(uow)
    errors = FieldErrors()
    line = checked_name("team", name, errors)
    errors.raise_if_any()
    known = [team for team in await store.teams(uow) if team.name.casefold() == line.casefold()]
    return known[0] if known else await _add(uow, actor, Team(id=new_id(), name=line, people=0))


async def change(db: Database, actor: Actor, team_id: UUID, patch: TeamPatch) -> Team:
    """Change a team. Raises NotFound, InvalidFields."""
    async with db.transaction() as uow:
        await store.lock_teams(uow)
        before = await _get(uow, team_id)
        asked = given(patch)
        if "name" in asked:
            asked["name"] = await _checked_name(uow, asked["name"], team_id)
        if "switched_off" in asked:
            asked["switched_off"] = _ordered(asked["switched_off"])
        after = structs.replace(before, **asked)
        if after != before:
            await store.change_team(uow, after)
            await _tell(uow, actor, "changed", team_id, before, after)
            if after.switched_off != before.switched_off:
                parts_changed(uow, parts_topic(team_id))
        return after


async def remove(db: Database, actor: Actor, team_id: UUID) -> None:
    """Take a team away; what it handled keeps its name. Raises NotFound, TeamInUse."""
    async with db.transaction() as uow:
        await store.lock_teams(uow)
        team = await _get(uow, team_id)
        if team.people:
            raise TeamInUse("Somebody is in this team. Move its people, those switched off too, to another team first.")
        await team_removing.send(uow, TeamRemoving(actor, team_id))
        await store.remove_team(uow, team_id)
        await _tell(uow, actor, "removed", team_id, team, None)


def _ordered(parts: Sequence[Part]) -> list[Part]:
    return [part for part in PARTS if part in parts]


async def _add(uow: UnitOfWork, actor: Actor | None, team: Team) -> Team:
    await store.add_team(uow, team)
    await _tell(uow, actor, "created", team.id, None, team)
    return team


async def _get(uow: UnitOfWork, team_id: UUID) -> Team:
    if found := next((team for team in await store.teams(uow) if team.id == team_id), None):
        return found
    raise NotFound("No team has this id; load them again.")


async def _checked_name(uow: UnitOfWork, name: str, own: UUID | None) -> str:
    errors = FieldErrors()
    line = checked_name("name", name, errors)
    if any(team.name.casefold() == line.casefold() and team.id != own for team in await store.teams(uow)):
        errors.add("name", "taken", f"There is a team “{line}” already; choose another name.")
    errors.raise_if_any()
    return line


async def _tell(uow: UnitOfWork, actor: Actor | None, what: str, team_id: UUID, before: Team | None, after: Team | None) -> None:
    await changed.send(uow, Change(actor=actor, action=f"team.{what}", entity="team", entity_id=team_id, before=before, after=after))
    teams_changed(uow, await store.teams(uow))
