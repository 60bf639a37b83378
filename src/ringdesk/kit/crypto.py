"""Secrets at rest: authenticated encryption with keys that can be rotated, and keyed digests for look-up."""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256, sha512
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from ringdesk.kit.settings import Settings


class Vault:
    """Encrypts with the newest key and decrypts with any of them (rotation: put a new key first, keep the old ones)."""

    def __init__(self, keys: list[str]) -> None:
        """`keys` are Fernet keys (32 bytes, URL-safe base64), newest first."""
        self.keys = tuple(keys)
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._digest_key = sha256(b"ringdesk digest " + keys[-1].encode()).digest()
        # 512 bits: AES-256-SIV takes one half for the tag, the other for the text (RFC 5297).
        self._sealing = [AESSIV(sha512(b"ringdesk seal " + key.encode()).digest()) for key in keys]

    @classmethod
    def for_now(cls) -> "Vault":
        """A vault with a key that nobody keeps: for measurements."""
        return cls([Fernet.generate_key().decode()])

    def encrypt(self, text: str) -> bytes:
        """Ciphertext of `text`."""
        return self._fernet.encrypt(text.encode())

    def decrypt(self, token: bytes) -> str:
        """The text of `token`. Raises SecretUnreadable if no key fits."""
        try:
            return self._fernet.decrypt(bytes(token)).decode()
        except InvalidToken as problem:
            raise SecretUnreadable("This secret was encrypted with a key that is not in RINGDESK_SECRET_KEY or its file.") from problem

    def seal(self, text: str, context: str) -> str:
        """Ciphertext of `text` that only opens in the same `context`; equal texts of one context have equal ciphertexts (RFC 5297).

        For values that are moved and compared without being opened. It tells which of them are equal, and how long they are.
        """
        return urlsafe_b64encode(self._sealing[0].encrypt(text.encode(), [context.encode()])).decode()

    def unseal(self, token: str, context: str) -> str:
        """The text of `token`. Raises SecretUnreadable if no key fits, or it was sealed in another context."""
        for key in self._sealing:
            try:
                return key.decrypt(urlsafe_b64decode(token), [context.encode()]).decode()
            except (InvalidTag, ValueError):
                continue
        raise SecretUnreadable("This value was encrypted with a key that is not in RINGDESK_SECRET_KEY or its file.")

    def digest(self, text: str) -> bytes:
        """A keyed digest (HMAC-SHA256) of `text`: equal texts have equal digests, nothing else can be learnt from it."""
        return hmac.digest(self._digest_key, text.encode(), "sha256")


class SecretUnreadable(RuntimeError):
    """A stored secret cannot be decrypted with the keys at hand."""


def open_vault(settings: Settings) -> Vault:
    """The vault of this installation; makes the key file (mode 0600) when there is none and no key in the environment."""
    if settings.secret_key:
        return Vault([key.strip() for key in settings.secret_key.split(",")])
    path = settings.secret_key_file or settings.data_dir / "secret.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return open_vault(settings)
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
    return Vault(Path(path).read_text().split())
