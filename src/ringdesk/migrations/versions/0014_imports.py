"""Imports can be checked before they write, recognise customers, and be undone (product.md 1.7)."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """What an import did, batch by batch: the ids of the customers it made, and the fields it changed as they were and as it left them."""
    op.execute("alter table import drop constraint import_state_check")
    op.execute("""
        alter table import add constraint import_state_check check
            (state in ('uploaded', 'checking', 'checked', 'running', 'done', 'cancelled', 'failed', 'undoing', 'undone'))""")
    op.execute("""
        alter table import
            add column key text,
            add column on_duplicate text not null default 'ignore'
                check (on_duplicate in ('ignore', 'update', 'replace', 'fill')),
            add column checked jsonb,
            add column undo jsonb""")
    # One row a batch holds up to 5,000 ids in 80 kB: an index entry for each of a million customers would slow the import down.
    op.execute("""
        create table import_batch (
            import_id uuid not null references import (id) on delete cascade,
            place     bigint not null,
            created   uuid[] not null,
            first_id  uuid,
            last_id   uuid,
            primary key (import_id, place)
        )""")
    # Old values are personal: they go with their customer.
    op.execute("""
        create table import_change (
            import_id    uuid not null references import (id) on delete cascade,
            place        bigint not null,
            customer_id  uuid not null references customer (id) on delete cascade,
            created_here boolean not null,
            version      int not null,
            before       jsonb not null,
            after        jsonb not null,
            added        jsonb not null,
            unconfirmed  jsonb not null,
            primary key (import_id, place, customer_id)
        )""")
    op.execute("create index import_change_customer on import_change (customer_id)")
    op.execute("""
        create table import_kept (
            import_id   uuid not null references import (id) on delete cascade,
            customer_id uuid not null references customer (id) on delete cascade,
            reason      text not null check (reason in ('changed', 'in_use')),
            fields      text[] not null,
            by_name     text not null,
            primary key (import_id, customer_id)
        )""")
    op.execute("create index import_kept_customer on import_kept (customer_id)")


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
