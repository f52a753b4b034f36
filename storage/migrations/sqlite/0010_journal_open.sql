-- The calls that wait, in a table of their own: a row is made with the call and deleted when the call is settled. So the
-- call itself, with its body, is written once. Whether a call is open is said here and nowhere else; what it came to, by
-- its row in `journal`, which says from the beginning what nearly all come to: applied, at the first try.
create table journal_open (
    id blob not null,
    due_at integer not null,
    tries integer not null,
    -- Why the last try was in vain.
    note text,
    primary key (id)
) strict, without rowid;
insert into journal_open (id, due_at, tries, note) select id, due_at, tries, note from journal where outcome = 'pending';
update journal set outcome = 'applied', note = null, tries = 1 where outcome = 'pending';

-- Ids are of the moment of receipt: the primary key walks through time. Only what somebody looks for has another.
drop index journal_pending;
drop index journal_outcome;
drop index journal_received;
create index journal_told on journal (outcome, id) where outcome <> 'applied';

-- With each call: a statement of its own would cost as much as keeping the call. Due at once, whatever clock says so.
create trigger journal_kept after insert on journal begin
    insert into journal_open (id, due_at, tries) values (new.id, 0, 0);
end;
-- The version before opens a call by this word. (It also writes due_at, which nobody reads any more.)
create trigger journal_kept_before after insert on journal when new.outcome = 'pending' begin
    update journal set outcome = 'applied', tries = 1 where id = new.id;
end;
create trigger journal_opened_before after update of outcome on journal when new.outcome = 'pending' begin
    insert into journal_open (id, due_at, tries) values (new.id, new.due_at, new.tries) on conflict (id) do nothing;
    update journal set outcome = 'applied', note = null, tries = 1 where id = new.id;
end;
