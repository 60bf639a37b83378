"""The types that fields have, all of them (product.md 12). docs/recipes/field.md.

A type is one class: what it takes, what it keeps, how it is written, what JSON may hold, which widget edits it.
"""

from ringdesk.kit.fields.addresses import MAX_EMAIL, Email, Phone, Reach, Url
from ringdesk.kit.fields.base import (
    FieldType,
    Refusal,
    Refusals,
    checked_line,
    is_empty,
    paragraphs,
    plain_text,
    says_something,
    stored_form,
)
from ringdesk.kit.fields.choices import NO, YES, Bool, Choice, MultipleChoice
from ringdesk.kit.fields.numbers import DecimalNumber, Duration, Integer
from ringdesk.kit.fields.texts import Alphanumeric15, Alphanumeric50, LongText, Text
from ringdesk.kit.fields.times import Date, DateTime, TimeOfDay

AnyType = (
    Text
    | LongText
    | Alphanumeric15
    | Alphanumeric50
    | Integer
    | DecimalNumber
    | Bool
    | Choice
    | MultipleChoice
    | Date
    | TimeOfDay
    | DateTime
    | Duration
    | Phone
    | Email
    | Url
)
"""What a definition may say its type is: as JSON `{"type": "choice", "options": [...]}`."""

__all__ = [
    "MAX_EMAIL",
    "NO",
    "YES",
    "Alphanumeric15",
    "Alphanumeric50",
    "AnyType",
    "Bool",
    "Choice",
    "Date",
    "DateTime",
    "DecimalNumber",
    "Duration",
    "Email",
    "FieldType",
    "Integer",
    "LongText",
    "MultipleChoice",
    "Phone",
    "Reach",
    "Refusal",
    "Refusals",
    "Text",
    "TimeOfDay",
    "Url",
    "checked_line",
    "is_empty",
    "paragraphs",
    "plain_text",
    "says_something",
    "stored_form",
]
