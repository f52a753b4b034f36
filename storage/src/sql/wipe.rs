//! A store as it was on its first day, for tests that tell one story after another: opening a database costs more
//! than a story does. Never part of a running product.

use sqlx::AssertSqlSafe;

use super::fault;
use crate::StorageError;

/// What the migrations put into the empty tables.
const FIRST_ROWS: &str = "insert into event_head (id, position) values (1, 0)";

/// Empties every table but the migrations' own.
#[cfg(feature = "sqlite")]
pub(super) async fn sqlite(writer: &sqlx::SqlitePool) -> Result<(), StorageError> {
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await.map_err(fault::statement)?;
    let tables = "select name from sqlite_master where type = 'table' and name not like '\\_sqlx%' escape '\\'
        and (name not like 'sqlite\\_%' escape '\\' or name = 'sqlite_sequence')";
    let tables: Vec<String> =
        sqlx::query_scalar(tables).fetch_all(&mut *tx).await.map_err(fault::statement)?;
    let deletes: String = tables.iter().map(|table| format!("delete from {table};")).collect();
    // In any order: what points at nothing is looked for at the end.
    let all = format!("pragma defer_foreign_keys = on; {deletes} {FIRST_ROWS};");
    sqlx::raw_sql(AssertSqlSafe(all)).execute(&mut *tx).await.map_err(fault::statement)?;
    tx.commit().await.map_err(fault::commit)
}

/// Empties every table but the migrations' own.
#[cfg(feature = "postgres")]
pub(super) async fn postgres(pool: &sqlx::PgPool) -> Result<(), StorageError> {
    let mut tx = pool.begin().await.map_err(fault::statement)?;
    let tables = "select string_agg(relname::text, ', ') from pg_class
        where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not like '\\_sqlx%'";
    let tables: String =
        sqlx::query_scalar(tables).fetch_one(&mut *tx).await.map_err(fault::statement)?;
    // Forty files are made anew: on a machine that is busy with other tests that may take longer than a statement may.
    let patience = "set local statement_timeout = '60s'";
    let all = format!("{patience}; truncate {tables} restart identity; {FIRST_ROWS}");
    sqlx::raw_sql(AssertSqlSafe(all)).execute(&mut *tx).await.map_err(fault::statement)?;
    tx.commit().await.map_err(fault::commit)
}
