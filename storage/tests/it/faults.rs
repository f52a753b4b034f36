//! The store that fails on purpose does what it says, no more and no less.

use serde_json::json;
use whatsapp_storage::faulty::{CommitFault, Faulty};
use whatsapp_storage::{Mode, SqlStore, StorageError, Store as _};

use crate::stores;

async fn store() -> Faulty<SqlStore> {
    let store = Faulty::new(stores::memory().await.store);
    store.migrate().await.unwrap();
    store
}

async fn put(store: &Faulty<SqlStore>, value: i64) -> Result<(), StorageError> {
    let mut system = store.system(Mode::Write).await?;
    system.platform_settings().put("k", &json!(value)).await?;
    system.commit().await
}

async fn get(store: &Faulty<SqlStore>) -> Option<serde_json::Value> {
    let mut system = store.system(Mode::Read).await.unwrap();
    system.platform_settings().get("k").await.unwrap()
}

#[tokio::test]
async fn a_commit_that_fails_before_changes_nothing() {
    let store = store().await;
    store.faults().fail_commit(2, CommitFault::Before);
    put(&store, 1).await.unwrap();
    assert!(matches!(put(&store, 2).await, Err(StorageError::Unavailable(_))));
    assert_eq!(get(&store).await, Some(json!(1)));
    put(&store, 3).await.unwrap();
}

#[tokio::test]
async fn a_commit_that_fails_after_has_happened() {
    let store = store().await;
    store.faults().fail_commit(1, CommitFault::After);
    assert!(matches!(put(&store, 1).await, Err(StorageError::CommitUnknown(_))));
    assert_eq!(get(&store).await, Some(json!(1)));
}

#[tokio::test]
async fn an_outage_begins_and_ends() {
    let store = store().await;
    let mut under_way = store.system(Mode::Write).await.unwrap();
    under_way.platform_settings().put("k", &json!(1)).await.unwrap();
    store.faults().outage(true);
    assert!(matches!(under_way.commit().await, Err(StorageError::Unavailable(_))));
    assert!(put(&store, 2).await.is_err());
    assert!(store.ping().await.is_err());
    store.faults().outage(false);
    assert_eq!(get(&store).await, None, "what was under way was taken back");
    store.faults().fail_begin(1);
    assert!(store.system(Mode::Read).await.is_err());
    put(&store, 3).await.unwrap();
}
