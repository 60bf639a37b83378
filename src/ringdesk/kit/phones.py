"""Telephone numbers: one normalised form for everything that is stored or looked up (product.md 1.3).

Most numbers take a fast path (a few regular expressions per country, made from libphonenumber's metadata); the rest, and every doubt,
go to `phonenumbers` itself. tests/kit/test_phones.py proves that both give the same answer.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat, ValidationResult

MAX_CHARACTERS = 28
MIN_DIGITS = 3
MAX_DIGITS = 15
# Shorter than this without a prefix is an extension, a short code, or a local number: nobody can tell the area, so digits stay digits.
SURELY_NATIONAL = 9
SHORT = 6
# Each cached number costs about 300 bytes: 20 MB at most, for the numbers that a busy desk sees again and again.
CACHE = 65_536

_SEPARATORS = {ord(c): None for c in " \t\u00a0()-./\u2010\u2011\u2012\u2013\u2014\u2212\u200b\u200e\u200f\u202a\u202c\u2060"}
_EXTENSION = re.compile(
    r"[\s,;]*(?:;ext=|extension|extn?\.?|anknytning|ankn\.?|durchwahl|内線|x|#)\s*[.:=]?\s*(?P<digits>\d{1,7})\s*#?$",
    re.IGNORECASE,
)

_LETTERS = re.compile(r"[^\W\d_]+")

Match = Callable[[str], re.Match[str] | None]


class Phone(msgspec.Struct, frozen=True):
    """A normalised number: E.164 (`+442079460018`), or the bare digits of a short code, an extension or a local number."""

    normalised: str
    extension: str | None = None

    @property
    def country(self) -> str | None:
        """ISO 3166 region of an E.164 number; None for bare digits and for numbers of no country (+800, satellites)."""
        return _country(self.normalised)


class PhoneError(ValueError):
    """The text is no telephone number. `code` is stable, `message` says what to do about it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class _Plan(NamedTuple):
    """What the fast path knows of one country's numbering plan."""

    code: str
    general: Match
    prefix: Match | None
    has_rewrite: bool
    trunk: str
    foreign: Match
    plain_foreign: bool
    lengths: frozenset[int]
    short: int


def normalise(raw: str, region: str) -> Phone:
    """`raw` as typed or as a switch sent it, read in `region` (ISO 3166, upper case) unless it names a country.

    Takes international (+ or 00 or the region's own prefix) and national forms, the usual separators, full-width digits and a trailing
    extension. Raises PhoneError; ValueError for a region that doesn't exist.
    """
    text = raw.strip()
    if len(text) <= MAX_CHARACTERS and (quick := quick_form(text.translate(_SEPARATORS), plan_of(region))):
        return Phone(quick)
    return _careful(text, region)


def quick_form(digits: str, plan: _Plan) -> str | None:
    """The normalised form of a number in a usual shape (separators already removed), or None: then `phonenumbers` has to look."""
    size = len(digits)
    if size < MIN_DIGITS:
        return None
    if digits[0] == "+":
        return _international(digits[1:])
    if not (digits.isascii() and digits.isdecimal()):
        return None
    if digits.startswith("00") and size > SHORT:
        return _international(digits[2:]) if plan.plain_foreign else None
    if size <= plan.short:
        return digits
    if plan.foreign(digits):
        return None
    if digits.startswith(plan.code) and not (plan.general(digits) and size in plan.lengths):
        rest = digits[len(plan.code) :]
        clear = len(rest) in plan.lengths and plan.general(rest) and not (plan.prefix and plan.prefix(rest))
        return "+" + digits if clear and size <= MAX_DIGITS else None
    national = _significant(digits, plan)
    if national is None or len(national) + len(plan.code) > MAX_DIGITS or size > MAX_DIGITS:
        return None
    if len(national) == size and size < SURELY_NATIONAL and plan.trunk:
        return None
    return f"+{plan.code}{national}"


def _international(body: str) -> str | None:
    if not (8 <= len(body) <= MAX_DIGITS and body.isascii() and body.isdecimal()):
        return None
    plan = _BY_CODE.get(body[:2]) or _BY_CODE.get(body[:1]) or _BY_CODE.get(body[:3])
    if plan is None and (plan := _learn(body)) is None:
        return None
    national = _significant(body[len(plan.code) :], plan)
    return None if national is None else f"+{plan.code}{national}"


def _significant(digits: str, plan: _Plan) -> str | None:
    """The national significant number, where dropping the trunk prefix (0 in most of Europe) leaves no doubt."""
    trunk = plan.prefix(digits) if plan.prefix else None
    if trunk is None:
        return digits if plan.general(digits) and len(digits) in plan.lengths else None
    if (plan.has_rewrite and trunk.group(trunk.re.groups) is not None) or plan.general(digits):
        return None
    rest = digits[trunk.end() :]
    return rest if plan.general(rest) and len(rest) in plan.lengths else None


@lru_cache(CACHE)
def _careful(text: str, region: str) -> Phone:
    """The reference: every rule spelled out, on `phonenumbers`."""
    if not text:
        raise PhoneError("empty", "Enter a telephone number.")
    if len(text) > MAX_CHARACTERS:
        raise PhoneError("too_long", f"A telephone number has at most {MAX_CHARACTERS} characters; this has {len(text)}. Shorten it.")
    digits, extension = _split(text)
    return Phone(slow_form(digits, region), extension)


def _split(text: str) -> tuple[str, str | None]:
    """Digits (with a leading + if there was one) and extension of what was typed."""
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("tel:")
    extension = None
    if (found := _EXTENSION.search(plain)) and found.start() > 0:
        plain, extension = plain[: found.start()], found["digits"]
    digits = plain.translate(_SEPARATORS)
    if letters := " ".join(_LETTERS.findall(plain)):
        raise PhoneError("letters", f"A telephone number has digits only; remove “{letters}”.")
    number = digits.removeprefix("+")
    if strange := "".join(dict.fromkeys(c for c in number if not c.isdecimal())):
        raise PhoneError(
            "unusable_characters", f"Remove “{strange}”: a telephone number has digits, a + in front, spaces, brackets, . / and -."
        )
    ascii_digits = "".join(str(unicodedata.decimal(c)) for c in number)
    return ("+" + ascii_digits if digits.startswith("+") else ascii_digits), extension


def slow_form(digits: str, region: str) -> str:
    """The normalised form of digits with or without a leading +. Raises PhoneError."""
    plan = plan_of(region)
    if digits.startswith("+"):
        _check_count(digits[1:])
        return _checked(_parse_international(digits[1:]))
    if digits.startswith("00") and len(digits) > SHORT and (answer := _double_zero(digits, region, plan)):
        return _checked(answer)
    foreign = plan.foreign(digits)
    _check_count(digits[foreign.end() :] if foreign and len(digits) > SHORT else digits)
    if len(digits) <= plan.short:
        return digits
    return _checked(_parse_national(digits, region, plan) or digits)


def _double_zero(digits: str, region: str, plan: _Plan) -> str | None:
    """00 is understood everywhere, but a country whose own prefix differs (Japan's 010) may have numbers that begin with it."""
    number = _parsed("+" + digits[2:], None)
    if (
        number
        and _possible(number)
        and (plan.plain_foreign or not (own := _parsed(digits, region)) or not phonenumbers.is_valid_number(own))
    ):
        _check_count(digits[2:])
        return _e164(number)
    return None


def _parse_international(body: str) -> str:
    number = _parsed("+" + body, None)
    if number is None:
        raise PhoneError("unknown_country", f"No country has the calling code of +{body}. Check the digits after the +.")
    return _e164(number)


def _parse_national(digits: str, region: str, plan: _Plan) -> str | None:
    number = _parsed(digits, region)
    if number is None:
        return None
    if str(number.country_code) != plan.code:
        return _e164(number)
    national = phonenumbers.national_significant_number(number)
    # Without a prefix it may as well be a foreign number whose + was lost: only the country's own pattern settles it.
    bare = national == digits
    clear = not bare or (plan.general(digits) is not None and (len(digits) >= SURELY_NATIONAL or not plan.trunk))
    return _e164(number) if clear and _possible(number) else None


def _parsed(digits: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(digits, region)
    except NumberParseException:
        return None


def _possible(number: phonenumbers.PhoneNumber) -> bool:
    return phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE


def _e164(number: phonenumbers.PhoneNumber) -> str:
    text = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    # Mexico gave up the 1 of mobile numbers in 2019; switches and address books still send it.
    return "+52" + text[4:] if text.startswith("+521") and len(text) == 14 else text


def _check_count(digits: str) -> None:
    if len(digits) < MIN_DIGITS:
        raise PhoneError("too_few_digits", f"A telephone number has at least {MIN_DIGITS} digits; add the missing ones.")
    if len(digits) > MAX_DIGITS:
        raise PhoneError("too_many_digits", f"A telephone number has at most {MAX_DIGITS} digits; this has {len(digits)}. Remove some.")


def _checked(normalised: str) -> str:
    _check_count(normalised.removeprefix("+"))
    return normalised


_PLANS: dict[str, _Plan] = {}
_BY_CODE: dict[str, _Plan] = {}


def plan_of(region: str) -> _Plan:
    """The numbering plan of a region. Raises ValueError when there is no such region."""
    plan = _PLANS.get(region)
    if plan is None:
        metadata = PhoneMetadata.metadata_for_region(region, None)
        if metadata is None:
            raise ValueError(f"{region!r} is no region with telephone numbers; use an ISO 3166 code such as GB or SE.")
        plan = _PLANS[region] = _make_plan(metadata)
    return plan


def _learn(body: str) -> _Plan | None:
    """Load the plan of a country the first time that a number of it comes by; codes of no country stay with the slow path."""
    for size in (1, 2, 3):
        if body[:size].isdecimal() and body[0] != "0":
            region = phonenumbers.region_code_for_country_code(int(body[:size]))
            if region not in ("ZZ", "001"):
                plan = _BY_CODE[body[:size]] = plan_of(region)
                return plan
    return None


def _make_plan(metadata: Any) -> _Plan:
    parsing = metadata.national_prefix_for_parsing
    lengths = [length for length in metadata.general_desc.possible_length if length > 0]
    foreign = metadata.international_prefix or "$."
    return _Plan(
        code=str(metadata.country_code),
        general=re.compile(metadata.general_desc.national_number_pattern).fullmatch,
        prefix=re.compile(parsing).match if parsing else None,
        has_rewrite=bool(metadata.national_prefix_transform_rule),
        trunk=metadata.national_prefix or "",
        foreign=re.compile(foreign).match,
        plain_foreign=re.fullmatch(foreign, "00") is not None,
        lengths=frozenset(lengths),
        # A country whose numbers are all this short (the Falklands: five digits) has none but the shorter ones for extensions.
        short=SHORT if max(lengths) > SHORT else min(lengths) - 1,
    )


@lru_cache(CACHE)
def _country(normalised: str) -> str | None:
    number = _parsed(normalised, None) if normalised.startswith("+") else None
    region = phonenumbers.region_code_for_number(number) if number else None
    return None if region in (None, "001", "ZZ") else region


def calling_code(normalised: str) -> str:
    """The country calling code of an E.164 number (`44`); empty for bare digits."""
    body = normalised[1:]
    if not normalised.startswith("+") or not body:
        return ""
    plan = _BY_CODE.get(body[:2]) or _BY_CODE.get(body[:1]) or _BY_CODE.get(body[:3]) or _learn(body)
    return plan.code if plan else ""


def national_digits(normalised: str) -> str:
    """How a caller at home would dial an E.164 number: trunk prefix and digits (`02079460018`). Bare digits as they are."""
    code = calling_code(normalised)
    return (_BY_CODE[code].trunk if code != "1" else "") + normalised[1 + len(code) :] if code else normalised.removeprefix("+")


def variants(raw: str, region: str) -> list[str]:
    """Every normalised form under which a card may hold this number, the likeliest first. Never raises: an odd caller finds nobody."""
    try:
        first = normalise(raw, region).normalised
    except PhoneError:
        return []
    return list(_variants(first, region))


@lru_cache(CACHE)
def _variants(first: str, region: str) -> tuple[str, ...]:
    if not first.startswith("+"):
        # A trunk that sends E.164 without its +, and a card that was filled from such a trunk.
        number = _parsed("+" + first, None) if len(first) > SHORT else None
        return (first, _e164(number)) if number and _possible(number) else (first,)
    found = [first]
    code, rest = calling_code(first), first[1 + len(calling_code(first)) :]
    if code == "55" and len(rest) in (10, 11):
        # Brazil put a 9 before its mobile numbers from 2012 to 2016; both forms are still sent.
        found += (
            [f"+55{rest[:2]}{rest[3:]}"] if len(rest) == 11 and rest[2] == "9" else [f"+55{rest[:2]}9{rest[2:]}"] if len(rest) == 10 else []
        )
    elif code == "52" and len(rest) == 10:
        found.append(f"+521{rest}")
    elif code == "54":
        # Argentina: the 9 marks a mobile called from abroad.
        found.append(f"+54{rest[1:]}" if rest.startswith("9") else f"+549{rest}")
    found.append(first[1:])
    if code != plan_of(region).code:
        # Kept as digits when it was typed the way people at its home dial it, in a region that had no number of that shape.
        found.append(national_digits(first))
    elif (local := national_digits(first)) != rest:
        found.append(local)
    return tuple(dict.fromkeys(found))


@lru_cache(CACHE)
def national_display(normalised: str, region: str) -> str:
    """For people: grouped as at home for a number of `region`, else international (`+44 20 7946 0018`). Bare digits as they are."""
    number = _parsed(normalised, None) if normalised.startswith("+") else None
    if number is None:
        return normalised
    home = str(number.country_code) == plan_of(region).code
    shown = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)
    # A number of no known form comes without its trunk prefix, though nobody at home reaches it like that.
    return national_digits(normalised) if home and shown == str(phonenumbers.national_significant_number(number)) else shown
