"""Which column of a file fills which field of a card: guessed from header names, editable, checked before a run (product.md 1.7)."""

import re
from collections.abc import Iterable, Mapping, Sequence

from ringdesk.features.customers.attributes.schemas import Attribute
from ringdesk.features.customers.fields import EDITABLE
from ringdesk.features.customers.imports import addresses, consents
from ringdesk.features.customers.imports.errors import BadMapping
from ringdesk.features.customers.imports.headings import plain
from ringdesk.features.customers.models import PHONE_SLOTS
from ringdesk.kit.problems import FieldError

FULL_NAME = "name"
"""A whole name in one column, divided into first and last name."""
FURTHER_EMAILS = ("email_2", "email_3")
"""E-mail addresses behind the primary one."""
ATTRIBUTE = "attributes."
"""Before the key of an attribute."""
_PLAIN: tuple[str, ...] = (FULL_NAME, *(key for key, field in EDITABLE.items() if field.importable), *FURTHER_EMAILS)
_TARGETS: tuple[str, ...] = (*_PLAIN, *addresses.ADDRESS_PARTS, *addresses.FURTHER_PARTS, *consents.CONSENT_FIELDS)
_REACHING = ("phone_", "email")

# Header names as people and programs write them (English, Swedish, German, Japanese; Excel, Outlook, Google, Salesforce, HubSpot).
_NAMES: dict[str, str] = {
    "first_name": ("first name|given name|forename|firstname|fornamn|tilltalsnamn|vorname|名|名前(名)|ファーストネーム|prenom|nombre"),
    "last_name": (
        "last name|surname|family name|lastname|efternamn|nachname|familienname|姓|苗字|名字|ラストネーム|nom de famille|apellido|apellidos"
    ),
    FULL_NAME: (
        "name|full name|contact name|customer name|fullname|namn|kundnamn|fullstandigt namn|kunde|kundenname"
        "|vollstandiger name|氏名|名前|お名前|顧客名|display name"
    ),
    "company_name": (
        "company|company name|organisation|organization|organization name|organization 1 name|account name"
        "|business name|employer|associated company|foretag|foretagsnamn|bolag|organisationsnamn|firma|firmenname|unternehmen|会社"
        "|会社名|企業名|勤務先|法人名"
    ),
    "kind": "kind|customer type|customer kind|typ av kund|kundtyp|kundenart|種別|顧客種別",
    "email": (
        "email|e mail|email address|e mail address|e mail 1 value|email 1 value|mail|mail address|primary email|email 1"
        "|e post|epost|e postadress|epostadress|mailadress|mejl|e mail adresse|email adresse|mailadresse|メール"
        "|メールアドレス|eメール|電子メール|メアド"
    ),
    "email_2": "email 2|e mail 2|e mail 2 value|email 2 value|e mail 2 address|email 2 address|additional email addresses",
    "email_3": "email 3|e mail 3|e mail 3 value|email 3 value|e mail 3 address|email 3 address",
    "preferred_language": "language|preferred language|locale|sprak|onskat sprak|sprache|bevorzugte sprache|言語|使用言語",
    "external_id": (
        "external id|id|customer id|record id|contact id|lead id|customer number|customer no|account number|external key|kundnummer|kundnr"
        "|kund id|externt id|kundennummer|kunden nr|kundennr|externe id|顧客id|顧客番号|お客様番号|会員番号|外部id"
    ),
}
_PHONES = (
    "phone|phone number|telephone|telephone number|tel|tel no|primary phone|main phone|contact number|number"
    "|business phone|work phone|home phone|landline|mobile|mobile phone|mobile phone number|mobile number|cell|cell phone|cellphone"
    "|mobiltelefon|mobil|mobilnummer|mobilnr|telefon|telefonnummer|telefonnr|hemtelefon|arbetstelefon"
    "|telefon arbete|telefon hem|rufnummer|handy|handynummer|festnetz|telefon privat|telefon geschaftlich"
    "|other phone|company main phone|business phone 2|home phone 2|電話|電話番号|携帯|携帯電話|携帯番号"
    "|携帯電話番号|自宅電話|勤務先電話|固定電話|tel番号|phone value|telephone value"
)
# A contact of Outlook has up to a dozen numbers and a card five fields: these columns wait until the others have theirs.
_SECOND_PHONES = frozenset({"business phone 2", "home phone 2", "company main phone", "other phone", "primary phone"})
_NUMBERED = re.compile(r"(\d)")

_FIELD_OF = {plain(name): field for field, names in _NAMES.items() for name in names.split("|")}
_PHONE_NAMES = frozenset(plain(name) for name in _PHONES.split("|"))


def targets(attributes: Sequence[Attribute]) -> tuple[str, ...]:
    """What a column can be mapped to, with these attributes on the card."""
    return (*_TARGETS, *(ATTRIBUTE + one.key for one in attributes))


def guess(headers: Sequence[str], attributes: Sequence[Attribute] = (), *, sample: Sequence[Sequence[str]] = ()) -> dict[str, str]:
    """The mapping {header: field} that the names suggest; columns that suggest nothing are left out.

    What administrators called a field of their own comes before what such a column is usually called. Columns of numbers that have none in
    the `sample` (the first rows, as long as the header) wait until those that have some got their fields.
    """
    found: dict[str, str] = {}
    own = {plain(name): ATTRIBUTE + one.key for one in attributes for name in (one.key, ATTRIBUTE + one.key, one.label)}
    found |= addresses.guess(header for header in headers if plain(header) not in own)
    for header in headers:
        field = own.get(plain(header)) or _exact(header)
        if field and header not in found and field not in found.values():
            found[header] = field
    empty = {header for place, header in enumerate(headers) if sample and not any(row[place].strip() for row in sample)}
    for header in sorted(headers, key=lambda header: (header in empty, plain(header) in _SECOND_PHONES)):
        slot = _phone_slot(header, found.values()) if header not in found else None
        if slot:
            found[header] = f"phone_{slot}"
    if FULL_NAME in found.values() and {"first_name", "last_name"} & set(found.values()):
        # "Name" beside "First Name" is the same again (Google), or a label.
        found = {header: field for header, field in found.items() if field != FULL_NAME}
    return {header: found[header] for header in headers if header in found}


def check(
    mapping: Mapping[str, str], headers: Sequence[str], attributes: Sequence[Attribute] = (), *, key: str | None = None
) -> dict[str, str]:
    """The mapping in the order of the file, without columns mapped to "". Raises BadMapping with everything that is wrong.

    With a `key` rows may be about customers that are known: then a column of the key says enough.
    """
    errors: list[FieldError] = []
    seen: dict[str, str] = {}
    known = targets(attributes)
    for header, field in mapping.items():
        place = f"mapping.{header}"
        if header not in headers:
            errors.append(FieldError(place, "unknown_column", f"The file has no column “{header}”. Its columns are: {', '.join(headers)}."))
        elif field and field not in known:
            errors.append(FieldError(place, "unknown_field", f"There is no field “{field}”. Fields are: {', '.join(known)}."))
        elif field and field in seen:
            errors.append(
                FieldError(place, "repeated_field", f"“{seen[field]}” fills {field} already. Map one of the two to something else.")
            )
        elif field:
            seen[field] = header
    if FULL_NAME in seen and (other := {"first_name", "last_name"} & seen.keys()):
        message = f"A whole name and {' and '.join(sorted(other))} can't be filled both. Map one or the other."
        errors.append(FieldError(f"mapping.{seen[FULL_NAME]}", "repeated_field", message))
    if (
        not errors
        and key not in seen
        and not any(field == FULL_NAME or field.startswith(_REACHING) or field.endswith("_name") for field in seen)
    ):
        message = f"No column is mapped to a name, a phone or an e-mail. The columns are: {', '.join(headers)}. Map at least one of them."
        errors.append(FieldError("mapping", "no_usable_column", message))
    for one in attributes:
        if one.required and key is None and ATTRIBUTE + one.key not in seen:
            message = f"Every new customer needs “{one.label}”. Map a column to {ATTRIBUTE}{one.key}."
            errors.append(FieldError("mapping", "required_field", message))
    if errors:
        raise BadMapping(errors[0].message if len(errors) == 1 else f"{len(errors)} columns cannot be mapped like this.", errors=errors)
    return {header: mapping[header] for header in headers if mapping.get(header)}


def _exact(header: str) -> str | None:
    words = plain(header)
    as_key = words.replace(" ", "_")
    if as_key in _PLAIN:
        return as_key
    channel = consents.channel_of(header)
    return consents.CONSENT + channel if channel else _FIELD_OF.get(words)


def _phone_slot(header: str, taken: Iterable[str]) -> int | None:
    """The slot for a column of numbers: the one its name says (“Phone 2 - Value”), else the first free one."""
    words = plain(header)
    bare = " ".join(_NUMBERED.sub(" ", words).split())
    if words not in _PHONE_NAMES and bare not in _PHONE_NAMES:
        return None
    free = [slot for slot in PHONE_SLOTS if f"phone_{slot}" not in set(taken)]
    named = _NUMBERED.search(words)
    return int(named[1]) if named and int(named[1]) in free else (free[0] if free else None)
