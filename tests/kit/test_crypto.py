"""Secrets at rest."""

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from ringdesk.kit.crypto import SecretUnreadable, Vault, open_vault
from ringdesk.kit.settings import Settings


def test_what_was_encrypted_can_be_read_again_and_says_nothing_by_itself() -> None:
    vault = Vault([Fernet.generate_key().decode()])
    token = vault.encrypt("Sesam öppna dig")
    assert b"Sesam" not in token
    assert vault.decrypt(token) == "Sesam öppna dig"


def test_a_new_key_first_still_reads_what_the_old_one_wrote() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    token = Vault([old]).encrypt("x")
    rotated = Vault([new, old])
    assert rotated.decrypt(token) == "x"
    assert rotated.digest("x") == Vault([old]).digest("x")
    with pytest.raises(SecretUnreadable):
        Vault([new]).decrypt(token)


def test_equal_texts_have_equal_digests_and_others_other_ones() -> None:
    vault = Vault([Fernet.generate_key().decode()])
    assert vault.digest("a") == vault.digest("a") != vault.digest("b")


def test_the_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    token = open_vault(settings).encrypt("x")
    file = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert open_vault(settings).decrypt(token) == "x"


def test_keys_in_the_environment_need_no_file(tmp_path: Path) -> None:
    key = Fernet.generate_key().decode()
    settings = Settings(data_dir=tmp_path, secret_key=f"{key}, {Fernet.generate_key().decode()}")
    assert Vault([key]).decrypt(open_vault(settings).encrypt("x")) == "x"
    assert list(tmp_path.iterdir()) == []
