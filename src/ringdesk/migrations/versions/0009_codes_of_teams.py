"""Wrap-up codes are administered per team and channel (product.md 3.4)."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """A code is for the teams and channels that it names; for all where it names none."""
    op.execute("""
        alter table wrap_up_code
            add column channels text[] not null default '{}',
            add column teams uuid[] not null default '{}'""")
    op.execute("update wrap_up_code set channels = array[channel]")
    op.execute("alter table wrap_up_code drop column channel")


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
