-- A line begins in the transaction that claims it: the state between the two was never seen and is no more.
update sends set state = 0 where state in (1, 2, 3) and state = 1;

-- A line that waits has neither an attempt nor Meta's id: it is in no key of them, which spares each change of a line
-- the writing of two. A key that belongs to a table cannot be taken from it, so the ledger moves into a new one.
create table ledger (
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
    is_code integer not null default 0,
    primary key (tenant_id, id),
    foreign key (tenant_id) references tenants (id)
) strict;
insert into ledger (tenant_id, id, channel_id, contact_id, address, campaign_id, priority, state, attempt, attempts,
    not_before, epoch, wamid, error, created_at, updated_at, timeline, is_code)
select tenant_id, id, channel_id, contact_id, address, campaign_id, priority, state, attempt, attempts,
    not_before, epoch, wamid, error, created_at, updated_at, timeline, is_code from sends order by rowid;
drop table sends;
alter table ledger rename to sends;
create unique index sends_attempt on sends (tenant_id, attempt, channel_id) where attempt is not null;
create unique index sends_wamid on sends (tenant_id, wamid, channel_id) where wamid is not null;
create index sends_direct on sends (tenant_id, channel_id, priority, id) where state = 0 and campaign_id is null;
create index sends_undecided on sends (tenant_id, channel_id, state, id) where state in (2, 3);
create index sends_campaign on sends (tenant_id, campaign_id, state, id) where campaign_id is not null;
create index sends_returned on sends (tenant_id, channel_id, not_before) where state = 0 and attempts > 0;
