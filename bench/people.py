"""Made-up customers by the million: every one is a function of its index, so that any of them can be named without storing it."""

from datetime import UTC, datetime, timedelta
from random import Random

from ringdesk.features.customers.models import Draft, Reach
from ringdesk.features.customers.schemas import Address
from ringdesk.seed.words import Country, countries

FIVE_YEARS = timedelta(days=5 * 365)
# A prime: multiplied with an index it gives each number of a range once, and neighbours look unrelated.
NUMBER_STEP = 700_001_293
# What mobile numbers of ten countries begin with, the first of the rest, and how many there are.
RANGES = (
    ("+447", 400_000_000, 500_000_000),
    ("+467", 20_000_000, 80_000_000),
    ("+4915", 100_000_000, 900_000_000),
    ("+336", 10_000_000, 90_000_000),
    ("+1212", 2_000_000, 8_000_000),
    ("+8190", 10_000_000, 90_000_000),
    ("+4850", 0, 10_000_000),
    ("+55119", 60_000_000, 40_000_000),
    ("+919", 100_000_000, 900_000_000),
    ("+97150", 2_000_000, 8_000_000),
)
# How many numbers a customer has, over eight neighbours: 24, so three on average.
NUMBERS_OF = (3, 1, 5, 2, 3, 4, 3, 3)
# Where the numbers of a customer begin, within those of its eight neighbours.
NUMBERS_BEFORE = (0, 3, 4, 9, 11, 14, 18, 21)
# Of a hundred customers so many share their first number with the one before (households, switchboards).
SHARED_PERCENT = 4


def number(index: int) -> str:
    """The E.164 number with this index; no two indexes below 80 million have the same."""
    prefix, first, count = RANGES[index % 10]
    return f"{prefix}{first + index // 10 * NUMBER_STEP % count:0{len(str(first + count - 1))}d}"


def phones_of(customer: int) -> list[str]:
    """The numbers of a customer; a few share the first with their neighbour."""
    block, place = divmod(customer, 8)
    first = block * 24 + NUMBERS_BEFORE[place]
    return [first_phone(customer), *(number(first + i) for i in range(1, NUMBERS_OF[place]))]


def first_phone(customer: int) -> str:
    """The first number of a customer."""
    block, place = divmod(customer, 8)
    shared = place and customer * 37 % 100 < SHARED_PERCENT
    return number(block * 24 + NUMBERS_BEFORE[place - 1 if shared else place])


def key(milliseconds: int, serial: int) -> str:
    """A UUIDv7 without dashes: its time, and a serial number that makes it unique and repeatable."""
    return f"{milliseconds:012x}7{serial >> 20 & 0xFFF:03x}8{serial & 0xFFFFF:05x}{serial * 0x9E3779B97F % 0xFFFFFFFFFF:010x}"


class People:
    """The population of one data set."""

    def __init__(self, count: int, until: datetime, seed: int) -> None:
        """`count` customers made over the five years before `until`."""
        self.count = count
        self.first_ms = int((until - FIVE_YEARS).timestamp() * 1000)
        self._span = FIVE_YEARS // timedelta(milliseconds=1)
        self._random = Random(seed)
        self._countries = [country for country in countries() for _ in range(country.share)]

    def made_at(self, customer: int) -> datetime:
        """When the customer's card was made."""
        return datetime.fromtimestamp(self._made_ms(customer) / 1000, UTC)

    def key(self, customer: int) -> str:
        """The customer's id, without dashes."""
        return key(self._made_ms(customer), customer)

    def _made_ms(self, customer: int) -> int:
        return self.first_ms + self._span * customer // self.count

    def draft(self, customer: int) -> Draft:
        """The customer's fields. Called in order of index: the same seed then gives the same people."""
        random = self._random
        country = random.choice(self._countries)
        city, region, postcode = random.choice(country.cities)
        company = random.random() < 0.1
        first, last = self._name(country, random)
        street = random.choice(country.streets).replace("{n}", str(random.randrange(1, 200))).replace("{m}", str(random.randrange(1, 9)))
        address = Address(street, city, region, postcode.replace("{d}", str(random.randrange(10))), country.code, primary=True)
        email = f"customer{customer}@{'example.com' if customer % 3 else 'example.org'}"
        return Draft(
            kind="company" if company else "person",
            first_name=first,
            last_name=last,
            company_name=f"{random.choice(country.companies)} {last} {country.suffixes[0]}" if company else "",
            phones={slot: Reach(phone, phone) for slot, phone in enumerate(phones_of(customer), 1)},
            email=Reach(email, email) if random.random() < 0.7 else None,
            addresses=(address,),
            preferred_language=country.language,
        )

    def _name(self, country: Country, random: Random) -> tuple[str, str]:
        first = random.choice(country.women if random.random() < 0.5 else country.men)
        # A few names lead, as they do in life: the square of a uniform number favours the front of the list.
        last = country.last[int(random.random() ** 2 * len(country.last))]
        if random.random() < 0.3:
            last = f"{last}{'' if country.order == 'family_first' else '-'}{random.choice(country.last)}"
        return first, last
