-- How often somebody had a call applied again: what such a call says of states is past, and changes none.
alter table journal add column replays integer not null default 0;
