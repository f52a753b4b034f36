-- What a campaign does when things do not go as planned.
alter table campaigns add column rules jsonb not null default '{}';

-- Tries that were followed by another one: the ledger's line speaks of the latest.
create table past_attempts (
    tenant_id uuid not null,
    send_id uuid not null,
    attempt uuid not null,
    state bigint not null,
    wamid text collate "C",
    error jsonb,
    at bigint not null,
    primary key (tenant_id, send_id, attempt),
    unique (tenant_id, attempt),
    foreign key (tenant_id) references tenants (id)
);
create index past_attempts_wamid on past_attempts (tenant_id, wamid) where wamid is not null;

alter table past_attempts enable row level security;
alter table past_attempts force row level security;
create policy past_attempts_wall on past_attempts
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');
