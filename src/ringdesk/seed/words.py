"""Names, places and fictitious telephone numbers of the countries in `countries/`; all people are made up."""

from functools import cache
from importlib.resources import files
from random import Random
from typing import Literal

import msgspec


class Country(msgspec.Struct, frozen=True, kw_only=True):
    """What made-up people of one country are called, where they live, and numbers that reach nobody.

    `share` is the country's weight among the customers. In number patterns `#` is any digit and `@@` is 05 to 99;
    in streets `{n}` and `{m}` are a larger and a smaller number, in postcodes `{d}` is a digit.

    Numbers come from the ranges that a regulator keeps for fiction (GB: Ofcom; SE: PTS; DE: Bundesnetzagentur; FR: Arcep;
    US: 555-01xx). The other countries have no such range: there the subscriber part begins with a digit that the
    numbering plan gives to nobody (JP, BR, IN, AE: 0 or 1; PL: area 40), which `tests/seed` proves with libphonenumber.
    """

    code: str
    name: str
    language: str
    share: int
    order: Literal["given_first", "family_first"]
    women: list[str]
    men: list[str]
    last: list[str]
    companies: list[str]
    suffixes: list[str]
    streets: list[str]
    cities: list[tuple[str, str, str]]
    landlines: list[str]
    mobiles: list[str]

    def landline(self, random: Random) -> str:
        """A number of a fixed line, international with the country's own grouping."""
        return fill(random.choice(self.landlines), random)

    def mobile(self, random: Random) -> str:
        """A number of a mobile telephone, international with the country's own grouping."""
        return fill(random.choice(self.mobiles), random)


def fill(pattern: str, random: Random) -> str:
    """The pattern with its `#` and `@@` replaced by digits."""
    text = pattern.replace("@@", f"{random.randrange(5, 100):02}")
    return "".join(str(random.randrange(10)) if c == "#" else c for c in text)


@cache
def countries() -> tuple[Country, ...]:
    """Every country that has a file in `countries/`, by code."""
    folder = files("ringdesk.seed") / "countries"
    found = [msgspec.json.decode(file.read_bytes(), type=Country) for file in folder.iterdir() if file.name.endswith(".json")]
    return tuple(sorted(found, key=lambda country: country.code))
