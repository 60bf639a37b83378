"""The postal addresses of a file: which columns make which, and what they do to those of a card (product.md 1.1, 1.7). Pure.

A card's addresses have places: 1 is the primary one, the others follow in their order. A file speaks of the first three.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from msgspec import structs

from ringdesk.features.customers.imports.headings import plain, words
from ringdesk.features.customers.imports.schemas import OnDuplicate
from ringdesk.features.customers.schemas import Address
from ringdesk.kit.folding import fold

ADDRESS_PARTS = ("street", "city", "region", "postcode", "country")
"""Parts of an address; by themselves those of the primary one."""
FURTHER_PLACES = (2, 3)
"""The addresses beside the primary one that have columns: Outlook exports three, and who has more has a program to tell us."""
FURTHER_PARTS = tuple(f"{part}_{place}" for place in FURTHER_PLACES for part in ADDRESS_PARTS)
"""Parts of the further ones."""
_PLACE_AND_PART = {f"{part}_{place}": (place, part) for place in FURTHER_PLACES for part in ADDRESS_PARTS}

# Headings as people and programs write them (English, Swedish, German, Japanese), without whose address it is.
_NAMES = {
    "street": "street|street address|address|address 1|address line 1|address street|adress|gata|gatuadress|postadress|strasse|anschrift"
    "|adresse|住所|番地|住所1",
    "city": "city|town|locality|stad|ort|postort|stadt|wohnort|市区町村|市町村|都市|市",
    "region": "region|state|county|province|state province|state region|lan|landskap|region lan|bundesland|kanton|都道府県|県|地域",
    "postcode": "postcode|post code|postal code|zip|zip code|zipcode|zip postal code|postnummer|postnr|plz|postleitzahl|郵便番号|〒",
    "country": "country|country region|country code|land|land region|国|国名|国 地域",
}
_PART_OF = {plain(name): part for part, names in _NAMES.items() for name in names.split("|")}
# What tells one address of a contact from another (Outlook in its languages, Salesforce, shops).
_WHOSE = words(
    "business|work|home|private|mailing|other|billing|shipping|delivery|företag|arbete|hem|privat|annan|övrig|geschäftlich|weitere|weiterer"
    "|weiteres|会社|勤務先|自宅|その他"
)
_NUMBERED = re.compile(r"(?:address|adress|adresse|anschrift|住所) ([1-9]) (.+)")
_NUMBER_BEHIND = re.compile(r"(.+) ([1-9])")
# A street, city or postcode alone is a second line or a note, two of them are an address.
_TELLING = frozenset({"street", "city", "postcode"})
_ENOUGH = 2


def place_and_part(field: str) -> tuple[int, str]:
    """Which part of which address a column fills."""
    return _PLACE_AND_PART.get(field, (1, field))


def guess(headers: Iterable[str]) -> dict[str, str]:
    """Which columns make the addresses, {header: field}: columns that go together (“Home Street”, “Home City”) make one.

    The one without a name of its own is the primary one, else the first of the file.
    """
    groups: dict[str, dict[str, str]] = {}
    meant: set[str] = set()
    for header in headers:
        found = _group_and_part(header)
        if found:
            groups.setdefault(found[0], {}).setdefault(found[1], header)
            if header.strip().lower() in _PLACE_AND_PART:
                meant.add(found[0])
    whole = [name for name, parts in groups.items() if name in meant or len(_TELLING & parts.keys()) >= _ENOUGH]
    places = _placed(whole)
    fields = {header: _field(places[name], part) for name in places for part, header in groups[name].items()}
    taken = set(fields.values())
    for name, parts in groups.items():
        # Beside whole addresses, what belongs to none is a part of the primary one only if nothing says of which.
        if name not in whole and (not whole or not name):
            for part, header in parts.items():
                if part not in taken:
                    taken.add(part)
                    fields[header] = part
    return fields


def _placed(whole: Sequence[str]) -> dict[str, int]:
    """The place of each group: the nameless first, then numbered ones at their number, others where there is room."""
    places: dict[str, int] = {}
    free = [1, *FURTHER_PLACES]
    for name in sorted(whole, key=lambda name: (bool(name), not name.isdigit())):
        place = int(name) if name.isdigit() and int(name) in free else free[0] if free else None
        if place:
            free.remove(place)
            places[name] = place
    return places


def _field(place: int, part: str) -> str:
    return part if place == 1 else f"{part}_{place}"


def _group_and_part(header: str) -> tuple[str, str] | None:
    """What a heading says: whose address, "" where it doesn't say, and which part; None when it is about something else."""
    said = plain(header)
    if said in _PART_OF:
        return "", _PART_OF[said]
    numbered = _NUMBERED.fullmatch(said)
    if numbered and numbered[2] in _PART_OF:
        return numbered[1], _PART_OF[numbered[2]]
    whose = next((word for word in said.split() if word in _WHOSE), None)
    if whose:
        rest = " ".join(word for word in said.split() if word != whose)
        return (whose, _PART_OF[rest]) if rest in _PART_OF else None
    behind = _NUMBER_BEHIND.fullmatch(said)
    return (behind[2], _PART_OF[behind[1]]) if behind and behind[1] in _PART_OF else None


def given(values: dict[str, Any]) -> tuple[tuple[Address, ...], tuple[int, ...]]:
    """The addresses of a row and their places, taken out of its values; an address that the row gives twice is kept once."""
    parts: dict[int, dict[str, Any]] = {}
    for place in (1, *FURTHER_PLACES):
        for part in ADDRESS_PARTS:
            if text := values.pop(_field(place, part), None):
                parts.setdefault(place, {})[part] = text
    found: dict[int, Address] = {}
    for place, texts in parts.items():
        one = Address(**texts)
        if not any(_same(one, other) for other in found.values()):
            found[place] = one
    addresses = [structs.replace(one, primary=number == 0) for number, one in enumerate(found.values())]
    return tuple(addresses), tuple(found)


def overwritten(had: Sequence[Address], row: Mapping[int, Address], fields: Collection[str], action: OnDuplicate) -> tuple[Address, ...]:
    """The addresses of a card after a row that gives these, by place.

    Part by part, as with any field. One that the card has elsewhere stays there, and an address that is empty then is gone; those behind
    move up.
    """
    first = next((one for one in had if one.primary), Address(primary=True))
    others = [one for one in had if not one.primary]
    place = next((number for number, one in enumerate(had) if one.primary), 0)
    first = structs.replace(_merged(first, row.get(1, Address()), _parts(fields, 1), action), primary=True)
    known = [_as_other(one) for one in (first, *others)]
    moved: list[int] = []
    for number in FURTHER_PLACES:
        parts = _parts(fields, number)
        wanted = row.get(number, Address())
        if not parts or (action != "replace" and any(_same(wanted, one) for one in known)):
            continue
        behind = number - FURTHER_PLACES[0]
        if behind >= len(others):
            moved.append(len(others))
            others.append(_merged(Address(), wanted, parts, action))
        else:
            moved.append(behind)
            others[behind] = _merged(others[behind], wanted, parts, action)
    kept: list[Address] = []
    for number, one in enumerate(others):
        again = number in moved and any(_same(one, other) for other in (first, *kept))
        if _as_other(one) != Address() and not again:
            kept.append(one)
    if _as_other(first) != Address():
        return (*kept[:place], first, *kept[place:])
    # A card with addresses has a primary one.
    return (structs.replace(kept[0], primary=True), *kept[1:]) if kept else ()


def _parts(fields: Collection[str], place: int) -> list[str]:
    return [part for part in ADDRESS_PARTS if _field(place, part) in fields]


def _merged(had: Address, row: Address, parts: Iterable[str], action: OnDuplicate) -> Address:
    return structs.replace(had, **{part: chosen(getattr(had, part), getattr(row, part), action) for part in parts})


def chosen(had: Any, given: Any, action: OnDuplicate) -> Any:
    """The value of a field after a row: update takes what the row says, replace also nothing, fill only where there was nothing."""
    if action == "replace":
        return given
    if not given or (action == "fill" and had):
        return had
    return given


def _as_other(one: Address) -> Address:
    return structs.replace(one, primary=False)


def _same(one: Address, other: Address) -> bool:
    return [fold(getattr(one, part)) for part in ADDRESS_PARTS] == [fold(getattr(other, part)) for part in ADDRESS_PARTS]
