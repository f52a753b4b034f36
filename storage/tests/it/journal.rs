//! The journal's own: which of its statements are explained by the plan tests, and what becomes of the calls of the
//! version before, whose journal said by a word which of them wait.

use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use uuid::Uuid;
use whatsapp_core::event::{JournalEntry, JournalFilter, JournalOutcome};
use whatsapp_core::{Id, PageRequest, Span};
use whatsapp_storage::{Mode, SqlStore, Store as _, SystemTx};

use crate::crowd::{Crowd, NOW};
use crate::plans::Hot;
use crate::stores;

pub(crate) async fn run(system: &mut dyn SystemTx, crowd: &Crowd, hot: Hot) {
    let open = system.journal().pending(crowd.now, 1).await.unwrap();
    let (journal, minutes) = (system.journal(), |n| crowd.now - Span::minutes(n));
    let page = PageRequest::first(50);
    match hot {
        Hot::SettleJournal => {
            let outcome = (open[0].id, JournalOutcome::Unrouted, None);
            journal.settle(&[outcome]).await.unwrap();
        }
        Hot::JournalPage => {
            for outcome in [None, Some("pending"), Some("applied"), Some("unrouted")] {
                let outcome = outcome.and_then(JournalOutcome::parse);
                let filter = JournalFilter { outcome, ..JournalFilter::default() };
                assert!(!journal.page(&filter, &page).await.unwrap().items.is_empty());
            }
        }
        Hot::JournalWindow => {
            let (from, until) = (Some(minutes(20)), Some(minutes(10)));
            let filter = JournalFilter { from, until, ..JournalFilter::default() };
            assert!(!journal.page(&filter, &page).await.unwrap().items.is_empty());
        }
        Hot::ReplayJournal => drop(journal.replay(&[open[0].id], crowd.now).await.unwrap()),
        _ => assert_eq!(journal.trim(minutes(10), 10).await.unwrap(), 10),
    }
}

/// A call as the version before kept it, with a number as its id.
fn call(kind: &str, n: u32, rest: &str) -> String {
    let bytes = match kind {
        "sqlite" => format!("x'{n:032x}', x'{n:064x}', x'7b7d'"),
        _ => format!("'{n:032x}'::uuid, '\\x{n:064x}'::bytea, '\\x7b7d'::bytea"),
    };
    let columns = "id, hash, body, received_at, outcome, note, tries, due_at";
    format!("insert into journal ({columns}) values ({bytes}, 10, {rest})")
}

/// Two that wait, and one of each other outcome.
fn calls(kind: &str) -> String {
    let calls = [
        call(kind, 1, "'pending', null, 0, 50"),
        call(kind, 2, "'pending', 'database busy', 2, 70"),
        call(kind, 3, "'applied', null, 1, 10"),
        call(kind, 4, "'applied', null, 3, 10"),
        call(kind, 5, "'unrouted', null, 1, 10"),
        call(kind, 6, "'quarantined', 'malformed', 10, 10"),
    ];
    calls.join(";")
}

/// The steps of the versions before.
fn before(all: &Migrator) -> Migrator {
    Migrator::with_migrations(all.iter().filter(|step| step.version < 10).cloned().collect())
}

fn id(n: u32) -> Id<JournalEntry> {
    Id::from_uuid(Uuid::from_u128(n.into()))
}

type Read = (Id<JournalEntry>, JournalOutcome, Option<String>, i64);

async fn all(store: &SqlStore) -> Vec<Read> {
    let mut system = store.system(Mode::Read).await.unwrap();
    let page = system.journal().page(&JournalFilter::default(), &PageRequest::first(100)).await;
    let mut items = page.unwrap().items;
    items.reverse();
    items.into_iter().map(|e| (e.id, e.outcome, e.note, e.tries)).collect()
}

async fn open(store: &SqlStore) -> Vec<Id<JournalEntry>> {
    let mut system = store.system(Mode::Read).await.unwrap();
    let open = system.journal().pending(NOW, 100).await.unwrap();
    open.into_iter().map(|entry| entry.id).collect()
}

/// What was there stays as it was; and a node of the version before that still runs may keep calls and have some applied
/// again, as it did.
async fn judge(store: &SqlStore, say: impl AsyncFn(String)) {
    use JournalOutcome::{Applied, Pending, Quarantined, Unrouted};
    let note = |text: &str| Some(text.to_owned());
    store.migrate().await.unwrap();
    let was = [
        (id(1), Pending, None, 0),
        (id(2), Pending, note("database busy"), 2),
        (id(3), Applied, None, 1),
        (id(4), Applied, None, 3),
        (id(5), Unrouted, None, 1),
        (id(6), Quarantined, note("malformed"), 10),
    ];
    assert_eq!(all(store).await, was);
    assert_eq!(open(store).await, [id(1), id(2)]);
    let new = call(store.kind(), 7, "'pending', null, 0, 10");
    say(new.clone()).await;
    say(format!("{new} on conflict (hash) do nothing")).await;
    let again = "outcome = 'pending', due_at = 20, tries = 0, replays = replays + 1";
    say(format!("update journal set {again} where outcome = 'unrouted'")).await;
    assert_eq!(open(store).await, [id(1), id(2), id(5), id(7)]);
    let mut system = store.system(Mode::Write).await.unwrap();
    let settled = [1, 2, 5, 7].map(|n| (id(n), Applied, None));
    system.journal().settle(&settled).await.unwrap();
    system.commit().await.unwrap();
    let applied = |n, tries| (id(n), Applied, None, tries);
    let now = [applied(1, 1), applied(2, 3), applied(3, 1), applied(4, 3), applied(5, 1)];
    let now: Vec<_> = now.into_iter().chain([was[5].clone(), applied(7, 1)]).collect();
    assert_eq!(all(store).await, now);
    assert!(open(store).await.is_empty());
}

#[tokio::test]
async fn an_sqlite_journal_of_the_version_before_is_carried_over() {
    let fresh = stores::file().await;
    let mut db = SqliteConnection::connect(&fresh.url).await.unwrap();
    before(&sqlx::migrate!("migrations/sqlite")).run(&mut db).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(calls("sqlite"))).execute(&mut db).await.unwrap();
    drop(db);
    judge(&fresh.store, async |sql| {
        let mut db = SqliteConnection::connect(&fresh.url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut db).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_postgresql_journal_of_the_version_before_is_carried_over() {
    let fresh = stores::postgres().await;
    let mut db = PgConnection::connect(&fresh.url).await.unwrap();
    before(&sqlx::migrate!("migrations/postgres")).run(&mut db).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(calls("postgres"))).execute(&mut db).await.unwrap();
    judge(&fresh.store, async |sql| {
        let mut db = PgConnection::connect(&fresh.url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut db).await.unwrap();
    })
    .await;
}
