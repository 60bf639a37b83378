"""The list of interactions over all customers: what it is sorted and found by (product.md 3.2, 3.3).

What a call changes while it lasts (its state, its result, how long it took) is indexed only where it is final or rare, so that most of what
happens to a call writes no index at all.
"""

from alembic import op

from ringdesk.migrations.partitions import index_part_by_part

revision = "0022"
down_revision = "0021"

_INDEXES = {
    "interaction": {
        "interaction_number": '(ani collate "C", id) where ani is not null',
        "interaction_dnis": '(dnis collate "C", id) where dnis is not null',
        "interaction_queue": '(fold(queue) collate "C", id) include (queue) where queue is not null',
        "interaction_duration": "(duration_s, id) where duration_s is not null",
        # Most are calls that somebody answered: among those the newest few are enough to find a page.
        "interaction_channel": "(channel, id) where channel <> 'voice'",
        "interaction_result": "(result, id) where result <> 'answered'",
        "interaction_in_progress": "(id) where state = 'in_progress'",
        "interaction_external": '(external_id collate "C") where external_id is not null',
        # Without a list of what is to be added later: one or two agents an interaction are added in microseconds, a long list stops who
        # happens to tidy it up.
        "interaction_agents": "using gin (agents) with (fastupdate = off) where agents <> '{}'",
    },
    "activity": {"activity_outcome": "(code, id) where kind = 'wrap_up' and not inherited"},
}


def upgrade() -> None:
    """Every step can be taken twice: an upgrade that is cut goes on from the start."""
    with op.get_context().autocommit_block():
        for table, indexes in _INDEXES.items():
            for name, definition in indexes.items():
                index_part_by_part(table, name, definition)
        # What an expression gives is known to the planner only after this.
        op.execute("analyze interaction")


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
