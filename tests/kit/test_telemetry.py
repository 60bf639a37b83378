"""What the program says about itself."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from ringdesk.kit.telemetry import choose_request_id, configure_logging, current_request_id


@pytest.fixture(autouse=True)
def quiet_again() -> Iterator[None]:
    """Gives the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_log_line_is_json_with_the_request_id_and_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO")
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        assert current_request_id() == "r-1"
        structlog.get_logger("ringdesk.test").info(
            "signed_in", email="aiko@example.com", password="open sesame", api_key="rdk_x", cookies={"a": 1}
        )
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["request_id"], line["email"], line["level"]) == ("signed_in", "r-1", "aiko@example.com", "info")
    assert line["password"] == line["api_key"] == line["cookies"] == "(hidden)"
    assert current_request_id() is None


def test_lines_of_libraries_are_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("WARNING")
    logging.getLogger("somebody.else").warning("the %s is low", "tide")
    assert json.loads(capsys.readouterr().err)["event"] == "the tide is low"


def test_an_exception_is_one_line_with_its_stack(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO")
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.get_logger("ringdesk.test").exception("failed")
    line = json.loads(capsys.readouterr().err)
    assert "ValueError: broken" in line["exception"]


@pytest.mark.parametrize("given", [None, "", "a b", "x" * 65, 'a"b', "a\nb"])
def test_a_request_id_that_is_not_harmless_is_replaced(given: str | None) -> None:
    assert choose_request_id(given) != given


def test_a_harmless_request_id_is_kept() -> None:
    assert choose_request_id("proxy-7.a_B") == "proxy-7.a_B"
