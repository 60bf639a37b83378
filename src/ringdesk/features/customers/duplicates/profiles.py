"""A card as it is compared with others: names folded, addresses taken apart, and the keys under which look-alikes meet. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b

from msgspec import Struct

from ringdesk.features.customers.attributes.rules import Definitions
from ringdesk.features.customers.schemas import Address
from ringdesk.kit.fields import Alphanumeric15, Alphanumeric50, Date
from ringdesk.kit.folding import fold, is_cjk
from ringdesk.kit.sealed import is_sealed

MOST_PLACES, MOST_REACHES = 3, 12
"""Addresses, and numbers and e-mails, that are compared: a card with more is a company's, whose first ones tell it apart."""
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")
# What a company may be called with or without: says what it is, not which one.
_LEGAL = frozenset(
    "ab aktiebolag hb kb as asa oy oyj aps gmbh ag kg ohg mbh co ltd limited plc llp llc inc corp corporation company"  # noqa: SIM905 (a list to be read)
    " bv nv sa sarl srl spa sl sas sp z o".split()
)
_LEGAL_CJK = ("株式会社", "有限会社", "合同会社", "(株)", "(有)")
_SOUNDS = (("sch", "s"), ("ch", "k"), ("ck", "k"), ("ph", "f"), ("th", "t"), ("gh", "g"), ("wr", "r"), ("kn", "n"), ("qu", "k"))
_LETTERS = str.maketrans({"c": "k", "q": "k", "z": "s", "x": "s", "w": "v", "y": "i", "d": "t", "p": "b", "g": "k"})


class Place(Struct, frozen=True, array_like=True):
    """A postal address as it is compared."""

    street: str
    numbers: str
    postcode: str
    city: str


class Profile(Struct, frozen=True, array_like=True):
    """Everything of a card that tells customers apart."""

    company: bool
    first: str
    last: str
    organisation: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    places: tuple[Place, ...]
    dates: dict[str, str]
    """Attributes that are days (a birthday), by key."""
    marks: dict[str, str]
    """Attributes that are short codes (a membership number), by key."""


def profile_of(
    *,
    kind: str,
    first_name: str,
    last_name: str,
    company_name: str,
    addresses: Iterable[Address],
    attributes: Mapping[str, object],
    reaches: Sequence[tuple[str, str]],
    definitions: Definitions,
) -> Profile:
    """The profile of a card; `reaches` are its confirmed identities as (kind, normalised)."""
    dates: dict[str, str] = {}
    marks: dict[str, str] = {}
    for key, value in attributes.items():
        definition = definitions.get(key)
        if definition is not None and is_sealed(value) and isinstance(definition.type, Date | Alphanumeric15 | Alphanumeric50):
            # Equal ones are equal sealed; that is all that can be compared of them.
            marks[key] = value["index"]
        if definition is None or not isinstance(value, str):
            continue
        if isinstance(definition.type, Date):
            dates[key] = value
        elif isinstance(definition.type, Alphanumeric15 | Alphanumeric50) and len(folded := "".join(_WORD.findall(fold(value)))) >= 5:
            marks[key] = folded
    return Profile(
        kind == "company",
        words_of(first_name),
        words_of(last_name),
        organisation_of(company_name),
        tuple(value for kind_, value in reaches if kind_ == "phone")[:MOST_REACHES],
        tuple(value for kind_, value in reaches if kind_ == "email")[:MOST_REACHES],
        tuple(place for address in addresses if (place := place_of(address)) != _NOWHERE)[:MOST_PLACES],
        dates,
        marks,
    )


_NOWHERE = Place("", "", "", "")


def place_of(address: Address) -> Place:
    """An address as it is compared: the words of the street apart from its numbers."""
    street = fold(address.street)
    postcode = "".join(_WORD.findall(fold(address.postcode)))
    words = " ".join(word for word in _WORD.findall(_NUMBER.sub(" ", street)))
    return Place(words, " ".join(_NUMBER.findall(street)), postcode, words_of(address.city))


def words_of(text: str) -> str:
    """A name for comparing: folded, without signs."""
    return " ".join(_WORD.findall(fold(text)))


def organisation_of(name: str) -> str:
    """A company's name without its legal form."""
    folded = fold(name)
    for form in _LEGAL_CJK:
        folded = folded.replace(form, " ")
    words = _WORD.findall(folded)
    return " ".join([word for word in words if word not in _LEGAL] or words)


# Few names are common, and the common ones come again and again: some ten megabytes.
@lru_cache(maxsize=1 << 16)
def sound(name: str) -> str:
    """What is left of a name when spellings that sound alike are one; of a Japanese name the name itself."""
    name = name.replace(" ", "")
    if is_cjk(name):
        return name
    for spelling, letter in _SOUNDS:
        name = name.replace(spelling, letter)
    name = name.translate(_LETTERS).replace("h", "")
    kept = [letter for place, letter in enumerate(name) if place == 0 or letter not in "aeiou"]
    plain = [letter for place, letter in enumerate(kept) if place == 0 or letter != kept[place - 1]]
    return "".join(plain)[:5]


def name_key(profile: Profile) -> str | None:
    """What cards of the same name share, in whichever order it was written; None for a card without a whole name."""
    if profile.company and profile.organisation:
        return f"o {profile.organisation}"
    if profile.first and profile.last:
        return "n " + " ".join(sorted(f"{profile.first} {profile.last}".split()))
    return None


def keys_of(profile: Profile) -> list[int]:
    """The keys under which this card meets those that may be the same; numbers and e-mails are met in their own index."""
    return sorted({hashed(key) for key in _keys(profile)})


def _keys(profile: Profile) -> Iterator[str]:
    if key := name_key(profile):
        yield key
    yield from _company_keys(profile) if profile.company and profile.organisation else _name_keys(profile)
    for place in profile.places:
        if place.street and place.numbers:
            yield f"st {place.street.replace(' ', '')[:6]} {place.numbers} {place.postcode or place.city}"
    yield from _value_keys(profile)


def _company_keys(profile: Profile) -> Iterator[str]:
    begins = sound(profile.organisation.split()[0])
    for place in profile.places:
        yield f"op {begins} {place.postcode or place.city}"


def _name_keys(profile: Profile) -> Iterator[str]:
    first, last = sound(profile.first), sound(profile.last)
    if first and last:
        # Neither order nor a lost letter hides a name that is not a common one.
        yield "s " + " ".join(sorted((first, last)))
    for place in profile.places:
        if place.postcode and last:
            yield f"lp {last} {place.postcode}"
        if place.postcode and first:
            yield f"fp {first} {place.postcode}"
        if place.street and place.numbers and last:
            yield f"ls {last} {place.street.replace(' ', '')[:5]} {place.numbers}"


def _value_keys(profile: Profile) -> Iterator[str]:
    first, last = sound(profile.first)[:2], sound(profile.last)[:2]
    for key, value in profile.dates.items():
        yield from (f"df {key} {value} {first}",) if first else ()
        yield from (f"dl {key} {value} {last}",) if last else ()
        yield from (f"dp {key} {value} {place.postcode}" for place in profile.places)
    for key, value in profile.marks.items():
        yield f"m {key} {value}"


def hashed(key: str) -> int:
    """A key as PostgreSQL's bigint."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), signed=True)
