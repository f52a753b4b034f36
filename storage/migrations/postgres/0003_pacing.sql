-- Which business portfolio a number belongs to: its numbers share one limit of people. The account's id until Meta
-- has told the owner's.
alter table channels add column portfolio text collate "C" not null default '';
update channels set portfolio = waba_id;
-- Why campaigns of this number wait or go slower at present, and until when; written by its pump.
alter table channels add column pace_reason text collate "C";
alter table channels add column pace_until bigint;

-- A one-time code: nobody waits a day for it.
alter table sends add column is_code boolean not null default false;
-- Lines that Meta sent back, which are few: for whoever takes over a number.
create index sends_returned on sends (tenant_id, channel_id, not_before) where state = 0 and attempts > 0;

create table portfolios (
    tenant_id uuid not null,
    id text collate "C" not null,
    -- How many people may be written to first in a day; null where no limit is known.
    people_limit bigint,
    -- Never fewer than the rows of portfolio_people that count; exact at counted_at.
    used bigint not null,
    oldest_at bigint,
    counted_at bigint not null,
    primary key (tenant_id, id),
    foreign key (tenant_id) references tenants (id)
);

-- Whom a portfolio wrote to first, and when last.
create table portfolio_people (
    tenant_id uuid not null,
    portfolio_id text collate "C" not null,
    address text collate "C" not null,
    reached_at bigint not null,
    -- The line that made the person count; null where another one did before.
    send_id uuid,
    primary key (tenant_id, portfolio_id, address),
    foreign key (tenant_id, portfolio_id) references portfolios (tenant_id, id) on delete cascade
);
create index portfolio_people_age on portfolio_people (tenant_id, portfolio_id, reached_at);
create index portfolio_people_send on portfolio_people (tenant_id, send_id) where send_id is not null;

alter table portfolios enable row level security;
alter table portfolios force row level security;
create policy portfolios_wall on portfolios
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

alter table portfolio_people enable row level security;
alter table portfolio_people force row level security;
create policy portfolio_people_wall on portfolio_people
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');
