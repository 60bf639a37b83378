"""Fields that several forms share: administrators define each once, and every form (a type of request, a channel) has some of them.

The fields of one kind stand in a table of their own; a form names those that it has, in its order, and which of them it needs.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType, structs
from psycopg import sql
from psycopg.types.json import Jsonb

from ringdesk.kit import clock
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.definitions import (
    HELP_LIMIT,
    Labelled,
    StoredValue,
    checked_key,
    checked_label,
    checked_type,
    free_key,
    given,
    refuse_same_label,
    retype,
)
from ringdesk.kit.fields import AnyType, checked_line
from ringdesk.kit.problems import FieldErrors, NotFound

MOST_FIELDS = 50
"""Fields of one form: as many as a card has attributes."""
# Values are compared with a new type in bites that keep the memory small.
BITE = 5_000


class PoolField(Struct, frozen=True, kw_only=True):
    """A field that forms can have; several may share it. `hidden_at`: it was taken out of use then; its values are kept."""

    key: str
    label: str
    type: AnyType
    help: str
    hidden_at: datetime | None


class FormField(Struct, frozen=True):
    """A field of a form, by its key."""

    key: str
    required: bool


class NewPoolField(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A field to add. Without a `key` it gets one made of its label."""

    label: str
    type: AnyType
    key: str | None = None
    help: str = ""


class PoolFieldPatch(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to change; absent members stay. The key stays for ever."""

    label: str | UnsetType = UNSET
    type: AnyType | UnsetType = UNSET
    help: str | UnsetType = UNSET


class FieldOfForm(Struct, frozen=True):
    """A field as one form has it: see kit.definitions.Defined."""

    label: str
    type: AnyType
    required: bool


F = TypeVar("F", bound=PoolField)
Tell = Callable[[UnitOfWork, str, F | None, F], Awaitable[None]]
"""Notes what was done to a field (`created`, `changed`, `hidden`, `restored`): before and after."""
ValuesAfter = Callable[[UnitOfWork, str, UUID, int], Awaitable[Sequence[StoredValue]]]
"""The next values of the field of a key behind a row's id, in the order of ids, at most so many."""
PutValues = Callable[[UnitOfWork, str, Sequence[tuple[UUID, Any]]], Awaitable[None]]


class FieldPool(Generic[F]):
    """The fields of one kind of form. Every use case runs inside the caller's transaction, which holds the definitions."""

    def __init__(self, kind: type[F], table: str, *, values_after: ValuesAfter, put_values: PutValues) -> None:
        self._kind, self._table = kind, sql.Identifier(table)
        self._values_after, self._put_values = values_after, put_values

    async def every(self, uow: UnitOfWork) -> list[F]:
        """Every field: those in use in their order, then those out of use, the last hidden first."""
        rows = await uow.all(
            _Row,
            sql.SQL("select key, label, type, help, hidden_at from {} order by hidden_at is not null, hidden_at desc, place, key").format(
                self._table
            ),
        )
        return [msgspec.convert(structs.asdict(row), self._kind) for row in rows]

    async def add(self, uow: UnitOfWork, new: NewPoolField, tell: Tell[F]) -> F:
        """Add a field, which forms can then have. Raises InvalidFields with every error."""
        known = await self.every(uow)
        errors = FieldErrors()
        taken = {one.key for one in known}
        label = checked_label(new.label, errors)
        refuse_same_label(label, known, None, errors)
        field = self._kind(
            key=checked_key("key", new.key, taken, errors) if new.key else free_key(label, taken, "field"),
            label=label,
            type=checked_type(new.type, errors),
            help=checked_line("help", new.help, HELP_LIMIT, errors),
            hidden_at=None,
        )
        errors.raise_if_any()
        await uow.run(
            sql.SQL(
                "insert into {0} (key, label, type, help, place) values (%s, %s, %s, %s, (select coalesce(max(place), 0) + 1 from {0}))"
            ).format(self._table),
            [field.key, field.label, Jsonb(msgspec.to_builtins(field.type)), field.help],
        )
        await tell(uow, "created", None, field)
        return field

    async def change(self, uow: UnitOfWork, key: str, patch: PoolFieldPatch, tell: Tell[F], *, region: str) -> F:
        """Change a field in all its forms; stored values are written anew in a new type. Raises NotFound, InvalidFields, ValuesDoNotFit.

        `region` (ISO 3166) is where values that become telephone numbers are read.
        """
        known = await self.every(uow)
        before = found(known, key)
        errors = FieldErrors()
        asked = given(patch)
        if "label" in asked:
            asked["label"] = checked_label(asked["label"], errors)
            refuse_same_label(asked["label"], known, key, errors)
        if "help" in asked:
            asked["help"] = checked_line("help", asked["help"], HELP_LIMIT, errors)
        if "type" in asked:
            asked["type"] = checked_type(asked["type"], errors)
        errors.raise_if_any()
        after = structs.replace(before, **asked)
        if after.type != before.type:
            await retype(
                before.label,
                before.type,
                after.type,
                region=region,
                after=lambda last: self._values_after(uow, key, last, BITE),
                write=lambda anew: self._put_values(uow, key, anew),
            )
        return await self._put(uow, "changed", before, after, tell)

    async def hide(self, uow: UnitOfWork, key: str, tell: Tell[F]) -> F:
        """Take a field out of use in every form; its values are kept. Raises NotFound. A second time changes nothing."""
        before = found(await self.every(uow), key)
        return await self._put(uow, "hidden", before, structs.replace(before, hidden_at=before.hidden_at or clock.now()), tell)

    async def restore(self, uow: UnitOfWork, key: str, tell: Tell[F]) -> F:
        """Bring a field back to the forms that had it. Raises NotFound, InvalidFields for a name that another took meanwhile."""
        known = await self.every(uow)
        before = found(known, key)
        errors = FieldErrors()
        refuse_same_label(before.label, known, key, errors)
        errors.raise_if_any()
        return await self._put(uow, "restored", before, structs.replace(before, hidden_at=None), tell)

    async def _put(self, uow: UnitOfWork, what: str, before: F, after: F, tell: Tell[F]) -> F:
        if after != before:
            await uow.run(
                sql.SQL("update {} set label = %s, type = %s, help = %s, hidden_at = %s where key = %s").format(self._table),
                [after.label, Jsonb(msgspec.to_builtins(after.type)), after.help, after.hidden_at, after.key],
            )
            await tell(uow, what, before, after)
        return after


class _Row(Struct):
    key: str
    label: str
    type: Any
    help: str
    hidden_at: datetime | None


K = TypeVar("K", bound=Labelled)


def found(known: Iterable[K], key: str) -> K:
    """That of these definitions which has this key. Raises NotFound."""
    for one in known:
        if one.key == key:
            return one
    raise NotFound("Nothing has this key; load the definitions again.")


def fields_of(members: Iterable[FormField], fields: Iterable[PoolField]) -> dict[str, FieldOfForm]:
    """The fields that a form shows, in its order: those of its members that are in use."""
    known = {field.key: field for field in fields if field.hidden_at is None}
    return {one.key: FieldOfForm(known[one.key].label, known[one.key].type, one.required) for one in members if one.key in known}


def checked_members(
    members: Sequence[FormField], known: Mapping[str, PoolField], errors: FieldErrors, *, kept: Iterable[str] = ()
) -> list[FormField]:
    """The fields of a form, each known, in use (but those of `kept`, which the form has already), and named once."""
    seen: set[str] = set()
    had = set(kept)
    for place, one in enumerate(members):
        field = known.get(one.key)
        if field is None:
            errors.add(f"fields[{place}].key", "unknown_field", f"No field has the key “{one.key}”. Add it first.")
        elif field.hidden_at and one.key not in had:
            errors.add(f"fields[{place}].key", "out_of_use", f"“{field.label}” was taken out of use; restore it first.")
        elif one.key in seen:
            errors.add(f"fields[{place}].key", "repeated", f"“{field.label}” stands twice.")
        seen.add(one.key)
    if len(members) > MOST_FIELDS:
        errors.add("fields", "too_many", f"A form has at most {MOST_FIELDS} fields; this has {len(members)}.")
    return list(members)
