//! Copies and clones: an SQLite database that is copied while it is written to, and a PostgreSQL database that finds
//! itself in another place.

use std::path::Path;

use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use whatsapp_core::tenant::TenantState;
use whatsapp_core::{Env, Tenant};
use whatsapp_storage::backup::{BackupError, take};
use whatsapp_storage::{Mode, SqlStore, Store as _};

use crate::stores;

async fn new_tenant(store: &SqlStore, name: String) -> Result<(), whatsapp_storage::StorageError> {
    let env = Env::system();
    let state = TenantState::Active;
    let tenant =
        Tenant { id: env.id(), name, timezone: "UTC".into(), state, created_at: env.now() };
    let mut system = store.system(Mode::Write).await?;
    system.tenants().insert(&tenant).await?;
    system.commit().await
}

async fn tenants(store: &SqlStore) -> usize {
    let mut system = store.system(Mode::Read).await.unwrap();
    let page = whatsapp_core::PageRequest::first(200);
    system.tenants().page(&page).await.unwrap().items.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_is_taken_while_the_database_is_written_to_is_whole_and_marked() {
    let fresh = stores::file().await;
    fresh.store.migrate().await.unwrap();
    for n in 0..20 {
        new_tenant(&fresh.store, format!("before {n}")).await.unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.db");
    let writing = async {
        for n in 0..60 {
            new_tenant(&fresh.store, format!("meanwhile {n}")).await.unwrap();
        }
    };
    let taking = take(&fresh.url, &file, || vec![("mark", json!({"is": "set"}))]);
    let (copied, ()) = tokio::join!(taking, writing);
    let copied = copied.unwrap();
    assert_eq!((copied.lines.len(), copied.messages), (0, 0));
    assert_eq!(copied.bytes, std::fs::metadata(&file).unwrap().len());
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap()).collect();
    assert_eq!(names.len(), 1, "one file and nothing half: {names:?}");
    only_for_its_owner(&file);
    let copy =
        SqlStore::connect(&format!("sqlite:{}", file.display()), stores::env()).await.unwrap();
    copy.migrate().await.unwrap();
    copy.ping().await.unwrap();
    assert!((20..=80).contains(&tenants(&copy).await));
    let mark = |store| async move {
        let mut system = SqlStore::system(store, Mode::Read).await.unwrap();
        system.platform_settings().get("mark").await.unwrap()
    };
    assert_eq!(mark(&copy).await, Some(json!({"is": "set"})));
    assert_eq!(mark(&fresh.store).await, None, "the database itself is not changed");
    assert_eq!(tenants(&fresh.store).await, 80);
}

#[cfg(unix)]
fn only_for_its_owner(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_copy_is_written_over_nothing_and_made_of_nothing() {
    let fresh = stores::file().await;
    fresh.store.migrate().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.db");
    std::fs::write(&file, "something else").unwrap();
    let refused = take(&fresh.url, &file, Vec::new).await;
    assert!(matches!(refused, Err(BackupError::Exists(_))), "{refused:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "something else");
    let missing = format!("sqlite:{}", folder.path().join("none.db").display());
    let refused = take(&missing, &folder.path().join("b.db"), Vec::new).await;
    assert!(matches!(refused, Err(BackupError::Missing(_))), "{refused:?}");
    let refused = take("postgres://localhost/x", &folder.path().join("b.db"), Vec::new).await;
    assert!(matches!(refused, Err(BackupError::OtherEngine)), "{refused:?}");
    let refused = take(&fresh.url, &folder.path().join("no/b.db"), Vec::new).await;
    assert!(matches!(refused, Err(BackupError::File(..))), "{refused:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half is left");
}

#[tokio::test]
async fn a_postgresql_database_knows_its_place_and_that_a_clone_is_another() {
    let fresh = stores::postgres().await;
    fresh.store.migrate().await.unwrap();
    let place = fresh.store.place().await.unwrap().expect("it tells");
    assert!(place.server.is_some(), "whoever asks may know the server's identifier");
    let again = SqlStore::connect(&fresh.url, stores::env()).await.unwrap();
    assert_eq!(again.place().await.unwrap(), Some(place.clone()), "as long as it stays");
    again.close().await;
    fresh.store.close().await;
    let (server, name) = fresh.url.rsplit_once('/').unwrap();
    let mut raw = PgConnection::connect(&format!("{server}/postgres")).await.unwrap();
    let clone = format!("create database {name}_clone template {name}");
    raw.execute(AssertSqlSafe(clone)).await.unwrap();
    let clone = SqlStore::connect(&format!("{}_clone", fresh.url), stores::env()).await.unwrap();
    let elsewhere = clone.place().await.unwrap().expect("it tells");
    assert!(!elsewhere.is(&place), "{elsewhere:?}");
    let unreadable = whatsapp_storage::Place { server: None, ..place.clone() };
    assert!(unreadable.is(&place) && place.is(&unreadable), "what is not known says nothing");
}

#[tokio::test]
async fn a_dump_that_is_restored_over_its_own_database_is_another_place() {
    let fresh = stores::postgres().await;
    fresh.store.migrate().await.unwrap();
    let place = fresh.store.place().await.unwrap().expect("it tells");
    let mut raw = PgConnection::connect(&fresh.url).await.unwrap();
    // What pg_restore --clean does.
    let anew = "create table restored (like platform_settings including all);
        drop table platform_settings; alter table restored rename to platform_settings";
    raw.execute(anew).await.unwrap();
    let elsewhere = fresh.store.place().await.unwrap().expect("it tells");
    assert!(!elsewhere.is(&place), "{elsewhere:?}");
}

#[tokio::test]
async fn a_file_has_no_place() {
    assert_eq!(stores::memory().await.store.place().await.unwrap(), None);
}
