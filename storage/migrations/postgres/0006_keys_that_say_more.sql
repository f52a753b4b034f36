-- The planner of a young database, which knows nothing of its tables yet, takes two keys that begin with the same two
-- columns for equally good, whatever the third is, and may read all that a number ever sent to find one line. So no
-- two keys of the ledger begin alike.
alter table sends
    drop constraint sends_tenant_id_channel_id_attempt_key,
    drop constraint sends_tenant_id_channel_id_wamid_key,
    add unique (tenant_id, attempt, channel_id),
    add unique (tenant_id, wamid, channel_id);
