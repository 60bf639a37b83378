"""Decisions about identities: which ones a card's fields make, who matches an address, and how surely. Pure."""

from collections.abc import Callable, Container, Iterable, Sequence
from uuid import UUID

from msgspec import Struct, structs

from ringdesk.features.customers.models import PHONE_SLOTS, Draft, IdentityRow, Reach
from ringdesk.features.customers.schemas import Identity, IdentityKind, Match
from ringdesk.kit.phones import PhoneError, national_digits, normalise, variants

TAIL_DIGITS = 9
"""So many last digits tell a subscriber apart in nearly every country, however the prefix was written; fewer match strangers."""
SURELY_INTERNATIONAL = 10
"""Bare digits of this length that make a valid international number are one whose + was lost; shorter ones may be local numbers."""
_FIRST_BEHIND: dict[IdentityKind, int] = {"phone": PHONE_SLOTS[-1] + 1, "email": 2, "chat": 1, "social": 1}


class PhoneForms(Struct, frozen=True):
    """What a number is looked up by: `every` normalised form, those that are `sure` to mean it, and its last nine digits."""

    every: list[str]
    sure: list[str]
    tail: str | None


class IdentityPlan(Struct, frozen=True):
    """What an edit does to the identities of a card. `new` are those that others may be reached at only now, `further` stay unshown."""

    keep: list[IdentityRow]
    remove: list[UUID]
    new: list[IdentityRow]
    further: list[Reach]


def phone_forms(forms: Sequence[str]) -> PhoneForms | None:
    """How to look up a number whose possible normalised forms are these, the likeliest first; None without any."""
    if not forms:
        return None
    first = forms[0]
    sure = [form for form in forms if form == first or _means(first, form)]
    digits = first.removeprefix("+")
    return PhoneForms(list(forms), sure, digits[-TAIL_DIGITS:] if len(digits) >= TAIL_DIGITS else None)


def _means(first: str, form: str) -> bool:
    """Whether a card that holds `form` surely holds the number `first`."""
    if first.startswith("+"):
        # Old and new numbering of the same line, or the + left out; the national digits could be a number of another country.
        return form.startswith("+") or form == first[1:]
    return form == "+" + first and len(first) >= SURELY_INTERNATIONAL


def best_matches(matches: Iterable[Match]) -> list[Match]:
    """One match a customer, keeping the order; the surest reason wins when several addresses of a card fit."""
    best: dict[UUID, Match] = {}
    for match in matches:
        seen = best.get(match.customer.id)
        if seen is None:
            best[match.customer.id] = match
        elif seen.confidence == "maybe" and match.confidence == "known":
            best[match.customer.id] = structs.replace(seen, confidence="known", reason=match.reason)
    return list(best.values())


def reach_of(kind: IdentityKind, raw: str, region: str) -> tuple[Reach | None, list[str]]:
    """An address as it is kept, with every normalised form that counts as the same; (None, []) for what is no address."""
    typed = " ".join(raw.split())
    if kind != "phone":
        return (Reach(typed, typed.lower()), [typed.lower()]) if typed else (None, [])
    try:
        phone = normalise(typed, region)
    except PhoneError:
        return None, []
    forms = phone_forms(variants(typed, region))
    return Reach(typed, phone.normalised), forms.sure if forms else []


def first_behind(kind: IdentityKind) -> int:
    """The first position behind those that a field of the card shows."""
    return _FIRST_BEHIND[kind]


def as_row(identity: Identity) -> IdentityRow:
    """An identity as it is written."""
    one = identity
    return IdentityRow(one.id, one.kind, one.value, one.normalised, one.position, one.confidence, one.attribute)


def shown_by_field(identity: Identity) -> bool:
    """Whether phone_1 to phone_5 or e-mail is a view of this identity."""
    return identity.confidence == "known" and identity.position < _FIRST_BEHIND[identity.kind]


def identity_rows(draft: Draft, new_id: Callable[[], UUID]) -> list[IdentityRow]:
    """The identities that the fields of a card make: phones at their slot, the e-mail at 1, and those of attributes behind them."""
    rows = _shown_rows(draft, new_id)
    return rows + _attribute_rows(draft, {(row.kind, row.normalised) for row in rows}, [], new_id)


def _shown_rows(draft: Draft, new_id: Callable[[], UUID]) -> list[IdentityRow]:
    rows = [IdentityRow(new_id(), "phone", reach.raw, reach.normalised, slot) for slot, reach in sorted(draft.phones.items())]
    if draft.email:
        rows.append(IdentityRow(new_id(), "email", draft.email.raw, draft.email.normalised, 1))
    return rows


def _attribute_rows(
    draft: Draft, elsewhere: Container[tuple[str, str]], present: Sequence[Identity], new_id: Callable[[], UUID]
) -> list[IdentityRow]:
    """The addresses of attributes that no field shows, each once, behind everything that the card has of their kind."""
    last = {kind: max([one.position for one in present if one.kind == kind] + [first - 1]) for kind, first in _FIRST_BEHIND.items()}
    rows: dict[tuple[IdentityKind, str], IdentityRow] = {}
    for one in draft.attribute_reaches:
        key = (one.kind, one.reach.normalised)
        if key in elsewhere or key in rows:
            continue
        last[one.kind] += 1
        rows[key] = IdentityRow(new_id(), one.kind, one.reach.raw, one.reach.normalised, last[one.kind], attribute=one.key)
    return list(rows.values())


def plan_identities(present: Iterable[Identity], draft: Draft, new_id: Callable[[], UUID]) -> IdentityPlan:
    """Bring the identities of a card in line with its fields. An address that stays keeps its id, however it moves."""
    had = {(identity.kind, identity.normalised): identity for identity in present}
    wanted = {(row.kind, row.normalised): row for row in _shown_rows(draft, new_id)}
    for row in _attribute_rows(draft, frozenset(wanted), list(had.values()), new_id):
        old = had.get((row.kind, row.normalised))
        if old and old.confidence == "known" and not shown_by_field(old):
            # It keeps its place; one that people entered beside the fields stays theirs.
            row = structs.replace(row, raw=old.value, position=old.position, attribute=old.attribute and row.attribute)
        wanted[row.kind, row.normalised] = row
    keep: list[IdentityRow] = []
    new: list[IdentityRow] = []
    for key, row in wanted.items():
        old = had.get(key)
        if old is None or old.confidence == "maybe":
            new.append(row)
        if old is None or as_row(old) != structs.replace(row, id=old.id):
            keep.append(structs.replace(row, id=old.id) if old else row)
    gone = {key: one for key, one in had.items() if key not in wanted and (shown_by_field(one) or one.attribute)}
    remove = [identity.id for identity in gone.values()]
    further = [Reach(one.value, one.normalised) for key, one in had.items() if key not in wanted and key not in gone]
    return IdentityPlan(keep, remove, new, further)


def with_also(plan: IdentityPlan, also: IdentityRow) -> IdentityPlan:
    """The plan with one more confirmed identity behind the fields."""
    others = [reach for reach in plan.further if reach.normalised != also.normalised]
    return IdentityPlan([*plan.keep, also], plan.remove, [*plan.new, also], [*others, Reach(also.raw, also.normalised)])


def with_identity(draft: Draft, kind: IdentityKind, reach: Reach) -> Draft | None:
    """The draft with the address in the first field that is free for it; None when no field is."""
    if kind == "phone":
        free = next((slot for slot in PHONE_SLOTS if slot not in draft.phones), None)
        return structs.replace(draft, phones=dict(sorted({**draft.phones, free: reach}.items()))) if free else None
    if kind == "email" and draft.email is None:
        return structs.replace(draft, email=reach)
    return None


def without_identity(draft: Draft, identity: Identity) -> Draft:
    """The draft without the fields and attributes that hold this identity."""
    holding = {one.key for one in draft.attribute_reaches if (one.kind, one.reach.normalised) == (identity.kind, identity.normalised)}
    draft = structs.replace(
        draft,
        attributes={key: value for key, value in draft.attributes.items() if key not in holding},
        attribute_reaches=tuple(one for one in draft.attribute_reaches if one.key not in holding),
    )
    if not shown_by_field(identity):
        return draft
    if identity.kind == "email":
        return structs.replace(draft, email=None)
    return structs.replace(draft, phones={slot: reach for slot, reach in draft.phones.items() if slot != identity.position})


def behind(present: Sequence[Identity], kind: IdentityKind, reach: Reach, new_id: Callable[[], UUID]) -> IdentityRow:
    """A confirmed identity behind all of its kind; it keeps the id of the unconfirmed one that it was."""
    same = next((one for one in present if (one.kind, one.normalised) == (kind, reach.normalised)), None)
    if same:
        return IdentityRow(same.id, kind, reach.raw, reach.normalised, same.position)
    last = max((one.position for one in present if one.kind == kind), default=0)
    return IdentityRow(new_id(), kind, reach.raw, reach.normalised, max(last + 1, _FIRST_BEHIND[kind]))


def new_addresses(draft: Draft, before: Draft | None) -> tuple[list[str], list[str]]:
    """Normalised (phones, e-mails) of `draft` that `before` lacks."""
    had = _addresses(before) if before else set[tuple[str, str]]()
    brought = sorted(_addresses(draft) - had)
    return [form for kind, form in brought if kind == "phone"], [form for kind, form in brought if kind == "email"]


def _addresses(draft: Draft) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = {("phone", reach.normalised) for reach in draft.phones.values()}
    if draft.email:
        found.add(("email", draft.email.normalised))
    return found | {(one.kind, one.reach.normalised) for one in draft.attribute_reaches}


def all_forms(identities: Iterable[IdentityRow], region: str) -> list[str]:
    """Every form in which a channel may name these addresses: as typed, normalised, and as switches send them."""
    found: list[str] = []
    for identity in identities:
        found += [identity.normalised, identity.raw]
        if identity.kind == "phone":
            found += [*variants(identity.normalised, region), national_digits(identity.normalised)]
            if identity.normalised.startswith("+"):
                found.append("00" + identity.normalised[1:])
    return list(dict.fromkeys(found))
