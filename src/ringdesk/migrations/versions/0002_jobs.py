"""The queue of jobs: the tables and functions of procrastinate, as the installed version brings them."""

from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from alembic import op
from sqlalchemy import text

from ringdesk.migrations.script import run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_script(Path(str(files("procrastinate").joinpath("sql/schema.sql"))))
    # A later version of the package brings steps from one of its versions to the next: this says where they have to begin.
    op.get_bind().execute(
        text("insert into setting (key, value) values ('procrastinate_schema', to_jsonb(cast(:version as text)))"),
        {"version": version("procrastinate")},
    )
