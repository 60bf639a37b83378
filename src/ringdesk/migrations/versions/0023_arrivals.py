"""What each channel does with somebody whom nobody knows, and activities that stand alone (product.md 4.5, 3.7; docs/adr/0020)."""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """A table of what administrators chose, and a mark on interactions, instant by its constant default."""
    op.execute("""
        create table arrival_policy (
            channel text primary key check (channel in ('voice', 'email', 'chat', 'sms', 'social', 'video', 'web', 'event')),
            -- Form to fill in, or a card at once; no row: what the channel begins with.
            unknown text not null check (unknown in ('form', 'card'))
        )""")
    # True: no conversation, but one activity that another system told of by itself.
    op.execute("alter table interaction add column standalone boolean not null default false")


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
