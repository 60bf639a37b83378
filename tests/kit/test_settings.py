"""Settings from the environment."""

from pathlib import Path

import pytest

from ringdesk.kit.settings import SettingsError, load_settings


def test_every_field_is_a_variable() -> None:
    settings = load_settings(
        {"RINGDESK_DATA_DIR": "/srv/rd", "RINGDESK_PORT": "9000", "RINGDESK_SECURE_COOKIES": "true", "RINGDESK_DEFAULT_REGION": "SE"}
    )
    assert (settings.data_dir, settings.port, settings.secure_cookies, settings.default_region) == (Path("/srv/rd"), 9000, True, "SE")


def test_what_the_command_was_told_counts_more_than_the_environment() -> None:
    assert load_settings({"RINGDESK_PORT": "9000"}, port=9001).port == 9001
    assert load_settings({"RINGDESK_PORT": "9000"}, port=None).port == 9000


def test_all_bad_variables_are_named_at_once() -> None:
    with pytest.raises(SettingsError, match=r"RINGDESK_PORT: .*RINGDESK_POOL_SIZE: "):
        load_settings({"RINGDESK_PORT": "eighty", "RINGDESK_POOL_SIZE": "many"})
