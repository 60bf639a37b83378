create extension if not exists pg_trgm;
create extension if not exists unaccent;
create extension if not exists btree_gin;

-- Events: what every screen, webhook and report hears. Positions are taken in commit order (docs/subsystems/event-log.md).
create sequence event_pos;
create table event_log (
    pos     bigint not null,
    at      timestamptz not null,
    type    text not null,
    topics  text[] not null,
    payload jsonb not null,
    primary key (pos)
) partition by range (pos);

create function make_event_partitions() returns void language plpgsql as $$
declare
    size constant bigint := 1000000;
    part bigint;
begin
    -- Two partitions ahead of the newest position: hours of traffic at the rates that the log can take.
    for part in select generate_series(last_value / size, last_value / size + 2) from event_pos loop
        if to_regclass('event_log_' || part) is null then
            execute format('create table event_log_%s partition of event_log for values from (%s) to (%s)', part, part * size, (part + 1) * size);
        end if;
    end loop;
end $$;
select make_event_partitions();

create function drop_event_partitions(keep bigint) returns int language plpgsql as $$
declare
    size constant bigint := 1000000;
    part record;
    dropped int := 0;
begin
    for part in select c.relname, substring(c.relname from '\d+$')::bigint as number
                from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'event_log'::regclass loop
        if (part.number + 1) * size <= (select last_value from event_pos) - keep then
            execute format('drop table %I', part.relname);
            dropped := dropped + 1;
        end if;
    end loop;
    return dropped;
end $$;

create function log_events(entries jsonb) returns bigint language plpgsql as $$
declare
    last bigint;
begin
    -- Held until the commit, so that positions become visible in their own order.
    perform pg_advisory_xact_lock(7201);
    insert into event_log (pos, at, type, topics, payload)
    select nextval('event_pos'), clock_timestamp(), e.entry->>'type',
           array(select jsonb_array_elements_text(e.entry->'topics')), e.entry->'payload'
    from (select entry from jsonb_array_elements(entries) with ordinality as t(entry, place) order by place) e;
    last := currval('event_pos');
    perform pg_notify('ringdesk_events', last::text);
    return last;
end $$;

create table setting (
    key        text primary key,
    value      jsonb not null,
    updated_at timestamptz not null default now()
);

create table fact_key (
    source      text not null,
    external_id text not null,
    seq         text not null default '',
    row_id      uuid not null,
    at          timestamptz not null default now(),
    primary key (source, external_id, seq)
);

-- People
create table team (
    id      uuid primary key,
    name    text not null unique,
    wrap_up_seconds int not null default 120 check (wrap_up_seconds between 0 and 3600)
);
create table app_user (
    id            uuid primary key,
    email         text not null,
    name          text not null,
    password_hash text,
    roles         text[] not null,
    team_id       uuid references team (id),
    extension     text,
    cti_enabled   boolean not null default true,
    language      text not null default 'en',
    active        boolean not null default true,
    failed_logins int not null default 0,
    locked_until  timestamptz,
    created_at    timestamptz not null default now()
);
create unique index app_user_email on app_user (lower(email));
create unique index app_user_extension on app_user (extension) where extension is not null and active;
create table session (
    token_hash   bytea primary key,
    user_id      uuid not null references app_user (id) on delete cascade,
    created_at   timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at   timestamptz not null,
    address      text
);
create index session_by_user on session (user_id);
create table api_key (
    id           uuid primary key,
    name         text not null unique,
    key_hash     bytea not null unique,
    prefix       text not null,
    scopes       text[] not null,
    created_at   timestamptz not null default now(),
    last_used_at timestamptz,
    revoked_at   timestamptz
);
create table throttle (
    key       text primary key,
    count     int not null,
    resets_at timestamptz not null
);
create table user_preference (
    user_id uuid not null references app_user (id) on delete cascade,
    key     text not null,
    value   jsonb not null,
    primary key (user_id, key)
);

-- Text as it is searched (fold) and ordered (sort_key), the same as ringdesk.kit.folding: there is no ICU in the embedded server.
-- Not strict, so that they are inlined; plain ASCII, by far the most, takes the short way.
create function fold(value text) returns text language sql immutable parallel safe as $$
    select case when octet_length(value) = length(value) then lower(value) else
        translate(
            normalize(regexp_replace(normalize(
                replace(replace(replace(replace(translate(lower(normalize(value, NFKC)), 'øđðłıς', 'oddliσ'),
                    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
                NFD), '[\u0300-\u036f]', '', 'g'), NFC),
            'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶ',
            'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖ')
    end
$$;
create function sort_key(value text) returns text language sql immutable parallel safe as $$
    select case when octet_length(value) = length(value) then lower(value)
        when value ~ '[ァ-ヺｦ-ﾝ]' then translate(
            regexp_replace(normalize(translate(lower(value), 'åäæöøđðłıςßœþ', '{||}}ddliσsot'), NFKD), '[\u0300-\u036f]', '', 'g'),
            'ァアィイゥウェエォオカキクケコサシスセソタチッツテトナニヌネノハヒフヘホマミムメモャヤュユョヨラリルレロヮワヰヱヲンヵヶ',
            'ぁあぃいぅうぇえぉおかきくけこさしすせそたちっつてとなにぬねのはひふへほまみむめもゃやゅゆょよらりるれろゎわゐゑをんゕゖ')
        else regexp_replace(normalize(translate(lower(value), 'åäæöøđðłıςßœþ', '{||}}ddliσsot'), NFKD), '[\u0300-\u036f]', '', 'g') end
$$;

-- Customers
create sequence customer_number start 1001;
create table customer (
    id                   uuid primary key,
    number               bigint not null unique default nextval('customer_number'),
    version              int not null default 1,
    kind                 text not null default 'person' check (kind in ('person', 'company')),
    first_name           text not null default '',
    last_name            text not null default '',
    company_name         text not null default '',
    display_name         text not null,
    sort_name            text not null,
    addresses            jsonb not null default '[]',
    preferred_language   text,
    consent              jsonb not null default '{}',
    attributes           jsonb not null default '{}',
    external_id          text unique,
    search_text          text not null default '',
    phone_1 text, phone_2 text, phone_3 text, phone_4 text, phone_5 text, email text, city text,
    last_contact_at      timestamptz,
    last_contact_channel text,
    last_contact_agent   text,
    created_at           timestamptz not null default now(),
    updated_at           timestamptz not null default now(),
    archived_at          timestamptz
);
-- One index for each column that the list sorts by; a part of the rows where many have no value, since those come last both ways.
create index customer_created on customer (created_at, id);
create index customer_updated on customer (updated_at, id);
create index customer_sort_name on customer (sort_name, id);
create index customer_kind on customer (kind, id);
create index customer_first_name on customer (sort_key(first_name), id) where first_name <> '';
create index customer_last_name on customer (sort_key(last_name), id) where last_name <> '';
create index customer_company_name on customer (sort_key(company_name), id) where company_name <> '';
create index customer_phone_1 on customer (phone_1, id) where phone_1 is not null;
create index customer_phone_2 on customer (phone_2, id) where phone_2 is not null;
create index customer_phone_3 on customer (phone_3, id) where phone_3 is not null;
create index customer_phone_4 on customer (phone_4, id) where phone_4 is not null;
create index customer_phone_5 on customer (phone_5, id) where phone_5 is not null;
create index customer_email on customer (sort_key(email), id) where email is not null;
create index customer_city on customer (sort_key(city), id) where city is not null;
create index customer_language on customer (preferred_language, id) where preferred_language is not null;
create index customer_last_contact on customer (last_contact_at, id) where last_contact_at is not null;
create index customer_archived on customer (archived_at, id) where archived_at is not null;
create index customer_search on customer using gin (search_text gin_trgm_ops);

create table customer_identity (
    id          uuid primary key,
    customer_id uuid not null references customer (id) on delete cascade,
    kind        text not null check (kind in ('phone', 'email', 'chat', 'social')),
    raw         text not null,
    normalised  text not null,
    confidence  text not null default 'known' check (confidence in ('known', 'maybe')),
    position    int not null,
    created_at  timestamptz not null default now(),
    unique (customer_id, kind, normalised)
);
create index customer_identity_lookup on customer_identity (kind, normalised) include (customer_id, confidence);
-- The last nine digits: finds a number whose country or trunk prefix was written some unforeseen way (candidates only).
create index customer_identity_tail on customer_identity (right(normalised, 9)) include (customer_id, normalised) where kind = 'phone';

-- Interactions and activities: partitioned by month, by the time in their key
create table interaction (
    id          uuid not null primary key,
    customer_id uuid references customer (id),
    candidates  uuid[] not null default '{}',
    channel     text not null,
    direction   text not null,
    ani         text,
    dnis        text,
    queue       text,
    caller_name text,
    started_at  timestamptz not null,
    answered_at timestamptz,
    ended_at    timestamptz,
    duration_s  double precision,
    type        text not null check (type in ('agent', 'ivr')),
    state       text not null check (state in ('in_progress', 'ended')),
    result      text,
    request_id  uuid,
    campaign    text,
    recording   text,
    source      text not null,
    external_id text,
    version     int not null default 1
) partition by range (id);
create index interaction_customer on interaction (customer_id, id desc);
create index interaction_unknown on interaction (ani, id desc) where customer_id is null;

create table activity (
    id             uuid not null primary key,
    interaction_id uuid not null,
    kind           text not null check (kind in ('ivr', 'agent', 'message', 'wrap_up', 'campaign_attempt')),
    call_type      text,
    agent_id       uuid,
    agent_name     text,
    team_name      text,
    extension      text,
    started_at     timestamptz not null,
    answered_at    timestamptz,
    ended_at       timestamptz,
    duration_s     double precision,
    outcome        text,
    media_type     text,
    tags           text[] not null default '{}',
    text           text,
    -- wrap_up only: the leg it belongs to, the code, who gave it
    leg_id         uuid,
    code           text,
    inherited      boolean not null default false,
    wrap_up_until  timestamptz,
    finished_at    timestamptz
) partition by range (id);
create index activity_interaction on activity (interaction_id, id);
create index activity_agent on activity (agent_id, id desc);

create table activity_comment (
    id             uuid primary key,
    activity_id    uuid not null,
    interaction_id uuid not null,
    author_id      uuid,
    author_name    text not null,
    text           text not null,
    at             timestamptz not null default now()
);
create index activity_comment_interaction on activity_comment (interaction_id, id);

create table wrap_up_code (
    code     text primary key,
    label    jsonb not null,
    channel  text not null default 'voice',
    position int not null,
    active   boolean not null default true
);

create table audit_entry (
    id       uuid not null primary key,
    at       timestamptz not null default now(),
    actor_id uuid,
    actor    text not null,
    action   text not null,
    entity   text not null,
    entity_id uuid,
    before   jsonb,
    after    jsonb,
    request_id text
) partition by range (id);
create index audit_entry_entity on audit_entry (entity_id, id desc);

create function make_month_partitions(months_ahead int) returns void language plpgsql as $$
declare
    parent text;
    month  date;
    name   text;
begin
    foreach parent in array array['interaction', 'activity', 'audit_entry'] loop
        for month in select generate_series(date_trunc('month', now() at time zone 'utc'),
                                            date_trunc('month', now() at time zone 'utc') + make_interval(months => months_ahead), interval '1 month') loop
            perform make_month_partition(parent, month);
        end loop;
    end loop;
end $$;
create function month_floor(month date) returns uuid language sql immutable as $$
    select (lpad(to_hex((extract(epoch from month::timestamp at time zone 'utc') * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;
create function make_month_partition(parent text, month date) returns void language plpgsql as $$
declare
    name constant text := parent || to_char(month, '_YYYYMM');
begin
    if to_regclass(name) is null then
        execute format('create table %I partition of %I for values from (%L) to (%L)',
                       name, parent, month_floor(month), month_floor((month + interval '1 month')::date));
    end if;
end $$;
-- What is older than the first month lies in a partition of its own, so that history can be brought in from anywhere.
do $$
declare
    parent text;
begin
    foreach parent in array array['interaction', 'activity', 'audit_entry'] loop
        execute format('create table %I partition of %I default', parent || '_other', parent);
    end loop;
end $$;
select make_month_partitions(2);

-- Telephony
create table telephony_connection (
    id       uuid primary key,
    name     text not null unique,
    kind     text not null check (kind in ('asterisk', 'events', 'finesse', 'simulator')),
    settings jsonb not null default '{}',
    secret   bytea,
    active   boolean not null default true
);
create table call (
    source         text not null,
    call_id        text not null,
    interaction_id uuid not null,
    state          jsonb not null,
    legs           jsonb not null default '{}',
    ended_at       timestamptz,
    updated_at     timestamptz not null default now(),
    primary key (source, call_id)
);
create index call_live on call (source) where ended_at is null;
create index call_interaction on call (interaction_id);
create table cti_login (
    user_id uuid primary key references app_user (id) on delete cascade,
    since   timestamptz not null default now()
);

-- Desk
create table desk_call (
    activity_id    uuid primary key,
    interaction_id uuid not null,
    user_id        uuid not null references app_user (id) on delete cascade,
    state          text not null check (state in ('ringing', 'talking', 'hold', 'wrap_up')),
    since          timestamptz not null,
    wrap_up_until  timestamptz
);
create index desk_call_user on desk_call (user_id);
create index desk_call_interaction on desk_call (interaction_id);
create index desk_call_due on desk_call (wrap_up_until) where wrap_up_until is not null;
create table desk_customer (
    user_id     uuid not null references app_user (id) on delete cascade,
    customer_id uuid not null references customer (id) on delete cascade,
    opened_by   text not null check (opened_by in ('pop', 'choice')),
    opened_at   timestamptz not null default now(),
    closed_at   timestamptz,
    primary key (user_id, customer_id)
);

-- Imports
create table import (
    id          uuid primary key,
    file_name   text not null,
    state       text not null check (state in ('uploaded', 'running', 'done', 'cancelled', 'failed')),
    format      jsonb not null default '{}',
    mapping     jsonb not null default '{}',
    options     jsonb not null default '{}',
    total_rows  bigint,
    read        bigint not null default 0,
    created     bigint not null default 0,
    updated     bigint not null default 0,
    ignored     bigint not null default 0,
    refused     bigint not null default 0,
    -- How much of the file of refused rows belongs to committed batches.
    refused_bytes bigint not null default 0,
    detail      text,
    user_id     uuid,
    user_name   text not null default '',
    created_at  timestamptz not null default now(),
    started_at  timestamptz,
    finished_at timestamptz
);

-- Outcomes to begin with; administrators change them.
insert into wrap_up_code (code, label, position) values
    ('resolved', '{"en": "Resolved", "sv": "Löst", "ja": "解決済み"}', 1),
    ('information', '{"en": "Information given", "sv": "Information lämnad", "ja": "ご案内済み"}', 2),
    ('callback', '{"en": "Callback agreed", "sv": "Återuppringning avtalad", "ja": "折り返し約束"}', 3),
    ('order', '{"en": "Order taken", "sv": "Order mottagen", "ja": "注文受付"}', 4),
    ('billing', '{"en": "Billing question", "sv": "Fakturafråga", "ja": "請求に関する質問"}', 5),
    ('complaint', '{"en": "Complaint", "sv": "Klagomål", "ja": "苦情"}', 6),
    ('forwarded', '{"en": "Passed on", "sv": "Vidarebefordrat", "ja": "担当へ引き継ぎ"}', 7),
    ('wrong_number', '{"en": "Wrong number", "sv": "Fel nummer", "ja": "間違い電話"}', 8),
    ('no_contact', '{"en": "Nobody on the line", "sv": "Ingen i luren", "ja": "応答なし"}', 9);
