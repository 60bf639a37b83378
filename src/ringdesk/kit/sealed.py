"""Sensitive values at rest: where a plain value would stand in JSON, a sealed one stands as `{"sealed": ciphertext, "index": blind index}`.

No field type keeps an object, so nothing that people enter can pass for one. Rows, journals and imports move sealed values without opening
them; equal values of one field are equal sealed too. What leaves the program has the MASK instead. docs/adr/0017.
"""

from typing import Any, TypedDict, TypeGuard, cast

import msgspec

from ringdesk.kit.crypto import Vault
from ringdesk.kit.fields import FieldType, Reach, Refusal
from ringdesk.kit.folding import fold

MASK = "••••••••"
"""What everybody sees of a sensitive value: as long for any value, so that it doesn't tell the length."""
_MEMBERS = frozenset({"sealed", "index"})
_SIGN = b'"sealed":'


class Sealed(TypedDict):
    """A sealed value. `index`: equal for values that mean the same, and found by exact search."""

    sealed: str
    index: str


def is_sealed(value: object) -> TypeGuard[Sealed]:
    """Whether this is a sealed value."""
    return isinstance(value, dict) and cast("dict[str, object]", value).keys() == _MEMBERS


def seal(vault: Vault, kind: FieldType, field: str, stored: object, region: str) -> Sealed:
    """Seal the stored value of the field that is called `field` (`attributes.passport`)."""
    text = msgspec.json.encode(stored).decode()
    return Sealed(sealed=vault.seal(text, field), index=index_of(vault, kind, field, stored, region))


def unseal(vault: Vault, field: str, value: Sealed) -> Any:
    """The stored value again. Raises SecretUnreadable."""
    return msgspec.json.decode(vault.unseal(value["sealed"], field))


def index_of(vault: Vault, kind: FieldType, field: str, stored: object, region: str) -> str:
    """The blind index of a stored value: of a number or e-mail address the one by which every field of that kind is looked up."""
    try:
        kept = kind.parse(stored, region)
    except Refusal:
        # From before the field had its present type.
        kept = stored
    if isinstance(kept, Reach):
        return reach_index(vault, kind.widget, kept.normalised)
    text = fold(stored) if isinstance(stored, str) else msgspec.json.encode(stored, order="deterministic").decode()
    return _digest(vault, field, text)


def reach_index(vault: Vault, kind: str, normalised: str) -> str:
    """The blind index of a normalised phone number or e-mail address (`kind`: phone, email)."""
    return _digest(vault, kind, normalised)


def _digest(vault: Vault, domain: str, text: str) -> str:
    # Half of the HMAC: 128 bits collide by chance among 2^64 values.
    return vault.digest(f"blind index\n{domain}\n{text}")[:16].hex()


def masked(value: Any) -> Any:
    """Plain data with the MASK for every sealed value in it, however deep."""
    if is_sealed(value):
        return MASK
    if isinstance(value, dict):
        return {name: masked(part) for name, part in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [masked(part) for part in cast("list[Any]", value)]
    return value


def masked_json(encoded: bytes) -> bytes:
    """JSON with the MASK for every sealed value in it: the last door before the event log and the audit trail."""
    return msgspec.json.encode(masked(msgspec.json.decode(encoded))) if _SIGN in encoded else encoded
