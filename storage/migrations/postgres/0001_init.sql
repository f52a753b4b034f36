-- Everything the platform keeps. The same tables and columns stand in the other engine's file.
-- Ids are uuids, times are UTC microseconds, searchable text is folded by the program.

-- The platform itself: no tenant's wall.

create table tenants (
    id uuid not null,
    name text collate "C" not null,
    timezone text collate "C" not null,
    state text collate "C" not null,
    created_at bigint not null,
    primary key (id)
);

create table users (
    id uuid not null,
    email text collate "C" not null,
    name text collate "C" not null,
    password_hash text collate "C" not null,
    is_superadmin boolean not null,
    locale text collate "C",
    theme text collate "C" not null,
    created_at bigint not null,
    primary key (id),
    unique (email)
);

create table sessions (
    id uuid not null,
    token_hash bytea not null,
    user_id uuid not null,
    tenant_id uuid,
    created_at bigint not null,
    last_seen_at bigint not null,
    primary key (id),
    unique (token_hash),
    foreign key (user_id) references users (id) on delete cascade
);
create index sessions_user on sessions (user_id);

create table leases (
    name text collate "C" not null,
    holder uuid,
    epoch bigint not null,
    until_at bigint not null,
    primary key (name)
);

create table journal (
    id uuid not null,
    hash bytea not null,
    body bytea not null,
    verified_channel uuid,
    received_at bigint not null,
    outcome text collate "C" not null,
    note text collate "C",
    tries bigint not null,
    due_at bigint not null,
    primary key (id),
    unique (hash)
);
create index journal_pending on journal (outcome, received_at, id) where outcome = 'pending';
create index journal_outcome on journal (outcome, id);
create index journal_received on journal (received_at);

create table throttles (
    throttle_key text collate "C" not null,
    failures bigint not null,
    blocked_until bigint not null,
    last_failed_at bigint not null,
    primary key (throttle_key)
);

create table rate_counters (
    counter_key text collate "C" not null,
    window_start bigint not null,
    calls bigint not null,
    primary key (counter_key, window_start)
);
create index rate_counters_window on rate_counters (window_start);

create table platform_settings (
    setting_key text collate "C" not null,
    setting_value jsonb not null,
    primary key (setting_key)
);

-- The event log: one order over all tenants. `serial` is the order of insertion; `position` is given
-- by the sequencer after the commit, so that a reader with a cursor cannot jump over a slow writer.

create table event_head (
    id bigint not null,
    position bigint not null,
    primary key (id)
);

create table event_cursors (
    consumer text collate "C" not null,
    position bigint not null,
    primary key (consumer)
);

create table events (
    serial bigint generated always as identity,
    tenant_id uuid not null,
    id uuid not null,
    position bigint,
    body jsonb not null,
    author jsonb not null,
    happened_at bigint not null,
    primary key (serial),
    unique (tenant_id, id)
);
create unique index events_position on events (position);
create index events_unsequenced on events (serial) where position is null;
create index events_happened on events (happened_at) where position is not null;

-- Each tenant's own: every key leads with tenant_id.

create table members (
    tenant_id uuid not null,
    user_id uuid not null,
    role text collate "C" not null,
    grants jsonb not null,
    created_at bigint not null,
    primary key (tenant_id, user_id),
    foreign key (tenant_id) references tenants (id),
    foreign key (user_id) references users (id) on delete cascade
);
create index members_user on members (user_id);

create table api_keys (
    tenant_id uuid not null,
    id uuid not null,
    name text collate "C" not null,
    prefix text collate "C" not null,
    secret_hash bytea not null,
    grants jsonb not null,
    per_minute bigint not null,
    per_day bigint,
    created_at bigint not null,
    last_used_at bigint,
    expires_at bigint,
    revoked_at bigint,
    primary key (tenant_id, id),
    foreign key (tenant_id) references tenants (id)
);
create unique index api_keys_prefix on api_keys (prefix);
create index api_keys_id on api_keys (id);

create table channels (
    tenant_id uuid not null,
    id uuid not null,
    name text collate "C" not null,
    phone text collate "C" not null,
    verified_name text collate "C" not null,
    phone_number_id text collate "C" not null,
    waba_id text collate "C" not null,
    token_sealed text collate "C" not null,
    app_secret_sealed text collate "C",
    state text collate "C" not null,
    problem jsonb,
    quality text collate "C" not null,
    throughput bigint not null,
    last_inbound_at bigint,
    created_at bigint not null,
    primary key (tenant_id, id),
    foreign key (tenant_id) references tenants (id)
);
create unique index channels_phone_number on channels (phone_number_id);
create index channels_waba on channels (waba_id);
create index channels_app_secret on channels (tenant_id) where app_secret_sealed is not null;

create table contacts (
    tenant_id uuid not null,
    id uuid not null,
    name text collate "C",
    phone text collate "C",
    bsuid text collate "C",
    email text collate "C",
    tags jsonb not null,
    fields jsonb not null,
    opted_out_at bigint,
    source text collate "C" not null,
    created_at bigint not null,
    updated_at bigint not null,
    search text collate "C" not null,
    primary key (tenant_id, id),
    unique (tenant_id, phone),
    unique (tenant_id, bsuid),
    foreign key (tenant_id) references tenants (id)
);

create table contact_tags (
    tenant_id uuid not null,
    tag text collate "C" not null,
    contact_id uuid not null,
    primary key (tenant_id, tag, contact_id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade
);
create index contact_tags_contact on contact_tags (tenant_id, contact_id);

create table contact_groups (
    tenant_id uuid not null,
    id uuid not null,
    name text collate "C" not null,
    description text collate "C" not null,
    member_count bigint not null,
    created_at bigint not null,
    search text collate "C" not null,
    primary key (tenant_id, id),
    unique (tenant_id, name),
    foreign key (tenant_id) references tenants (id)
);

create table group_members (
    tenant_id uuid not null,
    group_id uuid not null,
    contact_id uuid not null,
    primary key (tenant_id, group_id, contact_id),
    foreign key (tenant_id, group_id) references contact_groups (tenant_id, id) on delete cascade,
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade
);
create index group_members_contact on group_members (tenant_id, contact_id);

create table conversations (
    tenant_id uuid not null,
    id uuid not null,
    contact_id uuid not null,
    channel_id uuid not null,
    status text collate "C" not null,
    assignee_id uuid,
    unread bigint not null,
    last_message_id uuid,
    last_message_at bigint not null,
    last_inbound_at bigint,
    created_at bigint not null,
    primary key (tenant_id, id),
    unique (tenant_id, channel_id, contact_id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
    foreign key (tenant_id, channel_id) references channels (tenant_id, id) on delete cascade
);
create index conversations_recent on conversations (tenant_id, last_message_at desc, id desc);
create index conversations_status on conversations (tenant_id, status, last_message_at desc, id desc);
create index conversations_assignee on conversations (tenant_id, assignee_id, last_message_at desc, id desc);
create index conversations_contact on conversations (tenant_id, contact_id);

create table messages (
    tenant_id uuid not null,
    id uuid not null,
    conversation_id uuid not null,
    contact_id uuid not null,
    channel_id uuid not null,
    direction text collate "C" not null,
    content jsonb not null,
    author jsonb not null,
    wamid text collate "C",
    reply_to_wamid text collate "C",
    reacts_to text collate "C",
    created_at bigint not null,
    primary key (tenant_id, id),
    unique (tenant_id, channel_id, wamid),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
);
create index messages_timeline on messages (tenant_id, conversation_id, created_at desc, id desc) where reacts_to is null;
create index messages_reactions on messages (tenant_id, conversation_id, reacts_to) where reacts_to is not null;
create index messages_conversation on messages (tenant_id, conversation_id);

create table templates (
    tenant_id uuid not null,
    id uuid not null,
    channel_id uuid not null,
    meta_id text collate "C" not null,
    name text collate "C" not null,
    language text collate "C" not null,
    category text collate "C" not null,
    status text collate "C" not null,
    quality text collate "C" not null,
    rejected_reason text collate "C",
    named boolean not null,
    components jsonb not null,
    updated_at bigint not null,
    search text collate "C" not null,
    primary key (tenant_id, id),
    unique (tenant_id, channel_id, meta_id),
    foreign key (tenant_id, channel_id) references channels (tenant_id, id) on delete cascade
);
create index templates_name on templates (tenant_id, name, language, id);
create index templates_meta on templates (tenant_id, meta_id);

create table campaigns (
    tenant_id uuid not null,
    id uuid not null,
    name text collate "C" not null,
    search text collate "C" not null,
    channel_id uuid not null,
    template_id uuid not null,
    audience jsonb not null,
    variables jsonb not null,
    status text collate "C" not null,
    reason text collate "C",
    n_total bigint not null,
    n_waiting bigint not null,
    n_accepted bigint not null,
    n_sent bigint not null,
    n_delivered bigint not null,
    n_read bigint not null,
    n_failed bigint not null,
    n_skipped bigint not null,
    n_ambiguous bigint not null,
    n_unconfirmed bigint not null,
    rate bigint,
    scheduled_at bigint,
    started_at bigint,
    prepared_at bigint,
    completed_at bigint,
    created_by jsonb not null,
    created_at bigint not null,
    revision bigint not null,
    primary key (tenant_id, id),
    foreign key (tenant_id) references tenants (id)
);
create index campaigns_status on campaigns (tenant_id, status, id);
create index campaigns_active on campaigns (tenant_id, channel_id, status, id) where status in ('scheduled', 'sending');
create index campaigns_over on campaigns (tenant_id, id) where status in ('cancelled', 'failed') and n_waiting > 0;

create table recipients (
    tenant_id uuid not null,
    campaign_id uuid not null,
    address text collate "C" not null,
    contact_id uuid not null,
    send_id uuid not null,
    primary key (tenant_id, campaign_id, address),
    unique (tenant_id, campaign_id, contact_id),
    unique (tenant_id, campaign_id, send_id),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id) on delete cascade
);

-- The ledger outlives what it speaks of: no foreign key takes a line of it away.

create table sends (
    tenant_id uuid not null,
    id uuid not null,
    channel_id uuid not null,
    contact_id uuid not null,
    address text collate "C" not null,
    campaign_id uuid,
    priority bigint not null,
    state bigint not null,
    attempt uuid,
    attempts bigint not null,
    not_before bigint not null,
    epoch bigint not null,
    wamid text collate "C",
    error jsonb,
    created_at bigint not null,
    updated_at bigint not null,
    timeline jsonb not null,
    primary key (tenant_id, id),
    unique (tenant_id, channel_id, attempt),
    unique (tenant_id, channel_id, wamid),
    foreign key (tenant_id) references tenants (id)
);
create index sends_direct on sends (tenant_id, channel_id, priority, id) where state = 0 and campaign_id is null;
create index sends_undecided on sends (tenant_id, channel_id, state, id) where state in (1, 2, 3);
create index sends_campaign on sends (tenant_id, campaign_id, state, id) where campaign_id is not null;

create table snippets (
    tenant_id uuid not null,
    id uuid not null,
    shortcut text collate "C" not null,
    title text collate "C" not null,
    body text collate "C" not null,
    created_at bigint not null,
    primary key (tenant_id, id),
    unique (tenant_id, shortcut),
    foreign key (tenant_id) references tenants (id)
);

create table media (
    tenant_id uuid not null,
    id uuid not null,
    kind text collate "C" not null,
    mime text collate "C" not null,
    size bigint not null,
    filename text collate "C",
    state text collate "C" not null,
    error text collate "C",
    channel_id uuid,
    provider_id text collate "C",
    provider_expires_at bigint,
    created_at bigint not null,
    primary key (tenant_id, id),
    foreign key (tenant_id) references tenants (id)
);

create table idempotency (
    tenant_id uuid not null,
    route text collate "C" not null,
    call_key text collate "C" not null,
    fingerprint bytea not null,
    resource text collate "C",
    status bigint,
    answer bytea,
    created_at bigint not null,
    primary key (tenant_id, route, call_key),
    foreign key (tenant_id) references tenants (id)
);
create index idempotency_age on idempotency (tenant_id, created_at);

create table audit_log (
    tenant_id uuid not null,
    id uuid not null,
    author jsonb not null,
    action text collate "C" not null,
    target text collate "C" not null,
    happened_at bigint not null,
    primary key (tenant_id, id),
    foreign key (tenant_id) references tenants (id)
);

-- Work that waits. The platform's own jobs belong to the nil tenant.

create table jobs (
    tenant_id uuid not null,
    id uuid not null,
    kind text collate "C" not null,
    lane text collate "C" not null,
    body jsonb not null,
    run_at bigint not null,
    job_key text collate "C",
    state text collate "C" not null,
    due_at bigint not null,
    attempts bigint not null,
    token uuid,
    error text collate "C",
    primary key (tenant_id, id)
);
create index jobs_id on jobs (id);
create unique index jobs_key on jobs (tenant_id, job_key) where state = 'waiting';
create index jobs_due on jobs (lane, due_at, id) where state in ('waiting', 'running');
create index jobs_buried on jobs (id) where state = 'buried';

insert into event_head (id, position) values (1, 0);

-- The second lock: even a statement that forgets its tenant sees nothing of another one.

alter table events enable row level security;
alter table events force row level security;
create policy events_wall on events
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table members enable row level security;
alter table members force row level security;
create policy members_wall on members
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table api_keys enable row level security;
alter table api_keys force row level security;
create policy api_keys_wall on api_keys
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table channels enable row level security;
alter table channels force row level security;
create policy channels_wall on channels
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table contacts enable row level security;
alter table contacts force row level security;
create policy contacts_wall on contacts
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table contact_tags enable row level security;
alter table contact_tags force row level security;
create policy contact_tags_wall on contact_tags
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table contact_groups enable row level security;
alter table contact_groups force row level security;
create policy contact_groups_wall on contact_groups
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table group_members enable row level security;
alter table group_members force row level security;
create policy group_members_wall on group_members
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table conversations enable row level security;
alter table conversations force row level security;
create policy conversations_wall on conversations
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table messages enable row level security;
alter table messages force row level security;
create policy messages_wall on messages
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table templates enable row level security;
alter table templates force row level security;
create policy templates_wall on templates
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table campaigns enable row level security;
alter table campaigns force row level security;
create policy campaigns_wall on campaigns
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table recipients enable row level security;
alter table recipients force row level security;
create policy recipients_wall on recipients
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table sends enable row level security;
alter table sends force row level security;
create policy sends_wall on sends
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table snippets enable row level security;
alter table snippets force row level security;
create policy snippets_wall on snippets
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table media enable row level security;
alter table media force row level security;
create policy media_wall on media
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table idempotency enable row level security;
alter table idempotency force row level security;
create policy idempotency_wall on idempotency
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table audit_log enable row level security;
alter table audit_log force row level security;
create policy audit_log_wall on audit_log
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table jobs enable row level security;
alter table jobs force row level security;
create policy jobs_wall on jobs
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');
