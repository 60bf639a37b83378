"""The customer list: its columns, filters and quick search, made from the field registry (product.md 1.6)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

from msgspec import Struct, structs
from psycopg import sql

from ringdesk.features.customers import rules, store
from ringdesk.features.customers.attributes import sealing
from ringdesk.features.customers.attributes import store as attributes
from ringdesk.features.customers.attributes.schemas import Attribute
from ringdesk.features.customers.field_types import CHANNELS, Consent, ExternalId, Language
from ringdesk.features.customers.fields import EDITABLE
from ringdesk.features.customers.models import CustomerRecord
from ringdesk.features.people import Actor
from ringdesk.kit import list_sample
from ringdesk.kit.crypto import Vault
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.fields import Alphanumeric15, Alphanumeric50, Choice, Email, LongText, Phone, Text, Url
from ringdesk.kit.list_fields import Held, field_column, order_kind
from ringdesk.kit.list_filters import Apart, Column, Condition, Searched, contains, either, mentioned, mentions
from ringdesk.kit.listing import ListQuery, ListSpec, Page, fetch, parse
from ringdesk.kit.phones import PhoneError, normalise
from ringdesk.kit.sealed import MASK

_SEARCH_TEXT = sql.SQL("c.search_text")
_STARTS = sql.SQL("(i.normalised like {0} or regexp_replace(i.raw, '[^0-9]', '', 'g') like {0})")


_NOT_NARROWING = frozenset({"sort", "page", "page_size"})
ATTRIBUTE = "attributes."
"""Before the key of an attribute, in the names of columns."""
ADDRESS_PARTS = ("street", "postcode", "region", "country")
"""Columns of the primary address, beside the city, which has a column of its own in the table."""
SHOWN = sql.SQL("c.archived_at is null")
_NOT_ARCHIVED = sql.SQL("not exists (select from customer a where a.id = {} and a.archived_at is not null)")
# Cards with a last contact in its order, found without looking at each card: the few that are archived are set aside.
_IN_TOUCH = Apart(
    source=sql.SQL("customer_contact k"),
    key=sql.SQL("k.customer_id"),
    conditions=(_NOT_ARCHIVED.format(sql.SQL("k.customer_id")),),
)


def _ordered_apart(column: str, *, numbers: bool = False) -> Apart:
    """The order of what lies in JSON: an index on an expression can't be walked without looking at each card (migration 0021)."""
    return Apart(
        source=sql.SQL("customer_order o"),
        key=sql.SQL("o.customer_id"),
        order=sql.SQL("o.number" if numbers else "o.value"),
        conditions=(
            sql.SQL("o.column_id = (select id from customer_order_column where name = {})").format(column),
            sql.SQL("o.value is null" if numbers else "o.value is not null"),
            _NOT_ARCHIVED.format(sql.SQL("o.customer_id")),
        ),
    )


GUESSABLE = 6
"""Characters below which a sensitive value is found by trying: who may not read it may not ask for it either."""
_MANY_VALUES = (Text, LongText, Alphanumeric15, Alphanumeric50, Email, Phone, Url)
WITHOUT_CARD = frozenset(
    {"number", "display_name", "kind", "first_name", "last_name", "company_name", "phone_1", "email", "city", "preferred_language"}
    | {"created_at", "updated_at", "last_contact_at", "archived_at"}
)
"""The columns that tell customers apart: what a team without the card finds them by (docs/adr/0019)."""


class Reader(Struct, frozen=True):
    """What the list is for somebody. `sensitive`: any sensitive value may be asked for; `card`: the card is shown to them."""

    sensitive: bool = True
    card: bool = True


EVERYTHING = Reader()
"""What Ringdesk itself may read."""


def reader_of(actor: Actor) -> Reader:
    """What the list is for this person or program."""
    return Reader(sensitive="customers:read_sensitive" in actor.rights, card="card" not in actor.switched_off)


def spec(
    region: str,
    attributes: Sequence[Attribute] = (),
    vault: Vault | None = None,
    texts: tuple[str, ...] = (),
    reader: Reader = EVERYTHING,
) -> ListSpec:
    """The customer list of a deployment; `region` (ISO 3166) reads national numbers in filters, `attributes` are those on the card.

    `texts` are some of those that quick search looks in: list_sample.
    """
    searched = Searched(_SEARCH_TEXT, texts)
    columns: tuple[Column, ...] = (
        *_columns(region, searched),
        *_kept_columns(),
        *(_attribute_column(one, region, vault, searched, reader) for one in attributes if one.hidden_at is None),
    )
    if not reader.card:
        columns = tuple(column for column in columns if column.key in WITHOUT_CARD)
    return ListSpec(
        columns={column.key: column for column in columns},
        source=store.CUSTOMERS,
        key=sql.SQL("c.id"),
        default_sort="-created_at",
        search=lambda q: [mentions(searched, fragment) for fragment in rules.search_fragments(q)],
        hidden=SHOWN,
        shown_by="archived_at",
    )


async def asked(
    uow: UnitOfWork, parameters: Iterable[tuple[str, str]], region: str, reader: Reader = EVERYTHING
) -> tuple[ListSpec, ListQuery]:
    """The list, and what an address line asks of it. Raises InvalidFields naming every parameter that can't be used."""
    given = list(parameters)
    narrowed = any(name not in _NOT_NARROWING for name, _ in given)
    texts = await list_sample.texts_of(uow, "customer", "search_text") if narrowed else ()
    described = spec(region, await attributes.every(uow), uow.vault, texts, reader)
    return described, structs.replace(parse(given, described), share=_share(given, texts))


def _share(parameters: Sequence[tuple[str, str]], texts: Sequence[str]) -> float | None:
    """About which part of the customers a quick search finds; None: not known, or more was asked for than that."""
    asked_for = {name: value for name, value in parameters if name not in _NOT_NARROWING}
    fragments = rules.search_fragments(asked_for.pop("q", ""))
    if asked_for or not fragments or not texts:
        return None
    return sum(all(mentioned(text, one) for one in fragments) for text in texts) / len(texts)


async def page(uow: UnitOfWork, parameters: Iterable[tuple[str, str]], region: str, reader: Reader = EVERYTHING) -> Page[CustomerRecord]:
    """The page that an address line asks for. Raises InvalidFields naming every parameter that can't be used."""
    described, query = await asked(uow, parameters, region, reader)
    return await fetch(uow, CustomerRecord, store.COLUMNS, described, query)


def without_secrets(parameters: Iterable[tuple[str, str]], attributes: Sequence[Attribute]) -> list[tuple[str, str]]:
    """The parameters of an address line with the MASK for what sensitive attributes are compared with: to be kept."""
    secret = tuple(f"{ATTRIBUTE}{one.key}." for one in attributes if one.privacy == "sensitive")
    return [(name, MASK if name.startswith(secret) and not name.endswith(".empty") else value) for name, value in parameters]


def _sealed_column(one: Attribute, held: Held, region: str, vault: Vault | None, reader: Reader) -> Column:
    def eq(text: str) -> sql.Composable:
        if not reader.sensitive and not isinstance(one.type, _MANY_VALUES):
            raise ValueError("This is sensitive and has few values: it could be found out by trying. Ask a supervisor to search by it.")
        if not reader.sensitive and len(text.strip()) < GUESSABLE:
            raise ValueError(f"Write at least {GUESSABLE} characters: a shorter value could be found out by trying.")
        assert vault is not None, "sensitive values can't be searched without the keys of the installation"
        index = sealing.index_for(vault, one, text, region)
        return sql.SQL("({} and {} ->> 'index' = {})").format(store.SEALED.format([index]), held.json, index)

    return Column(
        key=ATTRIBUTE + one.key,
        kind="own",
        value=held.json,
        filled=held.filled,
        operators={"eq": eq},
        not_sorted=f"“{one.label}” is sensitive: its values are encrypted, so they have no order.",
    )


def _attribute_column(one: Attribute, region: str, vault: Vault | None, searched: Searched, reader: Reader) -> Column:
    held = Held(column=sql.SQL("c.attributes"), name=one.key)
    if one.privacy == "sensitive":
        return _sealed_column(one, held, region, vault, reader)
    number = _number_operators(held.text, region, searched) if isinstance(one.type, Phone) else None
    return field_column(
        ATTRIBUTE + one.key,
        one.type,
        held,
        region=region,
        operators=number,
        not_sorted=_not_yet(one, "sorted by", "sortable", marked=one.index.sortable),
        not_filtered=_not_yet(one, "filtered by", "searchable", marked=one.index.searchable),
        apart=_ordered_apart(ATTRIBUTE + one.key, numbers=order_kind(one.type) == "number") if one.index.sortable else None,
    )


def _not_yet(one: Attribute, done: str, mark: str, *, marked: bool) -> str | None:
    if not marked:
        return f"The list can't be {done} “{one.label}” yet. An administrator marks it {mark} under Administration, Customer fields."
    if one.index.state == "building":
        return f"“{one.label}” is being prepared for this ({one.index.progress} % done). Try again in a while."
    if one.index.state == "failed":
        return f"“{one.label}” could not be prepared for this. It is tried again by itself; Administration, Customer fields says why."
    return None


def _columns(region: str, searched: Searched) -> list[Column]:
    """The columns of the fields that people set."""
    made: list[Column] = []
    for field in EDITABLE.values():
        name = sql.Identifier("c", field.key)
        match field.type:
            case Choice(options=options):
                made.append(Column(key=field.key, kind="choice", value=name, order=name, options=options))
            case Phone():
                made.append(_phone_column(field.key, int(field.key[6:]), region, searched))
            case Text() | Email() | Language() | ExternalId():
                made.append(_text_column(field.key, name, searched))
            case Consent():
                made.append(Column(key=field.key, kind="flags", value=name, operators=_consent_operators(name)))
            case _:
                pass
    return made


def _text_column(key: str, name: sql.Composable, searched: Searched | None = None) -> Column:
    named = key in ("first_name", "last_name", "company_name")
    filled = sql.SQL("{} <> ''" if named else "{} is not null").format(name)
    plain = key in ("preferred_language", "external_id")
    order = name if plain else sql.SQL('sort_key({}) collate "C"').format(name)
    return Column(key=key, kind="text", value=name, order=order, filled=filled, found_in=searched if named or key == "email" else None)


def _phone_column(key: str, slot: int, region: str, searched: Searched) -> Column:
    name = sql.Identifier("c", key)
    return Column(
        key=key,
        kind="phone",
        value=name,
        order=name,
        filled=sql.SQL("{} is not null").format(name),
        operators=_phone_operators(slot, region, searched),
    )


def _number_operators(text: sql.Composable, region: str, searched: Searched) -> Mapping[str, Condition]:
    """Numbers in an attribute, in any form; as typed by their digits."""
    digits = sql.SQL("regexp_replace({}, '[^0-9]', '', 'g')").format(text)

    def eq(number: str) -> sql.Composable:
        normalised = _normalised(number, region)
        # The number index finds the few customers; that it is this field which has it is seen by its last digits.
        return sql.SQL(
            "(c.id in (select i.customer_id from customer_identity i where i.kind = 'phone' and i.normalised = {}) and right({}, 7) = {})"
        ).format(normalised, digits, rules.digits_of(normalised)[-7:])

    def part(pattern: Callable[[str], str]) -> Condition:
        def condition(number: str) -> sql.Composable:
            wanted = rules.searched_digits(number)
            if not wanted:
                raise ValueError("Write some digits of the number.")
            return sql.SQL("({} and {} like {})").format(contains(searched, wanted), digits, pattern(wanted))

        return condition

    return {
        "eq": eq,
        "contains": part(lambda wanted: f"%{wanted}%"),
        "in": either(eq),
    }


def _phone_operators(slot: int, region: str, searched: Searched) -> Mapping[str, Condition]:
    def held(test: sql.Composable) -> sql.Composable:
        return sql.SQL(
            "exists (select from customer_identity i where i.customer_id = c.id and i.kind = 'phone' and i.position = {} and {})"
        ).format(slot, test)

    def eq(text: str) -> sql.Composable:
        number = _normalised(text, region)
        # The number index finds the few customers; whether it is this slot is looked at for those only.
        return sql.SQL(
            "c.id in (select i.customer_id from customer_identity i where i.kind = 'phone' and i.normalised = {} and i.position = {})"
        ).format(number, slot)

    def part(place: Callable[[str], str]) -> Condition:
        def condition(text: str) -> sql.Composable:
            digits = rules.searched_digits(text)
            if not digits:
                raise ValueError("Write some digits of the number.")
            pattern = sql.SQL("i.normalised like {}").format(place(digits))
            return sql.SQL("({} and {})").format(contains(searched, digits), held(pattern))

        return condition

    return {
        "eq": eq,
        "contains": part(lambda digits: f"%{digits}%"),
        "starts": lambda text: held(_STARTS.format(_prefix(text) + "%")),
        "in": either(eq),
    }


def _prefix(text: str) -> str:
    digits = rules.digits_of(text)
    if not digits:
        raise ValueError("Write the first digits of the number.")
    if text.strip().startswith("+") or digits.startswith("00"):
        return "+" + digits.removeprefix("00")
    return digits


def _normalised(text: str, region: str) -> str:
    try:
        return normalise(text.strip(), region).normalised
    except PhoneError as error:
        raise ValueError(error.message) from None


def _consent_operators(name: sql.Composable) -> Mapping[str, Condition]:
    def agreed(text: str) -> sql.Composable:
        if text not in CHANNELS:
            raise ValueError(f"Choose one of: {', '.join(CHANNELS)}.")
        return sql.SQL("{} ->> {} = 'true'").format(name, text)

    return {
        "contains": agreed,
        "lacks": lambda text: sql.SQL("not coalesce({}, false)").format(agreed(text)),
    }


def _kept_columns() -> list[Column]:
    """The columns that Ringdesk sets itself, and the city of the primary address."""
    return [
        Column(key="number", kind="number", value=sql.SQL("c.number"), order=sql.SQL("c.number")),
        Column(key="display_name", kind="text", value=sql.SQL("c.display_name"), order=sql.SQL("c.sort_name")),
        _text_column("city", sql.SQL("c.city")),
        Column(key="import", kind="own", value=sql.SQL("c.id"), operators={"eq": _of_import}),
        *(_address_column(part) for part in ADDRESS_PARTS),
        *(
            Column(key=key, kind="instant", value=value, order=value, filled=filled, apart=apart)
            for key, value, filled, apart in (
                ("created_at", sql.SQL("c.created_at"), None, None),
                ("updated_at", sql.SQL("c.updated_at"), None, None),
                ("last_contact_at", sql.SQL("k.at"), sql.SQL("k.customer_id is not null"), _IN_TOUCH),
                ("archived_at", sql.SQL("c.archived_at"), sql.SQL("c.archived_at is not null"), None),
            )
        ),
    ]


def _of_import(text: str) -> sql.Composable:
    """The customers whom an import made or changed, as long as that can be undone; afterwards nobody."""
    try:
        import_id = UUID(text.strip())
    except ValueError:
        raise ValueError("Give the id of an import.") from None
    return sql.SQL(
        "c.id in (select unnest(b.created) from import_batch b where b.import_id = {0}"
        " union all select h.customer_id from import_change h where h.import_id = {0})"
    ).format(import_id)


def _address_column(part: str) -> Column:
    value = sql.SQL("primary_part(c.addresses, {})").format(part)
    order = sql.SQL('address_key(c.addresses, {}) collate "C"').format(part)
    filled = sql.SQL("{} is not null").format(value)
    return Column(key=part, kind="text", value=value, order=order, filled=filled, apart=_ordered_apart(part))
