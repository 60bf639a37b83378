"""Sealed values: found and compared without being opened, never let through unmasked."""

import msgspec
import pytest

from ringdesk.kit.crypto import SecretUnreadable, Vault
from ringdesk.kit.fields import Email, Integer, Phone, Text
from ringdesk.kit.sealed import MASK, is_sealed, masked, masked_json, reach_index, seal, unseal

OTHER = Vault.for_now()
VAULT = Vault.for_now()


def test_equal_values_of_one_field_are_equal_sealed_and_open_only_there() -> None:
    one, same, elsewhere = (seal(VAULT, Text(), field, "P-4711", "GB") for field in ("attributes.a", "attributes.a", "attributes.b"))
    assert one == same
    assert one != elsewhere
    assert unseal(VAULT, "attributes.a", one) == "P-4711"
    for vault, field in ((VAULT, "attributes.b"), (OTHER, "attributes.a")):
        with pytest.raises(SecretUnreadable):
            unseal(vault, field, one)


def test_an_added_key_opens_what_the_old_one_sealed_and_finds_it() -> None:
    rotated = Vault([*OTHER.keys, *VAULT.keys])
    sealed = seal(VAULT, Integer(), "attributes.a", 42, "GB")
    assert unseal(rotated, "attributes.a", sealed) == 42
    assert seal(rotated, Integer(), "attributes.a", 42, "GB")["index"] == sealed["index"]


def test_texts_are_found_without_case_and_numbers_and_mail_by_their_normal_form_in_any_field() -> None:
    texts = {seal(VAULT, Text(), "attributes.a", text, "GB")["index"] for text in ("Åsa", "asa", "ÅSA")}
    assert len(texts) == 1
    assert seal(VAULT, Phone(), "attributes.a", "020 7946 0958", "GB")["index"] == reach_index(VAULT, "phone", "+442079460958")
    assert seal(VAULT, Email(), "attributes.b", "Ed@Example.com", "GB")["index"] == reach_index(VAULT, "email", "ed@example.com")


def test_a_value_of_an_earlier_type_can_still_be_sealed() -> None:
    assert unseal(VAULT, "attributes.a", seal(VAULT, Integer(), "attributes.a", "not a number", "GB")) == "not a number"


def test_the_last_doors_let_only_masks_through() -> None:
    sealed = seal(VAULT, Text(), "attributes.a", "P-4711", "GB")
    assert is_sealed(sealed)
    assert not is_sealed({"sealed": "x"})
    document = {"before": {"attributes": {"a": sealed, "b": [sealed, 1]}}, "after": None}
    wanted = {"before": {"attributes": {"a": MASK, "b": [MASK, 1]}}, "after": None}
    assert masked(document) == wanted
    assert msgspec.json.decode(masked_json(msgspec.json.encode(document))) == wanted
    assert masked_json(b'{"a":1}') == b'{"a":1}'
