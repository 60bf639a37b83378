"""Orders text by its bytes whatever the locale of the database, and finds cities and external ids by their folded form."""

from alembic import op

revision = "0003"
down_revision = "0002"

_SORTED = {"first_name": "<> ''", "last_name": "<> ''", "company_name": "<> ''", "email": "is not null", "city": "is not null"}
_FOLDED = ("city", "external_id")


def upgrade() -> None:
    """Collation "C" compares sort keys as they are made to be compared, and faster than any locale."""
    op.execute('alter table customer alter column sort_name type text collate "C"')
    for column, filled in _SORTED.items():
        op.execute(f"drop index customer_{column}")
        op.execute(f'create index customer_{column} on customer (sort_key({column}) collate "C", id) where {column} {filled}')
    for column in _FOLDED:
        op.execute(f'create index customer_{column}_folded on customer (fold({column}) collate "C") where {column} is not null')


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
