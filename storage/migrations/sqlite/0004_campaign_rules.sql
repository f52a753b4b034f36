-- What a campaign does when things do not go as planned.
alter table campaigns add column rules text not null default '{}';

-- Tries that were followed by another one: the ledger's line speaks of the latest.
create table past_attempts (
    tenant_id blob not null,
    send_id blob not null,
    attempt blob not null,
    state integer not null,
    wamid text,
    error text,
    at integer not null,
    primary key (tenant_id, send_id, attempt),
    unique (tenant_id, attempt),
    foreign key (tenant_id) references tenants (id)
) strict, without rowid;
create index past_attempts_wamid on past_attempts (tenant_id, wamid) where wamid is not null;
