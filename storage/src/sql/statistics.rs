//! What PostgreSQL's planner knows of tables that grow faster than its own housekeeping comes by, which is once a
//! minute: a campaign's list is a hundred thousand lines in seconds. A table that outgrew what is known of it is looked
//! at again, whereupon every connection plans anew what it does with it. Never waits for a lock, nor makes a unit of
//! work wait.

use std::sync::atomic::{AtomicI64, Ordering};

use sqlx::{AssertSqlSafe, PgPool};
use whatsapp_core::{Span, Timestamp};

/// While something is written, tables are looked at so often.
const OFTEN: Span = Span::seconds(1);

/// Tables of ours that have more than four times the pages that are known of. Not the small ones, and not those of a
/// gigabyte and more, which did not grow in a minute.
const OUTGROWN: &str = "select quote_ident(c.relname) from pg_class c
    where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
        and pg_has_role(c.relowner, 'usage')
        and pg_relation_size(c.oid) / current_setting('block_size')::bigint
            between 17 + 4 * c.relpages::bigint and 131072";

/// When they were looked at last.
#[derive(Debug, Default)]
pub(super) struct Statistics(AtomicI64);

impl Statistics {
    /// Whether it is time to look; then it is not for the next who asks.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        let due = |at: i64| {
            // A clock that was set back does not keep it waiting.
            let waited = now - Timestamp::from_micros(at);
            (waited >= OFTEN || waited < Span::ZERO).then(|| now.micros())
        };
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, due).is_ok()
    }
}

/// Looks at all tables. What goes wrong is told and no more: the database's own housekeeping comes by later.
pub(super) async fn refresh(pool: PgPool) {
    if let Err(error) = renew(&pool).await {
        tracing::debug!(%error, "the planner's statistics could not be renewed");
    }
}

async fn renew(pool: &PgPool) -> sqlx::Result<()> {
    let outgrown: Vec<String> = sqlx::query_scalar(OUTGROWN).fetch_all(pool).await?;
    for table in outgrown {
        // One after the other, each in a transaction of its own, so that no lock is held for longer than it needs.
        // A few thousand rows say enough for now. A lock that somebody else has is no news.
        let analyze = format!(
            "set local default_statistics_target = 10; set local client_min_messages = error;
             analyze (skip_locked) {table}"
        );
        sqlx::raw_sql(AssertSqlSafe(analyze)).execute(pool).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_looked_at_once_in_a_while_whatever_the_clock_does() {
        let statistics = Statistics::default();
        let at = |seconds| Timestamp::from_seconds(seconds);
        let asked = [(100, true), (100, false), (101, true), (50, true), (50, false), (51, true)];
        for (seconds, due) in asked {
            assert_eq!(statistics.is_due(at(seconds)), due, "at {seconds}");
        }
    }
}
