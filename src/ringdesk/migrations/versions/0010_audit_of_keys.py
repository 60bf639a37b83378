"""The audit trail names what has a key instead of an id (a wrap-up code), and is read by kind."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """What an entry is about becomes text; the history of one thing is one stretch of the index."""
    op.execute("drop index audit_entry_entity")
    op.execute("alter table audit_entry alter column entity_id type text using entity_id::text")
    op.execute("create index audit_entry_entity on audit_entry (entity, entity_id, id desc)")


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
