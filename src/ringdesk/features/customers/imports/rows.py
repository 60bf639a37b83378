"""One row of a file becomes the draft of a card, or a list of everything that is wrong with it. Pure."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from ringdesk.features.customers.attributes import sealing
from ringdesk.features.customers.attributes.rules import reaches
from ringdesk.features.customers.attributes.schemas import Attribute
from ringdesk.features.customers.field_types import ADDRESS_LIMITS
from ringdesk.features.customers.fields import EDITABLE
from ringdesk.features.customers.imports import addresses, consents
from ringdesk.features.customers.imports.addresses import ADDRESS_PARTS, FURTHER_PARTS
from ringdesk.features.customers.imports.mapping import ATTRIBUTE, FULL_NAME, FURTHER_EMAILS
from ringdesk.features.customers.imports.overwriting import FurtherReach, Row
from ringdesk.features.customers.imports.schemas import OnDuplicate
from ringdesk.features.customers.imports.workbook import NO_RESULT, SHOWS_ERROR
from ringdesk.features.customers.models import PHONE_SLOTS, Draft, Reach
from ringdesk.features.customers.schemas import Address, CustomerKind
from ringdesk.kit.crypto import Vault
from ringdesk.kit.fields import Alphanumeric15, Alphanumeric50, Phone, Refusal, plain_text, stored_form
from ringdesk.kit.folding import fold, is_cjk
from ringdesk.kit.sealed import MASK, Sealed

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
_TEXT_MARK = re.compile(r"'(?=[=+\-@＝＋－＠])")

# What a spreadsheet makes of a long number in a column that isn't text: its last digits are gone.
_ROUNDED = re.compile(r"\s*'?[+-]?\d(?:[.,]\d+)?[Ee]\+?\d{1,3}\s*")
# What a program makes of a number column: a whole number with a decimal part.
_DECIMAL_PART = re.compile(r"(\d{6,})[.,]0")
# Google's export puts several values of one kind into one cell.
_SEVERAL = " ::: "
_BETWEEN_EMAILS = re.compile(r" ::: |[;,]")

_SLOT = {f"phone_{slot}": slot for slot in PHONE_SLOTS}
# Languages and kinds are the same few words all through a file.
_FEW = 1_000
_IDENTIFYING = frozenset({FULL_NAME, "first_name", "last_name", "company_name", "email", "external_id", *FURTHER_EMAILS})

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
    """Reads rows by one mapping. `region` is the ISO 3166 region of national numbers; `attributes` are those that a card has.

    With a `key` a row may be about a customer that is known, who has what the row lacks: what every new card needs is asked for later,
    unless the `action` would take it away.
    """

    def __init__(
        self,
        headers: Sequence[str],
        mapping: Mapping[str, str],
        region: str,
        attributes: Sequence[Attribute] = (),
        *,
        key: str | None = None,
        action: OnDuplicate = "ignore",
        vault: Vault | None = None,
    ) -> None:
        self._width = len(headers)
        self._region = region
        self._vault = vault
        # In the order of the card, so that the first of two equal numbers is the one that stays.
        order = [
            *EDITABLE,
            *FURTHER_EMAILS,
            *ADDRESS_PARTS,
            *FURTHER_PARTS,
            *consents.CONSENT_FIELDS,
            FULL_NAME,
            *(ATTRIBUTE + one.key for one in attributes),
        ]
        self._attributes = {one.key: one for one in attributes}
        filled = set(mapping.values())
        self._hidden = secret_places(headers, mapping, attributes)
        needed = [one for one in attributes if one.required]
        self._required = [one for one in needed if key is None or (action == "replace" and ATTRIBUTE + one.key in filled)]
        self._identifying = _IDENTIFYING | {key} if key else _IDENTIFYING
        ordered = sorted((order.index(field), headers.index(header), header, field) for header, field in mapping.items())
        columns = [(place, header, field, self._parser(field)) for _, place, header, field in ordered]
        self._phones: list[Column] = [column for column in columns if column[2] in _SLOT]
        self._others: list[Column] = [column for column in columns if column[2] not in _SLOT]
        self._has_address = any(field in ADDRESS_PARTS for field in mapping.values())
        self._has_more = more_columns(mapping) != ()
        self._says_kind = "kind" in filled
        self._has_further = not filled.isdisjoint(FURTHER_EMAILS)

    def draft(self, cells: list[str]) -> Draft:
        """The card of a row. Raises RowRefused with every reason, NothingInRow."""
        return self.read(cells).draft

    def read(self, cells: list[str]) -> Row:
        """A row. Raises RowRefused with every reason, NothingInRow."""
        reasons: list[str] = []
        further: list[FurtherReach] = []
        phones = self._read_phones(cells, reasons, further) if self._phones else {}
        values = self._read(cells, reasons, further)
        if len(cells) > self._width and any(cell.strip() for cell in cells[self._width :]):
            many = f"The row has {len(cells)} cells, the header {self._width}."
            reasons.append(f"{many} Put quotation marks around a value that contains the delimiter.")
        unnamed = not phones and self._identifying.isdisjoint(values)
        attributes = self._take_attributes(values) if self._attributes else {}
        if unnamed and not any(cell.strip() for cell in cells):
            raise NothingInRow
        for one in self._required:
            if one.key not in attributes and not reasons:
                reasons.append(f"“{one.label}” is needed.")
        if reasons:
            raise RowRefused(reasons)
        if unnamed:
            raise RowRefused(["No name, number or e-mail address is in the mapped columns. Fill in one of them."])
        places = self._take_more(values) if self._has_more else ()
        if self._has_address and (parts := {part: values.pop(part) for part in ADDRESS_PARTS if part in values}):
            values["addresses"] = (Address(**parts, primary=True),)
        if attributes:
            values["attributes"] = attributes
            values["attribute_reaches"] = reaches(attributes, self._attributes, self._region)
        if further or self._has_further:
            _take_further(values, further)
        kind = values.get("kind") if self._says_kind else None
        name = values.get(FULL_NAME)
        return Row(_compose(values, phones), name, kind, tuple(further), places)

    def _take_attributes(self, values: dict[str, Any]) -> dict[str, object]:
        return {field[len(ATTRIBUTE) :]: values.pop(field) for field in list(values) if field.startswith(ATTRIBUTE)}

    def _take_more(self, values: dict[str, Any]) -> tuple[int, ...]:
        """Give the values of a row all its addresses and consents as the card has them; the places of the addresses."""
        found, places = addresses.given(values)
        if found:
            values["addresses"] = found
        if consent := consents.given(values):
            values["consent"] = consent
        return places

    def _parser(self, field: str) -> Parse:
        if not field.startswith(ATTRIBUTE):
            return _parser(field)
        one = self._attributes[field[len(ATTRIBUTE) :]]
        kind = one.type
        if one.privacy == "sensitive":
            return lambda value, region: self._sealed(one, cast("str", value), region)
        if isinstance(kind, Phone | Alphanumeric15 | Alphanumeric50):
            return lambda value, region: stored_form(kind, _unrounded(cast("str", value)), region)
        return lambda value, region: stored_form(kind, value, region)

    def _sealed(self, one: Attribute, text: str, region: str) -> Sealed | None:
        assert self._vault is not None, "a plan that fills a sensitive attribute brings the keys"
        if text.strip() == MASK:
            raise Refusal("masked", "This is the mask of a hidden value, not the value. Leave the column out, or fill in the value.")
        if isinstance(one.type, Phone | Alphanumeric15 | Alphanumeric50):
            text = _unrounded(text)
        stored = stored_form(one.type, text, region)
        return None if stored is None else sealing.seal_value(self._vault, one, stored, region)

    def without_secrets(self, cells: list[str]) -> list[str]:
        """The cells of a row as others may see and keep them: what is for a sensitive attribute is masked."""
        return hide(cells, self._hidden)

    def _read_phones(self, cells: list[str], reasons: list[str], further: list[FurtherReach]) -> dict[int, Reach]:
        width, region = len(cells), self._region
        phones: dict[int, Reach] = {}
        seen: set[str] = set()
        more: list[str] = []
        for column in self._phones:
            place, _, field, parse = column
            if place >= width or not (cell := cells[place]) or cell.isspace():
                continue
            if _SEVERAL in cell:
                cell, *rest = cell.split(_SEVERAL)
                more += rest
            try:
                reach = parse(cell if cell.isascii() and cell.isprintable() else _one_line(cell), region)
            except Refusal as refusal:
                reasons.append(_reason(column, cell, refusal))
                continue
            # Exports give the same number as "phone" and "mobile"; a card holds it once.
            if reach.normalised not in seen:
                seen.add(reach.normalised)
                phones[_SLOT[field]] = reach
        for cell in more:
            self._place_number(cell, phones, further, reasons)
        return phones

    def _place_number(self, cell: str, phones: dict[int, Reach], further: list[FurtherReach], reasons: list[str]) -> None:
        """A second number of one cell goes to the first free place of the card."""
        try:
            reach = _marked_phone(_one_line(cell), self._region)
        except Refusal as refusal:
            reasons.append(f"“{shortened(cell)}”: {refusal.message}")
            return
        if any(reach.normalised == had.normalised for had in phones.values()):
            return
        free = next((slot for slot in PHONE_SLOTS if slot not in phones), None)
        if free:
            phones[free] = reach
        else:
            further.append(FurtherReach("phone", reach))

    def _read(self, cells: list[str], reasons: list[str], further: list[FurtherReach]) -> dict[str, Any]:
        width, region = len(cells), self._region
        values: dict[str, Any] = {}
        for column in self._others:
            place, _, field, parse = column
            if place >= width or not (cell := cells[place]) or cell.isspace():
                continue
            try:
                if cell[0] == "'":
                    # What our own files put before a cell that a spreadsheet would run.
                    cell = _TEXT_MARK.sub("", cell, count=1)
                if field == "email" and _SEVERAL in cell:
                    cell, *rest = cell.split(_SEVERAL)
                    further += [FurtherReach("email", parse(_one_line(one), region)) for one in rest]
                kept = parse(cell if cell.isascii() and cell.isprintable() else _one_line(cell), region)
                if kept is not None:
                    values[field] = kept
            except Refusal as refusal:
                reasons.append(_reason(column, MASK if column[0] in self._hidden else cell, refusal))
        return values


def more_columns(mapping: Mapping[str, str]) -> tuple[str, ...]:
    """The columns of a staged customer that only files with further addresses or consents fill."""
    more = not {*FURTHER_PARTS, *consents.CONSENT_FIELDS}.isdisjoint(mapping.values())
    return ("consent", "address_places") if more else ()


def secret_places(headers: Sequence[str], mapping: Mapping[str, str], attributes: Sequence[Attribute]) -> frozenset[int]:
    """The columns that fill sensitive attributes."""
    secret = {ATTRIBUTE + one.key for one in attributes if one.privacy == "sensitive"}
    return frozenset(place for place, header in enumerate(headers) if mapping.get(header) in secret)


def hide(cells: list[str], places: Collection[int]) -> list[str]:
    """The cells with the MASK for those that are filled in these places."""
    return [MASK if place in places and cell.strip() else cell for place, cell in enumerate(cells)] if places else cells


def _take_further(values: dict[str, Any], further: list[FurtherReach]) -> None:
    """E-mail addresses beyond the first: the first of them is the primary one of a row that has no other; each is kept once."""
    found = [reach for field in FURTHER_EMAILS for reach in values.pop(field, ())]
    if found and "email" not in values:
        values["email"] = found.pop(0)
    further += [FurtherReach("email", reach) for reach in found]
    first = values["email"].normalised if "email" in values else None
    kept = {(one.kind, one.reach.normalised): one for one in further if one.reach.normalised != first}
    further[:] = kept.values()


def _one_line(cell: str) -> str:
    """A cell of several lines in one. Raises Refusal for characters that were lost in decoding."""
    if cell[0] == NO_RESULT:
        raise Refusal(
            "no_result", "The formula in this cell has no stored result. Open the workbook in Excel, save it, and import it again."
        )
    if cell[0] == SHOWS_ERROR:
        raise Refusal("shows_error", "The cell shows an error. Correct it in the workbook.")
    if "\ufffd" in cell:
        raise Refusal("unreadable", "Some characters could not be read (\ufffd). Save the file as UTF-8 and check this cell.")
    return cell if cell.isprintable() else _BREAK.sub(" ", cell)


def _reason(column: Column, cell: str, refusal: Refusal) -> str:
    return f"{column[1]} “{shortened(cell)}”: {refusal.message}"


def _parser(field: str) -> Parse:
    if field in ADDRESS_PARTS or field in FURTHER_PARTS:
        return _address_part(addresses.place_and_part(field)[1])
    if field in consents.CONSENT_FIELDS:
        return lru_cache(_FEW)(consents.parse)
    if field == FULL_NAME:
        return EDITABLE["company_name"].parse
    if field in _SLOT:
        return _marked_phone
    if field in FURTHER_EMAILS:
        return _emails
    if field == "external_id":
        return lambda value, region: EDITABLE[field].parse(_unrounded(cast("str", value)), region)
    if field == "kind":
        return lru_cache(_FEW)(_kind)
    if field == "preferred_language":
        return lru_cache(_FEW)(EDITABLE[field].parse)
    return EDITABLE[field].parse


def _address_part(part: str) -> Parse:
    limit = ADDRESS_LIMITS[part]

    def parse(value: object, _: str) -> str:
        text = plain_text(value, limit)
        return text.upper() if part == "country" and len(text) == 2 else text

    return parse


_PHONE: Parse = EDITABLE["phone_1"].parse


def _marked_phone(value: object, region: str) -> Reach:
    text = cast("str", value)
    if text.endswith((".0", ",0")) and (whole := _DECIMAL_PART.fullmatch(text.strip())):
        text = whole[1]
    try:
        return cast("Reach", _PHONE(_TEXT_MARK.sub("", text.strip(), count=1) if "'" in text else text, region))
    except Refusal:
        _unrounded(text)
        raise


def _unrounded(text: str) -> str:
    """The text, unless it is a number of which only the first digits are left. Raises Refusal."""
    if ("E" in text or "e" in text) and _ROUNDED.fullmatch(text):
        what = "The spreadsheet rounded this number; its last digits are not in the file."
        raise Refusal("rounded_number", f"{what} Format the column as text there, and export the file again.")
    return text


def _emails(value: object, region: str) -> tuple[Reach, ...]:
    found = (EDITABLE["email"].parse(one, region) for one in _BETWEEN_EMAILS.split(cast("str", value)))
    return tuple(reach for reach in found if reach)


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


def shortened(cell: str) -> str:
    """A cell as reasons quote it."""
    cell = cell.strip().lstrip(NO_RESULT + SHOWS_ERROR)
    return cell if len(cell) <= 60 else cell[:59] + "…"
