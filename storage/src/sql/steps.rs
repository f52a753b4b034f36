//! Bringing a schema up to date: in order, one node at a time, each step in a transaction of its own. A schema that is
//! one step ahead is the next version's, which still serves this one; further ahead than that is refused.

use sqlx::migrate::{Migrate, MigrateError, Migrator};
use sqlx::{Database, Pool};

use super::fault;
use crate::StorageError;

/// Where applied steps are noted.
const TABLE: &str = "_sqlx_migrations";

/// Applies what is missing.
pub(super) async fn run<DB>(steps: Migrator, pool: &Pool<DB>) -> Result<(), StorageError>
where
    DB: Database,
    DB::Connection: Migrate,
{
    let mut connection = pool.acquire().await.map_err(fault::statement)?;
    // Taken here already: two nodes that begin together would both make the table.
    connection.lock().await.map_err(fault::migration)?;
    let done = apply(steps, &mut *connection).await;
    let unlocked = connection.unlock().await.map_err(fault::migration);
    done.and(unlocked)
}

/// Which step was applied last.
pub(super) const NEWEST: &str = "select max(version) from _sqlx_migrations";

/// Whether this program can serve a schema whose last step is this.
pub(super) fn judge(newest: Option<i64>, steps: &Migrator) -> Result<(), StorageError> {
    let served = newest.is_none_or(|newest| newest <= last(steps) + 1);
    if served { Ok(()) } else { Err(StorageError::NewerSchema) }
}

fn last(steps: &Migrator) -> i64 {
    steps.iter().map(|step| step.version).max().unwrap_or_default()
}

async fn apply<C: Migrate>(mut steps: Migrator, connection: &mut C) -> Result<(), StorageError> {
    connection.ensure_migrations_table(TABLE).await.map_err(fault::migration)?;
    let applied = connection.list_applied_migrations(TABLE).await.map_err(fault::migration)?;
    let (newest, ours) = (applied.iter().map(|step| step.version).max(), last(&steps));
    judge(newest, &steps)?;
    if newest > Some(ours) {
        tracing::warn!(newest, ours, "the schema is one step ahead: upgrade this program soon");
        steps.set_ignore_missing(true);
    }
    steps
        .run_direct(None, connection, false)
        .await
        .map_err(|error: MigrateError| fault::migration(error))
}
