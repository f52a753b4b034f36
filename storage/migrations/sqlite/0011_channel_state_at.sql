-- Since when a number is in its state: what Meta tells late of a moment before changes nothing.
alter table channels add column state_at integer not null default 0;
