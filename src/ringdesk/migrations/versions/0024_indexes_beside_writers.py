"""Indexes of interactions and of the audit trail, made while others write.

Revisions 15, 19 and 20 made them in one go, which let nobody write to those tables meanwhile. Databases that have them keep them.
"""

from alembic import op

from ringdesk.migrations.partitions import index_part_by_part

revision = "0024"
down_revision = "0023"

_INDEXES = {
    "interaction": {
        # Undecided interactions by whom they may belong to.
        "interaction_candidates": "using gin (candidates) where candidates <> '{}'",
    },
    "audit_entry": {
        # Few interactions ever change hands: these hold those alone, for the journeys of whom they were taken from and given to.
        "audit_entry_taken_from": "((before->>'customer_id'), id desc)"
        " where action = 'interaction.linked' and before->>'customer_id' is not null",
        "audit_entry_given_to": "((after->>'customer_id'), id desc)"
        " where action = 'interaction.linked' and before->>'customer_id' is not null",
        "audit_entry_record": "(entity_id, id desc)",
        "audit_entry_actor": "(actor_id, id desc)",
        # Words of our own have no language: compared byte by byte, a range of them is what begins with the same letters.
        "audit_entry_kind": """(entity collate "C", id desc) where entity collate "C" <> 'customer'""",
        "audit_entry_action": """(action collate "C", id desc) where action collate "C" <> 'customer.created'""",
    },
}


def upgrade() -> None:
    """Make what is missing; what they take the place of goes when they are there."""
    with op.get_context().autocommit_block():
        for table, indexes in _INDEXES.items():
            for name, definition in indexes.items():
                index_part_by_part(table, name, definition)
        op.execute("drop index if exists audit_entry_entity")


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
