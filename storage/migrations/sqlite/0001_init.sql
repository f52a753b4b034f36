-- Everything the platform keeps. The same tables and columns stand in the other engine's file.
-- Ids are uuids, times are UTC microseconds, searchable text is folded by the program.

-- The platform itself: no tenant's wall.

create table tenants (
    id blob not null,
    name text not null,
    timezone text not null,
    state text not null,
    created_at integer not null,
    primary key (id)
) strict, without rowid;

create table users (
    id blob not null,
    email text not null,
    name text not null,
    password_hash text not null,
    is_superadmin integer not null,
    locale text,
    theme text not null,
    created_at integer not null,
    primary key (id),
    unique (email)
) strict;

create table sessions (
    id blob not null,
    token_hash blob not null,
    user_id blob not null,
    tenant_id blob,
    created_at integer not null,
    last_seen_at integer not null,
    primary key (id),
    unique (token_hash),
    foreign key (user_id) references users (id) on delete cascade
) strict, without rowid;
create index sessions_user on sessions (user_id);

create table leases (
    name text not null,
    holder blob,
    epoch integer not null,
    until_at integer not null,
    primary key (name)
) strict, without rowid;

create table journal (
    id blob not null,
    hash blob not null,
    body blob not null,
    verified_channel blob,
    received_at integer not null,
    outcome text not null,
    note text,
    tries integer not null,
    due_at integer not null,
    primary key (id),
    unique (hash)
) strict;
create index journal_pending on journal (outcome, received_at, id) where outcome = 'pending';
create index journal_outcome on journal (outcome, id);
create index journal_received on journal (received_at);

create table throttles (
    throttle_key text not null,
    failures integer not null,
    blocked_until integer not null,
    last_failed_at integer not null,
    primary key (throttle_key)
) strict, without rowid;

create table rate_counters (
    counter_key text not null,
    window_start integer not null,
    calls integer not null,
    primary key (counter_key, window_start)
) strict, without rowid;
create index rate_counters_window on rate_counters (window_start);

create table platform_settings (
    setting_key text not null,
    setting_value text not null,
    primary key (setting_key)
) strict, without rowid;

-- The event log: one order over all tenants. `serial` is the order of insertion; `position` is given
-- by the sequencer after the commit, so that a reader with a cursor cannot jump over a slow writer.

create table event_head (
    id integer not null,
    position integer not null,
    primary key (id)
) strict, without rowid;

create table event_cursors (
    consumer text not null,
    position integer not null,
    primary key (consumer)
) strict, without rowid;

create table events (
    serial integer primary key autoincrement not null,
    tenant_id blob not null,
    id blob not null,
    position integer,
    body text not null,
    author text not null,
    happened_at integer not null,
    unique (tenant_id, id)
) strict;
create unique index events_position on events (position);
create index events_unsequenced on events (serial) where position is null;
create index events_happened on events (happened_at) where position is not null;

-- Each tenant's own: every key leads with tenant_id.

create table members (
    tenant_id blob not null,
    user_id blob not null,
    role text not null,
    grants text not null,
    created_at integer not null,
    primary key (tenant_id, user_id),
    foreign key (tenant_id) references tenants (id),
    foreign key (user_id) references users (id) on delete cascade
) strict, without rowid;
create index members_user on members (user_id);

create table api_keys (
    tenant_id blob not null,
    id blob not null,
    name text not null,
    prefix text not null,
    secret_hash blob not null,
    grants text not null,
    per_minute integer not null,
    per_day integer,
    created_at integer not null,
    last_used_at integer,
    expires_at integer,
    revoked_at integer,
    primary key (tenant_id, id),
    foreign key (tenant_id) references tenants (id)
) strict, without rowid;
create unique index api_keys_prefix on api_keys (prefix);
create index api_keys_id on api_keys (id);

create table channels (
    tenant_id blob not null,
    id blob not null,
    name text not null,
    phone text not null,
    verified_name text not null,
    phone_number_id text not null,
    waba_id text not null,
    token_sealed text not null,
    app_secret_sealed text,
    state text not null,
    problem text,
    quality text not null,
    throughput integer not null,
    last_inbound_at integer,
    created_at integer not null,
    primary key (tenant_id, id),
    foreign key (tenant_id) references tenants (id)
) strict;
create unique index channels_phone_number on channels (phone_number_id);
create index channels_waba on channels (waba_id);
create index channels_app_secret on channels (tenant_id) where app_secret_sealed is not null;

create table contacts (
    tenant_id blob not null,
    id blob not null,
    name text,
    phone text,
    bsuid text,
    email text,
    tags text not null,
    fields text not null,
    opted_out_at integer,
    source text not null,
    created_at integer not null,
    updated_at integer not null,
    search text not null,
    primary key (tenant_id, id),
    unique (tenant_id, phone),
    unique (tenant_id, bsuid),
    foreign key (tenant_id) references tenants (id)
) strict;

create table contact_tags (
    tenant_id blob not null,
    tag text not null,
    contact_id blob not null,
    primary key (tenant_id, tag, contact_id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade
) strict, without rowid;
create index contact_tags_contact on contact_tags (tenant_id, contact_id);

create table contact_groups (
    tenant_id blob not null,
    id blob not null,
    name text not null,
    description text not null,
    member_count integer not null,
    created_at integer not null,
    search text not null,
    primary key (tenant_id, id),
    unique (tenant_id, name),
    foreign key (tenant_id) references tenants (id)
) strict, without rowid;

create table group_members (
    tenant_id blob not null,
    group_id blob not null,
    contact_id blob not null,
    primary key (tenant_id, group_id, contact_id),
    foreign key (tenant_id, group_id) references contact_groups (tenant_id, id) on delete cascade,
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade
) strict, without rowid;
create index group_members_contact on group_members (tenant_id, contact_id);

create table conversations (
    tenant_id blob not null,
    id blob not null,
    contact_id blob not null,
    channel_id blob not null,
    status text not null,
    assignee_id blob,
    unread integer not null,
    last_message_id blob,
    last_message_at integer not null,
    last_inbound_at integer,
    created_at integer not null,
    primary key (tenant_id, id),
    unique (tenant_id, channel_id, contact_id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
    foreign key (tenant_id, channel_id) references channels (tenant_id, id) on delete cascade
) strict, without rowid;
create index conversations_recent on conversations (tenant_id, last_message_at desc, id desc);
create index conversations_status on conversations (tenant_id, status, last_message_at desc, id desc);
create index conversations_assignee on conversations (tenant_id, assignee_id, last_message_at desc, id desc);
create index conversations_contact on conversations (tenant_id, contact_id);

create table messages (
    tenant_id blob not null,
    id blob not null,
    conversation_id blob not null,
    contact_id blob not null,
    channel_id blob not null,
    direction text not null,
    content text not null,
    author text not null,
    wamid text,
    reply_to_wamid text,
    reacts_to text,
    created_at integer not null,
    primary key (tenant_id, id),
    unique (tenant_id, channel_id, wamid),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
) strict;
create index messages_timeline on messages (tenant_id, conversation_id, created_at desc, id desc) where reacts_to is null;
create index messages_reactions on messages (tenant_id, conversation_id, reacts_to) where reacts_to is not null;
create index messages_conversation on messages (tenant_id, conversation_id);

create table templates (
    tenant_id blob not null,
    id blob not null,
    channel_id blob not null,
    meta_id text not null,
    name text not null,
    language text not null,
    category text not null,
    status text not null,
    quality text not null,
    rejected_reason text,
    named integer not null,
    components text not null,
    updated_at integer not null,
    search text not null,
    primary key (tenant_id, id),
    unique (tenant_id, channel_id, meta_id),
    foreign key (tenant_id, channel_id) references channels (tenant_id, id) on delete cascade
) strict;
create index templates_name on templates (tenant_id, name, language, id);
create index templates_meta on templates (tenant_id, meta_id);

create table campaigns (
    tenant_id blob not null,
    id blob not null,
    name text not null,
    search text not null,
    channel_id blob not null,
    template_id blob not null,
    audience text not null,
    variables text not null,
    status text not null,
    reason text,
    n_total integer not null,
    n_waiting integer not null,
    n_accepted integer not null,
    n_sent integer not null,
    n_delivered integer not null,
    n_read integer not null,
    n_failed integer not null,
    n_skipped integer not null,
    n_ambiguous integer not null,
    n_unconfirmed integer not null,
    rate integer,
    scheduled_at integer,
    started_at integer,
    prepared_at integer,
    completed_at integer,
    created_by text not null,
    created_at integer not null,
    revision integer not null,
    primary key (tenant_id, id),
    foreign key (tenant_id) references tenants (id)
) strict;
create index campaigns_status on campaigns (tenant_id, status, id);
create index campaigns_active on campaigns (tenant_id, channel_id, status, id) where status in ('scheduled', 'sending');
create index campaigns_over on campaigns (tenant_id, id) where status in ('cancelled', 'failed') and n_waiting > 0;

create table recipients (
    tenant_id blob not null,
    campaign_id blob not null,
    address text not null,
    contact_id blob not null,
    send_id blob not null,
    primary key (tenant_id, campaign_id, address),
    unique (tenant_id, campaign_id, contact_id),
    unique (tenant_id, campaign_id, send_id),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id) on delete cascade
) strict, without rowid;

-- The ledger outlives what it speaks of: no foreign key takes a line of it away.

create table sends (
    tenant_id blob not null,
    id blob not null,
    channel_id blob not null,
    contact_id blob not null,
    address text not null,
    campaign_id blob,
    priority integer not null,
    state integer not null,
    attempt blob,
    attempts integer not null,
    not_before integer not null,
    epoch integer not null,
    wamid text,
    error text,
    created_at integer not null,
    updated_at integer not null,
    timeline text not null,
    primary key (tenant_id, id),
    unique (tenant_id, channel_id, attempt),
    unique (tenant_id, channel_id, wamid),
    foreign key (tenant_id) references tenants (id)
) strict;
create index sends_direct on sends (tenant_id, channel_id, priority, id) where state = 0 and campaign_id is null;
create index sends_undecided on sends (tenant_id, channel_id, state, id) where state in (1, 2, 3);
create index sends_campaign on sends (tenant_id, campaign_id, state, id) where campaign_id is not null;

create table snippets (
    tenant_id blob not null,
    id blob not null,
    shortcut text not null,
    title text not null,
    body text not null,
    created_at integer not null,
    primary key (tenant_id, id),
    unique (tenant_id, shortcut),
    foreign key (tenant_id) references tenants (id)
) strict, without rowid;

create table media (
    tenant_id blob not null,
    id blob not null,
    kind text not null,
    mime text not null,
    size integer not null,
    filename text,
    state text not null,
    error text,
    channel_id blob,
    provider_id text,
    provider_expires_at integer,
    created_at integer not null,
    primary key (tenant_id, id),
    foreign key (tenant_id) references tenants (id)
) strict;

create table idempotency (
    tenant_id blob not null,
    route text not null,
    call_key text not null,
    fingerprint blob not null,
    resource text,
    status integer,
    answer blob,
    created_at integer not null,
    primary key (tenant_id, route, call_key),
    foreign key (tenant_id) references tenants (id)
) strict;
create index idempotency_age on idempotency (tenant_id, created_at);

create table audit_log (
    tenant_id blob not null,
    id blob not null,
    author text not null,
    action text not null,
    target text not null,
    happened_at integer not null,
    primary key (tenant_id, id),
    foreign key (tenant_id) references tenants (id)
) strict;

-- Work that waits. The platform's own jobs belong to the nil tenant.

create table jobs (
    tenant_id blob not null,
    id blob not null,
    kind text not null,
    lane text not null,
    body text not null,
    run_at integer not null,
    job_key text,
    state text not null,
    due_at integer not null,
    attempts integer not null,
    token blob,
    error text,
    primary key (tenant_id, id)
) strict;
create index jobs_id on jobs (id);
create unique index jobs_key on jobs (tenant_id, job_key) where state = 'waiting';
create index jobs_due on jobs (lane, due_at, id) where state in ('waiting', 'running');
create index jobs_buried on jobs (id) where state = 'buried';

insert into event_head (id, position) values (1, 0);
