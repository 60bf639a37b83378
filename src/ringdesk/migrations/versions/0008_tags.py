"""The tags in use, so that they can be proposed without reading every activity (product.md 3.3)."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Count those that activities have."""
    op.execute("create table tag (folded text primary key, name text not null, uses bigint not null)")
    op.execute("""
        insert into tag (folded, name, uses)
        select fold(name), min(name), count(*) from activity, unnest(tags) as name group by fold(name)""")
    op.execute('create index tag_begins on tag (folded collate "C")')


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
