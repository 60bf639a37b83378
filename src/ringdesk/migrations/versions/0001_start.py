"""People, customers, interactions, calls, the desk, and the event log."""

from pathlib import Path

from ringdesk.migrations.script import run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_script(Path(__file__).with_suffix(".sql"))
