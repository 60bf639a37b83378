"""Who handles a leg stays who it was when it began, whoever has the extension later (product.md 3.3)."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """The agents of a call by its parts. Calls that run during the upgrade get theirs with their next event."""
    op.execute("alter table call add column crew jsonb not null default '{}'")


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
