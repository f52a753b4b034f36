//! The second wall: PostgreSQL itself shows nothing of another tenant, even to a statement that forgets whose it
//! is. And the walls of SQLite: one process, and nothing lost.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};
use whatsapp_core::{Contact, ContactSource, Env, Id, NewContact, Tenant, Timestamp};
use whatsapp_storage::{Mode, SqlStore, StorageError, Store as _};

use crate::schema::{POSTGRES_TENANT_TABLES, SYSTEM_TABLES};
use crate::stores;

async fn tenant_with_a_contact(store: &SqlStore, env: &Env) -> Id<Tenant> {
    let tenant = Tenant {
        id: env.id(),
        name: "Tea".to_owned(),
        timezone: "UTC".to_owned(),
        state: whatsapp_core::tenant::TenantState::Active,
        created_at: Timestamp::ZERO,
    };
    let mut system = store.system(Mode::Write).await.unwrap();
    system.tenants().insert(&tenant).await.unwrap();
    let mut inside = system.enter(tenant.id).await.unwrap();
    let new = NewContact::with_phone("+5511981234567".parse().unwrap());
    let contact = Contact::new(new, ContactSource::Api, env).unwrap();
    assert!(inside.contacts().insert(&contact).await.unwrap());
    inside.commit().await.unwrap();
    system.commit().await.unwrap();
    tenant.id
}

async fn contacts_seen(connection: &mut PgConnection, tenant: &str, system: &str) -> i64 {
    let mut tx = connection.begin().await.unwrap();
    sqlx::query("select set_config('app.tenant', $1, true), set_config('app.system', $2, true)")
        .bind(tenant)
        .bind(system)
        .execute(&mut *tx)
        .await
        .unwrap();
    sqlx::query_scalar("select count(*) from contacts").fetch_one(&mut *tx).await.unwrap()
}

#[tokio::test]
async fn a_statement_without_scope_sees_nothing_and_with_one_only_its_tenant() {
    let fresh = stores::postgres().await;
    fresh.store.migrate().await.unwrap();
    let env = stores::env();
    let one = tenant_with_a_contact(&fresh.store, &env).await;
    tenant_with_a_contact(&fresh.store, &env).await;
    let mut raw = PgConnection::connect(&fresh.url).await.unwrap();
    let plain: i64 =
        sqlx::query_scalar("select count(*) from contacts").fetch_one(&mut raw).await.unwrap();
    assert_eq!(plain, 0, "a connection that never set its scope saw rows");
    assert_eq!(contacts_seen(&mut raw, "", "off").await, 0);
    assert_eq!(contacts_seen(&mut raw, &one.uuid().to_string(), "off").await, 1);
    assert_eq!(contacts_seen(&mut raw, "", "on").await, 2);
    let after: i64 =
        sqlx::query_scalar("select count(*) from contacts").fetch_one(&mut raw).await.unwrap();
    assert_eq!(after, 0, "a scope outlived its transaction");
}

#[tokio::test]
async fn a_statement_of_one_tenant_cannot_write_for_another() {
    let fresh = stores::postgres().await;
    fresh.store.migrate().await.unwrap();
    let env = stores::env();
    let one = tenant_with_a_contact(&fresh.store, &env).await;
    let two = tenant_with_a_contact(&fresh.store, &env).await;
    let mut raw = PgConnection::connect(&fresh.url).await.unwrap();
    let mut tx = raw.begin().await.unwrap();
    let scope = format!("select set_config('app.tenant', '{}', true)", one.uuid());
    (&mut *tx).execute(AssertSqlSafe(scope)).await.unwrap();
    let changed = sqlx::query("update contacts set name = 'x'").execute(&mut *tx).await.unwrap();
    assert_eq!(changed.rows_affected(), 1, "an update without where reached another tenant");
    let stolen =
        sqlx::query("update contacts set tenant_id = $1").bind(two.uuid()).execute(&mut *tx).await;
    assert!(stolen.is_err(), "a row was moved into another tenant");
}

#[tokio::test]
async fn every_tenant_table_has_the_wall_and_only_those() {
    let fresh = stores::postgres().await;
    fresh.store.migrate().await.unwrap();
    let mut raw = PgConnection::connect(&fresh.url).await.unwrap();
    let rows = sqlx::query(
        "select relname::text, relrowsecurity and relforcerowsecurity from pg_class
         where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not like '\\_sqlx%'
         order by relname",
    )
    .fetch_all(&mut raw)
    .await
    .unwrap();
    let (mut walled, mut open) = (Vec::new(), Vec::new());
    for row in rows {
        let (name, wall): (String, bool) = (row.get(0), row.get(1));
        if wall { walled.push(name) } else { open.push(name) }
    }
    assert_eq!(walled, POSTGRES_TENANT_TABLES);
    assert_eq!(open, SYSTEM_TABLES);
}

#[tokio::test]
async fn a_savepoint_that_fails_gives_the_platform_its_view_back() {
    let fresh = stores::postgres().await;
    fresh.store.migrate().await.unwrap();
    let env = stores::env();
    let one = tenant_with_a_contact(&fresh.store, &env).await;
    let mut system = fresh.store.system(Mode::Write).await.unwrap();
    drop(system.enter(one).await.unwrap());
    assert_eq!(system.job_queue().unfinished().await.unwrap(), 0);
    let job = whatsapp_core::JobSpec {
        id: env.id(),
        kind: "x".to_owned(),
        lane: whatsapp_core::Lane::Care,
        body: serde_json::Value::Null,
        run_at: Timestamp::ZERO,
        key: None,
    };
    assert!(system.job_queue().schedule(Some(one), &job).await.unwrap());
    assert_eq!(system.job_queue().unfinished().await.unwrap(), 1);
}

#[tokio::test]
async fn a_second_process_is_refused_with_a_reason() {
    let fresh = stores::file().await;
    let second = SqlStore::connect(&fresh.url, stores::env()).await;
    let error = second.expect_err("a second store opened the same file");
    assert!(matches!(&error, StorageError::Unavailable(why)
        if why.to_string().contains("another process uses this database")));
    assert!(fresh.store.exclusive());
}

#[tokio::test]
async fn what_was_committed_is_there_after_the_store_was_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("store.db").display());
    let env = stores::env();
    let store = SqlStore::connect(&url, env.clone()).await.unwrap();
    store.migrate().await.unwrap();
    let tenant = tenant_with_a_contact(&store, &env).await;
    store.close().await;
    drop(store);
    let store = SqlStore::connect(&url, env).await.unwrap();
    store.migrate().await.unwrap();
    let mut unit = store.tenant(tenant, Mode::Read).await.unwrap();
    let page = unit.contacts().page(&Default::default(), &Default::default()).await.unwrap();
    assert_eq!(page.items.len(), 1);
}

#[tokio::test]
async fn sqlite_runs_with_the_settings_that_keep_a_commit() {
    let fresh = stores::file().await;
    fresh.store.migrate().await.unwrap();
    let settings = fresh.store.settings().await.unwrap();
    let expected = [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("busy_timeout", "10000"),
        ("wal_autocheckpoint", "0"),
    ];
    for (name, value) in expected {
        let found = settings.iter().find(|(key, _)| key == name);
        assert_eq!(found.map(|(_, v)| v.as_str()), Some(value), "{name}");
    }
}

#[tokio::test]
async fn postgres_runs_with_the_settings_that_keep_a_commit() {
    let fresh = stores::postgres().await;
    let settings = fresh.store.settings().await.unwrap();
    let expected = [
        ("synchronous_commit", "on"),
        ("statement_timeout", "5s"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "15s"),
    ];
    for (name, value) in expected {
        let found = settings.iter().find(|(key, _)| key == name);
        assert_eq!(found.map(|(_, v)| v.as_str()), Some(value), "{name}");
    }
}

#[tokio::test]
async fn a_schema_of_a_newer_program_is_refused() {
    let fresh = stores::postgres().await;
    fresh.store.migrate().await.unwrap();
    let mut raw = PgConnection::connect(&fresh.url).await.unwrap();
    let newer =
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
        values (9999, 'newer', true, '\\x00', 0)";
    (&mut raw).execute(newer).await.unwrap();
    let refused = fresh.store.migrate().await;
    assert!(matches!(refused, Err(StorageError::NewerSchema)));
}
