"""What each type takes, what it keeps, and what it says when it can't (product.md 12)."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.kit.fields import (
    Alphanumeric15,
    Alphanumeric50,
    AnyType,
    Bool,
    Choice,
    Date,
    DateTime,
    DecimalNumber,
    Duration,
    Email,
    FieldType,
    Integer,
    LongText,
    MultipleChoice,
    Phone,
    Reach,
    Refusal,
    Text,
    TimeOfDay,
    Url,
)

COLOURS = ("Red", "Green", "Åsa's blue")
# Type, what is given, what is kept, what is written in a file.
TAKEN: list[tuple[FieldType, Any, Any, str]] = [
    (Text(), "  two  blanks ", "two blanks", "two blanks"),
    (Text(), "A\u030asa", "Åsa", "Åsa"),
    (LongText(), "one  \r\n\r\n two\n", "one\n\n two", "one\n\n two"),
    (Text(), "x" * 1000, "x" * 1000, "x" * 1000),
    (Alphanumeric15(), "Ab12", "Ab12", "Ab12"),
    (Alphanumeric15(), "x" * 15, "x" * 15, "x" * 15),
    (Alphanumeric50(), "x" * 50, "x" * 50, "x" * 50),
    (Alphanumeric50(), "山田1", "山田1", "山田1"),
    (Integer(), " -42 ", -42, "-42"),
    (Integer(), 7.0, 7, "7"),
    (Integer(positive=True), "1", 1, "1"),
    (DecimalNumber(), "1249,50", Decimal("1249.5"), "1249.5"),
    (DecimalNumber(), "-0.00", Decimal(0), "0"),
    (DecimalNumber(), 100, Decimal(100), "100"),
    (Bool(), "Yes", True, "true"),
    (Bool(), 0, False, "false"),
    (Choice(options=COLOURS), "red", "Red", "Red"),
    (MultipleChoice(options=COLOURS), ["åsa's BLUE", "Red", "Red"], ("Red", "Åsa's blue"), "Red; Åsa's blue"),
    (MultipleChoice(options=COLOURS), "Green;Red", ("Red", "Green"), "Red; Green"),
    (Date(), "2024-02-29", date(2024, 2, 29), "2024-02-29"),
    (TimeOfDay(), "9:30", time(9, 30), "09:30:00"),
    (DateTime(), "2026-11-22T10:30:00.5+01:00", datetime(2026, 11, 22, 9, 30, tzinfo=UTC), "2026-11-22T09:30:00Z"),
    (DateTime(), "0007-01-01T00:00:00Z", datetime(7, 1, 1, tzinfo=UTC), "0007-01-01T00:00:00Z"),
    (Duration(), "1:05:00", 3900, "1:05:00"),
    (Duration(), "59:30", 3570, "0:59:30"),
    (Duration(), 61, 61, "0:01:01"),
    (Phone(), " 070-174 06 05 ", Reach("070-174 06 05", "+46701740605"), "070-174 06 05"),
    (Email(), " Asa@Example.COM ", Reach("Asa@Example.COM", "asa@example.com"), "Asa@Example.COM"),
    (Url(), "https://example.com/a?b=ö", "https://example.com/a?b=ö", "https://example.com/a?b=ö"),
]
# Type, what is given, the code of the refusal.
REFUSED: list[tuple[FieldType, Any, str]] = [
    (Text(), "x" * 1001, "too_long"),
    (Text(limit=5), "sixsix", "too_long"),
    (Text(), "a\nb", "control_characters"),
    (Text(), 5, "not_text"),
    (LongText(), "a\x00b", "control_characters"),
    (Alphanumeric15(), "x" * 16, "too_long"),
    (Alphanumeric15(), "AB-12", "not_alphanumeric"),
    (Alphanumeric50(), "x" * 51, "too_long"),
    (LongText(), "x" * 20_001, "too_long"),
    (Integer(), "1.5", "not_a_whole_number"),
    (Integer(), "1 000", "not_a_whole_number"),
    (Integer(), True, "not_a_whole_number"),
    (Integer(), 2**53, "out_of_range"),
    (Integer(positive=True), 0, "not_positive"),
    (DecimalNumber(), "1,000.50", "not_a_number"),
    (DecimalNumber(), "1e5", "not_a_number"),
    (DecimalNumber(), float("nan"), "not_a_number"),
    (Bool(), "perhaps", "not_a_bool"),
    (Choice(options=COLOURS), "Yellow", "not_an_option"),
    (Choice(options=COLOURS), ["Red"], "not_text"),
    (MultipleChoice(options=COLOURS), {"Red": 1}, "not_a_list"),
    (MultipleChoice(options=COLOURS), ["Red", "Yellow"], "not_an_option"),
    (Date(), "22/11/2026", "not_a_date"),
    (Date(), "2026-02-29", "not_a_date"),
    (TimeOfDay(), "24:00", "not_a_time"),
    (DateTime(), "2026-11-22T10:30:00", "no_time_zone"),
    (DateTime(), "tomorrow morning", "not_a_time"),
    (DateTime(), "0001-01-01T00:00:00+14:00", "not_a_time"),
    (Duration(), "1:60:00", "not_a_duration"),
    (Duration(), -1, "not_a_duration"),
    (Phone(), "call me", "invalid_phone"),
    (Email(), "nobody", "invalid_email"),
    (Url(), "javascript:alert(1)", "invalid_url"),
    (Url(), "http://[", "invalid_url"),
]
EVERY = [*{type(kind): kind for kind, *_ in TAKEN}.values()]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(("kind", "given_value", "kept", "written"), TAKEN)
def test_a_value_is_kept_and_written(kind: FieldType, given_value: Any, kept: Any, written: str) -> None:
    value = kind.parse(given_value, "SE")
    assert value == kept
    assert kind.text(value) == written


@pytest.mark.parametrize(("kind", "given_value", "code"), REFUSED)
def test_a_value_that_does_not_fit_is_refused_with_what_to_do(kind: FieldType, given_value: Any, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        kind.parse(given_value, "SE")
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: type(kind).__name__)
class TestEveryType:
    @pytest.mark.parametrize("empty", [None, "", "   "])
    def test_null_and_blanks_clear(self, kind: FieldType, empty: str | None) -> None:
        assert kind.parse(empty, "SE") is None

    def test_takes_any_json_or_says_why_not(self, kind: FieldType) -> None:
        @given(_JSON)
        def check(value: Any) -> None:
            _keeps_or_refuses(kind, value)

        check()

    def test_reads_again_what_it_stores_and_writes(self, kind: FieldType) -> None:
        @given(_VALUES[type(kind)](kind))
        def check(value: Any) -> None:
            assert _keeps_or_refuses(kind, value)

        check()

    def test_is_stored_with_its_definition(self, kind: FieldType) -> None:
        assert msgspec.json.decode(msgspec.json.encode(kind), type=AnyType) == kind


def _keeps_or_refuses(kind: FieldType, value: Any) -> bool:
    try:
        kept = kind.parse(value, "SE")
    except Refusal:
        return False
    if kept is not None:
        stored = msgspec.json.decode(msgspec.json.encode(kind.stored(kept)))
        assert kind.parse(stored, "SE") == kept
        assert kind.parse(kind.text(kept), "SE") == kept
    return True


_LETTERS = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=7)
_VALUES: dict[type[FieldType], Callable[[Any], st.SearchStrategy[Any]]] = {
    Text: lambda _: st.text(st.characters(exclude_categories=["C", "Z"]), max_size=300),
    LongText: lambda _: st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20)).map("\n".join),
    Alphanumeric15: lambda _: _LETTERS.filter(lambda text: all(char.isalnum() for char in _composed(text))),
    Alphanumeric50: lambda _: _LETTERS.filter(lambda text: all(char.isalnum() for char in _composed(text))),
    Integer: lambda kind: st.integers(1 if kind.positive else -(2**53 - 1), 2**53 - 1),
    DecimalNumber: lambda _: st.decimals(-(10**15) + 1, 10**15 - 1, allow_nan=False, places=6).map(str),
    Bool: lambda _: st.booleans(),
    Choice: lambda kind: st.sampled_from(kind.options),
    MultipleChoice: lambda kind: st.lists(st.sampled_from(kind.options)),
    Date: lambda _: st.dates().map(date.isoformat),
    TimeOfDay: lambda _: st.times().map(lambda at: at.isoformat("seconds")),
    DateTime: lambda _: st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=st.timezones()).map(  # noqa: DTZ001 - bounds of naive times, as hypothesis asks for them
        datetime.isoformat
    ),
    Duration: lambda _: st.integers(0, 99_999 * 3600),
    Phone: lambda _: st.from_regex(r"\+4670\d{7}", fullmatch=True),
    Email: lambda _: st.from_regex(r"[a-zA-Z0-9]{1,20}@[a-z]{1,20}\.[a-z]{2,5}", fullmatch=True),
    Url: lambda _: st.from_regex(r"https?://[a-z]{1,20}(/[a-z0-9?&=]{0,20})?", fullmatch=True),
}


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def test_no_type_is_left_out() -> None:
    assert {type(kind) for kind in EVERY} == set(get_args(AnyType)) == set(_VALUES)
