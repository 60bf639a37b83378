"""Request policies, conversations handled by hand, and what teams have switched off (product.md 4.2, 4.4, 4.8)."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Policies by channel (no row: nothing happens), marks on the calls of a desk, and switches of teams."""
    op.execute("""
        create table request_policy (
            channel text primary key check (channel in ('voice', 'email', 'chat', 'sms', 'social', 'video', 'web', 'event')),
            action  text not null check (action in ('open', 'propose')),
            -- The type of what is opened; null: the first one in use.
            type    text references request_type (key)
        )""")
    op.execute("""
        alter table desk_call
            add column opened_request uuid references request (id) on delete set null,
            add column proposed_request uuid references request (id) on delete set null,
            -- Begun and ended by the agent at the desk; no telephone system tells of it.
            add column by_hand boolean not null default false""")
    op.execute("alter table team add column switched_off text[] not null default '{}'")


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
