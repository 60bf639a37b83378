"""Typed fields of activities, who and what an interaction can be found by, and recordings (product.md 3.3, 3.8, 3.9)."""

from alembic import op

from ringdesk.migrations.partitions import index_part_by_part

revision = "0018"
down_revision = "0017"

_CHANNELS = "'voice', 'email', 'chat', 'sms', 'social', 'video', 'web', 'event'"
# Table -> index -> its definition behind the table's name.
_INDEXES = {
    # Few activities have values; a change of a field's type reads those and no others.
    "activity": {"activity_fields": "(id) where fields <> '{}'"},
    "interaction": {"interaction_tags": "using gin (tags) where tags <> '{}'"},
}


def upgrade() -> None:
    """Every step can be taken twice: an upgrade that is cut while it makes indexes goes on from the start."""
    op.execute("""
        create table if not exists activity_field (
            key        text primary key,
            label      text not null,
            type       jsonb not null,
            help       text not null default '',
            place      int not null,
            hidden_at  timestamptz,
            created_at timestamptz not null default now()
        )""")
    op.execute(f"""
        create table if not exists field_set_field (
            channel  text not null check (channel in ({_CHANNELS})),
            field    text not null references activity_field (key),
            required boolean not null,
            place    int not null,
            primary key (channel, field)
        )""")
    op.execute("""
        alter table activity
            add column if not exists fields jsonb not null default '{}',
            -- What another system told of them last: told again it changes nothing that people wrote since.
            add column if not exists told_fields jsonb not null default '{}'""")
    op.execute("""
        alter table interaction
            -- The agents of its legs and messages, and the folded tags of its parts: what the history is narrowed by without reading those.
            add column if not exists agents uuid[] not null default '{}',
            add column if not exists tags text[] not null default '{}'""")
    op.execute("""
        create table if not exists recording (
            id             uuid primary key,
            interaction_id uuid not null,
            activity_id    uuid,
            name           text not null,
            media_type     text not null,
            size           bigint not null,
            -- The name of its file in the data directory.
            file           text not null unique,
            created_at     timestamptz not null default now(),
            created_by     text not null
        )""")
    op.execute("create index if not exists recording_interaction on recording (interaction_id, id)")
    op.execute("""
        create table if not exists recording_source (
            source   text primary key,
            template text not null,
            active   boolean not null default true
        )""")
    op.execute("""
        update interaction i set agents = a.agents
        from (select interaction_id, array_agg(distinct agent_id) as agents from activity
              where kind <> 'wrap_up' and agent_id is not null group by interaction_id) a
        where a.interaction_id = i.id and i.agents = '{}'""")
    op.execute("""
        update interaction i set tags = a.tags
        from (select interaction_id, array_agg(distinct fold(tag)) as tags from activity, unnest(tags) as tag
              where tags <> '{}' group by interaction_id) a
        where a.interaction_id = i.id and i.tags = '{}'""")
    with op.get_context().autocommit_block():
        for table, indexes in _INDEXES.items():
            for name, definition in indexes.items():
                index_part_by_part(table, name, definition)


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
