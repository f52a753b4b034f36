//! Schemas of other versions, and schemas whose making was interrupted.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use whatsapp_storage::conformance::run_all;
use whatsapp_storage::{Mode, SqlStore, StorageError, Store as _};

use crate::line::Line;
use crate::stores;

/// What the next version would do: add what this one does not know, and say that it did.
fn a_step_ahead(by: i64, digest: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!(
        "alter table snippets add column of_version_{by} text;
         insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         select max(version) + 1, 'ahead', true, {digest}, 0 from _sqlx_migrations"
    ))
}

async fn judge(store: &SqlStore, ahead: impl AsyncFn(i64)) {
    store.migrate().await.unwrap();
    ahead(1).await;
    store.migrate().await.expect("the version before serves the new schema");
    run_all(store).await;
    store.ping().await.expect("and is ready");
    ahead(2).await;
    let refused = store.migrate().await;
    assert!(matches!(refused, Err(StorageError::NewerSchema)), "{refused:?}");
    let ping = store.ping().await;
    assert!(matches!(ping, Err(StorageError::NewerSchema)), "a running one is not ready: {ping:?}");
}

#[tokio::test]
async fn a_postgresql_schema_one_step_ahead_serves_this_program_and_one_further_ahead_refuses_it() {
    let fresh = stores::postgres().await;
    judge(&fresh.store, async |by| {
        let mut raw = PgConnection::connect(&fresh.url).await.unwrap();
        raw.execute(a_step_ahead(by, "'\\x00'::bytea")).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_sqlite_schema_one_step_ahead_serves_this_program_and_one_further_ahead_refuses_it() {
    let fresh = stores::file().await;
    judge(&fresh.store, async |by| {
        let mut raw = SqliteConnection::connect(&fresh.url).await.unwrap();
        raw.execute(a_step_ahead(by, "x'00'")).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn nodes_that_start_at_once_on_an_empty_database_all_find_the_schema() {
    let url = stores::new_database().await;
    let node = async || SqlStore::connect(&url, stores::env()).await.unwrap();
    let (one, two, three) = (node().await, node().await, node().await);
    let done = tokio::join!(one.migrate(), two.migrate(), three.migrate());
    assert!(done.0.is_ok() && done.1.is_ok() && done.2.is_ok(), "{done:?}");
    run_all(&two).await;
}

#[tokio::test]
async fn migrating_that_breaks_off_anywhere_is_taken_up_again_and_leaves_no_half() {
    let url = stores::new_database().await;
    let line = Line::to(&url).await;
    for bytes in [600, 1_500, 4_000, 20_000] {
        let store = SqlStore::connect(&line.url, stores::env()).await.unwrap();
        line.cut_after(bytes);
        let broken = store.migrate().await;
        line.cut_after(0);
        assert!(
            broken.is_ok()
                || matches!(
                    broken,
                    Err(StorageError::Unavailable(_) | StorageError::CommitUnknown(_))
                ),
            "{bytes}: {broken:?}"
        );
    }
    let store = SqlStore::connect(&url, stores::env()).await.unwrap();
    store.migrate().await.unwrap();
    run_all(&store).await;
}

#[tokio::test]
async fn whoever_waits_too_long_for_a_lock_while_migrating_gives_up_and_may_come_again() {
    let fresh = stores::postgres().await;
    fresh.store.migrate().await.unwrap();
    let mut raw = PgConnection::connect(&fresh.url).await.unwrap();
    let mut tx = raw.begin().await.unwrap();
    (&mut *tx).execute("lock table _sqlx_migrations in access exclusive mode").await.unwrap();
    let waited =
        tokio::time::timeout(std::time::Duration::from_secs(7), fresh.store.migrate()).await;
    assert!(matches!(waited.expect("five seconds"), Err(StorageError::Unavailable(_))));
    tx.rollback().await.unwrap();
    fresh.store.migrate().await.unwrap();
    assert!(fresh.store.system(Mode::Read).await.is_ok());
}
