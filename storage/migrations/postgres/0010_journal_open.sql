-- The calls that wait, in a table of their own: a row is made with the call and deleted when the call is settled. So the
-- call itself, with its body, is written once. Whether a call is open is said here and nowhere else; what it came to, by
-- its row in `journal`, which says from the beginning what nearly all come to: applied, at the first try.
--
-- It is emptied as fast as it is filled: what is dead is cleared away early, and the file keeps its length, for cutting
-- it off would lock it.
create table journal_open (
    id uuid not null,
    due_at bigint not null,
    tries bigint not null,
    -- Why the last try was in vain.
    note text collate "C",
    primary key (id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, vacuum_truncate = off);

-- The version before opens a call by this word. (It also writes due_at, which nobody reads any more.) Its nodes keep calls
-- until they are replaced; those of this version apply them.
create function journal_opened_before() returns trigger language plpgsql as $$
begin
    insert into journal_open (id, due_at, tries, note) values (new.id, new.due_at, new.tries, new.note)
    on conflict (id) do nothing;
    update journal set outcome = 'applied', note = null, tries = 1 where id = new.id;
    return null;
end $$;
create trigger journal_opened_before after insert or update of outcome on journal for each row
    when (new.outcome = 'pending') execute function journal_opened_before();
insert into journal_open (id, due_at, tries, note) select id, due_at, tries, note from journal where outcome = 'pending';
update journal set outcome = 'applied', note = null, tries = 1 where outcome = 'pending';

-- Ids are of the moment of receipt: the primary key walks through time. Only what somebody looks for has another.
drop index journal_pending;
drop index journal_outcome;
drop index journal_received;
create index journal_told on journal (outcome, id) where outcome <> 'applied';
