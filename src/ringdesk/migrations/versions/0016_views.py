"""The customer list whole: its indexes without archived cards, indexes of attributes, saved views, and bulk edits (product.md 1.6).

A far page counts the rows before it. Where an index alone says which rows are shown and in what order, a million of them pass in a third of
a second; where each row has to be looked at, in one to two.
"""

from alembic import op

revision = "0016"
down_revision = "0015"

_TEXT = 'sort_key({0}) collate "C"'
# Index -> what it is on, what else lies in it (the planner wants the column beside an expression on it), and which rows have a value.
_SORTED: dict[str, tuple[str, str, str]] = {
    "created": ("created_at", "", ""),
    "updated": ("updated_at", "", ""),
    "number": ("number", "", ""),
    "sort_name": ("sort_name", "", ""),
    "kind": ("kind", "", ""),
    **{name: (_TEXT.format(name), name, f"{name} <> ''") for name in ("first_name", "last_name", "company_name")},
    **{name: (name, "", f"{name} is not null") for name in (f"phone_{slot}" for slot in range(1, 6))},
    **{name: (_TEXT.format(name), name, f"{name} is not null") for name in ("email", "city")},
    "language": ("preferred_language", "", "preferred_language is not null"),
    "external_id": ("external_id", "", "external_id is not null"),
    **{
        part: (
            f"address_key(addresses, '{part}') collate \"C\"",
            "",
            f"primary_part(addresses, '{part}') is not null",
        )
        for part in ("street", "postcode", "region", "country")
    },
}
_MAY_LACK = (
    *("first_name", "last_name", "company_name", "phone_1", "phone_2", "phone_3", "phone_4", "phone_5", "email", "city"),
    *("preferred_language", "external_id"),
)
_REPLACED = (
    *("created", "updated", "sort_name", "kind", "first_name", "last_name", "company_name", "email", "city", "language"),
    *(f"phone_{slot}" for slot in range(1, 6)),
)


def upgrade() -> None:
    """Every step can be taken twice: an upgrade that is cut while it makes indexes goes on from the start."""
    op.execute("""
        create or replace function json_number(value jsonb) returns numeric language plpgsql immutable parallel safe as $$
        declare
            digits text;
        begin
            if jsonb_typeof(value) = 'number' then
                return value::numeric;
            end if;
            digits := value #>> '{}';
            if digits ~ '^-?[0-9]{1,30}(\\.[0-9]{1,30})?$' then
                return digits::numeric;
            end if;
            return null;
        end $$""")
    op.execute("""
        create or replace function primary_part(addresses jsonb, part text) returns text language sql immutable parallel safe as $$
            select nullif(jsonb_path_query_first(addresses, '$[*] ? (@.primary == true)') ->> part, '')
        $$""")
    # What a part of an address is sorted by. Not in SQL: inlined, it would look for the part once for each mention of it in sort_key.
    # By their whole names, since ANALYZE looks for functions in no schema of ours.
    op.execute("""
        do $make$ begin
            execute format($form$
                create or replace function address_key(addresses jsonb, part text) returns text
                language plpgsql immutable parallel safe as $$
                declare
                    value constant text := %1$I.primary_part(addresses, part);
                begin
                    return left(%1$I.sort_key(value), 100);
                end $$
            $form$, current_schema());
        end $make$""")
    # Every n-th row of an ordered query, as text in the order of its columns, and at last how many rows it has. A cursor passes over rows
    # at half the cost of numbering them.
    op.execute("""
        create or replace function marks_of(query text, n int) returns table (place bigint, mark text[]) language plpgsql as $$
        declare
            walk refcursor;
            found_row record;
            passed bigint;
        begin
            place := 0;
            open walk no scroll for execute query;
            loop
                move forward (n - 1) in walk;
                get diagnostics passed = row_count;
                fetch walk into found_row;
                if not found then
                    place := place + passed;
                    mark := null;
                    return next;
                    exit;
                end if;
                place := place + n;
                select array_agg(part.value order by part.key) into mark from jsonb_each_text(to_jsonb(found_row)) part;
                return next;
            end loop;
            close walk;
        end $$""")
    op.execute("""
        alter table attribute
            add column if not exists searchable boolean not null default false,
            add column if not exists sortable boolean not null default false,
            add column if not exists index_state text not null default 'none'
                check (index_state in ('none', 'building', 'ready', 'failed')),
            add column if not exists index_progress int not null default 0,
            add column if not exists index_detail text""")
    op.execute("""
        create table if not exists list_view (
            id         uuid primary key,
            list       text not null,
            name       text not null,
            owner_id   uuid not null references app_user (id) on delete cascade,
            team_id    uuid references team (id) on delete set null,
            query      text not null,
            layout     jsonb,
            created_at timestamptz not null default now(),
            updated_at timestamptz not null default now()
        )""")
    op.execute("create index if not exists list_view_owner on list_view (owner_id, list)")
    op.execute("create index if not exists list_view_team on list_view (team_id, list) where team_id is not null")
    op.execute("""
        create table if not exists bulk_edit (
            id          uuid primary key,
            state       text not null check (state in ('prepared', 'running', 'done', 'cancelled', 'failed', 'undoing', 'undone')),
            query       text,
            change      jsonb not null,
            total       int not null,
            done        int not null default 0,
            changed     int not null default 0,
            unchanged   int not null default 0,
            gone        int not null default 0,
            refused     int not null default 0,
            undone      int not null default 0,
            kept        int not null default 0,
            detail      text,
            user_id     uuid,
            user_name   text not null,
            created_at  timestamptz not null default now(),
            started_at  timestamptz,
            finished_at timestamptz
        )""")
    # `was` and `became` hold the fields that the edit changed; `kept` those that the undo left, because somebody changed them since.
    op.execute("""
        create table if not exists bulk_edit_item (
            bulk_edit_id uuid not null references bulk_edit (id) on delete cascade,
            place        int not null,
            customer_id  uuid not null,
            outcome      text check (outcome in ('changed', 'unchanged', 'gone', 'refused')),
            was          jsonb,
            became       jsonb,
            undone       boolean,
            kept         jsonb,
            primary key (bulk_edit_id, place)
        )""")
    with op.get_context().autocommit_block():
        for name, (order, beside, filled) in _SORTED.items():
            # One that a cut upgrade left is not valid.
            op.execute(f"drop index concurrently if exists customer_by_{name}")
            include = f" include ({beside})" if beside else ""
            where = " and ".join(filter(None, ["archived_at is null", filled]))
            op.execute(f"create index concurrently customer_by_{name} on customer ({order}, id){include} where {where}")
        # What comes after the rows that have a value in a column: those without one, by their key.
        op.execute("drop index concurrently if exists customer_shown")
        op.execute(f"create index concurrently customer_shown on customer (id) include ({', '.join(_MAY_LACK)}) where archived_at is null")
        for name in _REPLACED:
            op.execute(f"drop index concurrently if exists customer_{name}")
        op.execute("analyze customer")


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
