"""Decisions of a merge and of its undo: whose value stands, and what goes back. Pure (docs/adr/0015)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeVar
from uuid import UUID

from msgspec import Struct, structs

from ringdesk.features.customers import identity_rules
from ringdesk.features.customers.field_types import MAX_ADDRESSES
from ringdesk.features.customers.fields import EDITABLE
from ringdesk.features.customers.models import PHONE_SLOTS, Draft, IdentityRow, Reach
from ringdesk.features.customers.schemas import Address, Identity
from ringdesk.kit.folding import fold
from ringdesk.kit.problems import FieldErrors

Side = Literal["this", "other", "both"]
"""Whose value a field of the one card takes: that of the card that stays, of the one that goes into it, or both together."""
BOTH = frozenset({"addresses", "consent"})
"""Fields whose values can be put together; they are, unless one side is chosen."""
_PLAIN = ("kind", "first_name", "last_name", "company_name", "preferred_language", "external_id")
V = TypeVar("V")


def check_choices(choices: Mapping[str, Side]) -> None:
    """Raises InvalidFields for a field that cannot be chosen, naming all of them."""
    errors = FieldErrors()
    for field, side in choices.items():
        known = (field in EDITABLE and field != "attributes") or field.startswith("attributes.")
        if not known:
            errors.add(f"choices.{field}", "unknown_field", f"Choose for {', '.join(EDITABLE)} or attributes.KEY.")
        elif side == "both" and field not in BOTH:
            errors.add(f"choices.{field}", "one_side", "This field holds one value: choose “this” or “other”.")
    errors.raise_if_any()


def combine(this: Draft, other: Draft, choices: Mapping[str, Side]) -> Draft:
    """The fields of the one card. Without a choice this card's value stands, and the other's where this one has none.

    Every number of both is kept: in its own field, else in the first free one; those that find none stay as further identities.
    Of consents the refusal stands. Raises InvalidFields when both have more addresses than fit.
    """
    values: dict[str, Any] = {
        name: _pick(getattr(this, name), getattr(other, name), choices.get(name), empty=EDITABLE[name].empty) for name in _PLAIN
    }
    if "kind" not in choices:
        values["kind"] = this.kind
    return structs.replace(
        this,
        **values,
        phones=_phones(this.phones, other.phones, choices),
        email=_pick(this.email, other.email, choices.get("email"), empty=None),
        addresses=_addresses(this.addresses, other.addresses, choices.get("addresses", "both")),
        consent=_consent(this.consent, other.consent, choices.get("consent", "both")),
        attributes=_attributes(this.attributes, other.attributes, choices),
    )


def _pick(mine: V, theirs: V, side: Side | None, *, empty: object) -> V:
    if side is None:
        return theirs if mine == empty else mine
    return theirs if side == "other" else mine


def _phones(mine: Mapping[int, Reach], theirs: Mapping[int, Reach], choices: Mapping[str, Side]) -> dict[int, Reach]:
    placed: dict[int, Reach] = {}
    for slot in PHONE_SLOTS:
        reach = _pick(mine.get(slot), theirs.get(slot), choices.get(f"phone_{slot}"), empty=None)
        if reach and not _has(placed.values(), reach):
            placed[slot] = reach
    for reach in (*mine.values(), *theirs.values()):
        free = next((slot for slot in PHONE_SLOTS if slot not in placed), None)
        if free and not _has(placed.values(), reach):
            placed[free] = reach
    return dict(sorted(placed.items()))


def _has(reaches: Iterable[Reach], wanted: Reach) -> bool:
    return any(one.normalised == wanted.normalised for one in reaches)


def _addresses(mine: Sequence[Address], theirs: Sequence[Address], side: Side) -> tuple[Address, ...]:
    if side != "both":
        return tuple(mine if side == "this" else theirs)
    known = {_place(one) for one in mine}
    added = [structs.replace(one, primary=one.primary and not mine) for one in theirs if _place(one) not in known]
    both = (*mine, *added)
    if len(both) > MAX_ADDRESSES:
        errors = FieldErrors()
        errors.add(
            "choices.addresses", "too_many", f"Together they have {len(both)} addresses; a card holds {MAX_ADDRESSES}. Choose one side."
        )
        errors.raise_if_any()
    return both


def _place(address: Address) -> tuple[str, ...]:
    return tuple(fold(part) for part in (address.street, address.city, address.region, address.postcode, address.country))


def _consent(mine: Mapping[str, bool], theirs: Mapping[str, bool], side: Side) -> dict[str, bool]:
    if side != "both":
        return dict(mine if side == "this" else theirs)
    # Whoever said no once is not to be written to because another card never heard it.
    return {channel: mine.get(channel, True) and theirs.get(channel, True) for channel in {**mine, **theirs}}


def _attributes(mine: Mapping[str, object], theirs: Mapping[str, object], choices: Mapping[str, Side]) -> dict[str, object]:
    picked = {key: _pick(mine.get(key), theirs.get(key), choices.get(f"attributes.{key}"), empty=None) for key in {**mine, **theirs}}
    return {key: value for key, value in picked.items() if value is not None}


class CombinedIdentities(Struct, frozen=True):
    """The identities of the one card: all of them, those to write, and those that no field shows."""

    rows: list[IdentityRow]
    write: list[IdentityRow]
    further: list[Reach]


def combine_identities(this: Sequence[Identity], other: Sequence[Identity], draft: Draft, new_id: Callable[[], UUID]) -> CombinedIdentities:
    """Every address of both, each once, confirmed if it is on one of them; `draft` says which the fields show.

    This card's keep their ids; the other's get new ones, so that its own can come back.
    """
    theirs = {(one.kind, one.normalised): one for one in other}
    present: dict[tuple[str, str], Identity] = {}
    for mine in this:
        twin = theirs.get((mine.kind, mine.normalised))
        known = twin is not None and twin.confidence == "known"
        present[mine.kind, mine.normalised] = structs.replace(mine, confidence="known") if known else mine
    for key, one in theirs.items():
        if key not in present:
            present[key] = structs.replace(one, id=new_id())
    shown = {("phone", reach.normalised) for reach in draft.phones.values()}
    shown |= {("email", draft.email.normalised)} if draft.email else set[tuple[str, str]]()
    in_attributes = {(one.kind, one.reach.normalised): one.key for one in draft.attribute_reaches}
    mine_keys = {(one.kind, one.normalised) for one in this}
    for key, one in present.items():
        if key in shown:
            continue
        if identity_rules.shown_by_field(one) or key not in mine_keys:
            one = structs.replace(one, position=_behind(present.values(), one))
        if one.attribute and in_attributes.get(key) != one.attribute:
            # Its attribute holds the other card's value now; the address stays all the same.
            one = structs.replace(one, attribute=in_attributes.get(key))
        present[key] = one
    plan = identity_rules.plan_identities(present.values(), draft, new_id)
    final = {key: identity_rules.as_row(one) for key, one in present.items()} | {(row.kind, row.normalised): row for row in plan.keep}
    had = {one.id: identity_rules.as_row(one) for one in this}
    rows = list(final.values())
    return CombinedIdentities(rows, [row for row in rows if had.get(row.id) != row], plan.further)


def _behind(present: Iterable[Identity], one: Identity) -> int:
    last = max((other.position for other in present if other.kind == one.kind and other is not one), default=0)
    return max(last + 1, identity_rules.first_behind(one.kind))


class TakenBack(Struct, frozen=True):
    """The fields of a card after the undo of a merge, and those which that had set and people changed since: they stay."""

    draft: Draft
    kept: list[str]


def take_back(before: Draft, after: Draft, now: Draft) -> TakenBack:
    """What a merge made of a card goes back, field by field; what was changed since stays. Phones and e-mail are not touched here."""
    kept: list[str] = []

    def back(field: str, was: V, became: V, current: V) -> V:
        if current == became:
            return was
        if was != became:
            kept.append(field)
        return current

    values: dict[str, Any] = {name: back(name, getattr(before, name), getattr(after, name), getattr(now, name)) for name in _PLAIN}
    for name in ("consent", "attributes"):
        was, became, current = getattr(before, name), getattr(after, name), getattr(now, name)
        label = f"{name}." if name == "attributes" else ""
        parts = {
            key: back(f"{label}{key}" if label else name, was.get(key), became.get(key), current.get(key))
            for key in {**was, **became, **current}
        }
        values[name] = {key: value for key, value in parts.items() if value is not None}
    values["addresses"] = _addresses_back(before.addresses, after.addresses, now.addresses)
    if now.addresses != after.addresses and before.addresses != after.addresses:
        kept.append("addresses")
    return TakenBack(structs.replace(now, **values), list(dict.fromkeys(kept)))


def _addresses_back(before: Sequence[Address], after: Sequence[Address], now: Sequence[Address]) -> tuple[Address, ...]:
    if now == after:
        return tuple(before)
    had, has = {_place(one) for one in before}, {_place(one) for one in after}
    stay = [one for one in now if _place(one) in had or _place(one) not in has]
    present = {_place(one) for one in stay}
    gone = [one for one in before if _place(one) not in has and _place(one) not in present]
    primary = next((place for place, one in enumerate([*stay, *gone]) if one.primary), 0)
    return tuple(structs.replace(one, primary=place == primary) for place, one in enumerate([*stay, *gone]))


def settle_slots(identities: Sequence[Identity], untouched: frozenset[UUID]) -> list[Identity]:
    """Identities after an undo, no two in the same field: one that people put there since stays, the other (`untouched`) makes room."""
    settled: list[Identity] = []
    for one in sorted(identities, key=lambda one: (one.id in untouched, one.position)):
        taken = any(identity_rules.shown_by_field(other) and (other.kind, other.position) == (one.kind, one.position) for other in settled)
        if taken and identity_rules.shown_by_field(one):
            used = {other.position for other in identities if other.kind == one.kind}
            free = next((slot for slot in range(1, identity_rules.first_behind(one.kind)) if slot not in used), None)
            one = structs.replace(one, position=free or _behind([*identities, *settled], one))
        settled.append(one)
    return settled


def shown_fields(draft: Draft, identities: Iterable[Identity]) -> Draft:
    """The draft with the phones and the e-mail that these identities are."""
    shown = [one for one in identities if identity_rules.shown_by_field(one)]
    phones = {one.position: Reach(one.value, one.normalised) for one in shown if one.kind == "phone"}
    email = next((Reach(one.value, one.normalised) for one in shown if one.kind == "email"), None)
    return structs.replace(draft, phones=dict(sorted(phones.items())), email=email)


State = Mapping[str, Any] | None
"""A row as JSON; None: there is none."""


def row_back(before: State, after: State, now: State) -> State:
    """What a row becomes when a merge is undone: what it was, unless it was changed since."""
    return before if now == after else now
