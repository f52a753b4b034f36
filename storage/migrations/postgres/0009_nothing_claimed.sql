-- A line begins in the transaction that claims it: the state between the two was never seen and is no more.
-- The wall stands for whoever owns the tables too.
set local app.system = 'on';
update sends set state = 0 where state in (1, 2, 3) and state = 1;
drop index sends_undecided;
create index sends_undecided on sends (tenant_id, channel_id, state, id) where state in (2, 3);
