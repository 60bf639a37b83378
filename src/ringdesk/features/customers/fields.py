"""The system fields of a customer: the one registry that forms, lists, filters, imports and the API read (product.md 1.1, 12)."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, structs

from ringdesk.features.customers.attributes import rules as attribute_rules
from ringdesk.features.customers.attributes import sealing
from ringdesk.features.customers.attributes.rules import Definitions
from ringdesk.features.customers.attributes.schemas import Privacy
from ringdesk.features.customers.field_types import Addresses, Attributes, Consent, ExternalId, Language
from ringdesk.features.customers.models import PHONE_SLOTS, Draft, Reach
from ringdesk.features.customers.schemas import IdentityKind
from ringdesk.kit.crypto import Vault
from ringdesk.kit.definitions import collect_values
from ringdesk.kit.fields import Choice, Email, FieldType, Phone, Refusal, Refusals, Text, plain_text
from ringdesk.kit.problems import FieldErrors


class Field(Struct, frozen=True):
    """One system field: its key on the wire, its type, and what it is when it is empty."""

    key: str
    type: FieldType
    empty: Any = None
    importable: bool = True
    privacy: Privacy = "personal"
    """Fixed: what names or reaches somebody can't be declared plain, and what is looked up by its parts can't be encrypted."""

    @property
    def label(self) -> str:
        """Translation key of the field's name."""
        return f"customers.fields.{self.key}"

    def parse(self, value: object, region: str) -> Any:
        """The value that a Draft keeps. Raises Refusal, Refusals."""
        kept = self.type.parse(value, region)
        return self.empty if kept is None else kept


EDITABLE: dict[str, Field] = {
    field.key: field
    for field in (
        Field("kind", Choice(options=("person", "company")), "person", privacy="plain"),
        Field("first_name", Text(limit=100), ""),
        Field("last_name", Text(limit=100), ""),
        Field("company_name", Text(limit=200), ""),
        *(Field(f"phone_{slot}", Phone()) for slot in PHONE_SLOTS),
        Field("email", Email()),
        Field("addresses", Addresses(), (), importable=False),
        Field("preferred_language", Language()),
        Field("consent", Consent(), {}, importable=False),
        Field("attributes", Attributes(), {}, importable=False),
        Field("external_id", ExternalId()),
    )
}
"""The fields that people and programs set, in the order of the card."""

READ_ONLY = frozenset({"id", "number", "version", "display_name", "identities", "created_at", "updated_at", "archived_at", "last_contact"})
"""On the wire, but not to be set."""


def check(
    values: Mapping[str, object],
    *,
    region: str,
    base: Draft | None = None,
    definitions: Definitions | None = None,
    vault: Vault | None = None,
) -> Draft:
    """The draft that `values` make, on top of `base` for an edit. Raises InvalidFields with every error at once.

    `region` is the ISO 3166 region in which national numbers are read (product.md 1.3); `definitions` are the attributes that a card
    has, None where attributes are left alone; `vault` seals the values of sensitive ones.
    """
    errors = FieldErrors()
    draft = collect(values, region=region, base=base, errors=errors, definitions=definitions, vault=vault)
    errors.raise_if_any()
    return draft


def collect(
    values: Mapping[str, object],
    *,
    region: str,
    errors: FieldErrors,
    base: Draft | None = None,
    definitions: Definitions | None = None,
    vault: Vault | None = None,
) -> Draft:
    """Like `check`, but notes what is wrong in `errors` and leaves those fields as they were: for imports, which go on."""
    parsed: dict[str, object] = {}
    if definitions is not None:
        had = base.attributes if base else None
        given = sealing.without_masks(values.get("attributes"), definitions, had or {}, under="attributes", errors=errors)
        held = collect_values(given, definitions, under="attributes", base=had, region=region, errors=errors)
        held = sealing.sealed_values(held, definitions, vault, region)
        parsed["attributes"] = held
        parsed["attribute_reaches"] = attribute_rules.reaches(held, definitions, region)
    for key, value in values.items():
        if key == "attributes" and definitions is not None:
            continue
        field = EDITABLE.get(key)
        if field is None:
            _refuse_unknown(key, errors)
            continue
        try:
            parsed[key] = field.parse(value, region)
        except Refusal as refusal:
            errors.add(key + refusal.field, refusal.code, refusal.message)
        except Refusals as refusals:
            for refusal in refusals.items:
                errors.add(key + refusal.field, refusal.code, refusal.message)
    draft = _compose(parsed, base or Draft())
    _refuse_repeated(draft, set(parsed), errors)
    return draft


def check_identity(kind: IdentityKind, value: object, *, region: str) -> Reach:
    """An address that is given by itself. Raises InvalidFields naming `value`."""
    errors = FieldErrors()
    reach: Reach | None = None
    try:
        if kind in ("phone", "email"):
            reach = (Phone() if kind == "phone" else Email()).parse(value, region)
        elif handle := plain_text(value, 200):
            reach = Reach(handle, handle.lower())
        if reach is None:
            errors.add("value", "required", "Write the address.")
    except Refusal as refusal:
        errors.add("value", refusal.code, refusal.message)
    errors.raise_if_any()
    assert reach is not None
    return reach


def _refuse_unknown(key: str, errors: FieldErrors) -> None:
    if key in READ_ONLY:
        errors.add(key, "read_only", "This field is set by Ringdesk; leave it out.")
    else:
        errors.add(key, "unknown_field", f"A customer has no field “{key}”. Fields are {', '.join(EDITABLE)}.")


def _compose(parsed: Mapping[str, object], base: Draft) -> Draft:
    phones = dict(base.phones)
    rest: dict[str, Any] = {}
    for key, value in parsed.items():
        if not key.startswith("phone_"):
            rest[key] = value
        elif isinstance(value, Reach):
            phones[int(key[6:])] = value
        else:
            phones.pop(int(key[6:]), None)
    return structs.replace(base, phones={slot: phones[slot] for slot in sorted(phones)}, **rest)


def _refuse_repeated(draft: Draft, given: set[str], errors: FieldErrors) -> None:
    """A card holds a number once. The later of two slots is named, or the one that this edit sets."""
    first: dict[str, int] = {}
    for slot, reach in draft.phones.items():
        earlier = first.setdefault(reach.normalised, slot)
        if earlier != slot:
            at, other = (earlier, slot) if f"phone_{slot}" not in given else (slot, earlier)
            errors.add(f"phone_{at}", "repeated", f"This is the same number as phone_{other}. Remove one of them.")
