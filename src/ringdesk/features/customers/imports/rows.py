"""One row of a file becomes the draft of a card, or a list of everything that is wrong with it. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from ringdesk.features.customers.field_types import ADDRESSES, Refusal, Refusals
from ringdesk.features.customers.fields import EDITABLE
from ringdesk.features.customers.imports.mapping import ADDRESS_PARTS, FULL_NAME
from ringdesk.features.customers.models import Draft, Reach
from ringdesk.features.customers.schemas import Address, CustomerKind
from ringdesk.kit.folding import fold, is_cjk

# Words for a kind of customer in exports of other programs, folded.
_COMPANY = frozenset(
    [
        "company",
        "business",
        "organisation",
        "organization",
        "account",
        "b2b",
        "foretag",
        "bolag",
        "organisation",
        "firma",
        "unternehmen",
        "会社",
        "法人",
        "企業",
    ]
)
_PERSON = frozenset(["person", "contact", "individual", "private", "consumer", "b2c", "privat", "privatperson", "kontakt", "個人"])
_BREAK = re.compile(r"[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029]+")
# Excel's mark for "this is text", also what our own files of refused rows put before a formula.
_TEXT_MARK = re.compile(r"'(?=[=+\-@])")

_IDENTIFYING = frozenset({FULL_NAME, "first_name", "last_name", "company_name", "email", "external_id"})

Parse = Callable[[object, str], Any]
Column = tuple[int, str, str, Parse]
"""Place in the row, header, field, parser."""


class RowRefused(Exception):
    """The row can't be imported; `reasons` says everything that is wrong, each with the column's name."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class NothingInRow(Exception):
    """Every cell of the row is blank: Excel's rows below a table."""


class RowReader:
    """Reads rows by one mapping. `region` is the ISO 3166 region of national numbers."""

    def __init__(self, headers: Sequence[str], mapping: Mapping[str, str], region: str) -> None:
        self._width = len(headers)
        self._region = region
        # In the order of the card, so that the first of two equal numbers is the one that stays.
        order = [*EDITABLE, *ADDRESS_PARTS, FULL_NAME]
        columns = sorted(((order.index(field), headers.index(header), header, field) for header, field in mapping.items()))
        self._columns: list[Column] = [(place, header, field, _parser(field)) for _, place, header, field in columns]
        self._header_of = {field: header for header, field in mapping.items()}

    def draft(self, cells: list[str]) -> Draft:
        """The card of a row. Raises RowRefused with every reason, NothingInRow."""
        reasons: list[str] = []
        values: dict[str, Any] = {}
        phones: dict[int, Reach] = {}
        address: dict[str, str] = {}
        width, region = len(cells), self._region
        for place, header, field, parse in self._columns:
            if place >= width or not (cell := cells[place]) or cell.isspace():
                continue
            if not cell.isprintable():
                cell = _BREAK.sub(" ", cell)
            if "\ufffd" in cell:
                reasons.append(f"{header}: Some characters could not be read (\ufffd). Save the file as UTF-8 and check this cell.")
                continue
            try:
                value = parse(cell, region)
            except Refusal as refusal:
                reasons.append(f"{header} “{_short(cell)}”: {refusal.message}")
                continue
            if field.startswith("phone_"):
                if all(value.normalised != other.normalised for other in phones.values()):
                    phones[int(field[6:])] = value
            elif field in ADDRESS_PARTS:
                address[field] = value
            elif value is not None:
                values[field] = value
        if width > self._width and any(cell.strip() for cell in cells[self._width :]):
            reasons.append(
                f"The row has {width} cells, the header {self._width}. Put quotation marks around a value that contains the delimiter."
            )
        if address:
            values["addresses"] = self._address(address, reasons)
        if reasons:
            raise RowRefused(reasons)
        if not phones and _IDENTIFYING.isdisjoint(values):
            if any(cell.strip() for cell in cells):
                raise RowRefused(["No name, number or e-mail address is in the mapped columns. Fill in one of them."])
            raise NothingInRow
        return _compose(values, phones)

    def _address(self, parts: dict[str, str], reasons: list[str]) -> tuple[Address, ...]:
        try:
            return cast("tuple[Address, ...]", ADDRESSES.parse([{**parts, "primary": True}], self._region))
        except Refusals as refusals:
            for refusal in refusals.items:
                part = refusal.field.rpartition(".")[2]
                reasons.append(f"{self._header_of.get(part, part)} “{_short(parts.get(part, ''))}”: {refusal.message}")
            return ()


def _parser(field: str) -> Parse:
    if field in ADDRESS_PARTS:
        return _as_it_is
    if field == FULL_NAME:
        return _full_name
    if field == "kind":
        return _kind
    if field.startswith("phone_"):
        return _marked_phone
    return EDITABLE[field].type.parse


def _as_it_is(value: object, _: str) -> object:
    return value


_PHONE: Parse = EDITABLE["phone_1"].type.parse
_WHOLE: Parse = EDITABLE["company_name"].type.parse


def _full_name(value: object, region: str) -> str:
    return cast("str", _WHOLE(value, region))


def _marked_phone(value: object, region: str) -> Reach | None:
    return _PHONE(_TEXT_MARK.sub("", cast("str", value).strip(), count=1), region)


def _kind(value: object, _: str) -> CustomerKind:
    word = fold(cast("str", value))
    if word in _COMPANY:
        return "company"
    if word in _PERSON:
        return "person"
    raise Refusal("not_an_option", "Write “person” or “company”.")


def _compose(values: dict[str, Any], phones: dict[int, Reach]) -> Draft:
    if name := values.pop(FULL_NAME, None):
        if values.get("kind") == "company" and "company_name" not in values:
            values["company_name"] = name
        else:
            values["first_name"], values["last_name"] = split_name(name)
    if "kind" not in values and "company_name" in values and "first_name" not in values and "last_name" not in values:
        values["kind"] = "company"
    return Draft(phones=phones, **values)


def split_name(name: str) -> tuple[str, str]:
    """First and last name of a whole name: “Lovelace, Ada”, “Ada King Lovelace”, “山田 太郎” (family name first)."""
    last, comma, first = name.partition(",")
    if comma:
        return first.strip(), last.strip()
    words = name.split()
    if len(words) == 1:
        return words[0], ""
    if is_cjk(name):
        return " ".join(words[1:]), words[0]
    return " ".join(words[:-1]), words[-1]


def _short(cell: str) -> str:
    cell = cell.strip()
    return cell if len(cell) <= 60 else cell[:59] + "…"
