-- Whom a search finds by the beginning of a word: `contacts.search` holds the words, one blank between, and the phone
-- number from its end behind `<` (whatsapp_core::search says which); each has a row here, kept by the triggers below
-- whoever writes the contact, a node of the version before too. Byte order, whose comparisons are leakproof: behind the
-- wall of row-level security `like` could not use an index.
create table contact_words (
    tenant_id uuid not null,
    word text collate "C" not null,
    contact_id uuid not null,
    primary key (tenant_id, word, contact_id)
);
alter table contact_words enable row level security;
alter table contact_words force row level security;
create policy contact_words_wall on contact_words
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on')
    with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or current_setting('app.system', true) = 'on');

-- The words of a contact. The version before leaves signs in the text and the number unturned; this makes of its text
-- what is made now, but for rare signs.
create function contact_words_of(search text, phone text) returns setof text
    language sql immutable strict parallel safe as $$
    with whole as (
        select left(word, 48) as word from regexp_split_to_table(search,
            '[\u0001-\u0020!-/:;=-@\[-`{-\u007f\u00a0\u2000-\u200b\u200e-\u206f\u3000-\u303f\u30fb]+') as word
        where word <> '' and word <> substr(phone, 2)
    )
    select word from whole
    union select '<' || reverse(substr(phone, 2)) where phone <> ''
    union select substr(word, at) from whole, generate_series(2, least(length(word), 12)) as at
        where ascii(substr(word, at, 1)) between 12352 and 55203
$$;

-- From here on nobody writes a contact until all have their words. The walls stand for whoever migrates too.
set local app.system = 'on';
lock table contacts in share row exclusive mode;
update contacts set search = coalesce(
    (select string_agg(word, ' ') from contact_words_of(search, coalesce(phone, '')) as w (word)), '');
insert into contact_words (tenant_id, word, contact_id)
select c.tenant_id, w.word, c.id from contacts c, contact_words_of(c.search, coalesce(c.phone, '')) as w (word)
order by 1, 2, 3;

create function contact_words_insert() returns trigger language plpgsql as $$
begin
    insert into contact_words (tenant_id, word, contact_id)
    select n.tenant_id, w.word, n.id from added n, contact_words_of(n.search, coalesce(n.phone, '')) as w (word)
    order by 1, 2, 3 on conflict do nothing;
    return null;
end $$;
create function contact_words_change() returns trigger language plpgsql as $$
begin
    delete from contact_words where tenant_id = old.tenant_id and contact_id = old.id
        and word = any(array(select contact_words_of(old.search, coalesce(old.phone, ''))));
    if tg_op = 'UPDATE' then
        insert into contact_words (tenant_id, word, contact_id)
        select new.tenant_id, w.word, new.id from contact_words_of(new.search, coalesce(new.phone, '')) as w (word)
        on conflict do nothing;
    end if;
    return null;
end $$;
create trigger contact_words_insert after insert on contacts referencing new table as added
    for each statement execute function contact_words_insert();
create trigger contact_words_update after update of search, phone on contacts for each row
    when (old.search <> new.search or old.phone is distinct from new.phone) execute function contact_words_change();
create trigger contact_words_delete after delete on contacts for each row execute function contact_words_change();

-- Step 3 did not see beyond the walls either.
update channels set portfolio = waba_id where portfolio = '';

-- The inbox's counts: how many of each state, of whom, over which number; which have something unread.
create index conversations_counted on conversations (tenant_id, status, channel_id, assignee_id);
create index conversations_unread on conversations (tenant_id, channel_id, assignee_id) where unread > 0;
