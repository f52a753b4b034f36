//! [`ThrottleStore`] in SQL.

use async_trait::async_trait;
use whatsapp_core::Timestamp;

use super::SqlSystem;
use crate::StorageError;
use crate::repo::system::ThrottleStore;

struct Row {
    failures: i64,
    blocked_until: i64,
}

#[async_trait]
impl ThrottleStore for SqlSystem {
    async fn look(&mut self, key: &str) -> Result<Option<(i64, Timestamp)>, StorageError> {
        let query = q!(
            Row,
            lite r#"select failures as "failures!", blocked_until as "blocked_until!" from throttles
                    where throttle_key = $1"#,
            // Guesses on several nodes at the same moment look one after the other.
            pg r#"select failures as "failures!", blocked_until as "blocked_until!" from throttles
                  where throttle_key = $1 for update"#,
            key
        );
        let row = self.unit.maybe(query).await?;
        Ok(row.map(|row| (row.failures, Timestamp::from_micros(row.blocked_until))))
    }
    async fn fail(
        &mut self,
        key: &str,
        now: Timestamp,
        forget_before: Timestamp,
    ) -> Result<i64, StorageError> {
        let query = one!(
            r#"insert into throttles (throttle_key, failures, blocked_until, last_failed_at)
               values ($1, 1, 0, $2) on conflict (throttle_key) do update set last_failed_at = $2,
                failures = case when throttles.last_failed_at < $3 then 1 else throttles.failures + 1 end
               returning failures as "failures!""#,
            key,
            now.micros(),
            forget_before.micros()
        );
        self.unit.one(query).await
    }
    async fn block(&mut self, key: &str, until: Timestamp) -> Result<(), StorageError> {
        let query = x!(
            "update throttles set blocked_until = $2 where throttle_key = $1",
            key,
            until.micros()
        );
        self.unit.run(query).await.map(drop)
    }
    async fn reset(&mut self, key: &str) -> Result<(), StorageError> {
        let query = x!("delete from throttles where throttle_key = $1", key);
        self.unit.run(query).await.map(drop)
    }
}
