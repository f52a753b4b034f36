//! The two schemas are one: the same tables, columns, nullability and unique keys; and every key of a tenant's
//! table leads with the tenant.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, Row as _};
use whatsapp_storage::Store as _;

use crate::stores;

/// Tables with no tenant's wall, by name.
pub(crate) const SYSTEM_TABLES: [&str; 11] = [
    "event_cursors",
    "event_head",
    "journal",
    "journal_open",
    "leases",
    "platform_settings",
    "rate_counters",
    "sessions",
    "tenants",
    "throttles",
    "users",
];

/// Tables behind the wall, by name.
pub(crate) const POSTGRES_TENANT_TABLES: [&str; 23] = [
    "api_keys",
    "audit_log",
    "campaigns",
    "channels",
    "contact_groups",
    "contact_tags",
    "contact_words",
    "contacts",
    "conversations",
    "events",
    "group_members",
    "idempotency",
    "jobs",
    "media",
    "members",
    "messages",
    "past_attempts",
    "portfolio_people",
    "portfolios",
    "recipients",
    "sends",
    "snippets",
    "templates",
];

/// The unique keys of tenants' tables that do not lead with the tenant, each for a reason: the platform must find
/// the tenant by them, or they order all tenants' events.
const GLOBAL_KEYS: [(&str, &str); 4] = [
    ("api_keys", "prefix"),
    ("channels", "phone_number_id"),
    ("events", "position"),
    ("events", "serial"),
];

#[derive(Debug, Default)]
struct Table {
    /// Name and whether it may be null.
    columns: BTreeMap<String, bool>,
    /// The primary key and every unique key, as lists of columns.
    unique: BTreeSet<String>,
    /// Columns and the table they point at.
    foreign: BTreeSet<String>,
}

type Schema = BTreeMap<String, Table>;

async fn of_postgres() -> Schema {
    let fresh = stores::postgres().await;
    fresh.store.migrate().await.unwrap();
    let mut db = PgConnection::connect(&fresh.url).await.unwrap();
    let mut schema = Schema::new();
    let columns = "select table_name::text, column_name::text, is_nullable::text = 'YES'
        from information_schema.columns where table_schema = 'public' and table_name not like '\\_sqlx%'";
    for row in sqlx::query(columns).fetch_all(&mut db).await.unwrap() {
        let (table, column, null): (String, String, bool) = (row.get(0), row.get(1), row.get(2));
        schema.entry(table).or_default().columns.insert(column, null);
    }
    let keys = "select t.relname::text, (select string_agg(a.attname, ',' order by k.place)
            from unnest(i.indkey) with ordinality as k(number, place)
            join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number)
        from pg_index i join pg_class t on t.oid = i.indrelid
        where i.indisunique and t.relnamespace = 'public'::regnamespace and t.relname not like '\\_sqlx%'";
    for row in sqlx::query(keys).fetch_all(&mut db).await.unwrap() {
        let (table, key): (String, String) = (row.get(0), row.get(1));
        schema.entry(table).or_default().unique.insert(key);
    }
    let foreign = "select c.conrelid::regclass::text, c.confrelid::regclass::text,
            (select string_agg(a.attname, ',' order by k.place)
             from unnest(c.conkey) with ordinality as k(number, place)
             join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number)
        from pg_constraint c where c.contype = 'f'";
    for row in sqlx::query(foreign).fetch_all(&mut db).await.unwrap() {
        let (table, to, key): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        schema.entry(table).or_default().foreign.insert(format!("{key} -> {to}"));
    }
    schema
}

async fn of_sqlite() -> Schema {
    let fresh = stores::file().await;
    fresh.store.migrate().await.unwrap();
    let path = fresh.url.trim_start_matches("sqlite:");
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut db = options.connect().await.unwrap();
    let mut schema = Schema::new();
    let tables = "select name from sqlite_master where type = 'table'
        and name not like 'sqlite\\_%' escape '\\' and name not like '\\_sqlx%' escape '\\'";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut db).await.unwrap();
    for name in tables {
        let mut table = Table::default();
        let columns =
            format!("select name, \"notnull\", pk from pragma_table_info('{name}') order by pk");
        let mut primary = Vec::new();
        for row in sqlx::query(AssertSqlSafe(columns)).fetch_all(&mut db).await.unwrap() {
            let (column, not_null, place): (String, bool, i64) =
                (row.get(0), row.get(1), row.get(2));
            if place > 0 {
                primary.push(column.clone());
            }
            table.columns.insert(column, !not_null);
        }
        table.unique.insert(primary.join(","));
        let keys = format!("select name from pragma_index_list('{name}') where \"unique\" = 1");
        let keys: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(keys)).fetch_all(&mut db).await.unwrap();
        for key in keys {
            let columns = format!(
                "select group_concat(name, ',') from (select name from pragma_index_info('{key}') order by seqno)"
            );
            let columns: String =
                sqlx::query_scalar(AssertSqlSafe(columns)).fetch_one(&mut db).await.unwrap();
            table.unique.insert(columns);
        }
        let foreign = format!(
            "select \"table\", group_concat(\"from\", ',') from
                (select * from pragma_foreign_key_list('{name}') order by id, seq) group by id"
        );
        for row in sqlx::query(AssertSqlSafe(foreign)).fetch_all(&mut db).await.unwrap() {
            let (to, key): (String, String) = (row.get(0), row.get(1));
            table.foreign.insert(format!("{key} -> {to}"));
        }
        schema.insert(name, table);
    }
    schema
}

#[tokio::test]
async fn both_engines_have_the_same_tables_columns_and_keys() {
    let (lite, mut pg) = (of_sqlite().await, of_postgres().await);
    // SQLite's events have their positions from the insertion: they are the serials.
    let positions = pg.get_mut("events").unwrap();
    assert!(positions.unique.remove("position"), "two events have one position");
    let names = |schema: &Schema| schema.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&lite), names(&pg));
    // In which order a key has its columns is each engine's own: their planners differ.
    let sets = |table: &Table| -> BTreeSet<BTreeSet<String>> {
        table.unique.iter().map(|key| key.split(',').map(str::to_owned).collect()).collect()
    };
    for (name, table) in &lite {
        let other = &pg[name];
        assert_eq!(table.columns, other.columns, "{name}");
        assert_eq!(table.foreign, other.foreign, "{name}");
        assert_eq!(sets(table), sets(other), "{name}");
    }
    let known = SYSTEM_TABLES.len() + POSTGRES_TENANT_TABLES.len();
    assert_eq!(lite.len(), known, "a table is in neither list");
}

#[tokio::test]
async fn every_key_of_a_tenants_table_leads_with_the_tenant() {
    let (lite, pg) = (of_sqlite().await, of_postgres().await);
    for (schema, name) in [lite, pg].iter().flat_map(|s| POSTGRES_TENANT_TABLES.map(|n| (s, n))) {
        let table = &schema[name];
        assert_eq!(table.columns.get("tenant_id"), Some(&false), "{name} has a tenant");
        for key in &table.unique {
            let global = GLOBAL_KEYS.contains(&(name, key.as_str()));
            assert!(global || key.starts_with("tenant_id"), "{name}: unique ({key})");
        }
        for key in &table.foreign {
            // People are the platform's: a membership points at one of them.
            let person = name == "members" && key.starts_with("user_id");
            assert!(person || key.starts_with("tenant_id"), "{name}: foreign key {key}");
        }
    }
}
