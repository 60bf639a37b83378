"""Data directories for the tests: new ones, and ones with a stopped server in them."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ringdesk.kit.embedded_postgres import EmbeddedPostgres
from tests.support.postgres_users import folder_open_to_others


@pytest.fixture
def new_data_dir() -> Iterator[Path]:
    """A folder that doesn't exist yet."""
    with folder_open_to_others() as folder:
        yield folder / "data"


@pytest.fixture(scope="session")
def template_data_dir() -> Iterator[Path]:
    """Made once, because making a cluster takes longer than most tests."""
    with folder_open_to_others() as folder:
        with EmbeddedPostgres(folder / "data", durable=False):
            pass
        yield folder / "data"


@pytest.fixture
def data_dir(new_data_dir: Path, template_data_dir: Path) -> Path:
    """A folder with a cluster whose server is stopped."""
    # cp keeps owners and modes, which matter here.
    subprocess.run(["cp", "--archive", str(template_data_dir), str(new_data_dir)], check=True)
    return new_data_dir
