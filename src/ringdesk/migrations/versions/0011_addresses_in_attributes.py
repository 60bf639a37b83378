"""Numbers and e-mail addresses in attributes are identities too (product.md 1.2)."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """An identity says which attribute brought it. None exist yet: an edit of a card, or of the attribute's type, makes them."""
    op.execute("alter table customer_identity add column attribute text")
    op.execute("create index customer_identity_attribute on customer_identity (attribute, id) where attribute is not null")


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
