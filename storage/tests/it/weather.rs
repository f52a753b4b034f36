//! The database has bad weather: away, silent, slow, read-only, full, its answers lost. What was acknowledged is there,
//! what was not is known to be open, and everything goes on by itself when the weather is good again.

use std::time::Duration;

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use whatsapp_storage::{Mode, Options, SqlStore, StorageError, Store as _};

use crate::line::{Line, Weather};
use crate::stores;

async fn put(store: &SqlStore, key: &str, value: &Value) -> Result<(), StorageError> {
    let mut system = store.system(Mode::Write).await?;
    system.platform_settings().put(key, value).await?;
    system.commit().await
}

async fn get(store: &SqlStore, key: &str) -> Result<Option<Value>, StorageError> {
    store.system(Mode::Read).await?.platform_settings().get(key).await
}

/// A store at the other end of a line, with so few connections that each counts.
async fn over_a_line(connections: u32) -> (SqlStore, Line, String) {
    let url = stores::new_database().await;
    let line = Line::to(&url).await;
    let options = Options { max_connections: connections, ..Options::default() };
    let store = SqlStore::connect_with(&line.url, stores::env(), options).await.unwrap();
    store.migrate().await.unwrap();
    (store, line, url)
}

/// Fails the test when it takes longer.
async fn within<T>(seconds: u64, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(seconds), work).await.expect("it ends in time")
}

fn outage<T: std::fmt::Debug>(result: &Result<T, StorageError>) -> bool {
    matches!(result, Err(StorageError::Unavailable(_)))
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_unknown_and_is_found_by_its_key() {
    let (store, line, _) = over_a_line(2).await;
    line.lose_the_next_commit();
    let lost = put(&store, "k", &json!(1)).await;
    assert!(matches!(lost, Err(StorageError::CommitUnknown(_))), "{lost:?}");
    assert_eq!(get(&store, "k").await.unwrap(), Some(json!(1)), "it had happened");
}

#[tokio::test]
async fn a_server_that_is_away_is_an_outage_at_once_and_serves_again_when_it_is_back() {
    let (store, line, _) = over_a_line(2).await;
    put(&store, "k", &json!(1)).await.unwrap();
    line.set(Weather::Down);
    line.cut();
    let (write, ping) =
        within(5, async { (put(&store, "k", &json!(2)).await, store.ping().await) }).await;
    assert!(outage(&write) && outage(&ping), "{write:?} {ping:?}");
    line.set(Weather::Good);
    assert_eq!(within(3, get(&store, "k")).await.unwrap(), Some(json!(1)));
    put(&store, "k", &json!(3)).await.unwrap();
}

#[tokio::test]
async fn after_a_failover_that_leaves_connections_silent_the_pool_frees_itself_in_seconds() {
    let (store, line, _) = over_a_line(2).await;
    let mut both =
        (store.system(Mode::Read).await.unwrap(), store.system(Mode::Write).await.unwrap());
    both.0.platform_settings().get("k").await.unwrap();
    drop(both);
    line.quiet().await;
    line.strand();
    let first = within(5, put(&store, "k", &json!(1))).await;
    assert!(outage(&first), "{first:?}");
    within(4, put(&store, "k", &json!(2))).await.unwrap();
    let (one, other) =
        within(4, async { tokio::join!(store.system(Mode::Read), store.system(Mode::Read)) }).await;
    assert!(one.is_ok() && other.is_ok(), "both places of the pool are free again");
}

#[tokio::test]
async fn a_statement_and_a_commit_without_answer_end_by_themselves_each_with_what_is_known_of_it() {
    let (store, line, _) = over_a_line(4).await;
    let mut begun = store.system(Mode::Write).await.unwrap();
    let mut written = store.system(Mode::Write).await.unwrap();
    written.platform_settings().put("k", &json!(1)).await.unwrap();
    line.strand();
    let (statement, commit) = within(9, async {
        tokio::join!(async { begun.platform_settings().get("k").await }, written.commit())
    })
    .await;
    assert!(outage(&statement), "{statement:?}");
    assert!(matches!(commit, Err(StorageError::CommitUnknown(_))), "{commit:?}");
    drop(begun);
    within(5, get(&store, "k")).await.unwrap();
}

#[tokio::test]
async fn a_slow_server_is_slow_and_nothing_else() {
    let (store, line, _) = over_a_line(2).await;
    line.set(Weather::Slow(Duration::from_millis(40)));
    put(&store, "k", &json!(1)).await.unwrap();
    assert_eq!(get(&store, "k").await.unwrap(), Some(json!(1)));
}

#[tokio::test]
async fn terminated_backends_take_their_units_of_work_with_them_and_nothing_more() {
    let (store, _line, url) = over_a_line(3).await;
    let mut raw = PgConnection::connect(&url).await.unwrap();
    for round in 0..3 {
        put(&store, "k", &json!(round)).await.unwrap();
        let mut open = store.system(Mode::Write).await.unwrap();
        open.platform_settings().put("k", &json!("never")).await.unwrap();
        terminate(&mut raw).await;
        let lost = open.commit().await;
        assert!(matches!(lost, Err(StorageError::CommitUnknown(_) | StorageError::Unavailable(_))));
        assert_eq!(get(&store, "k").await.unwrap(), Some(json!(round)));
    }
}

async fn terminate(raw: &mut PgConnection) {
    let others = "select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()";
    raw.execute(others).await.unwrap();
}

#[tokio::test]
async fn a_server_that_takes_no_writes_is_an_outage_until_it_is_the_primary_again() {
    let (store, _line, url) = over_a_line(2).await;
    put(&store, "k", &json!(1)).await.unwrap();
    let (_, name) = url.rsplit_once('/').unwrap();
    let mut raw = PgConnection::connect(&url).await.unwrap();
    let read_only = |flag: &str| {
        AssertSqlSafe(format!("alter database {name} set default_transaction_read_only = {flag}"))
    };
    raw.execute(read_only("on")).await.unwrap();
    terminate(&mut raw).await;
    let (write, read) =
        within(9, async { (put(&store, "k", &json!(2)).await, get(&store, "k").await) }).await;
    assert!(
        outage(&write) && outage(&read),
        "no decision is made on a standby: {write:?} {read:?}"
    );
    raw.execute("set default_transaction_read_only = off").await.unwrap();
    raw.execute(read_only("off")).await.unwrap();
    within(5, put(&store, "k", &json!(3))).await.unwrap();
}

#[tokio::test]
async fn a_postgresql_whose_disk_is_full_is_an_outage_until_there_is_room() {
    let (store, _line, url) = over_a_line(2).await;
    let mut raw = PgConnection::connect(&url).await.unwrap();
    let full = "create function full_disk() returns trigger language plpgsql as $$ begin
            raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
        create trigger full_disk before insert on platform_settings execute function full_disk()";
    raw.execute(full).await.unwrap();
    let (write, ping) = (put(&store, "k", &json!(1)).await, store.ping().await);
    assert!(outage(&write) && outage(&ping), "{write:?} {ping:?}");
    assert_eq!(get(&store, "k").await.unwrap(), None, "reading goes on");
    raw.execute("drop trigger full_disk on platform_settings").await.unwrap();
    put(&store, "k", &json!(1)).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_under_sqlite_loses_nothing_that_was_acknowledged_and_ends_when_room_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let url = format!("sqlite:{}", path.display());
    let small = Options { max_bytes: Some(2 * 1024 * 1024), ..Options::default() };
    let store = SqlStore::connect_with(&url, stores::env(), small).await.unwrap();
    store.migrate().await.unwrap();
    let large = json!("x".repeat(50_000));
    let mut kept = Vec::new();
    let full = loop {
        let key = format!("k{}", kept.len());
        match put(&store, &key, &large).await {
            Ok(()) => kept.push(key),
            Err(error) => break error,
        }
        assert!(kept.len() < 100, "two megabytes hold no more");
    };
    assert!(matches!(full, StorageError::Unavailable(_)), "{full:?}");
    for key in &kept {
        assert_eq!(
            get(&store, key).await.unwrap().as_ref(),
            Some(&large),
            "{key} was acknowledged"
        );
    }
    let mut raw = SqliteConnection::connect(&url).await.unwrap();
    raw.execute("delete from platform_settings where setting_key like 'k1%'").await.unwrap();
    put(&store, "after", &large).await.unwrap();
}

#[tokio::test]
async fn a_node_that_froze_while_it_numbered_events_is_put_out_before_the_others_give_up() {
    let fresh = stores::postgres().await;
    fresh.store.migrate().await.unwrap();
    let mut frozen = fresh.store.system(Mode::Write).await.unwrap();
    frozen.event_log().sequence(10).await.unwrap();
    let mut other = fresh.store.system(Mode::Write).await.unwrap();
    other.event_log().sequence(10).await.expect("it waited shorter than its patience");
    other.commit().await.unwrap();
    assert!(frozen.commit().await.is_err(), "the frozen one is out");
}
