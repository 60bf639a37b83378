"""Sensitive attributes, and the erasure of customers (product.md 1.9)."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Every step can be taken twice: an upgrade that is cut while it makes the index goes on from the start."""
    op.execute("alter table attribute drop constraint if exists attribute_privacy_check")
    op.execute("alter table attribute add constraint attribute_privacy_check check (privacy in ('plain', 'personal', 'sensitive'))")
    # Values that are being encrypted or decrypted: where the walk over the cards is, or over what else holds them.
    op.execute("""
        alter table attribute
            add column if not exists conversion_progress int,
            add column if not exists conversion_at jsonb""")
    # Keys by which imports recognised customers have an index that also knows sealed values now; it is made when it is needed.
    op.execute("""
        do $$
        declare
            name text;
        begin
            for name in select relname from pg_class where relkind = 'i' and starts_with(relname, 'customer_key_') loop
                execute format('drop index %I', name);
            end loop;
        end $$""")
    # The stone of an erased customer: no name, no address. `ids` are all that meant this customer.
    op.execute("""
        create table if not exists customer_erasure (
            id          uuid primary key,
            customer_id uuid not null,
            number      bigint not null,
            ids         uuid[] not null,
            at          timestamptz not null default now(),
            by_id       uuid,
            by_name     text not null,
            reason      text not null,
            -- How many rows of which table were erased or emptied.
            counts      jsonb not null,
            finished_at timestamptz
        )""")
    op.execute("create index if not exists customer_erasure_ids on customer_erasure using gin (ids)")
    # What the second half of an erasure looks for in what has no index by customer; sealed, and gone when it is done.
    op.execute("""
        create table if not exists customer_erasure_trace (
            erasure_id uuid primary key references customer_erasure (id) on delete cascade,
            sealed     text not null,
            at         jsonb not null default '{}'
        )""")
    with op.get_context().autocommit_block():
        op.execute("drop index concurrently if exists customer_sealed")
        op.execute("""
            create index concurrently customer_sealed on customer using gin (jsonb_path_query_array(attributes, '$.*.index'))
            where jsonb_path_exists(attributes, '$.*.index')""")
    # Every call looks in it. The planner expects thousands of rows of such a condition, and would start other processes to find none.
    op.execute("""
        create or replace function customers_with_sealed(indexes text[]) returns setof uuid
        language plpgsql stable rows 5 set max_parallel_workers_per_gather = 0 as $$
        begin
            return query
                select c.id from customer c where jsonb_path_exists(c.attributes, '$.*.index')
                and jsonb_path_query_array(c.attributes, '$.*.index') ?| indexes and c.archived_at is null;
        end $$""")


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
