"""Two cards of one customer become one, and two again; probable duplicates (product.md 1.8, docs/adr/0015)."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """The journal of merges, the ids that resolve to another card, and what finds duplicates."""
    _merging()
    _duplicates()


def _merging() -> None:
    op.execute("create table customer_alias (old_id uuid primary key, customer_id uuid not null references customer (id))")
    op.execute("create index customer_alias_customer on customer_alias (customer_id)")
    op.execute("""
        create function current_customer(asked uuid) returns uuid language sql stable parallel safe as $$
            select coalesce((select customer_id from customer_alias where old_id = asked), asked)
        $$""")
    # No foreign keys to cards: the journal names cards that are gone, which is what it is for.
    op.execute("""
        create table customer_merge (
            id           uuid primary key,
            survivor_id  uuid not null,
            duplicate_id uuid not null,
            at           timestamptz not null,
            by_name      text not null,
            -- The row of the card that went, and that of the other before and after.
            duplicate    jsonb not null,
            before       jsonb not null,
            after        jsonb not null,
            -- The fields of the other before and after.
            was          jsonb not null,
            became       jsonb not null,
            moved        jsonb not null,
            undone_at    timestamptz,
            undone_by    text
        )""")
    op.execute("create index customer_merge_survivor on customer_merge (survivor_id, id)")
    op.execute("create index customer_merge_duplicate on customer_merge (duplicate_id, id)")
    op.execute("""
        create table customer_merge_moved (
            merge_id uuid not null references customer_merge (id) on delete cascade,
            part     text not null,
            keys     uuid[] not null,
            primary key (merge_id, part)
        )""")
    op.execute("""
        create table customer_merge_row (
            merge_id uuid not null references customer_merge (id) on delete cascade,
            part     text not null,
            key      jsonb not null,
            before   jsonb,
            after    jsonb,
            primary key (merge_id, part, key)
        )""")
    # What a merge moves is found by its customer.
    op.execute("create index desk_customer_customer on desk_customer (customer_id)")


def _duplicates() -> None:
    op.execute("""
        create table not_duplicate (
            first_id  uuid not null references customer (id) on delete cascade,
            second_id uuid not null references customer (id) on delete cascade,
            by_name   text not null,
            at        timestamptz not null default now(),
            primary key (first_id, second_id),
            check (first_id < second_id)
        )""")
    op.execute("create index not_duplicate_second on not_duplicate (second_id)")
    # What follows is worked out from the cards by a job, and can be worked out anew at any time.
    op.execute("""
        create table duplicate_card (
            customer_id uuid primary key references customer (id) on delete cascade,
            keys        bigint[] not null,
            profile     bytea not null
        )""")
    op.execute("create table duplicate_key (key bigint, customer_id uuid, primary key (key, customer_id))")
    op.execute("""
        create function forget_duplicate_keys() returns trigger language plpgsql as $$
        begin
            delete from duplicate_key where key = any(old.keys) and customer_id = old.customer_id;
            return null;
        end $$""")
    op.execute("create trigger forget_keys after delete on duplicate_card for each row execute function forget_duplicate_keys()")
    op.execute("""
        create table duplicate_pair (
            first_id  uuid not null references customer (id) on delete cascade,
            second_id uuid not null references customer (id) on delete cascade,
            score     smallint not null,
            reasons   jsonb not null,
            primary key (first_id, second_id),
            check (first_id < second_id)
        )""")
    op.execute("create index duplicate_pair_second on duplicate_pair (second_id)")
    op.execute("create index duplicate_pair_best on duplicate_pair (score desc, first_id, second_id)")
    # Cards to look at, in the order in which they changed. A statement adds all of its cards at once, and nobody waits for anybody.
    op.execute("create table duplicate_pending (place bigint generated always as identity primary key, customer_id uuid not null)")
    op.execute("""
        create function note_for_duplicates() returns trigger language plpgsql as $$
        begin
            insert into duplicate_pending (customer_id) select id from changed;
            return null;
        end $$""")
    for event in ("insert", "update"):
        op.execute(
            f"create trigger note_{event} after {event} on customer referencing new table as changed"
            " for each statement execute function note_for_duplicates()"
        )
    op.execute("insert into duplicate_pending (customer_id) select id from customer where archived_at is null order by id")


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
