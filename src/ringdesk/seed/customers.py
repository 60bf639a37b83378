"""Two thousand made-up customers of ten countries: people, companies, households with one number, very long names."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from ringdesk.features.customers import Address, Draft, Reach
from ringdesk.features.customers.rules import derive
from ringdesk.kit import phones
from ringdesk.kit.folding import fold
from ringdesk.seed.rows import CustomerRow, IdentityRow, repeatable_id
from ringdesk.seed.words import Country, countries

# Left to the simulator's strangers, and to the centre itself.
RESERVED = ("+44207946088", "+442079460000")
COMPANIES = 0.1
HOUSEHOLDS = 0.05
LANGUAGES_OF_NEWCOMERS = 0.06
# People who moved, married or run a company keep more than two numbers.
FURTHER_NUMBERS = 0.06
OLDEST = timedelta(days=5 * 365)

# Sixty characters each: what a card, a list and a pop must be able to show.
LONG_NAMES = (
    ("GB", "Penelope Wilhelmina Georgiana", "Featherstonehaugh-Cholmondeley"),
    ("DE", "Maximilian Alexander Friedrich", "Freiherr von Hohenlohe-Waldau"),
    ("SE", "Anna Margareta Kristina Ulrika", "Rosenqvist af Åkershult-Öberg"),
    ("BR", "Mariana Antônia da Conceição", "Nascimento dos Anjos Cavalcanti"),
    ("FR", "Marie-Antoinette Hélène Agnès", "de La Rochefoucauld-Montbrison"),
)


class SampleCustomer(msgspec.Struct, frozen=True, kw_only=True):
    """A made-up customer: its row, its identities, and what history needs to know."""

    row: CustomerRow
    identities: list[IdentityRow]
    language: str
    number: str
    """Normalised: the one that calls."""

    @property
    def id(self) -> UUID:
        """The customer's id."""
        return self.row.id


class Register:
    """Makes customers; remembers which numbers are taken."""

    def __init__(self, *, now: datetime, region: str, seed: int) -> None:
        """`region`: where numbers without a country code are read, as in the settings."""
        self._now, self._region = now, region
        self._random = Random(seed)
        self._taken: set[str] = set()
        self._countries = {country.code: country for country in countries()}

    def customers(self, count: int) -> Iterator[SampleCustomer]:
        """So many customers, oldest first."""
        weights = [country.share for country in self._countries.values()]
        family: tuple[Country, str, Address, Reach] | None = None
        for i in range(count):
            random = self._random
            made_at = self._now - OLDEST * (1 - i / count) - timedelta(seconds=random.randrange(3600))
            country = random.choices(list(self._countries.values()), weights)[0]
            last, address, landline = random.choice(country.last), self._address(country), None
            if family and random.random() < HOUSEHOLDS:
                country, last, address, landline = family
            if i * len(LONG_NAMES) // count != (i - 1) * len(LONG_NAMES) // count:
                code, first, last = LONG_NAMES[i * len(LONG_NAMES) // count]
                draft = self._person(self._countries[code], (first, last), address, landline)
            elif random.random() < COMPANIES:
                draft = self._company(country, address)
            else:
                first = random.choice(country.women if random.random() < 0.5 else country.men)
                draft = self._person(country, (first, last), address, landline)
            line = next((reach for reach in draft.phones.values() if reach.normalised), None)
            family = (country, last, address, line) if line else family
            yield self._stored(draft, made_at)

    def _person(self, country: Country, name: tuple[str, str], address: Address, landline: Reach | None) -> Draft:
        random = self._random
        numbers: list[Reach] = [landline] if landline else []
        if random.random() < 0.9 or not numbers:
            numbers.insert(0 if random.random() < 0.6 else len(numbers), self._number(country, mobile=True))
        if not landline and random.random() < 0.35:
            numbers.append(self._number(country, mobile=False))
        while random.random() < FURTHER_NUMBERS and len(numbers) < 5:
            numbers.append(self._number(country, mobile=True))
        return Draft(
            kind="person",
            first_name=name[0],
            last_name=name[1],
            phones=dict(enumerate(numbers, 1)),
            email=self._email(*name) if random.random() < 0.75 else None,
            addresses=(address,),
            preferred_language=self._language(country),
            consent=self._consent(),
        )

    def _company(self, country: Country, address: Address) -> Draft:
        random = self._random
        suffix, place = random.choice(country.suffixes), address.city
        name = f"{suffix}{random.choice(country.companies)}" if country.code == "JP" else f"{random.choice(country.companies)} {suffix}"
        if random.random() < 0.5:
            name = f"{name} ({place})"
        contact = (random.choice(country.women + country.men), random.choice(country.last)) if random.random() < 0.6 else ("", "")
        numbers = [self._number(country, mobile=False) for _ in range(random.choice((1, 1, 2, 3)))]
        return Draft(
            kind="company",
            first_name=contact[0],
            last_name=contact[1],
            company_name=name,
            phones=dict(enumerate(numbers, 1)),
            email=self._email("office", name),
            addresses=(address,),
            preferred_language=country.language,
            consent=self._consent(),
        )

    def _number(self, country: Country, *, mobile: bool) -> Reach:
        while True:
            text = country.mobile(self._random) if mobile else country.landline(self._random)
            normalised = phones.normalise(text, self._region).normalised
            if normalised not in self._taken and not normalised.startswith(RESERVED):
                self._taken.add(normalised)
                return Reach(self._typed(text, normalised, country), normalised)
            # A country's range of numbers for one kind of line is small; the other kind has some left.
            mobile = self._random.random() < 0.5

    def _typed(self, text: str, normalised: str, country: Country) -> str:
        """Most people type a number as they would dial it."""
        draw = self._random.random()
        if country.code == self._region and draw < 0.7:
            home = phones.national_display(normalised, self._region)
            return home if draw < 0.5 else home.replace(" ", "")
        return text if draw < 0.85 else "00" + text.removeprefix("+") if draw < 0.95 else normalised

    def _email(self, *names: str) -> Reach:
        words = [word for word in ("".join(c for c in fold(name) if c.isascii() and c.isalnum()) for name in names) if word]
        local = ".".join(words)[:40] if len(words) == len(names) else "customer"
        address = f"{local}{self._random.randrange(100, 10_000)}@example.{self._random.choice(('com', 'org', 'net'))}"
        return Reach(address, address)

    def _address(self, country: Country) -> Address:
        random = self._random
        city, region, postcode = random.choice(country.cities)
        street = random.choice(country.streets).replace("{n}", str(random.randrange(1, 180))).replace("{m}", str(random.randrange(1, 9)))
        return Address(street, city, region, postcode.replace("{d}", str(random.randrange(10))), country.code, primary=True)

    def _language(self, country: Country) -> str:
        if self._random.random() < LANGUAGES_OF_NEWCOMERS:
            return self._random.choice([other.language for other in self._countries.values()])
        return country.language

    def _consent(self) -> dict[str, bool]:
        return {channel: self._random.random() < 0.6 for channel in ("voice", "email", "sms")} if self._random.random() < 0.8 else {}

    def _stored(self, draft: Draft, made_at: datetime) -> SampleCustomer:
        derived = derive(draft)
        slots = [draft.phones[slot].raw if slot in draft.phones else None for slot in range(1, 6)]
        row = CustomerRow(
            id=repeatable_id(made_at, self._random),
            kind=draft.kind,
            first_name=draft.first_name,
            last_name=draft.last_name,
            company_name=draft.company_name,
            display_name=derived.display_name,
            sort_name=derived.sort_name,
            search_text=derived.search_text,
            addresses=Jsonb(draft.addresses),
            preferred_language=draft.preferred_language,
            consent=Jsonb(draft.consent),
            phone_1=slots[0],
            phone_2=slots[1],
            phone_3=slots[2],
            phone_4=slots[3],
            phone_5=slots[4],
            email=draft.email.raw if draft.email else None,
            city=derived.city,
            created_at=made_at,
            updated_at=made_at,
        )
        reaches = [("phone", slot, reach) for slot, reach in draft.phones.items()]
        if draft.email:
            reaches.append(("email", 1, draft.email))
        identities = [
            IdentityRow(
                id=repeatable_id(made_at, self._random),
                customer_id=row.id,
                kind=kind,
                raw=reach.raw,
                normalised=reach.normalised,
                position=position,
                created_at=made_at,
            )
            for kind, position, reach in reaches
        ]
        return SampleCustomer(row=row, identities=identities, language=draft.preferred_language or "en", number=draft.phones[1].normalised)
