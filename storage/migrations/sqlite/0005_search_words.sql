-- Whom a search finds by the beginning of a word: `contacts.search` holds the words, one blank between, and the phone
-- number from its end behind `<` (whatsapp_core::search says which); each has a row here, kept by the triggers below
-- whoever writes the contact. Short rows in one index: nothing else is kept of a word.
create table contact_words (
    tenant_id blob not null,
    word text not null,
    contact_id blob not null,
    primary key (tenant_id, word, contact_id)
) strict, without rowid;

-- The form before: name, digits and address with one blank between, signs in them.
update contacts set search = trim(replace(' ' || search || ' ', ' ' || substr(phone, 2) || ' ', '  '))
    where phone is not null;
update contacts set search = replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(search
    , '!', ' '), '"', ' '), '#', ' '), '$', ' '), '%', ' '), '&', ' '), '''', ' ')
    , '(', ' '), ')', ' '), '*', ' '), '+', ' '), ',', ' '), '-', ' '), '.', ' ');
update contacts set search = replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(search
    , '/', ' '), ':', ' '), ';', ' '), '<', ' '), '=', ' '), '>', ' '), '?', ' ')
    , '@', ' '), '[', ' '), '\', ' '), ']', ' '), '^', ' '), '_', ' '), '`', ' ');
update contacts set search = replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(search
    , '{', ' '), '|', ' '), '}', ' '), '~', ' '), char(9), ' '), char(10), ' '), char(13), ' ')
    , char(160), ' '), '‘', ' '), '’', ' '), '“', ' '), '”', ' '), '–', ' '), '—', ' ');
update contacts set search = trim(search || ' <' || replace(substr(phone, -1, 1) || substr(phone, -2, 1) || substr(phone, -3, 1) || substr(phone, -4, 1) || substr(phone, -5, 1)
         || substr(phone, -6, 1) || substr(phone, -7, 1) || substr(phone, -8, 1) || substr(phone, -9, 1) || substr(phone, -10, 1)
         || substr(phone, -11, 1) || substr(phone, -12, 1) || substr(phone, -13, 1) || substr(phone, -14, 1) || substr(phone, -15, 1)
        , '+', ''))
    where phone is not null;
-- Names in scripts without blanks are found from each of their first letters on.
update contacts set search = search || ' ' || (
    with recursive
        whole (word) as (select value from json_each('[' || replace(json_quote(contacts.search), ' ', '","') || ']')),
        ends (word, at) as (select word, 2 from whole union all
            select word, at + 1 from ends where at < length(word) and at < 12)
    select coalesce(group_concat(substr(word, at), ' '), '') from ends
    where unicode(substr(word, at, 1)) between 0x3040 and 0xd7a3)
    where search glob '*[' || char(0x3040) || '-' || char(0xd7a3) || ']*';

insert or ignore into contact_words (tenant_id, word, contact_id)
select c.tenant_id, w.value, c.id
from contacts c, json_each('[' || replace(json_quote(c.search), ' ', '","') || ']') w
where w.value <> '' order by 1, 2, 3;

create trigger contact_words_insert after insert on contacts begin
    insert or ignore into contact_words (tenant_id, word, contact_id)
    select new.tenant_id, value, new.id from json_each('[' || replace(json_quote(new.search), ' ', '","') || ']')
    where value <> '';
end;
create trigger contact_words_update after update of search on contacts when old.search <> new.search begin
    delete from contact_words where tenant_id = old.tenant_id and contact_id = old.id
        and word in (select value from json_each('[' || replace(json_quote(old.search), ' ', '","') || ']'));
    insert or ignore into contact_words (tenant_id, word, contact_id)
    select new.tenant_id, value, new.id from json_each('[' || replace(json_quote(new.search), ' ', '","') || ']')
    where value <> '';
end;
create trigger contact_words_delete after delete on contacts begin
    delete from contact_words where tenant_id = old.tenant_id and contact_id = old.id
        and word in (select value from json_each('[' || replace(json_quote(old.search), ' ', '","') || ']'));
end;

-- The inbox's counts: how many of each state, of whom, over which number; which have something unread.
create index conversations_counted on conversations (tenant_id, status, channel_id, assignee_id);
create index conversations_unread on conversations (tenant_id, channel_id, assignee_id) where unread > 0;
