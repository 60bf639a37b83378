"""The attributes that administrators add to the card of a customer (product.md 1.2)."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Definitions only: the values lie in `customer.attributes` by key."""
    op.execute("""
        create table attribute (
            id         uuid primary key,
            key        text not null unique,
            label      text not null,
            type       jsonb not null,
            required   boolean not null,
            help       text not null,
            privacy    text not null check (privacy in ('plain', 'personal')),
            place      int not null,
            hidden_at  timestamptz,
            created_at timestamptz not null default now()
        )""")


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
