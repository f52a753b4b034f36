-- The planner of a young database, which knows nothing of its tables yet, takes two keys that begin with the same two
-- columns for equally good, whatever the third is, and may read all that a number ever sent to find one line. So no
-- two keys of the ledger begin alike. And a line that waits has neither an attempt nor Meta's id: it is in no key of
-- them, which spares each change of a line the writing of two.
alter table sends
    drop constraint sends_tenant_id_channel_id_attempt_key,
    drop constraint sends_tenant_id_channel_id_wamid_key;
create unique index sends_attempt on sends (tenant_id, attempt, channel_id) where attempt is not null;
create unique index sends_wamid on sends (tenant_id, wamid, channel_id) where wamid is not null;
