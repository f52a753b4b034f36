-- Which business portfolio a number belongs to: its numbers share one limit of people. The account's id until Meta
-- has told the owner's.
alter table channels add column portfolio text not null default '';
update channels set portfolio = waba_id;
-- Why campaigns of this number wait or go slower at present, and until when; written by its pump.
alter table channels add column pace_reason text;
alter table channels add column pace_until integer;

-- A one-time code: nobody waits a day for it.
alter table sends add column is_code integer not null default 0;
-- Lines that Meta sent back, which are few: for whoever takes over a number.
create index sends_returned on sends (tenant_id, channel_id, not_before) where state = 0 and attempts > 0;

create table portfolios (
    tenant_id blob not null,
    id text not null,
    -- How many people may be written to first in a day; null where no limit is known.
    people_limit integer,
    -- Never fewer than the rows of portfolio_people that count; exact at counted_at.
    used integer not null,
    oldest_at integer,
    counted_at integer not null,
    primary key (tenant_id, id),
    foreign key (tenant_id) references tenants (id)
) strict, without rowid;

-- Whom a portfolio wrote to first, and when last.
create table portfolio_people (
    tenant_id blob not null,
    portfolio_id text not null,
    address text not null,
    reached_at integer not null,
    -- The line that made the person count; null where another one did before.
    send_id blob,
    primary key (tenant_id, portfolio_id, address),
    foreign key (tenant_id, portfolio_id) references portfolios (tenant_id, id) on delete cascade
) strict, without rowid;
create index portfolio_people_age on portfolio_people (tenant_id, portfolio_id, reached_at);
create index portfolio_people_send on portfolio_people (tenant_id, send_id) where send_id is not null;
