"""Use cases of views: each one transaction."""

from uuid import UUID

from msgspec import structs

from ringdesk.features import audit
from ringdesk.features.lists import events, rules, store
from ringdesk.features.lists.errors import NotYoursToShare, TooManyViews
from ringdesk.features.lists.schemas import NewView, View, ViewChanged, ViewPatch, ViewRemoved, Views
from ringdesk.features.people import Actor, TeamRef
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.definitions import given
from ringdesk.kit.fields import checked_line
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import FieldErrors, NotFound, Unauthenticated

_NAME_LIMIT = 80


async def every(db: Database, actor: Actor, name: str) -> Views:
    """The views of a list that this person may use."""
    async with db.transaction() as uow:
        leads = bool(actor.roles & rules.SHARING)
        return Views(await store.usable(uow, name, user_id=_person(actor), team_id=actor.team_id, every_team=leads))


async def save(db: Database, actor: Actor, new: NewView) -> View:
    """Save a view, shared if it names a team. Raises InvalidFields, NotYoursToShare, TooManyViews."""
    async with db.transaction() as uow:
        await store.hold(uow, new.list)
        view = View(
            id=new_id(),
            list=new.list,
            name=_checked(new.name),
            query=new.query,
            layout=new.layout,
            owner_id=_person(actor),
            owner_name=actor.name,
            team=await _team(uow, actor, new.team_id),
            updated_at=clock.now(),
        )
        if await store.owned(uow, new.list, view.owner_id) >= rules.MOST_VIEWS:
            raise TooManyViews(f"You have {rules.MOST_VIEWS} views of this list. Delete one that you don't need any more.")
        await _refuse_same_name(uow, view)
        await _may_keep(uow, view)
        await store.put(uow, view)
        await _tell(uow, actor, "view.created", None, view)
        return view


async def change(db: Database, actor: Actor, view_id: UUID, patch: ViewPatch) -> View:
    """Change a view. Raises NotFound, InvalidFields, NotYoursToShare."""
    async with db.transaction() as uow:
        before = await _changeable(uow, actor, view_id)
        await store.hold(uow, before.list)
        asked = given(patch)
        if "name" in asked:
            asked["name"] = _checked(asked["name"])
        if "team_id" in asked:
            team_id = asked.pop("team_id")
            asked["team"] = before.team if before.team and before.team.id == team_id else await _team(uow, actor, team_id)
        after = structs.replace(before, **asked)
        if after == before:
            return before
        after = structs.replace(after, updated_at=clock.now())
        await _refuse_same_name(uow, after)
        await _may_keep(uow, after)
        await store.put(uow, after)
        await _tell(uow, actor, "view.changed", before, after)
        return after


async def _may_keep(uow: UnitOfWork, view: View) -> None:
    """Raises InvalidFields for a question that may not be kept."""
    errors = FieldErrors()
    await events.saving.send(uow, events.SavingView(view.list, view.query, errors))
    errors.raise_if_any()


async def remove(db: Database, actor: Actor, view_id: UUID) -> None:
    """Delete a view. Raises NotFound."""
    async with db.transaction() as uow:
        before = await _changeable(uow, actor, view_id)
        await store.remove(uow, view_id)
        await _tell(uow, actor, "view.removed", before, None)


def _person(actor: Actor) -> UUID:
    if actor.id is None:
        raise Unauthenticated("A key is no person: sign in with e-mail and password.")
    return actor.id


def _checked(name: str) -> str:
    errors = FieldErrors()
    line = checked_line("name", name, _NAME_LIMIT, errors)
    if not line and not errors.items:
        errors.add("name", "required", "Write what the view is called.")
    errors.raise_if_any()
    return line


async def _changeable(uow: UnitOfWork, actor: Actor, view_id: UUID) -> View:
    view = await store.read_for_change(uow, view_id)
    if view is None or not rules.may_see(actor, view):
        raise NotFound("There is no such view any more; load the list of views again.")
    if not rules.may_change(actor, view):
        raise NotYoursToShare(f"“{view.name}” belongs to {view.owner_name}. Save it under another name to have your own.")
    return view


async def _team(uow: UnitOfWork, actor: Actor, team_id: UUID | None) -> TeamRef | None:
    if team_id is None:
        return None
    if not rules.may_share_with(actor, team_id):
        raise NotYoursToShare("Supervisors share views with their own team, administrators with any. Save it for yourself instead.")
    name = await store.team_name(uow, team_id)
    errors = FieldErrors()
    if name is None:
        errors.add("team_id", "invalid_choice", "There is no such team any more; load the teams again.")
    errors.raise_if_any()
    return TeamRef(team_id, name or "")


async def _refuse_same_name(uow: UnitOfWork, view: View) -> None:
    errors = FieldErrors()
    if await store.same_name(uow, view):
        errors.add("name", "taken", f"There is a view “{view.name}” already; choose another name, or change that one.")
    errors.raise_if_any()


async def _tell(uow: UnitOfWork, actor: Actor, action: str, before: View | None, after: View | None) -> None:
    """The event to those who see the view, and to those who see it no more; the trail, where others are concerned."""
    either = after or before
    assert either
    if any(view and view.team for view in (before, after)):
        await audit.write(uow, actor, action, "view", either.id, before, after)
    had, has = _topics(before), _topics(after)
    if after:
        uow.log_event("view.changed", sorted(has), ViewChanged(after))
    if had - has:
        uow.log_event("view.removed", sorted(had - has), ViewRemoved(either.id, after.owner_id if after else None))


def _topics(view: View | None) -> set[str]:
    if view is None:
        return set()
    return {f"desk:{view.owner_id}", *([f"team:{view.team.id}"] if view.team else [])}
