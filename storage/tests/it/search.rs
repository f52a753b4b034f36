//! Searches where many have a word: thousands of people, whose list is walked instead of counted. What a page answers is
//! compared with looking at everybody. And contacts that the version before wrote.

use std::collections::BTreeMap;
use std::sync::Arc;

use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _, SqliteConnection,
};
use whatsapp_core::contact::ContactFilter;
use whatsapp_core::conversation::{ConversationCounts, ConversationFilter};
use whatsapp_core::env::{ManualClock, SeededEntropy};
use whatsapp_core::search::typed;
use whatsapp_core::{
    Contact, ContactSource, Conversation, ConversationStatus, Cursor, Env, Id, Page, PageRequest,
    Span,
};
use whatsapp_storage::{Mode, SqlStore, Store as _, TenantTx};

use crate::{crowd, stores};

const PEOPLE: usize = 14_000;
const ROWS: u32 = 37;

/// All are called Ana something; four of five, and none of the newest thousands, are Bruno; the oldest few are Zoe.
fn contact(n: usize, id: Id<Contact>) -> Contact {
    let old = n < PEOPLE - 4_800;
    let second = match n {
        0..40 => "Zoe",
        _ if old && !n.is_multiple_of(5) => "Bruno",
        _ => "Costa",
    };
    Contact {
        id,
        name: Some(format!("Ána{} {second} {n}", n % 3)),
        phone: format!("+4479{:08}", n * 7_919).parse().ok(),
        bsuid: None,
        email: None,
        tags: Vec::new(),
        fields: BTreeMap::new(),
        opted_out_at: None,
        source: ContactSource::Seed,
        created_at: crowd::NOW,
        updated_at: crowd::NOW,
    }
}

/// Whether somebody is who was meant, as an index has nothing to say in it.
fn has(contact: &Contact, search: &str) -> bool {
    let (keys, phone) = (contact.search_text(), contact.phone.as_ref().map_or("", |p| p.as_str()));
    typed(search).iter().all(|term| {
        keys.split(' ').any(|key| key.starts_with(&term.word))
            || term.front.as_ref().is_some_and(|front| phone.starts_with(front.as_str()))
            || term.last.as_ref().is_some_and(|last| phone.ends_with(last.as_str()))
    })
}

async fn walk<T>(mut page: impl AsyncFnMut(PageRequest) -> Page<T>, pages: usize) -> Vec<T> {
    let (mut all, mut cursor): (_, Option<Cursor>) = (Vec::new(), None);
    while all.len() < pages * ROWS as usize {
        let next = page(PageRequest::first(ROWS).after(cursor)).await;
        all.extend(next.items);
        cursor = next.next;
        if cursor.is_none() {
            break;
        }
    }
    all.truncate(pages * ROWS as usize);
    all
}

/// Whose ids are not those of the crowd.
fn other() -> Env {
    Env::new(Arc::new(ManualClock::at(crowd::NOW)), Arc::new(SeededEntropy::new(11)))
}

const SEARCHES: [&str; 12] = [
    "ana",
    "an",
    "costa",
    "bruno",
    "br",
    "zoe",
    "ana zoe",
    "ana1 bru",
    "+4479",
    "4479 ana bruno",
    "919 costa",
    "7919",
];

async fn judge(store: &SqlStore) {
    let crowd = crowd::gather(store).await;
    let env = other();
    let mut unit = store.tenant(crowd.tenant, Mode::Write).await.unwrap();
    let mut ids: Vec<Id<Contact>> = (0..PEOPLE).map(|_| env.id()).collect();
    ids.sort();
    let mut people: Vec<Contact> = (0..).zip(ids).map(|(n, id)| contact(n, id)).collect();
    for some in people.chunks(1_000) {
        assert_eq!(unit.contacts().insert_many(some).await.unwrap().len(), some.len());
    }
    let talks: Vec<Conversation> = people
        .iter()
        .zip(0_i64..)
        .map(|(person, n)| Conversation {
            id: env.id(),
            contact: person.id,
            channel: crowd.channel,
            status: ConversationStatus::Open,
            assignee: None,
            unread: n % 2,
            last_message: None,
            last_message_at: crowd::NOW + Span::seconds(n),
            last_inbound_at: None,
            created_at: crowd::NOW,
        })
        .collect();
    for some in talks.chunks(1_000) {
        unit.conversations().open_many(some).await.unwrap();
    }
    unit.commit().await.unwrap();
    people.sort_by_key(|person| std::cmp::Reverse(person.id));
    let mut unit = store.tenant(crowd.tenant, Mode::Read).await.unwrap();
    for search in SEARCHES {
        compare(&mut unit, &people, &talks, search).await;
    }
    // Many are Bruno, but nobody among the newest: one page looks at so much and no more.
    let filter = ContactFilter { search: Some("bruno".into()), ..Default::default() };
    let page = unit.contacts().page(&filter, &PageRequest::first(ROWS)).await.unwrap();
    assert!(page.items.is_empty() && page.next.is_some(), "{} rows", page.items.len());
    let filter = ConversationFilter { search: Some("bruno".into()), ..Default::default() };
    let page = unit.conversations().page(&filter, &PageRequest::first(ROWS)).await.unwrap();
    assert!(page.items.is_empty() && page.next.is_some(), "{} rows", page.items.len());
    let counts = unit.conversations().counts(None, None, false).await.unwrap();
    let most = ConversationCounts::MOST;
    assert_eq!((counts.open, counts.unassigned, counts.unread), (most, most, most));
    assert!(counts.resolved < most && counts.resolved > 0, "{counts:?}");
}

async fn compare(
    unit: &mut Box<dyn TenantTx>,
    people: &[Contact],
    talks: &[Conversation],
    search: &str,
) {
    let text = Some(search.to_owned());
    let filter = ContactFilter { search: text.clone(), ..ContactFilter::default() };
    let found = walk(async |request| unit.contacts().page(&filter, &request).await.unwrap(), 4);
    let found: Vec<_> = found.await.into_iter().map(|contact| contact.name).collect();
    let wanted: Vec<_> = people.iter().filter(|person| has(person, search)).collect();
    let most = found.len().min(ROWS as usize * 4);
    assert_eq!(found.len(), wanted.len().min(ROWS as usize * 4), "{search}");
    let names: Vec<_> = wanted.iter().take(most).map(|person| person.name.clone()).collect();
    assert_eq!(found, names, "{search}");
    let filter = ConversationFilter { search: text, ..ConversationFilter::default() };
    let found =
        walk(async |request| unit.conversations().page(&filter, &request).await.unwrap(), 4);
    let found: Vec<_> = found.await.into_iter().map(|talk| talk.id).collect();
    let ids: std::collections::HashSet<_> = wanted.iter().map(|person| person.id).collect();
    let meant = talks.iter().rev().filter(|talk| ids.contains(&talk.contact));
    let meant: Vec<_> = meant.map(|talk| talk.id).take(ROWS as usize * 4).collect();
    assert_eq!(found, meant, "{search}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_finds_who_is_meant_however_many_they_are_on_sqlite() {
    judge(&stores::file().await.store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_finds_who_is_meant_however_many_they_are_on_postgres() {
    judge(&stores::postgres().await.store).await;
}

/// A contact as the version before wrote it: the text has signs, and the number as it is.
const BEFORE: &str =
    "update contacts set search = 'joao d''avila-prado 5511981234567 joao@example.com'
    where name = 'João d''Ávila-Prado'";

/// The words of that contact, sorted, however they were made.
const WORDS: &str = "select word from contact_words where contact_id in
    (select id from contacts where name = 'João d''Ávila-Prado') order by word";

async fn old(store: &SqlStore) {
    let crowd = crowd::gather(store).await;
    let mut joao = contact(1, other().id());
    joao.name = Some("João d'Ávila-Prado".to_owned());
    joao.phone = "+5511981234567".parse().ok();
    joao.email = "joao@example.com".parse().ok();
    let mut unit = store.tenant(crowd.tenant, Mode::Write).await.unwrap();
    assert!(unit.contacts().insert(&joao).await.unwrap());
    unit.commit().await.unwrap();
}

/// The part of the last step that makes the words of those who were there.
fn filling(text: &str, from: &str, until: &str) -> AssertSqlSafe<String> {
    let (_, rest) = text.split_once(from).unwrap();
    AssertSqlSafe(format!("{from}{}", rest.split_once(until).unwrap().0))
}

#[tokio::test]
async fn contacts_of_the_version_before_have_the_words_they_would_get_now_on_sqlite() {
    let fresh = stores::file().await;
    old(&fresh.store).await;
    let mut raw = SqliteConnection::connect(&fresh.url).await.unwrap();
    let now: Vec<String> = sqlx::query_scalar(WORDS).fetch_all(&mut raw).await.unwrap();
    raw.execute(BEFORE).await.unwrap();
    for name in ["insert", "update", "delete"] {
        raw.execute(AssertSqlSafe(format!("drop trigger contact_words_{name}"))).await.unwrap();
    }
    raw.execute("delete from contact_words").await.unwrap();
    let step = include_str!("../../migrations/sqlite/0005_search_words.sql");
    raw.execute(filling(step, "-- The form before", "create trigger")).await.unwrap();
    let filled: Vec<String> = sqlx::query_scalar(WORDS).fetch_all(&mut raw).await.unwrap();
    assert_eq!(filled, now);
}

#[tokio::test]
async fn contacts_of_the_version_before_have_the_words_they_would_get_now_on_postgres() {
    let fresh = stores::postgres().await;
    old(&fresh.store).await;
    let mut raw = PgConnection::connect(&fresh.url).await.unwrap();
    raw.execute("set app.system = 'on'").await.unwrap();
    let words = async |raw: &mut PgConnection| -> Vec<String> {
        let rows = sqlx::query(WORDS).fetch_all(raw).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    };
    let now = words(&mut raw).await;
    raw.execute(BEFORE).await.unwrap();
    assert_eq!(words(&mut raw).await, now, "a node of the version before writes while we serve");
    raw.execute("delete from contact_words").await.unwrap();
    raw.execute("alter table contacts disable trigger user").await.unwrap();
    let step = include_str!("../../migrations/postgres/0005_search_words.sql");
    let fill =
        filling(step, "-- From here on nobody writes", "create function contact_words_insert");
    // Who migrates says nothing about walls.
    let mut migrating = PgConnection::connect(&fresh.url).await.unwrap();
    let mut tx = migrating.begin().await.unwrap();
    sqlx::raw_sql(fill).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(words(&mut raw).await, now);
}
