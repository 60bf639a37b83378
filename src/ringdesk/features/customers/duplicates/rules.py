"""How surely two cards are one customer's, and why. Pure; the weights are told in docs/subsystems/duplicates.md.

Each agreement and each contradiction counts so many bits: one bit more makes it twice as likely that both are the same. They are
chosen on other data than those that bench/duplicates.py publishes.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import log2
from typing import Literal

from msgspec import Struct
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_set_ratio

from ringdesk.features.customers.duplicates.profiles import Place, Profile, sound

ReasonCode = Literal[
    "same_phone",
    "same_email",
    "similar_email",
    "same_name",
    "similar_name",
    "swapped_name",
    "same_company",
    "similar_company",
    "same_address",
    "similar_address",
    "same_postcode",
    "same_city",
    "same_value",
    "similar_value",
]


class Reason(Struct, frozen=True):
    """One thing in which two cards agree: `value` is a number or e-mail, or the key of an attribute."""

    code: ReasonCode
    value: str | None = None


class Verdict(Struct, frozen=True):
    """`score`: how sure, in percent; `reasons`: the strongest first."""

    score: int
    reasons: list[Reason]


SUGGESTED = 85
"""From this score on (percent) two cards are shown as probable duplicates."""
# Before anything is compared: of a million cards some sixty thousand have a twin, so a pair drawn at random is one with 2^-24. What two
# cards that met under a key are short of it is that they did.
_PRIOR = -17.0
_RARE_NAME, _COMMON_NAME = 14.0, 8.0
"""What two whole names that are the same bring: a name that only these two have, and one that everybody has."""

Counts = Mapping[str, int]
"""How many cards have a number, an e-mail or a name (`profiles.name_key`), as far as known; one that is not there: two."""


class _Bits(Struct):
    total: float = _PRIOR
    reasons: list[tuple[float, Reason]] = []

    def add(self, bits: float, code: ReasonCode | None = None, value: str | None = None) -> None:
        self.total += bits
        if code and bits > 0:
            self.reasons.append((bits, Reason(code, value)))


def compare(a: Profile, b: Profile, counts: Counts, name_count: int = 2) -> Verdict:
    """How surely both are one customer's. `name_count`: how many cards have the name, if they have the same."""
    bits = _Bits(reasons=[])
    contradicted = _names(a, b, bits, name_count)
    _reaches(a.phones, b.phones, counts, 22.5, "same_phone", bits)
    _reaches(a.emails, b.emails, counts, 23.0, "same_email", bits)
    _places(a.places, b.places, bits)
    marked = _values(a, b, bits)
    if contradicted and not marked:
        # A couple, a family, colleagues: they share everything but the name.
        bits.total = min(bits.total, 0.0)
    score = round(100 / (1 + 2 ** -max(-30.0, min(30.0, bits.total))))
    return Verdict(min(score, 99), [reason for _, reason in sorted(bits.reasons, key=lambda item: -item[0])])


def _names(a: Profile, b: Profile, bits: _Bits, count: int) -> bool:
    """Adds what the names say; whether they say that these are two."""
    if a.company != b.company and (a.organisation or b.organisation):
        bits.add(-6.0)
        # Somebody who works there, or lives above the shop; the same person only where the card of the company names them.
        if min(_alike(a.first, b.first), _alike(a.last, b.last)) < 0.8:
            return True
    if a.company and b.company and a.organisation and b.organisation:
        return _organisations(a.organisation, b.organisation, bits, count)
    straight = (_alike(a.first, b.first), _alike(a.last, b.last))
    crossed = (_alike(a.first, b.last), _alike(a.last, b.first))
    swapped = min(crossed) >= 0.8 and max(straight) < 0.75 and bool(a.first and a.last and b.first and b.last)
    first, last = crossed if swapped else straight
    whole = bool(a.first and b.first and a.last and b.last)
    if whole and first == last == 1.0:
        bits.add(max(_COMMON_NAME, _RARE_NAME - log2(max(1, count - 1))), "swapped_name" if swapped else "same_name")
        return False
    differs = _name_part(first, bool(a.first and b.first), 5.0, 3.5, -9.0, bits)
    _name_part(last, bool(a.last and b.last), 7.5, 5.5, -5.0, bits)
    if max(first, last) > 0 and min(first, last) >= 0.8:
        bits.reasons.append((9.0, Reason("swapped_name" if swapped else "similar_name")))
    elif (a.last and b.last and last >= 0.8) or (a.first and b.first and first >= 0.8 and not (a.last and b.last)):
        bits.reasons.append((5.0, Reason("similar_name")))
    return differs


def _name_part(alike: float, both: bool, same: float, similar: float, other: float, bits: _Bits) -> bool:
    if not both:
        return False
    if alike == 1.0:
        bits.add(same)
    elif alike >= 0.8:
        bits.add(similar)
    elif alike >= 0.75:
        bits.add(0.0)
    else:
        bits.add(other)
        return True
    return False


@lru_cache(maxsize=1 << 16)
def _alike(a: str, b: str) -> float:
    """How alike two names are: 1 the same, from 0.8 on a matter of spelling, below 0.75 another name; 0 when one is missing."""
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    joined = (a.replace(" ", ""), b.replace(" ", ""))
    if joined[0] == joined[1]:
        return 1.0
    if _is_initial(a, b) or _is_initial(b, a):
        return 0.8
    ours, theirs = set(a.split()), set(b.split())
    if ours <= theirs or theirs <= ours:
        # One of several names: Anna and Anna Maria, Berg and Berg-Lind.
        return 0.85
    if sorted(joined[0]) == sorted(joined[1]):
        # Two signs exchanged; in a short name, as Japanese ones are, that is most of it.
        return 0.85
    winkler = JaroWinkler.similarity(*joined)
    distance = OSA.distance(*joined, score_cutoff=3)
    same_sound = sound(a) == sound(b)
    if same_sound:
        winkler = max(winkler, 0.8)
    if distance == 1 and max(map(len, joined)) >= 4:
        winkler = max(winkler, 0.88)
    elif distance == 1 and max(map(len, joined)) == 3:
        winkler = max(winkler, 0.78)
    elif distance == 2 and max(map(len, joined)) >= 6:
        winkler = max(winkler, 0.82)
    # A common beginning alone makes no name: Harriet is not Harvey.
    return winkler if distance <= 2 or same_sound else min(winkler, 0.7)


def _is_initial(short: str, long: str) -> bool:
    return len(short) == 1 and long.startswith(short)


def _organisations(a: str, b: str, bits: _Bits, count: int) -> bool:
    if a == b:
        bits.add(15.0 - log2(max(1, count - 1)), "same_company")
        return False
    if token_set_ratio(a, b) >= 90 or OSA.normalized_similarity(a, b) >= 0.85:
        bits.add(9.0, "similar_company")
        return False
    bits.add(-12.0)
    return True


def _reaches(
    a: tuple[str, ...], b: tuple[str, ...], counts: Counts, most: float, code: Literal["same_phone", "same_email"], bits: _Bits
) -> None:
    """What the addresses say: one that many have (a household, a switchboard) says less."""
    shared = set(a) & set(b)
    if shared:
        rarest = min(shared, key=lambda value: (counts.get(value, 2), value))
        bits.add(most - 2.0 * log2(max(1, counts.get(rarest, 2) - 1)), code, rarest)
        for _ in range(min(2, len(shared) - 1)):
            bits.add(3.0)
    elif code == "same_email" and any(_misspelt(one, other) for one in a for other in b):
        bits.add(9.0, "similar_email")
    elif a and b:
        # People have several, and change them: it says a little.
        bits.add(-1.5)


def _misspelt(a: str, b: str) -> bool:
    return len(a) >= 9 and a[0] == b[0] and OSA.distance(a, b, score_cutoff=2) <= 2 and not _counted(a, b)


def _counted(a: str, b: str) -> bool:
    """Whether they differ in digits: info1@ and info2@ are two mailboxes, not one misspelt."""
    return "".join(sign for sign in a if not sign.isdigit()) == "".join(sign for sign in b if not sign.isdigit())


def _places(a: tuple[Place, ...], b: tuple[Place, ...], bits: _Bits) -> None:
    best: tuple[float, ReasonCode | None] = (-99.0, None)
    for one in a:
        for other in b:
            best = max(best, _place(one, other), key=lambda found: found[0])
    if best[0] > -99.0:
        bits.add(*best)


def _place(a: Place, b: Place) -> tuple[float, ReasonCode | None]:
    total, same_street = 0.0, False
    if a.street and b.street:
        alike = OSA.normalized_similarity(a.street, b.street)
        if alike >= 0.75 or token_set_ratio(a.street, b.street) >= 92:
            ours, theirs = set(a.numbers.split()), set(b.numbers.split())
            # A flat that one of them lacks, or a digit mistyped; else it is a neighbour.
            same_house = bool(ours) and bool(theirs) and (ours <= theirs or theirs <= ours)
            same_street = same_house or not (ours and theirs) or OSA.distance(a.numbers, b.numbers, score_cutoff=1) == 1
            total += (11.0 if alike > 0.9 else 8.0) if same_house else 5.0 if same_street else -3.0
        else:
            total -= 6.0
    same_code = bool(a.postcode) and a.postcode == b.postcode
    if a.postcode and b.postcode:
        total += 8.0 if same_code else 5.0 if OSA.distance(a.postcode, b.postcode, score_cutoff=1) == 1 and same_street else -3.0
    same_city = bool(a.city and b.city) and OSA.normalized_similarity(a.city, b.city) >= 0.8
    if a.city and b.city:
        total += 3.0 if same_city else -1.0
    if same_street:
        return total, "same_address" if a.street == b.street and a.numbers == b.numbers and (same_code or same_city) else "similar_address"
    return total, "same_postcode" if same_code else "same_city" if same_city else None


def _values(a: Profile, b: Profile, bits: _Bits) -> bool:
    """What attributes say that tell people apart; whether one is the same, which outweighs another first name."""
    marked = False
    for key, one, other in _both(a.dates, b.dates):
        if one == other:
            bits.add(15.0, "same_value", key)
            marked = True
        elif _same_day_misread(one, other):
            bits.add(8.0, "similar_value", key)
            marked = True
        else:
            bits.add(-5.0)
    for key, one, other in _both(a.marks, b.marks):
        if one == other:
            bits.add(18.0, "same_value", key)
            marked = True
        elif OSA.distance(one, other, score_cutoff=1) == 1:
            bits.add(9.0, "similar_value", key)
        else:
            bits.add(-6.0)
    return marked


def _both(a: Mapping[str, str], b: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    return ((key, value, b[key]) for key, value in a.items() if key in b)


def _same_day_misread(a: str, b: str) -> bool:
    """1972-03-08 beside 1972-08-03, or one digit mistyped, or two exchanged."""
    if a[:5] + a[8:10] + a[7] + a[5:7] == b:
        return True
    return OSA.distance(a, b, score_cutoff=1) == 1
