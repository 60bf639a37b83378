"""Use cases of wrap-up codes: an administrator says which outcomes teams choose from (product.md 3.4)."""

from uuid import UUID

from msgspec import UNSET, structs

from ringdesk.features import audit
from ringdesk.features.interactions import store
from ringdesk.features.interactions.rules import checked_code, checked_labels
from ringdesk.features.interactions.schemas import NewWrapUpCode, WrapUpCode, WrapUpCodeOrder, WrapUpCodePatch, WrapUpCodes
from ringdesk.features.people import Actor
from ringdesk.kit import ids
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.problems import FieldErrors, NotFound


async def every(db: Database) -> WrapUpCodes:
    """Every code of every team, in their order."""
    async with db.transaction() as uow:
        return WrapUpCodes(await _all(uow))


async def add(db: Database, actor: Actor, new: NewWrapUpCode) -> WrapUpCode:
    """Add a code behind the others. Raises InvalidFields with every error."""
    async with db.transaction() as uow:
        await store.hold_codes(uow)
        errors = FieldErrors()
        code = WrapUpCode(
            code=checked_code(new.code, [one.code for one in await _all(uow)], errors),
            labels=checked_labels(new.labels, errors),
            channels=list(dict.fromkeys(new.channels)),
            teams=await _teams(uow, new.teams, errors),
            active=True,
            uses=0,
        )
        errors.raise_if_any()
        await store.add_code(uow, code)
        await audit.write(uow, actor, "wrap_up_code.created", "wrap_up_code", None, None, code)
        return code


async def change(db: Database, actor: Actor, code: str, patch: WrapUpCodePatch) -> WrapUpCode:
    """Change a code; old outcomes keep it and show its new name. Raises NotFound, InvalidFields."""
    async with db.transaction() as uow:
        await store.hold_codes(uow)
        before = next((one for one in await _all(uow) if one.code == code), None)
        if before is None:
            raise NotFound("There is no such code.")
        errors = FieldErrors()
        given = {name: value for name, value in structs.asdict(patch).items() if value is not UNSET}
        if "labels" in given:
            given["labels"] = checked_labels(given["labels"], errors)
        if "teams" in given:
            given["teams"] = await _teams(uow, given["teams"], errors)
        if "channels" in given:
            given["channels"] = list(dict.fromkeys(given["channels"]))
        errors.raise_if_any()
        after = structs.replace(before, **given)
        if after != before:
            await store.put_code(uow, after)
            await audit.write(uow, actor, "wrap_up_code.changed", "wrap_up_code", None, before, after)
        return after


async def order(db: Database, actor: Actor, wanted: WrapUpCodeOrder) -> WrapUpCodes:
    """Put the codes into this order. Raises InvalidFields unless every code is named once."""
    async with db.transaction() as uow:
        await store.hold_codes(uow)
        before = [one.code for one in await _all(uow)]
        errors = FieldErrors()
        if sorted(wanted.codes) != sorted(before):
            errors.add("codes", "not_all", "Name every code once; load them again if another administrator changed them.")
        errors.raise_if_any()
        await store.place_codes(uow, wanted.codes)
        await audit.write(uow, actor, "wrap_up_code.ordered", "wrap_up_code", None, {"codes": before}, {"codes": wanted.codes})
        return WrapUpCodes(await _all(uow))


async def _all(uow: UnitOfWork) -> list[WrapUpCode]:
    return await store.wrap_up_codes(uow, None, ids.new_id())


async def _teams(uow: UnitOfWork, teams: list[UUID], errors: FieldErrors) -> list[UUID]:
    for unknown in await store.unknown_teams(uow, teams):
        errors.add("teams", "unknown_team", f"No team has the id {unknown}.")
    return list(dict.fromkeys(teams))
