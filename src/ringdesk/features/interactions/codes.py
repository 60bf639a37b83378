"""Use cases of wrap-up codes: an administrator says which outcomes teams choose from (product.md 3.4)."""

from uuid import UUID

from msgspec import structs

from ringdesk.features import audit, people
from ringdesk.features.interactions import store
from ringdesk.features.interactions.events import wrap_up_codes_changed
from ringdesk.features.interactions.rules import checked_labels
from ringdesk.features.interactions.schemas import NewWrapUpCode, WrapUpCode, WrapUpCodeOrder, WrapUpCodePatch, WrapUpCodes
from ringdesk.features.people import Actor
from ringdesk.kit import ids
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.definitions import check_order, checked_key, given
from ringdesk.kit.problems import FieldErrors, NotFound


async def add(db: Database, actor: Actor, new: NewWrapUpCode) -> WrapUpCode:
    """Add a code behind the others. Raises InvalidFields with every error."""
    async with db.transaction() as uow:
        await store.hold_codes(uow)
        errors = FieldErrors()
        code = WrapUpCode(
            code=checked_key("code", new.code, [one.code for one in await _all(uow)], errors),
            labels=checked_labels(new.labels, errors),
            channels=list(dict.fromkeys(new.channels)),
            teams=await _teams(uow, new.teams, errors),
            active=True,
            uses=0,
        )
        await _refuse_same_name(uow, code, errors)
        errors.raise_if_any()
        await store.add_code(uow, code)
        await _tell(uow, actor, "created", code.code, None, code)
        return code


async def change(db: Database, actor: Actor, code: str, patch: WrapUpCodePatch) -> WrapUpCode:
    """Change a code; old outcomes keep it and show its new name. Raises NotFound, InvalidFields."""
    async with db.transaction() as uow:
        await store.hold_codes(uow)
        before = next((one for one in await _all(uow) if one.code == code), None)
        if before is None:
            raise NotFound("There is no such code.")
        errors = FieldErrors()
        asked = given(patch)
        if "labels" in asked:
            asked["labels"] = checked_labels(asked["labels"], errors)
        if "teams" in asked:
            asked["teams"] = await _teams(uow, asked["teams"], errors)
        if "channels" in asked:
            asked["channels"] = list(dict.fromkeys(asked["channels"]))
        after = structs.replace(before, **asked)
        await _refuse_same_name(uow, after, errors)
        errors.raise_if_any()
        if after != before:
            await store.put_code(uow, after)
            await _tell(uow, actor, "changed", code, before, after)
        return after


async def order(db: Database, actor: Actor, wanted: WrapUpCodeOrder) -> WrapUpCodes:
    """Put the codes into this order. Raises InvalidFields unless every code is named once."""
    async with db.transaction() as uow:
        await store.hold_codes(uow)
        before = [one.code for one in await _all(uow)]
        check_order("codes", wanted.codes, before)
        if wanted.codes != before:
            await store.place_codes(uow, wanted.codes)
            await _tell(uow, actor, "ordered", None, {"codes": before}, {"codes": wanted.codes})
        return WrapUpCodes(await _all(uow))


@people.team_removing.subscribe
async def forget_team(uow: UnitOfWork, fact: people.TeamRemoving) -> None:
    """A team is taken away: codes that others use too go on without it. Raises TeamInUse for a code that would then be for all."""
    await store.hold_codes(uow)
    held = [one for one in await _all(uow) if fact.team_id in one.teams]
    if alone := [one.code for one in held if one.teams == [fact.team_id]]:
        raise people.TeamInUse(f"The outcomes {', '.join(alone)} are for this team only. Give them to other teams, or to all, first.")
    for one in held:
        after = structs.replace(one, teams=[team for team in one.teams if team != fact.team_id])
        await store.put_code(uow, after)
        await _tell(uow, fact.actor, "changed", one.code, one, after)


async def _tell(uow: UnitOfWork, actor: Actor | None, what: str, code: str | None, before: object, after: object) -> None:
    await audit.write(uow, actor, f"wrap_up_code.{what}", "wrap_up_code", code, before, after)
    wrap_up_codes_changed(uow, await _all(uow))


async def _all(uow: UnitOfWork) -> list[WrapUpCode]:
    return await store.wrap_up_codes(uow, None, ids.new_id())


async def _refuse_same_name(uow: UnitOfWork, code: WrapUpCode, errors: FieldErrors) -> None:
    """Agents must tell the outcomes apart that they choose from."""
    for other in await _all(uow) if code.active else ():
        for language, label in code.labels.items():
            if other.active and other.code != code.code and other.labels.get(language, "").casefold() == label.casefold():
                errors.add(f"labels.{language}", "taken", f"The outcome “{other.code}” is called so already. Choose another name.")


async def _teams(uow: UnitOfWork, teams: list[UUID], errors: FieldErrors) -> list[UUID]:
    for unknown in await store.unknown_teams(uow, teams):
        errors.add("teams", "unknown_team", f"No team has the id {unknown}.")
    return list(dict.fromkeys(teams))
