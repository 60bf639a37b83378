"""One sensitive value, shown to who has the right and says why."""

from uuid import UUID

from ringdesk.features import audit
from ringdesk.features.customers import store as customers
from ringdesk.features.customers.attributes import sealing
from ringdesk.features.customers.attributes import service as attributes
from ringdesk.features.customers.attributes import store as definitions_store
from ringdesk.features.customers.fields import EDITABLE
from ringdesk.features.customers.privacy.schemas import FieldClass, FieldClasses, Reveal, Revealed
from ringdesk.features.people import Actor
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.fields import checked_line, says_something
from ringdesk.kit.problems import FieldErrors, NotFound

HIDE_AFTER_S = 60
"""Long enough to read a number out or compare it, short enough not to be on the screen when somebody else sits down."""
REASON_LIMIT = 200


async def classes(db: Database) -> FieldClasses:
    """The class of every field of the card."""
    async with db.transaction() as uow:
        shown = [one for one in await definitions_store.every(uow) if one.hidden_at is None]
    system = [FieldClass(field.key, field.privacy, attribute=False) for field in EDITABLE.values() if field.key != "attributes"]
    return FieldClasses([*system, *(FieldClass(sealing.PREFIX + one.key, one.privacy, attribute=True) for one in shown)])


def checked_reason(reason: str) -> str:
    """The reason as one line. Raises InvalidFields for one that says nothing."""
    errors = FieldErrors()
    line = checked_line("reason", reason, REASON_LIMIT, errors)
    if not says_something(line) and not errors.items:
        errors.add("reason", "required", f"Write why, in words: 1 to {REASON_LIMIT} characters, with a letter or digit among them.")
    errors.raise_if_any()
    return line


async def reveal(db: Database, actor: Actor, customer_id: UUID, asked: Reveal) -> Revealed:
    """The value of a sensitive field in clear; who saw whose, which and why is in the trail before it leaves.

    Raises NotFound, CustomerGone, InvalidFields.
    """
    reason = checked_reason(asked.reason)
    async with db.transaction() as uow:
        record = await customers.read(uow, customer_id)
        if record is None:
            raise NotFound("No customer has this id; search for the customer in the list.")
        key = await _sensitive(uow, asked.field)
        value = sealing.open_value(uow.vault, key, record.attributes.get(key))
        note = {"field": asked.field, "reason": reason, "empty": value is None}
        await audit.write(uow, actor, "customer.revealed", "customer", record.id, None, note)
    return Revealed(asked.field, value, HIDE_AFTER_S)


async def _sensitive(uow: UnitOfWork, field: str) -> str:
    key = field.removeprefix(sealing.PREFIX)
    one = (await attributes.definitions(uow)).get(key) if field.startswith(sealing.PREFIX) else None
    errors = FieldErrors()
    if one is None:
        errors.add("field", "unknown_field", "Name a sensitive attribute of the card, such as attributes.passport.")
    elif one.privacy != "sensitive":
        errors.add("field", "not_sensitive", f"“{one.label}” is not sensitive: its value stands on the card.")
    errors.raise_if_any()
    return key
