//! A fresh store of each kind.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;
use whatsapp_core::env::{ManualClock, SeededEntropy};
use whatsapp_core::{Env, Timestamp};
use whatsapp_storage::SqlStore;

/// A store, and what must live as long.
pub(crate) struct Fresh {
    pub(crate) store: SqlStore,
    pub(crate) url: String,
    _folder: Option<TempDir>,
}

pub(crate) fn env() -> Env {
    let clock = ManualClock::at(Timestamp::from_seconds(1_700_000_000));
    Env::new(Arc::new(clock), Arc::new(SeededEntropy::new(7)))
}

async fn open(url: String, folder: Option<TempDir>) -> Fresh {
    let store = SqlStore::connect(&url, env()).await.expect("the store opens");
    Fresh { store, url, _folder: folder }
}

pub(crate) async fn file() -> Fresh {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("data/store.db").display());
    open(url, Some(folder)).await
}

pub(crate) async fn memory() -> Fresh {
    open("sqlite::memory:".to_owned(), None).await
}

pub(crate) async fn postgres() -> Fresh {
    open(new_database().await, None).await
}

/// An empty database of its own for each test.
pub(crate) async fn new_database() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let server = std::env::var("TEST_POSTGRES_URL")
        .expect("run cargo xtask test: it starts the PostgreSQL these tests need");
    let name = format!("t_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&server).await.expect("PostgreSQL answers");
    let superuser: bool = sqlx::query_scalar("select usesuper from pg_user where usename = user")
        .fetch_one(&mut connection)
        .await
        .expect("the role is known");
    assert!(!superuser, "row-level security does not bind a superuser: use another role");
    for statement in [format!("drop database if exists {name}"), format!("create database {name}")]
    {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.expect("a database");
    }
    let (base, _) = server.rsplit_once('/').expect("the address names a database");
    format!("{base}/{name}")
}
