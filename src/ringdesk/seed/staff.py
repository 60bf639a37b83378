"""Who works at the demo's contact centre, and the outcomes that they give to calls."""

from uuid import UUID

import msgspec

SUPPORT, SALES = "Support", "Sales"
# A demo's viewer should not wait two minutes for the next call.
WRAP_UP_SECONDS = 30


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with an account. `signs_in`: the demo prints a password; the others fill the history and take transfers."""

    name: str
    email: str
    roles: tuple[str, ...]
    extension: str | None = None
    team: str | None = None
    language: str = "en"
    signs_in: bool = True


STAFF = (
    Colleague(name="Ada Lovell", email="ada@example.com", roles=("administrator",)),
    Colleague(name="Sven Lindqvist", email="sven@example.com", roles=("supervisor",), extension="1000", team=SUPPORT),
    Colleague(name="Aiko Tanaka", email="aiko@example.com", roles=("agent",), extension="1001", team=SUPPORT),
    Colleague(name="Bilal Haddad", email="bilal@example.com", roles=("agent",), extension="1002", team=SUPPORT),
    Colleague(name="Chloé Marchand", email="chloe@example.com", roles=("agent",), extension="1003", team=SALES, signs_in=False),
    Colleague(name="Diego Santos", email="diego@example.com", roles=("agent",), extension="1004", team=SALES, signs_in=False),
    Colleague(name="Ewa Kowalska", email="ewa@example.com", roles=("agent",), extension="1005", team=SUPPORT, signs_in=False),
)


class Agent(msgspec.Struct, frozen=True):
    """An account of somebody who takes calls, as history remembers it."""

    id: UUID
    name: str
    team: str | None
    extension: str | None


CODES: dict[str, dict[str, str]] = {
    "resolved": {"en": "Resolved", "sv": "Löst", "ja": "解決済み"},
    "callback": {"en": "Call back", "sv": "Ring upp", "ja": "折り返し"},
    "order": {"en": "Order placed", "sv": "Beställning gjord", "ja": "注文受付"},
    "billing": {"en": "Invoice corrected", "sv": "Faktura rättad", "ja": "請求書訂正"},
    "refund": {"en": "Return or refund", "sv": "Retur eller återbetalning", "ja": "返品・返金"},
    "complaint": {"en": "Complaint", "sv": "Klagomål", "ja": "苦情"},
    "escalated": {"en": "Passed to second line", "sv": "Skickat vidare", "ja": "二次対応へ"},
    "information": {"en": "Information given", "sv": "Information lämnad", "ja": "案内のみ"},
    "wrong_number": {"en": "Wrong number", "sv": "Fel nummer", "ja": "間違い電話"},
    "no_need": {"en": "No action needed", "sv": "Ingen åtgärd", "ja": "対応不要"},
}
"""Outcome codes with their labels."""
