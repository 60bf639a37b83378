"""Requests: why customers called (product.md 2)."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Types and their fields, the requests, and which of them whom an interaction was given to by whom."""
    op.execute("""
        create table request_field (
            key        text primary key,
            label      text not null,
            type       jsonb not null,
            help       text not null default '',
            place      int not null,
            hidden_at  timestamptz,
            created_at timestamptz not null default now()
        )""")
    op.execute("""
        create table request_type (
            key              text primary key,
            label            text not null,
            close_after_days int not null default 5 check (close_after_days between 0 and 3650),
            place            int not null,
            hidden_at        timestamptz,
            created_at       timestamptz not null default now()
        )""")
    op.execute("""
        create table request_type_field (
            type     text not null references request_type (key),
            field    text not null references request_field (key),
            required boolean not null,
            place    int not null,
            primary key (type, field)
        )""")
    op.execute("""
        insert into request_type (key, label, place) values ('question', 'Question', 1), ('service_request', 'Service request', 2)""")
    op.execute("create sequence request_number start 1001")
    op.execute("""
        create table request (
            id             uuid primary key,
            number         bigint not null unique default nextval('request_number'),
            version        int not null default 1,
            customer_id    uuid not null references customer (id),
            type           text not null references request_type (key),
            title          text not null,
            description    text not null default '',
            status         text not null default 'active' check (status in ('active', 'closed')),
            owner_id       uuid references app_user (id),
            due_on         date,
            priority       text not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent')),
            closing_reason text not null default '',
            fields         jsonb not null default '{}',
            search_text    text not null,
            -- The interaction in which it was opened, if any.
            opened_in      uuid,
            created_at     timestamptz not null default now(),
            created_by     text not null,
            updated_at     timestamptz not null default now(),
            -- The last thing that somebody did to it or to one of its activities; calls themselves tell their own times.
            touched_at     timestamptz not null default now(),
            closed_at      timestamptz,
            closed_by      text
        )""")
    op.execute("create index request_customer on request (customer_id, status, id desc)")
    op.execute("create index request_search on request using gin (search_text gin_trgm_ops)")
    op.execute("create index request_created on request (created_at, id)")
    op.execute("create index request_updated on request (updated_at, id)")
    op.execute('create index request_title on request (sort_key(title) collate "C", id)')
    op.execute("create index request_type_of on request (type, id)")
    op.execute("create index request_status on request (status, id)")
    op.execute("create index request_priority on request (array_position(array['low', 'normal', 'high', 'urgent'], priority), id)")
    op.execute("create index request_due on request (due_on, id) where due_on is not null")
    op.execute("create index request_closed on request (closed_at, id) where closed_at is not null")
    op.execute("create index request_owner on request (owner_id, id) where owner_id is not null")
    op.execute("create index request_idle on request (touched_at) where status = 'active'")
    op.execute("create index interaction_request on interaction (request_id, id desc) where request_id is not null")
    op.execute("""
        create table request_choice (
            id             uuid primary key,
            interaction_id uuid not null,
            -- The leg whose agent chose; null: the interaction has none.
            leg_id         uuid,
            request_id     uuid references request (id),
            overriding     boolean not null,
            by_id          uuid,
            by_name        text not null,
            reason         text not null default '',
            at             timestamptz not null,
            withdrawn_at   timestamptz
        )""")
    op.execute("create index request_choice_interaction on request_choice (interaction_id, id)")
    op.execute("create index request_choice_request on request_choice (request_id)")
    op.execute("""
        create table interaction_move (
            id             uuid primary key,
            interaction_id uuid not null,
            from_customer  uuid references customer (id),
            to_customer    uuid references customer (id),
            from_request   uuid references request (id),
            to_request     uuid references request (id),
            choice_id      uuid references request_choice (id),
            reason         text not null default '',
            by_id          uuid,
            by_name        text not null,
            at             timestamptz not null,
            undone_at      timestamptz,
            undone_by      text
        )""")
    op.execute("create index interaction_move_interaction on interaction_move (interaction_id, id)")


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
